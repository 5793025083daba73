"""Status as machines read it: stable keys, ISO-8601 UTC times, and how old the data is."""

from collections.abc import Mapping
from typing import Any

from dashboards.figures import iso
from dashboards.status import Age, StatusView, note, sentence
from inventory.status import DaemonMark, StatusRow

WRONG = frozenset({"down", "unreachable", "degraded", "unknown"})


def wrong(view: StatusView, row: StatusRow) -> bool:
    """Not known to be well: what is stale is not."""
    return row.state in WRONG or view.age.stale(row)


def as_json(view: StatusView, mark: DaemonMark | None) -> Mapping[str, Any]:
    return {
        "at": iso(view.age.now),
        "daemon": daemon_told(view.age, mark),
        "total": view.total,
        "counts": dict(view.counts),
        "warnings": list(view.warnings),
        f"{view.kind}s": [_row(view, row) for row in view.rows],
    }


def daemon_told(age: Age, mark: DaemonMark | None) -> Mapping[str, Any]:
    if mark is None:
        return {"state": "never-ran", "written_at": None, "data_age_s": None, "blind_since": None}
    silent = age.silent_since is not None
    return {
        "state": "stopped" if age.stopped else "silent" if silent and not age.blind else "running",
        "version": mark.version,
        "started": iso(mark.started),
        "written_at": iso(mark.at),
        "data_age_s": round(max(0.0, age.now - (mark.at if mark.blind_since is None else mark.blind_since)), 1),
        "blind_since": iso(mark.blind_since) if mark.blind_since is not None else None,
    }


def _row(view: StatusView, row: StatusRow) -> Mapping[str, Any]:
    now = view.age.now
    return {
        "key": row.key,
        "state": row.state,
        "since": iso(row.since) if row.since is not None else None,
        "reason": row.reason,
        "flags": list(row.flags),
        "at": iso(row.at) if row.at is not None else None,
        "age_s": round(max(0.0, now - row.at), 1) if row.at is not None else None,
        "stale": view.age.stale(row),
        "labels": dict(row.labels),
        "figures": dict(row.figures),
        "note": note(row, view.words),
        "sentence": sentence(row, now, view.words),
    }
