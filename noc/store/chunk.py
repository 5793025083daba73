"""A sealed chunk: hours or a day of one frame, line by line, so that one interface is read without decoding the rest.

Layout: header, instants, what each column is (constant, varying, varying with gaps), the constants, the gap masks,
block lengths, blocks. A block is one quantity of as many neighbouring rows as make it worth compressing.
"""

import struct
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
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
    """A blob read on demand: nothing is decoded before it is asked for, and then only the blocks that hold it."""

    def __init__(self, blob: bytes, codec: Codec, start: int = 0) -> None:
        """`start`: what it begins with where it is kept."""
        version, self.count, self.lines, self.rows, self._together, *lengths = _HEADER.unpack_from(blob)
        if version != _VERSION:
            raise StoreDamaged(f"chunk of unknown version {version}; upgrade this installation")
        self.blob, self._codec, self.starts = blob, codec, (start,)
        self._sections = list(accumulate(lengths, initial=_HEADER.size))

    def _section(self, number: int) -> bytes:
        return self.blob[self._sections[number] : self._sections[number + 1]]

    @cached_property
    def at(self) -> Steps:
        """Not to be written to: chunks of the same instants share it."""
        return self._codec.shared_numbers(self._section(0))

    @property
    def ends(self) -> tuple[int]:
        """The last instant."""
        return (int(self.at[-1]),)

    @cached_property
    def _kinds(self) -> NDArray[np.uint8]:
        return np.frombuffer(self._codec.unpack(self._section(1)), np.uint8).reshape(self.lines, self.rows)

    @cached_property
    def _constants(self) -> Steps:
        """A number for each line and row, which means something where that is constant."""
        constant = (self._kinds == _CONSTANT).ravel()
        numbers = np.zeros(constant.size, np.int64)
        numbers[constant] = self._codec.unpack_numbers(self._section(2))
        return numbers.reshape(self.lines, self.rows)

    @cached_property
    def _masks(self) -> NDArray[np.bool_]:
        bits = np.frombuffer(self._codec.unpack(self._section(3)), np.uint8).reshape(-1, -(-self.count // 8))
        return np.unpackbits(bits, axis=1, count=self.count).astype(bool)

    @cached_property
    def _mask_of(self) -> Steps:
        """Which mask a line and row has, where it has one."""
        gaps = (self._kinds == _GAPS).ravel()
        return (np.cumsum(gaps) - 1).reshape(self.lines, self.rows)

    @cached_property
    def _cuts(self) -> list[int]:
        """Where blocks begin and end."""
        sizes = self._codec.unpack_numbers(self._section(4))
        ends: list[int] = (self._sections[5] + np.cumsum(sizes)).tolist()
        return [self._sections[5], *ends]

    @property
    def blocks(self) -> int:
        """In how many parts the rows of a line are compressed."""
        return int(-(-self.rows // self._together))

    def read(self, lines: Sequence[int], row: int) -> Steps:
        """Some lines of one row: lines x instants."""
        return self.lines_of(lines, (row,))[:, 0]

    def all(self) -> Steps:
        """Lines x rows x instants."""
        return self.lines_of(range(self.lines))

    def lines_of(self, lines: Sequence[int], rows: slice | Sequence[int] = slice(None)) -> Steps:
        """Some lines of some rows: lines x rows x instants; only blocks with any of the rows are decoded."""
        wanted = range(*rows.indices(self.rows)) if isinstance(rows, slice) else rows
        steps = np.empty((len(lines), len(wanted), self.count), np.int64)
        if len(wanted) == self.rows and isinstance(rows, slice):
            for target, line in zip(steps, lines, strict=True):
                self._fill_line(target, line)
            return steps
        groups: dict[int, tuple[list[int], list[int]]] = {}
        for place, row in enumerate(wanted):
            places, within = groups.setdefault(row // self._together, ([], []))
            places.append(place)
            within.append(row)
        for block, (places, within) in groups.items():
            for number, line in enumerate(lines):
                self._fill(steps[number], line, block, (places, within))
        return steps

    def _fill_line(self, target: Steps, line: int) -> None:
        """All rows; blocks in which everything varies, and lines in which nothing does, at once."""
        kinds = self._kinds[line].tobytes()
        if kinds.count(_CONSTANT) == self.rows:
            target[...] = self._constants[line][:, None]
            return
        for block, first in enumerate(range(0, self.rows, self._together)):
            mine = kinds[first : first + self._together]
            if mine.count(_VARYING) == len(mine):
                target[first : first + len(mine)] = self._varying(line, block)
            elif mine.count(_CONSTANT) == len(mine):
                target[first : first + len(mine)] = self._constants[line, first : first + len(mine), None]
            else:
                within = [*range(first, first + len(mine))]
                self._fill(target, line, block, (within, within))

    def _fill(self, target: Steps, line: int, block: int, picked: tuple[list[int], list[int]]) -> None:
        """Rows of one block into their places."""
        first = block * self._together
        kinds = self._kinds[line, first : first + self._together].tolist()
        varying = None
        for place, row in zip(*picked, strict=True):
            kind = kinds[row - first]
            if kind == _CONSTANT:
                target[place] = self._constants[line, row]
                continue
            if varying is None:
                varying = self._varying(line, block)
            target[place] = varying[len(kinds[: row - first]) - kinds[: row - first].count(_CONSTANT)]
            if kind == _GAPS:
                target[place, self._masks[self._mask_of[line, row]]] = NULL

    def _varying(self, line: int, block: int) -> Steps:
        """What of a block is not constant: rows x instants."""
        number = line * -(-self.rows // self._together) + block
        return self._codec.unpack_numbers(self.blob[self._cuts[number] : self._cuts[number + 1]]).reshape(
            -1, self.count
        )
