"""The ledger for the web: read and changed as the commands do, and read again only after somebody committed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from alerts.books import Books, LedgerError
from alerts.incident import UNRESOLVED, Incident
from dashboards.incidents import worst_first
from dashboards.web.refusal import Away
from noc.ledger.ledger import SqlLedger, open_ledger


class LedgerCases:
    """`CaseSource` over the ledger; opened when first asked, and again after it could not be."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        self._url = url
        self._clock = clock
        self._turn = threading.RLock()
        self._open = ExitStack()
        self._ledger: SqlLedger | None = None
        self._version = 0
        self._read: tuple[int, Sequence[Incident]] = (-1, ())

    def version(self) -> int:
        with self._turn, _away():
            if self._opened().changed():
                self._version += 1
            return self._version

    def unresolved(self) -> Sequence[Incident]:
        with self._turn:
            version = self.version()
            if self._read[0] != version:
                with self.reading() as books:
                    self._read = (version, worst_first(books.incidents(UNRESOLVED)))
            return self._read[1]

    @contextmanager
    def reading(self) -> Iterator[Books]:
        with _away(), self._opened().reading() as books:
            yield books

    @contextmanager
    def acting(self) -> Iterator[Books]:
        with _away(), self._opened().transaction() as books:
            yield books
        with self._turn:
            self._version += 1

    def close(self) -> None:
        self._open.close()
        self._ledger = None

    def _opened(self) -> SqlLedger:
        with self._turn:
            if self._ledger is None:
                self._ledger = self._open.enter_context(open_ledger(self._url, clock=self._clock))
            return self._ledger


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except LedgerError as error:
        raise Away(str(error)) from error
