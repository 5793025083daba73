"""What lies in a metric file, layer by layer, for the tests of this room."""

import sqlite3
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.file import Opening
from noc.store.frames import Frame, Frames
from noc.store.rollups import Ranked, Rolled, ranked, unpack
from noc.store.shelf import Shelves


class Layer(NamedTuple):
    """A chunk of rollups: instants, and lines x rows x instants as they are kept."""

    at: list[int]
    steps: NDArray[np.int64]


Key = tuple[int, str, tuple[str, ...], tuple[str, ...], int]


def chunks(path: Path, *tiers: int) -> dict[Key, Layer]:
    """By layer, scope, rows, quantities and start."""

    def look(db: sqlite3.Connection) -> dict[Key, Layer]:
        frames, shelves, codec = Frames.load(db), Shelves(db), Codec()
        found = {}
        for tier in tiers:
            for stored in shelves.chunks(tier, tuple(frames.by_id), 0, 1 << 33):
                frame, chunk = frames.by_id[stored.frame], Chunk(stored.body, codec)
                key = (tier, frame.scope, frame.rows, frame.quantities, stored.start)
                found[key] = Layer(chunk.at.tolist(), chunk.all())
        return found

    with Opening(path) as opening:
        return opening.run(look)


def same_chunks(one: dict[Key, Layer], other: dict[Key, Layer]) -> bool:
    return one.keys() == other.keys() and all(
        one[key].at == other[key].at and np.array_equal(one[key].steps, other[key].steps) for key in one
    )


class Figures(NamedTuple):
    """What a layer says of one row, over quantities x instants."""

    rolled: Rolled
    ranked: Ranked


def figures(path: Path, tier: int, row: str, quantities: tuple[str, ...]) -> Figures:
    """Of the one frame that has any."""

    def look(db: sqlite3.Connection) -> list[tuple[Frame, Chunk]]:
        frames, codec = Frames.load(db), Codec()
        stored = Shelves(db).chunks(tier, tuple(frames.by_id), 0, 1 << 33)
        return [(frames.by_id[one.frame], Chunk(one.body, codec)) for one in stored]

    with Opening(path) as opening:
        ((frame, chunk),) = opening.run(look)
    picks, place = [frame.quantities.index(quantity) for quantity in quantities], frame.rows.index(row)
    return Figures(
        unpack(chunk, frame, picks, place, cut=slice(None)), ranked(chunk, frame, picks, place, cut=slice(None))
    )
