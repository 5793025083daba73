"""The metric store as the sender reads it: hot blobs commit by commit, and which frames there are; never writing."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from inventory.batch import Batch
from noc.influx import owed
from noc.store import hot
from noc.store.codec import Codec
from noc.store.file import Opening
from noc.store.frames import SHARD_SHIFT, Frame, Frames

T = TypeVar("T")
TAKE_ROWS: Final = 5_000  # as many lines make a request; what is taken ends with a commit

_HOT = "SELECT head, body FROM hot WHERE id = ?"
_HEADS = "SELECT head FROM hot WHERE id > ? AND id <= ?"


class Taken(NamedTuple):
    """Whole commits, in their order; `commit` is the last of them, `newest` the last there is."""

    commit: int
    newest: int
    entries: list[tuple[Frame, Batch]]


class Source:
    """A read-only way into the file with what is known of it; not for two threads at once. Raises StoreError."""

    def __init__(self, path: Path) -> None:
        self.codec = Codec()
        self._opening = Opening(path)
        self._known = Frames()
        self._newest_frame = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.close()

    def run(self, act: Callable[[sqlite3.Connection], T]) -> T:
        return self._opening.run(act)

    def frames(self, db: sqlite3.Connection) -> Frames:
        newest = db.execute("SELECT max(id) FROM frame").fetchone()[0] or 0
        if newest != self._newest_frame:
            self._known, self._newest_frame = Frames.load(db), newest
        return self._known

    def newest_commit(self) -> int:
        return self.run(_newest)

    def take(self, after: int, rows: int = TAKE_ROWS) -> Taken:
        """What was committed after that commit: about so many rows of it, one commit at least."""

        def act(db: sqlite3.Connection) -> Taken:
            frames, newest, entries, taken = self.frames(db), _newest(db), list[tuple[Frame, Batch]](), after
            found = 0
            while taken < newest and found < rows:
                taken += 1
                for shard in range(frames.shards):
                    for head, body in db.execute(_HOT, (shard << SHARD_SHIFT | taken,)):
                        pieces = [*hot.decode(head, body, frames.by_id, self.codec)]
                        entries += [(piece.frame, piece.batch()) for piece in pieces]
                        found += sum(len(piece.frame.rows) for piece in pieces)
            return Taken(taken, newest, entries)

        return self.run(act)

    def hours(self, after: int, until: int) -> set[int]:
        """The hours that hot data of the commits (after, until] lies in."""

        def act(db: sqlite3.Connection) -> set[int]:
            found: set[int] = set()
            for shard in range(self.frames(db).shards):
                low = shard << SHARD_SHIFT
                for (head,) in db.execute(_HEADS, (low | after, low | until)):
                    found |= owed.hours_of(head)
            return found

        return self.run(act)


def _newest(db: sqlite3.Connection) -> int:
    found = db.execute("SELECT content FROM meta WHERE name = 'commit'").fetchone()
    return int(found[0]) if found else 0
