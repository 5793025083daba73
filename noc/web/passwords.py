"""The door to argon2: passwords are kept as argon2id (RFC 9106), and never more than two are worked out at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboards.web.sources.accounts import TooOften
from noc.accounts.known_passwords import LONGEST

ROUNDS: Final = 2
MEMORY_KIB: Final = 47_104  # 46 MiB and 70 ms of one core
AT_ONCE: Final = 2
WAITING: Final = 8  # more than that are sent away: threads are for pages
BUSY_S: Final = 2.0


class Passwords:
    """Cheaper `rounds` and `memory_kib` are for tests."""

    def __init__(self, rounds: int = ROUNDS, memory_kib: int = MEMORY_KIB) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._nobody = ""

    def hashed(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(password)

    def right(self, kept: str, password: str) -> bool:
        """Takes the same time where nothing is kept. What is longer than any password is never worked on."""
        fits = len(password) <= LONGEST
        with self._turn():
            self._nobody = self._nobody or self._hasher.hash("nobody has this one")
            try:
                same = self._hasher.verify(kept or self._nobody, password.encode("utf-8", "replace") if fits else b"")
            except (VerificationError, InvalidHashError):
                return False
        return same and bool(kept) and fits

    def outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than these."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._queue.acquire(blocking=False):
            raise TooOften(BUSY_S)
        try:
            with self._room:
                yield
        finally:
            self._queue.release()
