"""What charts are drawn from, of one viewer: who may see the subject is asked before the store is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dashboards.charts.asked import Asked
from dashboards.charts.columns import Columns, fewer, usual_step, with_gaps
from dashboards.charts.panel import Subject
from dashboards.charts.steps import times_of
from dashboards.web.refusal import Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.series import SeriesSource
from dashboards.web.viewer import Right

Place = Literal["sites", "devices", "links", "circuits"]
ROWS: Final[Mapping[str, Place]] = {  # measurements whose rows are keys of the inventory
    "link": "links",
    "link_state": "links",
    "circuit": "circuits",
    "circuit_traffic": "circuits",
    "liveness": "devices",
    "device_state": "devices",
    "site_state": "sites",
}


@dataclass(frozen=True)
class Charts:
    """`course`: of one subject over a range, ready to be drawn."""

    scope: Scope
    series: SeriesSource

    def course(self, subject: Subject, asked: Asked) -> Columns:
        """Unseen where there is no such subject, or none that the viewer may know of."""
        declared = self._declared(subject)
        layer = asked.layer
        found = self.series.course(
            subject.measurement,
            subject.scope,
            subject.row,
            subject.quantities,
            start=asked.start,
            end=asked.end,
            step_s=layer.step_s,
        )
        if not len(found.at) and not declared and not self.series.known(*_place(subject)):
            raise _unseen(subject)
        columns = Columns(found.quantities, layer.step_s, found.at, found.mean, found.least, found.most)
        every = layer.step_s or usual_step(found.at, 60.0)
        times = times_of(asked.span_s, layer.step_s, asked.points)
        return with_gaps(fewer(columns, times), every * times)

    def _declared(self, subject: Subject) -> bool:
        """Whether the inventory names it; Unseen where the viewer may not know of it."""
        place = ROWS.get(subject.measurement)
        if place is not None:
            if subject.row in getattr(self.scope.inventory, place):
                return True
        elif subject.scope:
            if subject.scope in self.scope.inventory.devices:
                return False
        elif self.scope.whole and self.scope.viewer.may(Right.WATCH):
            return False
        raise _unseen(subject)


def _place(subject: Subject) -> tuple[str, str, str]:
    return subject.measurement, subject.scope, subject.row


def _unseen(subject: Subject) -> Unseen:
    return Unseen(f"nothing is measured of {subject.row!r} as {subject.measurement!r}")
