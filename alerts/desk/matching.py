"""Which cause is which incident: by its root, else by the alarms they share; and which incidents a cause has swallowed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from alerts.cause import Cause, Role
from alerts.desk.sitting import weighty
from alerts.incident import Incident


@dataclass(slots=True)
class Matches:
    """`of`: number of the incident -> its cause. `new`: causes without one. `left`: incidents without one."""

    of: dict[int, Cause] = field(default_factory=dict)
    new: list[Cause] = field(default_factory=list)
    left: list[Incident] = field(default_factory=list)


def match(causes: Sequence[Cause], incidents: Sequence[Incident]) -> Matches:
    """Best fits first; each cause and each incident has at most one other. The same in whatever order they come."""
    found, taken = Matches(), set()
    ranked = sorted(
        (_rank(cause, incident), place, incident.number) for place, cause, incident in _pairs(causes, incidents)
    )
    for _, place, number in ranked:
        if place not in taken and number not in found.of:
            taken.add(place)
            found.of[number] = causes[place]
    found.new = [cause for place, cause in enumerate(causes) if place not in taken]
    found.left = [incident for incident in incidents if incident.number not in found.of]
    return found


def same_root(cause: Cause, incident: Incident) -> bool:
    """Does what the incident is named after fail, alone or with others, in the same way?"""
    return cause.family == incident.family and incident.root in cause.roots


def swallowed(cause: Cause, incident: Incident, firing: Iterable[str]) -> bool:
    """Does the cause explain all that still fires of the incident's own roots?"""
    still = set(firing)
    roots = [key for key, role in incident.members.items() if role is Role.ROOT and key in still]
    return bool(roots) and all(key in cause.alarms for key in roots)


def _pairs(causes: Sequence[Cause], incidents: Sequence[Incident]) -> Iterator[tuple[int, Cause, Incident]]:
    """Only those that have anything in common: there may be hundreds of both."""
    by_mark: dict[object, list[Incident]] = {}
    for incident in incidents:
        for mark in (*incident.roots, *weighty(incident.members)):
            by_mark.setdefault(mark, []).append(incident)
    for place, cause in enumerate(causes):
        near = {each.number: each for mark in (*cause.roots, *cause.alarms) for each in by_mark.get(mark, ())}
        yield from ((place, cause, near[number]) for number in sorted(near) if _may_be(cause, near[number]))


def _may_be(cause: Cause, incident: Incident) -> bool:
    """The cause must speak of what the incident is named after: what is left behind a root that is well is another fault."""
    if (cause.family == "poller") != (incident.family == "poller"):
        return False
    if cause.root == incident.root and cause.family == incident.family:
        return True
    earlier = incident.root in cause.earlier  # redundancy lost before: a case of its own
    return not earlier and (same_root(cause, incident) or _explains(cause, incident))


def _explains(cause: Cause, incident: Incident) -> bool:
    """Is the alarm that gave the incident its name among what the cause is made of?"""
    ours = weighty(cause.alarms)
    roots = [key for key, role in incident.members.items() if role is Role.ROOT]
    named = [key for key in roots if key.endswith(f" {incident.root}")]
    return any(key in ours for key in named or roots)


def _shared(cause: Cause, incident: Incident) -> int:
    ours = weighty(cause.alarms)
    return sum(key in ours for key in weighty(incident.members))


def _rank(cause: Cause, incident: Incident) -> tuple[bool, bool, int, bool, int, int]:
    return (
        cause.root != incident.root or cause.family != incident.family,
        not same_root(cause, incident),
        -_shared(cause, incident),
        incident.told_at is None,
        incident.severity.rank,
        incident.number,
    )
