"""Silences and planned work, for those who see the whole network."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.desk import planned
from alerts.incident import Incident
from alerts.places import Place
from alerts.window import Window, WindowKind
from dashboards.cases.planning import Planned, Typed, asked_for, same_click
from dashboards.web.house import House
from dashboards.web.refusal import Unseen
from dashboards.web.sight.scope import Scope
from dashboards.windows import WindowRow, window_rows
from inventory.sentence import Sentence


@dataclass(frozen=True, slots=True)
class OneWindow:
    """`quiet`: incidents that nobody is told of because of it; `others`: windows that overlap with it.

    `reach`: of what alarms it keeps quiet, or would.
    """

    row: WindowRow
    reach: Sequence[Place]
    quiet: Sequence[Incident]
    others: Sequence[Window]


class PlannedSight:
    """Of one request."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house = house
        self._scope = scope
        self._now = now

    def rows(self, kinds: Sequence[WindowKind], *, over: bool) -> Sequence[WindowRow]:
        """`over`: also those that are; what runs first, then what comes."""
        with self._house.cases.reading() as books:
            windows = [one for one in books.windows() if one.kind in kinds]
        rows = [row for row in window_rows(windows, self._scope.inventory, self._now) if over or row.span is not None]
        return sorted(rows, key=_place)

    def one(self, number: int) -> OneWindow:
        with self._house.cases.reading() as books:
            windows = books.windows()
        found = next((one for one in windows if one.number == number), None)
        if found is None:
            raise Unseen(Sentence("window-unknown", "there is no silence and no maintenance {number}", number=number))
        row = window_rows([found], self._scope.inventory, self._now)[0]
        quiet = [one for one in self._house.cases.standing() if one.window == number]
        rest = [one for one in windows if not one.ended_by] if row.span is not None else []
        reach = planned.reach(self._scope.inventory, found)
        return OneWindow(row, reach, quiet, planned.overlapping(rest, found, reach, self._scope.inventory))

    def asked_for(self, kind: WindowKind, typed: Typed, who: str) -> Planned:
        """What a form asks for, looked over; nothing is kept."""
        with self._house.cases.reading() as books:
            windows = [one for one in books.windows() if not one.ended_by]
        return asked_for(kind, typed, self._scope.inventory, windows, who, now=self._now)

    def keep(self, window: Window) -> Window:
        """Once, however often the form is sent."""
        with self._house.cases.acting() as books:
            return same_click(books.windows(), window, self._now) or planned.keep(books, window, self._now)

    def end(self, kind: WindowKind, number: int, who: str) -> planned.Ending:
        with self._house.cases.acting() as books:
            return planned.end(books, kind, number, who, self._now)


def _place(row: WindowRow) -> tuple[bool, float, int]:
    span = row.span
    return span is None, span[0] if span else -row.window.to_at, row.window.number
