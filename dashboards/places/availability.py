"""Availability of one site this month so far and last month: the sums of the monthly report, of one site alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards.reports.document import NoData, Period
from dashboards.reports.sla import States, sla
from inventory.calendar import Month
from inventory.model import Inventory


@dataclass(frozen=True, slots=True)
class Available:
    """`figures` as in the report (availability, agreed_s, down_s, unknown_s, planned_s, faults ...); None: nobody watched."""

    period: Period
    figures: Mapping[str, Any] | None

    @property
    def running(self) -> bool:
        return not self.period.closed


def before(month: Month) -> Month:
    return Month.of(month.start - 1)


def availability(inventory: Inventory, site: str, states: States, now: float) -> Sequence[Available]:
    """This month and the last; `states` reach back to the beginning of the last one."""
    this = Month.of(now)
    alone = Inventory(
        sites={site: inventory.sites[site]},
        devices={device.key: device for device in inventory.devices_at[site]},
    )
    return [_of(alone, site, states, Period.of(month, now)) for month in (this, before(this))]


def _of(alone: Inventory, site: str, states: States, period: Period) -> Available:
    inside = [
        replace(gap, start=max(gap.start, period.start), end=min(gap.end, period.until))
        for gap in states.unwatched
        if gap.start < period.until and gap.end > period.start
    ]
    if period.until <= period.start:
        return Available(period, None)
    try:
        document = sla(alone, period, replace(states, unwatched=inside))
    except NoData:
        return Available(period, None)
    return Available(period, next((row for row in document.figures if row["kind"] == "site"), None))
