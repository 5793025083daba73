"""What InfluxDB does not have yet, kept in `metrics.db` in the very transactions that change the data it speaks of.

Of hot blobs the server has all up to the commit of the cursor. What was sealed before it was sent, sealed again or rolled up
anew is owed: an hour of raw data, or the chunks of one rollup layer that begin at one instant. Values sent twice lie on one
another (same series, same instant), so in doubt an interval is owed. Without the table `owed` nothing was ever to be sent.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from noc.store.file import DAY, PIECE

RAW: Final = PIECE  # the layer of hours of raw data; the others are tiers of rollups
HOUR_S: Final = 3600
DAY_S: Final = 86_400
_SHARD_SHIFT: Final = 40  # hot.id = shard << 40 | commit number

_CURSOR, _TARGET, _MARK, _FIGURES = "influxdb cursor", "influxdb target", "influxdb mark", "influxdb figures"
_TABLE = """CREATE TABLE IF NOT EXISTS owed (
    layer INTEGER NOT NULL, start INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (layer, start)) WITHOUT ROWID"""
_OWE = "INSERT OR REPLACE INTO owed VALUES (?, ?, ?)"
_GIVEN = "DELETE FROM owed WHERE layer = ? AND start = ? AND mark = ?"
_META = "INSERT OR REPLACE INTO meta VALUES (?, ?)"


class Interval(NamedTuple):
    """An hour of RAW, or the chunks of a rollup tier that begin at `start`, UTC seconds."""

    layer: int
    start: int


class Owed(NamedTuple):
    """`mark` rises whenever it is owed again: an older one does not settle it."""

    interval: Interval
    mark: int


@dataclass(slots=True)
class Receipt:
    """What the server said that it has, and what is to be sent (again); several add up to one."""

    commit: int = 0  # the cursor
    given: dict[Interval, int] = field(default_factory=dict)
    owed: set[Interval] = field(default_factory=set)
    figures: Mapping[str, Any] | None = None

    def add(self, later: "Receipt") -> None:
        self.commit = max(self.commit, later.commit)
        self.given |= later.given
        self.owed |= later.owed
        self.figures = later.figures or self.figures


def is_kept(db: sqlite3.Connection) -> bool:
    """Whether anything was ever to be sent from this file."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'owed'").fetchone() is not None


def target(db: sqlite3.Connection) -> str:
    """Which server all this speaks of."""
    return _meta(db, _TARGET)


def cursor(db: sqlite3.Connection) -> int:
    """The last commit of which the server has everything that is hot."""
    return int(_meta(db, _CURSOR) or 0)


def figures(db: sqlite3.Connection) -> dict[str, Any]:
    """What the sender last said of itself; empty where it never did."""
    found: dict[str, Any] = json.loads(_meta(db, _FIGURES) or "{}")
    return found


def newest_first(db: sqlite3.Connection) -> Iterator[Owed]:
    """What is owed; of one instant the coarse before the fine, being little."""
    for layer, start, mark in db.execute("SELECT layer, start, mark FROM owed ORDER BY start DESC, layer DESC"):
        yield Owed(Interval(layer, start), mark)


def counted(db: sqlite3.Connection) -> dict[int, int]:
    """Layer -> intervals owed."""
    return dict(db.execute("SELECT layer, count(*) FROM owed GROUP BY layer")) if is_kept(db) else {}


def held(db: sqlite3.Connection, layer: int, start: int, end: int) -> bool:
    """Whether anything in [start, end) still has to be sent; what `noc.store` calls a day is raw data here."""
    if not is_kept(db):
        return False
    asked = (RAW if layer == DAY else layer, start - HOUR_S, end)
    return (
        db.execute("SELECT 1 FROM owed WHERE layer = ? AND start > ? AND start < ? LIMIT 1", asked).fetchone()
        is not None
    )


def nothing_held(db: sqlite3.Connection, layer: int, start: int, end: int) -> bool:
    """For a store whose data nobody waits for any more, or nobody yet."""
    return False


def everything(db: sqlite3.Connection, since: int = 0, until: int = 1 << 32) -> Iterator[Interval]:
    """All intervals that data of [since, until) may lie in, sealed or hot."""
    first = min(
        (int(found) for (found,) in db.execute("SELECT min(start) FROM chunk WHERE tier < 2") if found), default=until
    )
    last = max(
        (int(found) for (found,) in db.execute("SELECT max(until) FROM chunk WHERE tier < 2") if found), default=0
    )
    for hour in range(max(first, since) // HOUR_S * HOUR_S, min(last + 1, until), HOUR_S):
        yield Interval(RAW, hour)
    for (head,) in db.execute("SELECT head FROM hot WHERE last_at >= ? AND first_at < ?", (since, until)):
        yield from (Interval(RAW, hour) for hour in hours_of(head) if since < hour + HOUR_S and hour < until)
    rolled = "SELECT DISTINCT tier, start FROM chunk WHERE tier > 1 AND start >= ? AND start < ?"
    for tier, start in db.execute(rolled, (since - since % DAY_S, until)):
        yield Interval(tier, start)


def begin(db: sqlite3.Connection, server: str, intervals: Iterable[Interval]) -> None:
    """From now on all this speaks of `server`, which has nothing; in the writer's transaction."""
    db.execute(_TABLE)
    db.execute("DELETE FROM owed")
    _owe(db, intervals)
    db.executemany(_META, [(_CURSOR, "0"), (_TARGET, server)])


def settle(db: sqlite3.Connection, receipt: Receipt) -> None:
    """In the writer's transaction."""
    if not is_kept(db):
        return
    db.executemany(_GIVEN, [(*interval, mark) for interval, mark in receipt.given.items()])
    if receipt.owed:
        _owe(db, receipt.owed)
    if receipt.commit > cursor(db):
        db.execute(_META, (_CURSOR, str(receipt.commit)))
    if receipt.figures is not None:
        db.execute(_META, (_FIGURES, json.dumps(dict(receipt.figures), separators=(",", ":"))))


def clearing(db: sqlite3.Connection, numbers: Collection[int]) -> None:
    """Hot blobs are about to be cleared, or cut, because their hours are sealed: what was not sent of them is owed."""
    if not is_kept(db):
        return
    sent = cursor(db)
    unsent = [number for number in numbers if number & ((1 << _SHARD_SHIFT) - 1) > sent]
    hours: set[int] = set()
    for number in unsent:
        (head,) = db.execute("SELECT head FROM hot WHERE id = ?", (number,)).fetchone()
        hours |= hours_of(head)
    if hours:
        _owe(db, [Interval(RAW, hour) for hour in hours])


def rolled(db: sqlite3.Connection, put: Sequence[tuple[int, int, int, int, bytes]]) -> None:
    """Chunks (tier, frame, start, until, body) were written: those of rollups are owed."""
    intervals = {Interval(tier, start) for tier, _, start, *_ in put if tier not in (PIECE, DAY)}
    if intervals and is_kept(db):
        _owe(db, intervals)


def hours_of(head: bytes) -> set[int]:
    """The hours that a hot blob's batches lie in."""
    instants = np.frombuffer(head, "<u4")[1::2].astype(np.int64)
    return set(np.unique(instants - instants % HOUR_S).tolist())


def _owe(db: sqlite3.Connection, intervals: Iterable[Interval]) -> None:
    mark = int(_meta(db, _MARK) or 0) + 1
    db.executemany(_OWE, ((*interval, mark) for interval in intervals))
    db.execute(_META, (_MARK, str(mark)))


def _meta(db: sqlite3.Connection, name: str) -> str:
    found = db.execute("SELECT content FROM meta WHERE name = ?", (name,)).fetchone()
    return str(found[0]) if found else ""
