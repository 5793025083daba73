"""The ledger as a simulated daemon meets it: it may be full, people write into it beside the daemon, and death has moments."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alerts.books import Books, LedgerError
from alerts.incident import Incident
from alerts.notification import Fate, Notification
from noc.ledger.ledger import SqlLedger


class WatchedLedger:
    """What `alerts.books.Ledger` promises. `moment` is told of every step; "after-decision" whenever messages were queued."""

    def __init__(
        self,
        ledger: SqlLedger,
        full: Callable[[], bool],
        moment: Callable[[str], None],
        keep: Callable[[Incident], None],
    ) -> None:
        """`keep` is shown every incident as it is kept."""
        self._ledger = ledger
        self._keep = keep
        self._full = full
        self._moment = moment
        self._by_people = False
        self.closed = False  # the daemon is dead: nothing that still moves in it writes any more

    @contextmanager
    def transaction(self) -> Iterator[Books]:
        if self.closed:
            raise LedgerError("the daemon is dead")
        watched: _Watched
        self._moment("transaction")
        with self._ledger.transaction() as books:
            watched = _Watched(books, self._keep)
            yield watched
            self._moment("commit")
        self._moment("committed")
        if watched.queued:
            self._moment("after-decision")

    @contextmanager
    def acting(self) -> Iterator[Books]:
        """A transaction of people's, from a process of their own; the daemon alone goes on in memory when the disk is full."""
        if self._full():
            raise LedgerError("the disk is full")
        with self._ledger.transaction() as books:
            watched = _Watched(books, self._keep)
            yield watched
        self._by_people = True

    @contextmanager
    def reading(self) -> Iterator[Books]:
        with self._ledger.reading() as books:
            yield books

    def changed(self) -> bool:
        """Whether people acted since this was last asked."""
        acted, self._by_people = self._by_people, False
        return acted


class _Watched:
    """Books that remember whether anything was queued through them, and show what is kept of incidents."""

    def __init__(self, books: Books, keep: Callable[[Incident], None]) -> None:
        self._books = books
        self._keep = keep
        self.queued = False

    def add(self, incident: Incident) -> Incident:
        kept = self._books.add(incident)
        self._keep(kept)
        return kept

    def put(self, incident: Incident) -> Incident:
        kept = self._books.put(incident)
        self._keep(kept)
        return kept

    def queue(self, notification: Notification) -> None:
        self.queued = self.queued or notification.fate is Fate.QUEUED
        self._books.queue(notification)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._books, name)
