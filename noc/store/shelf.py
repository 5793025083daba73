"""Where sealed chunks lie: in `metrics.db` itself, and past a number of devices in one file a month beside it."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

DAY_S: Final = 86_400  # no chunk is longer, but those of months

_CHUNKS = "SELECT start, body FROM chunk WHERE tier = ? AND frame = ? AND start > ? AND start < ? AND until >= ? ORDER BY start"


class Stored(NamedTuple):
    """A chunk as it lies there; `start` is UTC seconds."""

    frame: int
    start: int
    body: bytes


class Shelves:
    """Chunks by layer and frame, in one consistent picture; the only place that knows in which file they are."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def chunks(self, tier: int, frames: Sequence[int], start: int, end: int) -> Iterator[Stored]:
        """Those that reach into [start, end), frame by frame, by rising start."""
        for frame in frames:
            for began, body in self._db.execute(_CHUNKS, (tier, frame, start - DAY_S, end, start)):
                yield Stored(frame, began, body)
