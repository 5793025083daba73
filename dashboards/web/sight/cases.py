"""Incidents and what people do with them, as far as one viewer may know of them."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from alerts.books import Books
from alerts.desk.acts import ActRefused
from alerts.incident import Incident, IncidentState
from alerts.local_time import DAY_S, local
from alerts.subject import Subject
from alerts.words.names import Names
from dashboards.cases.asked import PAST, Asked
from dashboards.cases.happened import Leaf
from dashboards.cases.seen import Heard
from dashboards.escalation import Escalation
from dashboards.incident_story import MOST_NOTICES, Story, heard_around
from dashboards.incidents import IncidentsView
from dashboards.web.house import House
from dashboards.web.refusal import Away, Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.notices import Listening
from inventory.accounts.book import Book
from inventory.sentence import Sentence

HIGHEST: Final = 2**31 - 1  # number of an incident
BEFORE_S: Final = 92 * DAY_S  # in which earlier occurrences are looked for
MOST_BEFORE: Final = 5
Act = Callable[[Books, int, str, float], Incident]


class ActsRefused(ActRefused):
    """`reasons`: one for each incident with which it could not be done; nothing was done with any."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with what its devices said and what was before it."""

    story: Story
    heard: Sequence[Heard]
    before: Sequence[Incident]
    linked: Sequence[Incident]
    leaf: Leaf


class Cases:
    """Of one request."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house = house
        self._scope = scope
        self._now = now

    @cached_property
    def names(self) -> Names:
        return Names(self._scope.inventory)

    @cached_property
    def who(self) -> str:
        """The contact whose key the viewer's name is, however it is written; else the name itself."""
        name = self._scope.viewer.name
        return {key.casefold(): key for key in self._scope.inventory.contacts}.get(name.casefold(), name)

    def view(self, language: str) -> IncidentsView:
        plan = self._house.roster.plan() if self._scope.whole else None
        return IncidentsView(self.names, self._now, language, Escalation(plan, self.names))

    def standing(self) -> Sequence[Incident]:
        """All that are not closed, worst first."""
        return self._mine(self._house.cases.standing())

    def found(self, asked: Asked) -> Sequence[Incident]:
        """Worst first; where closed ones are asked for, they stand behind, the newest end first."""
        found = [one for one in self.standing() if asked.matches(one, self.names, self.who)]
        if not asked.past:
            return found
        today = local(self._now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        closed = self._mine(self._house.cases.closed(today - (PAST[asked.span] - 1) * DAY_S))
        found += [one for one in closed if asked.matches(one, self.names, self.who)]
        return sorted(found, key=_by_end)

    def story(self, number: int) -> Story:
        """One incident with the end of its timeline; Unseen where there is none that may be seen."""
        with self._house.cases.reading() as books:
            return self._story(books, self.known(books, number), Leaf(number, books.length(number)))

    def case(self, number: int, page: int | None = 0) -> Case:
        """The same with everything around it. `page` of its timeline: 0 the last, None all of them."""
        with self._house.cases.reading() as books:
            one = self.known(books, number)
            leaf = Leaf(number, books.length(number) if self._scope.whole else 0, page or 0)
            if leaf.number > leaf.last:
                raise Unseen(Sentence("page-unknown", "there is no such page"))
            story = self._story(books, one, None if page is None else leaf)
            root = one.root
            before = list(books.previous(root.kind, root.key, one.opened_at - BEFORE_S))
            linked = [each for key in one.linked if (each := books.incident(key)) is not None]
        earlier = [each for each in before if each.number < number][:MOST_BEFORE]
        return Case(story, self._heard(one), self._mine(earlier), self._mine(linked), leaf)

    def book(self, incident: Incident) -> Book | None:
        """What was promised of capacity, for who may see all of it and where it is over; None elsewhere."""
        wanted = self._scope.whole and any(one.code == "over-committed" for one in incident.evidence)
        try:
            return self._house.capacity.book() if wanted else None
        except Away:
            return None

    def acting(self) -> AbstractContextManager[Books]:
        """One transaction of the ledger; Away and NotNow say why not."""
        return self._house.cases.acting()

    def carry_out(self, numbers: Sequence[int], act: Act) -> list[Incident]:
        """In one transaction with all of them, or with none: ActsRefused has every reason."""
        done: list[Incident] = []
        refused: list[str] = []
        with self.acting() as books:
            for number in numbers:
                try:
                    self.known(books, number)
                    done.append(act(books, number, self.who, self._now))
                except (ActRefused, Unseen) as error:
                    refused.append(str(error))
            if refused:
                raise ActsRefused(refused)
        return done

    def _story(self, books: Books, found: Incident, leaf: Leaf | None) -> Story:
        """Notes and messages are the NOC's own. `leaf`: of its timeline; None: all of it."""
        if not self._scope.whole:
            return Story(found, {}, (), ())
        alarms = self._house.cases.alarms() if found.unresolved else {}
        members = {key: alarms[key] for key in found.members if key in alarms}
        part = (0, None) if leaf is None else (leaf.start, leaf.most)
        lines = books.entries(found.number, start=part[0], most=part[1])
        return Story(found, members, lines, books.notifications(found.number))

    def known(self, books: Books, number: int) -> Incident:
        """Of books that are open already; Unseen where there is none that may be seen."""
        found = books.incident(number) if 0 < number <= HIGHEST else None
        seen = self._mine([found]) if found is not None else ()
        if not seen:
            raise Unseen(Sentence("incident-unknown", "there is no incident {number}", number=number))
        return seen[0]

    def _heard(self, incident: Incident) -> Sequence[Heard]:
        """Oldest first; nothing where what was heard cannot be read: the page goes on without."""
        around = heard_around(incident, self._scope.inventory, self._now)
        if not around.devices or not self._scope.whole:  # devices write the names of others
            return []
        try:
            found = self._house.notices.heard(Listening(around.devices, around.start, around.end), 20 * MOST_NOTICES)
        except Away:
            return []
        return [one for one in reversed(found) if around.holds(one.notice)][:MOST_NOTICES]

    def since(self, at: float) -> Sequence[Incident]:
        """All that are not closed, and whatever was opened or changed since then."""
        found = {one.number: one for one in self._house.cases.standing()}
        with self._house.cases.reading() as books:
            found.update((one.number, one) for one in books.incidents(list(IncidentState), at))
        return self._mine(list(found.values()))

    def about(self, subjects: Collection[Subject], since: float) -> Sequence[Incident]:
        """Those whose root one of these is: all that are not closed, and what was opened since then."""
        wanted = {(one.kind, one.key) for one in subjects}
        found = {one.number: one for one in self._house.cases.standing() if _roots(one) & wanted}
        with self._house.cases.reading() as books:
            found.update((one.number, one) for one in books.rooted(subjects, since))
        return self._mine(list(found.values()))

    def _mine(self, incidents: Sequence[Incident]) -> Sequence[Incident]:
        """Those that may be known of, and of them what may be."""
        if self._scope.whole:
            return incidents
        return [self._scope.narrowed(one) for one in incidents if self._scope.touches(one)]


def _roots(incident: Incident) -> set[tuple[str, str]]:
    return {(root.kind, root.key) for root in incident.roots}


def _by_end(one: Incident) -> tuple[bool, float]:
    return not one.unresolved, 0.0 if one.unresolved else -(one.closed_at or one.resolved_at or one.since)
