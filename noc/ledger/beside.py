"""What lies beside the ledger for the day the disk is full: a reserve to let go, and the last number given from memory."""

import os
from contextlib import suppress
from pathlib import Path

from noc.ledger.place import MODE

RESERVE_OCTETS = 8 << 20
PLENTY = 4  # times the reserve must be free before it is made again
_DIGITS = 20


class Reserve:
    """`ledger.reserve`: real blocks that nobody needs, until nothing else is left. Never raises."""

    def __init__(self, ledger: Path, octets: int = RESERVE_OCTETS) -> None:
        self.path = ledger.with_suffix(".reserve")
        self.octets = octets

    def make(self) -> None:
        """Where it is not there and there is room enough; else another time."""
        with suppress(OSError):
            if self.there or self._free() < PLENTY * self.octets:
                return
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, MODE)
            try:
                os.posix_fallocate(file, 0, self.octets)
            finally:
                os.close(file)

    def release(self) -> bool:
        """Whether there was anything to let go."""
        with suppress(OSError):
            there = self.there
            self.path.unlink()
            return there
        return False

    @property
    def there(self) -> bool:
        return self.path.exists() and self.path.stat().st_size >= self.octets

    def _free(self) -> int:
        room = os.statvfs(self.path.parent)
        return room.f_bavail * room.f_frsize


class LastNumber:
    """`ledger.number`: the last incident number given, in the ledger or from memory.

    Outlives a ledger that is damaged and put aside. Written in place, into blocks that were taken while there was room,
    so that a number that people were told is never given twice, whatever happens to the memory that knew it.
    """

    def __init__(self, ledger: Path) -> None:
        self.path = ledger.with_suffix(".number")

    def make(self) -> None:
        if not self.path.exists():
            with suppress(OSError):
                self.path.touch(MODE)
                self.put(0)

    def put(self, number: int) -> None:
        with suppress(OSError):
            file = os.open(self.path, os.O_RDWR)
            try:
                os.pwrite(file, f"{number:0{_DIGITS}d}\n".encode(), 0)
                os.fsync(file)
            finally:
                os.close(file)

    def read(self) -> int:
        with suppress(OSError, ValueError):
            return int(self.path.read_bytes()[:_DIGITS])
        return 0
