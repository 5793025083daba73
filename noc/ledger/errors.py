"""What a database says when it refuses, in the ledger's own words: nothing of SQLAlchemy leaves this room."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from alerts.books import LedgerError, LedgerFull, LedgerLocked, LedgerMissing

CUT_OFF = "the daemon was cut off while it wrote: start it, or read as the user that it runs as"
_SQLITE: dict[int, tuple[type[LedgerError], str]] = {  # by extended, else primary result code, sqlite.org/rescode.html
    sqlite3.SQLITE_BUSY: (LedgerLocked, "somebody else is writing in the ledger; try again"),
    sqlite3.SQLITE_LOCKED: (LedgerLocked, "somebody else is writing in the ledger; try again"),
    sqlite3.SQLITE_FULL: (LedgerFull, "the disk is full"),
    sqlite3.SQLITE_IOERR: (LedgerFull, "the disk takes no writes"),
    sqlite3.SQLITE_READONLY: (LedgerError, "the ledger may not be written to by this user"),
    sqlite3.SQLITE_READONLY_ROLLBACK: (LedgerError, CUT_OFF),
    sqlite3.SQLITE_IOERR_DELETE: (LedgerError, CUT_OFF),  # undone, but the directory lets this user remove no journal
    sqlite3.SQLITE_CANTOPEN: (LedgerError, "the ledger cannot be opened: may this user read it?"),
    sqlite3.SQLITE_CORRUPT: (LedgerError, "the ledger is damaged: restore it from a copy"),
    sqlite3.SQLITE_NOTADB: (LedgerError, "that is no ledger"),
}
_POSTGRESQL: dict[str, tuple[type[LedgerError], str]] = {  # by SQLSTATE, PostgreSQL manual, appendix A
    "55P03": (LedgerLocked, "somebody else is writing in the ledger; try again"),
    "53100": (LedgerFull, "the disk of the database is full"),
    "25006": (LedgerFull, "the database may not be written to"),
    "3D000": (LedgerMissing, "there is no such database"),
}


@contextmanager
def named(where: str) -> Iterator[None]:
    """Errors of the database come out as LedgerError, with the place in the text."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise ledger_error(error, where) from error


def ledger_error(error: Exception, where: str) -> LedgerError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind, text = LedgerError, ""
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) or 0
        kind, text = _SQLITE.get(code) or _SQLITE.get(code & 0xFF, (LedgerError, ""))
    else:
        state = getattr(cause, "sqlstate", None)
        kind, text = _POSTGRESQL.get(state or "", (LedgerError, ""))
    return kind(f"{where}: {text or str(cause).strip().partition(chr(10))[0]}")
