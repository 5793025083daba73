"""What was measured as columns of a chart: gaps stay gaps, many slots become fewer points, numbers as short as their meaning."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import EAT_S
from inventory.quantities import QUANTITIES
from inventory.slots import SlotTable

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

DIGITS: Final = 5  # a screen shows three, and differences of them
GAP_STEPS: Final = 2.5  # polls: older than that nothing is drawn on from


@dataclass(frozen=True, slots=True)
class Columns:
    """`at` rises (UTC seconds); the others are quantities x instants with NaN for what is not known.

    `covered_s`: seconds that each mean speaks of, None where all speak of as many.
    """

    quantities: tuple[str, ...]
    step_s: int  # of a point; 0: as polled
    at: Instants
    mean: Floats
    least: Floats | None = None
    most: Floats | None = None
    covered_s: Floats | None = None

    def only(self, quantities: tuple[str, ...]) -> "Columns":
        """Some of them, in that order."""
        places = [self.quantities.index(name) for name in quantities]
        parts = (None if values is None else values[places] for values in (self.least, self.most, self.covered_s))
        return Columns(quantities, self.step_s, self.at, self.mean[places], *parts)


def of_slots(table: SlotTable, row: str) -> Columns:
    """One row of a table, from the first slot of which anything is known to the last."""
    if row not in table.rows:
        nothing = np.empty((len(table.quantities), 0))
        return Columns(table.quantities, table.step_s, np.empty(0, np.int64), nothing)
    place = table.rows.index(row)
    known = np.flatnonzero(~np.isnan(table.mean[:, place]).all(axis=0))
    part = slice(known[0], known[-1] + 1) if len(known) else slice(0, 0)
    least, most = (None if one is None else one[:, place, part] for one in (table.least, table.most))
    mean, covered = table.mean[:, place, part], table.covered_s[:, place, part]
    return Columns(table.quantities, table.step_s, table.at[part], mean, least, most, covered)


def fewer(columns: Columns, times: int) -> Columns:
    """`times` neighbouring slots as one point: means weighted by time, so that octets are conserved, least of leasts,
    most of mosts. Whole hours and days fit.
    """
    if times == 1 or not len(columns.at) or not columns.step_s:
        return columns
    step = columns.step_s * times
    slots = (columns.at + EAT_S) // step
    first = np.flatnonzero(np.diff(slots, prepend=slots[0] - 1))
    known = ~np.isnan(columns.mean)
    weights = np.where(known, 1.0 if columns.covered_s is None else columns.covered_s, 0.0)
    covered = np.add.reduceat(weights, first, axis=1)
    sums = np.add.reduceat(np.where(known, columns.mean, 0.0) * weights, first, axis=1)
    mean = np.where(covered > 0, sums / np.where(covered > 0, covered, 1.0), np.nan)
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
    mean, least, most = parts
    assert mean is not None
    return Columns(columns.quantities, columns.step_s, at, mean, least, most)


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
    found: list[int] = np.diff(at, prepend=0).tolist()
    return found


def short(values: Floats, quantity: str) -> list[float | int | None]:
    """As JSON has them: five digits, never finer than they were kept, null for what is not known."""
    resolution = resolution_of(quantity)
    few = rounded(values, resolution)
    if resolution >= 1:
        whole: list[float | int | None] = np.where(np.isnan(few), 0.0, few).astype(np.int64).tolist()
        for place in np.flatnonzero(np.isnan(few)).tolist():
            whole[place] = None
        return whole
    return [None if math.isnan(one) else (int(one) if one == int(one) else one) for one in few.tolist()]


def resolution_of(quantity: str) -> float:
    return QUANTITIES[quantity].resolution if quantity in QUANTITIES else 0.001


def rounded(values: Floats, resolution: float | Floats) -> Floats:
    """To DIGITS, never finer than `resolution`: one for all, or a column with that of each line."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(values)))
    places = np.where(np.isfinite(size), DIGITS - 1 - size, 0.0)
    places = np.minimum(places, np.where(np.less(resolution, 1), np.round(-np.log10(resolution)), 0.0))
    scale = 10.0 ** np.abs(places)
    found: Floats = np.where(places >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)
    return found
