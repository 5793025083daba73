"""What is hot, decoded once for each reader: the newest hour of all devices, quantity by quantity, found by frame.

A hot blob never changes but when sealing takes its older half away, which moves its `first_at`; so what was decoded is good
as long as both its id and that are the same.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store import hot
from noc.store.codec import Codec, narrow_type
from noc.store.frames import SHARD_SHIFT, Frame
from noc.store.heads import Heads, Key, Stamp
from noc.store.steps import NULL, Steps

MOST_OCTETS: Final = 256 << 20  # decoded and kept, with all that Python needs to hold it
# What it needs, as measured; the numbers themselves are a tenth of it.
LINE_OCTETS: Final = 200
BATCH_OCTETS: Final = 170
BLOB_OCTETS: Final = 1000
FEW: Final = 16  # frames of which only blobs that hold any are decoded
LITTLE: Final = 4  # rows of all frames together that are picked out one by one

_BLOB: Final = "SELECT head, body FROM hot WHERE id = ?"


class Run(NamedTuple):
    """Neighbouring batches of the same quantities: a line for each quantity over all their rows."""

    quantities: tuple[str, ...]
    lines: tuple[hot.Line, ...]


class Blob(NamedTuple):
    """For each batch its frame, its instant, the run it is in and its first column there."""

    frames: NDArray[np.int64]
    at: Steps
    run: NDArray[np.int64]
    first: NDArray[np.int64]
    runs: tuple[Run, ...]
    octets: int
    places: dict[int, list[int]]  # where the batches of a frame are
    reach: tuple[int, int]  # first and last instant
    layout: bytes  # the same of blobs in which the same frames stand in the same order


class Wanted(NamedTuple):
    """Lines (places of quantities) and rows of every frame that is wanted; frames of one shape are read together."""

    quantities: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[int, ...]


class Hot(NamedTuple):
    """One batch each: its frame, its instant, its place in the order of commits; `steps` are lines x batches x rows."""

    frames: NDArray[np.int64]
    at: Steps
    order: NDArray[np.int64]
    steps: Steps


class Recent:
    """Bounded; what was decoded longest ago goes first. Not for two threads at once."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._blobs: dict[Key, Blob] = {}
        self._heads = Heads()
        self._stamps: dict[int, Stamp | None] = {}
        self._octets = 0

    @property
    def octets(self) -> int:
        return self._octets + self._heads.octets

    def __len__(self) -> int:
        """Blobs that are kept."""
        return len(self._blobs)

    def batches(
        self, db: sqlite3.Connection, frames: Mapping[int, Frame], wanted: Mapping[int, Wanted], span: tuple[int, int]
    ) -> list[Hot]:
        """What of the wanted frames lies in [start, end), one answer for each shape; `frames` are all there are."""
        keys: list[Key] = []
        for shard in sorted({frames[name].shard for name in wanted}):
            if len(wanted) > FEW:
                keys += self._heads.within(db, shard, span)
            else:
                keys += self._heads.holding(db, shard, wanted, span)
            self._forget_sealed(shard)
        blobs = [(key[0], self._blob(db, frames, key)) for key in keys]
        shapes: dict[Wanted, list[int]] = defaultdict(list)
        for name, shape in wanted.items():
            shapes[shape].append(name)
        found = (
            _picked(blobs, shape, names, span)
            if len(names) * len(shape.rows) <= LITTLE
            else _gathered(blobs, shape, np.array(names, np.int64), span)
            for shape, names in shapes.items()
        )
        return [one for one in found if one is not None]

    def latest(self, db: sqlite3.Connection, shard: int, names: Collection[int]) -> list[tuple[int, int]]:
        """Blobs that hold a batch of any of these frames, the last committed first: id and last instant of each."""
        return self._heads.latest(db, shard, names)

    def blobs(
        self, db: sqlite3.Connection, frames: Mapping[int, Frame], numbers: Sequence[int]
    ) -> Iterator[tuple[int, Blob]]:
        """Whole blobs by their ids."""
        for number in numbers:
            row = db.execute("SELECT first_at FROM hot WHERE id = ?", (number,)).fetchone()
            yield number, self._blob(db, frames, (number, row[0]))

    def _blob(self, db: sqlite3.Connection, frames: Mapping[int, Frame], key: Key) -> Blob:
        blob = self._blobs.get(key)
        if blob is None:
            head, body = db.execute(_BLOB, (key[0],)).fetchone()
            blob = _parsed(head, self._codec.unpack(body), frames)
            self._keep(key, blob)
        return blob

    def _keep(self, key: Key, blob: Blob) -> None:
        self._blobs[key] = blob
        self._octets += blob.octets
        while self._octets > MOST_OCTETS and len(self._blobs) > 1:
            self._drop(next(iter(self._blobs)))

    def _drop(self, key: Key) -> None:
        self._octets -= self._blobs.pop(key).octets

    def _forget_sealed(self, shard: int) -> None:
        """What is hot no longer is read from chunks; it would lie here until there is no room for more."""
        stamp = self._heads.stamp(shard)
        if self._stamps.get(shard) == stamp:
            return
        self._stamps[shard] = stamp
        for key in [key for key in self._blobs if key[0] >> SHARD_SHIFT == shard]:
            if not self._heads.still_there(shard, key):
                self._drop(key)


def _parsed(head: bytes, raw: bytes, frames: Mapping[int, Frame]) -> Blob:
    entries = np.frombuffer(head, hot.HEAD)
    runs: list[Run] = []
    run, first = np.empty(len(entries), np.int64), np.empty(len(entries), np.int64)
    offset = place = 0
    for quantities, members in groupby(entries["frame"].tolist(), key=lambda name: frames[name].quantities):
        widths = [len(frames[name].rows) for name in members]
        ends = np.cumsum(widths)
        there = slice(place, place + len(widths))
        run[there], first[there] = len(runs), ends - widths
        lines, offset = _lines(raw, offset, len(quantities), int(ends[-1]))
        runs.append(Run(quantities, lines))
        place += len(widths)
    named, places = entries["frame"].tolist(), defaultdict(list)
    for number, name in enumerate(named):
        places[name].append(number)
    return Blob(
        np.array(named, np.int64),
        entries["at"].astype(np.int64),
        run,
        first,
        tuple(runs),
        len(raw) + LINE_OCTETS * sum(len(one.lines) for one in runs) + BATCH_OCTETS * len(named) + BLOB_OCTETS,
        dict(places),
        (int(entries["at"].min()), int(entries["at"].max())),
        entries["frame"].tobytes(),
    )


def _lines(raw: bytes, offset: int, count: int, width: int) -> tuple[tuple[hot.Line, ...], int]:
    lines = []
    for _ in range(count):
        kind = narrow_type(raw[offset])
        narrow = np.frombuffer(raw, kind, width, offset + 1)
        lines.append(hot.Line(narrow, bool(narrow.min(initial=0) == hot.NULLS[kind.itemsize])))
        offset += 1 + width * kind.itemsize
    return tuple(lines), offset


class Spot(NamedTuple):
    """Wanted batches of one run of a blob, and where the wanted rows of each stand in its lines."""

    run: int
    batches: NDArray[np.int64]
    columns: NDArray[np.int64]


def _picked(
    blobs: Sequence[tuple[int, Blob]], shape: Wanted, names: Sequence[int], span: tuple[int, int]
) -> Hot | None:
    """Number by number, which is faster where each blob has but one or two that are wanted."""
    start, end = span
    frames, at, order, steps = [], [], [], []
    for number, blob in blobs:
        for name in names:
            for place in blob.places.get(name, ()):
                instant = blob.at.item(place)
                if start <= instant < end:
                    lines, first = blob.runs[blob.run.item(place)].lines, blob.first.item(place)
                    steps.append([[_number(lines[line], first + row) for row in shape.rows] for line in shape.lines])
                    frames.append(name)
                    at.append(instant)
                    order.append(number)
    if not frames:
        return None
    cube = np.array(steps, np.int64).reshape(len(steps), len(shape.lines), len(shape.rows)).transpose(1, 0, 2)
    return Hot(np.array(frames), np.array(at), np.array(order), cube)


def _number(line: hot.Line, column: int) -> int:
    found: int = line.narrow.item(column)
    return NULL if line.gaps and found == hot.NULLS[line.narrow.itemsize] else found


def _gathered(
    blobs: Sequence[tuple[int, Blob]], shape: Wanted, names: NDArray[np.int64], span: tuple[int, int]
) -> Hot | None:
    frames, at, order, steps = [], [], [], []
    rows, few = np.array(shape.rows, np.int64), names.tolist()
    known: dict[bytes, list[Spot]] = {}
    for number, blob in blobs:
        spots = known.get(blob.layout)
        if spots is None:
            places = np.array([place for name in few for place in blob.places.get(name, ())], np.int64)
            spots = known[blob.layout] = [*_spots(blob, places, rows)]
        for spot in spots:
            here, columns, within = spot.batches, spot.columns, blob.at[spot.batches]
            if blob.reach[0] < span[0] or blob.reach[1] >= span[1]:
                inside = (within >= span[0]) & (within < span[1])
                if not inside.any():
                    continue
                here, columns, within = here[inside], columns[inside], within[inside]
            frames.append(blob.frames[here])
            at.append(within)
            order.append(np.full(len(here), number, np.int64))
            steps.append(_columns(blob.runs[spot.run], shape, columns))
    if not frames:
        return None
    return Hot(np.concatenate(frames), np.concatenate(at), np.concatenate(order), np.concatenate(steps, axis=1))


def _spots(blob: Blob, places: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[Spot]:
    runs = blob.run[places]
    for run in dict.fromkeys(runs.tolist()):
        here = places[runs == run]
        yield Spot(run, here, blob.first[here][:, None] + rows)


def _columns(run: Run, shape: Wanted, places: NDArray[np.int64]) -> Steps:
    """Lines x batches x rows."""
    found = np.empty((len(shape.lines), *places.shape), np.int64)
    for target, line in zip(found, (run.lines[line] for line in shape.lines), strict=True):
        target[...] = line.narrow[places]
        if line.gaps:
            target[target == hot.NULLS[line.narrow.itemsize]] = NULL
    return found
