"""One fault as all evidence together shows it now: its root, everything it explains, and whom it hurts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from alerts.alarm import Evidence, Family, Severity
from alerts.subject import Subject


class Role(StrEnum):
    """What an alarm is to its cause."""

    ROOT = "root"
    BEHIND = "behind"  # unreachable, a link that only a silent router ends: suppressed
    SYMPTOM = "symptom"  # BGP, OSPF, loss, round trip of what the root carries


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom a fault hurts; keys of the inventory, sorted."""

    sites: tuple[str, ...] = ()  # member sites with no device reachable
    institutions: tuple[str, ...] = ()  # at those sites: isolated
    services: tuple[str, ...] = ()  # declared to depend on something that is gone
    regions: tuple[str, ...] = ()  # of which no member site is reachable any more
    devices: tuple[str, ...] = ()  # not reached, roots included
    degraded: tuple[str, ...] = ()  # member sites that lost redundancy, and nothing else
    circuits: tuple[str, ...] = ()  # that carry nothing: IRU, exchange
    core: bool = False  # a core router is down itself
    datacentre: bool = False  # a data centre is cut off


@dataclass(frozen=True, slots=True)
class Cause:
    """Rebuilt from the alarms whenever they change, the same in whatever order they came (SEMANTICS 18)."""

    family: Family
    roots: tuple[Subject, ...]  # the elements that jointly make it; the first gives it its name
    alarms: Mapping[str, Role]  # alarm key -> what it is to this cause
    since: float  # UTC seconds of the first evidence
    bad_since: float  # first evidence of the present bad stretch; telling times count from it
    confirmed_at: float  # when the first of its root alarms fired
    severity: Severity
    impact: Impact = field(default_factory=Impact)
    evidence: tuple[Evidence, ...] = ()  # in the order in which they are worth saying
    power: bool = False  # power is suspected, and there is evidence for it
    fine: tuple[str, ...] = ()  # circuits that one would ask about, and that carry
    earlier: tuple[Subject, ...] = ()  # roots of redundancy lost before, without which this would cut nobody off
    bad: bool = True  # False: all of it is good again and only clear holds run
    flapping: bool = False

    @property
    def root(self) -> Subject:
        return self.roots[0]
