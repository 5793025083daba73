"""What `noc scenario run` does with a scenario: play it once or many times, tell the story, write it down, score it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from noc.scenario.file import Play, read_play
from noc.scenario.scoring import play_scored

Say = Callable[[str], None]
_TOLD = ("event", "daemon", "kill", "message", "refused")  # of the log's lines those that make the story
_WIDTH = 80
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of `noc scenario run`."""

    seed: int | None = None
    seeds: int = 1
    jobs: int = 1
    loss: float = 0.0
    out: Path | None = None
    log: Path | None = None
    real: bool = False


def play_and_tell(play: Play, asked: Asked, say: Say) -> int:
    """The exit status: 0 when nothing was wrong, 1 otherwise."""
    if asked.seeds > 1:
        return _many(play, asked, say)
    if asked.real:
        from noc.scenario.real import play_real

        found, lines = play_real(play, seed=asked.seed)
    else:
        found, _, lines = play_scored(play, seed=asked.seed, loss=asked.loss)
    write(found, lines, asked)
    for line in (*story(found, lines), "", *verdict(found["score"])):
        say(line)
    return 0 if found["score"]["clean"] else 1


def write(found: Mapping[str, Any], lines: Sequence[str], asked: Asked) -> None:
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if asked.log:
        asked.log.write_text("\n".join(lines) + "\n", encoding="utf-8")


def story(found: Mapping[str, Any], lines: Iterable[str]) -> Iterator[str]:
    """What was done, and what was said about it, in order; times in seconds since the start."""
    yield f"{found['scenario']}: {found['title']} (seed {found['seed']})"
    told = [line for line in lines if line[12:24].strip() in _TOLD and " by mail: " not in line]
    for line in told[:_MOST_LINES]:
        yield from wrap(line.replace("event        ", ""), _WIDTH, subsequent_indent=" " * 12) or [line]
    if len(told) > _MOST_LINES:
        yield f"{'':12}... and {len(told) - _MOST_LINES} lines more: --log FILE has them all"


def verdict(score: Mapping[str, Any]) -> Iterator[str]:
    """How every fault was told, then everything that was wrong."""
    yield f"{'fault':<12}{'severity':<10}{'root named':<28}{'shown':>8}{'page':>8}  to"
    for one in score["told"]:
        shown, paged = (_seconds(one[name]) for name in ("opened_after_s", "paged_after_s"))
        root = str(one["root"] or "-")[:27]
        yield f"{one['kind']:<12}{one['severity']:<10}{root:<28}{shown:>8}{paged:>8}  {', '.join(one['contacts'])}"
    yield ""
    pages, mails = (sum(score[name].values()) for name in ("pages", "mails"))
    yield f"{score['incidents']} incidents, {pages} pages, {mails} mails; {_wrong(score)}"
    for finding in score["findings"]:
        yield f"  {finding['error']}: {finding['text']}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _wrong(score: Mapping[str, Any]) -> str:
    names = {"false_pages": "false pages", "missed": "missed", "wrong_root": "wrong roots"}
    others = len(score["findings"]) - sum(score[name] for name in names)
    counts = [f"{score[name]} {word}" for name, word in names.items()]
    return ", ".join([*counts, f"{others} other findings"]) if score["findings"] else "nothing wrong"


def _one(asked: tuple[str, int, float]) -> tuple[int, Mapping[str, Any]]:
    """In a process of its own."""
    import logging

    logging.disable(logging.CRITICAL)
    path, seed, loss = asked
    found, _, _ = play_scored(read_play(Path(path)), seed=seed, loss=loss)
    return seed, found["score"]


def _many(play: Play, asked: Asked, say: Say) -> int:
    """Seed after seed; the sum of what was wrong."""
    first = play.seed if asked.seed is None else asked.seed
    wanted = [(play.path, seed, asked.loss) for seed in range(first, first + asked.seeds)]
    sums: Counter[str] = Counter()
    rows = []
    for seed, score in _each(wanted, asked.jobs):
        rows.append({"seed": seed, **score})
        sums.update({name: score[name] for name in _SUMMED})
        sums["findings"] += len(score["findings"])
        say(f"seed {seed:<6} {_wrong(score)}")
        for finding in score["findings"]:
            say(f"  {finding['error']}: {finding['text']}")
    total = {"scenario": play.name, "loss": asked.loss, "seeds": rows, **{name: sums[name] for name in _SUMMED}}
    if asked.out:
        asked.out.write_text(json.dumps(total, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    words = ", ".join(f"{sums[name]} {name.replace('_', ' ')}" for name in _SUMMED)
    say(f"{len(rows)} seeds: {words}; {sums['findings']} findings in all")
    return 1 if sums["findings"] else 0


_SUMMED = ("faults", "incidents", "false_pages", "missed", "wrong_root")


def _each(wanted: Sequence[tuple[str, int, float]], jobs: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if jobs == 1:
        yield from map(_one, wanted)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_one, wanted)
