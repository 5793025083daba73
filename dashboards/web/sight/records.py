"""What programs read of the ledger beside what people look at: incidents of any time, alarms as they stand."""

from collections.abc import Collection, Mapping, Sequence

from alerts.alarm import Alarm
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject
from dashboards.web.house import House
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.status import Inspection


class Records:
    """Of one request."""

    def __init__(self, house: House, scope: Scope) -> None:
        self._house = house
        self._scope = scope

    def version(self) -> int:
        """Rises with every commit of anybody."""
        return self._house.cases.version()

    def declared(self) -> object:
        """Another one with every new inventory."""
        return self._house.status.inspection().used_at

    def inspection(self) -> Inspection:
        """The files that people edit, looked over."""
        return self._house.status.inspection()

    def incidents(self, states: Collection[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        """In these states, by number; with `since` (UTC seconds) only those opened or changed then or later."""
        if not since and IncidentState.CLOSED not in states:
            return [one for one in self._house.cases.standing() if one.state in states and self.touches(one)]
        with self._house.cases.reading() as books:
            found = books.incidents(states, since)
        return [one for one in found if self.touches(one)]

    def touches(self, incident: Incident) -> bool:
        """Does it hurt a site that may be seen?"""
        sites = self._scope.inventory.sites
        return self._scope.whole or any(key in sites for key in (*incident.impact.sites, *incident.impact.degraded))

    def alarms(self) -> Sequence[Alarm]:
        """All that are not clear."""
        with self._house.cases.reading() as books:
            found = list(books.alarms().values())
        return found if self._scope.whole else [one for one in found if self.owns(one.subject)]

    def owns(self, subject: Subject) -> bool:
        """Is it of what may be seen, and of nothing else?"""
        if self._scope.whole:
            return True
        inventory = self._scope.inventory
        if subject.device:
            return subject.device in inventory.devices
        tables: Mapping[str, Mapping[str, object]] = {
            "site": inventory.sites,
            "link": inventory.links,
            "circuit": inventory.circuits,
            "institution": inventory.institutions,
        }
        return subject.key in tables.get(subject.kind, {})
