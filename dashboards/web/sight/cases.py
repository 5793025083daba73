"""Incidents and what people do with them, as far as one viewer may know of them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from alerts.books import Books
from alerts.incident import Incident
from alerts.local_time import DAY_S, local
from alerts.words.names import Names
from dashboards.cases.asked import PAST, Asked
from dashboards.incident_story import Story
from dashboards.incidents import IncidentsView, worst_first
from dashboards.web.house import House
from dashboards.web.refusal import Unseen
from dashboards.web.sight.scope import Scope

HIGHEST: Final = 2**31 - 1  # number of an incident


class Cases:
    """Of one request."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house = house
        self._scope = scope
        self._now = now

    @cached_property
    def names(self) -> Names:
        return Names(self._scope.inventory)

    def view(self, language: str) -> IncidentsView:
        return IncidentsView(self.names, self._now, language)

    def standing(self) -> Sequence[Incident]:
        """All that are not closed, worst first."""
        return self._mine(self._house.cases.standing())

    def found(self, asked: Asked) -> Sequence[Incident]:
        """Worst first; where closed ones are asked for, the newest end first."""
        who = self._scope.viewer.name
        if not asked.past:
            return [one for one in self.standing() if asked.matches(one, self.names, who)]
        today = local(self._now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        with self._house.cases.reading() as books:
            kept = books.incidents(asked.meant(), today - (PAST[asked.span] - 1) * DAY_S)
        found = [one for one in self._mine(kept) if asked.matches(one, self.names, who)]
        return sorted(worst_first(found), key=lambda one: (not one.unresolved, -(one.closed_at or one.since)))

    def story(self, number: int) -> Story:
        """One incident whole, without what its devices said; Unseen where there is none that may be seen."""
        if not 0 < number <= HIGHEST:
            raise Unseen(f"there is no incident {number}")
        with self._house.cases.reading() as books:
            return self._story(books, number)

    def _story(self, books: Books, number: int) -> Story:
        found = books.incident(number)
        if found is None or not self._mine([found]):
            raise Unseen(f"there is no incident {number}")
        alarms = books.alarms() if found.unresolved else {}
        members = {key: alarms[key] for key in found.members if key in alarms}
        return Story(found, members, books.entries(number), books.notifications(number))

    def _mine(self, incidents: Sequence[Incident]) -> Sequence[Incident]:
        if self._scope.whole:
            return incidents
        return [one for one in incidents if self._touches(one)]

    def _touches(self, incident: Incident) -> bool:
        sites = self._scope.inventory.sites
        return any(key in sites for key in (*incident.impact.sites, *incident.impact.degraded))
