"""Slots of many rows at once, reckoned from full resolution: what is not sealed yet, and what stored layers lack."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store import rollup, rollups
from noc.store.canvas import Found, Layer, Span, Work
from noc.store.resolution import Cut, Picture, full_of_many, side_by_side
from noc.store.steps import Steps, to_steps, to_values

HOUR_S: Final = 3600
_JUDGED: Final = ("flags", "oper_status", "up_ratio", "state", "answered")  # what a rollup needs beside what was asked
_AT_ONCE: Final = 2_000_000  # numbers worked on together


class Wants(NamedTuple):
    """What is asked for beside means: least and most, seconds up. What nobody asks for is not reckoned."""

    extremes: bool
    up: bool

    @staticmethod
    def of(works: Sequence[Work]) -> "Wants":
        asked = [work.canvas.asked for work in works]
        return Wants(any(one.extremes for one in asked), any(one.up for one in asked))


class Extent(NamedTuple):
    """Which slots of a window are known, of the first `asked` lines."""

    there: NDArray[np.int64]
    asked: int
    over: rollups.Window
    wants: Wants


class Task(NamedTuple):
    """One frame's batches, and where its slots go."""

    work: Work
    layer: Layer
    cut: Cut
    steps: Steps


class Alike(NamedTuple):
    """What frames have in common that are worked on together: `own` and `among` are instants, those of the frame and of its
    whole stream (empty where that is the same)."""

    quantities: tuple[str, ...]
    asked: int
    own: bytes
    among: bytes


def reckoned(picture: Picture, works: Sequence[Work], span: Span) -> None:
    """Slots of a stretch from its batches; frames of the same instants and quantities are worked on together."""
    over = works[0].canvas.over
    over = (
        rollups.Window(span[0], span[1] - span[0], 1)
        if over.number == 1
        else rollups.window(*span, min(over.step, HOUR_S))
    )
    if len(works) > 1 and len({work.canvas.asked.quantities for work in works}) == 1:
        works = _plated(picture, works, span, over)
    wants = Wants.of(works)
    for alike, tasks in _alike(picture, works, span, wants).items():
        at = np.frombuffer(alike.own, np.int64)
        every = np.frombuffer(alike.among, np.int64) if alike.among else at
        begin = rollup.begins(every)
        pieces = rollup.fragments(at, begin[np.searchsorted(every, at)] if alike.among else begin, *over)
        if len(pieces.slot):
            for some in _slices(tasks):
                _put(some, pieces, Extent(np.unique(pieces.slot), alike.asked, over, wants))


def _plated(picture: Picture, works: Sequence[Work], span: Span, over: rollups.Window) -> list[Work]:
    """Streams of one frame side by side; returns those that it cannot be done for."""
    alone = {work.layers[0].cut.frame.id: work for work in works if len(work.layers) == 1 and work.layers[0].cut.rows}
    wants = Wants.of(works)
    cuts = {name: _judged(work.layers[0].cut, wants) for name, work in alone.items()}
    reach = span[0] - rollup.CONTEXT_S, span[1] + rollup.CONTEXT_S
    plates, left = side_by_side(picture, cuts, reach)
    for plate in plates:
        pieces = rollup.fragments(plate.at, rollup.begins(plate.at), *over)
        together = max(1, _AT_ONCE // plate.steps[:, 0].size)
        for first in range(0, len(plate.frames) if len(pieces.slot) else 0, together):
            frames = plate.frames[first : first + together]
            steps = plate.steps[:, first : first + together].reshape(len(plate.steps), -1, len(plate.at))
            mine = [alone[frame] for frame in frames]
            extent = Extent(np.unique(pieces.slot), len(mine[0].layers[0].cut.lines), over, wants)
            _put_all(mine, _rolled(cuts[frames[0]], steps, pieces, extent), over.start + over.step * extent.there)
    return [work for work in works if len(work.layers) != 1 or work.layers[0].cut.frame.id in left]


def _put_all(works: Sequence[Work], found: Found, at: Steps) -> None:
    """Rows of one frame after the other; onto a canvas that they share at once."""
    layers = [work.layers[0] for work in works]
    canvas, to_lines = works[0].canvas, layers[0].to_lines
    if all(work.canvas is canvas and work.layers[0].to_lines == to_lines for work in works):
        every = np.arange(len(canvas.rows))
        rows = np.concatenate([every[layer.to_rows] for layer in layers]).tolist()
        canvas.put(layers[0]._replace(to_rows=rows), at, found)
        return
    width = found.up_s.shape[0] // len(works)
    for number, work in enumerate(works):
        rows = slice(number * width, (number + 1) * width)
        work.canvas.put(work.layers[0], at, Found(*(part[..., rows, :] for part in found)))


def _alike(picture: Picture, works: Sequence[Work], span: Span, wants: Wants) -> dict[Alike, list[Task]]:
    cuts = [[_judged(layer.cut, wants) for layer in work.layers] for work in works]
    streams = full_of_many(picture, cuts, span[0] - rollup.CONTEXT_S, span[1] + rollup.CONTEXT_S)
    found: dict[Alike, list[Task]] = {}
    for work, mine, segments in zip(works, cuts, streams, strict=True):
        among = b""
        if len(segments) > 1:
            among = np.unique(np.concatenate([one.at for one in segments])).tobytes()
        by_frame = {layer.cut.frame.id: (layer, cut) for layer, cut in zip(work.layers, mine, strict=True)}
        for segment in segments:
            layer, cut = by_frame[segment.frame.id]
            if layer.cut.rows:
                alike = Alike(cut.quantities, len(layer.cut.lines), segment.at.tobytes(), among)
                found.setdefault(alike, []).append(Task(work, layer, cut, segment.steps))
    return found


def _slices(tasks: list[Task]) -> Iterator[list[Task]]:
    """So many at once that memory stays small."""
    some: list[Task] = []
    size = 0
    for task in tasks:
        some.append(task)
        size += task.steps.size
        if size >= _AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _put(tasks: Sequence[Task], pieces: rollup.Fragments, extent: Extent) -> None:
    steps = tasks[0].steps if len(tasks) == 1 else np.concatenate([task.steps for task in tasks], axis=1)
    found = _rolled(tasks[0].cut, steps, pieces, extent)
    at = extent.over.start + extent.over.step * extent.there
    row = 0
    for task in tasks:
        end = row + task.steps.shape[1]
        mine = Found(*(part[..., row:end, :] for part in found))
        task.work.canvas.put(task.layer, at, mine)
        row = end


def _judged(cut: Cut, wants: Wants) -> Cut:
    """With what says whether a value counts and, where that is asked for, whether the row was up."""
    return Cut(cut.frame, _with_judges(cut.frame.quantities, cut.lines, wants.up), cut.rows)


@lru_cache(maxsize=4096)
def _with_judges(quantities: tuple[str, ...], lines: tuple[int, ...], up: bool) -> tuple[int, ...]:
    judges = _JUDGED if up else _JUDGED[:1]
    extra = (place for place, name in enumerate(quantities) if name in judges and place not in lines)
    return (*lines, *extra)


def _rolled(cut: Cut, steps: NDArray[np.int64], pieces: rollup.Fragments, extent: Extent) -> Found:
    there, asked, _, wants = extent
    scale = cut.frame.scale[[*cut.lines], :, None]
    values = to_values(steps, scale)
    shape = (asked, values.shape[1], len(there))
    spoken = rollup.spoken(cut.quantities, values)[:asked]
    slots = rollup.spoken_of(spoken.reshape(-1, values.shape[2]), pieces, extremes=wants.extremes)
    mean, least, most, _, covered = (part.reshape(shape) for part in slots)
    up_s = np.full(shape[1:], np.nan)
    if wants.up:
        up = rollup.spoken_of(rollup.up_share(cut.quantities, values), pieces, extremes=False)
        up_s = np.where(up.covered_s > 0, up.mean * up.covered_s, np.nan)
    return Found(to_values(to_steps(mean, scale[:asked]), scale[:asked]), covered, least, most, up_s)
