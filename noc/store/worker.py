"""The process that seals: reads hours and days that ended, sends sealed chunks back to the daemon, writes nothing itself.

Started by `noc.store.sealing`; jobs come on standard input, results
leave on standard output, both pickled. It ends when its input ends, so it never outlives the daemon.
"""

import os
import pickle
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np

from noc.store import chunk, hot, months, rollups
from noc.store.codec import Codec
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE, Opening
from noc.store.frames import SHARD_SHIFT, SHARD_STREAMS, Frame, Frames
from noc.store.jobs import DAY_S, HOUR_S, LET_GO, Cleared, Done, Due, Job, Place, Put, Result, Sealed, Step
from noc.store.rollup import CONTEXT_S, begins
from noc.store.segments import Segment, settled
from noc.store.shelf import Shelves
from noc.store.shelf import Stored as Shelved
from noc.store.steps import Steps

PIECE_BLOCK: Final = 8192  # numbers compressed together: pieces live a day and are read seldom
DAY_BLOCK: Final = 1024  # a day at 60 s is one row a block
SEND_BYTES: Final = 1 << 20
FOLLOWS_S: Final = HOUR_S  # of the day after only its first hour is sealed for certain
ROLLED: Final = {FIVE_MINUTES: 300, HOURLY: HOUR_S}

_DAYS = """SELECT DISTINCT f.stream, c.start / 86400 FROM frame f JOIN chunk c ON c.tier = 0 AND c.frame = f.id
           WHERE f.stream >= ? AND f.stream < ? AND c.start < ?"""
_THERE = "SELECT 1 FROM frame f JOIN chunk c ON c.tier IN (1, 2) AND c.frame = f.id WHERE f.stream = ? AND c.start = ? LIMIT 1"
_MEASURED = """SELECT 1 FROM frame f JOIN chunk c ON c.tier IN (0, 1) AND c.frame = f.id
               WHERE f.stream = ? AND c.start >= ? AND c.start < ? LIMIT 1"""
_ROLLED = """SELECT c.tier, c.frame, c.start FROM frame f JOIN chunk c ON c.tier IN (2, 3) AND c.frame = f.id
             WHERE f.stream = ? AND c.start = ?"""
_BEARERS = """SELECT c.frame, max(c.until) FROM frame f JOIN chunk c ON c.tier = 2 AND c.frame = f.id
              WHERE f.stream = ? AND c.start > ? AND c.start < ? AND c.until > ? GROUP BY c.frame"""
_DUE = "SELECT stream, start, until FROM due WHERE tier = ? AND stream >= ? AND stream < ? AND until <= ? ORDER BY stream, start"


class Stored(NamedTuple):
    """A chunk read back, and where it lies: tier, frame, start."""

    place: Place
    segment: Segment


class Worker:
    """Seals one shard at a time; holds one hour of one shard, or one day of one stream, in memory."""

    def __init__(self, opening: Opening, *, fast: bool) -> None:
        self._opening = opening
        self._codec = Codec(fast)
        self._frames = opening.run(Frames.load)

    def results(self, job: Job) -> Iterator[Result]:
        steps: dict[Step, Callable[[Job], Iterator[Result]]] = {
            Step.HOURS: self._hours,
            Step.DAYS: self._days,
            Step.AGAIN: self._again,
            Step.LOCAL_DAYS: self._local_days,
            Step.MONTHS: self._months,
        }
        yield from _gathered(steps[job.step](job))
        yield Done()

    def _query(self, sql: str, parameters: Iterable[int | str]) -> list[tuple[Any, ...]]:
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
            yield Sealed(
                put=[(PIECE, *self._encoded(segment, hour, PIECE_BLOCK)) for segment in segments],
                gone=[found.place for found in older],
                values=sum(segment.steps.size for segment in segments),
                owe={(FIVE_MINUTES, stream, day, day + DAY_S) for day in self._reached(stream, hour)},
            )

    def _reached(self, stream: int, hour: int) -> list[int]:
        """Sealed days beside that of the hour into which its batches may reach: they came late. A day may have only rollups."""
        day, within = hour - hour % DAY_S, hour % DAY_S
        beside = {day - DAY_S} if within < FOLLOWS_S else {day + DAY_S} if within >= DAY_S - CONTEXT_S else set()
        return [other for other in beside if self._query(_THERE, (stream, other))]

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
        found = self._chunks(stream, tiers, start, end)
        return [
            Stored((tier, frame.id, one.start), _cut(frame, chunk.Chunk(one.body, self._codec), start, end))
            for tier, frame, one in found
        ]

    def _chunks(self, stream: int, tiers: tuple[int, ...], start: int, end: int) -> list[tuple[int, Frame, Shelved]]:
        frames = {frame.id: frame for frame in self._frames.in_stream(stream)}

        def look(db: sqlite3.Connection) -> list[tuple[int, Frame, Shelved]]:
            shelves = Shelves(db)
            return [
                (tier, frames[one.frame], one)
                for tier in tiers
                for one in shelves.chunks(tier, tuple(frames), start, end)
            ]

        return self._opening.run(look)

    def _streams(self, job: Job) -> tuple[int, int]:
        low = job.shard * SHARD_STREAMS
        return low, low + SHARD_STREAMS

    def _days(self, job: Job) -> Iterator[Sealed]:
        for stream, day in self._query(_DAYS, (*self._streams(job), job.limit)):
            yield self._day_and_eve(stream, int(day) * DAY_S, (DAY, PIECE))

    def _again(self, job: Job) -> Iterator[Sealed]:
        for stream, day, _ in self._query(_DUE, (FIVE_MINUTES, *self._streams(job), job.limit)):
            found = self._day_and_eve(stream, day, (DAY,))
            found.paid.append((FIVE_MINUTES, stream, day))
            yield found

    def _day_and_eve(self, stream: int, day: int, tiers: tuple[int, ...]) -> Sealed:
        """Into a day before of which nothing was measured the first batch may reach as well."""
        sealed = self._day(stream, day, tiers)
        if not sealed.let_go and not self._query(_MEASURED, (stream, day - DAY_S, day)):
            sealed.add(self._day(stream, day - DAY_S, (DAY,)))
        return sealed

    def _day(self, stream: int, day: int, tiers: tuple[int, ...]) -> Sealed:
        """A day of what lies in the tiers; from the day itself alone, only its rollups are made again."""
        end = day + DAY_S
        stored, rolled = self._stored(stream, tiers, day, end), self._query(_ROLLED, (stream, day))
        if rolled and day < self._let_go_until(stream) and not any(found.place[0] == DAY for found in stored):
            return _too_late(stored)
        before, after = (
            [found.segment for found in self._stored(stream, (DAY, PIECE), *span)]
            for span in ((day - CONTEXT_S, day), (end, end + FOLLOWS_S))
        )
        own, follows = settled([found.segment for found in stored]), settled(after)
        if not own and not follows:
            return Sealed(owe=_rolls(stream, day) if rolled else set())
        at = np.unique(np.concatenate([segment.at for segment in (*before, *own, *follows)]))
        begin = begins(at)
        sealed = Sealed(gone=[*rolled], owe=_rolls(stream, day))
        for whole in _reaching(own, follows):
            placed = rollups.Placed(whole.at, begin[np.searchsorted(at, whole.at)], whole.steps)
            sealed.put += self._rolled(whole.frame, placed, day)
        if PIECE in tiers:
            sealed.gone += [found.place for found in stored]
            sealed.put += [(DAY, *self._encoded(segment, day, DAY_BLOCK)) for segment in own]
            sealed.values = sum(segment.steps.size for segment in own)
        return sealed

    def _let_go_until(self, stream: int) -> int:
        """Before which day full resolution was let go."""
        evidence = any(frame.is_evidence for frame in self._frames.in_stream(stream))
        found = self._query("SELECT content FROM meta WHERE name = ?", (LET_GO[evidence],))
        return int(found[0][0]) if found else 0

    def _rolled(self, frame: Frame, placed: rollups.Placed, day: int) -> Iterator[Put]:
        for tier, step in ROLLED.items():
            content = rollups.pack(frame, placed, rollups.Window(day, step, DAY_S // step))
            if content is not None:
                yield tier, frame.id, day, int(content.at[-1]) + step, chunk.encode(content, self._codec, DAY_BLOCK)

    def _local_days(self, job: Job) -> Iterator[Sealed]:
        """The local days that are due, put into the chunk of their month."""
        due = self._query(_DUE, (DAILY, *self._streams(job), job.limit))
        for (stream, month), found in groupby(due, key=lambda row: (row[0], months.month_of(row[1]))):
            yield self._local_days_of(stream, month, [months.Span(start, until) for _, start, until in found])

    def _local_days_of(self, stream: int, month: months.Span, days: list[months.Span]) -> Sealed:
        columns: dict[int, dict[int, Steps]] = defaultdict(dict)  # frame -> day -> lines x rows
        for _, frame, kept in self._chunks(stream, (DAILY,), month.start, month.end):
            if kept.start == month.start:
                known = chunk.Chunk(kept.body, self._codec)
                columns[frame.id] = dict(zip(known.at.tolist(), np.moveaxis(known.all(), 2, 0), strict=True))
        sealed = Sealed(
            gone=[(DAILY, frame, month.start) for frame in columns],
            paid=[(DAILY, stream, day.start) for day in days],
        )
        for day in days:
            if frames := self._bearers(stream, day):
                for known_days in columns.values():
                    known_days.pop(day.start, None)
                for bearer, lines in months.rolled(frames, partial(self._parts, stream, day), day):
                    columns[bearer.id][day.start] = lines
        for number, found in columns.items():
            if found:
                at = np.array(sorted(found), np.int64)
                content = chunk.Content(at, np.stack([found[start] for start in at.tolist()], axis=2))
                body = chunk.encode(content, self._codec, DAY_BLOCK)
                sealed.put.append((DAILY, number, month.start, int(at[-1]) + DAY_S, body))
        return sealed

    def _months(self, job: Job) -> Iterator[Sealed]:
        for stream, start, until in self._query(_DUE, (MONTHLY, *self._streams(job), job.limit)):
            sealed, month = Sealed(paid=[(MONTHLY, stream, start)]), months.Span(start, until)
            if frames := self._bearers(stream, month):
                sealed.gone = [(MONTHLY, frame.id, start) for frame in self._frames.in_stream(stream)]
                for frame, lines in months.rolled(frames, partial(self._parts, stream, month), month):
                    content = chunk.Content(np.array([start], np.int64), lines[:, :, None])
                    body = chunk.encode(content, self._codec, DAY_BLOCK)
                    sealed.put.append((MONTHLY, frame.id, start, until, body))
            yield sealed

    def _bearers(self, stream: int, over: months.Span) -> list[Frame]:
        """Frames with five-minute chunks within, that with the latest first."""
        found = self._query(_BEARERS, (stream, over.start - DAY_S, over.end, over.start))
        latest = [(-until, self._frames.by_id[number]) for number, until in found]
        return [frame for _, frame in sorted(latest, key=lambda one: (one[0], one[1].rows, one[1].quantities))]

    def _parts(self, stream: int, over: months.Span) -> Iterator[list[months.Part]]:
        """Five-minute chunks, day by day."""
        for day in range(over.start - over.start % DAY_S, over.end, DAY_S):
            found = self._chunks(stream, (FIVE_MINUTES,), day, day + DAY_S)
            yield [
                months.Part(frame, chunk.Chunk(one.body, self._codec)) for _, frame, one in found if one.start == day
            ]


def _rolls(stream: int, day: int) -> set[Due]:
    """Local days and months that rest on a day's rollups."""
    days = months.days_of(day)
    spans = {(DAILY, local) for local in days} | {(MONTHLY, months.month_of(local.start)) for local in days}
    return {(tier, stream, span.start, span.end) for tier, span in spans}


def _too_late(pieces: Sequence[Stored]) -> Sealed:
    """Of the day only rollups are kept, and they are not made again from the little that came now."""
    gone, values = [found.place for found in pieces], sum(found.segment.steps.size for found in pieces)
    return Sealed(gone=gone, let_go=values)


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


def _reaching(own: Sequence[Segment], follows: Sequence[Segment]) -> Iterator[Segment]:
    """A day's segments, with the first batch after it, which reaches back into it, whatever its frame."""
    after = {segment.frame.id: Segment(segment.frame, segment.at[:1], segment.steps[:, :, :1]) for segment in follows}
    for segment in own:
        late = after.pop(segment.frame.id, None)
        yield (
            segment
            if late is None
            else Segment(
                segment.frame, np.append(segment.at, late.at), np.concatenate([segment.steps, late.steps], axis=2)
            )
        )
    yield from after.values()


def _gathered(results: Iterator[Result]) -> Iterator[Result]:
    """Small transactions together, so that each is worth its fsync; never in front of what clears hot blobs."""
    together = Sealed()
    for result in results:
        if isinstance(result, Sealed):
            together.add(result)
        if together and (together.size >= SEND_BYTES or not isinstance(result, Sealed)):
            yield together
            together = Sealed()
        if not isinstance(result, Sealed):
            yield result
    if together:
        yield together


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
