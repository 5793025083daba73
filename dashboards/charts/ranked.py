"""The 95th percentile on a chart: of what is shown where five-minute slots are at hand, else month by month.

SEMANTICS 27 and 28: nearest rank over means of five minutes, nothing coarser is ever ranked; said with its slots.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from dashboards.capacity.percentile import Percentile, p95
from dashboards.charts.columns import Floats, Instants
from inventory.calendar import DAY_S, Month
from inventory.slots import SlotTable

REACH_S: Final = 31 * DAY_S  # of longer ranges a month has one of its own, as bills have
RANKED: Final = ("in_bps", "out_bps")


class Ranked(NamedTuple):
    """[start, end) in UTC seconds, and the percentile of it."""

    start: int
    end: int
    found: Percentile


def of_shown(table: SlotTable, row: str, start: int, end: int) -> Mapping[str, Sequence[Ranked]]:
    """Of all slots that lie within [start, end); those that it only touches are not whole and left out."""
    if row not in table.rows:
        return {}
    place = table.rows.index(row)
    whole = (table.at >= start) & (table.at + table.step_s <= end)
    names = [name for name in RANKED if name in table.quantities]
    return {name: [Ranked(start, end, p95(table.of(name)[place, whole]))] for name in names}


def of_months(
    names: Sequence[str], at: Instants, percentiles: Floats, present: Floats, now: float
) -> Mapping[str, Sequence[Ranked]]:
    """Of each local month that `at` begins; the one that runs is expected to have only the slots that are over."""
    found: dict[str, list[Ranked]] = {name: [] for name in names if name in RANKED}
    for column, begins in enumerate(at.tolist()):
        month = Month.of(begins)
        expected = max(0, int(min(month.end, now)) - month.start) // 300
        for name, each in found.items():
            bps = float(percentiles[names.index(name), column])
            slots = np.nan_to_num(present[names.index(name), column])
            each.append(
                Ranked(month.start, month.end, Percentile(None if np.isnan(bps) else bps, int(slots), expected))
            )
    return found
