"""What one viewer may ask of links, circuits and providers: how they stand and stood, whose they are, what befell them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from alerts.incident import Incident
from alerts.subject import Subject
from alerts.words.phrases import title
from dashboards.charts.asked import Asked
from dashboards.charts.marks import Band, Mark, mark, within
from dashboards.charts.strip import REACH_S, Part, strip, together
from dashboards.incidents import IncidentRow, row
from dashboards.lines.circuit import CircuitRow, circuit_row
from dashboards.lines.link import EndSeen, end_seen, subjects_of
from dashboards.status import Age, age_of
from dashboards.text import one_line
from dashboards.web.house import House
from dashboards.web.refusal import Away
from dashboards.web.sight.charts import FRESH_S
from dashboards.web.sight.places import found
from dashboards.web.sources.capacity import CircuitFigures
from inventory.calendar import DAY_S, Month
from inventory.model import Circuit, End, Link, Provider

if TYPE_CHECKING:
    from dashboards.web.sight.sight import Sight

BEFORE_S = 31 * DAY_S  # so long before a chart begins incidents are looked for that may still have run
AHEAD_S = 31 * DAY_S
AHEAD_TICK_S = 300
LAST = 5
PAST_S = 400 * DAY_S


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside the curves of a chart."""

    strip: Sequence[Part] = ()
    bands: Sequence[Band] = ()
    marks: Sequence[Mark] = ()
    away: str = ""  # what of it could not be read


class Lines:
    """Of one request."""

    def __init__(self, sight: "Sight", house: House) -> None:
        self._sight, self._house = sight, house

    def link(self, key: str) -> Link:
        one: Link = found(self._sight.inventory.links, key, "link")
        return one

    def circuit(self, key: str) -> Circuit:
        one: Circuit = found(self._sight.inventory.circuits, key, "circuit")
        return one

    def provider(self, key: str) -> Provider:
        one: Provider = found(self._sight.inventory.providers, key, "provider")
        return one

    @cached_property
    def _carriers(self) -> dict[str, list[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self._sight.inventory.links.values():
            found.setdefault(link.circuit, []).append(link)
        return found

    def links_of(self, circuit: str) -> Sequence[Link]:
        """Those that carry it and may be seen."""
        return self._carriers.get(circuit, ())

    @cached_property
    def month(self) -> CircuitFigures | None:
        """Figures of the month so far of every circuit, as they were last computed; None: being computed, or away."""
        try:
            return self._house.capacity.circuits()
        except Away:
            return None

    def circuit_row(self, key: str) -> CircuitRow:
        standing = self.month.circuits.get(key) if self.month else None
        rows, one = self._sight.picture.links, self.circuit(key)
        return circuit_row(one, self.links_of(key), rows, self._age, standing)

    def circuits(self, provider: str = "") -> list[CircuitRow]:
        """All that may be seen (of a provider)."""
        every = self._sight.inventory.circuits.values()
        return [self.circuit_row(one.key) for one in every if provider in ("", one.provider)]

    def of_provider(self, provider: str, language: str, most: int) -> list[IncidentRow]:
        """Incidents of the month so far, and what still stands, whose root is one of its circuits or their links."""
        inventory = self._sight.inventory
        own = {("circuit", key) for key, one in inventory.circuits.items() if one.provider == provider}
        own |= {("link", key) for key, one in inventory.links.items() if one.provider == provider}
        every = self._sight.cases.since(Month.of(self._sight.now).start)
        mine = [one for one in every if any((root.kind, root.key) in own for root in one.roots)]
        view = self._sight.cases.view(language)
        return [row(one, view) for one in sorted(mine, key=lambda one: -one.since)[:most]]

    @cached_property
    def _age(self) -> Age:
        return age_of(self._sight.mark, self._sight.now)

    def ends(self, link: Link) -> list[EndSeen]:
        return [self._end(side, end) for side, end in (("a", link.a), ("b", link.b))]

    def _end(self, side: str, end: End) -> EndSeen:
        inventory, whole = self._sight.inventory, self._sight.scope.whole
        if end.external or end.device not in inventory.devices:
            return EndSeen(side, end)
        version = self._sight.written.version
        return self._house.kept.of(("end", side, end, whole), version, lambda: self._read_end(side, end))

    def _read_end(self, side: str, end: End) -> EndSeen:
        newest = self._house.series.newest("interface", end.device, end.interface)
        facts = self._house.status.facts(end.device, "interfaces").get("interfaces", {})
        told: Iterable[dict[str, Any]] = facts.get("content", {}).get("interfaces", ())
        port = dict(next((one for one in told if one.get("key") == end.interface), {}))
        if not self._sight.scope.whole:
            port.pop("ifAlias", None)  # names whom it leads to
        return end_seen(side, end, self._sight.inventory, port, newest)

    def around(self, links: Sequence[Link], asked: Asked, language: str) -> Around:
        """Over the time of a chart; without what cannot be read."""
        places = [("link", link.key) for link in links]
        try:
            past = self._strip(places, asked)
            subjects = [subject for link in links for subject in subjects_of(link)]
            told = within(
                self._incidents(subjects, min(asked.start - BEFORE_S, self._sight.now - PAST_S)), asked.start, asked.end
            )
            return Around(*past, [mark(one, self._title(one, language)) for one in told])
        except Away as error:
            return Around(away=str(error))

    def _strip(self, places: Collection[Any], asked: Asked) -> tuple[Sequence[Part], Sequence[Band]]:
        end = self._told_until(asked.end)
        if asked.span_s > REACH_S or not places or end <= asked.start:
            return (), ()
        stamp = self._house.cases.version(), self._sight.now // FRESH_S if asked.live else None
        key = ("strip", tuple(places), asked.start, end if not asked.live else asked.end)
        return self._house.kept.of(key, stamp, lambda: self._parts(places, asked, end))

    def _parts(self, places: Collection[Any], asked: Asked, end: int) -> tuple[Sequence[Part], Sequence[Band]]:
        states = self._house.history.states(places, asked.start, end)
        parts = [strip(states.events[place], states.unwatched, asked.start, end) for place in places]
        planned = {one for place in places for one in states.planned.get(place, ())}
        return together(parts), sorted(Band(start, end, number, "") for number, (start, end) in planned)

    def _told_until(self, end: int) -> int:
        """While the daemon writes, what it has not written yet is not unwatched."""
        mark = self._sight.mark
        return min(end, int(mark.at)) if mark is not None and self._age.silent_since is None else end

    def ahead(self, links: Sequence[Link]) -> list[Band]:
        """Planned work that runs or comes within a month."""
        now = int(self._sight.now) // AHEAD_TICK_S * AHEAD_TICK_S
        places = tuple(("link", link.key) for link in links)
        stamp = (self._house.cases.version(), now)
        return self._house.kept.of(("ahead", places), stamp, lambda: self._ahead(places, now))

    def _ahead(self, places: Collection[Any], now: int) -> list[Band]:
        planned = self._house.history.planned(places, now, now + AHEAD_S)
        every = {one for each in planned.values() for one in each}
        return sorted(Band(start, end, number, "") for number, (start, end) in every)

    def last(self, subjects: Sequence[Subject], language: str, most: int = LAST) -> list[IncidentRow]:
        """The newest incidents whose root one of these is."""
        every = sorted(self._incidents(subjects, self._sight.now - PAST_S), key=lambda one: -one.since)[:most]
        view = self._sight.cases.view(language)
        return [row(one, view) for one in every]

    def _incidents(self, subjects: Sequence[Subject], since: float) -> Sequence[Incident]:
        """Kept until anybody writes in the ledger; what one viewer may know another may not."""
        meant = tuple(sorted(subjects))
        key = ("incidents", meant, self._sight.viewer.sites, self._sight.viewer.institutions, since // DAY_S)
        version = self._house.cases.version()
        return self._house.kept.of(key, version, lambda: self._sight.cases.about(meant, since // DAY_S * DAY_S))

    def _title(self, one: Incident, language: str) -> str:
        return one_line(title(one, language, self._sight.cases.names, short=True))
