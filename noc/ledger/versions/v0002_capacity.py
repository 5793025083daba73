"""Step 2: requests for capacity, as they stood after each act, and the double-entry postings that they made."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

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


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names.split()]


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True, nullable=False)


def upgrade() -> None:
    op.create_table(
        "request",
        _number(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.Double(), nullable=False),
        *_texts("act who reason reference institution pool state author asked_by approver"),
        *_texts("over_subscribed_by over_subscribed_why"),
        sa.Column("beside", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("shares", "asked", "granted")),
        sqlite_autoincrement=True,
    )
    op.create_index("request_number", "request", ["number"])
    op.create_table(
        "posting",
        _number(),
        *_texts("contract direction source target"),
        sa.Column("bps", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.Double(), nullable=False),
        *_texts("act author"),
        sa.Column("request", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("bps > 0", name="posting_moves_something"),
        sa.CheckConstraint("to_day IS NULL OR to_day > from_day", name="posting_has_days"),
        sa.CheckConstraint("source <> target", name="posting_moves_somewhere"),
        sqlite_autoincrement=True,
    )
    op.create_index("posting_side", "posting", ["contract", "direction"])
    for table in ("request", "posting"):
        for statement in NEVER_CHANGED[op.get_bind().dialect.name]:
            op.execute(statement.format(table=table))
