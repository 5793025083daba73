"""Line protocol straight from batches and rollups: whole matrices are written at once into cached templates of their rows.

Names are escaped as the line protocol has it; what it cannot carry in a tag (line breaks, other control characters, the
backslash, whose meaning differs between versions) is written as %0A and the like, and read back by `read_name`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from noc.influx.fields import LAYERS, UP_S, Field, fields_of, rollup_names, scope_tag, tags_of
from noc.influx.influxql import tagged

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

MOST_STEPS: Final = float(1 << 50)  # as in the store: larger values are kept and sent as this many steps
_MOST_TAILS: Final = 4096  # patterns of what is known in a row, remembered
_TOGETHER: Final = 300  # lines made at once: fewer cost calls, more no longer lie in the cache

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


@dataclass(slots=True)
class _Shape:
    """How rows of certain fields are written."""

    fields: tuple[Field, ...]
    keys: tuple[str, ...]  # of fields, as they stand in a template
    per_unit: Floats  # a column, as factor
    factor: Instants | None  # None: all are 1
    tails: dict[bytes, str] = field(default_factory=dict)  # which fields are known -> the rest of a line's template

    @classmethod
    def of(cls, names: Sequence[str]) -> "_Shape":
        fields = fields_of(names)
        per_unit = np.array([one.per_unit for one in fields], np.float64).reshape(-1, 1)
        factor = np.array([one.factor for one in fields], np.int64).reshape(-1, 1)
        keys = tuple(escaped(one.name).replace("%", "%%") for one in fields)
        return cls(fields, keys, per_unit, factor if (factor != 1).any() else None)

    def tail(self, known: bytes) -> str:
        """The template behind a row's prefix; `known` is a byte for each field."""
        tail = self.tails.get(known)
        if tail is None:
            if len(self.tails) >= _MOST_TAILS:
                self.tails.clear()
            places = [place for place, is_known in enumerate(known) if is_known]
            tail = self.tails[known] = self.tail_of(places, ["%d"] * (len(places) + 1))
        return tail

    def tail_of(self, places: Sequence[int], said: Sequence[str]) -> str:
        """`said`: the numbers of these fields, and the instant's; "%d" where they are filled in."""
        pairs = (
            f"{self.keys[place]}={number}{self.fields[place].suffix}"
            for place, number in zip(places, said[:-1], strict=True)
        )
        return f" {','.join(pairs)} {said[-1]}"

    def numbers(self, values: Floats, at: Instants, unknown: NDArray[np.bool_] | None) -> Instants:
        """Values (fields x lines) as the whole numbers that are written, and the instants below them."""
        with np.errstate(over="ignore"):
            scaled = values * self.per_unit
        if unknown is not None:
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
    """`values` are fields x lines; `at` one instant, or one for each line."""
    instants = np.broadcast_to(np.asarray(at, np.int64), len(prefixes))
    lines: list[bytes] = []
    for first in range(0, len(prefixes), _TOGETHER):
        cut = slice(first, first + _TOGETHER)
        lines += _piece(prefixes[cut], shape, instants[cut], values[:, cut])
    return lines


def _piece(prefixes: Sequence[str], shape: _Shape, at: Instants, values: Floats) -> list[bytes]:
    """One template for all lines, filled in one step."""
    unknown = np.isnan(values)
    if not unknown.any():
        return _dense(prefixes, shape, shape.numbers(values, at, None), [*range(len(values))])
    there = ~unknown.all(axis=1)  # fields of which something is known
    numbers = shape.numbers(values, at, unknown)
    if unknown[there].any():
        return _sparse(prefixes, shape, numbers, ~unknown)
    places = np.flatnonzero(there).tolist()
    return _dense(prefixes, shape, numbers[[*places, -1]], places) if places else []


def _dense(prefixes: Sequence[str], shape: _Shape, numbers: Instants, places: Sequence[int]) -> list[bytes]:
    """All lines have the same fields; what is the same in all of them is part of the template."""
    varies = (numbers != numbers[:, :1]).any(axis=1)
    said = ["%d" if one else str(first) for one, first in zip(varies.tolist(), numbers[:, 0].tolist(), strict=True)]
    tail = shape.tail_of(places, said)
    return _filled(f"{tail}\n".join(prefixes) + tail, numbers[varies].T.ravel())


def _sparse(prefixes: Sequence[str], shape: _Shape, numbers: Instants, known: NDArray[np.bool_]) -> list[bytes]:
    """The template differs from line to line."""
    written = np.empty((len(prefixes), len(known) + 1), np.bool_)  # the last is the instant
    written[:, :-1] = known.T
    written[:, -1] = known.any(axis=0)
    template = "\n".join(_templates(prefixes, shape, written.tobytes()))
    return _filled(template, numbers.T[written])


def _templates(prefixes: Sequence[str], shape: _Shape, known: bytes) -> Iterator[str]:
    """Of the lines in which anything is known."""
    width = len(shape.fields)
    for number, begin in enumerate(prefixes):
        place = number * (width + 1)
        if known[place + width]:
            yield begin + shape.tail(known[place : place + width])


def _filled(template: str, numbers: Instants) -> list[bytes]:
    return (template % tuple(numbers.tolist())).encode().split(b"\n")
