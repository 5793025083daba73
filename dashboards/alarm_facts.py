"""Alarms as machines read them: stable keys, ISO-8601 UTC times."""

from typing import Any

from alerts.alarm import Alarm
from dashboards.figures import iso


def alarm_as_json(one: Alarm) -> dict[str, Any]:
    subject = one.subject
    return {
        "key": one.key,
        "rule": one.rule,
        "subject": {"kind": subject.kind, "key": subject.key, "device": subject.device},
        "family": one.family,
        "severity": str(one.severity),
        "phase": str(one.phase),
        "since": iso(one.since),
        "changed_at": iso(one.changed_at),
        "at": iso(one.at),
        "good_since": None if one.good_since is None else iso(one.good_since),
        "stale": one.stale,
        "flapping": one.flapping,
        "flaps": one.flaps,
        "evidence": {"code": one.evidence.code, "figures": dict(one.evidence.figures)},
    }
