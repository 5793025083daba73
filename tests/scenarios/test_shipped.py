"""Every shipped scenario, played through the whole NOC: nobody woken for nothing, nothing missed, every root right."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from _pytest.mark import ParameterSet

from noc.scenario.file import Play, read_play
from noc.scenario.scoring import play_scored

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "noc" / "scenario" / "scenarios").glob("*.toml"))
HEAVY = {  # hours, or everybody: one seed; the others three
    *("busy-hour", "nine-days", "oscillation", "gateway-down-an-hour", "acknowledged", "stale-data"),
    *("exchange-flat-top", "nobody-takes-it", "flapping-access", "flapping-ring", "red-sea-north"),
    *("full-exchange-in-a-cut", "point-falls-silent", "one-circuit-of-three"),
}
SWEPT = {"busy-hour"}  # as long to play as thirty others: with the other seeds
MOST_LOSS = 0.05
SEEDS = 3


def runs() -> Iterator[ParameterSet]:
    """One seed of every scenario (but of those swept) wherever tests run; the others where there is time (`make sweep`)."""
    for path in SHIPPED:
        seeds = 1 if path.stem in HEAVY else SEEDS
        for seed in range(seeds):
            now = path.stem not in SWEPT and seed == crc32(path.stem.encode()) % seeds
            marks = () if now else (pytest.mark.sweep,)
            yield pytest.param(path.stem, seed, marks=marks)


@cache
def play_of(name: str) -> Play:
    return read_play(next(path for path in SHIPPED if path.stem == name))


def loss_of(name: str, seed: int) -> float:
    """The file's own seed plays without loss; of the others two in three lose up to 5 % each way."""
    draw = crc32(f"{name} {seed}".encode())
    return 0.0 if seed == 0 or draw % 3 == 0 else MOST_LOSS * (draw % 1000) / 1000


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_given_a_shipped_scenario_then_it_says_what_it_is_and_what_must_come_out(path: Path) -> None:
    assert path.read_text().startswith("# ")
    assert play_of(path.stem).title


@pytest.mark.parametrize(("name", "seed"), list(runs()))
def test_given_a_shipped_scenario_then_nothing_is_false_missed_or_misnamed(name: str, seed: int) -> None:
    play = play_of(name)
    _, found, lines = play_scored(play, seed=play.seed + 1000 * seed, loss=loss_of(name, seed))
    wrong = [
        f"{one.error}: {one.fault} {one.text}"
        for one in found.findings
        if one.error in ("false page", "missed", "late", "wrong root", "unexpected")
    ]
    assert not wrong, "\n".join([*wrong, *(line for line in lines if " message " in line)])


def test_given_the_same_seed_then_the_log_is_the_same_octet_for_octet() -> None:
    play = play_of("two-ways-to-a-site")
    first, second = (play_scored(play, seed=5, loss=0.03)[2] for _ in range(2))
    assert first == second
