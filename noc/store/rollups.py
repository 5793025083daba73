"""How rollups lie in their chunks: lines of mean, n and covered seconds, then least and most, then one of seconds up.

Those of local days and months have, before the seconds up, two lines more: the 95th percentile of the five-minute means
that count (SEMANTICS 27, 28), and how many those were.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from noc.store.chunk import Chunk, Content
from noc.store.frames import Frame
from noc.store.rollup import Fragments, Slots, begins, fragments, rolled, spoken, up_share
from noc.store.steps import Floats, Steps, to_steps, to_values

_WHOLE: Final = np.array([[1.0]])
_AT_ONCE: Final = 100_000  # values worked on together: a day at 10 s is large
_UP_SCALE: Final = np.array([[10.0]])  # seconds up are kept in tenths


class Rolled(NamedTuple):
    """Slots of one row over quantities, with where each begins and its seconds up (a line)."""

    at: Steps
    slots: Slots
    up_s: Floats


class Window(NamedTuple):
    """Which slots: `number` of `step` seconds from `start`."""

    start: int
    step: int
    number: int

    @property
    def end(self) -> int:
        return self.start + self.step * self.number

    def slots(self) -> Steps:
        return self.start + self.step * np.arange(self.number, dtype=np.int64)


def window(start: int, end: int, step: int) -> Window:
    """The whole slots that [start, end) touches."""
    first = start - start % step
    return Window(first, step, max(0, -(-(end - first) // step)))


def roll_row(quantities: tuple[str, ...], at: Steps, values: Floats, over: Window) -> Rolled:
    """One row at full resolution (quantities x instants, with context) into slots; empty slots are left out."""
    cut = fragments(at, begins(at), *over)
    slots = rolled(spoken(quantities, values), cut, over.number)
    up = rolled(up_share(quantities, values)[None], cut, over.number)
    there = np.zeros(over.number, bool)
    there[cut.slot] = True
    up_s = np.where(up.covered_s > 0, up.mean * up.covered_s, np.nan)[0]
    return Rolled(over.slots()[there], Slots(*(part[:, there] for part in slots)), up_s[there])


def pack(frame: Frame, own: "Placed", over: Window) -> Content | None:
    """All rows of a frame's day as one rollup chunk; None when nothing of it falls into the window."""
    cut = fragments(own.at, own.begin, *over)
    if not len(cut.slot):
        return None
    there = np.unique(cut.slot)
    together = max(1, _AT_ONCE // own.steps[:, 0].size)
    parts = [
        _rows(frame, own.steps[:, row : row + together], cut, over.number)
        for row in range(0, len(frame.rows), together)
    ]
    mean, least, most, n, covered, up_s = (
        np.concatenate(found, axis=1)[:, :, there] for found in zip(*parts, strict=True)
    )
    scale = frame.scale[:, :, None]
    counts = [n.astype(np.int64), covered.astype(np.int64)]
    kept = [to_steps(mean, scale), *counts, to_steps(least, scale), to_steps(most, scale), to_steps(up_s, _UP_SCALE)]
    return Content(over.slots()[there], np.concatenate(kept))


def _rows(frame: Frame, steps: Steps, cut: Fragments, number: int) -> tuple[Floats, ...]:
    """Some rows of a frame: the slots of each quantity, and seconds up as a quantity of its own; each x rows x slots."""
    values = to_values(steps, frame.scale[:, :, None])
    slots = rolled(spoken(frame.quantities, values).reshape(-1, values.shape[2]), cut, number)
    up = rolled(up_share(frame.quantities, values), cut, number)
    up_s = np.where(up.covered_s > 0, up.mean * up.covered_s, np.nan)
    return *(part.reshape(*values.shape[:2], number) for part in slots), up_s[None]


class Placed(NamedTuple):
    """A frame's batches with since when each speaks; context included."""

    at: Steps
    begin: Steps
    steps: Steps  # quantities x rows x instants


class Ranked(NamedTuple):
    """Of one row over quantities x instants: p95 NaN where nothing counts, `present` how many five-minute means did."""

    p95: Floats
    present: Floats


def ranked(chunk: Chunk, frame: Frame, picks: Sequence[int], row: int, *, cut: slice) -> Ranked:
    """What only chunks of local days and months have; a pick is a quantity's place, below 0 when the frame lacks it."""
    width = len(frame.quantities)
    here = [place for place, pick in enumerate(picks) if pick >= 0]
    p95, present = np.full((len(picks), chunk.count), np.nan), np.zeros((len(picks), chunk.count))
    p95[here] = to_values(
        chunk.read([5 * width + picks[place] for place in here], row), frame.scale[[picks[place] for place in here]]
    )
    present[here] = chunk.read([6 * width + picks[place] for place in here], row)
    return Ranked(p95[:, cut], present[:, cut])


def has_extremes(chunk: Chunk, frame: Frame) -> bool:
    """Always but of sparse polls in files made before these were kept."""
    return bool(chunk.lines > 3 * len(frame.quantities) + 1)


def unpack(chunk: Chunk, frame: Frame, picks: Sequence[int], row: int, *, cut: slice) -> Rolled:
    """One row of a rollup chunk; a pick is a quantity's place, below 0 when the frame lacks it; least and most may be NaN."""
    width = len(frame.quantities)

    def part(number: int, missing: float) -> Floats:
        lines = np.full((len(picks), chunk.count), missing)
        here = [place for place, pick in enumerate(picks) if pick >= 0]
        steps = chunk.read([number * width + picks[place] for place in here], row)
        scale = frame.scale[[picks[place] for place in here]] if number not in (1, 2) else _WHOLE
        lines[here] = to_values(steps, scale)
        return lines[:, cut]

    mean, n, covered_s = part(0, np.nan), part(1, 0.0), part(2, 0.0)
    nothing = np.full(mean.shape, np.nan)
    least, most = (part(3, np.nan), part(4, np.nan)) if has_extremes(chunk, frame) else (nothing, nothing)
    up_s = to_values(chunk.read([chunk.lines - 1], row), _UP_SCALE)[0, cut]
    return Rolled(chunk.at[cut], Slots(mean, least, most, n, covered_s), up_s)


def joined(parts: Sequence[Rolled]) -> Rolled:
    """Several stretches as one, in order; where two speak of the same slot (interface list changed in it) they add up."""
    if len(parts) == 1:
        return parts[0]
    every = np.concatenate([part.at for part in parts])
    order = np.argsort(every, kind="stable")
    at, heads = np.unique(every[order], return_index=True)
    slots = [np.concatenate([part.slots[number] for part in parts], axis=1)[:, order] for number in range(5)]
    up_s = np.concatenate([part.up_s for part in parts])[order]
    if len(at) == len(every):
        return Rolled(at, Slots(*slots), up_s)
    mean, least, most, n, covered = slots
    weighed = np.add.reduceat(np.where(covered > 0, mean, 0.0) * covered, heads, axis=1)
    total = np.add.reduceat(covered, heads, axis=1)
    mean = np.divide(weighed, total, out=np.full(total.shape, np.nan), where=total > 0)
    least = np.fmin.reduceat(least, heads, axis=1)
    most = np.fmax.reduceat(most, heads, axis=1)
    ups = np.where(np.isnan(np.fmax.reduceat(up_s, heads)), np.nan, np.add.reduceat(np.nan_to_num(up_s), heads))
    return Rolled(at, Slots(mean, least, most, np.add.reduceat(n, heads, axis=1), total), ups)
