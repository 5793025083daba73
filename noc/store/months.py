"""Local days and months of a stream, rolled from its stored five-minute chunks and from nothing else.

The 95th percentile is the nearest rank of the five-minute means that count (SEMANTICS 27, 28): of each subject only as many
of the greatest are kept on the way as the rank can ask for, so a month of thousands of links needs one day of it at a time.
Where the list of interfaces changed within the time, all frames of the stream go together, and the newest one that has a
subject bears its figures.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.percentile import PERCENT, rank
from inventory.calendar import DAY_S, EAT_S, SLOT_S, Month
from inventory.quantities import QUANTITIES
from inventory.slots import PRESENT
from noc.store.chunk import Chunk
from noc.store.frames import Frame
from noc.store.rollups import has_extremes
from noc.store.steps import Floats, Steps, to_steps, to_values

KINDS: Final = 7  # lines of a quantity: mean, n, covered, least, most, p95, present; seconds up are one line more
MEAN, N, COVERED, LEAST, MOST, P95, SEEN = range(KINDS)
_COUNTS: Final = (N, COVERED, SEEN)
_CELLS: Final = 8_000_000  # of the greatest means kept at once: 64 MB
_TENTHS: Final = np.array([10.0])
_ONE: Final = np.ones((1, 1))


class Part(NamedTuple):
    """A five-minute chunk of a frame."""

    frame: Frame
    chunk: Chunk


class Span(NamedTuple):
    """A local day or month, UTC seconds."""

    start: int
    end: int

    @property
    def slots(self) -> int:
        return (self.end - self.start) // SLOT_S


class _Reach(NamedTuple):
    """What of a part is added up: where it lies there, and to which lines, rows and slots it goes."""

    part: Part
    lines: list[int]
    rows: list[int] | slice
    cut: slice
    to: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

    def read(self, kinds: Sequence[int]) -> Steps:
        """Kinds x lines x rows x instants."""
        frame, chunk = self.part
        wanted = [kind * len(frame.quantities) + line for kind in kinds for line in self.lines]
        found = chunk.lines_of(wanted, self.rows)[:, :, self.cut]
        return found.reshape(len(kinds), len(self.lines), *found.shape[1:])

    @property
    def scale(self) -> Floats:
        return self.part.frame.scale[self.lines][:, None]

    @property
    def place(self) -> tuple[NDArray[np.int64], ...]:
        """Lines x rows."""
        return np.ix_(*self.to[:2])


Days = Callable[[], Iterable[Sequence[Part]]]


def days_of(day: int) -> tuple[Span, Span]:
    """The two local days that the UTC day beginning at `day` reaches into."""
    local = day - EAT_S
    return Span(local, local + DAY_S), Span(local + DAY_S, local + 2 * DAY_S)


def month_of(at: int) -> Span:
    """The local month of an instant."""
    month = Month.of(at)
    return Span(month.start, month.end)


def rolled(frames: Sequence[Frame], days: Days, over: Span) -> Iterator[tuple[Frame, Steps]]:
    """For each frame that bears figures its lines x rows, as `rollups.unpack` and `rollups.ranked` read them.

    `frames`: newest first; `days`: the parts of each day within, and may be asked for again.
    """
    taken: set[tuple[str, str]] = set()
    for frame in frames:
        groups = [*_groups(frame, over)]
        tallies = []
        for lines in groups:
            tally = _Tally(frame, lines, over)
            for parts in days():
                tally.add(parts)
            tallies.append(tally)
        figures, up_s = np.concatenate([tally.figures() for tally in tallies], axis=1), tallies[0].up_s
        if len(frames) > 1:
            _leave(figures, up_s, frame, taken)
        if figures[COVERED].any() or not np.isnan(up_s).all():
            kinds = [to_steps(figures[kind], _ONE if kind in _COUNTS else frame.scale) for kind in range(KINDS)]
            yield frame, np.concatenate([*kinds, to_steps(up_s[None], _TENTHS)])


def _groups(frame: Frame, over: Span) -> Iterator[list[int]]:
    """Quantities whose greatest means fit into memory together."""
    together = max(1, _CELLS // (len(frame.rows) * 2 * (_keep(over) + DAY_S // SLOT_S)))
    for first in range(0, len(frame.quantities), together):
        yield [*range(first, min(first + together, len(frame.quantities)))]


def _keep(over: Span) -> int:
    """How far from the greatest the percentile can lie."""
    return over.slots - rank(over.slots) + 1


def _leave(figures: Floats, up_s: Floats, frame: Frame, taken: set[tuple[str, str]]) -> None:
    """What a newer frame bears is not borne twice; seconds up go with the row."""
    for row, name in enumerate(frame.rows):
        if (name, "") in taken:
            up_s[row] = np.nan
        taken.add((name, ""))
        for line, quantity in enumerate(frame.quantities):
            if (name, quantity) in taken:
                figures[:, line, row] = np.nan
                figures[_COUNTS, line, row] = 0
            taken.add((name, quantity))


class _Tally:
    """What days add up to, for some quantities of a frame."""

    def __init__(self, frame: Frame, lines: list[int], over: Span) -> None:
        self._frame, self._lines, self._over = frame, lines, over
        shape = (len(lines), len(frame.rows))
        self._sums = np.zeros((KINDS, *shape))
        self._sums[[LEAST, MOST]] = np.nan
        names = [frame.quantities[line] for line in lines]
        # a state has no percentile: its codes are names
        self._ranked = [n for n, name in enumerate(names) if name not in QUANTITIES or QUANTITIES[name].kind != "state"]
        self._keep = _keep(over)
        self._top = np.full((len(self._ranked), shape[1], 2 * self._keep + DAY_S // SLOT_S), -np.inf)
        self._filled = self._keep
        self.up_s = np.full(shape[1], np.nan)

    def add(self, parts: Sequence[Part]) -> None:
        """All parts that reach into one (UTC) day."""
        reaches = [reach for part in parts if (reach := self._reach(part)) is not None]
        for reach in reaches:
            self._add_extremes(reach)
            self._add_up(reach)
        if reaches:
            mean, covered = self._means(reaches)
            counts = covered >= PRESENT * SLOT_S
            self._sums[MEAN] += np.where(covered > 0, mean * covered, 0.0).sum(axis=2)
            self._sums[COVERED] += covered.sum(axis=2)
            self._sums[SEEN] += np.count_nonzero(counts, axis=2)
            self._rank(np.where(counts, mean, -np.inf)[self._ranked])

    def _reach(self, part: Part) -> _Reach | None:
        first, last = np.searchsorted(part.chunk.at, (self._over.start, self._over.end)).tolist()
        slots = (part.chunk.at[first:last] - self._over.start) // SLOT_S
        if part.frame is self._frame:
            everything = np.arange(len(self._lines)), np.arange(len(part.frame.rows)), slots
            return _Reach(part, self._lines, slice(None), slice(first, last), everything) if len(slots) else None
        lines = _shared([self._frame.quantities[line] for line in self._lines], part.frame.quantities)
        rows = _shared(self._frame.rows, part.frame.rows)
        if not lines or not rows or not len(slots):
            return None
        to = np.array([to for to, _ in lines]), np.array([to for to, _ in rows]), slots
        return _Reach(part, [line for _, line in lines], [row for _, row in rows], slice(first, last), to)

    def _add_extremes(self, reach: _Reach) -> None:
        there = reach.place
        self._sums[N][there] += reach.read([N])[0].sum(axis=2)
        if has_extremes(reach.part.chunk, reach.part.frame):
            least, most = to_values(reach.read([LEAST, MOST]), reach.scale)
            self._sums[LEAST][there] = np.fmin(self._sums[LEAST][there], np.fmin.reduce(least, axis=2))
            self._sums[MOST][there] = np.fmax(self._sums[MOST][there], np.fmax.reduce(most, axis=2))

    def _add_up(self, reach: _Reach) -> None:
        chunk, rows = reach.part.chunk, reach.to[1]
        found = to_values(chunk.lines_of([chunk.lines - 1], reach.rows)[0], _TENTHS)[:, reach.cut]
        more = np.where(np.isnan(found).all(axis=1), np.nan, np.nansum(found, axis=1))
        self.up_s[rows] = np.where(np.isnan(self.up_s[rows]), more, self.up_s[rows] + np.nan_to_num(more))

    def _means(self, reaches: Sequence[_Reach]) -> tuple[Floats, Floats]:
        """Lines x rows x slots; where two frames speak of the same slot (the list changed in it) they add up."""
        if len(reaches) == 1 and reaches[0].part.frame is self._frame:
            means, covered = reaches[0].read([MEAN, COVERED])
            return to_values(means, reaches[0].scale), covered.astype(np.float64)
        first = min(int(reach.to[2][0]) for reach in reaches)
        shape = (*self._sums.shape[1:], max(int(reach.to[2][-1]) for reach in reaches) - first + 1)
        total, every = np.zeros(shape), np.zeros(shape)
        for reach in reaches:
            means, covered = reach.read([MEAN, COVERED])
            place = np.ix_(*reach.to[:2], reach.to[2] - first)
            total[place] += np.where(covered > 0, to_values(means, reach.scale), 0.0) * covered
            every[place] += covered
        return np.divide(total, every, out=np.full(shape, np.nan), where=every > 0), every

    def _rank(self, means: Floats) -> None:
        if self._filled + means.shape[2] > self._top.shape[2]:
            self._settle()
        self._top[:, :, self._filled : self._filled + means.shape[2]] = means
        self._filled += means.shape[2]

    def _settle(self) -> None:
        """Only the greatest can still be asked for."""
        surplus = self._filled - self._keep
        self._top[:, :, : self._keep] = np.partition(self._top[:, :, : self._filled], surplus, axis=2)[:, :, surplus:]
        self._filled = self._keep

    def figures(self) -> Floats:
        """Kinds x lines x rows."""
        figures = self._sums.copy()
        every, seen = figures[COVERED], figures[SEEN].astype(np.int64)
        figures[MEAN] = np.divide(figures[MEAN], every, out=np.full(every.shape, np.nan), where=every > 0)
        figures[P95] = np.nan
        if self._ranked:
            self._settle()
            top, seen = np.sort(self._top[:, :, : self._keep], axis=2), seen[self._ranked]
            place = self._keep - 1 - (seen + -PERCENT * seen // 100)  # from the least kept; `rank` of many at once
            found = np.take_along_axis(top, np.minimum(place, self._keep - 1)[:, :, None], axis=2)[:, :, 0]
            figures[P95, self._ranked] = np.where(seen > 0, found, np.nan)
        return figures


def _shared(names: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Places of those in both, in the one and in the other."""
    places = {name: place for place, name in enumerate(theirs)}
    return [(to, places[name]) for to, name in enumerate(names) if name in places]
