"""Step 3: what months came to when they were closed; a closed month is never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NEVER_CHANGED = {
    "sqlite": (
        "CREATE TRIGGER closed_month_stays BEFORE UPDATE ON closed_month "
        "BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END",
        "CREATE TRIGGER closed_month_remains BEFORE DELETE ON closed_month "
        "BEGIN SELECT RAISE(ABORT, 'lines of the ledger are never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION closed_month_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'lines of the ledger are never changed'; END $$",
        "CREATE TRIGGER closed_month_stays BEFORE UPDATE OR DELETE ON closed_month "
        "FOR EACH ROW EXECUTE FUNCTION closed_month_stays()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("month", "report", "who")),
        sa.Column("closed_at", sa.Double(), nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("month", "report", name="closed_once"),
        sqlite_autoincrement=True,
    )
    for statement in NEVER_CHANGED[op.get_bind().dialect.name]:
        op.execute(statement)
