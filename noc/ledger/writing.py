"""How a transaction of the ledger is begun, kept and given up, and what of it can be carried out again elsewhere."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from alerts.books import Overtaken
from noc.ledger.rows import Row

LOCK_KEY = 0x6E6F63  # of PostgreSQL's advisory lock: one writer at a time, as in SQLite
_BEGIN = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("SET LOCAL lock_timeout = '5s'", f"SELECT pg_advisory_xact_lock({LOCK_KEY})"),
}
_UNWRITABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY}


@dataclass(frozen=True, slots=True)
class Write:
    """One statement that was carried out. `guard`: what it changes, of one that must find its row."""

    statement: Executable
    rows: Sequence[Row]
    table: str
    guard: str = ""


def carry_out(db: Connection, write: Write) -> None:
    """Overtaken when what it is to change is not there as it was read."""
    done = db.execute(write.statement, list(write.rows) if len(write.rows) > 1 else write.rows[0])
    if write.guard and not done.rowcount:
        raise Overtaken(f"{write.guard} has been changed by somebody else since it was read")


def begin(db: Connection) -> None:
    """No other writer gets in until it ends."""
    for statement in _BEGIN[db.dialect.name]:
        db.exec_driver_sql(statement)


def begin_again(db: Connection, writes: Iterable[Write]) -> None:
    begin(db)
    for write in writes:
        carry_out(db, write)


def abandon(db: Connection) -> None:
    """Nothing of it is kept; also after a commit that failed, which leaves SQLite's own transaction open."""
    db.rollback()
    if db.dialect.name == "sqlite":
        driver = db.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        if driver.in_transaction:
            driver.rollback()
        db.rollback()


def unwritable(error: DBAPIError) -> bool:
    """Whether it may still be read, and takes no writes: full, broken, read-only, or held by somebody."""
    return _code(error) in _UNWRITABLE


def full(error: DBAPIError) -> bool:
    """Whether room would help."""
    return _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def _code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 0) or 0) & 0xFF
