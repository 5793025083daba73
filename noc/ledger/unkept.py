"""While the disk takes no writes the daemon goes on in a copy of the ledger in memory, and writes back what it did there."""

import sqlite3
from collections import deque
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from alerts.books import Overtaken
from noc.ledger.place import memory_engine
from noc.ledger.schema import ALARM, AUDIT
from noc.ledger.writing import Write, begin, carry_out

MOST_WRITES = 50_000  # the oldest are forgotten


class Unkept:
    """`db` is the copy; `took` what was done in it. Incident numbers go on where the file left off."""

    def __init__(self, file: Connection) -> None:
        self.db = _copy(file)
        self.transactions = 0
        self._writes: deque[Write] = deque(maxlen=MOST_WRITES)

    def took(self, writes: Sequence[Write]) -> None:
        self.transactions += bool(writes)
        self._writes.extend(write for write in writes if write.table != ALARM.name)  # those are copied as they stand

    def write_back(self, file: Connection, at: float) -> tuple[str, ...]:
        """Everything into the file, in one transaction that the caller commits. What people changed in the file stays.

        Gives what had to give way, once each.
        """
        begin(file)
        refused: dict[str, None] = {}
        for write in self._writes:
            what = write.guard or write.table
            if write.guard in refused:
                continue
            try:
                with file.begin_nested():
                    carry_out(file, write)
            except (Overtaken, IntegrityError):
                refused[what] = None
        file.execute(delete(ALARM))
        if alarms := [dict(row) for row in self.db.execute(select(ALARM)).mappings()]:
            file.execute(insert(ALARM), alarms)
        self.db.rollback()
        said = {"transactions": self.transactions, "gave_way": list(refused)}
        file.execute(insert(AUDIT), {"at": at, "who": "", "act": "written back after a full disk", "what": said})
        return tuple(refused)

    def close(self) -> None:
        self.db.close()
        self.db.engine.dispose()


def _copy(file: Connection) -> Connection:
    """Of the whole ledger, as one reader sees it."""
    source = file.connection.dbapi_connection
    db = memory_engine().connect()
    target = db.connection.dbapi_connection
    assert isinstance(source, sqlite3.Connection)
    assert isinstance(target, sqlite3.Connection)
    source.execute("BEGIN")
    try:
        source.execute(
            "SELECT count(*) FROM alarm"
        ).fetchone()  # the right to read is waited for here, and not for ever
        source.backup(target)
    finally:
        source.rollback()
        file.rollback()
    return db
