"""The process that seals: reads hours and days that ended, sends sealed chunks back to the daemon, writes nothing itself.

Started by `noc.store.sealing`; jobs come on standard input, results
leave on standard output, both pickled. It ends when its input ends, so it never outlives the daemon.
"""

import os
import pickle
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np

from noc.store import chunk, hot, rollups
from noc.store.codec import Codec
from noc.store.file import DAY, FIVE_MINUTES, HOURLY, PIECE, Opening
from noc.store.frames import SHARD_SHIFT, SHARD_STREAMS, Frame, Frames
from noc.store.rollup import CONTEXT_S, begins
from noc.store.segments import Segment, settled

HOUR_S: Final = 3600
DAY_S: Final = 86400
PIECE_BLOCK: Final = 8192  # numbers compressed together: pieces live a day and are read seldom
DAY_BLOCK: Final = 1024  # a day at 60 s is one row a block
SEND_BYTES: Final = 1 << 20
ROLLED: Final = {FIVE_MINUTES: 300, HOURLY: HOUR_S}

_CHUNKS = "SELECT start, body FROM chunk WHERE tier = ? AND frame = ? AND start > ? AND start < ? AND until >= ? ORDER BY start"


class Job(NamedTuple):
    """Seal what of one shard lies before an instant: hot hours into pieces, or pieces into days.

    Days of a shard are a job after its hours: a job sees the file as the results of the one before it left it.
    """

    shard: int
    limit: int
    days: bool


class Sealed(NamedTuple):
    """Chunks to keep and chunks that they replace; in one transaction."""

    put: list[tuple[int, int, int, int, bytes]]  # tier, frame, start, until, body
    gone: list[tuple[int, int, int]]
    values: int


class Cleared(NamedTuple):
    """Hot blobs of which everything is sealed, and what is left of those of which some is."""

    gone: list[int]
    left: list[tuple[int, int, int, bytes, bytes]]


class Done(NamedTuple):
    """The job is finished."""


Result = Sealed | Cleared | Done


class Stored(NamedTuple):
    """A chunk read back, and where it lies: tier, frame, start."""

    place: tuple[int, int, int]
    segment: Segment


class Worker:
    """Seals one shard at a time; holds one hour of one shard, or one day of one stream, in memory."""

    def __init__(self, opening: Opening, *, fast: bool) -> None:
        self._opening = opening
        self._codec = Codec(fast)
        self._frames = opening.run(Frames.load)

    def results(self, job: Job) -> Iterator[Result]:
        yield from _gathered(self._days(job) if job.days else self._hours(job))
        yield Done()

    def _query(self, sql: str, parameters: Iterable[int]) -> list[tuple[Any, ...]]:
        return self._opening.run(lambda db: db.execute(sql, tuple(parameters)).fetchall())

    def _hours(self, job: Job) -> Iterator[Result]:
        low = job.shard << SHARD_SHIFT
        sql = "SELECT id, head FROM hot WHERE id >= ? AND id < ? AND first_at < ?"
        heads = self._query(sql, (low, low + (1 << SHARD_SHIFT), job.limit))
        entries = {number: np.frombuffer(head, hot.HEAD) for number, head in heads}
        named = np.unique(np.concatenate([np.empty(0, np.int64), *(found["frame"] for found in entries.values())]))
        if not self._frames.by_id.keys() >= set(named.tolist()):
            self._frames = self._opening.run(Frames.load)
        hours: dict[int, list[int]] = defaultdict(list)
        for number, found in entries.items():
            for hour in np.unique(found["at"] // HOUR_S).tolist():
                hours[hour * HOUR_S].append(number)
        for hour in sorted(hours):
            if hour < job.limit:
                yield from self._hour(hour, hours[hour])
        kept = [number for number, found in entries.items() if int(found["at"].max()) >= job.limit]
        yield Cleared(sorted(entries.keys() - set(kept)), [self._left(number, job.limit) for number in kept])

    def _hour(self, hour: int, numbers: list[int]) -> Iterator[Sealed]:
        """One piece per frame from the hot blobs, later commits over earlier ones, all over pieces that are there."""
        streams: dict[int, dict[int, hot.Piece]] = defaultdict(dict)
        for number in sorted(numbers):
            for piece in self._pieces(number):
                if hour <= piece.at < hour + HOUR_S:
                    streams[piece.frame.stream][piece.at] = piece
        for stream in sorted(streams):
            older = self._stored(stream, (PIECE,), hour, hour + HOUR_S)
            segments = settled([*(found.segment for found in older), *_segments(streams.pop(stream).values())])
            put = [(PIECE, *self._encoded(segment, hour, PIECE_BLOCK)) for segment in segments]
            yield Sealed(put, [found.place for found in older], sum(segment.steps.size for segment in segments))

    def _pieces(self, number: int) -> Iterator[hot.Piece]:
        for head, body in self._query("SELECT head, body FROM hot WHERE id = ?", (number,)):
            yield from hot.decode(head, body, self._frames.by_id, self._codec)

    def _left(self, number: int, limit: int) -> tuple[int, int, int, bytes, bytes]:
        kept = [(piece.frame, piece.batch()) for piece in self._pieces(number) if piece.at >= limit]
        return (number, *hot.encode(kept, self._codec))

    def _encoded(self, segment: Segment, start: int, block: int) -> tuple[int, int, int, bytes]:
        body = chunk.encode(chunk.Content(segment.at, segment.steps), self._codec, block)
        return segment.frame.id, start, int(segment.at[-1]), body

    def _stored(self, stream: int, tiers: tuple[int, ...], start: int, end: int) -> list[Stored]:
        """Chunks of all frames of a stream in one consistent picture, by rising rank, cut to [start, end)."""

        def look(db: sqlite3.Connection) -> list[tuple[int, Frame, int, bytes]]:
            return [
                (tier, frame, began, body)
                for tier in tiers
                for frame in self._frames.in_stream(stream)
                for began, body in db.execute(_CHUNKS, (tier, frame.id, start - DAY_S, end, start))
            ]

        found = self._opening.run(look)
        return [
            Stored((tier, frame.id, began), _cut(frame, chunk.Chunk(body, self._codec), start, end))
            for tier, frame, began, body in found
        ]

    def _days(self, job: Job) -> Iterator[Sealed]:
        low = job.shard * SHARD_STREAMS
        sql = """SELECT DISTINCT f.stream, c.start / 86400 FROM frame f JOIN chunk c ON c.tier = 0 AND c.frame = f.id
                 WHERE f.stream >= ? AND f.stream < ? AND c.start < ?"""
        for stream, day in self._query(sql, (low, low + SHARD_STREAMS, job.limit)):
            yield self._day(stream, int(day) * DAY_S)

    def _day(self, stream: int, day: int) -> Sealed:
        end = day + DAY_S
        before, stored, after = (
            self._stored(stream, (DAY, PIECE), *span)
            for span in ((day - CONTEXT_S, day), (day, end), (end, end + CONTEXT_S))
        )
        own, follows = settled([found.segment for found in stored]), settled([found.segment for found in after])
        at = np.unique(
            np.concatenate([segment.at for segment in (*(found.segment for found in before), *own, *follows)])
        )
        begin = begins(at)
        put: list[tuple[int, int, int, int, bytes]] = []
        for segment in own:
            put.append((DAY, *self._encoded(segment, day, DAY_BLOCK)))
            whole = next((_with(segment, found) for found in follows if found.frame is segment.frame), segment)
            placed = rollups.Placed(whole.at, begin[np.searchsorted(at, whole.at)], whole.steps)
            put += self._rolled(segment.frame, placed, day)
        rolled = {
            (tier, frame, start)
            for _, frame, start in (found.place for found in stored)
            for tier in ROLLED
            if start == day
        }
        return Sealed(put, [*(found.place for found in stored), *rolled], sum(segment.steps.size for segment in own))

    def _rolled(self, frame: Frame, placed: rollups.Placed, day: int) -> Iterator[tuple[int, int, int, int, bytes]]:
        for tier, step in ROLLED.items():
            content = rollups.pack(frame, placed, rollups.Window(day, step, DAY_S // step))
            if content is not None:
                yield tier, frame.id, day, int(content.at[-1]) + step, chunk.encode(content, self._codec, DAY_BLOCK)


def _segments(pieces: Iterable[hot.Piece]) -> list[Segment]:
    """Batches of one stream, instants unique, as one segment per frame."""
    frames: dict[int, list[hot.Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: piece.at):
        frames[piece.frame.id].append(piece)
    return [_segment(found) for found in frames.values()]


def _segment(found: list[hot.Piece]) -> Segment:
    at = np.array([piece.at for piece in found], np.int64)
    return Segment(found[0].frame, at, hot.gathered(found))


def _cut(frame: Frame, found: chunk.Chunk, start: int, end: int) -> Segment:
    first, last = np.searchsorted(found.at, (start, end))
    return Segment(frame, found.at[first:last], found.all()[:, :, first:last])


def _with(segment: Segment, after: Segment) -> Segment:
    """The first batch after the day reaches back into it."""
    return Segment(
        segment.frame,
        np.append(segment.at, after.at[:1]),
        np.concatenate([segment.steps, after.steps[:, :, :1]], axis=2),
    )


def _gathered(results: Iterator[Result]) -> Iterator[Result]:
    """Small transactions together, so that each is worth its fsync; never in front of what clears hot blobs."""
    put, gone, values, size = [], [], 0, 0
    for result in results:
        if isinstance(result, Sealed):
            put += result.put
            gone += result.gone
            values += result.values
            size += sum(len(row[-1]) for row in result.put)
        if put and (size >= SEND_BYTES or not isinstance(result, Sealed)):
            yield Sealed(put, gone, values)
            put, gone, values, size = [], [], 0, 0
        if not isinstance(result, Sealed):
            yield result
    if put or gone:
        yield Sealed(put, gone, values)


def serve(opening: Opening, jobs: BinaryIO, results: BinaryIO, *, fast: bool) -> None:
    """Until the input ends, or nobody is left to take the results."""
    worker = Worker(opening, fast=fast)
    with suppress(EOFError, BrokenPipeError):
        while True:
            job: Job = pickle.load(jobs)
            for result in worker.results(job):
                pickle.dump(result, results, pickle.HIGHEST_PROTOCOL)
                results.flush()


def main() -> None:
    """Arguments: the file, and `fast` or `floor` (zlib alone)."""
    os.nice(15)
    with Opening(sys.argv[1]) as opening:
        serve(opening, sys.stdin.buffer, sys.stdout.buffer, fast=sys.argv[2] == "fast")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the daemon may be gone: nothing to complain to
