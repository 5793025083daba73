"""Memory in hrStorageTable (HOST-RESOURCES-MIB, RFC 2790): what counts as memory, and what of it can be given back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan

from collectors.contract import Index, SnmpSession, Value
from collectors.sensors.names import LONGEST, Names
from collectors.sensors.number import number
from collectors.sensors.shape import SHAPES
from collectors.sensors.source import Point
from collectors.text import text

_ENTRY = "1.3.6.1.2.1.25.2.3.1"
_KIND, _NAME, _UNIT, _SIZE, _USED = (f"{_ENTRY}.{column}" for column in range(2, 7))
_COLUMNS = (_KIND, _NAME, _UNIT, _SIZE, _USED)
_RAM = "1.3.6.1.2.1.25.2.1.2"
_ALL = "1.3.6.1.2.1.25.2.2.0"  # hrMemorySize, kilobytes
# Parts and pools of the memory, which are no memory of their own
_PART = re.compile(r"(?i)buffer|cache|shared|mbuf|UMA:|malloc|swap|virtual|kernel")
_SPARE = re.compile(r"(?i)^(memory )?buffers?$|^cached? memory$|\((buffers?|cached?)\)$")
# What is memory by its name, where no row says so by its type
_MEMORY = re.compile(r"(?i)^((physical|real|main|system|total) )?memory$|^d?ram$")
# FreeBSD's bsnmpd: the size beside active pages is that of allocated ones, not of the memory
_SIZELESS = re.compile(r"(?i)^real memory metrics$")


@dataclass(frozen=True, slots=True)
class Storage:
    """Stands for hrStorageTable in the table of sources."""

    mib: str = "HOST-RESOURCES-MIB hrStorageTable"
    measurement: str = "memory"
    vendors: tuple[int, ...] = ()
    beside: bool = False
    part: str = ""


async def storage_points(session: SnmpSession, source: Storage, names: Names) -> list[Point]:
    """One point a memory; buffers and caches of a Linux are taken off its physical memory."""
    rows = await session.table(_COLUMNS)
    named = {index: text(row[1])[:LONGEST] for index, row in rows.items()}
    spare = [index for index, name in named.items() if _SPARE.search(name)]
    memories = [index for index, row in rows.items() if _is_memory(row[0], named[index])]
    memories = memories or [index for index, name in named.items() if _MEMORY.search(name)]
    points = [_point(source, index, named[index], spare if len(memories) == 1 else ()) for index in memories]
    read = {f"{oid}.{index[0]}": row[at] for index, row in rows.items() for at, oid in enumerate(_COLUMNS) if index}
    if any(_ALL in point.oids for point in points):
        (read[_ALL],) = await session.get([_ALL])
    return [point for point in points if not isnan(point.read(tuple(read.get(oid) for oid in point.oids))[0])]


def _is_memory(kind: Value, name: str) -> bool:
    return kind == _RAM and not _PART.search(name)


def _point(source: Storage, index: Index, name: str, spare: Sequence[Index]) -> Point:
    size = _ALL if _SIZELESS.search(name) else f"{_SIZE}.{index[0]}"
    oids = [f"{_UNIT}.{index[0]}", size, f"{_USED}.{index[0]}"]
    for each in spare:
        oids += [f"{_UNIT}.{each[0]}", f"{_USED}.{each[0]}"]
    read = partial(read_storage, size == _ALL)
    return Point(source.measurement, name or f"memory {index[0]}", source.mib, tuple(oids), read)


def read_storage(whole: bool, values: tuple[Value, ...]) -> tuple[float, ...]:
    """Unit, size and use of a memory, then unit and use of each part that can be given back. `whole`: size is in KiB."""
    unit, size, used = (_unsigned(value) for value in values[:3])
    spare = [_unsigned(values[at]) * _unsigned(values[at + 1]) for at in range(3, len(values), 2)]
    total = size * 1024 if whole else size * unit
    cells: Mapping[str, float] = {
        "used": used * unit,
        "total": total if total else nan,
        "cached": sum(one for one in spare if not isnan(one)),
    }
    return SHAPES["memory"].values(cells)


def _unsigned(value: Value) -> float:
    """Sizes beyond 2^31 units come as negative integers from agents that wrap."""
    found = number(value)
    return found + 2**32 if found < 0 else found
