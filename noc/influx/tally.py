"""Counts and sums of one field of one subject over a stretch of time, as the store has them and as the server has them."""

from collections.abc import Iterator, Sequence
from math import nan
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.influx.contract import Refused, Server
from noc.influx.fields import UNKNOWN_TAGS, field, tag_keys
from noc.influx.influxql import identifier, within
from noc.influx.lines import MOST_STEPS, of_scope, read_name

TOLERANCE: Final = 1e-9  # of the sum of magnitudes: servers add floats up one by one, and round at each
_FIELDS_AT_ONCE: Final = 24  # of a question, which has to fit an address


class Tally(NamedTuple):
    """`total` is in the field's own unit, an exact int of integers; `weight` is the sum of magnitudes."""

    n: int
    total: int | float
    weight: float = 0.0

    def agrees(self, there: "Tally") -> bool:
        if self.n != there.n:
            return False
        if isinstance(self.total, int):
            return self.total == there.total
        return abs(self.total - there.total) <= TOLERANCE * max(self.weight, abs(self.total))


NOTHING: Final = Tally(0, 0)
Tallies = dict[tuple[str, str], Tally]  # (row, field) -> tally


class Stretch(NamedTuple):
    """[start, end), UTC seconds, of one measurement of one scope."""

    measurement: str
    scope: str
    start: int
    end: int


def tallied(row: str, names: Sequence[str], values: NDArray[np.float64]) -> Iterator[tuple[tuple[str, str], Tally]]:
    """Of what the server was to be sent of `values` (fields x instants): the unknown is not written."""
    for name, line in zip(names, values, strict=True):
        known = line[~np.isnan(line)]
        if len(known):
            yield (row, name), _tally(name, known)


def _tally(name: str, known: NDArray[np.float64]) -> Tally:
    kind = field(name)
    with np.errstate(over="ignore"):
        steps = np.clip(np.rint(known * kind.per_unit), -MOST_STEPS, MOST_STEPS)
    if kind.type == "integer":
        return Tally(len(known), int(steps.astype(np.int64).sum()) * kind.factor)
    unit = 1 / kind.per_unit if kind.per_unit != 1 else float(kind.factor)
    return Tally(len(known), float(steps.sum()) * unit, float(np.abs(steps).sum()) * unit)


def on_server(server: Server, stretch: Stretch, names: Sequence[str], untagged: str) -> Tallies:
    """What the server has of these fields; `untagged` is the row that has no tag.

    Of a field that has another type there, and cannot be added up, the sum is NaN.
    """
    found: Tallies = {}
    for first in range(0, len(names), _FIELDS_AT_ONCE):
        some = names[first : first + _FIELDS_AT_ONCE]
        try:
            found |= _asked(server, stretch, some, untagged)
        except Refused:
            for name in some:
                found |= _alone(server, stretch, name, untagged)
    return found


def _alone(server: Server, stretch: Stretch, name: str, untagged: str) -> Tallies:
    try:
        return _asked(server, stretch, (name,), untagged)
    except Refused:
        return _asked(server, stretch, (name,), untagged, sums=False)


def _asked(server: Server, stretch: Stretch, some: Sequence[str], untagged: str, *, sums: bool = True) -> Tallies:
    where = f"{within(stretch.start, stretch.end)}{of_scope(stretch.measurement, stretch.scope)}"
    source = f"FROM {identifier(stretch.measurement)} WHERE {where}"
    row_key = tag_keys(stretch.measurement)[1] or UNKNOWN_TAGS[1]
    figures = ("count", "sum") if sums else ("count",)
    asked = ", ".join(
        f'{figure}({identifier(name)}) AS "{figure}{place}"' for place, name in enumerate(some) for figure in figures
    )
    found: Tallies = {}
    for series in server.query(f"SELECT {asked} {source} GROUP BY {identifier(row_key)}"):
        row = read_name(series.tags.get(row_key, "")) or untagged
        for values in series.values:
            said = dict(zip(series.columns, values, strict=False))
            for place, name in enumerate(some):
                count, total = said.get(f"count{place}"), said.get(f"sum{place}") if sums else nan
                if isinstance(count, int) and count and isinstance(total, int | float):
                    found[row, name] = Tally(count, total)
    return found


class Difference(NamedTuple):
    """A field of a subject whose figures are not the same on both sides."""

    stretch: Stretch
    row: str
    field: str
    here: Tally
    there: Tally


def differences(stretch: Stretch, here: Tallies, there: Tallies) -> Iterator[Difference]:
    for key in sorted(here.keys() | there.keys()):
        mine, theirs = here.get(key, NOTHING), there.get(key, NOTHING)
        if not mine.agrees(theirs):
            yield Difference(stretch, *key, mine, theirs)
