"""Line protocol straight from batches and rollups: whole matrices are written at once into cached templates of their rows.

Names are escaped as the line protocol has it; what it cannot carry in a tag (line breaks, other control characters, the
backslash, whose meaning differs between versions) is written as %0A and the like, and read back by `read_name`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from noc.influx.fields import LAYERS, UP_S, Field, fields_of, rollup_names, scope_tag, tags_of
from noc.influx.influxql import tagged

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

MOST_STEPS: Final = float(1 << 50)  # as in the store: larger values are kept and sent as this many steps
_MOST_TAILS: Final = 4096  # patterns of what is known and usual in a row, remembered
_MOST_USUAL: Final = 16  # sets of usual numbers they are remembered for
_TOGETHER: Final = 400  # lines filled in at once: fewer cost calls, more no longer lie in the cache
_SAMPLED: Final = 64  # lines that are looked at for what is usual
_OFTEN: Final = 0.8  # of them; with less the templates would change from one time to the next
# of a field in a line; never 0, which an array of bytes takes for its end
_UNKNOWN, _OTHER, _USUAL = 1, 2, 3

_UNCARRIED = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]|%(?=[0-9A-F]{2})")
_WRITTEN = re.compile(r"(?:%[0-9A-F]{2})+")
_SPECIAL = re.compile(r"([,= ])")
_IN_MEASUREMENT = re.compile(r"([, ])")


class Subject(NamedTuple):
    """Whose values: as in the store."""

    measurement: str
    scope: str
    row: str


def tag_value(name: str) -> str:
    """What the server shows of a name: itself, but for what no line can carry."""
    return _UNCARRIED.sub(_percent, name)


def read_name(shown: str) -> str:
    """The inverse of `tag_value`."""
    return _WRITTEN.sub(_unpercent, shown)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "surrogatepass"))


def _unpercent(found: re.Match[str]) -> str:
    octets = bytes.fromhex(found[0].replace("%", ""))
    try:
        return octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return found[0]  # not written by us


def escaped(name: str) -> str:
    """A tag's key or value, or a field's key, as it stands in a line."""
    return _SPECIAL.sub(r"\\\1", tag_value(name))


def prefix(measurement: str, scope: str, row: str) -> str:
    """What a line begins with: measurement and tags; those without a value are absent."""
    name = _IN_MEASUREMENT.sub(r"\\\1", tag_value(measurement))
    if name.startswith("#"):  # would be a comment
        name = "%23" + name[1:]
    return name + "".join(f",{key}={escaped(value)}" for key, value in tags_of(measurement, scope, row))


def of_scope(measurement: str, scope: str) -> str:
    """The same as a condition of InfluxQL, behind others; "" where there is no such tag."""
    key, value = scope_tag(measurement, scope)
    return f" AND {tagged(key, tag_value(value))}" if value else ""


class _Tails(dict[bytes, str]):
    """What a line says of its fields, by the state of each: those that are OTHER are left to be filled in."""

    def __init__(self, keys: Sequence[str], fields: Sequence[Field], usual: Sequence[int]) -> None:
        super().__init__()
        self._said = [
            (f"{key}=%d{one.suffix}", f"{key}={number}{one.suffix}")
            for key, one, number in zip(keys, fields, usual, strict=True)
        ]

    def __missing__(self, states: bytes) -> str:
        if len(self) >= _MOST_TAILS:
            self.clear()
        known = (pair[state - _OTHER] for pair, state in zip(self._said, states, strict=True) if state != _UNKNOWN)
        tail = self[states] = " " + ",".join(known)
        return tail


@dataclass(slots=True)
class _Shape:
    """How rows of certain fields are written."""

    fields: tuple[Field, ...]
    keys: tuple[str, ...]  # of fields, as they stand in a template
    per_unit: Floats  # a column, as factor
    factor: Instants | None  # None: all are 1
    tails: dict[tuple[int, ...], _Tails] = field(default_factory=dict)  # by the usual numbers

    @classmethod
    def of(cls, names: Sequence[str]) -> "_Shape":
        fields = fields_of(names)
        per_unit = np.array([one.per_unit for one in fields], np.float64).reshape(-1, 1)
        factor = np.array([one.factor for one in fields], np.int64).reshape(-1, 1)
        keys = tuple(escaped(one.name).replace("%", "%%") for one in fields)
        return cls(fields, keys, per_unit, factor if (factor != 1).any() else None)

    def tails_of(self, usual: tuple[int, ...]) -> _Tails:
        """`usual`: a number for each field."""
        tails = self.tails.get(usual)
        if tails is None:
            if len(self.tails) >= _MOST_USUAL:
                self.tails.clear()
            tails = self.tails[usual] = _Tails(self.keys, self.fields, usual)
        return tails

    def numbers(self, values: Floats, at: Instants, unknown: NDArray[np.bool_]) -> Instants:
        """Values (fields x lines) as the whole numbers that are written, 0 where unknown; and the instants below them."""
        with np.errstate(over="ignore"):
            scaled = values * self.per_unit
        scaled[unknown] = 0.0
        np.rint(scaled, out=scaled)
        np.minimum(scaled, MOST_STEPS, out=scaled)
        np.maximum(scaled, -MOST_STEPS, out=scaled)
        numbers = np.empty((len(values) + 1, len(at)), np.int64)
        numbers[:-1], numbers[-1] = scaled, at
        if self.factor is not None:
            numbers[:-1] *= self.factor
        return numbers


@dataclass(slots=True)
class _Stream:
    """The rows of one measurement of one device, as they were written last."""

    rows: tuple[str, ...]
    prefixes: tuple[str, ...]


class Lines:
    """Remembers prefixes and templates; not for two threads at once. Every line is one row at one instant, without its end."""

    def __init__(self) -> None:
        self._streams: dict[tuple[str, str], _Stream] = {}
        self._shapes: dict[tuple[str, ...], _Shape] = {}

    def of(self, batch: Batch) -> list[bytes]:
        """One line for each row of which anything is known."""
        prefixes = self._prefixes(batch.measurement, batch.scope, batch.rows)
        return _lines(prefixes, self._shape(batch.quantities), batch.at, batch.values)

    def of_all(self, batches: Iterable[Batch]) -> list[bytes]:
        """Many batches, those of equal quantities as one matrix, which costs half; their order is not kept."""
        alike: dict[tuple[str, ...], list[Batch]] = {}
        for batch in batches:
            alike.setdefault(batch.quantities, []).append(batch)
        lines: list[bytes] = []
        for quantities, found in alike.items():
            prefixes = [one for batch in found for one in self._prefixes(batch.measurement, batch.scope, batch.rows)]
            at = np.repeat([batch.at for batch in found], [len(batch.rows) for batch in found])
            values = np.concatenate([batch.values for batch in found], axis=1)
            lines += _lines(prefixes, self._shape(quantities), at, values)
        return lines

    def of_series(self, subject: Subject, names: tuple[str, ...], at: Instants, values: Floats) -> list[bytes]:
        """One subject over time, `values` fields x instants."""
        begin = prefix(*subject).replace("%", "%%")
        return _lines((begin,) * len(at), self._shape(names), at, values)

    def of_rollup(
        self,
        subject: Subject,
        layer: str,
        quantities: tuple[str, ...],
        at: Instants,
        said: Mapping[str, Floats],
    ) -> list[bytes]:
        """Slots of a layer ("5m"): `said` has, by its name in STATISTICS, quantities x slots each; "up_s" a line of slots.

        What speaks of no value (n is zero) is left out.
        """
        statistics = tuple(name for name in said if name != UP_S)
        names = rollup_names(quantities, statistics)
        table = np.concatenate([said[name] for name in statistics])
        if "n" in said:
            table[np.tile(said["n"] == 0, (len(statistics), 1))] = np.nan
        if UP_S in said:
            names, table = (*names, UP_S), np.vstack([table, said[UP_S]])
        return self.of_series(subject._replace(measurement=subject.measurement + LAYERS[layer]), names, at, table)

    def forget(self) -> None:
        """Drop what is remembered, after a change of the inventory."""
        self._streams.clear()
        self._shapes.clear()

    def _prefixes(self, measurement: str, scope: str, rows: tuple[str, ...]) -> tuple[str, ...]:
        stream = self._streams.get((measurement, scope))
        if stream is None or (stream.rows is not rows and stream.rows != rows):
            prefixes = tuple(prefix(measurement, scope, row).replace("%", "%%") for row in rows)
            stream = self._streams[measurement, scope] = _Stream(rows, prefixes)
        return stream.prefixes

    def _shape(self, names: tuple[str, ...]) -> _Shape:
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = _Shape.of(names)
        return shape


def _lines(prefixes: Sequence[str], shape: _Shape, at: Instants | int, values: Floats) -> list[bytes]:
    """`values` are fields x lines; `at` one instant, or one for each line. Lines of which nothing is known are left out."""
    instants = np.broadcast_to(np.asarray(at, np.int64), len(prefixes))
    unknown = np.isnan(values)
    silent = unknown.all(axis=0)
    if silent.any():
        said = np.flatnonzero(~silent)
        prefixes = [prefixes[line] for line in said.tolist()]
        instants, values, unknown = instants[said], values[:, said], unknown[:, said]
    return _written(prefixes, shape, shape.numbers(values, instants, unknown), unknown) if prefixes else []


def _written(prefixes: Sequence[str], shape: _Shape, numbers: Instants, unknown: NDArray[np.bool_]) -> list[bytes]:
    """Many lines are one template, filled in one step; what most of them have in common is part of it."""
    usual = _usual(numbers[:-1])
    states = (numbers[:-1] == usual[:, None]).view(np.uint8) + _OTHER
    states[unknown] = _UNKNOWN
    lines_states = np.ascontiguousarray(states.T)
    keys = lines_states.view(f"S{len(states)}").ravel().tolist()
    tails = shape.tails_of(tuple(usual.tolist()))
    filled = np.ones(numbers.shape[::-1], np.bool_)
    filled[:, :-1] = lines_states == _OTHER
    lines: list[bytes] = []
    for first in range(0, len(keys), _TOGETHER):
        cut = slice(first, first + _TOGETHER)
        template = " %d\n".join(map(add, prefixes[cut], map(tails.__getitem__, keys[cut]))) + " %d"
        said = numbers[:, cut].T.ravel()[np.flatnonzero(filled[cut])]  # a third of the cost of a mask
        lines += (template % tuple(said.tolist())).encode().split(b"\n")
    return lines


def _usual(numbers: Instants) -> Instants:
    """The number of each field that nearly all lines have, as some of them show; 0 where there is none."""
    some = np.sort(numbers[:, :: 1 + numbers.shape[1] // _SAMPLED], axis=1)
    middle = some[:, some.shape[1] // 2]
    often = np.count_nonzero(some == middle[:, None], axis=1) >= _OFTEN * some.shape[1]
    return np.where(often, middle, 0)
