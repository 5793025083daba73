"""Reading notices from any process, daemon up or down: the newest first, by device, kind, name, words and time.

Standard library only; errors are `StoreError`s.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from inventory.notice import Notice
from noc.notices.file import NOTICES
from noc.store.file import Opening

MOST_DEVICES = 30_000  # names that one question may list

_COLUMNS = "id, at, device, source, kind, name, text, severity, subject, content"


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice with its place in the file; later ones have higher numbers."""

    number: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; everything that is set must hold. `name` may hold * for anything."""

    devices: Iterable[str] | None = None
    since: float | None = None  # UTC seconds
    kind: str = ""
    name: str = ""
    text: str = ""  # part of the line or of the subject, upper and lower case alike
    severity: int | None = None  # this or worse (lower)
    after: int | None = None  # number: only what came later
    until: float | None = None  # UTC seconds, inclusive
    before: int | None = None  # number: only what came earlier
    number: int | None = None  # this one only


class NoticeReader:
    """Read-only, for any process and user; reopens itself when the daemon comes or goes."""

    def __init__(self, path: Path | str) -> None:
        self._opening = Opening(path, NOTICES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.close()

    def find(self, question: Question, limit: int) -> list[Kept]:
        """The newest that fit, newest first."""
        where, values = _where(question)
        query = f"SELECT {_COLUMNS} FROM notice WHERE {where} ORDER BY id DESC LIMIT ?"
        return self._opening.run(lambda db: [_kept(row) for row in db.execute(query, (*values, limit))])

    def count(self, question: Question) -> int:
        where, values = _where(question)
        query = f"SELECT count(*) FROM notice WHERE {where}"
        return int(self._opening.run(lambda db: db.execute(query, values).fetchone()[0]))

    def last_number(self) -> int:
        """Of the newest notice; 0 where there is none."""
        return int(self._opening.run(lambda db: db.execute("SELECT max(id) FROM notice").fetchone()[0]) or 0)

    def mark(self, name: str) -> tuple[float, Any] | None:
        """(UTC seconds, content) of what the daemon marked last under that name."""

        def act(db: sqlite3.Connection) -> Any:
            return db.execute("SELECT at, content FROM mark WHERE name = ?", (name,)).fetchone()

        found = self._opening.run(act)
        return (found[0], json.loads(found[1])) if found else None


def _where(question: Question) -> tuple[str, list[Any]]:
    terms, values = ["1"], list[Any]()
    for term, value in _terms(question):
        terms.append(term)
        values.extend(value)
    return " AND ".join(terms), values


def _terms(question: Question) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if question.devices is not None:
        devices = tuple(question.devices)[:MOST_DEVICES]
        yield f"device IN ({','.join('?' * len(devices))})", devices
    if question.since is not None:
        yield "at >= ?", (question.since,)
    if question.kind:
        yield "kind = ?", (question.kind,)
    if question.name:
        yield "name LIKE ? ESCAPE '\\'", (_escaped(question.name).replace("*", "%"),)
    if question.text:
        part = f"%{_escaped(question.text)}%"
        yield "(text LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\')", (part, part)
    if question.severity is not None:
        yield "severity <= ?", (question.severity,)
    if question.after is not None:
        yield "id > ?", (question.after,)
    if question.before is not None:
        yield "id < ?", (question.before,)
    if question.number is not None:
        yield "id = ?", (question.number,)
    if question.until is not None:
        yield "at <= ?", (question.until,)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _kept(row: tuple[Any, ...]) -> Kept:
    number, at, device, source, kind, name, text, severity, subject, content = row
    return Kept(number, Notice(at, device, source, kind, name, text, severity, subject, json.loads(content)))
