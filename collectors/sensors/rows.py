"""From the rows of an ordinary table to points: which rows count, what they are called, what is asked of them later."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from math import isnan

from collectors.contract import Index, Oid, SnmpSession, Value
from collectors.sensors.names import Names
from collectors.sensors.number import number
from collectors.sensors.shape import SHAPES
from collectors.sensors.source import Column, Point, Source

MOST = 512  # points of one source: no device has more that anybody looks at
_Said = dict[str, Value]  # what a row said, by `Source.key` of its columns


async def table_points(session: SnmpSession, source: Source, names: Names) -> list[Point]:
    """Rows of the source that tell something now. Empty where the device has none of it."""
    rows = await _rows(session, source)
    counting = {index: said for index, said in rows.items() if _counts(source, said)}
    await names.learn(source, counting)
    points = []
    for index, said in counting.items():
        name = names.of(source, index, said) or f"{source.measurement} {'.'.join(map(str, index))}"
        if _wanted(source, name) and (point := _point(source, index, said, name)):
            points.append(point)
    return points[:MOST]


def asked(source: Source) -> tuple[Oid, ...]:
    """Every column of a source: what is measured, what names it, what tells whether a row counts."""
    places = [column.at for column in source.columns.values()]
    places += [at for name in source.names for at in (name.at, name.via) if at and name.kind != "words"]
    return tuple(dict.fromkeys(source.oid(at) for at in (*places, *source.only, *source.nonzero)))


async def _rows(session: SnmpSession, source: Source) -> dict[Index, _Said]:
    """What each row said. Scalars beside the table are in every row; rows below a row are folded into it."""
    columns = asked(source)
    table = await session.table(columns)
    placed = [column for column in source.columns.values() if column.row]
    if any(column.below for column in placed):
        return _folded(source, table, columns)
    beside = {source.key(column): _cell(table, column, columns, source) for column in placed}
    shared = {_index(column.row) for column in placed}
    plain = {source.oid(column.at) for column in source.columns.values() if not column.row}
    found: dict[Index, _Said] = {}
    for index, values in table.items():
        said = dict(zip(columns, values, strict=True))
        if index not in shared or any(said[column] is not None for column in plain):
            found[index] = said | beside
    return found


def _cell(table: Mapping[Index, Sequence[Value]], column: Column, columns: Sequence[Oid], source: Source) -> Value:
    row = table.get(_index(column.row))
    return None if row is None else row[columns.index(source.oid(column.at))]


def _folded(source: Source, table: Mapping[Index, Sequence[Value]], columns: Sequence[Oid]) -> dict[Index, _Said]:
    """A table with one row a kind of value: index.kind. The rows of one index become one."""
    kinds = {(column.at, _index(column.below)): column for column in source.columns.values() if column.below}
    found: dict[Index, _Said] = {}
    for index, values in table.items():
        for (at, kind), column in kinds.items():
            if index[-len(kind) :] == kind:
                said = found.setdefault(index[: -len(kind)], {})
                said[source.key(column)] = values[columns.index(source.oid(at))]
    return found


def _index(text: str) -> Index:
    return tuple(int(arc) for arc in text.split("."))


def _counts(source: Source, said: _Said) -> bool:
    if source.nonzero and not any(abs(number(said.get(source.oid(at)))) > 0 for at in source.nonzero):
        return False
    return all(said.get(source.oid(at)) in values for at, values in source.only.items())


def _wanted(source: Source, name: str) -> bool:
    if source.named and not re.search(source.named, name):
        return False
    return not (source.unnamed and re.search(source.unnamed, name))


def _point(source: Source, index: Index, said: _Said, name: str) -> Point | None:
    """None where the row tells nothing: no value, or one that cannot be."""
    columns = {role: column for role, column in source.columns.items() if said.get(source.key(column)) is not None}
    oids = tuple(source.instance(column, index) for column in columns.values())
    read = partial(read_cells, source.measurement, tuple(columns.items()))
    values = tuple(said[source.key(column)] for column in columns.values())
    if not columns or not tells(source.measurement, read, values):
        return None
    return Point(source.measurement, name, source.mib, oids, read)


def read_cells(measurement: str, columns: Sequence[tuple[str, Column]], values: Sequence[Value]) -> tuple[float, ...]:
    """Values of a row's columns as the quantities of its measurement."""
    cells = {role: column.value(value) for (role, column), value in zip(columns, values, strict=True)}
    return SHAPES[measurement].values(cells)


def tells(measurement: str, read: partial[tuple[float, ...]], values: tuple[Value, ...]) -> bool:
    """Whether there is more than the state of something: a number of what is measured."""
    found = zip(SHAPES[measurement].quantities, read(values), strict=True)
    return any(not isnan(value) for name, value in found if _is_measured(measurement, name))


def _is_measured(measurement: str, quantity: str) -> bool:
    return quantity != "component_status" or measurement in ("component", "fan")
