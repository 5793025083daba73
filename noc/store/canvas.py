"""An answer while it is put together: slots x rows x quantities on a canvas, to which layers and frames bring their parts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.slots import SlotTable
from noc.store import rollups
from noc.store.bundle import Bundle
from noc.store.chunk import Chunk
from noc.store.resolution import Cut
from noc.store.steps import Floats

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
        self.bare: list[
            tuple[Layer, Chunk | Bundle]
        ] = []  # stored without least and most, for where nothing better is left
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


class Work(NamedTuple):
    """One answer and the frames it is made from."""

    canvas: Canvas
    layers: list[Layer]


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


def coarser_table(fine: SlotTable, owner: NDArray[np.int64]) -> SlotTable:
    """Slots of one owner, which are neighbours, as one; `step_s` stays that of the fine ones."""
    nothing = np.full(fine.mean.shape[1:], np.nan)
    least, most = (fine.mean if part is None else part for part in (fine.least, fine.most))
    found = Found(fine.mean, fine.covered_s, least, most, nothing if fine.up_s is None else fine.up_s)
    _, (mean, covered_s, least, most, up_s) = _coarser(owner, found)
    return SlotTable(fine.start, fine.step_s, fine.rows, fine.quantities, mean, covered_s, least, most, up_s)
