"""Older data as lines: hours of raw data and chunks of rollups, stream by stream, a bounded piece of it in memory."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from noc.influx.lines import Lines, Subject
from noc.influx.source import Source
from noc.store import hot, rollups
from noc.store.chunk import Chunk
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE
from noc.store.frames import SHARD_SHIFT, SHARD_STREAMS, Frame
from noc.store.segments import winners
from noc.store.shelf import Shelves
from noc.store.steps import Floats, Steps, to_values

AT_ONCE: Final = 200_000  # numbers decoded together
LAYER_NAMES: Final = {FIVE_MINUTES: "5m", HOURLY: "1h", DAILY: "1d", MONTHLY: "1mo"}

_HEADS = "SELECT id FROM hot WHERE id >= ? AND id < ? AND first_at < ? AND last_at >= ? ORDER BY id"
_HOT = "SELECT head, body FROM hot WHERE id = ?"


class Span(NamedTuple):
    """Raw data of [start, end), UTC seconds."""

    start: int
    end: int


class Block(NamedTuple):
    """Lines of one stream, none of an instant after `last_at`; `values` is how many fields they carry."""

    stream: int
    last_at: int
    lines: list[bytes]
    values: int


class _Stretch(NamedTuple):
    """Part of a stream's time in one frame: a chunk that is decoded when its turn comes, or hot pieces."""

    frame: Frame
    at: Steps
    first: int
    chunk: Chunk | None
    pieces: Sequence[hot.Piece]

    def rows(self, low: int, high: int) -> Steps:
        """Quantities x rows x instants."""
        if self.chunk is None:
            return hot.gathered(self.pieces)[:, low:high]
        found = self.chunk.lines_of(range(self.chunk.lines), slice(low, high))
        return found[:, :, self.first : self.first + len(self.at)]


class Backlog:
    """Reads each stream in a picture of its own, right before its lines are made."""

    def __init__(self, source: Source, lines: Lines) -> None:
        self._source = source
        self._lines = lines

    def raw(self, span: Span) -> Iterator[Block]:
        """What counts of every stream, from sealed chunks and from what is still hot."""
        for shard in range(self._source.run(self._source.frames).shards):
            hot_pieces = self._hot(shard, span)
            for stream in range(shard * SHARD_STREAMS, (shard + 1) * SHARD_STREAMS):
                yield from self._of_stream(stream, span, hot_pieces.get(stream, {}))

    def rolled(self, tier: int, start: int) -> Iterator[Block]:
        """The chunks of a tier of rollups that begin at `start`."""
        last = self._source.run(self._source.frames).shards * SHARD_STREAMS
        for stream in range(last):
            found = self._chunks(stream, (tier,), Span(start, start + 1))
            mine = [(frame, chunk) for frame, began, chunk in found if began == start]
            if mine:
                yield from self._slots(stream, tier, mine)

    def _chunks(self, stream: int, tiers: Iterable[int], span: Span) -> list[tuple[Frame, int, Chunk]]:
        def act(db: sqlite3.Connection) -> list[tuple[Frame, int, bytes]]:
            frames, shelves = self._source.frames(db), Shelves(db)
            mine = tuple(frame.id for frame in frames.in_stream(stream))
            return [
                (frames.by_id[found.frame], found.start, found.body)
                for tier in tiers
                for found in shelves.chunks(tier, mine, *span)
            ]

        return [(frame, start, Chunk(body, self._source.codec)) for frame, start, body in self._source.run(act)]

    def _hot(self, shard: int, span: Span) -> dict[int, dict[int, hot.Piece]]:
        """Stream -> instant -> the piece committed last."""
        found: dict[int, dict[int, hot.Piece]] = defaultdict(dict)
        places = (shard << SHARD_SHIFT, (shard + 1) << SHARD_SHIFT, span.end, span.start)
        for (number,) in self._source.run(lambda db: db.execute(_HEADS, places).fetchall()):
            for piece in self._pieces(number):
                if span.start <= piece.at < span.end:
                    found[piece.frame.stream][piece.at] = piece
        return found

    def _pieces(self, number: int) -> list[hot.Piece]:
        def act(db: sqlite3.Connection) -> list[hot.Piece]:
            by_id = self._source.frames(db).by_id
            rows = db.execute(_HOT, (number,))  # sealed meanwhile: then it is read from there
            return [piece for head, body in rows for piece in hot.decode(head, body, by_id, self._source.codec)]

        return self._source.run(act)

    def _of_stream(self, stream: int, span: Span, pieces: Mapping[int, hot.Piece]) -> Iterator[Block]:
        stretches = [
            *(_cut(frame, chunk, span) for frame, _, chunk in self._chunks(stream, (DAY, PIECE), span)),
            *_hot_stretches(pieces),
        ]
        counting = winners([stretch.at for stretch in stretches])
        last_at = max((int(stretch.at[-1]) for stretch in stretches if len(stretch.at)), default=0)
        for stretch, counts in zip(stretches, counting, strict=True):
            if counts.any():
                for lines, values in self._of_stretch(stretch, np.flatnonzero(counts)):
                    yield Block(stream, last_at, lines, values)

    def _of_stretch(self, stretch: _Stretch, counting: Steps) -> Iterator[tuple[list[bytes], int]]:
        frame, at = stretch.frame, stretch.at[counting]
        together = max(1, AT_ONCE // (len(frame.quantities) * len(stretch.at)))
        for low in range(0, len(frame.rows), together):
            steps = stretch.rows(low, low + together)
            for row, name in enumerate(frame.rows[low : low + together]):
                values = to_values(steps[:, row, counting], frame.scale)
                subject = Subject(frame.measurement, frame.scope, name)
                yield self._lines.of_series(subject, frame.quantities, at, values), _known(values)

    def _slots(self, stream: int, tier: int, found: Sequence[tuple[Frame, Chunk]]) -> Iterator[Block]:
        quantities = tuple(dict.fromkeys(name for frame, _ in found for name in frame.quantities))
        for name in dict.fromkeys(row for frame, _ in found for row in frame.rows):
            parts = [_part(tier, frame, chunk, quantities, name) for frame, chunk in found if name in frame.rows]
            slots = rollups.joined([part for part, _ in parts])
            mean, least, most, n, covered_s = slots.slots
            said = {"mean": mean, "min": least, "max": most, "n": n, "covered_s": covered_s, "up_s": slots.up_s}
            if tier in (DAILY, MONTHLY):
                said["p95"] = _p95(slots.at, parts)
            subject = Subject(found[0][0].measurement, found[0][0].scope, name)
            lines = self._lines.of_rollup(subject, LAYER_NAMES[tier], quantities, slots.at, said)
            yield Block(stream, int(slots.at[-1]), lines, _told(said))


def _part(
    tier: int, frame: Frame, chunk: Chunk, quantities: Sequence[str], name: str
) -> tuple[rollups.Rolled, rollups.Ranked | None]:
    picks = [frame.quantities.index(one) if one in frame.quantities else -1 for one in quantities]
    row, every = frame.rows.index(name), slice(None)
    ranks = rollups.ranked(chunk, frame, picks, row, cut=every) if tier in (DAILY, MONTHLY) else None
    return rollups.unpack(chunk, frame, picks, row, cut=every), ranks


def _p95(at: Steps, parts: Sequence[tuple[rollups.Rolled, rollups.Ranked | None]]) -> Floats:
    """Where the list of interfaces changed within a day, of the part that more five-minute means speak for."""
    first = next(ranks for _, ranks in parts if ranks is not None)
    p95, most = np.full((len(first.p95), len(at)), np.nan), np.full((len(first.p95), len(at)), -1.0)
    for slots, ranks in parts:
        if ranks is not None:
            places = np.searchsorted(at, slots.at)
            better = ranks.present > most[:, places]
            p95[:, places] = np.where(better, ranks.p95, p95[:, places])
            most[:, places] = np.maximum(most[:, places], ranks.present)
    return p95


def _cut(frame: Frame, chunk: Chunk, span: Span) -> _Stretch:
    first, last = np.searchsorted(chunk.at, span)
    return _Stretch(frame, chunk.at[first:last], int(first), chunk, ())


def _hot_stretches(pieces: Mapping[int, hot.Piece]) -> Iterator[_Stretch]:
    frames: dict[int, list[hot.Piece]] = defaultdict(list)
    for at in sorted(pieces):
        frames[pieces[at].frame.id].append(pieces[at])
    for found in frames.values():
        yield _Stretch(found[0].frame, np.array([piece.at for piece in found], np.int64), 0, None, found)


def _known(values: Floats) -> int:
    return int(values.size - np.isnan(values).sum())


def _told(said: Mapping[str, Floats]) -> int:
    """How many fields a rollup's lines carry."""
    there = said["n"] > 0
    lined = sum(int((there & ~np.isnan(part)).sum()) for name, part in said.items() if name != "up_s")
    return lined + _known(said["up_s"])
