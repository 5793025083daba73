"""Many subjects at one step: those of one device are decoded together, every answer is a series of its own."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import Month
from inventory.slots import SlotTable
from noc.store import rollups
from noc.store.canvas import Asked, Layer, coarser_table
from noc.store.history import History
from noc.store.ranks import Ranked, ranked
from noc.store.resolution import Picture, full_of_many
from noc.store.segments import Segment
from noc.store.series import MONTH, Series, Step, Subject
from noc.store.steps import Floats, to_values
from noc.store.tables import DAY_S, kept_since, layers_of, one_table, table, tables, window

Part = tuple[NDArray[np.int64], Floats]  # instants, and quantities x instants


class Whole(NamedTuple):
    """Of one subject over a range: means of its quantities (NaN where nothing is known), the seconds that they speak of, and
    seconds up (NaN where none is known)."""

    mean: tuple[float, ...]
    covered_s: tuple[float, ...]
    up_s: float


class Question(NamedTuple):
    """`span`: [start, end), UTC seconds; `step` None: full resolution. Without `extremes` it is faster."""

    quantities: tuple[str, ...]
    span: tuple[int, int]
    step: Step | None
    extremes: bool


def read_many(
    picture: Picture, subjects: Sequence[Subject], question: Question, history: History | None = None
) -> list[Series]:
    """In the order of `subjects`."""
    streams: dict[tuple[str, str], dict[str, None]] = {}
    for subject in subjects:
        streams.setdefault((subject.measurement, subject.scope), {})[subject.row] = None
    asked = [
        Asked(measurement, scope, tuple(rows), question.quantities, question.extremes, up=True)
        for (measurement, scope), rows in streams.items()
    ]
    found = dict(zip(subjects_of(asked), chain.from_iterable(_answers(picture, asked, question, history)), strict=True))
    return [found[subject] for subject in subjects]


def subjects_of(asked: Sequence[Asked]) -> Iterator[Subject]:
    return (Subject(one.measurement, one.scope, row) for one in asked for row in one.rows or ())


def whole(
    picture: Picture, subjects: Sequence[Subject], quantities: tuple[str, ...], span: tuple[int, int]
) -> list[Whole]:
    """One figure each over the whole of a range, from days, hours and, at its ends, from what is finer."""
    streams: dict[tuple[str, str], dict[str, None]] = {}
    for subject in subjects:
        streams.setdefault((subject.measurement, subject.scope), {})[subject.row] = None
    asked = [Asked(*stream, tuple(rows), quantities, up=True) for stream, rows in streams.items()]
    one = one_table(picture, asked, rollups.Window(span[0], max(1, span[1] - span[0]), 1))
    assert one.up_s is not None
    mean, covered = one.mean[:, :, 0].T.tolist(), one.covered_s[:, :, 0].T.tolist()
    parts = zip(mean, covered, one.up_s[:, 0].tolist(), strict=True)
    figures = [Whole(tuple(means), tuple(seconds), up_s) for means, seconds, up_s in parts]
    found = dict(zip(subjects_of(asked), figures, strict=True))
    return [found[subject] for subject in subjects]


def _answers(
    picture: Picture, asked: Sequence[Asked], question: Question, history: History | None
) -> Iterator[list[Series]]:
    """Rows of each stream."""
    if question.step is None:
        yield from _full(picture, asked, question.span, history)
    elif question.step == MONTH:
        yield from (_months(picture, one, question.span, history) for one in asked)
    else:
        for one, slots in zip(
            asked, tables(picture, asked, window(*question.span, question.step), history), strict=True
        ):
            found = _Rows(slots.at, slots)
            if question.step == DAY_S:
                found = found._replace(ranks=ranked(picture, one, [(at, at + DAY_S) for at in slots.at.tolist()]))
            yield found.series()


def _months(picture: Picture, asked: Asked, span: tuple[int, int], history: History | None) -> list[Series]:
    """Days put together: how many they are differs from month to month."""
    months = [Month.of(span[0])] if span[0] < span[1] else []
    while months and months[-1].end < span[1]:
        months.append(months[-1].next)
    if not months:
        return _Rows(np.empty(0, np.int64), table(picture, asked, window(0, 0, DAY_S))).series()
    days = table(picture, asked, window(months[0].start, months[-1].end, DAY_S), history)
    owner = np.repeat(np.arange(len(months)), [(month.end - month.start) // DAY_S for month in months])
    ranks = ranked(picture, asked, [(month.start, month.end) for month in months])
    at = np.array([month.start for month in months], np.int64)
    return _Rows(at, coarser_table(days, owner), ranks).series()


class _Rows(NamedTuple):
    at: NDArray[np.int64]
    slots: SlotTable
    ranks: Ranked | None = None

    def series(self) -> list[Series]:
        return [self._row(place) for place in range(len(self.slots.rows))]

    def _row(self, place: int) -> Series:
        slots = self.slots
        assert slots.up_s is not None
        known = (slots.covered_s[:, place] > 0).any(axis=0) | ~np.isnan(slots.up_s[place])

        def part(every: Floats | None) -> Floats | None:
            return None if every is None else every[:, place, known]

        return Series(
            self.at[known],
            slots.quantities,
            slots.mean[:, place, known],
            part(slots.least),
            part(slots.most),
            None,
            part(slots.covered_s),
            slots.up_s[place, known],
            part(self.ranks.p95 if self.ranks else None),
            part(self.ranks.present if self.ranks else None),
        )


def _full(
    picture: Picture, asked: Sequence[Asked], span: tuple[int, int], history: History | None
) -> Iterator[list[Series]]:
    """Only instants at which the row was there."""
    layers = [layers_of(picture, one) for one in asked]
    streams = full_of_many(picture, [[layer.cut for layer in some] for some in layers], *span)
    cut = kept_since(picture, window(*span, 1)) if history is not None else span[0]
    for one, some, segments in zip(asked, layers, streams, strict=True):
        parts: list[list[Part]] = [[] for _ in one.rows or ()]
        if history is not None and cut > span[0]:
            _older(parts, one, history, (span[0], min(cut, span[1])))
        by_frame = {layer.cut.frame.id: layer for layer in some}
        for segment in segments:
            _spread(parts, by_frame[segment.frame.id], segment, len(one.quantities))
        yield [_joined(row, one.quantities) for row in parts]


def _older(parts: list[list[Part]], asked: Asked, history: History, span: tuple[int, int]) -> None:
    for part, row in zip(parts, asked.rows or (), strict=True):
        start, end = span
        part.append(history.full(asked.measurement, asked.scope, row, asked.quantities, start=start, end=end))


def _spread(parts: list[list[Part]], layer: Layer, segment: Segment, width: int) -> None:
    found = to_values(segment.steps, layer.cut.frame.scale[[*layer.cut.lines], :, None])
    every = len(layer.to_lines) == width
    for place, row in enumerate(range(len(parts)) if isinstance(layer.to_rows, slice) else layer.to_rows):
        lines = found[:, place]
        if not every:
            lines = np.full((width, len(segment.at)), np.nan)
            lines[layer.to_lines] = found[:, place]
        parts[row].append((segment.at, lines))


def _joined(parts: list[Part], quantities: tuple[str, ...]) -> Series:
    if len(parts) == 1:
        return Series(parts[0][0], quantities, parts[0][1])
    at = np.concatenate([np.empty(0, np.int64), *(at for at, _ in parts)])
    values = np.concatenate([np.empty((len(quantities), 0)), *(values for _, values in parts)], axis=1)
    order = np.argsort(at, kind="stable")
    return Series(at[order], quantities, values[:, order])
