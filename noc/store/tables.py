"""Slots of many rows at once: stored rollups where days are sealed, the rest computed from full resolution."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import EAT_S
from inventory.slots import SlotTable
from noc.store import rollup, rollups
from noc.store.chunk import Chunk
from noc.store.file import FIVE_MINUTES, HOURLY
from noc.store.frames import Frame
from noc.store.resolution import Cut, Picture, full
from noc.store.steps import Floats, to_steps, to_values

DAY_S: Final = 86_400
HOUR_S: Final = 3600
TIERS: Final = {300: FIVE_MINUTES, HOUR_S: HOURLY}
_JUDGED: Final = ("flags", "oper_status", "up_ratio", "state", "answered")  # what a rollup needs beside what was asked
_ONE: Final = np.ones((1, 1, 1))
_TENTHS: Final = np.full((1, 1, 1), 10.0)

Span = tuple[int, int]


class Asked(NamedTuple):
    """What is wanted of a stream; `rows` None: all it ever had. `extremes`: least and most; `up`: seconds up."""

    measurement: str
    scope: str
    rows: tuple[str, ...] | None
    quantities: tuple[str, ...]
    extremes: bool = False
    up: bool = False


class Layer(NamedTuple):
    """Where one frame's part of an answer goes: picks are places of quantities in the frame, and in the answer."""

    cut: Cut
    to_lines: list[int]
    to_rows: list[int]


class Canvas:
    """The answer while it is put together; every array NaN or zero until something is known."""

    def __init__(self, over: rollups.Window, rows: tuple[str, ...], asked: Asked) -> None:
        self.over, self.rows, self.asked = over, rows, asked
        shape = (len(asked.quantities), len(rows), over.number)
        self.mean = np.full(shape, np.nan)
        self.covered_s = np.zeros(shape)
        self.least = np.full(shape, np.nan) if asked.extremes else None
        self.most = np.full(shape, np.nan) if asked.extremes else None
        self.up_s = np.full(shape[1:], np.nan) if asked.up else None

    def put(self, layer: Layer, slots: NDArray[np.int64], found: "Found") -> None:
        """Adds up where two frames speak of the same slot (the list of interfaces changed in it)."""
        place = np.ix_(layer.to_lines, layer.to_rows, slots.tolist())
        before, more = self.covered_s[place], found.covered_s
        both = before + more
        mean = np.where(before > 0, self.mean[place], 0.0) * before + np.where(more > 0, found.mean, 0.0) * more
        self.mean[place] = np.where(
            before > 0, np.divide(mean, both, out=np.full(both.shape, np.nan), where=both > 0), found.mean
        )
        self.covered_s[place] = both
        if self.least is not None and self.most is not None:
            self.least[place] = np.fmin(self.least[place], found.least)
            self.most[place] = np.fmax(self.most[place], found.most)
        if self.up_s is not None:
            there = np.ix_(layer.to_rows, slots.tolist())
            known = self.up_s[there]
            self.up_s[there] = np.where(np.isnan(known), found.up_s, known + np.nan_to_num(found.up_s))

    def table(self) -> SlotTable:
        over = self.over
        return SlotTable(
            over.start,
            over.step,
            self.rows,
            self.asked.quantities,
            self.mean,
            self.covered_s,
            self.least,
            self.most,
            self.up_s,
        )


class Found(NamedTuple):
    """Lines x rows x slots of one frame; seconds up are rows x slots."""

    mean: Floats
    covered_s: Floats
    least: Floats
    most: Floats
    up_s: Floats


def table(picture: Picture, asked: Asked, start: int, end: int, step: int) -> SlotTable:
    """Every slot that [start, end) touches; days (86400) are those of Dar es Salaam."""
    if step == DAY_S:
        first = start - (start + EAT_S) % DAY_S
        days = -(-(end - first) // DAY_S)
        return _coarser(table(picture, asked, first, first + days * DAY_S, HOUR_S), DAY_S)
    over = rollups.window(start, end, step)
    layers = [*_layers(picture, asked)]
    canvas = Canvas(over, _rows(picture, asked), asked)
    rest = _stored(picture, canvas, layers)
    for span in rest:
        _computed(picture, canvas, layers, span)
    return canvas.table()


def _rows(picture: Picture, asked: Asked) -> tuple[str, ...]:
    if asked.rows is not None:
        return asked.rows
    frames = picture.frames.of_subject(asked.measurement, asked.scope)
    return tuple(dict.fromkeys(row for frame in frames for row in frame.rows))


def _layers(picture: Picture, asked: Asked) -> list[Layer]:
    rows = {row: place for place, row in enumerate(_rows(picture, asked))}
    return [
        _layer(frame, asked.quantities, rows) for frame in picture.frames.of_subject(asked.measurement, asked.scope)
    ]


def _layer(frame: Frame, quantities: Sequence[str], rows: dict[str, int]) -> Layer:
    names = {name: place for place, name in enumerate(frame.quantities)}
    lines = [number for number, name in enumerate(quantities) if name in names]
    picks = [place for place, row in enumerate(frame.rows) if row in rows]
    cut = Cut(
        frame,
        tuple(names[quantities[number]] for number in lines),
        slice(None) if len(picks) == len(frame.rows) else picks,
    )
    return Layer(cut, lines, [rows[frame.rows[pick]] for pick in picks])


def _stored(picture: Picture, canvas: Canvas, layers: Sequence[Layer]) -> list[Span]:
    """Takes what sealed days have; gives the stretches that none of them covers."""
    over, by_frame = canvas.over, {layer.cut.frame.id: layer for layer in layers}
    days: set[int] = set()
    for stored in picture.shelves.chunks(TIERS[over.step], tuple(by_frame), over.start, over.end):
        layer, chunk = by_frame[stored.frame], Chunk(stored.body, picture.codec)
        if canvas.asked.extremes and not rollups.has_extremes(chunk, layer.cut.frame):
            continue
        days.update(range(stored.start // DAY_S, -(-(int(chunk.at[-1]) + over.step) // DAY_S)))
        first, last = np.searchsorted(chunk.at, (over.start, over.end))
        if layer.to_rows and first < last:
            slots = (chunk.at[first:last] - over.start) // over.step
            canvas.put(layer, slots, _unpacked(layer.cut, chunk, slice(first, last), canvas.asked))
    return _missing(over, days)


def _unpacked(cut: Cut, chunk: Chunk, within: slice, asked: Asked) -> Found:
    width, scale = len(cut.frame.quantities), cut.frame.scale[[*cut.lines], :, None]

    def part(number: int, by: Floats) -> Floats:
        steps = chunk.lines_of([number * width + line for line in cut.lines], cut.rows)[:, :, within]
        return to_values(steps, by)

    mean, covered = part(0, scale), part(2, _ONE)
    least, most = (part(3, scale), part(4, scale)) if asked.extremes else (mean, mean)
    up_s = mean[0] if len(mean) else covered.sum(axis=0)
    if asked.up:
        up_s = to_values(chunk.lines_of([chunk.lines - 1], cut.rows)[:, :, within], _TENTHS)[0]
    return Found(mean, covered, least, most, up_s)


def _computed(picture: Picture, canvas: Canvas, layers: Sequence[Layer], span: Span) -> None:
    """Slots of a stretch from its batches, all rows at once."""
    over = rollups.Window(span[0], canvas.over.step, -(-(span[1] - span[0]) // canvas.over.step))
    cuts = {layer.cut.frame.id: _judged(layer.cut) for layer in layers}
    context = span[0] - rollup.CONTEXT_S, span[1] + rollup.CONTEXT_S
    segments = full(picture, [*cuts.values()], *context)
    if not segments:
        return
    at = np.unique(np.concatenate([segment.at for segment in segments]))
    begin = rollup.begins(at)
    by_frame = {layer.cut.frame.id: layer for layer in layers}
    for segment in segments:
        layer, cut = by_frame[segment.frame.id], cuts[segment.frame.id]
        pieces = rollup.fragments(segment.at, begin[np.searchsorted(at, segment.at)], *over)
        if not len(pieces.slot) or not layer.to_rows:
            continue
        there = np.unique(pieces.slot)
        slots = there + (over.start - canvas.over.start) // over.step
        canvas.put(layer, slots, _rolled(cut, segment.steps, pieces, Extent(there, len(layer.cut.lines), over.number)))


def _judged(cut: Cut) -> Cut:
    """With what says whether a value counts and whether the row was up."""
    extra = tuple(
        place for place, name in enumerate(cut.frame.quantities) if name in _JUDGED and place not in cut.lines
    )
    return cut._replace(lines=cut.lines + extra)


class Extent(NamedTuple):
    """Which slots of how many are known, of the first `asked` lines."""

    there: NDArray[np.int64]
    asked: int
    number: int


def _rolled(cut: Cut, steps: NDArray[np.int64], pieces: rollup.Fragments, extent: Extent) -> Found:
    there, asked, number = extent
    scale = cut.frame.scale[[*cut.lines], :, None]
    values = to_values(steps, scale)
    shape = (len(cut.lines), values.shape[1], number)
    spoken = rollup.spoken(cut.quantities, values)[:asked]
    slots = rollup.rolled(spoken.reshape(-1, values.shape[2]), pieces, number)
    mean, least, most, _, covered = (part.reshape(asked, *shape[1:])[:, :, there] for part in slots)
    up = rollup.rolled(rollup.up_share(cut.quantities, values), pieces, number)
    up_s = np.where(up.covered_s > 0, up.mean * up.covered_s, np.nan)[:, there]
    return Found(to_values(to_steps(mean, scale[:asked]), scale[:asked]), covered, least, most, up_s)


def _missing(over: rollups.Window, days: set[int]) -> list[Span]:
    """Stretches of the window that no stored day covers."""
    spans: list[Span] = []
    for day in range(over.start // DAY_S, -(-over.end // DAY_S)):
        first, last = max(day * DAY_S, over.start), min((day + 1) * DAY_S, over.end)
        if day in days:
            continue
        if spans and spans[-1][1] == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def _coarser(fine: SlotTable, step: int) -> SlotTable:
    """Slots put together; `step` is a multiple of the fine ones', which are whole."""

    def grouped(part: Floats) -> Floats:
        return part.reshape(*part.shape[:-1], -1, step // fine.step_s)

    weight = grouped(fine.covered_s)
    covered = weight.sum(axis=-1)
    total = np.nansum(grouped(fine.mean) * weight, axis=-1)
    mean = np.divide(total, covered, out=np.full(total.shape, np.nan), where=covered > 0)
    up_s = None
    if fine.up_s is not None:
        known = grouped(fine.up_s)
        up_s = np.where(np.isnan(known).all(axis=-1), np.nan, np.nansum(known, axis=-1))
    return SlotTable(
        fine.start,
        step,
        fine.rows,
        fine.quantities,
        mean,
        covered,
        None if fine.least is None else np.fmin.reduce(grouped(fine.least), axis=-1),
        None if fine.most is None else np.fmax.reduce(grouped(fine.most), axis=-1),
        up_s,
    )
