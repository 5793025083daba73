"""How much of its capacity a circuit, a contract or a provider used: mean, peak, p95, time above level, flat-top, burst.

Slots are bit/s with time along the last axis, NaN where a slot does not count. What is not known is None or NaN and
never zero; every figure has its number of slots present of those expected beside it (SEMANTICS 27 to 29, 51, D).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.percentile import Floats, Percentile, p95
from inventory.allocation import Direction

TOP: Final = 0.97  # of the ceiling: a sample so high is held down by it
TOP_S: Final = 900  # so long at the ceiling is a flat top, not a spike
REFUSED: Final = 1.10  # of the contracted rate: more is a data error (SEMANTICS 29)
Bound = float | Floats  # bit/s, one for all the time or one a slot


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a use is held against, bit/s; each one for all the time, or an array with one a slot.

    `base` is the contracted rate, which is the ceiling as well; `commit` what is allocated of it (None: not known).
    """

    base: Bound
    commit: Bound | None = None
    level: float = 0.8  # share of `base` above which time is counted

    @property
    def at_end(self) -> float:
        """The newest that is not nothing; 0 where there is none."""
        every = np.asarray(self.base, dtype=np.float64).reshape(-1)
        known = every[every > 0]
        return float(known[-1]) if len(known) else 0.0


@dataclass(frozen=True, slots=True)
class Use:
    """One direction over some slots. Rates are bit/s, None where no slot is present; times are seconds."""

    direction: Direction
    base_bps: float  # contracted rate at the end; 0: none
    mean_bps: float | None
    peak_bps: float | None  # greatest mean of five minutes
    peak_at: int | None
    p95: Percentile
    level: float
    above_s: int  # above the level
    flat_s: int  # at the ceiling, in stretches of at least 15 minutes
    burst_s: int | None  # above what is committed; None: nothing is known of commits
    refused_s: int  # with more than 110 % of the contracted rate measured
    now_bps: float | None = None
    now_at: float | None = None

    def ratio(self, bps: float | None) -> float | None:
        """Of the contracted rate; None where it is not known, and where it is a data error."""
        return ratio(bps, self.base_bps)

    @property
    def refused(self) -> bool:
        return self.refused_s > 0


def ratio(bps: float | None, base_bps: float) -> float | None:
    """Utilisation; None without a contracted rate, and for more than 110 % of it: that is a data error."""
    if bps is None or base_bps <= 0 or bps > REFUSED * base_bps:
        return None
    return bps / base_bps


def use(
    slots: Floats,
    bounds: Bounds,
    direction: Direction,
    *,
    start: int,
    step_s: int,
    expected: int | None = None,
    newest: tuple[float, float] | None = None,
) -> Use:
    """Of one series from `start` (UTC seconds); `newest` is the value last measured, and when."""
    present = ~np.isnan(slots)
    some = bool(present.any())
    peak = int(np.nanargmax(slots)) if some else None
    return Use(
        direction=direction,
        base_bps=bounds.at_end,
        mean_bps=float(slots[present].mean()) if some else None,
        peak_bps=None if peak is None else float(slots[peak]),
        peak_at=None if peak is None else start + peak * step_s,
        p95=p95(slots, expected),
        level=bounds.level,
        above_s=int(above_s(slots, np.multiply(bounds.level, bounds.base), step_s)),
        flat_s=int(flat_top_s(slots, bounds.base, step_s)),
        burst_s=None if bounds.commit is None else int(above_s(slots, bounds.commit, step_s)),
        refused_s=int(refused_s(slots, bounds.base, step_s)),
        now_bps=newest[0] if newest else None,
        now_at=newest[1] if newest else None,
    )


def above_s(slots: Floats, bound: Bound, step_s: int) -> NDArray[np.int64]:
    """Seconds above so many bit/s, for each series; what is absent is above nothing."""
    found: NDArray[np.int64] = np.count_nonzero(slots > bound, axis=-1) * np.int64(step_s)
    return found


def refused_s(slots: Floats, base: Bound, step_s: int) -> NDArray[np.int64]:
    """Seconds in which more was measured than 110 % of the contracted rate; nothing is refused where there is none."""
    return above_s(slots, np.where(np.asarray(base) > 0, np.multiply(REFUSED, base), np.inf), step_s)


def flat_top_s(slots: Floats, ceiling: Bound, step_s: int) -> NDArray[np.int64]:
    """Seconds at the ceiling, for each series: stretches of at least 15 minutes of samples from 97 % of it on.

    An absent sample ends a stretch. Samples may be of any step that 15 minutes hold (rule 51: shapers drop unseen).
    """
    found: NDArray[np.int64] = np.count_nonzero(flat_topped(slots, ceiling, step_s), axis=-1) * np.int64(step_s)
    return found


def flat_topped(slots: Floats, ceiling: Bound, step_s: int) -> NDArray[np.bool_]:
    """Which samples belong to a flat top; the same shape as `slots`."""
    top = (slots >= np.multiply(TOP, ceiling)) & (np.asarray(ceiling) > 0)
    if not top.size:
        return top
    lines = np.zeros((top.size // top.shape[-1], top.shape[-1] + 2), dtype=np.int8)
    lines[:, 1:-1] = top.reshape(lines.shape[0], -1)
    turns = np.diff(lines.reshape(-1))
    starts, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    long = (ends - starts) * step_s >= TOP_S
    marks = np.zeros(lines.size + 1, dtype=np.int64)
    np.add.at(marks, starts[long] + 1, 1)
    np.add.at(marks, ends[long] + 1, -1)
    kept: NDArray[np.bool_] = (np.cumsum(marks[:-1]) > 0).reshape(lines.shape)[:, 1:-1].reshape(top.shape)
    return kept
