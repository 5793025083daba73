"""Which hot blobs there are, of when, and whose batches each holds: looked up once for each reader, then only what is new.

The file counts how often sealing took blobs away or cut them (meta "changes of hot"); in between blobs are only added, with
rising ids. Of a file that does not count, ids are looked up each time.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from noc.store import hot
from noc.store.frames import SHARD_SHIFT

MOST_ENTRIES: Final = 4_000_000  # of all shards, 8 octets each; the shard asked for longest ago goes first
SPAN_OCTETS: Final = 250  # what it takes to know of one blob, as measured

_CHANGES: Final = "SELECT content FROM meta WHERE name = 'changes of hot'"
_SINCE: Final = "SELECT id, first_at, last_at FROM hot WHERE id > ? AND id < ?"
_HEADS: Final = "SELECT id, head FROM hot WHERE id >= ? AND id <= ?"

Span = tuple[int, int]
Key = tuple[int, int]  # id and first_at of a hot blob
Stamp = tuple[int, str]  # which connection, and the changes so far


@dataclass
class _Shard:
    """`spans`: first and last instant of each blob, by rising id; `holders`: by frame the ids of blobs with a batch of it,
    of all blobs but those that are `new`."""

    spans: dict[int, Span] = field(default_factory=dict)
    newest: int = 0
    stamp: Stamp | None = None
    holders: dict[int, list[int]] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    entries: int = 0

    def add(self, found: Iterable[tuple[int, int, int]]) -> None:
        for number, first, last in found:
            self.spans[number] = first, last
            self.new.append(number)
            self.newest = number

    def renew(self, found: Iterable[tuple[int, int, int]]) -> None:
        """Blobs that are as they were are not looked into again."""
        before, new = self.spans, set(self.new)
        self.spans = {number: (first, last) for number, first, last in found}
        self.newest = max(self.spans, default=0)
        same = {number for number, span in self.spans.items() if before.get(number) == span and number not in new}
        if len(same) < len(before) - len(new):
            kept = ((name, [one for one in numbers if one in same]) for name, numbers in self.holders.items())
            self.holders = {name: numbers for name, numbers in kept if numbers}
            self.entries = sum(map(len, self.holders.values()))
        self.new = [number for number in self.spans if number not in same]

    def holding(self, frames: Iterable[int]) -> set[int]:
        return {number for name in frames for number in self.holders.get(name, ())}

    def within(self, numbers: Iterable[int], span: Span) -> list[Key]:
        start, end = span
        found = ((number, self.spans[number]) for number in numbers)
        return [(number, first) for number, (first, last) in found if first < end and last >= start]


class Heads:
    """For one reader, inside one consistent picture of the file at a time."""

    def __init__(self) -> None:
        self._shards: dict[int, _Shard] = {}
        self._db: sqlite3.Connection | None = None
        self._connections = 0

    def within(self, db: sqlite3.Connection, shard: int, span: Span) -> list[Key]:
        """All blobs that reach into [start, end), by rising id."""
        known = self._looked(db, shard)
        return known.within(known.spans, span)

    @property
    def octets(self) -> int:
        """What all that is known takes."""
        return sum(SPAN_OCTETS * len(one.spans) + 8 * one.entries for one in self._shards.values())

    def stamp(self, shard: int) -> Stamp | None:
        """Another one since blobs of the shard were last looked up whole: some may be there no longer."""
        known = self._shards.get(shard)
        return known.stamp if known else None

    def still_there(self, shard: int, key: Key) -> bool:
        """As the shard was last looked up."""
        known = self._shards.get(shard)
        return known is not None and key[0] in known.spans and known.spans[key[0]][0] == key[1]

    def holding(self, db: sqlite3.Connection, shard: int, frames: Iterable[int], span: Span) -> list[Key]:
        """Those of them that hold a batch of any of the frames."""
        known = self._looked_into(db, shard)
        return known.within(sorted(known.holding(frames)), span)

    def latest(self, db: sqlite3.Connection, shard: int, frames: Iterable[int]) -> list[tuple[int, int]]:
        """The same, whenever they are of, by falling id: id and last instant of each."""
        known = self._looked_into(db, shard)
        return [(number, known.spans[number][1]) for number in sorted(known.holding(frames), reverse=True)]

    def _looked(self, db: sqlite3.Connection, shard: int) -> _Shard:
        known = self._shards.pop(shard, None) or _Shard()
        self._shards[shard] = known  # the last asked for at the end
        stamp, end = self._stamp(db), (shard + 1) << SHARD_SHIFT
        if stamp is not None and known.stamp == stamp:
            known.add(db.execute(_SINCE, (max(known.newest, (shard << SHARD_SHIFT) - 1), end)))
        else:
            known.renew(db.execute(_SINCE, ((shard << SHARD_SHIFT) - 1, end)))
            known.stamp = stamp
        return known

    def _looked_into(self, db: sqlite3.Connection, shard: int) -> _Shard:
        """With whose batches the new blobs hold."""
        known = self._looked(db, shard)
        if not known.new:
            return known
        new = set(known.new)
        for number, head in db.execute(_HEADS, (min(new), max(new))):
            if number in new:
                names = np.unique(np.frombuffer(head, hot.HEAD)["frame"]).tolist()
                known.entries += len(names)
                for name in names:
                    known.holders.setdefault(name, []).append(number)
        known.new.clear()
        while sum(one.entries for one in self._shards.values()) > MOST_ENTRIES and len(self._shards) > 1:
            self._shards.pop(next(iter(self._shards)))
        return known

    def _stamp(self, db: sqlite3.Connection) -> Stamp | None:
        """Another connection may be to another file."""
        if db is not self._db:
            self._db = db
            self._connections += 1
        found = db.execute(_CHANGES).fetchone()
        return None if found is None else (self._connections, found[0])
