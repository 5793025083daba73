"""Step 4: who may look and act on the web: accounts, sessions, tokens, displays and links that are good once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names.split()]


def _times(names: str, *, known: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Double(), nullable=not known) for name in names.split()]


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), primary_key=True)


def _numbered() -> list[sa.Column[Any]]:
    number = sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True, nullable=False)
    return [number, sa.Column("hash", sa.Text(), nullable=False, unique=True)]


def upgrade() -> None:
    op.create_table(
        "account",
        _key("name"),
        *_texts("role password language theme made_by"),
        sa.Column("institutions", sa.JSON(), nullable=False),
        *_times("made_at"),
        *_times("password_at seen_at disabled_at", known=False),
    )
    op.create_table(
        "session",
        _key("hash"),
        *_texts("account address browser"),
        sa.Column("display", sa.Integer(), server_default="0", nullable=False),
        *_times("made_at seen_at ends_at"),
    )
    op.create_index("session_account", "session", ["account"])
    op.create_table(
        "token",
        *_numbered(),
        *_texts("account label prefix made_by"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        *_times("made_at"),
        *_times("expires_at used_at revoked_at", known=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "display",
        *_numbered(),
        *_texts("name language theme made_by"),
        *_times("made_at"),
        *_times("seen_at revoked_at", known=False),
        sqlite_autoincrement=True,
    )
    op.create_table("invitation", _key("hash"), *_texts("account made_by"), *_times("made_at expires_at"))
