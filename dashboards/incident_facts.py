"""Incidents as machines read them: stable keys, ISO-8601 UTC times, names beside keys, no telephone number in clear."""

from collections.abc import Mapping
from typing import Any

from alerts.alarm import Evidence
from alerts.incident import Entry, Incident
from alerts.notification import Notification
from alerts.subject import Subject
from alerts.words.lines import line as said_of
from alerts.words.phrases import explain, title
from dashboards.figures import iso
from dashboards.incident_story import Address, Story, impact_names
from dashboards.incidents import IncidentsView, having
from dashboards.notices import as_json as notice_as_json

_TIMES = (
    *("since", "opened_at", "changed_at", "told_at", "updated_at", "step_at", "acknowledged_at", "touched_at"),
    *("next_check_at", "recovered_at", "resolved_at", "closed_at"),
)
_PLAIN = (
    *("number", "state", "severity", "worst", "family", "power", "flapping", "flaps", "bad", "times", "window", "step"),
    *("owner", "acknowledged_by", "ticket", "closing", "previous", "revision"),
)


def as_json(incident: Incident, view: IncidentsView) -> dict[str, Any]:
    """One row of a list."""
    coming = view.next_step(incident)
    return {
        **{name: getattr(incident, name) for name in _PLAIN},
        **{name: _iso(getattr(incident, name)) for name in _TIMES},
        "unresolved": incident.unresolved,
        "title": title(incident, view.language, view.names),
        "sentence": explain(incident, view.language, view.names, view.now),
        "standing": having(incident, view),
        "roots": [_subject(each, view) for each in incident.roots],
        "impact": {
            **{kind: list(getattr(incident.impact, kind)) for kind in ("sites", "institutions", "services", "regions")},
            **{kind: list(getattr(incident.impact, kind)) for kind in ("devices", "degraded", "circuits")},
            "core": incident.impact.core,
            "datacentre": incident.impact.datacentre,
        },
        "members": dict(incident.members),
        "fine": list(incident.fine),
        "linked": list(incident.linked),
        "evidence": [_evidence(each) for each in incident.evidence],
        "next_step": {"at": _iso(coming.at), "whom": coming.whom} if coming else None,
    }


def story_as_json(story: Story, view: IncidentsView, address: Address) -> dict[str, Any]:
    return {
        **as_json(story.incident, view),
        "names": dict(impact_names(story.incident, view)),
        "alarms": [
            {
                "key": key,
                "role": str(role),
                "phase": str(alarm.phase) if (alarm := story.alarms.get(key)) else "clear",
                "since": _iso(alarm.since) if alarm else None,
                "good_since": _iso(alarm.good_since) if alarm else None,
                "stale": alarm.stale if alarm else False,
                "evidence": _evidence(alarm.evidence) if alarm else None,
            }
            for key, role in story.incident.members.items()
        ],
        "notifications": [_notification(each, address) for each in story.notifications],
        "entries": [_entry(each, view) for each in story.entries],
        "notices": [
            {key: value for key, value in notice_as_json(0, each).items() if key != "number"} for each in story.notices
        ],
    }


def _subject(subject: Subject, view: IncidentsView) -> dict[str, str]:
    name = view.names.subject(subject, view.language)
    return {"kind": subject.kind, "key": subject.key, "device": subject.device, "name": name}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"code": evidence.code, "figures": dict(evidence.figures)}


def _entry(entry: Entry, view: IncidentsView) -> dict[str, Any]:
    said = said_of(entry, view.language, view.names)
    kept = {name: getattr(entry, name) for name in ("kind", "who", "code", "text")}
    return {"at": _iso(entry.at), **kept, "figures": dict(entry.figures), "sentence": said}


def _notification(one: Notification, address: Address) -> Mapping[str, Any]:
    channel = one.channel or one.channels[min(one.place, len(one.channels) - 1)]
    return {
        **{name: getattr(one, name) for name in ("key", "occasion", "contact", "page", "tries", "error", "language")},
        "fate": str(one.fate),
        "channels": list(one.channels),
        "channel": channel,
        "address": address(one.contact, channel),
        "queued_at": _iso(one.queued_at),
        "ended_at": _iso(one.ended_at),
    }


def _iso(at: float | None) -> str | None:
    return iso(at) if at is not None else None
