"""Brings a ledger up to date by its numbered steps; only the daemon does, never a command that reads or acts."""

import logging

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from noc.ledger.standing import STEPS, refuse_newer, standing, steps


def migrate(db: Connection, where: str) -> None:
    """Every step that is missing, in the transaction that the caller holds, under its lock."""
    at, known = standing(db), steps()
    refuse_newer(at, where, known)
    if at == known[-1]:
        return
    logging.getLogger("alembic").setLevel(logging.WARNING)
    script = ScriptDirectory(str(STEPS.parent), version_locations=[str(STEPS)])
    with EnvironmentContext(Config(), script, fn=lambda at, _: script._upgrade_revs("head", at)) as context:
        context.configure(connection=db, transactional_ddl=True, transaction_per_migration=False)
        context.run_migrations()
