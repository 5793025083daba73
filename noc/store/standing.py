"""How everything stands, kept in memory and renewed from the metric file: only what was written since is read again.

Standard library only, as all of status.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from inventory.status import DaemonMark, Kind, StatusRow
from noc.store.file import Opening

_COLUMNS = "kind, key, state, since, reason, flags, at, figures"
_ALL = f"SELECT {_COLUMNS} FROM status WHERE kind = ? ORDER BY key"
_WRITTEN = f"SELECT {_COLUMNS} FROM status WHERE written > ?"
_LABELS = "SELECT key, content FROM label WHERE kind = ?"
_HEAD = "SELECT name, content FROM meta WHERE name IN ('mark', 'changes of labels', 'life', 'commit')"
KINDS: Final[tuple[Kind, ...]] = ("site", "link", "device")
Labels = Mapping[str, str | float | list[str]]
Found = tuple[Any, ...]  # a row as it lies in the file
Read = dict[Kind, dict[str, tuple[Found, StatusRow]]]
Labelled = Mapping[Kind, Mapping[str, tuple[str, Labels]]]
_decoded: Final = json.JSONDecoder().raw_decode  # what we wrote ourselves: nothing stands around it
_UNLABELLED: Final[tuple[str, Labels]] = ("", MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Standings:
    """One consistent picture. `version` rises when a row or the mark is another; rows in the order of their keys."""

    version: int
    mark: DaemonMark | None
    rows: Mapping[Kind, Mapping[str, StatusRow]]


class _Head(NamedTuple):
    """What the file says of its changes. `life` None: of an earlier version, whose rows have no numbers."""

    mark: DaemonMark | None
    labelled: str | None
    life: str | None
    commit: int

    def follows(self, before: "_Head") -> bool:
        """Whether rows with a higher number than `before` had are all that can be others, and none came or went."""
        return self.life is not None and self.relabelled == before.relabelled and self.commit >= before.commit

    @property
    def relabelled(self) -> tuple[str | None, str | None]:
        return self.life, self.labelled


class _Look(NamedTuple):
    """All of one look. `read` belongs to the newest one alone: the next one changes it."""

    at: tuple[int, int]
    head: _Head
    labels: Labelled
    read: Read
    found: Standings


class Standing:
    """One read-only opening of the file, for one thread at a time; it survives that the file comes, goes or is another."""

    def __init__(self, path: Path | str) -> None:
        self._opening = Opening(path)
        self._last: _Look | None = None

    def close(self) -> None:
        self._opening.close()

    def now(self) -> Standings:
        """Costs a look at the file where nobody wrote meanwhile. Raises StoreError; the next question tries again."""
        return self._opening.run(self._look)

    def _look(self, db: sqlite3.Connection) -> Standings:
        at, last = self._opening.version(db), self._last
        if last is not None and last.at == at:
            return last.found
        head = _head(db)
        if last is not None and last.at[0] == at[0] and head.follows(last.head):
            self._last = _since(db, last, head, at) or _whole(db, last, head, at)
        else:
            self._last = _whole(db, last, head, at)
        return self._last.found


def _head(db: sqlite3.Connection) -> _Head:
    found = dict(db.execute(_HEAD).fetchall())
    mark = DaemonMark(**json.loads(found["mark"])) if "mark" in found else None
    return _Head(mark, found.get("changes of labels"), found.get("life"), int(found.get("commit", 0)))


def _since(db: sqlite3.Connection, last: _Look, head: _Head, at: tuple[int, int]) -> _Look | None:
    """With the rows that were written since; None where one of them is new, which only a whole look can place."""
    changed: Read = {}
    for found in db.execute(_WRITTEN, (last.head.commit,)).fetchall() if head.commit > last.head.commit else ():
        kind, key = found[:2]
        before = last.read[kind].get(key)
        if before is None:
            return None
        if before[0] != found:
            changed.setdefault(kind, {})[key] = found, _row(found, before[1].labels, before)
    rows = dict(last.found.rows)
    for kind, some in changed.items():
        last.read[kind].update(some)
        rows[kind] = {**rows[kind], **{key: row for key, (_, row) in some.items()}}
    return _Look(at, head, last.labels, last.read, _standings(last, head, rows))


def _whole(db: sqlite3.Connection, last: _Look | None, head: _Head, at: tuple[int, int]) -> _Look:
    """Everything is fetched; what did not change is not decoded again."""
    same = last is not None and last.at[0] == at[0] and last.head.relabelled == head.relabelled
    labels = last.labels if last is not None and same and head.labelled else _labels(db, last)
    read = {kind: _read(db, kind, labels[kind], last.read[kind] if last else {}) for kind in KINDS}
    rows: dict[Kind, Mapping[str, StatusRow]] = {
        kind: last.found.rows[kind]
        if last is not None and _same(read[kind], last.read[kind])
        else {key: row for key, (_, row) in read[kind].items()}
        for kind in KINDS
    }
    return _Look(at, head, labels, read, _standings(last, head, rows))


def _standings(last: _Look | None, head: _Head, rows: Mapping[Kind, Mapping[str, StatusRow]]) -> Standings:
    """The same object as before where nothing is another."""
    if last is None:
        return Standings(1, head.mark, rows)
    before = last.found
    if head.mark == before.mark and all(rows[kind] is before.rows[kind] for kind in KINDS):
        return before
    return Standings(before.version + 1, head.mark, rows)


def _labels(db: sqlite3.Connection, last: _Look | None) -> Labelled:
    known = last.labels if last else {kind: {} for kind in KINDS}
    return {
        kind: {
            key: before if (before := known[kind].get(key)) and before[0] == content else (content, json.loads(content))
            for key, content in db.execute(_LABELS, (kind,))
        }
        for kind in KINDS
    }


def _read(
    db: sqlite3.Connection,
    kind: Kind,
    labels: Mapping[str, tuple[str, Labels]],
    known: Mapping[str, tuple[Found, StatusRow]],
) -> dict[str, tuple[Found, StatusRow]]:
    read = {}
    for found in db.execute(_ALL, (kind,)):
        key = found[1]
        own, before = labels.get(key, _UNLABELLED)[1], known.get(key)
        same = before is not None and before[0] == found and before[1].labels is own
        read[key] = before if before is not None and same else (found, _row(found, own, before))
    return read


def _same(read: Mapping[str, tuple[Found, StatusRow]], before: Mapping[str, tuple[Found, StatusRow]]) -> bool:
    return len(read) == len(before) and all(one is before.get(key) for key, one in read.items())


def _row(found: Found, labels: Labels, before: tuple[Found, StatusRow] | None) -> StatusRow:
    """Most of the time only the instant is another."""
    kind, key, state, since, reason, flags, at, figures = found
    return StatusRow(
        kind,
        key,
        labels,
        state,
        since,
        reason,
        () if flags == "[]" else tuple(json.loads(flags)),
        at,
        before[1].figures if before is not None and before[0][-1] == figures else _decoded(figures)[0],
    )
