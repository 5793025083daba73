"""Slots of many rows at once: stored rollups where days are sealed, the rest computed from full resolution."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from inventory.calendar import EAT_S
from inventory.slots import SlotTable
from noc.store import rollups
from noc.store.bundle import Bundle
from noc.store.canvas import Asked, Canvas, Found, Layer, Layered, Span, Work
from noc.store.chunk import Chunk
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, PIECE
from noc.store.frames import Frame
from noc.store.history import History
from noc.store.reckoned import reckoned
from noc.store.resolution import Cut, Picture
from noc.store.steps import to_values

DAY_S: Final = 86_400
HOUR_S: Final = 3600
LAYERS: Final = ((DAY_S, DAILY), (HOUR_S, HOURLY), (300, FIVE_MINUTES))  # the coarsest first
_OLDEST: Final = "SELECT min(start) FROM chunk WHERE tier = ?"
_COVERED: Final = 2  # which lines of a stored rollup are seconds covered; means, least and most are the others
_WITHOUT: Final = (0, _COVERED)
_WITH_EXTREMES: Final = (0, _COVERED, 3, 4)
_TENTHS: Final = np.full((1, 1, 1), 10.0)

_STEPS: Final = (300, HOUR_S, DAY_S)


def window(start: int, end: int, step: int) -> rollups.Window:
    """The whole slots that [start, end) touches; days are those of Dar es Salaam."""
    offset = EAT_S if step == DAY_S else 0
    first = start - (start + offset) % step
    return rollups.Window(first, step, max(0, -(-(end - first) // step)))


def table(picture: Picture, asked: Asked, over: rollups.Window, history: History | None = None) -> SlotTable:
    """From the coarsest layers that have it, the rest from full resolution, what is older from `history`."""
    return tables(picture, [asked], over, history)[0]


def tables(
    picture: Picture, asked: Sequence[Asked], over: rollups.Window, history: History | None = None
) -> list[SlotTable]:
    """Of several streams, which are faster together. A window of one slot is one figure over any range."""
    works = [Work(Canvas(over, rows_of(picture, one), one), layers_of(picture, one)) for one in asked]
    _drawn(picture, works, over)
    if history is not None and (cut := kept_since(picture, over)) > over.start:
        for work in works:
            _older(work.canvas, history, min(cut, over.end))
    return [work.canvas.table() for work in works]


def one_table(picture: Picture, asked: Sequence[Asked], over: rollups.Window) -> SlotTable:
    """Rows of several streams in one, in their order; all are asked for the same, and not for least and most."""
    rows = [row for one in asked for row in rows_of(picture, one)]
    canvas = Canvas(over, tuple(rows), asked[0]) if asked else Canvas(over, (), Asked("", "", (), (), up=True))
    works, first = [], 0
    for one in asked:
        width = len(rows_of(picture, one))
        layers = layers_of(picture, one)
        places = range(first, first + width)
        works.append(
            Work(canvas, [Layer(layer.cut, layer.to_lines, _moved(layer.to_rows, places)) for layer in layers])
        )
        first += width
    _drawn(picture, works, over)
    return canvas.table()


def _moved(rows: slice | list[int], places: range) -> list[int]:
    return [*places] if isinstance(rows, slice) else [places[row] for row in rows]


def _drawn(picture: Picture, works: Sequence[Work], over: rollups.Window) -> None:
    """All layers, the coarsest first, onto the canvases."""
    left: dict[Span, list[Work]] = {(over.start, over.end): [*works]}
    for step, tier in LAYERS:
        if over.number == 1 or over.step % step == 0:
            rest: dict[Span, list[Work]] = {}
            for span, some in left.items():
                _stored(picture, some, Layered(tier, step, span), rest)
            left = rest
    for span, some in left.items():
        reckoned(picture, some, span)
    for work in works:
        _bare(work)


def _bare(work: Work) -> None:
    """Stored means without least and most, where nothing better was left."""
    canvas, over = work.canvas, work.canvas.over
    for layer, chunk in canvas.bare:
        slots = (chunk.at - over.start) // over.step
        inside = (slots >= 0) & (slots < over.number)
        inside[inside] = ~canvas.touched[slots[inside]]
        if inside.any() and layer.cut.rows:
            found = _unpacked(layer.cut, chunk, slice(None), canvas.asked)
            canvas.put(layer, chunk.at[inside], Found(*(part[..., inside] for part in found)))


def _older(canvas: Canvas, history: History, end: int) -> None:
    asked, over = canvas.asked, canvas.over
    if canvas.rows and over.step in _STEPS:
        subject = (asked.measurement, asked.scope, canvas.rows, asked.quantities)
        canvas.paste(history.table(*subject, start=over.start, end=end, step=over.step))


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
    frames, rows = picture.frames.of_subject(asked.measurement, asked.scope), rows_of(picture, asked)
    found = []
    for frame in frames:
        lines, places, to_lines, to_rows = _picked(frame.quantities, frame.rows, asked.quantities, rows)
        found.append(Layer(Cut(frame, lines, places), to_lines, to_rows))
    return found


class _Picked(NamedTuple):
    """Places in a frame, and where they go."""

    lines: tuple[int, ...]
    rows: slice | list[int]
    to_lines: list[int]
    to_rows: slice | list[int]


@lru_cache(maxsize=4096)
def _picked(
    quantities: tuple[str, ...], rows: tuple[str, ...], wanted: tuple[str, ...], wanted_rows: tuple[str, ...]
) -> _Picked:
    """Devices of one kind have the same rows and quantities, and are asked for the same."""
    names, targets = (
        {name: place for place, name in enumerate(quantities)},
        {row: n for n, row in enumerate(wanted_rows)},
    )
    to_lines = [number for number, name in enumerate(wanted) if name in names]
    places = [place for place, row in enumerate(rows) if row in targets]
    to_rows = [targets[rows[place]] for place in places]
    lines = tuple(names[wanted[number]] for number in to_lines)
    return _Picked(lines, _all_or(places, len(rows)), to_lines, _all_or(to_rows, len(wanted_rows)))


def _all_or(places: list[int], count: int) -> slice | list[int]:
    return slice(None) if places == [*range(count)] and places else places


def _stored(picture: Picture, works: list[Work], from_: Layered, rest: dict[Span, list[Work]]) -> None:
    """Takes what the chunks of a layer have of a span; puts the stretches that none of them covers into `rest`."""
    tier, step, span = from_
    start, end = _whole_slots(span, step)
    if start >= end:
        rest.setdefault(span, []).extend(works)
        return
    by_frame = {layer.cut.frame.id: (number, layer) for number, work in enumerate(works) for layer in work.layers}
    covered: list[list[Span]] = [[] for _ in works]
    for frame, found in picture.bundles.of(picture.db, tier, tuple(by_frame), (start, end)):
        number, layer = by_frame[frame]
        canvas = works[number].canvas
        if canvas.asked.extremes and not has_extremes(found, layer.cut.frame):
            canvas.bare.append((layer, found))
            continue
        for first, last in zip(found.starts, found.ends, strict=True):
            until = last + step if tier == DAILY else -(-(last + step) // DAY_S) * DAY_S
            if first < end and until > start:
                covered[number].append((max(first, start), min(end, until)))
        if layer.cut.rows:
            _take(canvas, layer, found, (start, end))
    for work, spans in zip(works, covered, strict=True):
        for left in _rest(span, spans):
            rest.setdefault(left, []).append(work)


def _whole_slots(span: Span, step: int) -> Span:
    """The slots that lie in the span altogether."""
    offset = EAT_S if step == DAY_S else 0
    return -(-(span[0] + offset) // step) * step - offset, (span[1] + offset) // step * step - offset


def _take(canvas: Canvas, layer: Layer, chunk: Chunk | Bundle, span: Span) -> None:
    first, last = np.searchsorted(chunk.at, span)
    if first < last:
        canvas.put(layer, chunk.at[first:last], _unpacked(layer.cut, chunk, slice(first, last), canvas.asked))


def has_extremes(chunk: Chunk | Bundle, frame: Frame) -> bool:
    return bool(chunk.lines > 3 * len(frame.quantities) + 1)


def _unpacked(cut: Cut, chunk: Chunk | Bundle, within: slice, asked: Asked) -> Found:
    width, extremes = len(cut.frame.quantities), asked.extremes and has_extremes(chunk, cut.frame)
    scale = cut.frame.scale[[*cut.lines], :, None]
    numbers = _WITH_EXTREMES if extremes else _WITHOUT
    by = np.concatenate([np.ones(scale.shape) if number == _COVERED else scale for number in numbers])
    wanted = [number * width + line for number in numbers for line in cut.lines]
    if asked.up:
        wanted.append(chunk.lines - 1)
    steps = chunk.lines_of(wanted, cut.rows)[:, :, within]
    own = steps[: len(numbers) * len(scale)]
    mean, covered, *rest = to_values(own, by).reshape(len(numbers), len(scale), *own.shape[1:])
    least = most = mean
    if extremes:
        least, most = rest
    elif asked.extremes:
        least = most = np.full(mean.shape, np.nan)
    up_s = to_values(steps[-1:], _TENTHS)[0] if asked.up else np.full(mean.shape[1:], np.nan)
    return Found(mean, covered, least, most, up_s)


def _rest(span: Span, covered: Sequence[Span]) -> list[Span]:
    """What is left of a span."""
    spans, reached = [], span[0]
    for first, last in sorted(covered):
        if first > reached:
            spans.append((reached, min(first, span[1])))
        reached = max(reached, last)
    return [*spans, (reached, span[1])] if reached < span[1] else spans
