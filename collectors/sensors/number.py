"""A number out of whatever an agent sends for one: integers, decimal text, opaque floats; nonsense is NaN."""

import re
import struct
from math import isfinite, log10, nan

from collectors.contract import Value

# What agents send for "I do not know"; the last two are -1 and -2 of a Gauge32
SENTINELS = frozenset((0x7FFFFFFF, -0x80000000, 0x7FFF, -0x8000, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE))
_DECIMAL = re.compile(rb"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_OPAQUE_FLOAT = b"\x9f\x78\x04"  # net-snmp's float inside an Opaque
_LONGEST = 64  # no number is written longer
DARK_DBM = -40.0  # no light at all: its logarithm would be without bound


def number(value: Value) -> float:
    """NaN where there is none. A Gauge32 over 2^31 that no counter explains is a negative number sent unsigned."""
    if isinstance(value, int):
        return nan if value in SENTINELS else float(value)
    if isinstance(value, bytes):
        return _of_text(value[:_LONGEST])
    return nan


def unsigned(value: Value) -> float:
    """The same for what cannot be below zero: a negative number says nothing."""
    found = number(value)
    return found if found >= 0 else nan


def signed(value: Value) -> float:
    """The same for what may be below zero: 4294967256 is -40."""
    found = number(value)
    return found - 2**32 if 2**31 <= found < 2**32 else found


def dbm_of_watts(watts: float) -> float:
    """Decibels above one milliwatt; no light is -40, below zero is unknown."""
    if not watts >= 0:
        return nan
    return max(DARK_DBM, 10 * log10(watts * 1e3)) if watts else DARK_DBM


def _of_text(text: bytes) -> float:
    if text.startswith(_OPAQUE_FLOAT) and len(text) == 7:
        (found,) = struct.unpack(">f", text[3:])
        return float(found) if isfinite(found) else nan
    match = _DECIMAL.search(text)
    found = float(match.group()) if match else nan
    return found if isfinite(found) and found not in SENTINELS else nan
