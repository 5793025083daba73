"""The people's case: one fault from the moment it is told until a person, or time, closes it (SEMANTICS D)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from alerts.alarm import Evidence, Family, Severity
from alerts.cause import Impact, Role
from alerts.subject import Subject


class IncidentState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in progress"
    WAITING = "waiting"  # for a provider: ticket and next check are required
    RESOLVED = "resolved"  # it recovered, or a person says so
    CLOSED = "closed"  # never reopens


UNRESOLVED = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.IN_PROGRESS, IncidentState.WAITING)


@dataclass(frozen=True, slots=True)
class Incident:
    """All times are UTC seconds; `number` is what people say and what every message carries, 0 before it is kept."""

    number: int
    state: IncidentState
    severity: Severity
    worst: Severity  # that it ever had
    family: Family
    roots: tuple[Subject, ...]
    since: float  # first evidence
    opened_at: float
    changed_at: float  # of anything worth an update: severity, roots, members
    members: Mapping[str, Role] = field(default_factory=dict)  # alarm key -> role
    impact: Impact = field(default_factory=Impact)
    evidence: tuple[Evidence, ...] = ()
    power: bool = False
    fine: tuple[str, ...] = ()
    flapping: bool = False
    flaps: int = 0
    bad: bool = True  # False: it is good again, and holds run
    times: int = 1  # occurrences of this root this month, this one included
    told_at: float | None = None  # when the first message was queued
    updated_at: float | None = None  # last update or repeat queued
    window: int | None = None  # silence or maintenance window that keeps it untold
    step: int = 0  # of the escalation chain, reached
    step_at: float | None = None
    owner: str = ""
    acknowledged_by: str = ""
    acknowledged_at: float | None = None
    touched_at: float | None = None  # last note or act of a person
    ticket: str = ""
    next_check_at: float | None = None
    recovered_at: float | None = None  # when it became good: the end of the downtime
    resolved_at: float | None = None
    closed_at: float | None = None
    closing: str = ""  # the cause, as the person who closed it gives it
    previous: int | None = None  # an earlier occurrence of the same root
    linked: tuple[int, ...] = ()  # redundancy lost before, the provider's outage
    revision: int = 0  # one more with every change

    @property
    def root(self) -> Subject:
        return self.roots[0]

    @property
    def unresolved(self) -> bool:
        return self.state in UNRESOLVED


EntryKind = Literal["opened", "alarm", "changed", "told", "act", "note", "notice", "resolved", "closed", "linked"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an incident's timeline. `code` names a sentence of `alerts.words`, `figures` fill it; `text` is people's."""

    incident: int
    at: float
    kind: EntryKind
    who: str = ""  # contact or account; "" for the daemon
    code: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
