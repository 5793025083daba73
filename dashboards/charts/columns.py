"""What was measured as columns of a chart: gaps stay gaps, many slots become fewer points, numbers as short as their meaning."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import EAT_S
from inventory.quantities import QUANTITIES

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

DIGITS: Final = 5  # a screen shows three, and differences of them
GAP_STEPS: Final = 2.5  # polls: older than that nothing is drawn on from


@dataclass(frozen=True, slots=True)
class Columns:
    """`at` rises (UTC seconds); mean, least, most are quantities x instants with NaN for what is not known."""

    quantities: tuple[str, ...]
    step_s: int  # of a point; 0: as polled
    at: Instants
    mean: Floats
    least: Floats | None = None
    most: Floats | None = None

    def row(self, quantity: str) -> int:
        return self.quantities.index(quantity)


def fewer(columns: Columns, times: int) -> Columns:
    """`times` neighbouring slots as one point: mean of means, least of leasts, most of mosts; whole hours and days fit."""
    if times == 1 or not len(columns.at) or not columns.step_s:
        return columns
    step = columns.step_s * times
    slots = (columns.at + EAT_S) // step
    first = np.flatnonzero(np.diff(slots, prepend=slots[0] - 1))
    known = ~np.isnan(columns.mean)
    counts = np.add.reduceat(known, first, axis=1, dtype=np.int64)
    sums = np.add.reduceat(np.where(known, columns.mean, 0.0), first, axis=1)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    least = np.fmin.reduceat(columns.mean if columns.least is None else columns.least, first, axis=1)
    most = np.fmax.reduceat(columns.mean if columns.most is None else columns.most, first, axis=1)
    return Columns(columns.quantities, step, slots[first] * step - EAT_S, mean, least, most)


def with_gaps(columns: Columns, every_s: float) -> Columns:
    """An instant of nothing known wherever something is missing between two, so that no line joins them.

    `every_s`: how far apart neighbours are where nothing is missing.
    """
    after = np.flatnonzero(np.diff(columns.at) > GAP_STEPS * every_s if not columns.step_s else _apart(columns))
    if not len(after):
        return columns
    at = np.insert(columns.at, after + 1, columns.at[after] + max(1, int(every_s)))
    parts = (_opened(values, after + 1) for values in (columns.mean, columns.least, columns.most))
    return Columns(columns.quantities, columns.step_s, at, *parts)  # type: ignore[arg-type]


def _apart(columns: Columns) -> NDArray[np.bool_]:
    months = 31 * 86_400 if columns.step_s > 20 * 86_400 else columns.step_s
    found: NDArray[np.bool_] = np.diff(columns.at) > months
    return found


def _opened(values: Floats | None, places: NDArray[np.intp]) -> Floats | None:
    return None if values is None else np.insert(values, places, np.nan, axis=1)


def usual_step(at: Instants, otherwise: float) -> float:
    """How far apart polls usually are."""
    return float(np.median(np.diff(at))) if len(at) > 2 else otherwise


def deltas(at: Instants) -> list[int]:
    """The first instant, then the distance of each from the one before: few different numbers, which compress well."""
    return [int(one) for one in np.diff(at, prepend=0)]


def short(values: Floats, quantity: str) -> list[float | int | None]:
    """As JSON has them: five digits, never finer than they were kept, null for what is not known."""
    resolution = QUANTITIES[quantity].resolution if quantity in QUANTITIES else 0.001
    rounded = _rounded(values, resolution)
    if resolution >= 1:
        return [None if math.isnan(one) else int(one) for one in rounded.tolist()]
    return [None if math.isnan(one) else (int(one) if one == int(one) else one) for one in rounded.tolist()]


def _rounded(values: Floats, resolution: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(values)))
    places = np.where(np.isfinite(size), DIGITS - 1 - size, 0.0)
    places = np.minimum(places, np.round(-np.log10(resolution)) if resolution < 1 else 0)
    scale = 10.0 ** np.abs(places)
    found: Floats = np.where(places >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)
    return found
