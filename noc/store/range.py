"""One subject over a range of time, put together from days, pieces and what is hot; every instant once."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from noc.store import hot, rollups
from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import DAY, FIVE_MINUTES, HOURLY, PIECE
from noc.store.frames import SHARD_SHIFT, Frame, Frames
from noc.store.rollup import CONTEXT_S, Slots
from noc.store.segments import winners
from noc.store.shelf import Shelves
from noc.store.steps import NULL, Steps, scales, to_steps, to_values

DAY_S: Final = 86400
TIERS: Final = {300: FIVE_MINUTES, 3600: HOURLY}
_JUDGED: Final = ("flags", "oper_status", "up_ratio", "state", "answered")  # what a rollup needs beside what was asked

_HEADS = "SELECT id, head FROM hot WHERE id >= ? AND id < ? AND first_at < ? AND last_at >= ?"
_HOT = "SELECT head, body FROM hot WHERE id = ?"


class Subject(NamedTuple):
    """What is asked for."""

    measurement: str
    scope: str
    row: str
    quantities: tuple[str, ...]

    def judged(self) -> "Subject":
        extra = tuple(name for name in _JUDGED if name not in self.quantities)
        return self._replace(quantities=self.quantities + extra)


class _Stretch(NamedTuple):
    """Part of the time: lines are quantities x instants, None where the frame lacks the row."""

    at: Steps
    lines: Steps | None


class Range(NamedTuple):
    """A question to one consistent picture of the file."""

    db: sqlite3.Connection
    frames: Frames
    codec: Codec
    subject: Subject

    def steps(self, start: int, end: int) -> tuple[Steps, Steps]:
        """Full resolution: instants, and quantities x instants."""
        stretches = [*self._sealed(start, end), *self._hot(start, end)]
        counting = winners([stretch.at for stretch in stretches])
        at, lines = [np.empty(0, np.int64)], [np.empty((len(self.subject.quantities), 0), np.int64)]
        for stretch, counts in zip(stretches, counting, strict=True):
            if stretch.lines is not None:
                at.append(stretch.at[counts])
                lines.append(stretch.lines[:, counts])
        every = np.concatenate(at)
        order = np.argsort(every, kind="stable")
        return every[order], np.concatenate(lines, axis=1)[:, order]

    def rolled(self, over: rollups.Window, *, extremes: bool) -> rollups.Rolled:
        """Slots: stored ones for days that are sealed, the rest from full resolution."""
        days, parts = self._stored(over, extremes=extremes)
        subject = self.subject.judged()
        asked, scale = len(self.subject.quantities), scales(self.subject.quantities)
        for first, last in _missing(over, days) or ([] if parts else [(over.start, over.end)]):
            at, steps = self._replace(subject=subject).steps(first - CONTEXT_S, last + CONTEXT_S)
            values = to_values(steps, scales(subject.quantities))
            found = rollups.roll_row(subject.quantities, at, values, rollups.window(first, last, over.step))
            slots = Slots(*(part[:asked] for part in found.slots))
            mean = to_values(to_steps(slots.mean, scale), scale)  # rounded as the stored ones are
            parts.append(found._replace(slots=slots._replace(mean=mean)))
        return rollups.joined(parts)

    def _mine(self) -> list[Frame]:
        return self.frames.of_subject(self.subject.measurement, self.subject.scope)

    def _sealed(self, start: int, end: int) -> Iterator[_Stretch]:
        for tier in (DAY, PIECE):
            mine = {frame.id: frame for frame in self._mine()}
            for stored in Shelves(self.db).chunks(tier, tuple(mine), start, end):
                chunk = Chunk(stored.body, self.codec)
                first, last = np.searchsorted(chunk.at, (start, end))
                yield _Stretch(chunk.at[first:last], self._lines(mine[stored.frame], chunk, slice(first, last)))

    def _lines(self, frame: Frame, chunk: Chunk, cut: slice) -> Steps | None:
        if self.subject.row not in frame.rows:
            return None
        picks = self._picks(frame)
        found = chunk.read([pick for pick in picks if pick >= 0], frame.rows.index(self.subject.row))[:, cut]
        lines = np.full((len(picks), found.shape[1]), NULL, np.int64)
        lines[[pick >= 0 for pick in picks]] = found
        return self._rescaled(frame, lines)

    def _picks(self, frame: Frame) -> list[int]:
        names = frame.quantities
        return [names.index(name) if name in names else -1 for name in self.subject.quantities]

    def _hot(self, start: int, end: int) -> Iterator[_Stretch]:
        mine = {frame.id for frame in self._mine()}
        for shard in {frame.shard for frame in self._mine()}:
            places = (shard << SHARD_SHIFT, (shard + 1) << SHARD_SHIFT, end, start)
            for number in _holding(self.db.execute(_HEADS, places).fetchall(), mine):
                head, body = self.db.execute(_HOT, (number,)).fetchone()
                for piece in hot.decode(head, body, self.frames.by_id, self.codec, mine):
                    if start <= piece.at < end:
                        yield _Stretch(np.array([piece.at], np.int64), self._column(piece))

    def _column(self, piece: hot.Piece) -> Steps | None:
        if self.subject.row not in piece.frame.rows:
            return None
        column = hot.gathered([piece])[:, piece.frame.rows.index(self.subject.row), 0]
        lines = np.array([[column[pick] if pick >= 0 else NULL] for pick in self._picks(piece.frame)], np.int64)
        return self._rescaled(piece.frame, lines.reshape(-1, 1))

    def _rescaled(self, frame: Frame, lines: Steps) -> Steps:
        """Steps as today's table of quantities has them, where the frame was written by another one."""
        today = scales(self.subject.quantities)
        picks = zip(self._picks(frame), today, strict=True)
        then = np.array([frame.scale[pick] if pick >= 0 else now for pick, now in picks]).reshape(-1, 1)
        return lines if np.array_equal(then, today) else to_steps(to_values(lines, then), today)

    def _stored(self, over: rollups.Window, *, extremes: bool) -> tuple[set[int], list[rollups.Rolled]]:
        """Days whose rollups are there, and what of them falls into the window."""
        end = over.end
        mine = {frame.id: frame for frame in self._mine() if self.subject.row in frame.rows}
        chunks: dict[int, list[tuple[Frame, Chunk]]] = {}
        for stored in Shelves(self.db).chunks(TIERS[over.step], tuple(mine), over.start, end):
            chunks.setdefault(stored.start, []).append((mine[stored.frame], Chunk(stored.body, self.codec)))
        whole = {
            day: found
            for day, found in chunks.items()
            if not extremes or all(rollups.has_extremes(chunk, frame) for frame, chunk in found)
        }
        parts = [self._unpacked(frame, chunk, over.start, end) for found in whole.values() for frame, chunk in found]
        return set(whole), parts

    def _unpacked(self, frame: Frame, chunk: Chunk, start: int, end: int) -> rollups.Rolled:
        first, last = np.searchsorted(chunk.at, (start, end))
        return rollups.unpack(
            chunk, frame, self._picks(frame), frame.rows.index(self.subject.row), cut=slice(first, last)
        )


def _holding(heads: Sequence[tuple[int, bytes]], frames: set[int]) -> list[int]:
    """Which of the hot blobs speak of any of the frames, looked up in all heads at once."""
    if not heads:
        return []
    names = np.frombuffer(b"".join(head for _, head in heads), hot.HEAD)["frame"]
    sizes = np.array([len(head) // hot.HEAD.itemsize for _, head in heads])
    owners = np.repeat(np.arange(len(heads)), sizes)[np.isin(names, list(frames))]
    return [heads[owner][0] for owner in np.unique(owners).tolist()]


def _missing(over: rollups.Window, days: set[int]) -> list[tuple[int, int]]:
    """Stretches of the window that no stored day covers."""
    end = over.end
    spans: list[tuple[int, int]] = []
    for day in range(over.start - over.start % DAY_S, end, DAY_S):
        first, last = max(day, over.start), min(day + DAY_S, end)
        if day in days:
            continue
        if spans and spans[-1][1] == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans
