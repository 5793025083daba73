"""The 95th percentile of days and months: stored ones where they are, else ranked over five-minute means (SEMANTICS 27, 28)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.slots import SlotTable
from noc.store import rollups
from noc.store.canvas import Asked, Layer
from noc.store.chunk import Chunk
from noc.store.file import DAILY, MONTHLY
from noc.store.resolution import Picture
from noc.store.steps import Floats, scales, to_steps, to_values
from noc.store.tables import DAY_S, layers_of, rows_of, table

_PERCENT: Final = 95
_SLOT_S: Final = 300
_FEW: Final = 8  # ranks that are looked for one by one


class Ranked(NamedTuple):
    """Quantities x rows x cells: p95 NaN where nothing counts; `present` five-minute means that did."""

    p95: Floats
    present: Floats


def nearest_rank(means: Floats) -> Ranked:
    """Over the last axis, NaN where a slot does not count: the value of rank ceil(0.95 n)."""
    present = (~np.isnan(means)).sum(axis=-1)
    place = np.maximum(-(-_PERCENT * present // 100) - 1, 0)
    ranks = np.unique(place)
    ordered = (
        np.partition(means, ranks, axis=-1) if 0 < len(ranks) <= _FEW else np.sort(means, axis=-1)
    )  # NaN comes last
    return Ranked(np.take_along_axis(ordered, place[..., None], axis=-1)[..., 0], present.astype(np.float64))


def ranked(picture: Picture, asked: Asked, cells: Sequence[tuple[int, int]]) -> Ranked:
    """Of local days, or of local months: where each begins and ends."""
    shape = (len(asked.quantities), len(rows_of(picture, asked)), len(cells))
    found = Ranked(np.full(shape, np.nan), np.zeros(shape))
    if not cells:
        return found
    layers = layers_of(picture, asked)
    tier = DAILY if cells[0][1] - cells[0][0] == DAY_S else MONTHLY
    told = _stored(picture, layers, tier, cells, found)
    for number in np.flatnonzero(~told).tolist():
        fine = _means(picture, asked, cells[number])
        p95, found.present[:, :, number] = nearest_rank(fine)
        found.p95[:, :, number] = _rounded(asked, p95)
    return found


def _stored(
    picture: Picture, layers: Sequence[Layer], tier: int, cells: Sequence[tuple[int, int]], found: Ranked
) -> NDArray[np.bool_]:
    """Which cells one frame alone tells of; of two frames the percentile cannot be put together."""
    starts = {first: number for number, (first, _) in enumerate(cells)}
    by_frame = {layer.cut.frame.id: layer for layer in layers}
    told: dict[int, set[int]] = {}
    for stored in picture.shelves.chunks(tier, tuple(by_frame), cells[0][0], cells[-1][1]):
        layer, chunk = by_frame[stored.frame], Chunk(stored.body, picture.codec)
        here = [(place, starts[at]) for place, at in enumerate(chunk.at.tolist()) if at in starts]
        for _, number in here:
            told.setdefault(number, set()).add(stored.frame)
        if here and layer.cut.rows and layer.cut.lines:
            _put(layer, chunk, here, found)
    return np.array([len(told.get(number, ())) == 1 for number in range(len(cells))])


def _put(layer: Layer, chunk: Chunk, here: Sequence[tuple[int, int]], found: Ranked) -> None:
    cut, width = layer.cut, len(layer.cut.frame.quantities)
    within, numbers = zip(*here, strict=True)
    rows = np.arange(found.p95.shape[1])[layer.to_rows]
    place = np.ix_(np.array(layer.to_lines), rows, np.array(numbers))
    steps = chunk.lines_of([5 * width + line for line in cut.lines], cut.rows)[:, :, list(within)]
    found.p95[place] = to_values(steps, cut.frame.scale[[*cut.lines], :, None])
    found.present[place] = chunk.lines_of([6 * width + line for line in cut.lines], cut.rows)[:, :, list(within)]


def _means(picture: Picture, asked: Asked, cell: tuple[int, int]) -> Floats:
    plain = asked._replace(extremes=False, up=False)
    slots: SlotTable = table(picture, plain, rollups.window(*cell, _SLOT_S))
    return np.where(slots.present, slots.mean, np.nan)


def _rounded(asked: Asked, values: Floats) -> Floats:
    """As it would be stored."""
    scale = scales(asked.quantities)
    return to_values(to_steps(values, scale), scale)
