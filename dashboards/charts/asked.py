"""What an address asks of a chart: from when until when and how finely; said so where it cannot be had or means nothing."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dashboards.charts.steps import BY_WORD, LAYERS, POINTS, Layer, layer_of
from inventory.calendar import DAY_S, EAT_S
from inventory.sentence import Sentence

RANGES: Final[Mapping[str, int]] = {
    "1h": 3600,
    "6h": 6 * 3600,
    "24h": DAY_S,
    "7d": 7 * DAY_S,
    "30d": 30 * DAY_S,
    "1y": 365 * DAY_S,
    "10y": 3653 * DAY_S,
}
DEFAULT: Final = "24h"
MOST_S: Final = 11 * 366 * DAY_S
LEAST_S: Final = 60
TICK_S: Final = 10  # "now" of a range moves by so much, so that those who ask at the same time ask for the same
ZONE: Final = "Africa/Dar_es_Salaam"
_ALONE: Final = re.compile(r"\d{1,12}", re.ASCII)
_LOCAL: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Asked:
    """[start, end) in UTC seconds. `range`: the word of a range that ends now, "" of one between two instants.

    `live`: the range ends now, so what comes goes on at its end. `notes`: what was put right, for people.
    """

    start: int
    end: int
    layer: Layer
    range: str = ""
    live: bool = False
    points: int = POINTS
    notes: tuple[str, ...] = ()

    @property
    def span_s(self) -> int:
        return self.end - self.start

    @property
    def query(self) -> str:
        """As it stands in addresses; of two instants it is stable."""
        if self.range:
            return f"range={self.range}"
        return f"from={local(self.start)}" + ("" if self.live else f"&to={local(self.end)}")


class AskedWrong(Exception):
    """`problems`: parameter -> what is wrong with it, all of them."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {said}" for name, said in problems.items()))
        self.problems = problems


def asked(given: Mapping[str, str], now: float) -> Asked:
    """`given`: from, to, range, step, points as they stand in an address; raises AskedWrong with all mistakes."""
    problems: dict[str, str] = {}
    notes: list[str] = []
    begins, ends = (_instant(given.get(name, ""), name, problems) for name in ("from", "to"))
    word = _range(given.get("range", ""), problems)
    points = _points(given.get("points", ""), problems)
    layer = _layer(given.get("step", ""), problems)
    if begins is not None and begins > now:
        problems["from"] = Sentence("not-yet", "{at} is still to come", at=local(begins))
    if ends is not None and ends > now + LEAST_S:
        notes.append(Sentence("not-yet", "up to now: {at} is still to come", at=local(ends)))
        ends = int(now)
    if problems:
        raise AskedWrong(problems)
    fixed = begins is not None or ends is not None
    end = int(now) // TICK_S * TICK_S if ends is None else ends
    start = end - RANGES[word or DEFAULT] if begins is None else begins
    _check(start, end, problems, given)
    if problems:
        raise AskedWrong(problems)
    chosen, note = _possible(layer, end - start, points)
    return Asked(start, end, chosen, "" if fixed else word or DEFAULT, ends is None, points, (*notes, *note))


def local(at: float) -> str:
    """As addresses and forms have it: 2026-11-01T00:00, the time of Dar es Salaam; with seconds where there are some."""
    there = datetime.fromtimestamp(math.floor(at) + EAT_S, UTC)
    return there.strftime(_LOCAL if there.second == 0 else "%Y-%m-%dT%H:%M:%S")


def _check(start: int, end: int, problems: dict[str, str], given: Mapping[str, str]) -> None:
    name = "from" if given.get("from") else "to"
    if end - start < 0:
        problems[name] = Sentence("ends-first", "{start} is after {end}", start=local(start), end=local(end))
    elif end - start < LEAST_S:
        problems[name] = Sentence("range-short", "a range of a minute at least, please")
    elif end - start > MOST_S:
        problems[name] = Sentence(
            "range-long", "a range of eleven years at most, please: longer than that nothing is kept"
        )


def _instant(text: str, name: str, problems: dict[str, str]) -> int | None:
    """Local time, or with an offset of its own, or UTC seconds; None where nothing is given."""
    if not text:
        return None
    if _ALONE.fullmatch(text):
        return int(text)
    try:
        # a plus sign of an address that was not written %2B arrives as a blank
        found = datetime.fromisoformat(text.replace(" ", "+") if re.search(r" \d\d:?\d\d$", text[16:]) else text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC) - timedelta(seconds=EAT_S)
        return int(found.timestamp())
    except (ValueError, OverflowError):
        problems[name] = Sentence(
            "no-time", "{given!r} is no time: write 2026-11-01T00:00, as it is in Dar es Salaam", given=text[:40]
        )
        return None


def _range(text: str, problems: dict[str, str]) -> str:
    if text and text not in RANGES:
        problems["range"] = Sentence(
            "range-unknown", "{given!r} is no range: {known}", given=text[:40], known=", ".join(RANGES)
        )
        return ""
    return text


def _points(text: str, problems: dict[str, str]) -> int:
    if not text:
        return POINTS
    if not _ALONE.fullmatch(text) or not 2 <= int(text) <= POINTS:
        problems["points"] = Sentence(
            "points-wrong", "{given!r}: from 2 to {most} points", given=text[:40], most=POINTS
        )
        return POINTS
    return int(text)


def _layer(text: str, problems: dict[str, str]) -> Layer | None:
    known = {**BY_WORD, **{str(layer.step_s): layer for layer in LAYERS if layer.step_s}}
    if text and text not in known:
        problems["step"] = Sentence(
            "step-unknown", "{given!r} is no step: {known}", given=text[:40], known=", ".join(BY_WORD)
        )
    return known.get(text)


def _possible(layer: Layer | None, span_s: int, points: int) -> tuple[Layer, tuple[str, ...]]:
    """The step asked for, or the next coarser that such a range can be drawn with."""
    own = layer_of(span_s)
    if layer is None or layer == own:
        return own, ()
    if LAYERS.index(layer) > LAYERS.index(own) or span_s <= max(layer.step_s, 30) * points:
        return layer, ()
    return own, (Sentence("step-fine", "too long a range for that step: drawn by {step}", step=own.word),)
