"""The newest batch of every device, from what is hot; from sealed chunks where a device has long been silent."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from inventory.batch import Batch
from noc.store import hot
from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import DAY, PIECE
from noc.store.frames import SHARD_SHIFT, Frame, Frames
from noc.store.shelf import Shelves

_HEADS = "SELECT id, head FROM hot WHERE id >= ? AND id < ? AND last_at > ? ORDER BY id DESC"
_HOT = "SELECT head, body FROM hot WHERE id = ?"


class _Place(NamedTuple):
    at: int
    hot_id: int


class Newest(NamedTuple):
    """A question to one consistent picture of the file."""

    db: sqlite3.Connection
    frames: Frames
    codec: Codec

    def batches(self, measurement: str, scope: str | None) -> Iterator[Batch]:
        every = self.frames.by_id.values()
        chosen = [frame for frame in every if frame.measurement == measurement and scope in (None, frame.scope)]
        for shard in sorted({frame.shard for frame in chosen}):
            yield from self._of_shard(shard, {frame.id: frame for frame in chosen if frame.shard == shard})

    def _of_shard(self, shard: int, frames: dict[int, Frame]) -> Iterator[Batch]:
        places = self._places(shard, frames)
        for number in sorted({place.hot_id for place in places.values()}):
            head, body = self.db.execute(_HOT, (number,)).fetchone()
            for piece in hot.decode(head, body, self.frames.by_id, self.codec, frames):
                if places[piece.frame.stream] == (piece.at, number):
                    yield piece.batch()
        for stream in sorted({frame.stream for frame in frames.values()} - places.keys()):
            yield from self._sealed([frame for frame in frames.values() if frame.stream == stream])

    def _places(self, shard: int, frames: dict[int, Frame]) -> dict[int, _Place]:
        """Where the newest batch of each stream lies; of equal instants the one committed last."""
        streams = {frame.stream for frame in frames.values()}
        found: dict[int, _Place] = {}
        number = (shard + 1) << SHARD_SHIFT
        newest_first = self.db.execute(_HEADS, (shard << SHARD_SHIFT, number, -1))
        for number, head in newest_first:
            _place(found, frames, number, head)
            if len(found) == len(streams):
                break
        newest_first.close()
        if found:  # what was committed earlier and is yet newer: rare, but a poller may deliver late
            for late, head in self.db.execute(_HEADS, (shard << SHARD_SHIFT, number, min(found.values()).at)):
                _place(found, frames, late, head)
        return found

    def _sealed(self, frames: list[Frame]) -> Iterator[Batch]:
        shelves, numbers = Shelves(self.db), [frame.id for frame in frames]
        found = [
            (Chunk(stored.body, self.codec), tier == PIECE, stored.frame)
            for tier in (DAY, PIECE)
            for stored in shelves.newest(tier, numbers)
        ]
        if not found:
            return
        chunk, _, number = max(found, key=lambda one: (int(one[0].at[-1]), one[1]))
        lines = [hot.Line(line, True) for line in chunk.all()[:, :, -1]]
        yield hot.Piece(self.frames.by_id[number], int(chunk.at[-1]), lines, 0).batch()


def _place(found: dict[int, _Place], frames: dict[int, Frame], number: int, head: bytes) -> None:
    for name, at in np.frombuffer(head, hot.HEAD).tolist():
        frame = frames.get(name)
        if frame is not None and (frame.stream not in found or at > found[frame.stream].at):
            found[frame.stream] = _Place(at, number)
