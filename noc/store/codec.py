"""How numbers become few bytes and numbers again: the only door to pcodec and zstandard, with zlib as the floor.

Every blob begins with one byte that names its coding, so files move freely between installations; one that
lacks the codec says so by name (`CodecMissing`) and never misreads.
"""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from noc.store.file import CodecMissing, StoreDamaged

try:
    import pcodec
    from pcodec import standalone
except ImportError:
    pcodec = None
try:
    import zstandard
except ImportError:
    zstandard = None  # type: ignore[assignment]

Steps = NDArray[np.int64]

_NARROW: Final = (np.dtype("<i1"), np.dtype("<i2"), np.dtype("<i4"), np.dtype("<i8"))
_RAW, _ZLIB, _ZSTD, _CONSTANT, _DELTA, _PCO = b"R", b"Z", b"S", b"C", b"D", b"P"
_SHARED: Final = 512  # lines of numbers kept unpacked
_MISSING = "this metric store was written with {0}; install it: pip install 'govnet-noc[fast]'"


def narrowest(low: int, high: int) -> int:
    """Index of the smallest signed integer that holds both."""
    for index, bits in enumerate((7, 15, 31)):
        if -(1 << bits) <= low and high < 1 << bits:
            return index
    return 3


def narrow_type(index: int) -> "np.dtype[np.signedinteger]":
    return _NARROW[index]


class Codec:
    """Not for use by two threads at once. `fast=False` writes with zlib alone; reading takes what is installed."""

    def __init__(self, fast: bool = True, level: int = 4) -> None:
        self._compress = zstandard.ZstdCompressor(level=1).compress if fast and zstandard else None
        self._decompress = zstandard.ZstdDecompressor().decompress if zstandard else None
        self._shared: dict[bytes, Steps] = {}
        self._config = pcodec.ChunkConfig(compression_level=level) if fast and pcodec else None

    def pack(self, data: bytes) -> bytes:
        """Bytes, compressed where that makes them fewer."""
        packed = _ZSTD + self._compress(data) if self._compress else _ZLIB + zlib.compress(data, 1)
        return packed if len(packed) <= len(data) else _RAW + data

    def unpack(self, blob: bytes) -> bytes:
        kind, rest = blob[:1], blob[1:]
        if kind == _RAW:
            return rest
        if kind == _ZLIB:
            return zlib.decompress(rest)
        if kind == _ZSTD:
            if self._decompress is None:
                raise CodecMissing(_MISSING.format("zstandard"))
            return self._decompress(rest)
        raise StoreDamaged(f"blob of unknown coding {kind!r}")

    def pack_numbers(self, numbers: Steps) -> bytes:
        """One line of integers of any length; a constant one takes 13 bytes."""
        if not len(numbers) or (numbers[0] == numbers[-1] and bool((numbers == numbers[0]).all())):
            return _CONSTANT + struct.pack("<Iq", len(numbers), int(numbers[0]) if len(numbers) else 0)
        if self._config is not None:
            return bytes(_PCO + standalone.simple_compress(np.ascontiguousarray(numbers), self._config))
        return _DELTA + _delta(numbers)

    def shared_numbers(self, blob: bytes) -> Steps:
        """As `unpack_numbers`; what many chunks have in common (their instants) is unpacked once, and not to be written to."""
        numbers = self._shared.get(blob)
        if numbers is None:
            numbers = self.unpack_numbers(blob)
            numbers.flags.writeable = False
            if len(self._shared) >= _SHARED:
                self._shared.clear()
            self._shared[blob] = numbers
        return numbers

    def unpack_numbers(self, blob: bytes) -> Steps:
        kind, rest = blob[:1], blob[1:]
        if kind == _CONSTANT:
            count, value = struct.unpack("<Iq", rest)
            return np.full(count, value, np.int64)
        if kind == _DELTA:
            return _undelta(rest)
        if kind == _PCO:
            if pcodec is None:
                raise CodecMissing(_MISSING.format("pcodec"))
            numbers: Steps = standalone.simple_decompress(rest)
            return numbers
        raise StoreDamaged(f"numbers of unknown coding {kind!r}")


def _delta(numbers: Steps) -> bytes:
    """Differences (modulo 2**64), narrowed, bytes of equal weight together, zlib."""
    steps = np.diff(numbers, prepend=np.int64(0))
    width = narrowest(int(steps.min()), int(steps.max()))
    planes = steps.astype(_NARROW[width]).view(np.uint8).reshape(len(steps), -1).T
    return bytes([width]) + zlib.compress(planes.tobytes(), 6)


def _undelta(blob: bytes) -> Steps:
    kind = _NARROW[blob[0]]
    planes = np.frombuffer(zlib.decompress(blob[1:]), np.uint8).reshape(kind.itemsize, -1)
    steps = np.ascontiguousarray(planes.T).view(kind).ravel()
    return steps.astype(np.int64).cumsum(dtype=np.int64)
