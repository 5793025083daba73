"""All rows of a stream at full resolution, put together from days, pieces and what is hot; every instant once."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Final, NamedTuple

import numpy as np

from inventory.batch import Batch
from noc.store.bundle import Bundles
from noc.store.codec import Codec
from noc.store.file import DAY, PIECE
from noc.store.frames import Frame, Frames
from noc.store.plates import Plate, Plates, Shape, joined, of_hot, of_segments, shape_of, within
from noc.store.recent import Hot, Recent, Wanted
from noc.store.segments import Segment, settled
from noc.store.shelf import Shelves
from noc.store.steps import to_values

DAY_S: Final = 86_400


class Picture(NamedTuple):
    """One consistent picture of the file."""

    db: sqlite3.Connection
    frames: Frames
    codec: Codec
    shelves: Shelves
    recent: Recent
    bundles: Bundles
    plates: Plates


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
    return full_of_many(picture, [cuts], start, end)[0]


def full_of_many(picture: Picture, streams: Sequence[Sequence[Cut]], start: int, end: int) -> list[list[Segment]]:
    """The same of several streams, which read faster together."""
    cuts = {cut.frame.id: cut for stream in streams for cut in stream}
    if not cuts:
        return [[] for _ in streams]
    found: dict[int, list[Segment]] = {cut.frame.stream: [] for cut in cuts.values()}
    for segment in chain(_sealed(picture, cuts, start, end), _hot(picture, cuts, start, end)):
        found[segment.frame.stream].append(segment)
    return [settled(found[stream[0].frame.stream]) if stream else [] for stream in streams]


def side_by_side(picture: Picture, cuts: Mapping[int, Cut], span: tuple[int, int]) -> tuple[list[Plate], set[int]]:
    """Streams of one frame each as few matrices, and those frames for which that cannot be done."""
    whole = span[0] // DAY_S * DAY_S, -(-span[1] // DAY_S) * DAY_S
    shapes = {name: _plate_shape(cut) for name, cut in cuts.items()}
    rows = tuple(None if isinstance(cut.rows, slice) else tuple(cut.rows) for cut in cuts.values())
    key = whole, (tuple(cuts), tuple(cut.lines for cut in cuts.values()), rows)
    sealed = picture.plates.sealed(picture.shelves, key, lambda: of_segments(_sealed(picture, cuts, *whole), shapes))
    wanted = {name: _shape(cut) for name, cut in cuts.items()}
    found = picture.recent.batches(picture.db, picture.frames.by_id, wanted, span)
    plates, left = [], set()
    for plate, counts in joined([within(one, span) for one in sealed], [one for some in found for one in of_hot(some)]):
        if counts:
            plates.append(plate)
        else:
            left.update(plate.frames)
    return [plate for plate in plates if len(plate.at)], left


def _plate_shape(cut: Cut) -> Shape:
    rows = len(cut.frame.rows) if isinstance(cut.rows, slice) else len(cut.rows)
    return shape_of(cut.frame, cut.lines, rows)


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


def _sealed(picture: Picture, cuts: Mapping[int, Cut], start: int, end: int) -> Iterator[Segment]:
    for tier in (DAY, PIECE):
        for frame, chunk in picture.bundles.of(picture.db, tier, tuple(cuts), (start, end)):
            cut, at = cuts[frame], chunk.at
            if at[0] >= start and at[-1] < end:
                yield Segment(cut.frame, at, chunk.lines_of(cut.lines, cut.rows))
                continue
            first, last = np.searchsorted(at, (start, end))
            if first < last:
                yield Segment(cut.frame, at[first:last], chunk.lines_of(cut.lines, cut.rows)[:, :, first:last])


def _hot(picture: Picture, cuts: Mapping[int, Cut], start: int, end: int) -> Iterator[Segment]:
    """In the order of commits, so that the later of two batches of one instant counts."""
    wanted = {name: _shape(cut) for name, cut in cuts.items()}
    segments: list[tuple[int, Segment]] = []
    for found in picture.recent.batches(picture.db, picture.frames.by_id, wanted, (start, end)):
        segments += _by_frame(found, cuts)
    segments.sort(key=lambda pair: pair[0])
    return (segment for _, segment in segments)


def _shape(cut: Cut) -> Wanted:
    rows = range(*cut.rows.indices(len(cut.frame.rows))) if isinstance(cut.rows, slice) else cut.rows
    return Wanted(cut.frame.quantities, cut.lines, tuple(rows))


def _by_frame(found: Hot, cuts: Mapping[int, Cut]) -> Iterator[tuple[int, Segment]]:
    """With the last commit of each; of equal instants of a frame the later commit counts."""
    order = np.lexsort((found.order, found.at, found.frames))
    frames, at = found.frames[order], found.at[order]
    last = np.append((frames[1:] != frames[:-1]) | (at[1:] != at[:-1]), True)
    order, frames, at = order[last], frames[last], at[last]
    steps, commits = found.steps[:, order], found.order[order]
    edges = [0, *(np.flatnonzero(np.diff(frames)) + 1).tolist(), len(frames)]
    for first, end in pairwise(edges):
        frame = cuts[int(frames[first])].frame
        yield int(commits[first:end].max()), Segment(frame, at[first:end], steps[:, first:end].transpose(0, 2, 1))
