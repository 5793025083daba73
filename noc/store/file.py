"""The file `metrics.db` itself: its tables, who may write it, and how anybody opens it to read.

Standard library only, so that `noc link status` starts in the blink of an eye.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

T = TypeVar("T")
Identity = tuple[int, ...]

APPLICATION_ID = 0x674E4F43  # "gNOC": `file metrics.db` and `PRAGMA application_id` show whose file it is
VERSION = 4
LOCK_TRIES = 25  # half a second in all

# chunk.tier: PIECE an hour at full resolution, DAY a (UTC) day of it; FIVE_MINUTES and HOURLY the rollups of that day;
# DAILY the local days of a local month, MONTHLY that month as one, both beginning with it.
# meta "changes N" counts every change of tier N, whoever makes it, so that readers know what they may remember; "changes of
# hot" counts how often blobs were taken away or cut: otherwise they are only added, with rising ids.
# status.written is the number of the commit that last wrote the row; numbers rise within one meta "life", which is drawn
# anew whenever somebody opens the file to write. Rows that come and go, and other labels, count in "changes of labels".
PIECE, DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY = range(6)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What sort of file it is: SQLite tells its number by `PRAGMA application_id`, people its name."""

    name: str
    application_id: int
    version: int
    made_by: str
    oldest: int | None = None  # the earliest version that is understood; none: only this one


METRICS = FileKind("metric store", APPLICATION_ID, VERSION, "the first `noc run`", oldest=2)

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tuple (id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS stream (
    id INTEGER PRIMARY KEY, measurement TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (measurement, scope));
CREATE TABLE IF NOT EXISTS frame (
    id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, "rows" INTEGER NOT NULL, quantities INTEGER NOT NULL,
    scales INTEGER NOT NULL, UNIQUE (stream, "rows", quantities, scales));
CREATE TABLE IF NOT EXISTS hot (
    id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chunk (
    tier INTEGER NOT NULL, frame INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (tier, frame, start));
CREATE TABLE IF NOT EXISTS due (
    tier INTEGER NOT NULL, stream INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (tier, stream, start)) WITHOUT ROWID;
INSERT OR IGNORE INTO meta SELECT 'changes ' || value, '0' FROM json_each('[0, 1, 2, 3, 4, 5]');
INSERT OR IGNORE INTO meta VALUES ('changes of labels', '0');
INSERT OR IGNORE INTO meta VALUES ('changes of hot', '0');
CREATE TRIGGER IF NOT EXISTS chunk_put AFTER INSERT ON chunk BEGIN
    UPDATE meta SET content = content + 1 WHERE name = 'changes ' || NEW.tier; END;
CREATE TRIGGER IF NOT EXISTS chunk_changed AFTER UPDATE ON chunk BEGIN
    UPDATE meta SET content = content + 1 WHERE name IN ('changes ' || OLD.tier, 'changes ' || NEW.tier); END;
CREATE TRIGGER IF NOT EXISTS chunk_gone AFTER DELETE ON chunk BEGIN
    UPDATE meta SET content = content + 1 WHERE name = 'changes ' || OLD.tier; END;
CREATE TABLE IF NOT EXISTS label (
    kind TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS status (
    kind TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, since REAL, reason TEXT NOT NULL, flags TEXT NOT NULL,
    at REAL, figures TEXT NOT NULL, written INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
    device TEXT NOT NULL, part TEXT NOT NULL, at INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (device, part))
    WITHOUT ROWID;
"""

_OPENED = "INSERT OR REPLACE INTO meta VALUES ('life', hex(randomblob(16)))"
_NUMBERED = "ALTER TABLE status ADD COLUMN written INTEGER NOT NULL DEFAULT 0"

# Five-minute chunks had least and most only of dense polls, and nothing was rolled into local days and months.
_OWED_SINCE_2 = f"""
INSERT OR IGNORE INTO due SELECT DISTINCT {FIVE_MINUTES}, f.stream, c.start, c.start + 86400
FROM chunk c JOIN frame f ON f.id = c.frame WHERE c.tier = {FIVE_MINUTES}
"""


class StoreError(Exception):
    """Something about the metric store that a person can act on; the text says what to do.

    StoreError
    ├── StoreMissing   no file there
    ├── StoreBusy      another process writes it
    ├── StoreDenied    the file or its directory may not be read (or written, for the daemon)
    ├── StoreDamaged   not a metric store, of a later version, or broken
    ├── StoreFull      disk full or I/O error while writing; what was not written waits in memory
    ├── SealFailed     the sealing process died; nothing is lost, it is tried again
    └── CodecMissing   written with a codec that this installation lacks
    """


class StoreMissing(StoreError):
    """No file there."""


class StoreBusy(StoreError):
    """Another process writes it."""


class StoreDenied(StoreError):
    """No permission."""


class StoreDamaged(StoreError):
    """Not a metric store that this version can read."""


class StoreFull(StoreError):
    """Disk full or I/O error in a commit; nothing of it was written, all of it is kept for the next one."""


class SealFailed(StoreError):
    """The sealing process died; what it had not delivered stays hot."""


class CodecMissing(StoreError):
    """The reader lacks the codec that the file was written with."""


def lock_path(path: Path) -> Path:
    return path.with_name(path.name + "-lock")


class WriterLock:
    """Held by the one process that writes; the kernel lets it go when that process dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Self:
        try:
            descriptor = os.open(lock_path(self._path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreDenied(
                f"cannot write beside {self._path}: {error.strerror}; check the directory and its owner"
            ) from error
        if not _locked(descriptor):
            pid = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreBusy(f"{self._path} is being written by process {pid}; stop it first (or read only)")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _locked(descriptor: int) -> bool:
    """Tries for a while: a reader that looks whether somebody writes holds the lock for that instant."""
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(0.02)
    return False


def written_now(path: Path) -> bool:
    """Whether a living process holds the file for writing."""
    try:
        descriptor = os.open(lock_path(path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def open_writing(path: Path) -> sqlite3.Connection:
    """The one writing connection: write-ahead log, every commit on the platters before it returns."""
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_CLOEXEC, 0o644))
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    except (sqlite3.Error, OSError) as error:
        raise named(error, path) from error
    try:
        check_kind(db, path, METRICS, fresh_allowed=True)
        for pragma in (
            "auto_vacuum = INCREMENTAL",  # of files made from now on; without effect on others
            "journal_mode = WAL",
            "synchronous = FULL",
            "journal_size_limit = 16777216",
            "secure_delete = OFF",
        ):
            db.execute(f"PRAGMA {pragma}")
        upgrade(db)
    except (sqlite3.Error, StoreError) as error:
        db.close()
        raise named(error, path) from error
    return db


def upgrade(db: sqlite3.Connection) -> None:
    """Makes the tables, and of a file of an earlier version one of this version where it lies, in one transaction.

    Of version 2: everything sealed is owed its later rollups. Of version 3: rows of status get the number of their commit.
    """
    db.executescript(f"BEGIN IMMEDIATE; {SCHEMA}")
    if db.execute("PRAGMA user_version").fetchone()[0] == 2:
        db.execute(_OWED_SINCE_2)
    if "written" not in {name for _, name, *_ in db.execute("PRAGMA table_info(status)")}:
        db.execute(_NUMBERED)
    db.execute(_OPENED)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


class Opening:
    """A read-only way into the file for any process and any user; reopens itself when the daemon comes or goes.

    While a daemon writes, and after a kill -9, the log beside the file is read. After a clean stop there is
    none, and the file is read as it lies there (immutable), so that no reader leaves files of its own.
    """

    def __init__(self, path: Path | str, kind: FileKind = METRICS) -> None:
        self.path = Path(path)
        self._kind = kind
        self._db: sqlite3.Connection | None = None
        self._immutable = False
        self._identity: Identity = ()
        self._openings = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def version(self, db: sqlite3.Connection) -> tuple[int, int]:
        """Another one whenever anybody committed since; to be asked inside `run`, before all else of that picture."""
        return self._openings, db.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def run(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """`act` on one consistent picture of the file. Raises StoreError."""
        try:
            if self._db is not None and (self._replaced() or (self._immutable and written_now(self.path))):
                self.close()
            result = self._once(act)
            if self._immutable and written_now(self.path):  # a daemon started meanwhile: the picture may be torn
                self.close()
                result = self._once(act)
        except sqlite3.Error as error:
            self.close()
            raise named(error, self.path, writing=False) from error
        return result

    def _once(self, act: Callable[[sqlite3.Connection], T]) -> T:
        db = self._db or self._open()
        db.execute("BEGIN")
        try:
            return act(db)
        finally:
            db.execute("COMMIT")

    def _replaced(self) -> bool:
        """Another file lies there now, or it was written while it was read as one that nobody writes."""
        return self._identity != _identity(self.path, contents=self._immutable)

    def _open(self) -> sqlite3.Connection:
        if not _is_there(self.path):
            raise StoreMissing(f"no {self._kind.name} at {self.path}; it is made by {self._kind.made_by}")
        self._immutable = not _log_bytes(self.path) and not written_now(self.path)
        mode = "immutable=1" if self._immutable else "mode=ro"
        self._identity = _identity(self.path, contents=self._immutable)
        self._openings += 1
        place = f"file:{quote(str(self.path.absolute()))}?{mode}"
        db = sqlite3.connect(place, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False)
        self._db = db
        try:
            check_kind(db, self.path, self._kind, fresh_allowed=False)
        except StoreError:
            self.close()
            raise
        return db


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise named(error, path, writing=False) from error
    return True


def _identity(path: Path, *, contents: bool) -> Identity:
    """Which file it is, and with `contents` when it was last written; nothing where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, *((found.st_mtime_ns, found.st_size) if contents else ()))


def _log_bytes(path: Path) -> int:
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except FileNotFoundError:
        return 0


def check_kind(db: sqlite3.Connection, path: Path, kind: FileKind, *, fresh_allowed: bool) -> None:
    """StoreDamaged unless the file is of that kind and of a version that is understood (or new, if allowed)."""
    application, version = (
        db.execute("PRAGMA application_id").fetchone()[0],
        db.execute("PRAGMA user_version").fetchone()[0],
    )
    if fresh_allowed and application == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
        return
    if application != kind.application_id:
        raise StoreDamaged(f"{path} is no {kind.name}; give another path or move it away")
    if version > kind.version:
        raise StoreDamaged(
            f"{path} was written by a later version ({version} > {kind.version}); upgrade this installation"
        )
    if version < (kind.oldest or kind.version):
        raise StoreDamaged(f"{path} was written by an earlier version ({version} < {kind.version}); move it away")


def named(error: Exception, path: Path, *, writing: bool = True) -> StoreError:
    """The StoreError that says what a person can do about it."""
    if isinstance(error, StoreError):
        return error
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # primary result code
    if writing and code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StoreFull(f"{path} takes no writes ({error}); free some space, what is measured waits in memory")
    if isinstance(error, OSError) or code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        why = error.strerror if isinstance(error, OSError) else error
        return StoreDenied(f"{path} cannot be opened ({why}); check the permissions of the file and its directory")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(f"{path} is held by another program ({error}); it is tried again")
    return StoreDamaged(f"{path} cannot be read ({error}); put a copy in its place, or move it away")
