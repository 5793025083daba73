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
    places = cut.slot[_heads(cut)]
    for whole, part in zip(slots, spoken_of(values, cut), strict=True):
        whole[:, places] = part
    return slots


def spoken_of(values: Floats, cut: Fragments, *, extremes: bool = True) -> Slots:
    """The same for those slots alone that any instant speaks of, in their order; without `extremes` NaN in their place."""
    heads = _heads(cut)
    spread = _spread(values, cut.owner)
    known = ~np.isnan(spread)
    if known.all():
        return _all_known(spread, cut, heads, extremes=extremes)
    weight = known * cut.length
    covered = np.add.reduceat(weight, heads, axis=1)
    total = np.add.reduceat(np.where(known, spread, 0.0) * weight, heads, axis=1)
    n = np.add.reduceat(known & cut.last, heads, axis=1, dtype=np.int64)
    there, nothing = covered > 0, np.full(total.shape, np.nan)
    mean = np.divide(total, covered, out=nothing.copy(), where=there)
    if not extremes:
        return Slots(mean, nothing, nothing, n, covered)
    least = np.minimum.reduceat(np.where(known, spread, np.inf), heads, axis=1)
    most = np.maximum.reduceat(np.where(known, spread, -np.inf), heads, axis=1)
    return Slots(mean, np.where(there, least, np.nan), np.where(there, most, np.nan), n, covered)


def _all_known(spread: Floats, cut: Fragments, heads: NDArray[np.intp], *, extremes: bool) -> Slots:
    """What is usual: all lines speak of the same seconds, which are added up once."""
    covered = np.add.reduceat(cut.length, heads)
    total = np.add.reduceat(spread * cut.length, heads, axis=1)
    there, nothing = covered > 0, np.full(total.shape, np.nan)
    mean = np.divide(total, covered, out=nothing.copy(), where=there)
    least = most = nothing
    if extremes:
        least, most = (np.where(there, way.reduceat(spread, heads, axis=1), np.nan) for way in (np.minimum, np.maximum))
    n = np.add.reduceat(cut.last, heads, dtype=np.int64)
    return Slots(mean, least, most, np.broadcast_to(n, total.shape), np.broadcast_to(covered, total.shape))


def _heads(cut: Fragments) -> NDArray[np.intp]:
    """Where the fragments of each slot begin."""
    return np.flatnonzero(np.diff(cut.slot, prepend=-1))


def _spread(values: Floats, owner: NDArray[np.int64]) -> Floats:
    """Each fragment's value; without copying where no value reaches over a slot's edge."""
    if len(owner) and bool((owner[1:] - owner[:-1] == 1).all()):
        return values[:, owner[0] : owner[-1] + 1]
    return values[:, owner]


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
