"""What one row of the table of sensors says: which columns a device is asked, and what their numbers mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from math import isnan, nan
from typing import NamedTuple

from collectors.contract import Index, Oid, Value
from collectors.sensors.number import number, signed, unsigned


class Status(IntEnum):
    """Values of the quantity component_status."""

    UNKNOWN = 0
    OK = 1
    WARNING = 2
    FAILED = 3
    ABSENT = 4


class Column(NamedTuple):
    """One object of a source and how its number becomes the unit of its quantity.

    `at` is what follows the source's entry ("6"), or a whole OID where another table with the same index holds it.
    `row` names the one row where it stands, for scalars beside a table; else the row's own index is used. "*.3" means
    the row 3 below each row, in tables that have one row for each kind of value.
    `zero` says whether 0 is a value; where it is not, 0 means that there is nothing to measure.
    """

    at: str
    scale: float = 1.0
    read: Callable[[Value], float] = number
    row: str = ""
    zero: bool = True
    unknown: tuple[int, ...] = ()
    states: Mapping[int, int] | None = None  # the agent's words for a state -> Status
    other: float = Status.UNKNOWN  # what a word is that is not named there

    @property
    def below(self) -> str:
        """The kind, in tables with one row for each kind of value."""
        return self.row[2:] if self.row.startswith("*.") else ""

    def value(self, said: Value) -> float:
        """In the unit of its quantity; NaN where not known."""
        found = self.read(said)
        if self.states is not None:
            return found if isnan(found) else float(self.states.get(int(found), self.other))
        if found in self.unknown or (not self.zero and found == 0):
            return nan
        return found * self.scale


def gauge(at: str, scale: float = 1.0, *, zero: bool = True, unknown: tuple[int, ...] = (), row: str = "") -> Column:
    """A number that may be below zero."""
    return Column(at, scale, signed, row, zero, unknown)


def amount(at: str, scale: float = 1.0, *, zero: bool = True, row: str = "") -> Column:
    """A number that is never below zero: octets, seconds, percent."""
    return Column(at, scale, unsigned, row, zero)


def state(at: str, states: Mapping[int, int], *, row: str = "") -> Column:
    return Column(at, row=row, states=states)


def flag(at: str, states: Mapping[int, int]) -> Column:
    """1 or 0; a word that is not named says neither."""
    return Column(at, states=states, other=nan)


class Name(NamedTuple):
    """A part of a row's name: text of a column, of the physical entity, of the interface, or just words.

    `arc` is the arc of the row's index that says which entity or interface; `via` the column that does.
    """

    kind: str  # "own" | "entity" | "interface" | "words" | "index"
    at: str = ""
    arc: int = -1
    via: str = ""


def own(at: str) -> Name:
    return Name("own", at)


def entity(*, arc: int = -1, via: str = "") -> Name:
    """entPhysicalName, else entPhysicalDescr."""
    return Name("entity", arc=arc, via=via)


def interface(arc: int = 0) -> Name:
    """The interface's lasting key."""
    return Name("interface", arc=arc)


def words(text: str) -> Name:
    return Name("words", text)


def index(arc: int = -1) -> Name:
    return Name("index", arc=arc)


@dataclass(frozen=True, slots=True)
class Source:
    """One table of one MIB that tells one kind of measurement. A scalar is a table with the one index 0."""

    mib: str  # and the table, as people cite it
    measurement: str
    entry: Oid
    columns: Mapping[str, Column]  # role -> object; roles are those of `shape.SHAPES`
    names: tuple[Name, ...] = (index(),)
    vendors: tuple[int, ...] = ()  # enterprise numbers of sysObjectID it is asked of; none: everybody
    beside: bool = False  # adds to what other sources of the measurement found; else the first that finds any is enough
    part: str = ""  # of the measurement: sources of other parts add to it, "fan" and "supply" of "component"
    unless: str = (
        ""  # the `mib` of a source that tells the same and more: this one is asked only where that found nothing
    )
    only: Mapping[str, frozenset[int | None]] = field(default_factory=dict)  # column -> values of rows that count
    nonzero: tuple[str, ...] = ()  # columns; rows count where one of them is not 0 when the list is found
    named: str = ""  # rows count whose name this expression finds
    unnamed: str = ""  # rows do not count whose name this expression finds

    def oid(self, at: str) -> Oid:
        return at if at.startswith("1.3.") else f"{self.entry}.{at}"

    def key(self, column: Column) -> str:
        """Names what a column says of a row: its OID, and the row where that is not the row's own."""
        return f"{self.oid(column.at)}@{column.row}" if column.row else self.oid(column.at)

    def instance(self, column: Column, index: Index) -> Oid:
        """What is asked for a row of the source."""
        own = ".".join(map(str, index))
        row = f"{own}.{column.below}" if column.below else column.row or own
        return f"{self.oid(column.at)}.{row}"


@dataclass(frozen=True, slots=True)
class Point:
    """One row of one source on one device: what it is asked every time, and how that becomes quantities."""

    measurement: str
    name: str
    mib: str
    oids: tuple[Oid, ...]
    read: Callable[[tuple[Value, ...]], tuple[float, ...]]  # in the order of the measurement's quantities
