"""The documents of the API that tell of incidents, alarms, windows, the roster and notices."""

from typing import Annotated, Any

from pydantic import Field

from dashboards.web.api.models import Listed, Time, Told


class Subject(Told):
    kind: Annotated[str, Field(description="device, link, site, circuit, region, contract, own ...")]
    key: str
    device: Annotated[str, Field(description="That it is a part of, or empty.")]


class NamedSubject(Subject):
    name: str


class Evidence(Told):
    """Why it is thought so: a sentence by its code, and what fills it."""

    code: str
    figures: dict[str, Any]


class Impact(Told):
    """Whom it hurts; keys of the inventory."""

    sites: Annotated[list[str], Field(description="Member sites with no device reachable.")]
    institutions: list[str]
    services: Annotated[list[str], Field(description="Declared to depend on something that is gone.")]
    regions: list[str]
    devices: list[str]
    degraded: Annotated[list[str], Field(description="Member sites that lost redundancy, and nothing else.")]
    circuits: list[str]
    core: bool
    datacentre: bool


class NextStep(Told):
    """Who is told next when nobody acknowledges."""

    at: Time
    whom: str


class Incident(Told):
    """One fault from the moment it is told until a person, or time, closes it."""

    number: int
    state: Annotated[str, Field(description="open, acknowledged, in progress, waiting, resolved or closed")]
    severity: str
    worst: Annotated[str, Field(description="The severest it ever was.")]
    family: str
    power: bool
    flapping: bool
    flaps: int
    bad: Annotated[bool, Field(description="False: it is good again, and is about to be resolved.")]
    times: int
    window: int | None
    step: int
    owner: str
    acknowledged_by: str
    ticket: str
    closing: str
    previous: int | None
    revision: Annotated[int, Field(description="One more with every change; goes into If-Match.")]
    since: Time
    opened_at: Time
    changed_at: Time
    told_at: Time | None
    updated_at: Time | None
    step_at: Time | None
    acknowledged_at: Time | None
    touched_at: Time | None
    next_check_at: Time | None
    recovered_at: Time | None
    resolved_at: Time | None
    closed_at: Time | None
    unresolved: bool
    title: str
    sentence: str
    standing: str
    roots: list[NamedSubject]
    impact: Impact
    members: Annotated[dict[str, str], Field(description="Key of an alarm -> root, behind or symptom.")]
    fine: list[str]
    linked: list[int]
    evidence: list[Evidence]
    next_step: NextStep | None


class Member(Told):
    """One alarm of an incident."""

    key: str
    role: str
    phase: str
    since: Time | None
    good_since: Time | None
    stale: bool
    evidence: Evidence | None


class Notice(Told):
    """What a device said unasked; a hint, never a proof."""

    at: Time
    device: str
    source: str
    kind: Annotated[str, Field(description="trap, inform or syslog")]
    name: str
    severity: str
    subject: str
    text: str
    content: dict[str, Any]


class NumberedNotice(Notice):
    number: int


class Entry(Told):
    """One line of a timeline."""

    at: Time
    kind: str
    who: str
    code: str
    text: str
    figures: dict[str, Any]
    sentence: str


class Story(Incident):
    """One incident whole."""

    names: dict[str, Any]
    alarms: list[Member]
    notifications: list[dict[str, Any]]
    entries: list[Entry]
    notices: list[Notice]


class IncidentList(Listed):
    """Incidents, the worst first."""

    incidents: list[Incident]


class OneIncident(Told):
    """One incident with its timeline."""

    at: Time
    incident: Story


class Alarm(Told):
    """One rule on one subject."""

    key: str
    rule: str
    subject: Subject
    family: str
    severity: str
    phase: str
    since: Time
    changed_at: Time
    at: Annotated[Time, Field(description="Newest verdict that said good or bad.")]
    good_since: Time | None
    stale: bool
    flapping: bool
    flaps: int
    evidence: Evidence


class AlarmList(Listed):
    """Alarms that are not clear."""

    alarms: list[Alarm]


class ActedOn(Told):
    """The incident as it stands after the act."""

    at: Time
    incident: Incident


class Span(Told):
    """Half-open."""

    since: Annotated[Time, Field(alias="from")]
    until: Annotated[Time, Field(alias="to")]


class Thing(Told):
    """By kind and key."""

    kind: str
    key: str


class Window(Told):
    """A silence or planned work."""

    number: int
    kind: str
    state: Annotated[str, Field(description="pending, active or expired")]
    expires_soon: bool
    target: str | None
    selector: str
    begins: Annotated[Time, Field(alias="from")]
    ends: Annotated[Time, Field(alias="to")]
    repeat: str | None
    until: Time | None
    next: Annotated[Span | None, Field(description="The time that runs or comes next; null when it is over.")]
    author: str
    reason: str
    created_at: Time
    ended_by: str | None
    covers: list[Thing]


class SilenceList(Listed):
    """Silences."""

    silences: list[Window]


class WindowList(Listed):
    """Planned work."""

    windows: list[Window]


class OneWindow(Told):
    """A window as it stands after the act."""

    at: Time
    window: Window


class NoticeList(Told):
    """Notices, the newest first."""

    at: Time
    listened_at: Annotated[Time | None, Field(description="When the daemon last said that it listens.")]
    next: str | None
    notices: list[NumberedNotice]


class OneNotice(Told):
    """One notice."""

    at: Time
    notice: NumberedNotice
