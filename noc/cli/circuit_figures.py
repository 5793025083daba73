"""Figures of a month for `noc circuit status`: use and p95, round trip, loss, faults; imported only when they are asked for."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards.capacity.measured import State
from dashboards.capacity.standing import CircuitStanding, circuit_standing
from dashboards.capacity.tables import circuit_lines
from dashboards.capacity.told import circuit_told
from dashboards.figures import iso
from dashboards.reports.document import Period
from dashboards.status import Age
from inventory.calendar import Month
from inventory.model import Circuit
from inventory.status import DaemonMark, StatusRow
from noc.capacity import Question, in_parts, measured
from noc.store.reader import MetricReader

Circuits = Sequence[tuple[str, Sequence[StatusRow]]]  # circuit, and the rows of its links, the worst first


@dataclass(frozen=True)
class Asked:
    path: Path
    mark: DaemonMark | None
    month: Month | None
    heading: str
    age: Age

    @property
    def period(self) -> Period:
        return Period.of(self.month or Month.of(self.age.now), self.age.now)


def figures_lines(circuits: Circuits, asked: Asked, room: int) -> Sequence[str]:
    period = asked.period
    heading = f"{asked.heading} · figures of {period.month}{'' if period.closed else ' so far'}"
    return circuit_lines(_standings(circuits, asked), heading, room)


def figures_told(circuits: Circuits, asked: Asked) -> Mapping[str, Any]:
    now, period = time.time(), asked.period
    head = {"at": iso(now), "month": str(period.month), "until": iso(period.until), "closed": period.closed}
    return {**head, "circuits": [circuit_told(one, now) for one in _standings(circuits, asked)]}


def _standings(circuits: Circuits, asked: Asked) -> list[CircuitStanding]:
    links = {key: [row.key for row in rows] for key, rows in circuits}
    rows = dict(circuits)
    states = {key: _state(mine[0], asked.age) for key, mine in circuits}
    question = Question(asked.period, asked.mark)
    found: list[CircuitStanding] = []
    with MetricReader(asked.path) as reader:
        for part in in_parts(links):
            seen = measured(reader, part, question, states)
            found += [circuit_standing(_circuit(key, rows[key]), seen) for key in part]
    return found


def _state(row: StatusRow, age: Age) -> State:
    return State(row.state, row.since, row.reason, age.stale(row))


def _circuit(key: str, rows: Iterable[StatusRow]) -> Circuit:
    """As the snapshot has it: contracted rates are the sums of those of its links."""
    every = list(rows)
    rates = [sum(int(float(str(row.labels.get(f"{way}_committed_bps", 0)))) for row in every) for way in ("in", "out")]
    return Circuit(key, str(every[0].labels.get("provider", "")), "", in_bps=rates[0], out_bps=rates[1])
