"""A cause while it is being put together: elements and alarms are added to it until it is weighed and finished."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.alarm import Alarm, Evidence, Family
from alerts.cause import Role
from alerts.subject import Subject, SubjectKind

Element = tuple[str, str]  # kind and key: ("device", "dod-pe-1"), ("link", "up-tix-1"), ("site", "lga-chamwino")
CHAIN_S = 15.0  # first evidence of one event is never further apart: liveness rounds are 5 s, a lost one counts


def element_of(alarm: Alarm) -> Element:
    return alarm.subject.kind, alarm.subject.key


@dataclass(slots=True)
class Fallen:
    """A device or link with a firing alarm of reachability; its alarms taken together. Times are UTC seconds."""

    element: Element
    alarms: list[Alarm] = field(default_factory=list)
    since: float = 0.0  # first evidence since it was last wholly clear
    bad_since: float = 0.0  # of the present bad stretch
    good_since: float | None = None  # None: bad now

    @property
    def bad(self) -> bool:
        return self.good_since is None

    @property
    def key(self) -> str:
        return self.element[1]

    def stands(self, first: float, last: float) -> bool:
        """Was it fallen when something else fell between these two moments?"""
        again = self.bad_since <= last and (self.good_since is None or self.good_since > first)
        return again or first <= self.since <= last


def gather(alarms: Iterable[Alarm], kind: SubjectKind) -> dict[str, Fallen]:
    """Key -> what fell, of the firing alarms about subjects of this kind; sorted."""
    found: dict[str, Fallen] = {}
    for alarm in alarms:
        if alarm.subject.kind == kind:
            found.setdefault(alarm.subject.key, Fallen(element_of(alarm))).alarms.append(alarm)
    for fallen in found.values():
        bad = [alarm for alarm in fallen.alarms if alarm.bad]
        fallen.since = min(alarm.since for alarm in fallen.alarms)
        fallen.bad_since = min(alarm.bad_since for alarm in bad or fallen.alarms)
        fallen.good_since = None if bad else max(alarm.good_since or 0.0 for alarm in fallen.alarms)
    return dict(sorted(found.items()))


@dataclass(slots=True, eq=False)
class Draft:
    """`roots` are elements or any other subjects; `roles` is kept by alarm key."""

    family: Family
    at: float  # when it fell: orders drafts, so that of two the later one may name the earlier
    roots: list[Subject] = field(default_factory=list)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    circuits: set[str] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    earlier: list[Subject] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    bad: bool = True  # False: its roots are good again
    back: set[str] = field(default_factory=set)  # of its devices those that answer again while it is bad
    power: bool = False
    over: bool = False  # what made it is over; only its alarms take their time

    def take(self, alarm: Alarm, role: Role) -> None:
        self.alarms[alarm.key] = alarm
        self.roles[alarm.key] = role

    def root_alarms(self) -> list[Alarm]:
        return [self.alarms[key] for key, role in sorted(self.roles.items()) if role is Role.ROOT]

    def is_root(self, element: Element) -> bool:
        return any((root.kind, root.key) == element for root in self.roots)

    def before(self, other: "Draft") -> None:
        """The other was lost redundancy until this one came on top of it."""
        if other.roots[0] not in self.earlier:
            self.earlier.append(other.roots[0])

    def note(self, code: str, **figures: float | str) -> None:
        self.evidence.append(Evidence(code, figures))

    @property
    def gone(self) -> set[str]:
        """Its devices that do not answer now; all of them while it recovers as a whole."""
        return self.devices - self.back

    @property
    def order(self) -> tuple[float, str, str]:
        root = self.roots[0]
        return self.at, root.kind, root.key


def subject_of(element: Element) -> Subject:
    kind, key = element
    return Subject("device" if kind == "device" else "link", key, key if kind == "device" else "")
