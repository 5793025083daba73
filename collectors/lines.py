"""What a line can carry at most: the measure by which a counter's step is believed or not (SEMANTICS 1, 2 and 29)."""

from collections.abc import Sequence
from math import inf, isnan

import numpy as np
from numpy.typing import NDArray

from collectors.contract import Row
from inventory.quantities import Flag

OVER = 1.1  # more than this times the nominal speed is no traffic
UNSAID_BPS = 1e13  # bound of a line that does not tell its speed: no line carries 10 Tb/s
NARROW_BPS = 100e6  # from here on 32-bit octets are not to be trusted; their bound where the speed is not said


class Lines:
    """Keys and bounds of the rows of one interface list, in order; made once for all devices with equal lists."""

    __slots__ = ("bound_bps", "flags", "keys", "narrow", "rows", "safe_s")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.keys = tuple(row.key for row in rows)
        narrow = np.array([not row.wide for row in rows], np.bool_)
        self.narrow: NDArray[np.bool_] | None = narrow if narrow.any() else None
        self.bound_bps: NDArray[np.float64] = np.array([_bound_bps(row) for row in rows], np.float64)
        fastest = self.bound_bps[narrow].max(initial=0.0)
        self.safe_s = (
            8 * 2**32 * OVER / fastest if fastest else inf
        )  # a full line wraps 32-bit octets in so many seconds
        self.flags: NDArray[np.float64] = np.array([float(_flag(row)) for row in rows], np.float64)


def _bound_bps(row: Row) -> float:
    if isnan(row.speed_bps) or row.speed_bps <= 0:
        return OVER * (UNSAID_BPS if row.wide else NARROW_BPS)
    return OVER * row.speed_bps


def _flag(row: Row) -> int:
    return Flag.UNRELIABLE if not row.wide and row.speed_bps >= NARROW_BPS else 0
