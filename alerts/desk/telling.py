"""When an incident is told, and what follows while it lasts: the opening, updates at five-minute marks, one recovery."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from alerts.alarm import Severity
from alerts.cause import Cause, Impact
from alerts.desk.outbound import ACCEPTED, Post, cancel, extent, name_of, ways
from alerts.desk.sitting import Sitting
from alerts.desk.story import Story
from alerts.incident import Incident, IncidentState
from alerts.notification import WAKING, Fate, Notification

TELL_AFTER_S: Mapping[Severity, float] = {Severity.CRITICAL: 7.0, Severity.MAJOR: 23.0, Severity.MINOR: 60.0}
MARK_S = 300.0
DOWN_S = 120.0  # a flapping thing that has been down for so long
FURTHER_S = 900.0  # is paged again, not more often than this (SEMANTICS 14)


def telling_at(cause: Cause, seen_at: float | None = None) -> float:
    """UTC seconds. `seen_at`: when it was split off from a fault that had explained it until then.

    What flaps is one bad stretch from its first fall on: else short falls would never be told (SEMANTICS 14).
    """
    bad_since = cause.since if cause.flapping else cause.bad_since
    bad_since = bad_since if seen_at is None else max(bad_since, seen_at)
    return max(cause.confirmed_at, bad_since + TELL_AFTER_S.get(cause.severity, 0.0))


def on_call(sitting: Sitting, targets: Iterable[str]) -> list[str]:
    """Contacts who can be reached at all; where there is none, the supervisor."""
    plan = sitting.staff.plan
    found = [one for target in targets for one in plan.who(target, sitting.now, sitting.overrides)]
    reached = [contact for contact in dict.fromkeys(found) if ways(sitting, contact)]
    return reached or [contact for contact in plan.supervisor if ways(sitting, contact)]


def open_to_people(sitting: Sitting, incident: Incident) -> Incident:
    """The first message: who is on call, then mails, then machines. Who had it before gets an update."""
    chain = sitting.staff.chain(incident)
    first = [step for step in chain.steps if step.after_s <= 0]
    told = replace(incident, told_at=sitting.now, updated_at=None, step=len(first), step_at=sitting.now)
    story = Story.of(sitting.books.entries(incident.number))
    opening = Post(sitting, told, "opened", story.turn("opened"))
    again = Post(sitting, told, "update", story.turn("update"))
    if told.severity.pages:
        contacts = on_call(sitting, [target for step in first for target in step.targets]) if first else []
        opening.page(each for each in contacts if not story.opened_to(each, page=True))
        again.page(each for each in contacts if story.opened_to(each, page=True))
    paged = {*opening.reached, *again.reached}
    copies = [each for each in chain.mail if each not in paged]
    opening.mail(each for each in copies if not story.opened_to(each, page=False))
    again.mail(each for each in copies if story.opened_to(each, page=False))
    (again if story.opened_to("", page=False) else opening).machines()
    return told


def opening_due(sitting: Sitting, incident: Incident, cause: Cause) -> float:
    """When an incident that nobody knows of (any more) is told; one that was told before has to wait its turn."""
    due = telling_at(cause)
    pages = Story.of(sitting.books.entries(incident.number)).pages()
    if not pages:
        return due
    further = pages[1:] if not incident.flapping else pages
    if further and further[-1] + FURTHER_S > sitting.now:
        return max(due, cause.bad_since + DOWN_S, further[-1] + FURTHER_S)
    return due


def update(sitting: Sitting, incident: Incident) -> Incident:
    """What changed since it was last told: a higher severity at once, all else at the next mark."""
    last = max(incident.told_at or 0.0, incident.updated_at or 0.0)
    if incident.told_at is None or incident.changed_at <= last:
        return incident
    story = Story.of(sitting.books.entries(incident.number))
    was = story.severity or incident.severity
    if incident.severity.rank < was.rank and incident.severity.pages and _wakes(incident, was):
        rise = story.rise
        due = max(rise.at, rise.evidence_at + TELL_AFTER_S[incident.severity]) if rise else sitting.now
        return _risen(sitting, incident) if sitting.due(due) else incident
    mark = incident.told_at + MARK_S * max(1, ceil((incident.changed_at - incident.told_at) / MARK_S - 1e-9))
    return _updated(sitting, incident, story) if sitting.due(mark) else incident


def _wakes(incident: Incident, was: Severity) -> bool:
    """Somebody has it already: only what nobody was ever woken for wakes."""
    return incident.state is IncidentState.OPEN or not was.pages


def _risen(sitting: Sitting, incident: Incident) -> Incident:
    """It got worse: who is on call now is paged, whoever was told hears of it."""
    told_at = incident.told_at
    known = told_by(sitting.books.notifications(incident.number))
    opened = open_to_people(sitting, incident)
    story = Story.of(sitting.books.entries(incident.number))
    fresh = {str(entry.figures["contact"]) for entry in story.told if entry.at == sitting.now}
    post = Post(sitting, opened, "update", story.turn("update"))
    for name, notification in known.items():
        if notification.contact and name not in fresh:
            _pass_on(sitting, post, notification, aloud=True)
    return replace(opened, told_at=told_at, updated_at=sitting.now)


def _updated(sitting: Sitting, incident: Incident, story: Story) -> Incident:
    last = story.last
    told = replace(incident, updated_at=sitting.now)
    if last is None:
        return told
    worse = incident.severity.rank < Severity(last.figures["severity"]).rank
    moved = last.figures["root"] not in map(str, incident.roots)
    more = [now - int(last.figures[name]) for name, now in extent(incident).items()]
    if not (worse or moved or any(more) or str(incident.severity) != last.figures["severity"]):
        return told
    taken = incident.state is not IncidentState.OPEN
    aloud = incident.severity.pages and (worse or ((moved or max(more) > 0) and not taken))
    post = Post(sitting, told, "update", story.turn("update"))
    for notification in told_by(sitting.books.notifications(incident.number)).values():
        _pass_on(sitting, post, notification, aloud=aloud)
    return told


def _pass_on(sitting: Sitting, post: Post, heard: Notification, *, aloud: bool) -> None:
    """To somebody who was told, by what took it then; quietly: by mail, to machines."""
    if not heard.contact:
        post.send("", heard.channels)
    elif heard.channel not in WAKING:
        post.mail([heard.contact])
    elif aloud:
        post.page([heard.contact])
    else:
        post.mail([heard.contact])


def told_by(notifications: Sequence[Notification]) -> dict[str, Notification]:
    """Who was told and has had no recovery since -> the message that was accepted, of several one that woke."""
    found: dict[str, Notification] = {}
    for each in notifications:
        name = name_of(each)
        if each.occasion == "recovery" and each.fate is not Fate.CANCELLED:
            found.pop(name, None)
        elif each.occasion != "recovery" and each.fate in ACCEPTED:
            known = found.get(name)
            if known is None or (each.channel in WAKING and known.channel not in WAKING):
                found[name] = each
    return found


def recover(sitting: Sitting, incident: Incident) -> int:
    """One message to everybody who was told; nothing to those whose message never went out. Asked twice it sends nothing."""
    cancel(sitting.books, incident.number, sitting.now, but=frozenset({"recovery"}))
    story = Story.of(sitting.books.entries(incident.number))
    known = told_by(_heard(sitting, incident, story))
    if not known:
        return 0
    post = Post(sitting, replace(incident, impact=_hurt(sitting, story, incident)), "recovery", story.turn("recovery"))
    for heard in known.values():
        first = heard.channel or heard.channels[0]
        others = [way for way in ways(sitting, heard.contact) if way != first]
        post.send(heard.contact, (first, *others))
    return len(known)


def _heard(sitting: Sitting, incident: Incident, story: Story) -> list[Notification]:
    """All messages about it, and about what became part of it until it did."""
    found = list(sitting.books.notifications(incident.number))
    for number, at in story.swallowed():
        found += [each for each in sitting.books.notifications(number) if each.queued_at <= at]
    return sorted(found, key=lambda each: each.queued_at)


def _hurt(sitting: Sitting, story: Story, incident: Incident) -> Impact:
    """Whom it hurt at its widest, without those whom another fault still keeps off."""
    widest = story.widest(incident)
    others = [each.impact for each in sitting.unresolved.values() if each.number != incident.number]
    found: dict[str, Any] = {
        name: tuple(key for key in getattr(widest, name) if not any(key in getattr(each, name) for each in others))
        for name in ("sites", "institutions", "services", "regions")
    }
    return replace(widest, **found)
