"""Which SNMP objects a simulated router has, in order, found fast: shared by all routers with the same ifIndexes."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.snmp import ber

Arcs = tuple[int, ...]
Value = Callable[[Any, int], bytes]  # (view, row) -> the encoded value
Asked = tuple[int, int, int, int, bytes]  # kind, version, two numbers, bindings of a request
_PLANS = 512


@dataclass(frozen=True, slots=True)
class Scalar:
    """One instance by its full name. A wide one is a Counter64, which SNMP v1 cannot see."""

    arcs: Arcs
    value: Value
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a conceptual table."""

    arcs: Arcs
    value: Value
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns that share their rows; `rows` are the indexes in order."""

    columns: Sequence[Column]
    rows: Sequence[Arcs]


@dataclass(frozen=True, slots=True)
class Cell:
    """One instance: its name as an encoded OID, and how its value is got."""

    oid: bytes
    value: Value
    row: int
    wide: bool = False


def no_such_object(_view: object, _row: int) -> bytes:
    return bytes((ber.NO_SUCH_OBJECT, 0))


def no_such_instance(_view: object, _row: int) -> bytes:
    return bytes((ber.NO_SUCH_INSTANCE, 0))


def end_of_view(_view: object, _row: int) -> bytes:
    return bytes((ber.END_OF_MIB_VIEW, 0))


class Layout:
    """All instances of a router in the order of their OIDs. Nothing here belongs to one router."""

    def __init__(self, scalars: Sequence[Scalar], tables: Sequence[Table]) -> None:
        found = sorted((*_scalar_cells(scalars), *_table_cells(tables)), key=lambda pair: pair[0])
        self._arcs = [arcs for arcs, _ in found]
        self.cells = [cell for _, cell in found]
        self._place = {cell.oid: number for number, cell in enumerate(self.cells)}
        self._objects = {scalar.arcs[:-1] for scalar in scalars} | {c.arcs for t in tables for c in t.columns}
        self.plans: dict[Asked, tuple[Cell, ...]] = {}  # requests met before, already looked up

    def __len__(self) -> int:
        return len(self.cells)

    def exact(self, oid: bytes) -> Cell:
        """The instance of that name (an encoded OID), or the exception that GET answers instead."""
        place = self._place.get(oid)
        if place is not None:
            return self.cells[place]
        arcs = ber.oid_arcs(oid[ber.read(oid, 0)[1] :])
        known = any(arcs[:size] in self._objects for size in range(len(arcs), 0, -1))
        return Cell(oid, no_such_instance if known else no_such_object, 0)

    def after(self, oid: bytes) -> int:
        """Number of the first cell behind that OID; len(self) when there is none."""
        place = self._place.get(oid)
        if place is not None:
            return place + 1
        body = oid[ber.read(oid, 0)[1] :]
        arcs = ber.oid_arcs(body) if body else ()
        return bisect_right(self._arcs, arcs)

    def under(self, arcs: Arcs) -> range:
        """Numbers of the cells below a prefix."""
        return range(bisect_left(self._arcs, arcs), bisect_left(self._arcs, (*arcs[:-1], arcs[-1] + 1)))

    def index(self, number: int, skip: int) -> Arcs:
        """What follows the first `skip` arcs in the name of a cell: of a column's cell its index."""
        return self._arcs[number][skip:]

    def remember(self, asked: Asked, plan: tuple[Cell, ...]) -> None:
        if len(self.plans) >= _PLANS:
            self.plans.clear()
        self.plans[asked] = plan


def _scalar_cells(scalars: Sequence[Scalar]) -> Iterator[tuple[Arcs, Cell]]:
    for scalar in scalars:
        yield scalar.arcs, Cell(ber.tlv(ber.OID, ber.oid_body(scalar.arcs)), scalar.value, 0, scalar.wide)


def _table_cells(tables: Sequence[Table]) -> Iterator[tuple[Arcs, Cell]]:
    for table in tables:
        for column in table.columns:
            for row, index in enumerate(table.rows):
                arcs = (*column.arcs, *index)
                yield arcs, Cell(ber.tlv(ber.OID, ber.oid_body(arcs)), column.value, row, column.wide)
