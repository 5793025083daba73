"""Figures of a month for `noc circuit status`: use and p95, round trip, loss, faults; imported only when they are asked for."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards.capacity.tables import circuit_lines
from dashboards.capacity.told import circuit_told
from dashboards.figures import iso
from dashboards.reports.document import Period
from dashboards.status import Age
from inventory.calendar import Month
from inventory.status import DaemonMark
from noc.overview import Circuits, Snapshot, circuits_in


@dataclass(frozen=True)
class Asked:
    path: Path
    mark: DaemonMark | None
    month: Month | None
    heading: str
    age: Age

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(self.path, self.mark, self.age)

    @property
    def period(self) -> Period:
        return Period.of(self.month or Month.of(self.age.now), self.age.now)


def figures_lines(circuits: Circuits, asked: Asked, room: int) -> Sequence[str]:
    period = asked.period
    heading = f"{asked.heading} · figures of {period.month}{'' if period.closed else ' so far'}"
    return circuit_lines(circuits_in(circuits, asked.snapshot, asked.period), heading, room)


def figures_told(circuits: Circuits, asked: Asked) -> Mapping[str, Any]:
    now, period = time.time(), asked.period
    head = {"at": iso(now), "month": str(period.month), "until": iso(period.until), "closed": period.closed}
    return {**head, "circuits": [circuit_told(one, now) for one in circuits_in(circuits, asked.snapshot, asked.period)]}
