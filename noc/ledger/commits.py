"""How a process notices that another one has committed: SQLite says so itself, PostgreSQL keeps a count in a row."""

import sqlite3

from sqlalchemy import Connection

MARK = "commits"


def version(db: Connection) -> int:
    """Another number than before when somebody else has committed since. Not to be asked within a transaction.

    Of SQLite the driver is asked itself: this is asked several times for each page, and needs no transaction.
    """
    if db.dialect.name == "sqlite":
        driver = db.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        return int(driver.execute("PRAGMA data_version").fetchone()[0])
    found = int(db.exec_driver_sql(f"SELECT coalesce(max(value), '0') FROM mark WHERE name = '{MARK}'").scalar_one())
    db.rollback()
    return found


def counted(db: Connection, seen: int) -> int:
    """Count this transaction; what is then to be remembered as seen, so that one's own does not count as another's."""
    if db.dialect.name == "sqlite":
        return seen
    put = (
        f"INSERT INTO mark (name, value) VALUES ('{MARK}', '1') "
        "ON CONFLICT (name) DO UPDATE SET value = (mark.value::bigint + 1)::text RETURNING value"
    )
    number = int(db.exec_driver_sql(put).scalar_one())
    return number if number == seen + 1 else seen
