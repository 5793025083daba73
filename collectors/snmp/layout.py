"""Learned layouts: where each number stands in the answers of one poll, so that a whole poll is read in one stroke.

A layout remembers every octet of the answers that is not a value: headers, error status, each OBJECT IDENTIFIER,
each type and length, the sign of each INTEGER. Answers that agree with it in all of them answer exactly what was
asked; anything else is left to the strict walk. Numbers are then gathered from the joined datagrams, eight octets each.
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from collectors.snmp import ber
from collectors.snmp.message import UNSIGNED_OCTETS, Answer, number

PADDING = b"\x00\xff"  # behind the datagrams: what stands before a number's first octet, positive or negative
LADDER = np.arange(8)
NUMBER_OCTETS = {ber.INTEGER: 8, **UNSIGNED_OCTETS}
MANY = 1 << 16
FEW = 2000  # layouts kept unfolded, about 15 kB each for 241 values; folded they take a fifth, and 25 µs more to read


class Shelf:
    """How many layouts are alive: beyond `few` they are folded, so that memory stays small with many devices."""

    __slots__ = ("_kept", "alive", "few")

    def __init__(self, few: int = FEW) -> None:
        self.few = few
        self.alive = 0
        self._kept: dict[bytes, bytes] = {}

    def once(self, octets: bytes) -> bytes:
        """The same octets, kept once for all who have the same; only so many of them are remembered."""
        if len(self._kept) >= self.few:
            self._kept.clear()
        return self._kept.setdefault(octets, octets)


class Layout:
    """The layout of the joined answers of one poll; numbers come out in result order."""

    __slots__ = ("_fixed", "_folded", "_mask", "_places", "_shelf", "known", "lengths", "octets", "special")

    def __init__(
        self, answers: Sequence[Answer], positions: Sequence[Sequence[int]], shelf: Shelf, *, count: int, first: int
    ) -> None:
        """`positions[k][i]` is the place in the result of binding i of answer k; places not named are unknown.

        `count` places, the `first` of them scalars.
        """
        self.lengths = [len(answer.data) for answer in answers]
        self.octets = sum(self.lengths)
        self._shelf = shelf
        shelf.alive += 1
        known, mask, places = survey(answers, positions, count)
        self.special = tuple(
            (place, bool(known[place]))
            for place in range(first)
            if not known[place] or places[8 * place + 7] > self.octets
        )
        self.known = None if known.all() else known
        joined = np.frombuffer(b"".join((*(answer.data for answer in answers), PADDING)), np.uint8)
        self._fixed = (joined & mask).tobytes()
        self._mask = mask
        self._places: NDArray[np.unsignedinteger] = places.astype(np.uint16 if self.octets < 65000 else np.uint32)
        self._folded = b""
        if shelf.alive > shelf.few:
            self._fold()

    def __del__(self) -> None:
        self._shelf.alive -= 1

    def read(self, answers: Sequence[bytes]) -> NDArray[np.uint64] | None:
        """The numbers in result order, INTEGER as two's complement, 0 where unknown; None if the layout is another."""
        if list(map(len, answers)) != self.lengths:
            return None
        joined = np.frombuffer(b"".join((*answers, PADDING)), np.uint8)
        if self._folded:
            return self._read_folded(joined)
        if (joined & self._mask).tobytes() != self._fixed:
            return None
        return joined.take(self._places).view(np.uint64)

    def scalars(self, numbers: Sequence[int]) -> list[int | None]:
        """Scalars as they are: those of `special` are unknown, or negative."""
        told: list[int | None] = list(numbers)
        for place, known in self.special:
            told[place] = numbers[place] - (1 << 64) if known else None
        return told

    def _fold(self) -> None:
        parts = self._mask.tobytes() + self._fixed + self._places.astype(np.uint32).tobytes()
        self._folded = zlib.compress(parts, 1)
        self._mask, self._fixed, self._places = self._mask[:0].copy(), b"", self._places[:0].copy()

    def _read_folded(self, joined: NDArray[np.uint8]) -> NDArray[np.uint64] | None:
        parts, size = zlib.decompress(self._folded), len(joined)
        if (joined & np.frombuffer(parts, np.uint8, size)).tobytes() != parts[size : 2 * size]:
            return None
        return joined.take(np.frombuffer(parts, np.uint32, offset=2 * size)).view(np.uint64)


def survey(
    answers: Sequence[Answer], positions: Sequence[Sequence[int]], count: int
) -> tuple[NDArray[np.bool_], NDArray[np.uint8], NDArray[np.intp]]:
    """What is known; the mask of octets that must stay; for each number where its octets are, the lowest first."""
    octets = sum(len(answer.data) for answer in answers)
    known = [False] * count
    mask = bytearray(b"\xff" * (octets + len(PADDING)))
    ends, sizes, pads = [0] * count, [0] * count, [octets] * count
    offset = 0
    for answer, places in zip(answers, positions, strict=True):
        data = answer.data
        mask[offset + answer.identity : offset + answer.identity + 4] = bytes(4)
        for place, tag, start, end in zip(places, answer.tags, answer.starts, answer.ends, strict=True):
            most, size = NUMBER_OCTETS.get(tag, MANY), end - start
            sure = most < MANY and 0 < size <= most
            if size > most:
                # a content longer than its type needs is right only while its first octet stays as it is
                sure = number(tag, data[start:end]) is not None
                start, size = start + 1, size - 1
            mask[offset + start : offset + end] = bytes(size)
            if sure:
                known[place], ends[place], sizes[place] = True, offset + end, size
                if tag == ber.INTEGER:
                    mask[offset + start] = 0x80
                    pads[place] += data[start] >> 7
        offset += len(data)
    ladder = np.array(ends)[:, None] - 1 - LADDER
    gathered = np.where(np.array(sizes)[:, None] > LADDER, ladder, np.array(pads)[:, None])
    return np.array(known, np.bool_), np.frombuffer(bytes(mask), np.uint8), gathered.ravel()
