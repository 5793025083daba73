"""What programs read of the ledger beside what people look at: incidents of any time, alarms, windows, roster, notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from alerts.alarm import Alarm
from alerts.incident import Incident, IncidentState
from alerts.oncall.plan import Plan
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window, WindowKind
from dashboards.cases.seen import Heard
from dashboards.incident_story import Story
from dashboards.oncall import Roster
from dashboards.roster import roster_at
from dashboards.web.house import House
from dashboards.web.refusal import Away, Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.capacity import CircuitFigures
from dashboards.web.sources.notices import Listening
from dashboards.web.sources.status import Inspection
from inventory.calendar import Month
from inventory.sentence import Sentence, noted


class Records:
    """Of one request."""

    def __init__(self, house: House, scope: Scope) -> None:
        self._house = house
        self._scope = scope

    def version(self) -> object:
        """Another one with every commit of anybody, and with every new inventory: names stand beside keys."""
        return self._house.cases.version(), self.declared()

    def declared(self) -> object:
        """Another one with every new inventory."""
        return self._house.status.inspection().used_at

    def capacity(self) -> object:
        """Another one when anything of capacity would be told otherwise."""
        return self._house.capacity.version(), self.version()

    def circuits(self, month: Month) -> CircuitFigures | None:
        """Figures of a month, of the circuits that may be seen; None: being computed."""
        found = self._house.capacity.circuits(month)
        if found is None or self._scope.whole:
            return found
        mine = self._scope.inventory.circuits
        return replace(found, circuits={key: one for key, one in found.circuits.items() if key in mine})

    def inspection(self) -> Inspection:
        """The files that people edit, looked over."""
        return self._house.status.inspection()

    def incidents(self, states: Collection[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        """In these states; with `since` (UTC seconds) only those opened or changed then or later."""
        if not since and IncidentState.CLOSED not in states:
            found: Sequence[Incident] = [one for one in self._house.cases.standing() if one.state in states]
        else:
            with self._house.cases.reading() as books:
                found = books.incidents(states, since)
        return [self.narrowed(one) for one in found if self.touches(one)]

    def touches(self, incident: Incident) -> bool:
        """Does it hurt a site that may be seen?"""
        return self._scope.touches(incident)

    def narrowed(self, incident: Incident) -> Incident:
        """Of whom it hurts, and of what it is made, only what may be seen."""
        return self._scope.narrowed(incident)

    def told(self, story: Story) -> Story:
        """A story without what an institution may not read: what was noted, who was told, what others' devices said."""
        if self._scope.whole:
            return story
        return Story(self.narrowed(story.incident), {}, (), (), ())

    def alarms(self) -> Sequence[Alarm]:
        """All that are not clear."""
        with self._house.cases.reading() as books:
            found = list(books.alarms().values())
        return [one for one in found if self.owns(one.subject)]

    def owns(self, subject: Subject) -> bool:
        """Is it of what may be seen, and of nothing else?"""
        return self._scope.owns(subject)

    def windows(self, kind: WindowKind) -> Sequence[Window]:
        """Every one that was ever made; for those who see the whole network."""
        self._whole()
        with self._house.cases.reading() as books:
            return [one for one in books.windows() if one.kind == kind]

    def plan(self) -> Plan:
        """The on-call plan; Away where there is none that can be read."""
        self._whole()
        found = self._house.roster.plan()
        if found is None:
            text = noted("there is no on-call plan that can be read; 'noc check' says why")
            raise Away(Sentence("no-plan", text))
        return found

    def overrides(self) -> Sequence[Override]:
        self._whole()
        with self._house.cases.reading() as books:
            return books.overrides()

    def roster(self, at: float, *, week: bool) -> Roster:
        """Who is on call at that instant; `week`: turn by turn for seven days, too."""
        return roster_at(self.plan(), self._scope.inventory, self.overrides(), at, week=week)

    def heard(self, wanted: Listening, limit: int) -> Sequence[Heard]:
        """What devices said, the newest first; nothing for an institution's viewers: devices write the names of others."""
        return self._house.notices.heard(wanted, limit) if self._scope.whole else []

    def listened_at(self) -> float | None:
        return self._house.notices.listened_at()

    def _whole(self) -> None:
        if not self._scope.whole:
            raise Unseen(Sentence("unknown", "there is no such thing"))


def _kept(keys: Collection[str], known: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in known)
