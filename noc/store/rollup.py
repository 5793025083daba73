"""Five-minute and hourly rollups: mean, least, most, how many, seconds covered, seconds up.

A value speaks of the time since the batch before it, except over a gap, where it speaks only of its own usual
interval. A slot's mean is weighted by that time, so octets are conserved (SEMANTICS 27); a rate over a long span
(flag 8) is left out (SEMANTICS 3). What nothing speaks of is NULL, never zero (SEMANTICS 28).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.quantities import QUANTITIES
from noc.store.steps import Floats, Steps

FIRST_S: Final = 300  # the most that a value with nothing before it may speak of
CONTEXT_S: Final = 7200  # how far to look for the batch before and after
GAP: Final = 2.5  # a gap is longer than so many usual intervals
_LONG_SPAN: Final = 8


class Slots(NamedTuple):
    """Lines x slots each; NaN where nothing is known, `n` and `covered_s` zero there."""

    mean: Floats
    least: Floats
    most: Floats
    n: Floats
    covered_s: Floats


class Fragments(NamedTuple):
    """Every value's time cut at the slots' edges, in order."""

    owner: NDArray[np.int64]
    slot: NDArray[np.int64]
    length: NDArray[np.int64]
    last: NDArray[np.bool_]


def begins(at: Steps) -> Steps:
    """Since when each value speaks; `at` ascending, with some context at both ends."""
    gaps = np.diff(at).astype(np.float64)
    own = np.concatenate([[np.inf], gaps])
    before = np.concatenate([[np.inf], own[:-1]])
    after = np.concatenate([gaps, [np.inf]])
    usual = np.minimum(before, after)
    reach = np.where(own > GAP * usual, usual, own)
    alone = ~np.isfinite(usual) | ~np.isfinite(own)
    reach[alone] = np.minimum(np.minimum(reach, usual), FIRST_S)[alone]
    return at - reach.astype(np.int64)


def fragments(at: Steps, begin: Steps, start: int, step: int, count: int) -> Fragments:
    first, final = (begin - start) // step, (at - 1 - start) // step
    each = np.maximum(final - first + 1, 0)
    owner = np.repeat(np.arange(len(at)), each)
    slot = first[owner] + np.arange(len(owner)) - (np.cumsum(each) - each)[owner]
    low = np.maximum(begin[owner], start + slot * step)
    high = np.minimum(at[owner], start + (slot + 1) * step)
    inside = (slot >= 0) & (slot < count)
    return Fragments(owner[inside], slot[inside], (high - low)[inside], (high == at[owner])[inside])


def rolled(values: Floats, cut: Fragments, count: int) -> Slots:
    """`values`: lines x instants with NaN; gives lines x `count` slots."""
    lines = len(values)
    slots = Slots(*(np.full((lines, count), np.nan) for _ in range(3)), *(np.zeros((lines, count)) for _ in range(2)))
    if not len(cut.slot) or not lines:
        return slots
    heads = np.flatnonzero(np.diff(cut.slot, prepend=-1))
    places = cut.slot[heads]
    spread = values[:, cut.owner]
    known = ~np.isnan(spread)
    weight = known * cut.length
    covered = np.add.reduceat(weight, heads, axis=1)
    total = np.add.reduceat(np.where(known, spread, 0.0) * weight, heads, axis=1)
    there = covered > 0
    slots.mean[:, places] = np.divide(total, covered, out=np.full(total.shape, np.nan), where=there)
    least = np.minimum.reduceat(np.where(known, spread, np.inf), heads, axis=1)
    most = np.maximum.reduceat(np.where(known, spread, -np.inf), heads, axis=1)
    slots.least[:, places] = np.where(there, least, np.nan)
    slots.most[:, places] = np.where(there, most, np.nan)
    slots.n[:, places] = np.add.reduceat(known & cut.last, heads, axis=1, dtype=np.int64)
    slots.covered_s[:, places] = covered
    return slots


def spoken(quantities: tuple[str, ...], values: Floats) -> Floats:
    """Quantities x anything, without the rates that were measured over a long span."""
    if "flags" not in quantities:
        return values
    flags = values[quantities.index("flags")]
    long = (np.nan_to_num(flags).astype(np.int64) & _LONG_SPAN) != 0
    if not long.any():
        return values
    rates = [name in QUANTITIES and QUANTITIES[name].kind == "rate" for name in quantities]
    values = values.copy()
    values[np.array(rates)[:, *[None] * (values.ndim - 1)] & long] = np.nan
    return values


def up_share(quantities: tuple[str, ...], values: Floats) -> Floats:
    """How far each instant counts as up, 0 to 1; NaN where nothing says so."""
    for name in ("oper_status", "up_ratio", "state", "answered"):
        if name in quantities:
            line = values[quantities.index(name)]
            return line if name == "up_ratio" else np.where(np.isnan(line), np.nan, _up(name, line))
    return np.full(values.shape[1:], np.nan)


def _up(name: str, line: Floats) -> NDArray[np.bool_]:
    return line <= 1 if name == "state" else line == 1
