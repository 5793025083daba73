"""What reports rest on, gathered from the metric store and the ledger: states, slots, planned work, allocations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from alerts.sites import links_serving
from alerts.window import Window
from dashboards.figures import iso
from dashboards.reports.capacity import capacity, delivering
from dashboards.reports.capacity import of_institution as capacity_of
from dashboards.reports.document import Document, Period, Report
from dashboards.reports.iru import Ledger, iru
from dashboards.reports.iru import of_institution as iru_of
from dashboards.reports.sla import Place, States, sla
from dashboards.reports.sla import of_institution as sla_of
from dashboards.reports.spans import Event, Span, Stretch
from dashboards.reports.traffic import Traffic
from inventory.accounts.book import Book
from inventory.model import Inventory
from inventory.slots import SlotTable
from inventory.status import DaemonMark
from inventory.topology import Topology
from noc.carrying import links_of
from noc.courses import courses, said, unwatched
from noc.planned import Plan, times, told
from noc.store.reader import MetricReader

RATES: Final = ("in_bps", "out_bps")


@dataclass(frozen=True)
class Sources:
    """Where a report's evidence lies; `mark` is the daemon's own line, `book` the capacity ledger as known at `known`."""

    inventory: Inventory
    attached_to: str
    reader: MetricReader
    mark: DaemonMark | None
    windows: Sequence[Window]
    book: Book
    known: float


class Evidence:
    """Gathers, and has the report computed."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._inventory = sources.inventory
        self._reader = sources.reader
        self.serving: Mapping[str, Sequence[str]] = links_serving(sources.inventory)

    def document(self, report: Report, period: Period) -> Document:
        """The whole report. NoData; StoreError."""
        inventory = self._inventory
        if report == "sla":
            return sla(inventory, period, self.states(period))
        traffic = self._traffic(period, links=report == "capacity")
        if report == "capacity":
            return capacity(inventory, period, traffic, self.serving, self._first_at())
        book, known = self._sources.book, self._sources.known
        return iru(inventory, period, traffic, Ledger(book, known, list(changes(book, period, known))))

    def of_institution(self, document: Document, institution: str) -> Document:
        site = self._inventory.institutions[institution].site
        views = {"sla": sla_of, "capacity": capacity_of, "iru": iru_of}
        return views[document.report](document, self._inventory, institution, self.serving.get(site or "", ()))

    def states(self, period: Period) -> States:
        inventory = self._inventory
        ran = times(self._sources.windows, period)
        plan = Plan(inventory, Topology(inventory, self._sources.attached_to)).planned(ran) if ran else {}
        return States(
            events=dict(self._events(period)),
            unwatched=self._unwatched(period),
            planned=plan,
            windows=told(ran),
            serving=self.serving,
            since=self._first_at(),
        )

    def _events(self, period: Period) -> Iterator[tuple[Place, list[Event]]]:
        for kind, keys in (("site", self._inventory.sites), ("link", self._inventory.links)):
            for key in keys:
                subjects = ((f"{kind}_state", scope, key) for scope in ("", key))
                told = (event for one in subjects for event in said(self._reader, one, period.start, period.until))
                yield (kind, key), sorted(told, key=lambda event: event.at)

    def _unwatched(self, period: Period) -> list[Span]:
        return unwatched(self._reader, self._sources.mark, period.start, period.until)

    def _down(self, period: Period) -> Mapping[str, Sequence[Stretch]]:
        """When circuits were known to carry nothing."""
        links = {key: links_of(self._inventory, key) for key in delivering(self._inventory)}
        found = courses(self._reader, links, self._unwatched(period), (period.start, period.until))
        return {key: one.down for key, one in found.items() if one.down}

    def _first_at(self) -> int | None:
        return self._reader.stats().first_at

    def _traffic(self, period: Period, *, links: bool) -> Traffic:
        inventory = self._inventory
        return Traffic(
            links=self._table("link", tuple(inventory.links) if links else (), period),
            circuits=self._table("circuit_traffic", delivering(inventory), period),
            points=self._table("point", () if links else tuple(inventory.points), period),
            down=self._down(period),
        )

    def _table(self, measurement: str, rows: Iterable[str], period: Period) -> SlotTable:
        wanted = tuple(rows)
        if not wanted:
            nothing = np.zeros((len(RATES), 0, 0))
            return SlotTable(period.start, 300, (), RATES, nothing, nothing)
        return self._reader.table(measurement, "", wanted, RATES, start=period.start, end=period.until)


def changes(book: Book, period: Period, known: float) -> Iterator[dict[str, Any]]:
    """What was said of requests in that time, and by whom."""
    for number, word in enumerate(book.words, 1):
        if period.start <= word.recorded_at < period.until and word.recorded_at <= known:
            term = (word.granted or word.asked)[-1]
            yield {
                "number": number,
                "at": iso(word.recorded_at),
                "who": word.who or word.author,
                "act": word.act,
                "key": f"R-{word.number}",
                "institution": word.institution,
                "in_bps": term.in_bps,
                "out_bps": term.out_bps,
                "reason": word.reason,
            }
