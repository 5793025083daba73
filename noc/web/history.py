"""How sites and links stood, for the web: states as the store kept them, planned work as the ledger has it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from alerts.window import Window
from dashboards.reports.sla import Place, States
from dashboards.reports.spans import Event, Stretch
from dashboards.web.refusal import Away
from dashboards.web.sources.cases import CaseSource
from dashboards.web.sources.status import StatusSource
from inventory.calendar import Month
from inventory.model import Inventory
from inventory.status import DaemonMark
from noc.courses import JUDGED_S, LOOK_BACK_S, events, unwatched
from noc.planned import Plan, Times, times
from noc.store.file import StoreError
from noc.store.reader import MetricReader
from noc.watching import QUANTITIES
from noc.web.series import StoredSeries

MOST_KEPT: Final = 7  # stretches of months beside the newest: pages ask of the past and of what is ahead
Planned = Mapping[Place, Sequence[tuple[int, Stretch]]]


class _Over(NamedTuple):
    start: int
    until: int


@dataclass(frozen=True)
class _Kept:
    """Planned work as of one state of the ledger, over whole months."""

    version: int
    inventory: Inventory
    windows: Sequence[Window]
    planned: Planned


class StoredHistory:
    """`HistorySource`; planned work is worked out once for all places, and again when the ledger or the inventory changes."""

    def __init__(self, series: StoredSeries, cases: CaseSource, status: StatusSource) -> None:
        self._series = series
        self._cases = cases
        self._status = status
        self._kept: dict[_Over, _Kept] = {}

    def states(self, places: Collection[Place], start: int, end: int) -> States:
        mark = _going_on(self._status.picture().mark, end)
        try:
            with self._series.reader() as reader:
                return States(
                    events=_events(reader, places, start, end),
                    unwatched=unwatched(reader, mark, start, end),
                    planned=self.planned(places, start, end),
                )
        except StoreError as error:
            raise Away(str(error)) from error

    def planned(self, places: Collection[Place], start: int, end: int) -> Planned:
        """Cut to the time asked for, as it is kept of whole months."""
        whole = self._whole(_Over(Month.of(start).start, Month.of(end).end)).planned
        return {
            place: [
                (number, (max(low, start), min(high, end)))
                for number, (low, high) in whole[place]
                if low < end and start < high
            ]
            for place in places
            if place in whole
        }

    def _whole(self, over: _Over) -> _Kept:
        """Two threads may work it out at once; what either keeps is right."""
        inventory, version = self._status.inventory(), self._cases.version()
        kept = self._kept.get(over)
        if kept is not None and kept.version == version and kept.inventory is inventory:
            return kept
        with self._cases.reading() as books:
            windows = [window for window in books.windows() if window.kind == "maintenance"]
        if kept is not None and kept.windows == windows and kept.inventory is inventory:
            found = replace(kept, version=version)
        else:
            found = _Kept(version, inventory, windows, self._plan(inventory, times(windows, over)))
        self._kept = {**dict(list(self._kept.items())[-MOST_KEPT:]), over: found}
        return found

    def _plan(self, inventory: Inventory, ran: Times) -> Planned:
        topology = self._status.topology()
        return Plan(inventory, topology).planned(ran) if ran and topology else {}


def _going_on(mark: DaemonMark | None, end: int) -> DaemonMark | None:
    """A daemon that writes watches until now, though its last line is a second old."""
    if mark is None or mark.stopped is not None or not 0 < end - mark.at <= mark.stale_after_s:
        return mark
    return replace(mark, at=float(end))


def _events(reader: MetricReader, places: Collection[Place], start: int, end: int) -> Mapping[Place, list[Event]]:
    subjects = [(f"{kind}_state", scope, key) for kind, key in places for scope in ("", key)]
    read = reader.read_many(subjects, QUANTITIES, start=start - LOOK_BACK_S, end=end + JUDGED_S)
    found: dict[Place, list[Event]] = {place: [] for place in places}
    for place, series in zip((place for place in places for _ in range(2)), read, strict=True):
        found[place].extend(events(series))
    return {place: sorted(said, key=lambda event: event.at) for place, said in found.items()}
