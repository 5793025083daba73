"""Where a ledger is: a file of SQLite, or a database of PostgreSQL, and how either is opened."""

import os
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from alerts.books import LedgerError, LedgerMissing
from inventory.sentence import Sentence, noted
from noc.ledger.rows import compact

BUSY_S = 5.0
MODE = 0o660  # who is in its group may act, where the directory lets them; nobody else may even read
# EXTRA: with FULL, power lost before the removal of the journal is on the disk takes back the last commit
_PRAGMAS = ("foreign_keys = ON", "journal_mode = DELETE", "synchronous = EXTRA")


@lru_cache(maxsize=8)
def parsed(url: str) -> URL:
    try:
        found = make_url(url)
    except ArgumentError:
        raise LedgerError("alerts.ledger is no database URL: sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if found.get_backend_name() not in ("sqlite", "postgresql"):
        raise LedgerError(f"alerts.ledger: {found.get_backend_name()} is not known: sqlite or postgresql")
    return found


def file_of(url: URL) -> Path | None:
    """The file of SQLite; None where it is another database, or in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def identity(url: URL) -> tuple[int, int] | None:
    """Which file of SQLite it is now: one that was put in its place is another. None: there is none."""
    path = file_of(url)
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def said(url: URL) -> str:
    """As messages name it: never with a password."""
    return str(file_of(url) or url.render_as_string(hide_password=True))


def engine_of(url: URL, *, create: bool, busy_s: float = BUSY_S) -> Engine:
    """Nothing is opened yet."""
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    path = file_of(url)
    if path is None:
        return memory_engine()

    def connect() -> sqlite3.Connection:
        if create:
            _create(path)
        elif not _there(path):
            text = noted("{where}: there is no ledger yet; 'noc run' makes it")
            raise LedgerMissing(Sentence("away", text, where=path))
        address = f"file:{quote(str(path.absolute()))}?mode=rw"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=busy_s, check_same_thread=False)

    return _sqlite(connect, memory=False)


def memory_engine() -> Engine:
    """A ledger that is gone when its connection closes."""
    return _sqlite(lambda: sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False), memory=True)


def _there(path: Path) -> bool:
    """LedgerError where this user may not even look."""
    try:
        return path.exists()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be opened: {error.strerror}") from error


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            file = os.open(path, os.O_RDWR | os.O_CREAT)
            os.fchmod(file, MODE)  # the umask of a service is meant for what all may read
            os.close(file)
    except OSError as error:
        raise LedgerMissing(f"{path}: cannot be made: {error.strerror}") from error


def _sqlite(connect: Any, *, memory: bool) -> Engine:
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=StaticPool if memory else NullPool, json_serializer=compact
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool, json_serializer=compact)
    except ImportError:
        raise LedgerError("a ledger in PostgreSQL needs psycopg: pip install 'govnet-noc[postgresql]'") from None
