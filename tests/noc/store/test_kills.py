"""kill -9 in every step of the store's life, again and again on one file: nothing acknowledged is lost, it always opens."""

import random
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from inventory.calendar import DAY_S, EAT_S
from noc.store.file import DAILY, FIVE_MINUTES, MONTHLY
from noc.store.reader import MetricReader
from noc.store.retention import Lifetimes
from noc.store.writer import MetricStore
from tests.noc.store.layers import Key, chunks
from tests.noc.store.polls import QUANTITIES, ROOT, START
from tests.patience import HANGS_S

BEGIN = START + 27 * DAY_S  # of a month's last days, so that it is closed on the way
EVERY_S = 600
SCOPES = ("a", "b")
LIVES = Lifetimes(raw_days=2, five_minute_days=4000, hourly_days=4000)

# who dies: the transactions of a step, by the function that asks for them, and whether days go into packs
STEPS = {
    "flush": ("", False),
    "seal hours": ("Sealer._put", False),
    "clear hours": ("Sealer._clear", False),
    "merge days and months": ("Sealer._put", False),
    "retention": ("Retention._", False),
    "into packs": ("Sealer._put", True),
    "move into packs": ("Retention._move", True),
    "retention of packs": ("Retention._drop", True),
}
LIFE = """
import os, random, signal, sys, threading
from noc.store.writer import MetricStore
from tests.noc.store.polls import batch
from tests.noc.store.test_kills import BEGIN, EVERY_S, LIVES, SCOPES

path, polled, who, nth, place, split = sys.argv[1], int(sys.argv[2]), *sys.argv[3:7]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Mortal(MetricStore):
    met = 0
    def _transaction(self, act):
        self.met += bool(who) and who in act.__qualname__
        now = self.met == int(nth) and who in act.__qualname__ and bool(who)
        if now and place == "before":
            die()
        result = super()._transaction(lambda db: (act(db), now and place == "inside" and die())[0])
        if now:
            print("died in it", flush=True)
            die()
        return result

with Mortal(path, lifetimes=LIVES) as store:
    store.split(split == "True")
    if not who:
        threading.Timer(0.02 * int(nth), die).start()
    for hours in range(12 if who else 10**6):
        store.append(batch(BEGIN + EVERY_S * k, scope=s) for k in range(polled + 1, polled + 25) for s in SCOPES)
        store.commit()
        polled += 24
        print(polled, flush=True)
        if hours % 6 == 5:
            store.seal(BEGIN + EVERY_S * polled + 120)
    die()
"""


class Death(NamedTuple):
    who: str
    nth: int
    place: str
    split: bool


def drawn(step: str, chance: random.Random) -> Death:
    who, split = STEPS[step]
    nth = chance.randint(1, 3) if step != "merge days and months" else chance.randint(3, 6)
    return Death(who, nth, chance.choice(["before", "inside", "after"]), split)


def lived(path: Path, polled: int, death: Death) -> int:
    """One life; up to which poll it acknowledged."""
    ended = subprocess.run(
        [sys.executable, "-c", LIFE, str(path), str(polled), *map(str, death)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=HANGS_S,
        check=False,
    )
    assert ended.returncode == -9, ended.stderr
    told = [int(line) for line in ended.stdout.splitlines() if line.isdigit()]
    return told[-1] if told else polled


def kept(path: Path, acknowledged: int) -> int:
    """Every poll is there at full resolution, or, once its time is over, in the rollups of its day; returns the last."""
    rolls = _polls_a_day(chunks(path, FIVE_MINUTES))
    last = set()
    for scope in SCOPES:
        with MetricReader(path) as reader:
            found = reader.read("interface", scope, "lo0", QUANTITIES, start=0, end=1 << 32).at.tolist()
        numbers = [(at - BEGIN) // EVERY_S for at in found]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert numbers[-1] >= acknowledged
        assert numbers[0] == 1 or found[0] % DAY_S == 0, "days go whole"
        assert found[0] <= max(BEGIN + EVERY_S, BEGIN + EVERY_S * acknowledged - 2 * DAY_S)
        for day in range(BEGIN, found[0] - DAY_S, DAY_S):
            assert rolls[scope, day] == 144
        last.add(numbers[-1])
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert len(last) == 1
    return last.pop()


def _polls_a_day(found: dict[Key, object]) -> Counter[tuple[str, int]]:
    counted: Counter[tuple[str, int]] = Counter()
    for (_, scope, *_, start), layer in found.items():
        counted[scope, start] += int(layer.steps[len(QUANTITIES), 0].sum())  # type: ignore[attr-defined]
    return counted


def months_agree(path: Path, polled: int) -> None:
    """Closed local days and months count every poll once."""
    days = chunks(path, DAILY)
    counted: Counter[str] = Counter()
    for (_, scope, *_), daily in days.items():
        counts = daily.steps[len(QUANTITIES), 0].tolist()
        counted[scope] += sum(counts)
        assert len([n for n in counts if n != 144]) <= 2, "the first day and the last"
    assert counted == dict.fromkeys(SCOPES, polled)
    for (_, *place), month in chunks(path, MONTHLY).items():
        assert month.steps[len(QUANTITIES), 0].sum() == days[DAILY, *place].steps[len(QUANTITIES), 0].sum()


A_ROUND = 6  # kills in each step, of one file


def killed_again_and_again(path: Path, steps: list[str], chance: random.Random) -> None:
    polled = 0
    for step in steps:
        acknowledged = lived(path, polled, drawn(step, chance))
        polled = kept(path, acknowledged)
    with MetricStore(path, lifetimes=LIVES) as store:
        store.seal(BEGIN + EVERY_S * polled + 32 * DAY_S)
    months_agree(path, polled)
    assert chunks(path, MONTHLY)
    assert BEGIN - EAT_S in {at for layer in chunks(path, DAILY).values() for at in layer.at}


def test_given_a_kill_in_each_step_then_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path / "metrics.db", list(STEPS), random.Random(11))


@pytest.mark.soak
def test_given_many_kills_in_each_step_then_nothing_acknowledged_is_lost(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("kills")
    if kills < A_ROUND * len(STEPS):
        pytest.skip("once a step is done above; --kills=100 kills about a hundred times in all")
    chance = random.Random(5)
    for number in range(kills // (A_ROUND * len(STEPS))):
        steps = [step for step in STEPS for _ in range(A_ROUND)]
        chance.shuffle(steps)
        killed_again_and_again(tmp_path / f"{number}.db", steps, chance)
