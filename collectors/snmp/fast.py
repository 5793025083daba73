"""The compiled parts of the SNMP engine, where they are built: sockets read and written in runs, polls read in one stroke.

Without them the engine does the same in Python. Engine(fast=False) leaves them aside.
"""

import socket
import struct
from collections.abc import Sequence
from types import ModuleType
from typing import cast

import numpy as np
from numpy.typing import NDArray

from collectors.contract import Matrix
from collectors.snmp.layout import Shelf
from collectors.snmp.wire import BURST, LARGEST, Address, Datagram, Place, Wire

try:
    from collectors.snmp import _fast
except ImportError:  # no compiler was there when this was installed, or no Linux
    _fast = None  # type: ignore[assignment]

EDITION = 2  # of the compiled parts; a library left over from another one is not used
ROOM = LARGEST + 1472  # no multiple of a page: buffers would crowd the same lines of the processor's cache


def available() -> bool:
    """The compiled parts are built, for this Python and from these sources."""
    return getattr(_fast, "EDITION", 0) == EDITION


def compiled() -> ModuleType | None:
    """The compiled parts, where `available`."""
    return _fast if available() else None


class FastWire(Wire):
    """A wire whose runs take one system call each; a place is the octets of a struct sockaddr."""

    def __init__(self, family: int, buffer_octets: int) -> None:
        super().__init__(family, buffer_octets)
        self._buffer = bytearray(BURST * ROOM)

    def place(self, address: Address) -> Place:
        host, port, *rest = address
        if not rest:
            return struct.pack("=H2s4s8x", socket.AF_INET, port.to_bytes(2), socket.inet_aton(host))
        octets = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        return struct.pack("=H2s4s16sI", socket.AF_INET6, port.to_bytes(2), rest[0].to_bytes(4), octets, rest[1])

    def send(self, datagrams: list[Datagram]) -> tuple[int, list[Datagram]]:
        sent = _fast.send(self.fileno, cast(list[tuple[bytes, bytes]], datagrams))
        return cast(tuple[int, list[Datagram]], sent)

    def read(self) -> list[Datagram]:
        return cast(list[Datagram], _fast.receive(self.fileno, self._buffer))


class Form:
    """What the answers of one poll must name, binding by binding, and where in the result each value belongs.

    The octets that say so are the same for every device with the same rows; `shelf` keeps them once.
    """

    __slots__ = ("_asked", "_known", "_marks", "_sent", "_shape", "_skipped")

    def __init__(
        self,
        community: bytes,
        asked: Sequence[tuple[Sequence[bytes], Sequence[int]]],
        *,
        first: int,
        shape: tuple[int, int],
        sent: int,
        shelf: Shelf,
    ) -> None:
        """`asked` has names and places of each answer; `first` places are scalars; `sent` octets are the requests."""
        parts = [struct.pack("=H", len(community)), community, struct.pack("=II", first + shape[0] * shape[1], first)]
        for names, places in asked:
            parts.append(struct.pack("=I", len(places)))
            for name, place in zip(names, places, strict=True):
                parts += struct.pack("=IH", place, len(name)), name
        self._asked = shelf.once(b"".join(parts))
        self._skipped = 8 * first
        self._shape = shape
        self._sent = sent
        self._marks = b""
        self._known: NDArray[np.bool_] | None = None

    def read(self, answers: list[bytes]) -> Matrix | None:
        """The whole poll; None when the answers are not exactly what was asked."""
        told = _fast.read(answers, self._asked, self._marks)
        if told is None:
            return None
        scalars, values, marks, octets = told
        if marks is not None:
            self._mark(marks)
        matrix = np.ndarray(self._shape, np.uint64, values, self._skipped)
        return Matrix(scalars, matrix, self._known, len(answers), octets + self._sent)

    def _mark(self, marks: bytes) -> None:
        """Remember which values were known this time: mostly it is the same next time."""
        known = np.frombuffer(marks, np.uint8)[self._skipped // 8 :] > 0
        self._marks = marks
        self._known = None if known.all() else known.reshape(self._shape)
