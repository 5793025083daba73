"""Chunks that a reader remembers, decoded as far as they were asked for, and many small neighbours of them as one.

A layer that did not change since (it counts its changes itself) is not even looked up again; where it did, the chunks that
lie there now are compared, octet by octet, with those remembered. All of it is bounded.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import HOURLY, PIECE
from noc.store.shelf import SPANS, Shelves, Stored
from noc.store.steps import Steps

DAY_S: Final = 86_400
LONG_S: Final = 14 * DAY_S  # from which a question is long
TOGETHER: Final = {PIECE: DAY_S, HOURLY: 32 * DAY_S}  # what is bundled, of hourly means for long questions
MOST_NUMBERS: Final = 8_000_000  # kept decoded, 64 MB
MOST_OCTETS: Final = 64 << 20  # of chunks kept as they are, with their directories
LEAST_OCTETS: Final = 512  # what it takes to remember that nothing is there
FEW_BLOCKS: Final = 4  # of so few a line is decoded whole and kept; of one for thousands of links only what is wanted
AT_ONCE: Final = 16  # frames looked up together: their chunks are in memory before any of them goes

Place = tuple[int, int]  # layer, frame
Span = tuple[int, int]
Stamp = tuple[int, int]  # which connection, and the layer's changes so far


@dataclass(slots=True)
class Decoded:
    """How many numbers all bundles of a reader hold."""

    numbers: int = 0


class Bundle:
    """Neighbouring chunks of one frame; reads like a chunk."""

    def __init__(self, chunks: Sequence[Chunk], total: Decoded) -> None:
        self._chunks = chunks
        self._total = total
        self.starts = [chunk.starts[0] for chunk in chunks]
        self.lines, self.rows = int(chunks[0].lines), int(chunks[0].rows)
        self.at = np.concatenate([chunk.at for chunk in chunks])
        self.ends = [int(chunk.at[-1]) for chunk in chunks]
        self._decoded: dict[int, Steps] = {}
        self._few = max(chunk.blocks for chunk in chunks) <= FEW_BLOCKS
        total.numbers += self.size

    @property
    def size(self) -> int:
        """Numbers that it holds decoded."""
        return len(self.at) * (1 + self.rows * len(self._decoded))

    def lines_of(self, lines: Sequence[int], rows: slice | Sequence[int] = slice(None)) -> Steps:
        """Lines x rows x instants."""
        wanted = rows if isinstance(rows, slice) else list(rows)
        if not lines or not self._few:
            return np.concatenate([chunk.lines_of(lines, wanted) for chunk in self._chunks], axis=2)
        return np.stack([self._line(line)[wanted] for line in lines])

    def _line(self, line: int) -> Steps:
        if line not in self._decoded:
            self._decoded[line] = np.concatenate([chunk.lines_of((line,))[0] for chunk in self._chunks], axis=1)
            self._total.numbers += self._decoded[line].size
        return self._decoded[line]


class Kept(NamedTuple):
    """Of one frame in one layer all chunks that reach into a span, by rising start, and the bundles made of them."""

    stamp: Stamp | None
    span: Span
    starts: list[int]
    ends: list[int]
    chunks: list[Chunk]
    bundles: dict[int, list[Bundle]]
    octets: int

    def within(self, span: Span, longest: int) -> Sequence[Chunk]:
        """Those that reach into a part of the span."""
        first = bisect_right(self.starts, span[0] - longest)
        while first < len(self.ends) and self.ends[first] < span[0]:
            first += 1
        return self.chunks[first : bisect_left(self.starts, span[1])]

    def bundled(self, span: Span, length: int, total: Decoded) -> Iterator[Bundle]:
        """Those that begin in a part of the span, so many seconds as one, or as several where not all have the same lines."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        while first < last:
            number = self.starts[first] // length
            end = bisect_left(self.starts, (number + 1) * length)
            found = self.bundles.get(number)
            if found is None:
                alike = groupby(self.chunks[first:end], key=lambda chunk: chunk.lines)
                found = self.bundles[number] = [Bundle([*some], total) for _, some in alike]
            yield from found
            first = end


class Bundles:
    """For one reader; those used longest ago go first."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._kept: dict[Place, Kept] = {}
        self._db: sqlite3.Connection | None = None
        self._connections = 0
        self._octets = 0
        self._decoded = Decoded()

    @property
    def octets(self) -> int:
        """Kept, as it lies in the file and decoded."""
        return self._octets + 8 * self._decoded.numbers

    def of(
        self, db: sqlite3.Connection, tier: int, frames: Sequence[int], span: Span
    ) -> Iterator[tuple[int, Chunk | Bundle]]:
        """What reaches into [start, end), frame by frame, by rising start; small ones bundled, which may reach out of it."""
        length = TOGETHER[tier] if tier == PIECE or (tier == HOURLY and span[1] - span[0] >= LONG_S) else 0
        whole = _rounded(span, length or DAY_S)
        stamp = self._stamp(db, tier)
        for first in range(0, len(frames), AT_ONCE):
            some = frames[first : first + AT_ONCE]
            self._look(Shelves(db), tier, some, (whole, stamp))
            for frame in some:
                kept = self._kept[tier, frame]
                if not length:
                    yield from ((frame, chunk) for chunk in kept.within(span, SPANS[tier]))
                else:
                    yield from ((frame, bundle) for bundle in kept.bundled(whole, length, self._decoded))
            self._trim()

    def _look(self, shelves: Shelves, tier: int, frames: Sequence[int], now: tuple[Span, Stamp | None]) -> None:
        """Remembers the frames' chunks of a span, as they are now."""
        span, stamp = now
        missing: dict[int, list[Stored]] = {}
        for frame in frames:
            kept = self._kept.pop((tier, frame), None)
            if kept is not None:
                self._kept[tier, frame] = kept  # the last used at the end
            if kept is None or stamp is None or kept.stamp != stamp or not _inside(span, kept.span):
                missing[frame] = []
        if not missing:
            return
        for stored in shelves.chunks(tier, tuple(missing), *span):
            missing[stored.frame].append(stored)
        for frame, found in missing.items():
            before = self._kept.pop((tier, frame), None)
            after = self._kept[tier, frame] = self._renewed(before, found, span, stamp)
            self._octets += after.octets
            if before is not None:
                self._octets -= before.octets
                self._decoded.numbers -= 0 if before.bundles is after.bundles else _numbers(before)

    def _renewed(self, kept: Kept | None, found: Sequence[Stored], span: Span, stamp: Stamp | None) -> Kept:
        """With what was decoded before of chunks that are still the same."""
        before = {} if kept is None else dict(zip(kept.starts, kept.chunks, strict=True))
        chunks = []
        for one in found:
            chunk = before.get(one.start)
            same = chunk is not None and chunk.blob == one.body
            chunks.append(chunk if chunk is not None and same else Chunk(one.body, self._codec, one.start))
        alike = kept is not None and kept.span == span and chunks == kept.chunks
        bundles = kept.bundles if kept is not None and alike else {}
        octets = sum(len(one.body) for one in found) + LEAST_OCTETS
        return Kept(stamp, span, [one.start for one in found], [one.until for one in found], chunks, bundles, octets)

    def _stamp(self, db: sqlite3.Connection, tier: int) -> Stamp | None:
        """Another connection may be to another file."""
        if db is not self._db:
            self._db = db
            self._connections += 1
        changes = Shelves(db).changes(tier)
        return None if changes is None else (self._connections, changes)

    def _trim(self) -> None:
        while self._octets > MOST_OCTETS and len(self._kept) > 1:
            gone = self._kept.pop(next(iter(self._kept)))
            self._octets -= gone.octets
            self._decoded.numbers -= _numbers(gone)
        if self._decoded.numbers > MOST_NUMBERS:
            for kept in [kept for kept in self._kept.values() if kept.bundles]:
                self._decoded.numbers -= _numbers(kept)
                kept.bundles.clear()
                if self._decoded.numbers <= MOST_NUMBERS:
                    break


def _numbers(kept: Kept) -> int:
    return sum(bundle.size for bundles in kept.bundles.values() for bundle in bundles)


def _rounded(span: Span, length: int) -> Span:
    return span[0] // length * length, -(-span[1] // length) * length


def _inside(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1]
