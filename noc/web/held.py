"""What the ledger has of accounts, kept in memory until somebody changes it: a request asks for one number, no more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from dashboards.web.refusal import Away
from noc.ledger.access import Held, moved, read_held
from noc.ledger.books import SqlBooks
from noc.web.cases import LedgerCases

GRACE_S: Final = 600.0  # that who was let in stays in while the ledger cannot be read


class HeldAccess:
    """Safe in several threads."""

    def __init__(self, cases: LedgerCases, clock: Callable[[], float]) -> None:
        self._cases = cases
        self._clock = clock
        self._turn = threading.Lock()
        self._held: Held | None = None
        self._version = -1
        self._moved = ""
        self._known_at = 0.0

    def now(self) -> Held:
        """As it stands; as it last stood where the ledger cannot be read for a short while. Raises `Away`."""
        try:
            version = self._cases.version()
            with self._turn:
                if self._held is None or version != self._version:
                    self._read(version)
                self._known_at = self._clock()
                assert self._held is not None
                return self._held
        except Away:
            if self._held is None or not 0 <= self._clock() - self._known_at < GRACE_S:
                raise
            return self._held

    def _read(self, version: int) -> None:
        with self.reading() as books:
            word = moved(books)
            if self._held is None or word != self._moved:
                self._held = read_held(books)
        self._moved, self._version = word, version

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        with self._cases.reading() as books:
            assert isinstance(books, SqlBooks)
            yield books

    @contextmanager
    def acting(self) -> Iterator[SqlBooks]:
        with self._cases.acting() as books:
            assert isinstance(books, SqlBooks)
            yield books
