"""The ledger: opened by the daemon and by every command that acts, one transaction at a time."""

import random
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Connection

from noc.ledger.books import SqlBooks
from noc.ledger.errors import named
from noc.ledger.migration import check, migrate
from noc.ledger.place import LOCK_KEY, engine_of, parsed, said


def open_ledger(
    url: str, *, migrate: bool = False, clock: Callable[[], float], source: random.Random | None = None
) -> "SqlLedger":
    """Not opened before it is entered. `migrate`: for the daemon, which makes the ledger and brings it up to date."""
    return SqlLedger(url, migrate=migrate, clock=clock, source=source or secrets.SystemRandom())


class SqlLedger:
    """Raises LedgerError on entry; safe in several threads, one transaction at a time."""

    def __init__(self, url: str, *, migrate: bool, clock: Callable[[], float], source: random.Random) -> None:
        self.url = parsed(url)
        self.where = said(self.url)
        self._migrate = migrate
        self._clock = clock
        self._source = source
        self._turn = threading.RLock()
        self._db: Connection | None = None
        self._seen = -1

    def __enter__(self) -> Self:
        with named(self.where):
            self._db = engine_of(self.url, create=self._migrate).connect()
        try:
            with named(self.where):
                if self._migrate:
                    with self._written() as db:
                        migrate(db, self.where)
                else:
                    with self._db.begin():
                        check(self._db, self.where)
                self._seen = self._version()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    @contextmanager
    def transaction(self) -> Iterator[SqlBooks]:
        with self._turn, named(self.where), self._written() as db:
            yield SqlBooks(db, self._source)

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        """One state of the ledger, without keeping anybody from writing for long; needs no right to write."""
        with self._turn, named(self.where), self._connection.begin():
            if self.sqlite:
                self._connection.exec_driver_sql("BEGIN")
            yield SqlBooks(self._connection, self._source)

    def changed(self) -> bool:
        """Whether another process has committed since this was last asked."""
        with self._turn, named(self.where):
            before, self._seen = self._seen, self._version()
            return self._seen != before

    @property
    def sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def _connection(self) -> Connection:
        assert self._db is not None, "enter first"
        return self._db

    @contextmanager
    def _written(self) -> Iterator[Connection]:
        """A transaction that no other writer gets into; committed where the block ends well."""
        db = self._connection
        with db.begin():
            if self.sqlite:
                db.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                db.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
                db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
            yield db

    def _version(self) -> int:
        db = self._connection
        with db.begin():
            return int(db.exec_driver_sql("PRAGMA data_version").scalar_one())
