"""What a database says when it refuses, in the ledger's own words: nothing of SQLAlchemy leaves this room."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from alerts.books import LedgerError, LedgerFull, LedgerLocked, LedgerMissing
from inventory.sentence import Sentence, noted

CODE = "away"
CUT_OFF = noted("the daemon was cut off while it wrote: start it, or read as the user that it runs as")
_SQLITE: dict[int, tuple[type[LedgerError], str]] = {  # by extended, else primary result code, sqlite.org/rescode.html
    sqlite3.SQLITE_BUSY: (LedgerLocked, noted("somebody else is writing in the ledger; try again")),
    sqlite3.SQLITE_LOCKED: (LedgerLocked, noted("somebody else is writing in the ledger; try again")),
    sqlite3.SQLITE_FULL: (LedgerFull, noted("the disk is full")),
    sqlite3.SQLITE_IOERR: (LedgerFull, noted("the disk takes no writes")),
    sqlite3.SQLITE_READONLY: (LedgerError, noted("the ledger may not be written to by this user")),
    sqlite3.SQLITE_READONLY_ROLLBACK: (LedgerError, CUT_OFF),
    sqlite3.SQLITE_IOERR_DELETE: (LedgerError, CUT_OFF),  # undone, but the directory lets this user remove no journal
    sqlite3.SQLITE_CANTOPEN: (LedgerError, noted("the ledger cannot be opened: may this user read it?")),
    sqlite3.SQLITE_CORRUPT: (LedgerError, noted("the ledger is damaged: restore it from a copy")),
    sqlite3.SQLITE_NOTADB: (LedgerError, noted("that is no ledger")),
}
_POSTGRESQL: dict[str, tuple[type[LedgerError], str]] = {  # by SQLSTATE, PostgreSQL manual, appendix A
    "55P03": (LedgerLocked, noted("somebody else is writing in the ledger; try again")),
    "53100": (LedgerFull, noted("the disk of the database is full")),
    "25006": (LedgerFull, noted("the database may not be written to")),
    "3D000": (LedgerMissing, noted("there is no such database")),
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
    why = Sentence(CODE, text) if text else str(cause).strip().partition(chr(10))[0]
    return kind(Sentence(CODE, "{where}: {why}", where=where, why=why))
