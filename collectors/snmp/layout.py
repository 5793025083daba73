"""Learned layouts: where each number stands in the answers of one poll, so that a whole poll is read in one stroke.

A layout remembers every octet of the answers that is not a value: headers, error status, each OBJECT IDENTIFIER,
each type and length. Answers that agree with it in all of them answer exactly what was asked; anything else is
left to the strict walk. Values are then read as 64-bit windows over the joined datagrams.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from collectors.snmp import ber
from collectors.snmp.message import UNSIGNED_OCTETS, Answer, number

WINDOW = bytes(8)  # so that a window of the last value does not pass the end


class Layout:
    """The layout of the joined answers of one poll; values come out in result order.

    Kept small, there is one for each device: a bit per octet for the mask, two octets per value's place.
    """

    __slots__ = ("_fixed", "_mask", "_shifts", "_signed", "_starts", "known", "lengths", "octets")

    def __init__(self, answers: Sequence[Answer], positions: Sequence[Sequence[int]], count: int) -> None:
        """`positions[k][i]` is the place in the result of binding i of answer k; places not named are unknown."""
        self.lengths = [len(answer.data) for answer in answers]
        self.octets = sum(self.lengths)
        mask = np.ones(self.octets + len(WINDOW), np.uint8)
        starts = np.zeros(count, np.uint32)
        shifts = np.full(count, 63, np.uint8)  # of what is unknown: the window on the first octet, 0x30, gives 0
        signed = np.zeros(count, np.bool_)
        known = np.zeros(count, np.bool_)
        offset = 0
        for answer, places in zip(answers, positions, strict=True):
            mask[offset + answer.identity : offset + answer.identity + 4] = 0
            for i, place in enumerate(places):
                tag, start, end = answer.tags[i], answer.starts[i] + offset, answer.ends[i] + offset
                known[place] = number(*answer.content(i)) is not None
                # a content longer than its type needs is right only while its first octet stays as it is
                start += end - start > UNSIGNED_OCTETS.get(tag, end)
                mask[start:end] = 0
                if known[place]:
                    starts[place], shifts[place] = start, 64 - 8 * (end - start)
                    signed[place] = tag == ber.INTEGER
            offset += len(answer.data)
        self.known: NDArray[np.bool_] | None = None if known.all() else known
        self._mask = np.packbits(mask[: self.octets]).tobytes()
        self._starts = starts.astype(np.uint16) if self.octets < 1 << 16 else starts
        self._shifts = shifts
        self._signed = runs(signed)
        joined = np.frombuffer(b"".join(answer.data for answer in answers), np.uint8)
        self._fixed = (joined * mask[: self.octets]).tobytes()

    def read(self, answers: Sequence[bytes]) -> NDArray[np.uint64] | None:
        """The numbers in result order, INTEGER as two's complement, 0 where unknown; None if the layout is another."""
        if [len(data) for data in answers] != self.lengths:
            return None
        octets = self.octets
        joined = b"".join((*answers, WINDOW))
        mask = np.unpackbits(np.frombuffer(self._mask, np.uint8), count=octets)
        mask *= np.frombuffer(joined, np.uint8, octets)
        if mask.tobytes() != self._fixed:
            return None
        windows: NDArray[np.uint64] = np.ndarray((octets + 1,), ">u8", joined, 0, (1,))
        wide = windows[self._starts].astype(np.uint64)
        values = wide >> self._shifts
        for run in self._signed:
            values[run] = wide[run].view(np.int64) >> self._shifts[run]
        return values


def runs(flags: NDArray[np.bool_]) -> tuple[slice, ...]:
    """The stretches of True."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False)).tolist()
    return tuple(slice(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True))
