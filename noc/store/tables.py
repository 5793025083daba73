"""Slots of many rows at once: stored rollups where days are sealed, the rest computed from full resolution."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import EAT_S
from inventory.slots import SlotTable
from noc.store import rollup, rollups
from noc.store.chunk import Chunk
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, PIECE
from noc.store.frames import Frame
from noc.store.history import History
from noc.store.resolution import Cut, Picture, full
from noc.store.steps import Floats, to_steps, to_values

DAY_S: Final = 86_400
HOUR_S: Final = 3600
LAYERS: Final = ((DAY_S, DAILY), (HOUR_S, HOURLY), (300, FIVE_MINUTES))  # the coarsest first
_JUDGED: Final = ("flags", "oper_status", "up_ratio", "state", "answered")  # what a rollup needs beside what was asked
_OLDEST: Final = "SELECT min(start) FROM chunk WHERE tier = ?"
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


class Layered(NamedTuple):
    """A span of a layer of the file: `step` seconds a slot."""

    tier: int
    step: int
    span: Span


class Layer(NamedTuple):
    """Where one frame's part of an answer goes: places of the cut's lines and rows in it."""

    cut: Cut
    to_lines: list[int]
    to_rows: slice | list[int]


class Found(NamedTuple):
    """Lines x rows x slots of one frame; seconds up are rows x slots. What was not asked for is empty of meaning."""

    mean: Floats
    covered_s: Floats
    least: Floats
    most: Floats
    up_s: Floats


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
        self.bare: list[tuple[Layer, Chunk]] = []  # stored without least and most, for where nothing better is left
        self.touched = np.zeros(over.number, bool)

    def put(self, layer: Layer, at: NDArray[np.int64], found: Found) -> None:
        """`at`: where slots begin, ascending; finer slots than the canvas's are put together."""
        slots = (at - self.over.start) // self.over.step
        if (slots[1:] == slots[:-1]).any():
            slots, found = _coarser(slots, found)
        slots, found = self._with_what_is_there(layer, slots, found)
        lines, rows, places = layer.to_lines, layer.to_rows, _compact(slots)
        _assign(self.mean, found.mean, lines, rows, places)
        _assign(self.covered_s, found.covered_s, lines, rows, places)
        if self.least is not None and self.most is not None:
            _assign(self.least, found.least, lines, rows, places)
            _assign(self.most, found.most, lines, rows, places)
        if self.up_s is not None:
            _assign(self.up_s[None], found.up_s[None], [0], rows, places)

    def _with_what_is_there(
        self, layer: Layer, slots: NDArray[np.int64], found: Found
    ) -> tuple[NDArray[np.int64], Found]:
        """Adds up where two frames, or two layers, speak of parts of one slot."""
        before = self.touched[slots]
        self.touched[slots] = True
        if not before.any():
            return slots, found
        known = self._known(layer, slots)
        pairs = [np.concatenate(parts, axis=-1) for parts in zip(known, found, strict=True)]
        twice = np.concatenate([slots, slots])
        order = np.argsort(twice, kind="stable")
        return _coarser(twice[order], Found(*(part[..., order] for part in pairs)))

    def _known(self, layer: Layer, slots: NDArray[np.int64]) -> Found:
        place = np.ix_(np.array(layer.to_lines, np.int64), np.arange(len(self.rows))[layer.to_rows], slots)
        mean = self.mean[place]
        least, most = (mean if part is None else part[place] for part in (self.least, self.most))
        up_s = np.full(mean.shape[1:], np.nan) if self.up_s is None else self.up_s[place[1][0], place[2][0]]
        return Found(mean, self.covered_s[place], least, most, up_s)

    def paste(self, older: SlotTable) -> None:
        """What another store has of the first slots, where nothing is known here."""
        mine = (..., slice(0, older.count))
        gap = self.covered_s[mine] == 0
        for part, theirs in (
            (self.mean, older.mean),
            (self.covered_s, older.covered_s),
            (self.least, older.least),
            (self.most, older.most),
        ):
            if part is not None and theirs is not None:
                part[mine][gap] = theirs[gap]
        if self.up_s is not None and older.up_s is not None:
            unknown = np.isnan(self.up_s[mine])
            self.up_s[mine][unknown] = older.up_s[unknown]

    def table(self) -> SlotTable:
        parts = (self.mean, self.covered_s, self.least, self.most, self.up_s)
        return SlotTable(self.over.start, self.over.step, self.rows, self.asked.quantities, *parts)


def _compact(places: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Neighbours as a slice, which is faster."""
    if len(places) and int(places[-1]) - int(places[0]) == len(places) - 1:
        return slice(int(places[0]), int(places[-1]) + 1)
    return places


def _assign(
    target: Floats, part: Floats, lines: Sequence[int], rows: "slice | list[int]", places: slice | NDArray[np.int64]
) -> None:
    for line, found in zip(lines, part, strict=True):
        if isinstance(rows, slice) or isinstance(places, slice):
            target[line][rows, places] = found
        else:
            target[line][np.ix_(np.array(rows), places)] = found


def _coarser(slots: NDArray[np.int64], fine: Found) -> tuple[NDArray[np.int64], Found]:
    """Those of equal slots, which are neighbours, as one."""
    heads = np.flatnonzero(np.diff(slots, prepend=-1))
    covered = np.add.reduceat(fine.covered_s, heads, axis=-1)
    weighed = np.where(fine.covered_s > 0, fine.mean, 0.0) * fine.covered_s
    total = np.add.reduceat(weighed, heads, axis=-1)
    mean = np.divide(total, covered, out=np.full(total.shape, np.nan), where=covered > 0)
    unknown = np.isnan(np.fmax.reduceat(fine.up_s, heads, axis=-1))
    up_s = np.where(unknown, np.nan, np.add.reduceat(np.nan_to_num(fine.up_s), heads, axis=-1))
    least, most = np.fmin.reduceat(fine.least, heads, axis=-1), np.fmax.reduceat(fine.most, heads, axis=-1)
    return slots[heads], Found(mean, covered, least, most, up_s)


def window(start: int, end: int, step: int) -> rollups.Window:
    """The whole slots that [start, end) touches; days are those of Dar es Salaam."""
    offset = EAT_S if step == DAY_S else 0
    first = start - (start + offset) % step
    return rollups.Window(first, step, max(0, -(-(end - first) // step)))


def table(picture: Picture, asked: Asked, over: rollups.Window, history: History | None = None) -> SlotTable:
    """From the coarsest layers that have it, the rest from full resolution, what is older from `history`."""
    layers = layers_of(picture, asked)
    canvas = Canvas(over, rows_of(picture, asked), asked)
    spans = [(over.start, over.end)]
    for step, tier in LAYERS:
        if over.step % step == 0 and spans:
            spans = [rest for span in spans for rest in _stored(picture, canvas, layers, Layered(tier, step, span))]
    for span in spans:
        _computed(picture, canvas, layers, span)
    for layer, chunk in canvas.bare:
        slots = (chunk.at - over.start) // over.step
        inside = (slots >= 0) & (slots < over.number)
        inside[inside] = ~canvas.touched[slots[inside]]
        if inside.any() and layer.cut.rows:
            found = _unpacked(layer.cut, chunk, slice(None), canvas.asked)
            canvas.put(layer, chunk.at[inside], Found(*(part[..., inside] for part in found)))
    if history is not None and canvas.rows:
        cut = kept_since(picture, over)
        if over.start < cut:
            older = history.table(
                *(asked.measurement, asked.scope, canvas.rows, asked.quantities),
                start=over.start,
                end=min(cut, over.end),
                step=over.step,
            )
            canvas.paste(older)
    return canvas.table()


def kept_since(picture: Picture, over: rollups.Window) -> int:
    """The edge of the first slot that the whole store still has in a layer that answers; the end where it has nothing."""
    tiers = [tier for step, tier in LAYERS if over.step % step == 0] + [DAY, PIECE]
    oldest = [picture.db.execute(_OLDEST, (tier,)).fetchone()[0] for tier in tiers]
    oldest.append(picture.db.execute("SELECT min(first_at) FROM hot").fetchone()[0])
    first = min((at for at in oldest if at is not None), default=over.end)
    return over.start + -(-max(0, first - over.start) // over.step) * over.step


def rows_of(picture: Picture, asked: Asked) -> tuple[str, ...]:
    if asked.rows is not None:
        return asked.rows
    frames = picture.frames.of_subject(asked.measurement, asked.scope)
    return tuple(dict.fromkeys(row for frame in frames for row in frame.rows))


def layers_of(picture: Picture, asked: Asked) -> list[Layer]:
    rows = {row: place for place, row in enumerate(rows_of(picture, asked))}
    return [
        _layer(frame, asked.quantities, rows) for frame in picture.frames.of_subject(asked.measurement, asked.scope)
    ]


def _layer(frame: Frame, quantities: Sequence[str], rows: dict[str, int]) -> Layer:
    names = {name: place for place, name in enumerate(frame.quantities)}
    lines = [number for number, name in enumerate(quantities) if name in names]
    picks = [place for place, row in enumerate(frame.rows) if row in rows]
    targets = [rows[frame.rows[pick]] for pick in picks]
    cut = Cut(frame, tuple(names[quantities[number]] for number in lines), _all_or(picks, len(frame.rows)))
    return Layer(cut, lines, _all_or(targets, len(rows)))


def _all_or(places: list[int], count: int) -> slice | list[int]:
    return slice(None) if places == [*range(count)] and places else places


def _stored(picture: Picture, canvas: Canvas, layers: Sequence[Layer], from_: Layered) -> list[Span]:
    """Takes what the chunks of a layer have of a span; gives the stretches that none of them covers."""
    tier, step, (start, end) = from_
    by_frame = {layer.cut.frame.id: layer for layer in layers}
    covered: list[Span] = []
    for stored in picture.shelves.chunks(tier, tuple(by_frame), start, end):
        layer, chunk = by_frame[stored.frame], Chunk(stored.body, picture.codec)
        if canvas.asked.extremes and not rollups.has_extremes(chunk, layer.cut.frame):
            canvas.bare.append((layer, chunk))
            continue
        last = int(chunk.at[-1]) + step
        covered.append((stored.start, last if tier == DAILY else -(-last // DAY_S) * DAY_S))
        if layer.cut.rows:
            _take(canvas, layer, chunk, from_.span)
    return _rest((start, end), covered)


def _take(canvas: Canvas, layer: Layer, chunk: Chunk, span: Span) -> None:
    first, last = np.searchsorted(chunk.at, span)
    if first < last:
        canvas.put(layer, chunk.at[first:last], _unpacked(layer.cut, chunk, slice(first, last), canvas.asked))


def _unpacked(cut: Cut, chunk: Chunk, within: slice, asked: Asked) -> Found:
    width, scale = len(cut.frame.quantities), cut.frame.scale[[*cut.lines], :, None]

    def part(number: int, by: Floats) -> Floats:
        steps = chunk.lines_of([number * width + line for line in cut.lines], cut.rows)[:, :, within]
        return to_values(steps, by)

    mean, covered = part(0, scale), part(2, _ONE)
    least, most = mean, mean
    if asked.extremes and rollups.has_extremes(chunk, cut.frame):
        least, most = part(3, scale), part(4, scale)
    elif asked.extremes:
        least = most = np.full(mean.shape, np.nan)
    up_s = mean[0] if len(mean) else covered.sum(axis=0)
    if asked.up:
        up_s = to_values(chunk.lines_of([chunk.lines - 1], cut.rows)[:, :, within], _TENTHS)[0]
    return Found(mean, covered, least, most, up_s)


def _computed(picture: Picture, canvas: Canvas, layers: Sequence[Layer], span: Span) -> None:
    """Slots of a stretch from its batches, all rows at once."""
    over = rollups.window(*span, min(canvas.over.step, HOUR_S))
    cuts = {layer.cut.frame.id: _judged(layer.cut) for layer in layers}
    segments = full(picture, [*cuts.values()], span[0] - rollup.CONTEXT_S, span[1] + rollup.CONTEXT_S)
    if not segments:
        return
    at = np.unique(np.concatenate([segment.at for segment in segments]))
    begin = rollup.begins(at)
    by_frame = {layer.cut.frame.id: layer for layer in layers}
    for segment in segments:
        layer, cut = by_frame[segment.frame.id], cuts[segment.frame.id]
        pieces = rollup.fragments(segment.at, begin[np.searchsorted(at, segment.at)], *over)
        if len(pieces.slot) and layer.cut.rows:
            there = np.unique(pieces.slot)
            found = _rolled(cut, segment.steps, pieces, Extent(there, len(layer.cut.lines), over.number))
            canvas.put(layer, over.start + over.step * there, found)


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


def _rest(span: Span, covered: Sequence[Span]) -> list[Span]:
    """What is left of a span."""
    spans, reached = [], span[0]
    for first, last in sorted(covered):
        if first > reached:
            spans.append((reached, min(first, span[1])))
        reached = max(reached, last)
    return [*spans, (reached, span[1])] if reached < span[1] else spans


def coarser_table(fine: SlotTable, owner: NDArray[np.int64]) -> SlotTable:
    """Slots of one owner, which are neighbours, as one; `step_s` stays that of the fine ones."""
    nothing = np.full(fine.mean.shape[1:], np.nan)
    least, most = (fine.mean if part is None else part for part in (fine.least, fine.most))
    found = Found(fine.mean, fine.covered_s, least, most, nothing if fine.up_s is None else fine.up_s)
    _, (mean, covered_s, least, most, up_s) = _coarser(owner, found)
    return SlotTable(fine.start, fine.step_s, fine.rows, fine.quantities, mean, covered_s, least, most, up_s)
