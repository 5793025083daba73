"""What a reading of the table "interface" holds, in which order, and which MIB objects it is asked with."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from collectors.contract import Oid
from collectors.oids import oids

N = TypeVar("N", np.uint64, np.float64)

OCTETS = ("in_octets", "out_octets")
PACKETS = ("in_packets", "out_packets")
TROUBLE = ("in_errors", "out_errors", "in_discards", "out_discards")
COUNTERS = (*OCTETS, *PACKETS, *TROUBLE)
STATES = ("oper_status", "admin_status")
COLUMNS = (*COUNTERS, *STATES)

_HIGH_OCTETS, _LOW_OCTETS = oids("ifHCInOctets", "ifHCOutOctets"), oids("ifInOctets", "ifOutOctets")
_HIGH_PACKETS, _LOW_PACKETS = oids("ifHCInUcastPkts", "ifHCOutUcastPkts"), oids("ifInUcastPkts", "ifOutUcastPkts")
_REST = oids("ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards", "ifOperStatus", "ifAdminStatus")

# The same tuple objects for all devices: ten thousand plans share them
_ASKED: dict[tuple[bool, bool, bool], tuple[Oid, ...]] = {
    (wide, narrow, packets): (
        *(_HIGH_OCTETS if wide else _LOW_OCTETS),
        *(_HIGH_PACKETS if packets else _LOW_PACKETS),
        *_REST,
        *(_LOW_OCTETS if wide and narrow else ()),
    )
    for wide in (True, False)
    for narrow in (True, False)
    for packets in (True, False)
}


def asked(wide: Sequence[bool], wide_packets: bool) -> tuple[Oid, ...]:
    """Columns for rows that are `wide` or not: 10, and 12 where some rows are and some are not."""
    return _ASKED[any(wide) or not wide, not all(wide), wide_packets]


def settle(
    values: NDArray[N], known: NDArray[np.bool_] | None, narrow: NDArray[np.intp] | None
) -> tuple[NDArray[N], NDArray[np.bool_] | None]:
    """Each row's octets from the counter that counts: (columns asked x rows) -> (COLUMNS x rows).

    `narrow` are the positions of rows with 32-bit octets only.
    """
    width = len(COLUMNS)
    if narrow is None or len(values) == width:
        return values, known
    settled = values[:width].copy()
    settled[:2, narrow] = values[width : width + 2, narrow]
    if known is None:
        return settled, None
    seen = known[:width].copy()
    seen[:2, narrow] = known[width : width + 2, narrow]
    return settled, seen
