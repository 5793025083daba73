"""A sealed chunk: hours or a day of one frame, line by line, so that one interface is read without decoding the rest.

Layout: header, instants, what each column is (constant, varying, varying with gaps), the constants, the gap masks,
block lengths, blocks. A block is one quantity of as many neighbouring rows as make it worth compressing.
"""

import struct
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store.codec import Codec
from noc.store.file import StoreDamaged
from noc.store.steps import NULL, Steps

_HEADER: Final = struct.Struct("<BIHIIIIIII")  # version, instants, lines, rows, rows a block, five section lengths
_VERSION: Final = 1
_CONSTANT, _VARYING, _GAPS = 0, 1, 2


class Content(NamedTuple):
    """`at` ascending; `steps` are lines x rows x instants."""

    at: Steps
    steps: Steps


def encode(content: Content, codec: Codec, block: int) -> bytes:
    """`block`: how many numbers to compress together at least; more packs better, fewer reads faster."""
    steps = content.steps
    lines, rows, count = steps.shape
    together = max(1, min(rows, -(-block // max(count, 1))))
    nulls = steps == NULL
    kinds = np.where((steps == steps[:, :, :1]).all(axis=2), _CONSTANT, _VARYING).astype(np.uint8)
    kinds[(kinds == _VARYING) & nulls.any(axis=2)] = _GAPS
    blocks = [
        _block(steps[line, row : row + together], kinds[line, row : row + together], codec)
        for line in range(lines)
        for row in range(0, rows, together)
    ]
    sections = [
        codec.pack_numbers(content.at),
        codec.pack(kinds.tobytes()),
        codec.pack_numbers(steps[:, :, 0][kinds == _CONSTANT]),
        codec.pack(np.packbits(nulls[kinds == _GAPS], axis=1).tobytes()),
        codec.pack_numbers(np.array([len(found) for found in blocks], np.int64)),
    ]
    header = _HEADER.pack(_VERSION, count, lines, rows, together, *map(len, sections))
    return b"".join([header, *sections, *blocks])


def _block(steps: Steps, kinds: NDArray[np.uint8], codec: Codec) -> bytes:
    if not kinds.any():
        return b""
    kinds_left = kinds[kinds != _CONSTANT]
    chosen = steps[kinds != _CONSTANT]
    for row in np.flatnonzero(kinds_left == _GAPS):
        chosen[row] = _bridged(chosen[row])
    return codec.pack_numbers(chosen.ravel())


def _bridged(line: Steps) -> Steps:
    """Gaps filled with the value before them (or the first one): costs nothing once compressed."""
    known = np.flatnonzero(line != NULL)
    last = np.searchsorted(known, np.arange(len(line)), side="right") - 1
    return line[known[np.maximum(last, 0)]]


class Chunk:
    """A blob read on demand: the directory at once, blocks as they are asked for."""

    def __init__(self, blob: bytes, codec: Codec) -> None:
        version, self.count, self.lines, self.rows, self._together, *lengths = _HEADER.unpack_from(blob)
        if version != _VERSION:
            raise StoreDamaged(f"chunk of unknown version {version}; upgrade this installation")
        cuts = np.cumsum([_HEADER.size, *lengths]).tolist()
        at, kinds, constants, masks, sizes = (blob[a:b] for a, b in pairwise(cuts))
        self._blob, self._codec = blob, codec
        self.at = codec.unpack_numbers(at)
        self._kinds = np.frombuffer(codec.unpack(kinds), np.uint8).reshape(self.lines, self.rows)
        self._packed_constants, self._packed_masks = constants, masks
        self._cuts = np.concatenate([[cuts[-1]], codec.unpack_numbers(sizes)]).cumsum()

    @cached_property
    def _constants(self) -> Steps:
        return self._codec.unpack_numbers(self._packed_constants)

    @cached_property
    def _masks(self) -> NDArray[np.bool_]:
        bits = np.frombuffer(self._codec.unpack(self._packed_masks), np.uint8).reshape(-1, -(-self.count // 8))
        return np.unpackbits(bits, axis=1, count=self.count).astype(bool)

    def read(self, lines: Sequence[int], row: int) -> Steps:
        """Some lines of one row: lines x instants."""
        first = row - row % self._together
        return (
            np.stack([self._rows(line, first)[row - first] for line in lines])
            if lines
            else np.empty((0, self.count), np.int64)
        )

    def lines_of(self, lines: Sequence[int], rows: slice | Sequence[int] = slice(None)) -> Steps:
        """Some lines of some rows: lines x rows x instants; only blocks with any of the rows are decoded."""
        wanted = np.arange(self.rows)[rows]
        steps = np.empty((len(lines), len(wanted), self.count), np.int64)
        for first in np.unique(wanted - wanted % self._together).tolist():
            places = np.flatnonzero((wanted >= first) & (wanted < first + self._together))
            for number, line in enumerate(lines):
                steps[number, places] = self._rows(line, first)[wanted[places] - first]
        return steps

    def all(self) -> Steps:
        """Lines x rows x instants."""
        steps = np.empty((self.lines, self.rows, self.count), np.int64)
        for line in range(self.lines):
            for first in range(0, self.rows, self._together):
                steps[line, first : first + self._together] = self._rows(line, first)
        return steps

    def _rows(self, line: int, first: int) -> Steps:
        """One block: its rows x instants."""
        kinds = self._kinds[line, first : first + self._together]
        steps = np.empty((len(kinds), self.count), np.int64)
        constant = kinds == _CONSTANT
        if constant.any():
            steps[constant] = self._constant(line, first, int(constant.sum()))[:, None]
        if not constant.all():
            number = line * -(-self.rows // self._together) + first // self._together
            blob = self._blob[self._cuts[number] : self._cuts[number + 1]]
            steps[~constant] = self._codec.unpack_numbers(blob).reshape(-1, self.count)
        if (kinds == _GAPS).any():
            self._reopen(steps, kinds, line, first)
        return steps

    def _constant(self, line: int, first: int, count: int) -> Steps:
        before = int((self._kinds.ravel()[: line * self.rows + first] == _CONSTANT).sum())
        return self._constants[before : before + count]

    def _reopen(self, steps: Steps, kinds: NDArray[np.uint8], line: int, first: int) -> None:
        """Put the gaps back."""
        before = int((self._kinds.ravel()[: line * self.rows + first] == _GAPS).sum())
        rows = np.flatnonzero(kinds == _GAPS)
        for position, row in enumerate(rows):
            steps[row, self._masks[before + position]] = NULL
