"""The life of an incident apart from people's acts: opened, kept as its cause stands, resolved, opened again, closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.alarm import Alarm, Severity
from alerts.cause import Cause, Impact, Role
from alerts.desk.matching import same_root
from alerts.desk.sitting import Sitting, revised, weighty
from alerts.desk.story import figures_of
from alerts.incident import Incident, IncidentState
from alerts.local_time import DAY_S, EAT, local

REOPENS_S = 1800.0  # after resolving (SEMANTICS 14)
CLOSES_S = 1800.0  # minor and lower, by themselves
TOGETHER_S = 600.0  # faults of one provider that began so close are linked
LOOK_BACK_S = 90 * DAY_S
MOST_LINES = 40  # of members in a timeline at one moment

_S = IncidentState


def open_new(sitting: Sitting, cause: Cause) -> Incident:
    """Shown from now on; whether and when it is told is another matter."""
    kept = sitting.books.add(_fresh(sitting, cause))
    figures = figures_of(cause.impact)
    sitting.line(kept.number, "opened", "opened", **_explained(cause), **figures)
    _joined(sitting, kept.number, {}, kept.members)
    if kept.window is not None:
        sitting.line(kept.number, "changed", "covered", window=kept.window)
    if kept.previous is not None:
        sitting.line(kept.number, "linked", "previous", number=kept.previous)
    sitting.opened.append(kept.number)
    return _linked(sitting, kept, cause)


def _fresh(sitting: Sitting, cause: Cause) -> Incident:
    earlier = sitting.books.previous(cause.root.kind, cause.root.key, sitting.now - LOOK_BACK_S)
    month = month_start(sitting.now)
    window = sitting.window_over(cause)
    return Incident(
        number=0,
        state=_S.OPEN,
        severity=cause.severity,
        worst=cause.severity,
        family=cause.family,
        roots=cause.roots,
        since=cause.since,
        opened_at=sitting.now,
        changed_at=sitting.now,
        members=dict(sorted(cause.alarms.items())),
        impact=cause.impact,
        evidence=cause.evidence,
        power=cause.power,
        fine=cause.fine,
        flapping=cause.flapping,
        flaps=_flaps(cause, sitting.alarms),
        times=1 + sum(each.opened_at >= month for each in earlier),
        previous=earlier[0].number if earlier else None,
        window=window.number if window else None,
    )


def month_start(at: float) -> float:
    """UTC seconds of the first instant of this month in Dar es Salaam (SEMANTICS 31)."""
    day = local(at)
    return datetime(day.year, day.month, 1, tzinfo=EAT).timestamp()


def _explained(cause: Cause) -> dict[str, object]:
    return {
        "root": str(cause.root),
        "roots": [str(root) for root in cause.roots],
        "severity": str(cause.severity),
        "since": cause.since,
        "confirmed_at": cause.confirmed_at,
        "evidence": [one.code for one in cause.evidence],
        "power": cause.power,
    }


def _linked(sitting: Sitting, incident: Incident, cause: Cause) -> Incident:
    """Redundancy lost before; other faults of the same provider at the same time."""
    provider = _providers(sitting, incident)
    for other in list(sitting.unresolved.values()):
        why = ""
        if other.root in cause.earlier:
            why = "redundancy"
        elif abs(other.since - incident.since) <= TOGETHER_S and provider & _providers(sitting, other):
            why = "provider"
        if why and other.number != incident.number:
            incident = link(sitting, incident, other.number, why)
            sitting.unresolved[other.number] = link(sitting, other, incident.number, why)
    return incident


def _providers(sitting: Sitting, incident: Incident) -> frozenset[str]:
    roots = [root for root in incident.roots if root.kind in ("link", "circuit")]
    return frozenset(key for root in roots for kind, key in sitting.staff.places.around(root) if kind == "provider")


def link(sitting: Sitting, incident: Incident, number: int, why: str) -> Incident:
    if number in incident.linked:
        return incident
    sitting.line(incident.number, "linked", why, number=number)
    return sitting.keep(incident, replace(incident, linked=tuple(sorted({*incident.linked, number}))))


def reopened(sitting: Sitting, incident: Incident, cause: Cause) -> Incident:
    """The same fault within half an hour: the same incident, and nobody has it yet (SEMANTICS 14)."""
    window = sitting.window_over(cause)
    again = replace(
        refreshed(sitting, incident, cause, {}),
        state=_S.OPEN,
        roots=cause.roots,
        since=cause.since,
        changed_at=sitting.now,
        severity=cause.severity,
        told_at=None,
        updated_at=None,
        step=0,
        step_at=None,
        acknowledged_by="",
        acknowledged_at=None,
        next_check_at=None,
        resolved_at=None,
        recovered_at=None,
        closing="",
        window=window.number if window else None,
    )
    sitting.line(incident.number, "changed", "reopened", **_explained(cause), **figures_of(cause.impact))
    _joined(sitting, incident.number, {}, again.members)
    return sitting.keep(incident, again)


def may_reopen(incident: Incident, cause: Cause, now: float) -> bool:
    resolved_at = incident.resolved_at if incident.state is _S.RESOLVED else None
    return resolved_at is not None and resolved_at >= now - REOPENS_S and same_root(cause, incident)


def refreshed(sitting: Sitting, incident: Incident, cause: Cause, kept: Mapping[str, Role]) -> Incident:
    """As the cause stands now; `kept`: members that it explained once and that are nobody's own yet."""
    members = dict(sorted({**kept, **cause.alarms}.items()))
    bad = cause.bad or any(sitting.bad(key) for key in weighty(members))
    flaps = max(_flaps(cause, sitting.alarms), incident.flaps if cause.flapping else 0)
    recovered_at = None if bad else good_at(sitting, incident, weighty(members))
    seen: dict[str, Any] = {
        "members": members, "bad": bad, "flapping": cause.flapping, "flaps": flaps, "recovered_at": recovered_at,
    }  # fmt: skip
    if cause.bad:
        seen |= {
            name: getattr(cause, name)
            for name in ("roots", "family", "severity", "impact", "evidence", "power", "fine")
        }
        seen["worst"] = cause.severity if cause.severity.rank < incident.worst.rank else incident.worst
        seen["since"] = min(incident.since, cause.since)
    elif bad:
        seen["impact"] = _still(sitting, cause.impact, members)
    return revised(incident, **seen)


def good_at(sitting: Sitting, incident: Incident, members: Iterable[str]) -> float:
    """When the last of them became good: the end of the downtime."""
    good = [alarm.good_since for key in members if (alarm := sitting.alarms.get(key)) and alarm.good_since]
    return max([*good, incident.recovered_at or 0.0]) or sitting.now


def without_cause(sitting: Sitting, incident: Incident, left: Sequence[str]) -> Incident:
    """Its root is well; `left` of its members still fire, and are nobody else's yet."""
    bad = any(sitting.bad(key) for key in left)
    return revised(incident, bad=bad, recovered_at=None if bad else good_at(sitting, incident, left))


def _still(sitting: Sitting, impact: Impact, members: Mapping[str, Role]) -> Impact:
    """The root answers again: of the sites behind it only those of which something is still silent."""
    inventory = sitting.staff.inventory
    silent = {sitting.alarms[key].subject.device for key in members if sitting.bad(key)}
    sites = {inventory.devices[device].site for device in silent if device in inventory.devices}
    institutions = {each.key for site in sites for each in inventory.institutions_at[site]}
    return replace(
        impact,
        sites=tuple(site for site in impact.sites if site in sites),
        institutions=tuple(key for key in impact.institutions if key in institutions),
        devices=tuple(device for device in impact.devices if device in silent),
        regions=(),
    )


def take_stock(sitting: Sitting, incident: Incident, cause: Cause, kept: Mapping[str, Role]) -> Incident:
    """Keep it as its cause stands, with a line for what is new."""
    now = refreshed(sitting, incident, cause, kept)
    if now is incident:
        return incident
    _changes(sitting, incident, now)
    return sitting.keep(incident, replace(now, changed_at=sitting.now) if _worth(now) != _worth(incident) else now)


def _worth(incident: Incident) -> tuple[object, ...]:
    """What of it is worth an update when it changes."""
    return incident.severity, incident.root, weighty(incident.members).keys(), incident.impact.sites


def _changes(sitting: Sitting, was: Incident, now: Incident) -> None:
    """Lines of the timeline."""
    number = was.number
    if now.severity is not was.severity:
        alarms = (sitting.alarms.get(key) for key in weighty(now.members))
        evidence_at = max((alarm.bad_since for alarm in alarms if alarm and alarm.bad), default=sitting.now)
        figures = {"was": str(was.severity), "now": str(now.severity), "evidence_at": evidence_at}
        sitting.line(number, "changed", "severity", **figures)
    if now.root != was.root:
        sitting.line(number, "changed", "root", was=str(was.root), now=str(now.root))
    if set(now.impact.sites) - set(was.impact.sites):
        sitting.line(number, "changed", "wider", **figures_of(now.impact))
    _joined(sitting, number, was.members, now.members)


def _joined(sitting: Sitting, number: int, was: Mapping[str, Role], now: Mapping[str, Role]) -> None:
    lines = [(key, "joined", role) for key, role in now.items() if was.get(key) is not role]
    lines += [(key, "left", role) for key, role in was.items() if key not in now]
    for key, code, role in lines[:MOST_LINES]:
        sitting.line(number, "alarm", code, alarm=key, role=str(role))
    if len(lines) > MOST_LINES:
        sitting.line(number, "alarm", "more", count=len(lines) - MOST_LINES)


def resolved(sitting: Sitting, incident: Incident, part_of: int | None = None) -> Incident:
    """It is over, or has become part of another fault; nobody closes such a part by hand."""
    over = replace(
        incident,
        state=_S.RESOLVED,
        bad=False,
        resolved_at=sitting.now,
        recovered_at=None if part_of else incident.recovered_at or sitting.now,
        next_check_at=None,
        closing=f"part of {part_of}" if part_of else "",
    )
    if part_of:
        sitting.line(incident.number, "resolved", "part-of", number=part_of)
    else:
        sitting.line(incident.number, "resolved", "resolved", recovered_at=over.recovered_at)
    sitting.resolved.append(incident.number)
    sitting.unresolved.pop(incident.number, None)
    return sitting.keep(incident, over)


def closed(sitting: Sitting, incidents: Iterable[Incident]) -> None:
    """Minor and lower half an hour after they were resolved; critical and major wait for a person."""
    for incident in incidents:
        if incident.state is not _S.RESOLVED or incident.resolved_at is None:
            continue
        if (incident.closing or not incident.worst.pages) and sitting.due(incident.resolved_at + CLOSES_S):
            sitting.line(incident.number, "closed", "closed-by-itself")
            sitting.keep(incident, replace(incident, state=_S.CLOSED, closed_at=sitting.now))


def _flaps(cause: Cause, alarms: Mapping[str, Alarm]) -> int:
    return max(
        (alarms[key].flaps for key, role in cause.alarms.items() if role is Role.ROOT and key in alarms), default=0
    )


def worth_opening(cause: Cause) -> bool:
    return cause.bad and cause.severity is not Severity.INFO
