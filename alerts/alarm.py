"""The machine's condition: what a rule says of a subject, and how that has stood over time. Incidents are people's (DESIGN 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from alerts.subject import Subject


class Severity(StrEnum):
    """How bad, worst first (SEMANTICS D). Of an incident it comes from impact, never from a device's type."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is worst; for sorting only, people read the name."""
        return list(Severity).index(self)

    @property
    def pages(self) -> bool:
        """Only these ever wake anyone."""
        return self in (Severity.CRITICAL, Severity.MAJOR)


Family = Literal[
    "reachability",  # a device or site cannot be reached, a link or circuit carries nothing
    "agent",  # it lives, but SNMP says nothing, or refuses our credentials
    "routing",  # BGP, OSPF
    "quality",  # loss, round trip
    "capacity",  # utilisation, discards
    "health",  # temperature, power, fans, UPS, optics, CPU, memory
    "restart",
    "poller",  # the poller is isolated: nothing can be said of anybody
    "own",  # the NOC itself: disk, clock, queues, channels
]
SYMPTOMS: frozenset[Family] = frozenset(
    {"routing", "quality", "capacity"}
)  # hold 30 s, attach to a root (SEMANTICS 47)


class Outcome(StrEnum):
    """UNKNOWN keeps whatever phase an alarm is in (SEMANTICS 22)."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we think so. `code` names a sentence of `alerts.words`, in both languages; `figures` fill it."""

    code: str = ""
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one subject now. `since`: UTC seconds of the first evidence, where known."""

    rule: str
    subject: Subject
    outcome: Outcome
    at: float
    since: float | None = None
    evidence: Evidence = field(default_factory=Evidence)


class Phase(StrEnum):
    CLEAR = "clear"
    PENDING = "pending"
    FIRING = "firing"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One rule on one subject. All times are UTC seconds."""

    rule: str
    subject: Subject
    family: Family
    severity: Severity  # of the rule; an incident's comes from impact where there is any
    phase: Phase
    since: float  # of the first evidence: the first failed probe, not its confirmation
    bad_since: float  # first evidence of the present bad stretch: a blip after a blip begins anew (SEMANTICS 15)
    changed_at: float  # when this phase began: of a firing alarm, when it was confirmed
    at: float  # newest verdict that said good or bad
    good_since: float | None = None  # firing still, but good since then: the clear hold runs
    stale: bool = False  # nothing has been known of it for 2.5 intervals; it keeps its phase (SEMANTICS 22)
    flapping: bool = False
    flaps: int = 0  # transitions counted while flapping
    score: float = 0.0  # of SEMANTICS 14, as of `scored_at`
    scored_at: float = 0.0
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def key(self) -> str:
        return alarm_key(self.rule, self.subject)

    @property
    def bad(self) -> bool:
        """Firing, and not already good again: only such an alarm opens or pages."""
        return self.phase is Phase.FIRING and self.good_since is None


def alarm_key(rule: str, subject: Subject) -> str:
    return f"{rule} {subject.kind} {subject.key}"
