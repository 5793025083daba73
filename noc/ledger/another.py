"""Whether another ledger lies where the daemon opened its own: a copy that people put back."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from noc.ledger.place import file_of
from noc.ledger.standing import TABLE, steps

OPENINGS: Final = 64  # of as many files in turn
SETTLED_S: Final = 4.0  # it must lie there unchanged for so long: a copy may still be under way
MARK: Final = "keeper"
_COUNTER: Final = slice(24, 28)  # of the header: one more with every transaction (SQLite's file format, 1.3.7)


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a file is known again. `changes`: SQLite's own count of transactions."""

    file: tuple[int, int]
    changes: int
    octets: int
    written_ns: int


class Another:
    """Of a ledger in a file; elsewhere there is never another one.

    A file of another inode is another ledger. So is the same one in which something went back: people wrote a copy over it
    (`cp`, `.restore`) while it was open here. Then SQLite's count of transactions is lower, or it does not hold our mark, or
    fewer incidents were ever in it.

    What was opened stays open until `end`: closing any opening of a file drops all locks that SQLite holds on it in this
    process, in the middle of a transaction too (fcntl; sqlite.org/howtocorrupt.html, 2.2).
    """

    def __init__(self, url: URL, clock: Callable[[], float]) -> None:
        self._path = file_of(url)
        self._clock = clock
        self._own: Sign | None = None
        self._seen: Sign | None = None
        self._since = 0.0
        self._held = Held("", 0)
        self._mark = ""
        self._openings: list[int] = []

    def remember(self, mark: str) -> None:
        """What lies there now is ours, and has our mark, or will have it once the disk takes it."""
        self._own, self._seen, self._mark = self._sign(), None, mark
        self._held = held_in(self._path) or Held("", 0)

    def lies_there(self) -> bool:
        """Asked every second or two. False while nothing lies there, or nothing that could be worked with."""
        found = self._sign()
        if found is None or self._own is None:
            self._seen = None
        elif found.file == self._own.file:
            if not self._went_back(found, self._own):
                self._own, self._seen = found, None
            elif self._seen is not None:  # twice: it is not in the middle of being written
                return usable(self._path)
            else:
                self._seen = found
        elif found != self._seen:
            self._seen, self._since = found, self._clock()
        else:
            return abs(self._clock() - self._since) >= SETTLED_S and usable(self._path)
        return False

    def _went_back(self, found: Sign, own: Sign) -> bool:
        if found.changes < own.changes:
            return True
        held = held_in(self._path) if found != own else None
        if held is None:
            return False
        if held.mark not in (self._mark, self._held.mark) or held.incidents < self._held.incidents:
            return True
        self._held = held
        return False

    def end(self) -> None:
        """Only once SQLite has nothing of it open any more."""
        while self._openings:
            os.close(self._openings.pop())

    def _sign(self) -> Sign | None:
        if self._path is None:
            return None
        with suppress(OSError):
            if (file := self._opening(self._path)) is None:
                return None
            header, stat = os.pread(file, _COUNTER.stop, 0), os.fstat(file)
            if len(header) == _COUNTER.stop:
                changes = int.from_bytes(header[_COUNTER], "big")
                return Sign((stat.st_dev, stat.st_ino), changes, stat.st_size, stat.st_mtime_ns)
        return None

    def _opening(self, path: Path) -> int | None:
        there = path.stat()
        for file in self._openings:
            if os.path.samestat(os.fstat(file), there):
                return file
        if len(self._openings) == OPENINGS:
            return None
        self._openings.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        return self._openings[-1]


@dataclass(frozen=True, slots=True)
class Held:
    """`mark`: who opened it last to keep it. `incidents`: the highest number that was ever given in it."""

    mark: str
    incidents: int


def held_in(path: Path | None) -> Held | None:
    """None where it cannot be read just now."""
    asked = (
        "SELECT (SELECT value FROM mark WHERE name = ?), (SELECT max(seq) FROM sqlite_sequence WHERE name = 'incident')"
    )
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.0)) as db:
        mark, incidents = db.execute(asked, (MARK,)).fetchone()
        return Held(str(mark or ""), int(incidents or 0))
    return None


def usable(path: Path | None) -> bool:
    """Whether it is a ledger of a step that is known: a start would not end at once."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.0)) as db:
        return db.execute(f"SELECT version_num FROM {TABLE}").fetchone()[0] in steps()
    return False
