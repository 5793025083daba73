"""The file `notices.db`: what devices said unasked, beside the measurements and apart from them.

Standard library only, so that `noc notice list` starts in the blink of an eye.
"""

import sqlite3
from pathlib import Path

from noc.store.file import FileKind, check_kind, named

NOTICES = FileKind("store of notices", 0x674E4F54, 1, "the first `noc run` that listens")  # "gNOT"
NAME = "notices.db"

SCHEMA = """
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, device TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, severity INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, content TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notice_at ON notice (at);
CREATE INDEX IF NOT EXISTS notice_device ON notice (device, at);
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, at REAL NOT NULL, content TEXT NOT NULL) WITHOUT ROWID;
"""


def open_writing(path: Path) -> sqlite3.Connection:
    """The one writing connection. A kill loses nothing that was committed, a power cut the last second at most."""
    try:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    except sqlite3.Error as error:
        raise named(error, path) from error
    try:
        check_kind(db, path, NOTICES, fresh_allowed=True)
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "journal_size_limit = 16777216"):
            db.execute(f"PRAGMA {pragma}")
        db.executescript(SCHEMA)
        db.execute(f"PRAGMA application_id = {NOTICES.application_id}")
        db.execute(f"PRAGMA user_version = {NOTICES.version}")
    except Exception as error:
        db.close()
        raise error if not isinstance(error, sqlite3.Error) else named(error, path) from error
    return db
