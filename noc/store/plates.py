"""Streams that were measured at the same instants, side by side as one matrix: what a page asks of all devices at once.

What is sealed of the day that runs changes once an hour, so a reader keeps the matrix of it and adds only what is hot.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from noc.store.file import DAY, PIECE
from noc.store.frames import Frame
from noc.store.recent import Hot
from noc.store.segments import Segment, settled
from noc.store.shelf import Shelves
from noc.store.steps import Steps

DAY_S: Final = 86_400
MOST_NUMBERS: Final = 4_000_000  # kept, 32 MB
MOST_KEPT: Final = 32  # of which some may hold nothing

Span = tuple[int, int]
Shape = tuple[
    tuple[str, ...], bytes, tuple[int, ...], int
]  # quantities, scales and lines of a frame, and how many rows
Key = tuple[Span, tuple[object, ...]]


class Plate(NamedTuple):
    """Frames of one shape; `steps` are lines x frames x rows x instants."""

    frames: list[int]
    at: Steps
    steps: Steps


class Stamp(NamedTuple):
    """What sealed chunks at full resolution are as long as it stays the same."""

    db: sqlite3.Connection
    changes: tuple[int | None, int | None]


class Plates:
    """Remembers the last few matrices of what is sealed; for one reader."""

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[Stamp, list[Plate]]] = {}
        self._numbers = 0

    @property
    def octets(self) -> int:
        return 8 * self._numbers

    def sealed(self, shelves: Shelves, key: Key, made: Callable[[], list[Plate]]) -> list[Plate]:
        """As it was made for the same key before, where nothing changed since."""
        stamp = Stamp(shelves.db, (shelves.changes(DAY), shelves.changes(PIECE)))
        kept = self._kept.pop(key, None)
        if kept is not None and (None in stamp.changes or kept[0].db is not stamp.db or kept[0] != stamp):
            self._numbers -= _size(kept[1])
            kept = None
        if kept is None:
            kept = stamp, made()
            self._numbers += _size(kept[1])
        self._kept[key] = kept
        while self._numbers > MOST_NUMBERS or len(self._kept) > MOST_KEPT:
            self._numbers -= _size(self._kept.pop(next(iter(self._kept)))[1])
        return kept[1]


def _size(plates: Iterable[Plate]) -> int:
    return sum(plate.steps.size + len(plate.at) for plate in plates)


def of_segments(segments: Iterable[Segment], shapes: Mapping[int, Shape]) -> list[Plate]:
    """Of streams with one frame each; segments of one frame are settled first."""
    streams: dict[int, list[Segment]] = {}
    for segment in segments:
        streams.setdefault(segment.frame.id, []).append(segment)
    alike: dict[tuple[Shape, bytes], list[Segment]] = {}
    for frame, some in streams.items():
        for one in settled(some):
            alike.setdefault((shapes[frame], one.at.tobytes()), []).append(one)
    return [
        Plate([one.frame.id for one in some], some[0].at, np.stack([one.steps for one in some], axis=1))
        for some in alike.values()
    ]


def of_hot(found: Hot) -> list[Plate]:
    """Of several batches of one frame and instant the one of the latest commit counts."""
    order = np.lexsort((found.order, found.at, found.frames))
    frames, at = found.frames[order], found.at[order]
    last = np.append((frames[1:] != frames[:-1]) | (at[1:] != at[:-1]), True)
    order, frames, at = order[last], frames[last], at[last]
    steps = found.steps[:, order]
    edges = [0, *(np.flatnonzero(np.diff(frames)) + 1).tolist(), len(frames)]
    alike: dict[bytes, list[Span]] = {}
    for first, end in pairwise(edges):
        alike.setdefault(at[first:end].tobytes(), []).append((first, end))
    plates = []
    for spans in alike.values():
        first, end = spans[0]
        width = end - first
        mine = steps if len(alike) == 1 else np.concatenate([steps[:, low:high] for low, high in spans], axis=1)
        cube = mine.reshape(len(mine), len(spans), width, -1).transpose(0, 1, 3, 2)
        plates.append(Plate([int(frames[low]) for low, _ in spans], at[first:end], cube))
    return plates


def within(plate: Plate, span: Span) -> Plate:
    """The part of it that lies in [start, end)."""
    first, last = np.searchsorted(plate.at, span)
    if first == 0 and last == len(plate.at):
        return plate
    return Plate(plate.frames, plate.at[first:last], plate.steps[..., first:last])


def joined(sealed: Sequence[Plate], hot: Sequence[Plate]) -> Iterator[tuple[Plate, bool]]:
    """What was sealed with what follows it, and whether each instant then counts: not where one lies among the other."""
    before = {frame: (plate, row) for plate in sealed for row, frame in enumerate(plate.frames)}
    after = {frame: (plate, row) for plate in hot for row, frame in enumerate(plate.frames)}
    pairs: dict[tuple[int, int], list[int]] = {}
    for frame in dict.fromkeys([*before, *after]):
        mine = tuple(id(found[frame][0]) if frame in found else 0 for found in (before, after))
        pairs.setdefault((mine[0], mine[1]), []).append(frame)
    for frames in pairs.values():
        parts = [
            _picked(*found[frames[0]], [found[frame][1] for frame in frames])
            for found in (before, after)
            if frames[0] in found
        ]
        at = np.concatenate([part.at for part in parts])
        steps = parts[0].steps if len(parts) == 1 else np.concatenate([part.steps for part in parts], axis=3)
        yield Plate(frames, at, steps), bool((at[1:] > at[:-1]).all())


def _picked(plate: Plate, _: int, rows: list[int]) -> Plate:
    if rows == [*range(len(plate.frames))]:
        return plate
    return Plate([plate.frames[row] for row in rows], plate.at, plate.steps[:, rows])


def shape_of(frame: Frame, lines: tuple[int, ...], rows: int) -> Shape:
    return frame.quantities, frame.scale.tobytes(), lines, rows
