"""How bad a fault is: a table from whom it hurts (SEMANTICS D), never from a device's type alone."""

from collections.abc import Callable, Iterable

from alerts.alarm import Alarm, Family, Severity
from alerts.cause import Impact

MANY_INSTITUTIONS = 5


def isolated(impact: Impact) -> int:
    """Institutions cut off; a member site of which the inventory names none counts as one."""
    return max(len(impact.institutions), len(impact.sites))


# What is true first decides. `cables`: no submarine cable carries any more.
_REACHABILITY: tuple[tuple[Severity, Callable[[Impact, bool], bool]], ...] = (
    (Severity.CRITICAL, lambda impact, cables: impact.core),
    (Severity.CRITICAL, lambda impact, cables: impact.datacentre),
    (Severity.CRITICAL, lambda impact, cables: cables),
    (Severity.CRITICAL, lambda impact, cables: bool(impact.regions)),
    (Severity.CRITICAL, lambda impact, cables: isolated(impact) >= MANY_INSTITUTIONS),
    (Severity.MAJOR, lambda impact, cables: isolated(impact) > 0),
    (Severity.MAJOR, lambda impact, cables: bool(impact.circuits)),
    (Severity.MINOR, lambda impact, cables: True),
)
_FIXED: dict[Family, Severity] = {"poller": Severity.CRITICAL, "agent": Severity.MINOR}


def severity_of(family: Family, impact: Impact, roots: Iterable[Alarm], *, cables: bool) -> Severity:
    """Of families without an impact on anybody: what their rules say, the worst of them."""
    if family == "reachability":
        return next(severity for severity, holds in _REACHABILITY if holds(impact, cables))
    if family in _FIXED:
        return _FIXED[family]
    return min((alarm.severity for alarm in roots), key=lambda each: each.rank, default=Severity.WARNING)
