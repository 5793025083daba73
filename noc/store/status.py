"""What `noc link status` and its sisters answer from: status rows, the daemon's own line, and facts, read from the file.

Standard library only; every function opens, reads one consistent picture and closes. Errors are `StoreError`s.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

from inventory.status import DaemonMark, Kind, StatusRow
from noc.store.file import Opening

_STATUS = """
SELECT s.kind, s.key, l.content, s.state, s.since, s.reason, s.flags, s.at, s.figures
FROM status s LEFT JOIN label l USING (kind, key) WHERE s.kind = ? ORDER BY s.key
"""


def read_status(path: Path | str, kind: Kind) -> list[StatusRow]:
    """All rows of one kind, by key."""
    with Opening(path) as opening:
        return opening.run(lambda db: [_row(found) for found in db.execute(_STATUS, (kind,))])


def read_mark(path: Path | str) -> DaemonMark | None:
    """The daemon's own line; None when no daemon has written yet."""
    with Opening(path) as opening:
        return opening.run(mark_in)


def mark_in(db: sqlite3.Connection) -> DaemonMark | None:
    """The same, of a file that is open."""
    found = db.execute("SELECT content FROM meta WHERE name = 'mark'").fetchone()
    return DaemonMark(**json.loads(found[0])) if found else None


def read_facts(path: Path | str, device: str | None = None, part: str | None = None) -> list[dict[str, Any]]:
    """Facts as plain dicts `device, part, at, content`, all devices and parts unless one is named."""
    with Opening(path) as opening:
        return facts_in(opening, device, part)


def facts_in(opening: Opening, device: str | None = None, part: str | None = None) -> list[dict[str, Any]]:
    """The same for who has the file open."""
    columns, mine = "device, part, at, content", "(?2 IS NULL OR part = ?2)"
    query = f"SELECT {columns} FROM facts WHERE {'?1 IS NULL' if device is None else 'device = ?1'} AND {mine}"

    def act(db: sqlite3.Connection) -> list[tuple[str, str, int, str]]:
        return db.execute(query, (device, part)).fetchall()

    found = opening.run(act)
    return [
        {"device": name, "part": which, "at": at, "content": json.loads(content)} for name, which, at, content in found
    ]


def _row(found: tuple[Any, ...]) -> StatusRow:
    kind, key, labels, state, since, reason, flags, at, figures = found
    return StatusRow(
        kind=kind,
        key=key,
        labels=json.loads(labels) if labels else {},
        state=state,
        since=since,
        reason=reason,
        flags=tuple(json.loads(flags)),
        at=at,
        figures=json.loads(figures),
    )
