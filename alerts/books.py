"""What alerts ask of the ledger: one transaction at a time, in plain values; `noc.ledger` keeps them in SQL."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from alerts.alarm import Alarm
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from alerts.roster import Override
from alerts.window import Window


class Books(Protocol):
    """The ledger inside one transaction: everything put is there wholly or not at all."""

    # alarms: those that are not clear
    def alarms(self) -> Mapping[str, Alarm]: ...
    def put_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Keep as they are now; those in phase clear are dropped."""

    # incidents
    def incident(self, number: int) -> Incident | None: ...
    def incidents(self, states: Iterable[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        """In these states, by number; with `since` only those opened or changed then or later."""

    def previous(self, kind: str, key: str, since: float) -> Sequence[Incident]:
        """Incidents whose first root is this subject, opened since then, newest first."""

    def add(self, incident: Incident) -> Incident:
        """Keep a new one and give it its number."""

    def put(self, incident: Incident) -> Incident:
        """Keep it as it is now, one revision later."""

    def tell(self, entry: Entry) -> None:
        """One more line in its timeline; lines are never changed."""

    def entries(self, number: int) -> Sequence[Entry]: ...

    # outbox
    def queue(self, notification: Notification) -> None: ...
    def put_notification(self, notification: Notification) -> None: ...
    def notifications(self, incident: int | None = None, fates: Iterable[Fate] = ()) -> Sequence[Notification]:
        """Of this incident (None: of all), with these fates (none named: with any), in the order queued."""

    # reply codes (DOMAIN 6.6): kept as hashes
    def add_code(self, incident: int, contact: str, at: float) -> str:
        """A new single-use code of four letters and figures, shown only here; earlier ones of the same pair end."""

    # windows: silences and maintenance; overrides of the roster
    def windows(self) -> Sequence[Window]: ...
    def add_window(self, window: Window) -> Window: ...
    def put_window(self, window: Window) -> None: ...
    def overrides(self) -> Sequence[Override]: ...
    def add_override(self, override: Override) -> Override: ...
    def put_override(self, override: Override) -> None: ...

    # what was done by whom, and small things that must survive a restart
    def audit(self, at: float, who: str, act: str, what: Mapping[str, Any]) -> None: ...
    def mark(self, name: str) -> str: ...
    def put_mark(self, name: str, value: str) -> None: ...


class Ledger(Protocol):
    def transaction(self) -> AbstractContextManager[Books]:
        """LedgerError when it cannot be had or kept; nothing is changed then."""
