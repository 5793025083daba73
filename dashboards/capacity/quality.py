"""How well a circuit carried: round trips against the usual ones, loss, discards, and what they were at the ceiling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.percentile import Floats

NEWEST = 3  # slots of five minutes that speak of now


@dataclass(frozen=True, slots=True)
class Quality:
    """Over some slots; ms, ratios and packets, None where nothing is known. `top`: in slots at the ceiling."""

    rtt_ms: float | None = None  # the usual one: median of the slots
    rtt_now_ms: float | None = None
    rtt_top_ms: float | None = None
    loss: float | None = None  # mean
    discards: float | None = None  # packets in all, both ways

    @property
    def rise_ms(self) -> float | None:
        """At the ceiling against usual, else now against usual."""
        against = self.rtt_now_ms if self.rtt_top_ms is None else self.rtt_top_ms
        return None if against is None or self.rtt_ms is None else against - self.rtt_ms


def quality(
    rtt_ms: Floats, loss: Floats, discards_ps: Floats, top: NDArray[np.bool_] | None = None, *, step_s: int
) -> Quality:
    """Of series of the same slots, NaN where a slot does not count; `discards_ps` (ways, slots)."""
    full = None if top is None or not top.any() else _median(rtt_ms[top])
    known = ~np.isnan(discards_ps)
    return Quality(
        _median(rtt_ms),
        _median(rtt_ms[-NEWEST:]),
        full,
        _mean(loss),
        float(np.nansum(discards_ps) * step_s) if known.any() else None,
    )


def _median(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def _mean(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
