"""Where sealed chunks lie: in `metrics.db` itself, and past a number of devices in packs, a file a month and layer beside it.

A pack is chunks end to end, only ever appended to. The row in `metrics.db` then holds, in place of the chunk, where in the
pack it lies. So one transaction decides what counts, whichever file the bytes are in. Standard library only.
"""

import json
import os
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE, StoreDamaged, StoreDenied

DAY_S: Final = 86_400
PACKED: Final = {
    DAY: "raw",
    FIVE_MINUTES: "5min",
    HOURLY: "hourly",
}  # layers that leave `metrics.db`; the others are small
REFERENCE: Final = struct.Struct("<BQII")  # 0 (a chunk begins with its version), offset, length, CRC-32

# The longest that a chunk of each layer may be, seconds.
SPANS: Final = {PIECE: 3600, DAY: DAY_S, FIVE_MINUTES: DAY_S, HOURLY: DAY_S, DAILY: 31 * DAY_S, MONTHLY: 31 * DAY_S}
_OF_MANY = """
SELECT f.value, c.start, c.until, c.body FROM json_each(?) f
CROSS JOIN chunk c INDEXED BY sqlite_autoindex_chunk_1
ON c.tier = ? AND c.frame = f.value AND c.start > ? AND c.start < ? AND c.until >= ?
"""
_CHANGES = "SELECT content FROM meta WHERE name = ?"
_NEWEST = "SELECT start, until, body FROM chunk WHERE tier = ? AND frame = ? ORDER BY start DESC LIMIT 1"


class Stored(NamedTuple):
    """A chunk as it lies there; `start` and `until`, where it ends, are UTC seconds."""

    frame: int
    start: int
    until: int
    body: bytes


class Pack(NamedTuple):
    """A file of one layer's chunks that begin in [start, end), a UTC month."""

    path: Path
    tier: int
    start: int
    end: int


def pack_path(path: Path, tier: int, start: int) -> Path:
    """metrics-2026-10-raw.pack beside metrics.db: where a layer's chunks of that month go."""
    return path.with_name(f"{path.stem}-{datetime.fromtimestamp(start, UTC):%Y-%m}-{PACKED[tier]}.pack")


def packs_beside(path: Path) -> list[Pack]:
    """All packs of `metrics.db`, oldest first."""
    tiers = {name: tier for tier, name in PACKED.items()}
    shape = re.compile(re.escape(path.stem) + rf"-(\d{{4}})-(0[1-9]|1[0-2])-({'|'.join(tiers)})\.pack")
    packs = []
    for found in path.parent.iterdir():
        if (told := shape.fullmatch(found.name)) and int(told[1]):
            year, month = int(told[1]), int(told[2])
            start, end = (
                datetime(*first, 1, tzinfo=UTC) for first in ((year, month), (year + month // 12, month % 12 + 1))
            )
            packs.append(Pack(found, tiers[told[3]], int(start.timestamp()), int(end.timestamp())))
    return sorted(packs, key=lambda pack: (pack.start, pack.tier))


def is_reference(body: bytes) -> bool:
    return len(body) == REFERENCE.size and body[0] == 0


class Shelves:
    """Chunks by layer and frame, in one consistent picture; the only place that knows in which file they are."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def chunks(self, tier: int, frames: Sequence[int], start: int, end: int) -> Iterator[Stored]:
        """Those that reach into [start, end), frame by frame in the order given, by rising start.

        StoreDamaged where a pack is not what it was; a pack that is gone was let go meanwhile, its chunks with it.
        """
        first = start - SPANS[tier]
        with _Packs(self.db, tier) as packs:
            asked = (json.dumps([*frames]), tier, first, end, start)
            for frame, began, until, body in self.db.execute(_OF_MANY, asked):
                if (found := packs.body(began, body)) is not None:
                    yield Stored(frame, began, until, found)

    def changes(self, tier: int) -> int | None:
        """How often the layer changed so far; None in a file that no writer of this version had open."""
        found = self.db.execute(_CHANGES, (f"changes {tier}",)).fetchone()
        return int(found[0]) if found else None

    def newest(self, tier: int, frames: Sequence[int]) -> Iterator[Stored]:
        """The last chunk of each frame that has any."""
        with _Packs(self.db, tier) as packs:
            for frame in frames:
                for began, until, body in self.db.execute(_NEWEST, (tier, frame)):
                    if (found := packs.body(began, body)) is not None:
                        yield Stored(frame, began, until, found)


class _Packs:
    """The packs of one layer, opened as they are needed."""

    def __init__(self, db: sqlite3.Connection, tier: int) -> None:
        self._db = db
        self._tier = tier
        self._open = ExitStack()
        self._descriptors: dict[Path, int | None] = {}

    def __enter__(self) -> "_Packs":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def body(self, start: int, body: bytes) -> bytes | None:
        """The chunk itself; None when its pack is gone."""
        if not is_reference(body):
            return body
        _, offset, length, checksum = REFERENCE.unpack(body)
        path = pack_path(_main(self._db), self._tier, start)
        if (descriptor := self._descriptor(path)) is None:
            return None
        found = os.pread(descriptor, length, offset)
        if zlib.crc32(found) != checksum:
            raise StoreDamaged(f"{path} is damaged at {offset}; put a copy in its place, or move it away")
        return found

    def _descriptor(self, path: Path) -> int | None:
        if path not in self._descriptors:
            try:
                self._descriptors[path] = descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                self._open.callback(os.close, descriptor)
            except FileNotFoundError:
                self._descriptors[path] = None
            except OSError as error:
                raise StoreDenied(f"{path} cannot be opened ({error.strerror}); check its permissions") from error
        return self._descriptors[path]


def _main(db: sqlite3.Connection) -> Path:
    return Path(next(place for _, name, place in db.execute("PRAGMA database_list") if name == "main"))
