"""Alarms, incidents and the rest as rows of the ledger, and back; what a newer version wrote into JSON survives."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from alerts.alarm import Alarm, Evidence, Phase, Severity
from alerts.books import Reply
from alerts.cause import Impact, Role
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window

Row = dict[str, Any]
T = TypeVar("T")


def names_of(kind: type, *, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in but)


_ALARM = names_of(Alarm, but=("subject", "evidence"))
_INCIDENT = names_of(Incident, but=("roots", "members", "impact", "evidence", "fine", "linked"))
_IMPACT = names_of(Impact)
_ENTRY = names_of(Entry, but=("figures",))
_NOTIFICATION = names_of(Notification, but=("channels",))


def clean(value: Any) -> Any:
    """Text that every database takes: no NUL, no half of a pair of surrogates."""
    if not isinstance(value, str) or (type(value) is str and value.isascii() and "\0" not in value):
        return value
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def compact(value: Any) -> str:
    """JSON as it stands in a column."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)
    except ValueError:
        return json.dumps(_speakable(value), ensure_ascii=False, separators=(",", ":"), default=str)


def _speakable(value: Any) -> Any:
    """Not-a-number and infinity are no JSON: as words."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _speakable(each) for key, each in value.items()}
    return [_speakable(each) for each in value] if isinstance(value, list | tuple) else value


def tidy(value: Any) -> Any:
    """The same, of all text within a value that becomes JSON."""
    if isinstance(value, Mapping):
        return {clean(str(key)): tidy(each) for key, each in value.items()}
    return [tidy(each) for each in value] if isinstance(value, list | tuple) else clean(value)


def plain(value: Any, names: tuple[str, ...]) -> Row:
    return {name: clean(getattr(value, name)) for name in names}


def alarm_row(alarm: Alarm) -> Row:
    row = plain(alarm, _ALARM)
    subject = alarm.subject
    row.update(key=clean(alarm.key), kind=subject.kind, subject=clean(subject.key), device=clean(subject.device))
    row["evidence"] = _evidence_json(alarm.evidence)
    return row


def alarm_of(row: Mapping[str, Any]) -> Alarm:
    kept = {name: row[name] for name in _ALARM}
    kept.update(severity=Severity(kept["severity"]), phase=Phase(kept["phase"]))
    subject = Subject(row["kind"], row["subject"], row["device"])
    return Alarm(subject=subject, evidence=_evidence_of(row["evidence"]), **kept)


def incident_row(incident: Incident, impact: Mapping[str, Any] | None = None) -> Row:
    """`impact` as it stands in the ledger: keys of it that this version does not know are kept."""
    row = plain(incident, _INCIDENT)
    unknown = {key: value for key, value in (impact or {}).items() if key not in _IMPACT}
    row.update(
        root_kind=incident.root.kind,
        root_key=clean(incident.root.key),
        roots=[tidy((each.kind, each.key, each.device)) for each in incident.roots],
        members=tidy(incident.members),
        impact=unknown | {name: tidy(getattr(incident.impact, name)) for name in _IMPACT},
        evidence=[_evidence_json(each) for each in incident.evidence],
        fine=tidy(incident.fine),
        linked=list(incident.linked),
    )
    return row


def incident_of(row: Mapping[str, Any]) -> Incident:
    kept = {name: row[name] for name in _INCIDENT}
    kept.update(state=IncidentState(kept["state"]), severity=Severity(kept["severity"]), worst=Severity(kept["worst"]))
    impact: Row = {name: row["impact"][name] for name in _IMPACT if name in row["impact"]}
    return Incident(
        roots=tuple(Subject(*each[:3]) for each in row["roots"]),
        members={key: Role(role) for key, role in row["members"].items()},
        impact=Impact(**{key: _frozen(value) for key, value in impact.items()}),
        evidence=tuple(_evidence_of(each) for each in row["evidence"]),
        fine=tuple(row["fine"]),
        linked=tuple(row["linked"]),
        **kept,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _evidence_json(evidence: Evidence) -> Row:
    return {"code": evidence.code, "figures": tidy(evidence.figures)}


def _evidence_of(kept: Mapping[str, Any]) -> Evidence:
    return Evidence(kept.get("code", ""), kept.get("figures", {}))


def entry_row(entry: Entry) -> Row:
    return plain(entry, _ENTRY) | {"figures": tidy(entry.figures)}


def entry_of(row: Mapping[str, Any]) -> Entry:
    return Entry(figures=row["figures"], **{name: row[name] for name in _ENTRY})


def notification_row(notification: Notification) -> Row:
    return plain(notification, _NOTIFICATION) | {"channels": list(notification.channels)}


def notification_of(row: Mapping[str, Any]) -> Notification:
    kept = {name: row[name] for name in _NOTIFICATION}
    kept["fate"] = Fate(kept["fate"])
    return Notification(channels=tuple(row["channels"]), **kept)


def _maker(kind: type[T]) -> Callable[[Mapping[str, Any]], T]:
    names = names_of(kind)
    return lambda row: kind(**{name: row[name] for name in names})


def row_of(value: Window | Override | Reply) -> Row:
    return plain(value, names_of(type(value)))


window_of = _maker(Window)
override_of = _maker(Override)
reply_of = _maker(Reply)
