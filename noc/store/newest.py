"""The newest batch of every device, from what is hot; from sealed chunks where a device has long been silent."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from noc.store import hot
from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import DAY, PIECE
from noc.store.frames import SHARD_SHIFT, Frame, Frames
from noc.store.recent import FEW, Blob, Recent
from noc.store.shelf import Shelves
from noc.store.steps import NULL, to_values

_HEADS = "SELECT id, head FROM hot WHERE id >= ? AND id < ? AND last_at > ? ORDER BY id DESC"
_HEAD = "SELECT head FROM hot WHERE id = ?"
_HOT = "SELECT head, body FROM hot WHERE id = ?"


class NewestTable(NamedTuple):
    """Newest values of all subjects of a measurement, side by side: a scope, a row and an instant for each, and `values` of
    quantities x subjects, NaN where not known."""

    scopes: tuple[str, ...]
    rows: tuple[str, ...]
    at: NDArray[np.int64]
    values: NDArray[np.float64]


class _Place(NamedTuple):
    at: int
    hot_id: int


class Newest(NamedTuple):
    """A question to one consistent picture of the file."""

    db: sqlite3.Connection
    frames: Frames
    codec: Codec
    recent: Recent

    def batches(self, measurement: str, scope: str | None) -> Iterator[Batch]:
        if scope is not None:
            chosen = self.frames.of_subject(measurement, scope)
        else:
            chosen = [frame for frame in self.frames.by_id.values() if frame.measurement == measurement]
        for shard in sorted({frame.shard for frame in chosen}):
            yield from self._of_shard(shard, {frame.id: frame for frame in chosen if frame.shard == shard})

    def table(self, measurement: str, quantities: tuple[str, ...]) -> NewestTable:
        """Rows that a scope no longer had in its newest batch are absent."""
        chosen = [frame for frame in self.frames.by_id.values() if frame.measurement == measurement]
        parts: list[_Part] = []
        for shard in sorted({frame.shard for frame in chosen}):
            frames = {frame.id: frame for frame in chosen if frame.shard == shard}
            places = self._places(shard, frames)
            numbers = sorted({place.hot_id for place in places.values()})
            for number, blob in self.recent.blobs(self.db, self.frames.by_id, numbers):
                parts += _newest_of(blob, number, frames, places)
            for stream in sorted({frame.stream for frame in frames.values()} - places.keys()):
                sealed = self._sealed([frame for frame in frames.values() if frame.stream == stream])
                parts += (
                    _Part([batch.scope], [batch.rows], [batch.at], batch.quantities, batch.values) for batch in sealed
                )
        return _side_by_side(parts, quantities)

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
        if len(frames) <= FEW:
            for number, last in self.recent.latest(self.db, shard, frames):
                if len(found) < len(streams) or last > min(found.values()).at:
                    _place(found, frames, number, self.db.execute(_HEAD, (number,)).fetchone()[0])
            return found
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


class _Part(NamedTuple):
    """Neighbouring batches of the same quantities; `values` quantities x all their rows."""

    scopes: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    at: Sequence[int]
    quantities: tuple[str, ...]
    values: NDArray[np.float64]


def _newest_of(blob: Blob, number: int, frames: Mapping[int, Frame], places: Mapping[int, _Place]) -> Iterator[_Part]:
    """Batches of a blob that are the newest of their stream, run by run, without gaps where all are."""
    entries = zip(blob.frames.tolist(), blob.at.tolist(), blob.run.tolist(), blob.first.tolist(), strict=True)
    picked: dict[int, list[tuple[Frame, int, int]]] = {}
    for name, at, run, first in entries:
        frame = frames.get(name)
        if frame is not None and places[frame.stream] == (at, number):
            picked.setdefault(run, []).append((frame, at, first))
    for run, members in picked.items():
        columns = _columns([(first, len(frame.rows)) for frame, _, first in members])
        lines = blob.runs[run].lines
        steps = np.array([line.narrow[columns] for line in lines], np.int64)
        for line, found in zip(lines, steps, strict=True):
            if line.gaps:
                found[found == hot.NULLS[line.narrow.itemsize]] = NULL
        values = to_values(steps, members[0][0].scale)
        yield _Part(
            [frame.scope for frame, _, _ in members],
            [frame.rows for frame, _, _ in members],
            [at for _, at, _ in members],
            blob.runs[run].quantities,
            values,
        )


def _columns(places: Sequence[tuple[int, int]]) -> slice | NDArray[np.int64]:
    if all(first + width == after for (first, width), (after, _) in pairwise(places)):
        return slice(places[0][0], places[-1][0] + places[-1][1])
    return np.concatenate([np.arange(first, first + width) for first, width in places])


def _side_by_side(parts: Sequence[_Part], quantities: tuple[str, ...]) -> NewestTable:
    widths = [len(rows) for part in parts for rows in part.rows]
    scopes = tuple(
        chain.from_iterable(repeat(s, len(r)) for part in parts for s, r in zip(part.scopes, part.rows, strict=True))
    )
    rows = tuple(chain.from_iterable(rows for part in parts for rows in part.rows))
    at = np.repeat(np.array([at for part in parts for at in part.at], np.int64), widths)
    values = np.full((len(quantities), len(rows)), np.nan)
    first = 0
    for part in parts:
        end = first + part.values.shape[1]
        for target, name in zip(values, quantities, strict=True):
            if name in part.quantities:
                target[first:end] = part.values[part.quantities.index(name)]
        first = end
    return NewestTable(scopes, rows, at, values)
