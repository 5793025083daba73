"""The ledger: opened by the daemon and by every command that acts, one transaction at a time, full disk or not."""

import logging
import random
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from noc.ledger.another import MARK, Another
from noc.ledger.beside import LastNumber, Reserve
from noc.ledger.books import SqlBooks
from noc.ledger.commits import counted, version
from noc.ledger.errors import named
from noc.ledger.place import BUSY_S, engine_of, file_of, identity, parsed, said
from noc.ledger.schema import INCIDENT
from noc.ledger.standing import check, raise_number, steps
from noc.ledger.unkept import Unkept
from noc.ledger.writing import Write, abandon, begin, begin_again, full, unwritable

log = logging.getLogger(__name__)

RETRY_S = 5.0  # between looks whether a full disk takes writes again
RETRY_BUSY_S = 0.2  # that one waits for others then


@dataclass(slots=True)
class LedgerCounters:
    """Counted since the ledger was opened."""

    transactions: int = 0
    unkept: int = 0  # transactions that had to stay in memory
    written_back: int = 0  # of those, later in the file
    gave_way: int = 0  # things not written back because people had changed them in the file


def open_ledger(
    url: str, *, migrate: bool = False, clock: Callable[[], float], source: random.Random | None = None
) -> "SqlLedger":
    """Not opened before it is entered. `migrate`: for the daemon, which makes the ledger and brings it up to date.

    Only the daemon goes on in memory when the disk is full; everybody else is told LedgerFull.
    """
    return SqlLedger(url, keeper=migrate, clock=clock, source=source or secrets.SystemRandom())


class SqlLedger:
    """Raises LedgerError on entry; safe in several threads, one transaction at a time."""

    def __init__(self, url: str, *, keeper: bool, clock: Callable[[], float], source: random.Random) -> None:
        self.counters = LedgerCounters()
        self.url = parsed(url)
        self.where = said(self.url)
        self._keeper = keeper
        self._clock = clock
        self._source = source
        self._goes_on = keeper and self.url.get_backend_name() == "sqlite"  # in memory, when the disk is full
        self._turn = threading.RLock()
        self._db: Connection | None = None
        self._seen = -1
        path = file_of(self.url) if keeper else None
        self._reserve = Reserve(path) if path else None
        self._last = LastNumber(path) if path else None
        self._unkept: Unkept | None = None
        self._tried_at = 0.0
        self._saving = False  # the reserve is gone
        self._opened_file: tuple[int, int] | None = None
        self._astray = False
        self._another = Another(self.url, clock)

    def __enter__(self) -> Self:
        with named(self.where):
            self._db = engine_of(self.url, create=self._keeper).connect()
            try:
                if self._keeper:
                    self._prepare(self._db)
                else:
                    check(self._db, self.where, steps())
                    self._db.rollback()
                self._seen = version(self._db)
                self._opened_file, self._astray = identity(self.url), False
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._unkept is not None and not self._back(force=True):
            log.error("%s: %d transactions were never kept", self.where, self._unkept.transactions)
            self._unkept.close()
            self._unkept = None
        if self._db is not None:
            self._db.close()
            self._db = None
        self._another.end()

    def _prepare(self, db: Connection) -> None:
        """Bring it up to date under its lock, and lay by what a full disk needs."""
        from noc.ledger.migration import migrate  # Alembic: the daemon alone waits for it

        begin(db)
        try:
            migrate(db, self.where)
            if self._last and (number := self._last.read()) and raise_number(db, number, self._clock()):
                log.error(
                    "%s: incidents up to %d are lost: told from memory only, or the ledger was taken away",
                    self.where,
                    number,
                )
            db.commit()
        except BaseException:
            abandon(db)
            raise
        if self._reserve and self._last:
            self._reserve.make()
            self._last.make()

    @property
    def in_memory(self) -> bool:
        """The disk takes no writes, and the daemon goes on without."""
        return self._unkept is not None

    @property
    def astray(self) -> bool:
        """The file was moved, deleted or replaced while it is open here: nobody else sees what is written now."""
        astray = self._db is not None and identity(self.url) != self._opened_file
        if astray != self._astray:
            self._astray = astray
            if astray:
                log.error(
                    "%s was taken away while the daemon writes in it: put it or a copy of it back; another ledger there ends "
                    "the daemon, so that it is started again with that one",
                    self.where,
                )
            else:
                log.warning("%s is back in its place", self.where)
        return astray

    def watch(self) -> None:
        """Whoever stays marks it as theirs: from now on `replaced` tells."""
        mark = secrets.token_hex(8)
        with self.transaction() as books:
            books.put_mark(MARK, mark)
        self._another.remember(mark)

    @property
    def replaced(self) -> bool:
        """Another ledger was put in its place and has settled there: whoever writes in this one must open that one."""
        return self._another.lies_there()

    @contextmanager
    def transaction(self) -> Iterator[SqlBooks]:
        with self._turn, named(self.where):
            books = SqlBooks(self._begun(), self._source, self._elsewhere if self._goes_on else None)
            try:
                yield books
                self._keep(books)
            except BaseException:
                abandon(books.db)
                raise

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        """One state of the ledger; needs no right to write, and keeps nobody from writing but for the moment."""
        with self._turn, named(self.where):
            db = self._unkept.db if self._unkept else self._file
            try:
                db.exec_driver_sql("BEGIN" if db.dialect.name == "sqlite" else "SELECT 1")
                yield SqlBooks(db, self._source)
            finally:
                abandon(db)

    def changed(self) -> bool:
        """Whether another process has committed since this was last asked, or the file takes writes again."""
        with self._turn, named(self.where):
            if self._unkept is not None:
                return self._back()  # people see in the file what was told meanwhile, though nothing more happens
            before, self._seen = self._seen, version(self._file)
            return self._seen != before

    def wait_no_longer_than(self, busy_s: float) -> None:
        """For others who write in the same file of SQLite."""
        self._file.exec_driver_sql(f"PRAGMA busy_timeout = {busy_s * 1000:.0f}")
        self._file.rollback()

    def rehearse_full_disk(self, full: bool) -> None:
        """From now on SQLite takes no writes, or takes them again."""
        with self._turn:
            self._file.exec_driver_sql(f"PRAGMA query_only = {full:d}")
            self._file.rollback()

    @property
    def _file(self) -> Connection:
        assert self._db is not None, "enter first"
        return self._db

    def _begun(self) -> Connection:
        if self._unkept is not None and not self._back():
            begin(self._unkept.db)
            return self._unkept.db
        if self._reserve and self._saving and self._due():
            self._reserve.make()
            self._saving = not self._reserve.there
        try:
            begin(self._file)
        except DBAPIError as error:
            return self._elsewhere(error, ())
        return self._file

    def _keep(self, books: SqlBooks) -> None:
        if books.log:
            self._seen = counted(books.db, self._seen)
        while True:
            try:
                books.db.commit()
                break
            except DBAPIError as error:
                books.db = self._elsewhere(error, books.log)
        self.counters.transactions += 1
        if self._unkept is not None and books.log:
            self._unkept.took(books.log)
            self.counters.unkept += 1
        if self._last and (numbers := [write.rows[0]["number"] for write in books.log if _opens(write)]):
            self._last.put(max(numbers))

    def _elsewhere(self, error: DBAPIError, writes: Sequence[Write]) -> Connection:
        """Where to go on when a write failed, with what was written so far: the file with more room, else memory."""
        abandon(self._file)
        if not self._goes_on or self._unkept is not None or not unwritable(error):
            raise error
        if full(error) and self._reserve and self._reserve.release():
            log.error("%s: no room for the ledger (%s): the reserve is released", self.where, error.orig)
            self._saving = True
            try:
                begin_again(self._file, writes)
                return self._file
            except DBAPIError as again:
                return self._elsewhere(again, writes)
        try:
            self._unkept = Unkept(self._file)
        except sqlite3.Error:
            raise error from None
        log.error("%s takes no writes (%s): going on in memory, pages go out", self.where, error.orig)
        self.wait_no_longer_than(RETRY_BUSY_S)
        begin_again(self._unkept.db, writes)
        return self._unkept.db

    def _due(self, *, force: bool = False) -> bool:
        """At most once in a while, whichever way the clock was set."""
        now = self._clock()
        if not force and abs(now - self._tried_at) < RETRY_S:
            return False
        self._tried_at = now
        return True

    def _back(self, *, force: bool = False) -> bool:
        """Whether the file takes writes again, and now holds what happened meanwhile."""
        assert self._unkept is not None
        if not self._due(force=force):
            return False
        try:
            gave_way = self._unkept.write_back(self._file, self._clock())
            self._file.commit()
        except DBAPIError:
            abandon(self._file)
            return False
        self.wait_no_longer_than(BUSY_S)
        log.warning("%s takes writes again: %d transactions written back", self.where, self._unkept.transactions)
        self.counters.written_back += self._unkept.transactions
        self.counters.gave_way += len(gave_way)
        self._unkept.close()
        self._unkept = None
        return True


def _opens(write: Write) -> bool:
    return write.table == INCIDENT.name and "number" in write.rows[0]
