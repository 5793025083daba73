"""Many small chunks of a layer as one: a year of hourly means is hundreds of chunks, of which each says little.

Decoded lines are kept for each reader, bounded; the chunks themselves are compared each time, so what was rolled again meanwhile
is decoded again.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from noc.store.chunk import Chunk
from noc.store.codec import Codec
from noc.store.shelf import Stored
from noc.store.steps import Steps

DAYS: Final = 32 * 86_400  # bundled together
MOST_NUMBERS: Final = 8_000_000  # kept decoded, 64 MB
MOST_OCTETS: Final = 64 << 20  # of chunks kept as they are, with their directories

Place = tuple[int, int, int]  # layer, frame, number of the bundle


class Bundle:
    """Neighbouring chunks of one frame; reads like a chunk."""

    def __init__(self, stored: Sequence[Stored], codec: Codec) -> None:
        self.bodies = [one.body for one in stored]
        self.starts = [one.start for one in stored]
        self._chunks = [Chunk(body, codec) for body in self.bodies]
        self.lines, self.rows = int(self._chunks[0].lines), int(self._chunks[0].rows)
        self.alike = all(chunk.lines == self.lines for chunk in self._chunks)
        self.at = np.concatenate([chunk.at for chunk in self._chunks])
        self.ends = [int(chunk.at[-1]) for chunk in self._chunks]
        self._decoded: dict[int, Steps] = {}

    @property
    def size(self) -> int:
        """Numbers that it holds decoded, and may come to hold."""
        return len(self.at) * self.rows * (3 + len(self._decoded))

    def lines_of(self, lines: Sequence[int], rows: slice | Sequence[int] = slice(None)) -> Steps:
        """Lines x rows x instants."""
        wanted = rows if isinstance(rows, slice) else list(rows)
        return (
            np.stack([self._line(line)[wanted] for line in lines])
            if lines
            else np.empty((0, 0, len(self.at)), np.int64)
        )

    def _line(self, line: int) -> Steps:
        if line not in self._decoded:
            self._decoded[line] = np.concatenate([chunk.lines_of((line,))[0] for chunk in self._chunks], axis=1)
        return self._decoded[line]


class Bundles:
    """Those used longest ago go first."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._kept: dict[Place, Bundle] = {}
        self._single: dict[Place, Chunk] = {}
        self._octets = 0

    def chunk(self, tier: int, stored: Stored) -> Chunk:
        """With what was decoded of its directory before, when it is still the same."""
        place = (tier, stored.frame, stored.start)
        chunk = self._single.pop(place, None)
        if chunk is not None and chunk.blob != stored.body:
            self._octets -= len(chunk.blob)
            chunk = None
        if chunk is None:
            chunk = Chunk(stored.body, self._codec, stored.start)
            self._octets += len(stored.body)
        self._single[place] = chunk
        while self._octets > MOST_OCTETS and len(self._single) > 1:
            self._octets -= len(self._single.pop(next(iter(self._single))).blob)
        return chunk

    def of(self, tier: int, stored: Iterable[Stored]) -> Iterator[tuple[int, Bundle]]:
        """With the frame of each; `stored` are neighbours by frame, and whole bundles."""
        for (frame, number), some in groupby(stored, key=lambda one: (one.frame, one.start // DAYS)):
            yield frame, self._bundle((tier, frame, number), [*some])
        self._trim()

    def _bundle(self, place: Place, stored: list[Stored]) -> Bundle:
        bundle = self._kept.pop(place, None)
        if bundle is None or bundle.bodies != [one.body for one in stored]:
            bundle = Bundle(stored, self._codec)
        self._kept[place] = bundle
        return bundle

    def _trim(self) -> None:
        size = sum(bundle.size for bundle in self._kept.values())
        while size > MOST_NUMBERS and self._kept:
            size -= self._kept.pop(next(iter(self._kept))).size
