"""How everything stands, kept in memory and renewed from the metric file: what did not change is not decoded again.

Standard library only, as all of status.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from inventory.status import DaemonMark, Kind, StatusRow
from noc.store.file import Opening

_ROWS = "SELECT key, state, since, reason, flags, at, figures FROM status WHERE kind = ? ORDER BY key"
_LABELS = "SELECT key, content FROM label WHERE kind = ?"
_MARK = "SELECT content FROM meta WHERE name = 'mark'"
_RELABELLED = "SELECT content FROM meta WHERE name = 'changes of labels'"
KINDS: Final[tuple[Kind, ...]] = ("site", "link", "device")
Labels = Mapping[str, str | float | list[str]]
Found = tuple[Any, ...]
_decoded: Final = json.JSONDecoder().raw_decode  # what we wrote ourselves: nothing stands around it
_UNLABELLED: Final[tuple[str, Labels]] = ("", MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Standings:
    """One consistent picture. `version` rises when a row or the mark is another; rows in the order of their keys."""

    version: int
    mark: DaemonMark | None
    rows: Mapping[Kind, Mapping[str, StatusRow]]


class Standing:
    """One read-only opening of the file, for one thread at a time; it survives that the file comes, goes or is another."""

    def __init__(self, path: Path | str) -> None:
        self._opening = Opening(path)
        self._seen: tuple[int, int] | None = None
        self._mark: str | None = None
        self._relabelled: str | None = None
        self._labels: dict[Kind, dict[str, tuple[str, Labels]]] = {kind: {} for kind in KINDS}
        self._kept: dict[Kind, dict[str, tuple[Found, StatusRow]]] = {kind: {} for kind in KINDS}
        self._last: Standings | None = None

    def close(self) -> None:
        self._opening.close()

    def now(self) -> Standings:
        """Costs a look at the file where nobody wrote meanwhile. Raises StoreError; the next question tries again."""
        return self._opening.run(self._look)

    def _look(self, db: sqlite3.Connection) -> Standings:
        seen = self._opening.version(db)
        if self._last is None or seen != self._seen:
            self._last = self._renewed(db, self._last)
            self._seen = seen
        return self._last

    def _renewed(self, db: sqlite3.Connection, last: Standings | None) -> Standings:
        mark = _one(db, _MARK)
        relabelled = _one(db, _RELABELLED)
        if relabelled is None or relabelled != self._relabelled:
            self._read_labels(db)
            self._relabelled = relabelled
        rows = {kind: self._rows(db, kind) for kind in KINDS}
        if last is not None and mark == self._mark and all(rows[kind] is last.rows[kind] for kind in KINDS):
            return last
        self._mark = mark
        return Standings(last.version + 1 if last else 1, DaemonMark(**json.loads(mark)) if mark else None, rows)

    def _read_labels(self, db: sqlite3.Connection) -> None:
        for kind in KINDS:
            known = self._labels[kind]
            self._labels[kind] = {
                key: before if (before := known.get(key)) and before[0] == content else (content, json.loads(content))
                for key, content in db.execute(_LABELS, (kind,))
            }

    def _rows(self, db: sqlite3.Connection, kind: Kind) -> Mapping[str, StatusRow]:
        """The same mapping as before where no row is another."""
        kept, labels = self._kept[kind], self._labels[kind]
        new: dict[str, tuple[Found, StatusRow]] = {}
        same = self._last is not None
        for found in db.execute(_ROWS, (kind,)):
            key = found[0]
            own = labels.get(key, _UNLABELLED)[1]
            before = kept.get(key)
            if before is not None and before[0] == found and before[1].labels is own:
                new[key] = before
            else:
                new[key] = found, _row(kind, found, own, before)
                same = False
        if same and self._last is not None and len(new) == len(kept):
            return self._last.rows[kind]
        self._kept[kind] = new
        return {key: row for key, (_, row) in new.items()}


def _row(kind: Kind, found: Found, labels: Labels, before: tuple[Found, StatusRow] | None) -> StatusRow:
    """Most of the time only the instant is another."""
    key, state, since, reason, flags, at, figures = found
    return StatusRow(
        kind=kind,
        key=key,
        labels=labels,
        state=state,
        since=since,
        reason=reason,
        flags=() if flags == "[]" else tuple(json.loads(flags)),
        at=at,
        figures=before[1].figures if before is not None and before[0][-1] == figures else _decoded(figures)[0],
    )


def _one(db: sqlite3.Connection, query: str) -> str | None:
    found = db.execute(query).fetchone()
    return str(found[0]) if found else None
