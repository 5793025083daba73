"""Step 1: the ledger as it began. Steps that ledgers have taken are never changed: a later one changes the tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NEVER_CHANGED = {
    "sqlite": (
        "CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END",
        "CREATE TRIGGER {table}_remains BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'lines of the ledger are never changed'; END $$",
        "CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
    ),
}


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names.split()]


def _times(names: str, *, known: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Double(), nullable=not known) for name in names.split()]


def _counts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names.split()]


def _flags(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names.split()]


def _jsons(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names.split()]


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=True, nullable=False)


def _of_incident() -> sa.Column[Any]:
    return sa.Column("incident", sa.Integer(), sa.ForeignKey("incident.number"), nullable=False)


def upgrade() -> None:
    _alarms()
    _incidents()
    _messages()
    _windows()
    op.create_table("mark", sa.Column("name", sa.Text(), primary_key=True), *_texts("value"))
    op.create_table(
        "audit", _number("id"), *_times("at"), *_texts("who act"), *_jsons("what"), sqlite_autoincrement=True
    )
    op.create_index("audit_at", "audit", ["at"])
    for table in ("entry", "audit"):
        for statement in NEVER_CHANGED[op.get_bind().dialect.name]:
            op.execute(statement.format(table=table))


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("key", sa.Text(), primary_key=True),
        *_texts("rule kind subject device family severity phase"),
        *_times("since bad_since changed_at at score scored_at"),
        *_times("good_since", known=False),
        *_flags("stale flapping"),
        *_counts("flaps"),
        *_jsons("evidence"),
    )


def _incidents() -> None:
    op.create_table(
        "incident",
        _number("number"),
        *_counts("revision step flaps times"),
        *_texts("state severity worst family root_kind root_key owner acknowledged_by ticket closing"),
        *_times("since opened_at changed_at"),
        *_times("told_at updated_at step_at acknowledged_at touched_at", known=False),
        *_times("next_check_at recovered_at resolved_at closed_at", known=False),
        *_flags("power flapping bad"),
        sa.Column("window", sa.Integer()),
        sa.Column("previous", sa.Integer()),
        *_jsons("roots members impact evidence fine linked"),
        sqlite_autoincrement=True,
    )
    op.create_index("incident_state", "incident", ["state"])
    op.create_index("incident_root", "incident", ["root_kind", "root_key"])
    op.create_table(
        "entry",
        _number("id"),
        _of_incident(),
        *_times("at"),
        *_texts("kind who code text"),
        *_jsons("figures"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_incident", "entry", ["incident"])


def _messages() -> None:
    op.create_table(
        "notification",
        _number("id"),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("incident", sa.Integer(), nullable=False),
        *_texts("occasion contact short subject body severity language fate channel error"),
        *_jsons("channels"),
        *_flags("page"),
        *_counts("place tries"),
        *_times("queued_at next_try_at"),
        *_times("ended_at expires_at", known=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notification_incident", "notification", ["incident"])
    op.create_index("notification_fate", "notification", ["fate"])
    op.create_table(
        "code",
        _number("id"),
        _of_incident(),
        *_texts("contact salt hash state"),
        *_times("at expires_at"),
        *_counts("tries"),
    )
    op.create_index("ix_code_incident", "code", ["incident"])
    _replies()


def _replies() -> None:
    op.create_table(
        "reply",
        _number("id"),
        *_texts("transaction_id via sender text contact fate"),
        *_times("at"),
        *_counts("incident"),
        *_flags("repeated"),
    )
    op.create_index(
        "reply_transaction",
        "reply",
        ["transaction_id"],
        unique=True,
        sqlite_where=sa.text("repeated = 0"),
        postgresql_where=sa.text("NOT repeated"),
    )
    op.create_index("reply_incident", "reply", ["incident"])


def _windows() -> None:
    op.create_table(
        "window",
        _number("number"),
        *_texts("kind selector target author reason repeat ended_by"),
        *_times("from_at to_at created_at"),
        *_times("until_at", known=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "override",
        _number("number"),
        *_texts("schedule contact author reason ended_by"),
        *_times("from_at to_at created_at"),
        sqlite_autoincrement=True,
    )
