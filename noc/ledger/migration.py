"""Brings a ledger up to date by numbered steps, and says where it stands; only the daemon does, never a reading command."""

import logging
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert

from alerts.books import LedgerMissing, LedgerNewer, LedgerOlder
from noc.ledger.schema import AUDIT

STEPS = Path(__file__).with_name("versions")


def script() -> ScriptDirectory:
    return ScriptDirectory(str(STEPS.parent), version_locations=[str(STEPS)])


def newest() -> str:
    head = script().get_current_head()
    assert head is not None
    return head


def standing(connection: Connection) -> str | None:
    """The step that this ledger is at; None of one that is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def check(connection: Connection, where: str) -> None:
    """Nothing where this version can work with it; LedgerMissing, LedgerOlder, LedgerNewer say what to do."""
    at = standing(connection)
    if at is None:
        raise LedgerMissing(f"{where}: there is no ledger in it yet; 'noc run' makes it")
    if at != newest():
        _refuse_newer(at, where)
        raise LedgerOlder(f"{where}: the ledger is of an older version; 'noc run' brings it up to date when it starts")


def _refuse_newer(at: str, where: str) -> None:
    if at not in {each.revision for each in script().walk_revisions()}:
        raise LedgerNewer(f"{where}: the ledger is of a newer version (step {at}); use that version of noc")


def migrate(connection: Connection, where: str) -> None:
    """Every step that is missing, in the transaction that the caller holds, under its lock."""
    at = standing(connection)
    if at == newest():
        return
    if at is not None:
        _refuse_newer(at, where)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    steps = script()
    with EnvironmentContext(Config(), steps, fn=lambda at, _: steps._upgrade_revs("head", at)) as context:
        context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        context.run_migrations()


def raise_number(connection: Connection, number: int, at: float) -> bool:
    """Give no incident this number or a lower one any more. Whether that was needed."""
    given = connection.exec_driver_sql("SELECT max(seq) FROM sqlite_sequence WHERE name = 'incident'").scalar()
    if given is not None and given >= number:
        return False
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'incident'")
    connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('incident', ?)", (number,))
    what = {"from": (given or 0) + 1, "to": number}
    connection.execute(insert(AUDIT), {"at": at, "who": "", "act": "incidents told from memory are lost", "what": what})
    return True
