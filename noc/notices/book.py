"""The one hand that writes `notices.db`: notices are handed over at any time, and become durable together once a second."""

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from inventory.notice import Notice
from noc.notices.file import open_writing
from noc.store.file import WriterLock, named

DAY_S = 86_400
MOST_WAITING = 50_000  # notices that wait for a disk that is full
MOST_OCTETS = 2 << 30  # of the file; the oldest go first
PRUNE_EVERY_S = 300.0
_BATCH = 20_000  # rows deleted in one transaction
_SHARE = 20  # a twentieth of the rows goes at once where the file is too big
_INSERT = (
    "INSERT INTO notice (at, device, source, kind, name, severity, subject, text, content) VALUES (?,?,?,?,?,?,?,?,?)"
)


@dataclass(slots=True)
class BookCounters:
    """Counted since the start of the daemon."""

    kept: int = 0
    lost: int = 0  # thrown away, oldest first, because the disk would not take them
    pruned: int = 0  # older than `keep_days`, or too many for the file


class Book:
    """Opens for writing on entry, closes cleanly on exit. Raises StoreError.

    `put` and `mark` only hand over; `commit` and `prune` work, in a thread of their own.
    """

    def __init__(self, path: Path, keep_days: float, *, most_octets: int = MOST_OCTETS) -> None:
        self.path = path
        self.counters = BookCounters()
        self._keep_s = keep_days * DAY_S
        self._most_octets = most_octets
        self._waiting: deque[Notice] = deque()
        self._marks: dict[str, tuple[float, Any]] = {}
        self._writing = threading.Lock()
        self._lock = WriterLock(path)
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            self._db = open_writing(self.path)
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.commit()
        finally:
            if self._db is not None:
                self._db.close()
                self._db = None
            self._lock.__exit__()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, notice: Notice) -> None:
        """Memory only."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.counters.lost += 1
        self._waiting.append(notice)

    def mark(self, name: str, at: float, content: Any) -> None:
        """Something JSON-able that is known now: one of a name is kept."""
        self._marks[name] = (at, content)

    def commit(self) -> None:
        """Make what was handed over durable; what the disk does not take is kept for the next time."""
        with self._writing:
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            marks, self._marks = self._marks, {}
            if not taken and not marks:
                return
            try:
                with self._transaction() as db:
                    db.executemany(_INSERT, map(_row, taken))
                    db.executemany(
                        "INSERT OR REPLACE INTO mark VALUES (?,?,?)",
                        [(name, at, json.dumps(content)) for name, (at, content) in marks.items()],
                    )
            except sqlite3.Error as error:
                self._waiting.extendleft(reversed(taken))
                self._marks = marks | self._marks  # so that the next commit is one, and tells whether the disk takes it
                raise named(error, self.path) from error
            self.counters.kept += len(taken)

    def prune(self, now: float) -> None:
        """Let go what is too old, and the oldest where the file is too big."""
        with self._writing:
            try:
                while self._delete("at < ?", now - self._keep_s) == _BATCH:
                    pass
                if self._octets() > self._most_octets:
                    self._delete_share()
                self._connection.execute("PRAGMA incremental_vacuum(4000)").fetchall()
            except sqlite3.Error as error:
                raise named(error, self.path) from error

    @property
    def _connection(self) -> sqlite3.Connection:
        assert self._db is not None, "enter first"
        return self._db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _delete(self, where: str, value: float) -> int:
        query = f"DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE {where} ORDER BY id LIMIT {_BATCH})"
        with self._transaction() as db:
            gone = db.execute(query, (value,)).rowcount
        self.counters.pruned += gone
        return gone

    def _octets(self) -> int:
        pages, free, size = (
            self._connection.execute(f"PRAGMA {word}").fetchone()[0]
            for word in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _delete_share(self) -> None:
        first, last = self._connection.execute("SELECT min(id), max(id) FROM notice").fetchone()
        if first is not None:
            until = first + max(1, (last - first) // _SHARE)
            while self._delete("id <= ?", until) == _BATCH:
                pass


def _row(one: Notice) -> tuple[Any, ...]:
    content = json.dumps(one.content, ensure_ascii=False, separators=(",", ":"))
    text = one.text.encode("utf-8", "replace").decode()
    return one.at, one.device, one.source, one.kind, one.name, one.severity, one.subject, text, content
