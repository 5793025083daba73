"""One device's counters when something is odd: wrap, reset, restart, unknown cells, more than the line carries.

The order of evidence is that of SEMANTICS 2: sysUpTime, ifCounterDiscontinuityTime, then plausibility. Neither of the first
two decides alone: restarting net-snmp resets sysUpTime and no counter, making a link anew resets counters and no sysUpTime.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from collectors.columns import COUNTERS, OCTETS
from collectors.lines import OVER, Lines
from inventory.quantities import Flag

SIZE32 = np.uint64(2**32)
MASK32 = np.uint64(2**32 - 1)
LIKELY_WRAP = np.uint64(2**30)  # a packet or error counter that wraps comes back low: a greater step back is a reset
CACHE_S = 4.0  # an agent may show counters this much older or newer than the moment it answers (SEMANTICS 50)
LEAST_PACKET_BITS = 160.0  # an IP header
PATIENCE = 3  # so many samples above the line in a row, and it is the nominal speed that is wrong

_N, _OCTETS, _TRAFFIC = (
    len(COUNTERS),
    len(OCTETS),
    4,
)  # rows of the matrix: counters, of them octets, of them octets and packets
Bits = NDArray[np.bool_]
Rates = NDArray[np.float64]


@dataclass(slots=True)
class Step:
    """From one reading to the next; all arrays are (columns x rows) of the reading."""

    now: NDArray[np.uint64]
    before: NDArray[np.uint64]
    known: Bits | None  # both readings know the cell; None: all of them
    seconds: float
    restarted: bool
    lines: Lines
    long: bool
    moved: Bits | None = None  # rows that stood at another ifIndex before
    anew: tuple[int, ...] = ()  # places of rows whose counters began anew, as the device says
    over: dict[str, int] = field(default_factory=dict)  # row key -> samples above the line so far, one after the other


@dataclass(slots=True)
class Judged:
    """`rates` per second, octets as bits (counters x rows); `flags` (rows); `over` is for the next step."""

    rates: Rates
    flags: NDArray[np.int64]
    over: dict[str, int]
    continued: bool  # counters went on through a restart: only the agent restarted


def bounds(line_bps: Rates, seconds: Rates | float) -> Rates:
    """Most bit/s that a step over `seconds` may show."""
    return line_bps * (1.0 + CACHE_S / seconds)


def judge(step: Step) -> Judged:
    """Right rates, or NaN where the truth is not known; never a spike."""
    now, before = step.now[:_N], step.before[:_N]
    known = np.ones(now.shape, np.bool_) if step.known is None else step.known[:_N]
    back = (now < before) & known
    delta = _delta(now, before, back, step.lines.narrow)
    rates = delta / step.seconds
    rates[:_OCTETS] *= 8
    limit = bounds(step.lines.bound_bps, step.seconds)
    fits = np.concatenate((rates[:_OCTETS] <= limit, rates[_OCTETS:] <= limit / LEAST_PACKET_BITS))
    reset = back & ~_wrapped(step, delta, back, fits)
    reset[:, step.anew] = True
    flags = step.lines.flags.astype(np.int64)
    if step.moved is not None and (reset[:_TRAFFIC] & step.moved).any():
        reset[:, step.moved] = True  # one was made anew, so all that moved were
    restart = step.restarted and bool(back.any())
    _blank(rates, flags, _spread(reset, restart), Flag.RESET)
    flags[(back & ~reset).any(axis=0) & ~np.isnan(rates[0])] |= Flag.WRAPPED
    _blank_ambiguous(step, rates, flags, limit)
    over = _refuse(step, rates, flags, ~fits & ~back & known)
    rates[~known] = np.nan
    return Judged(rates, flags, over, step.restarted and not restart and bool(delta[known].any()))


def _delta(now: NDArray[np.uint64], before: NDArray[np.uint64], back: Bits, narrow: Bits | None) -> NDArray[np.uint64]:
    """Steps of counters, as if each that went back had wrapped at its own size."""
    delta = now - before
    small = back & (before < SIZE32)
    small[:_OCTETS] &= narrow if narrow is not None else False
    delta[small] &= MASK32
    return delta


def _wrapped(step: Step, delta: NDArray[np.uint64], back: Bits, fits: Bits) -> Bits:
    """Counters that went back and may have wrapped: the step fits the line and nothing speaks of a reset."""
    wrapped = back & fits
    wrapped[_OCTETS:] &= delta[_OCTETS:] < LIKELY_WRAP
    wrapped[:_OCTETS] &= ~back[_OCTETS:_TRAFFIC]  # both at once is a reset: packets wrap far less often than octets
    if step.restarted:
        wrapped[:] = False
    return wrapped


def _spread(reset: Bits, restart: bool) -> Bits:
    """A reset of octets or packets is a reset of the row; a restart with any counter gone back is one of the device."""
    if restart:
        return np.ones_like(reset)
    return reset | reset[:_TRAFFIC].any(axis=0)


def _blank(rates: Rates, flags: NDArray[np.int64], cells: Bits, flag: Flag) -> None:
    rates[cells] = np.nan
    flags[cells.any(axis=0)] |= flag


def _blank_ambiguous(step: Step, rates: Rates, flags: NDArray[np.int64], limit: Rates) -> None:
    """32-bit octets that may have wrapped more than once unseen say nothing (SEMANTICS 1)."""
    narrow = step.lines.narrow
    if narrow is None:
        return
    unsure = narrow & (limit / OVER * step.seconds / 8 >= float(SIZE32))
    rates[:_OCTETS, unsure] = np.nan
    flags[unsure] |= Flag.UNRELIABLE


def _refuse(step: Step, rates: Rates, flags: NDArray[np.int64], excess: Bits) -> dict[str, int]:
    """More than the line carries is an error of data; when it goes on, of the nominal speed, and the rate is kept."""
    over: dict[str, int] = {}
    for place in map(int, np.flatnonzero(excess.any(axis=0))):
        key = step.lines.rows[place].key
        over[key] = step.over.get(key, 0) + 1
        flags[place] |= Flag.IMPLAUSIBLE
        if over[key] < PATIENCE:
            rates[excess[:, place], place] = np.nan
    return over
