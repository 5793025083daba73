"""All rows of a stream at full resolution, put together from days, pieces and what is hot; every instant once."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from inventory.batch import Batch
from noc.store import hot
from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import DAY, PIECE
from noc.store.frames import SHARD_SHIFT, Frame, Frames
from noc.store.segments import Segment, settled
from noc.store.shelf import Shelves
from noc.store.steps import Steps, to_values

_HEADS: Final = "SELECT id, head FROM hot WHERE id >= ? AND id < ? AND first_at < ? AND last_at >= ?"
_HOT: Final = "SELECT head, body FROM hot WHERE id = ?"


class Picture(NamedTuple):
    """One consistent picture of the file."""

    db: sqlite3.Connection
    frames: Frames
    codec: Codec
    shelves: Shelves


class Cut(NamedTuple):
    """What is wanted of a frame: places of its quantities (some lines) and of its rows."""

    frame: Frame
    lines: tuple[int, ...]
    rows: slice | list[int]

    @property
    def quantities(self) -> tuple[str, ...]:
        return tuple(self.frame.quantities[line] for line in self.lines)


def full(picture: Picture, cuts: Sequence[Cut], start: int, end: int) -> list[Segment]:
    """One segment per frame that has any of it; `cuts` are all frames of one stream, also those nothing is wanted of.

    `steps` of a segment are the cut's lines x the cut's rows x instants.
    """
    found = [*_sealed(picture, cuts, start, end), *_hot(picture, cuts, start, end)]
    return settled(found)


def batches(picture: Picture, measurement: str, scope: str, start: int, end: int) -> list[Batch]:
    """What was appended, by rising instant."""
    frames = picture.frames.of_subject(measurement, scope)
    cuts = [Cut(frame, tuple(range(len(frame.quantities))), slice(None)) for frame in frames]
    found: list[Batch] = []
    for frame, at, steps in full(picture, cuts, start, end):
        values = to_values(np.ascontiguousarray(steps.transpose(2, 0, 1)), frame.scale)
        found += (
            Batch(measurement, scope, instant, frame.rows, frame.quantities, matrix)
            for instant, matrix in zip(at.tolist(), values, strict=True)
        )
    return sorted(found, key=lambda batch: batch.at)


def _sealed(picture: Picture, cuts: Sequence[Cut], start: int, end: int) -> Iterator[Segment]:
    mine = {cut.frame.id: cut for cut in cuts}
    for tier in (DAY, PIECE):
        for stored in picture.shelves.chunks(tier, tuple(mine), start, end):
            cut, chunk = mine[stored.frame], Chunk(stored.body, picture.codec)
            first, last = np.searchsorted(chunk.at, (start, end))
            if first < last:
                steps = chunk.lines_of(cut.lines, cut.rows)
                yield Segment(cut.frame, chunk.at[first:last], steps[:, :, first:last])


def _hot(picture: Picture, cuts: Sequence[Cut], start: int, end: int) -> Iterator[Segment]:
    """In the order of commits, so that the later of two batches of one instant counts."""
    mine = {cut.frame.id: cut for cut in cuts}
    for shard in sorted({cut.frame.shard for cut in cuts}):
        places = (shard << SHARD_SHIFT, (shard + 1) << SHARD_SHIFT, end, start)
        latest: dict[int, hot.Piece] = {}
        for number in _holding(picture.db.execute(_HEADS, places).fetchall(), mine):
            head, body = picture.db.execute(_HOT, (number,)).fetchone()
            for piece in hot.decode(head, body, picture.frames.by_id, picture.codec, mine):
                if start <= piece.at < end:
                    latest[piece.at] = piece
        by_frame: dict[int, list[hot.Piece]] = defaultdict(list)
        for at in sorted(latest):
            by_frame[latest[at].frame.id].append(latest[at])
        for name, pieces in by_frame.items():
            instants = np.array([piece.at for piece in pieces], np.int64)
            yield Segment(mine[name].frame, instants, _columns(pieces, mine[name]))


def _columns(pieces: Sequence[hot.Piece], cut: Cut) -> Steps:
    chosen = [piece._replace(run=[piece.run[line] for line in cut.lines]) for piece in pieces]
    return hot.gathered(chosen)[:, cut.rows]


def _holding(heads: Sequence[tuple[int, bytes]], frames: dict[int, Cut]) -> list[int]:
    """Which of the hot blobs speak of any of the frames, looked up in all heads at once."""
    if not heads:
        return []
    names = np.frombuffer(b"".join(head for _, head in heads), hot.HEAD)["frame"]
    sizes = np.array([len(head) // hot.HEAD.itemsize for _, head in heads])
    owners = np.repeat(np.arange(len(heads)), sizes)[np.isin(names, list(frames))]
    return [heads[owner][0] for owner in np.unique(owners).tolist()]
