"""The list of a device's interfaces: read whole, named for good, and prepared for the poll of counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.aggregates import Aggregates, aggregates_of
from collectors.columns import asked
from collectors.contract import Index, Oid, Plan, Row, SnmpSession, Unsupported, Value
from collectors.interface import IF_TABLE, IFX_TABLE, UP, Interface, join
from collectors.keys import unique_keys
from collectors.oids import oids

MARKS = ("sysUpTime", "ifTableLastChange", "ifNumber")  # scalars that tell a changed list
Marks = tuple[int | None, ...]  # their values; None: the device has no such object
_MARKS = oids(*MARKS)
_IF_TABLE, _IFX_TABLE = oids(*IF_TABLE), oids(*IFX_TABLE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of the list before this one, to tell a row that still counts from one that is left over."""

    keys: Mapping[int, str]  # ifIndex -> key
    octets: Mapping[int, tuple[int, int]]  # ifIndex -> in and out, as last read


NOTHING_KNOWN = Known({}, {})


@dataclass(frozen=True, slots=True)
class InterfaceList:
    """`rows` and `plan` serve the poll of counters, `content` is the Facts of part "interfaces"."""

    rows: tuple[Row, ...]
    plan: Plan
    narrow: NDArray[np.intp] | None  # positions of rows with 32-bit octets only
    silent: NDArray[np.intp] | None  # positions of rows on which no octet was counted yet
    marks: Marks  # MARKS when the list was read
    content: dict[str, Any]
    aggregates: Aggregates | None = None


async def read_marks(session: SnmpSession) -> Marks:
    """What moves when the list changes: one small question, and the first to a device that may be dead."""
    return tuple(value if isinstance(value, int) else None for value in await session.get(_MARKS))


async def read_interfaces(session: SnmpSession, marks: Marks, known: Known = NOTHING_KNOWN) -> InterfaceList:
    """Read both interface tables; raises a CollectError. A device without interfaces has an empty list."""
    table = await _rows(session, _IF_TABLE)
    extension = await _rows(session, _IFX_TABLE)
    return build(join(table, extension), marks, known)


async def _rows(session: SnmpSession, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
    try:
        return await session.table(columns)
    except Unsupported:  # one of the two tables is often missing whole
        return {}


def build(interfaces: Sequence[Interface], marks: Marks, known: Known) -> InterfaceList:
    """The list from its joined rows."""
    keys = unique_keys(interfaces, lambda each: _preference(each, known))
    wide = [each.wide for each in interfaces]
    rows = tuple(Row(key, each.index, each.speed_bps, each.wide) for key, each in zip(keys, interfaces, strict=True))
    return InterfaceList(
        rows=rows,
        plan=Plan(
            scalars=_scalars(marks),
            columns=asked(wide, any(each.wide_packets for each in interfaces)),
            indexes=tuple(each.index for each in interfaces),
        ),
        narrow=_positions([not each.wide for each in interfaces]),
        silent=_positions([each.silent and each.wide for each in interfaces]),
        marks=marks,
        content={"interfaces": [each.facts(key) for key, each in zip(keys, interfaces, strict=True)]},
        aggregates=aggregates_of(interfaces, keys),
    )


def _preference(interface: Interface, known: Known) -> tuple[int, ...]:
    """Of rows with one name the living keeps it; then the one that had it; then one that counted; then the lowest."""
    before = known.octets.get(interface.index)
    frozen = before is not None and before == (interface.in_octets, interface.out_octets)
    counted = bool(interface.in_octets or interface.out_octets)
    key = known.keys.get(interface.index)
    held = key is not None and not key.endswith(f" #{interface.index}")
    return (interface.oper != UP, frozen, not held, not counted, interface.index)


def _scalars(marks: Sequence[int | None]) -> tuple[Oid, ...]:
    """sysUpTime always; the marks of a changed list only from a device that has them."""
    return tuple(oid for place, oid in enumerate(_MARKS) if place == 0 or marks[place] is not None)


def _positions(chosen: Sequence[bool]) -> NDArray[np.intp] | None:
    found = np.flatnonzero(chosen)
    return found if len(found) else None
