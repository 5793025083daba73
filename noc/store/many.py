"""Many subjects at one step: those of one device are decoded together, every answer is a series of its own."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import Month
from inventory.slots import SlotTable
from noc.store.canvas import Asked, coarser_table
from noc.store.history import History
from noc.store.ranks import Ranked, ranked
from noc.store.resolution import Cut, Picture, full
from noc.store.series import MONTH, Series, Step, Subject
from noc.store.steps import Floats, to_values
from noc.store.tables import DAY_S, kept_since, layers_of, table, window


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
    found: dict[Subject, Series] = {}
    for (measurement, scope), rows in streams.items():
        asked = Asked(measurement, scope, tuple(rows), question.quantities, question.extremes, up=True)
        every = _answers(picture, asked, question, history)
        found.update(zip((Subject(measurement, scope, row) for row in rows), every, strict=True))
    return [found[subject] for subject in subjects]


def _answers(picture: Picture, asked: Asked, question: Question, history: History | None) -> list[Series]:
    if question.step is None:
        return _full(picture, asked, question.span, history)
    if question.step == MONTH:
        return _months(picture, asked, question.span, history)
    slots = table(picture, asked, window(*question.span, question.step), history)
    found = _Rows(slots.at, slots)
    if question.step == DAY_S:
        found = found._replace(ranks=ranked(picture, asked, [(at, at + DAY_S) for at in slots.at.tolist()]))
    return found.series()


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


def _full(picture: Picture, asked: Asked, span: tuple[int, int], history: History | None) -> list[Series]:
    """Only instants at which the row was there."""
    layers = layers_of(picture, asked)
    segments = full(picture, [layer.cut for layer in layers], *span)
    by_frame = {layer.cut.frame.id: layer for layer in layers}
    rows = asked.rows or ()
    at: list[list[NDArray[np.int64]]] = [[np.empty(0, np.int64)] for _ in rows]
    values: list[list[Floats]] = [[np.empty((len(asked.quantities), 0))] for _ in rows]
    for segment in segments:
        layer = by_frame[segment.frame.id]
        found = to_values(segment.steps, _scale(layer.cut))
        for place, row in enumerate(np.arange(len(rows))[layer.to_rows].tolist()):
            lines = np.full((len(asked.quantities), len(segment.at)), np.nan)
            lines[layer.to_lines] = found[:, place]
            at[row].append(segment.at)
            values[row].append(lines)
    if history is not None and (cut := kept_since(picture, window(*span, 1))) > span[0]:
        for row, name in enumerate(rows):
            instants, older = history.full(
                asked.measurement, asked.scope, name, asked.quantities, start=span[0], end=min(cut, span[1])
            )
            at[row].append(instants)
            values[row].append(older)
    return [_joined(*parts, asked.quantities) for parts in zip(at, values, strict=True)]


def _scale(cut: Cut) -> Floats:
    return cut.frame.scale[[*cut.lines], :, None]


def _joined(at: list[NDArray[np.int64]], values: list[Floats], quantities: tuple[str, ...]) -> Series:
    every = np.concatenate(at)
    order = np.argsort(every, kind="stable")
    return Series(every[order], quantities, np.concatenate(values, axis=1)[:, order])
