"""The rows beside the metrics: status, labels, facts and the daemon's line; written only where they changed."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from inventory.status import StatusRow
from noc.store.pending import Handed

_STATUS = "INSERT OR REPLACE INTO status VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LABEL = "INSERT OR REPLACE INTO label VALUES (?, ?, ?)"
_FACTS = "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)"
_RELABELLED = """
INSERT INTO meta VALUES ('changes of labels', '1') ON CONFLICT (name) DO UPDATE SET content = content + 1
"""
_META = "INSERT OR REPLACE INTO meta VALUES (?, ?)"


_encoded: Final = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def text(content: object) -> str:
    """Compact JSON in ASCII: any text of any device is safe in it."""
    return _encoded(content)


@dataclass(slots=True)
class Sheets:
    """Remembers what the file says, so that an unchanged label or fact costs no write."""

    _labels: dict[tuple[str, str], Mapping[str, str | float | list[str]]] = field(default_factory=dict)
    _facts: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def load(cls, db: sqlite3.Connection) -> "Sheets":
        labels = {(kind, key): json.loads(content) for kind, key, content in db.execute("SELECT * FROM label")}
        facts = {
            (device, part): hash(content)
            for device, part, content in db.execute("SELECT device, part, content FROM facts")
        }
        return cls(labels, facts)

    def write(self, db: sqlite3.Connection, handed: Handed, commit: int) -> None:
        """Inside the caller's transaction, which is the commit of that number."""
        rows = [row for row in handed.status.values() if row is not None]
        gone = [place for place, row in handed.status.items() if row is None]
        changed = [row for row in rows if not self._same(row)]
        db.executemany(_STATUS, [_columns(row, commit) for row in rows])
        db.executemany(_LABEL, [(row.kind, row.key, text(dict(row.labels))) for row in changed])
        if changed or gone:
            db.execute(_RELABELLED)
        for table in ("status", "label"):
            db.executemany(f"DELETE FROM {table} WHERE kind = ? AND key = ?", gone)
        for place, facts in handed.facts.items():
            content = text(dict(facts.content))
            if self._facts.get(place) != hash(content):
                db.execute(_FACTS, (*place, facts.at, content))
        if handed.mark is not None:
            db.execute(_META, ("mark", text(asdict(handed.mark))))

    def settle(self, handed: Handed) -> None:
        """What `write` wrote is on disk now."""
        for place, row in handed.status.items():
            if row is None:
                self._labels.pop(place, None)
            else:
                self._labels[place] = row.labels
        for where, facts in handed.facts.items():
            self._facts[where] = hash(text(dict(facts.content)))

    def _same(self, row: StatusRow) -> bool:
        known = self._labels.get((row.kind, row.key))
        return known is row.labels or known == row.labels


def _columns(row: StatusRow, commit: int) -> tuple[object, ...]:
    flags = text(row.flags) if row.flags else "[]"
    figures = row.figures if type(row.figures) is dict else dict(row.figures)
    return (row.kind, row.key, str(row.state), row.since, str(row.reason), flags, row.at, text(figures), commit)
