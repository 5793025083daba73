"""The ledger for the web: read and changed as the commands do, and read again only after somebody committed."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from alerts.alarm import Alarm
from alerts.books import Books, LedgerError, Overtaken
from alerts.incident import UNRESOLVED, Incident, IncidentState
from dashboards.incidents import worst_first
from dashboards.web.refusal import Away, NotNow
from noc.ledger.fresh import fresh
from noc.ledger.ledger import SqlLedger, open_ledger
from noc.ledger.place import identity, parsed

WAIT_S: Final = 1.0  # for whoever writes in the file; the page says so then, and is asked for again
ACT_WAIT_S: Final = 4.0  # of who acts: a busy daemon writes for a second or two, and nobody should have to send twice
MOST_SPANS: Final = 8  # of closed incidents that are remembered
REST_S: Final = 0.5  # after it could not be read nobody else waits for the same again
NOT_CLOSED: Final = (*UNRESOLVED, IncidentState.RESOLVED)
MOST_IDLE: Final = 6  # that stay open between requests


class LedgerCases:
    """`CaseSource` over the ledger: a connection to whoever asks, and one that watches for commits.

    Nothing is opened before it is asked for. A ledger that is taken away, replaced, locked or brought up to date is
    noticed with the next question; reading needs no right to write.
    """

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        self._url = url
        self._clock = clock
        self._turn = threading.Lock()
        self._idle: queue.LifoQueue[SqlLedger] = queue.LifoQueue()
        self._watch: SqlLedger | None = None
        self._where: object = None
        self._version = 0
        self._read: tuple[int, Sequence[Incident], Sequence[Incident]] = (-1, (), ())
        self._kept: tuple[int, dict[float, Sequence[Incident]]] = (-1, {})
        self._firing: tuple[int, Mapping[str, Alarm]] = (-1, {})
        self._failed: tuple[float, Away] | None = None

    def version(self) -> int:
        with self._turn:
            self._spare()
            try:
                return self._watched()
            except LedgerError as error:
                self._drop_watch()
                away = Away(str(error))
                self._failed = (self._clock(), away)
                raise away from error

    def standing(self) -> Sequence[Incident]:
        return self._current()[1]

    def unresolved(self) -> Sequence[Incident]:
        return self._current()[2]

    def closed(self, since: float) -> Sequence[Incident]:
        version = self.version()
        if self._kept[0] != version or len(self._kept[1]) >= MOST_SPANS:
            self._kept = (version, {})
        found = self._kept[1].get(since)
        if found is None:
            with self.reading() as books:
                found = self._kept[1][since] = books.incidents((IncidentState.CLOSED,), since)
        return found

    def alarms(self) -> Mapping[str, Alarm]:
        version = self.version()
        if self._firing[0] != version:
            with self.reading() as books:
                self._firing = (version, books.alarms())
        return self._firing[1]

    def _current(self) -> tuple[int, Sequence[Incident], Sequence[Incident]]:
        """(version, all that are not closed, those that are unresolved)."""
        version, read, where = self.version(), self._read, self._where
        if read[0] != version:
            known = {one.number: one for one in read[1]}
            with self._lent() as ledger, ledger.reading() as books:
                found = worst_first(fresh(books, NOT_CLOSED, known if self._where == where else {}))
            self._read = read = (version, found, [one for one in found if one.unresolved])
        return read

    @contextmanager
    def reading(self) -> Iterator[Books]:
        with self._lent() as ledger, ledger.reading() as books:
            yield books

    @contextmanager
    def acting(self) -> Iterator[Books]:
        with self._lent() as ledger:
            ledger.wait_no_longer_than(ACT_WAIT_S)
            with ledger.transaction() as books:
                yield books
            ledger.wait_no_longer_than(WAIT_S)

    def close(self) -> None:
        with self._turn:
            self._drop_watch()
            self._drop_idle()
            self._failed = None

    def _watched(self) -> int:
        """Under the turn."""
        where = identity(parsed(self._url))
        if self._watch is None or where != self._where:
            self._drop_watch()
            self._drop_idle()
            self._read = (-1, (), ())  # another file may hold another incident under the same number and revision
            self._watch, self._where = self._opened(), where
            self._version += 1
        elif self._watch.changed():
            self._version += 1
        return self._version

    def _spare(self) -> None:
        """Whoever asks right after a failure is told the same, without waiting in turn for it."""
        if self._failed is not None and 0 <= self._clock() - self._failed[0] < REST_S:
            raise self._failed[1]
        self._failed = None

    @contextmanager
    def _lent(self) -> Iterator[SqlLedger]:
        """A connection that nobody else uses meanwhile."""
        self.version()
        where = self._where
        try:
            ledger = self._taken()
        except LedgerError as error:
            raise Away(str(error)) from error
        try:
            yield ledger
        except Overtaken as error:
            self._give_back(ledger, where)
            raise NotNow(str(error)) from error
        except LedgerError as error:
            _end(ledger)
            raise Away(str(error)) from error
        except BaseException:
            self._give_back(ledger, where)
            raise
        self._give_back(ledger, where)

    def _taken(self) -> SqlLedger:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._opened()

    def _give_back(self, ledger: SqlLedger, where: object) -> None:
        if where == self._where and self._idle.qsize() < MOST_IDLE:
            self._idle.put(ledger)
        else:
            _end(ledger)

    def _opened(self) -> SqlLedger:
        ledger = open_ledger(self._url, clock=self._clock).__enter__()
        if ledger.url.get_backend_name() == "sqlite":
            ledger.wait_no_longer_than(WAIT_S)
        return ledger

    def _drop_watch(self) -> None:
        if self._watch is not None:
            _end(self._watch)
        self._watch = None

    def _drop_idle(self) -> None:
        while True:
            try:
                _end(self._idle.get_nowait())
            except queue.Empty:
                return


def _end(ledger: SqlLedger) -> None:
    with suppress(LedgerError):
        ledger.__exit__()
