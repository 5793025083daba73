"""Local days and months of a stream, rolled from its stored five-minute chunks and from nothing else.

The 95th percentile is the nearest rank of the five-minute means that count (SEMANTICS 27, 28). Where the list of interfaces
changed within the time, all frames of the stream go together, and the newest one that has a subject bears its figures.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.percentile import ranked
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
_TOGETHER: Final = 1_000_000  # slots worked on together: a month of a hundred rows
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
    """What of a part falls among the rows and slots that are worked on: where it lies there, and where it goes."""

    part: Part
    rows: slice | list[int]
    cut: slice
    to_rows: NDArray[np.int64]
    to_slots: NDArray[np.int64]


def days_of(day: int) -> tuple[Span, Span]:
    """The two local days that the UTC day beginning at `day` reaches into."""
    local = day - EAT_S
    return Span(local, local + DAY_S), Span(local + DAY_S, local + 2 * DAY_S)


def month_of(at: int) -> Span:
    """The local month of an instant."""
    month = Month.of(at)
    return Span(month.start, month.end)


def rolled(parts: Sequence[Part], over: Span) -> Iterator[tuple[Frame, Steps]]:
    """For each frame that bears figures its lines x rows, as `rollups.unpack` and `rollups.ranked` read them."""
    newest: dict[int, Frame] = {}
    for part in sorted(parts, key=lambda part: -int(part.chunk.at[-1])):
        newest.setdefault(part.frame.id, part.frame)
    taken: set[tuple[str, str]] = set()
    for frame in newest.values():
        together = max(1, _TOGETHER // over.slots)
        groups = [
            _of_rows(parts, frame, slice(first, first + together), over)
            for first in range(0, len(frame.rows), together)
        ]
        figures, up_s = (np.concatenate(found, axis=-1) for found in zip(*groups, strict=True))
        if len(newest) > 1:
            _leave(figures, up_s, frame, taken)
        if figures[COVERED].any() or not np.isnan(up_s).all():
            yield frame, _lines(figures, up_s, frame)


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


def _lines(figures: Floats, up_s: Floats, frame: Frame) -> Steps:
    kinds = [to_steps(figures[kind], _ONE if kind in _COUNTS else frame.scale) for kind in range(KINDS)]
    return np.concatenate([*kinds, to_steps(up_s[None], _TENTHS)])


def _of_rows(parts: Sequence[Part], frame: Frame, rows: slice, over: Span) -> tuple[Floats, Floats]:
    """Kinds x quantities x rows, and seconds up of the rows, over all frames that have them."""
    names = frame.rows[rows]
    reaches = [reach for part in parts if (reach := _reach(part, frame, rows, over)) is not None]
    lines = [_of_quantity(reaches, quantity, (len(names), over.slots)) for quantity in frame.quantities]
    up_s = np.full(len(names), np.nan)
    for reach in reaches:
        found = to_values(reach.part.chunk.lines_of([reach.part.chunk.lines - 1], reach.rows)[0], _TENTHS)[:, reach.cut]
        more = np.where(np.isnan(found).all(axis=1), np.nan, np.nansum(found, axis=1))
        before = up_s[reach.to_rows]
        up_s[reach.to_rows] = np.where(np.isnan(before), more, before + np.nan_to_num(more))
    return np.stack(lines, axis=1), up_s


def _reach(part: Part, frame: Frame, rows: slice, over: Span) -> _Reach | None:
    first, last = np.searchsorted(part.chunk.at, (over.start, over.end)).tolist()
    slots = (part.chunk.at[first:last] - over.start) // SLOT_S
    if part.frame is frame:
        return _Reach(part, rows, slice(first, last), np.arange(len(frame.rows[rows])), slots) if len(slots) else None
    places = {name: place for place, name in enumerate(part.frame.rows)}
    there = [(to, places[name]) for to, name in enumerate(frame.rows[rows]) if name in places]
    if not there or not len(slots):
        return None
    return _Reach(part, [row for _, row in there], slice(first, last), np.array([to for to, _ in there]), slots)


def _of_quantity(reaches: Sequence[_Reach], quantity: str, shape: tuple[int, int]) -> Floats:
    """Kinds x rows of one quantity; `shape` is rows x slots."""
    total, covered = np.zeros(shape), np.zeros(shape)
    figures = np.full((KINDS, shape[0]), np.nan)
    figures[N] = 0
    for reach in reaches:
        frame, chunk = reach.part
        if quantity not in frame.quantities:
            continue
        line, width = frame.quantities.index(quantity), len(frame.quantities)
        kinds = (MEAN, N, COVERED, LEAST, MOST) if has_extremes(chunk, frame) else (MEAN, N, COVERED)
        steps = chunk.lines_of([kind * width + line for kind in kinds], reach.rows)[:, :, reach.cut]
        place = np.ix_(reach.to_rows, reach.to_slots)
        covered[place] += steps[COVERED]
        total[place] += np.where(steps[COVERED] > 0, to_values(steps[MEAN], frame.scale[line]), 0.0) * steps[COVERED]
        figures[N, reach.to_rows] += steps[N].sum(axis=1)
        for kind, reduce in ((LEAST, np.fmin), (MOST, np.fmax)):
            if kind in kinds:
                found = reduce.reduce(to_values(steps[kind], frame.scale[line]), axis=1)
                figures[kind, reach.to_rows] = reduce(figures[kind, reach.to_rows], found)
    return _ranked(figures, total, covered, QUANTITIES[quantity].kind if quantity in QUANTITIES else "gauge")


def _ranked(figures: Floats, total: Floats, covered: Floats, kind: str) -> Floats:
    """A state has no percentile: its codes are names."""
    every = covered.sum(axis=1)
    figures[COVERED] = every
    figures[MEAN] = np.divide(total.sum(axis=1), every, out=np.full(len(every), np.nan), where=every > 0)
    counts = covered >= PRESENT * SLOT_S
    figures[SEEN] = np.count_nonzero(counts, axis=1)
    if kind != "state":
        figures[P95] = ranked(np.divide(total, covered, out=np.full(total.shape, np.nan), where=counts)).bps
    return figures
