"""One look of the desk at everything, inside one ledger transaction: what it asks, what it changed, when to look again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from alerts.alarm import Alarm, Phase
from alerts.books import Books
from alerts.cause import Cause, Role
from alerts.desk.asked import Staff
from alerts.incident import Entry, EntryKind, Incident
from alerts.roster import Override
from alerts.window import Window
from alerts.windows import occurrence


@dataclass
class Sitting:
    """`queued` counts messages; `next_due` is the earliest moment ahead at which time alone changes something."""

    books: Books
    staff: Staff
    alarms: Mapping[str, Alarm]
    now: float
    queued: int = 0
    next_due: float | None = None
    unresolved: dict[int, Incident] = field(default_factory=dict)  # as they stand now
    opened: list[int] = field(default_factory=list)
    resolved: list[int] = field(default_factory=list)

    @cached_property
    def overrides(self) -> Sequence[Override]:
        return self.books.overrides()

    @cached_property
    def windows(self) -> Sequence[Window]:
        return self.books.windows()

    def due(self, at: float) -> bool:
        """Is it time? If not, it is looked at again then."""
        if at <= self.now:
            return True
        if self.next_due is None or at < self.next_due:
            self.next_due = at
        return False

    def keep(self, was: Incident, incident: Incident) -> Incident:
        """Into the ledger, if anything changed."""
        return was if incident is was or incident == was else self.books.put(incident)

    def line(self, number: int, kind: EntryKind, code: str, /, **figures: Any) -> None:
        self.books.tell(Entry(number, self.now, kind, "", code, figures))

    def fires(self, key: str) -> bool:
        alarm = self.alarms.get(key)
        return alarm is not None and alarm.phase is Phase.FIRING

    def bad(self, key: str) -> bool:
        alarm = self.alarms.get(key)
        return alarm is not None and alarm.bad

    def window_over(self, cause: Cause | Incident) -> Window | None:
        """The window that keeps it quiet: every root of it must be covered (SEMANTICS 20)."""
        if not self.windows:
            return None
        found = [self.staff.covering(self.windows, root, self.now) for root in cause.roots]
        if any(window is None for window in found):
            return None
        ends = [(span[1], window) for window in found if window and (span := occurrence(window, self.now))]
        if not ends:
            return None
        ends.sort(key=lambda pair: (pair[0], pair[1].number))
        self.due(ends[0][0])
        return ends[0][1]


def weighty(members: Mapping[str, Role]) -> dict[str, Role]:
    """Members without which there is no fault: symptoms come and go."""
    return {key: role for key, role in members.items() if role is not Role.SYMPTOM}


def revised(incident: Incident, **fields: Any) -> Incident:
    """With these fields; the very same where nothing differs, as with most of hundreds at every look."""
    new = {name: value for name, value in fields.items() if getattr(incident, name) != value}
    return replace(incident, **new) if new else incident
