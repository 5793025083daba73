"""All devices of a tick side by side: the arithmetic of rates, done once for all of them."""

from collections.abc import Sequence

import numpy as np

from collectors.columns import COUNTERS, OCTETS, PACKETS
from collectors.pairs import Pair
from collectors.steps import LEAST_PACKET_BITS, bounds
from inventory.quantities import Flag

QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
    *("oper_status", "admin_status", "span_s", "flags"),
)

_N, _TRAFFIC = len(COUNTERS), len(OCTETS) + len(PACKETS)
_LONG_BIT = float(Flag.LONG)


class Joined:
    """`values` (quantities x rows of all devices) as if nothing were odd; `odd` rows are not right (None: all are)."""

    __slots__ = ("moved", "odd", "values")

    def __init__(self, pairs: Sequence[Pair], lengths: Sequence[int]) -> None:
        now = np.concatenate([pair.now.values for pair in pairs], axis=1)
        before = np.concatenate([pair.before for pair in pairs], axis=1)
        seconds = np.repeat([pair.seconds for pair in pairs], lengths)
        line_bps = bounds(np.concatenate([pair.device.lines.bound_bps for pair in pairs]), seconds)
        steps = now[:_N] - before[:_N]
        self.moved: list[int] = np.cumsum(steps[:_TRAFFIC].any(axis=0)).tolist()  # rows with traffic so far
        out = self.values = np.empty((len(QUANTITIES), len(seconds)))
        rates = out[:_N]
        np.divide(steps, seconds, out=rates)
        rates[:2] *= 8
        out[_N : _N + 2] = now[_N : _N + 2].view(np.int64)
        out[_N + 2] = seconds
        out[_N + 3] = np.concatenate([pair.device.lines.flags for pair in pairs])
        out[_N + 3] += np.repeat([_LONG_BIT if pair.long else 0.0 for pair in pairs], lengths)
        # A counter that went back shows as a step of nearly 2^64, far over any bound
        excess = np.any(rates[:2] > line_bps, axis=0)
        np.logical_or(excess, np.any(rates[2:] > line_bps / LEAST_PACKET_BITS, axis=0), out=excess)
        self.odd = excess if excess.any() else None

    def moving(self, start: int, end: int) -> bool:
        """Whether any row of a device carried traffic."""
        return end > start and self.moved[end - 1] > (self.moved[start - 1] if start else 0)
