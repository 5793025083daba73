"""Accounts, tokens and displays as tables for a terminal, and as machines read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboards.figures import clock, iso
from dashboards.layout import Column, Line, plain_table
from dashboards.web.sources.accounts import Account, Display, Token

ACCOUNT: Final = (
    Column("name"),
    Column("role"),
    Column("institutions", flexible=True),
    Column("last in"),
    Column("state"),
)
TOKEN: Final = (
    Column("no.", right=True),
    Column("token"),
    Column("for", flexible=True),
    Column("account"),
    Column("scopes"),
    Column("last used"),
    Column("state"),
)
DISPLAY: Final = (Column("no.", right=True), Column("name", flexible=True), Column("last seen"), Column("state"))


def account_lines(accounts: Sequence[Account], now: float, room: int) -> Iterable[str]:
    rows = [
        (one.name, one.role.value, ", ".join(one.institutions), _when(one.seen_at, now), account_state(one))
        for one in accounts
    ]
    return plain_table(ACCOUNT, [Line("", row) for row in rows], room)


def token_lines(tokens: Sequence[Token], now: float, room: int) -> Iterable[str]:
    rows = [
        (
            str(one.number),
            one.prefix,
            one.label,
            one.account,
            ", ".join(one.scopes),
            _when(one.used_at, now),
            token_state(one, now),
        )
        for one in tokens
    ]
    return plain_table(TOKEN, [Line("", row) for row in rows], room)


def display_lines(displays: Sequence[Display], now: float, room: int) -> Iterable[str]:
    rows = [(str(one.number), one.name, _when(one.seen_at, now), display_state(one)) for one in displays]
    return plain_table(DISPLAY, [Line("", row) for row in rows], room)


def account_state(one: Account) -> str:
    if one.disabled_at is not None:
        return "disabled"
    return "good" if one.password_at is not None else "no password yet"


def token_state(one: Token, now: float) -> str:
    if one.revoked_at is not None:
        return "revoked"
    return "ended" if one.expires_at is not None and one.expires_at <= now else "good"


def display_state(one: Display) -> str:
    return "good" if one.revoked_at is None else "revoked"


def account_json(one: Account) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "role": one.role.value,
        "institutions": list(one.institutions),
        "language": one.language,
        "state": account_state(one),
        "made_by": one.made_by,
        **_times(made_at=one.made_at, password_at=one.password_at, seen_at=one.seen_at, disabled_at=one.disabled_at),
    }


def token_json(one: Token, now: float) -> Mapping[str, Any]:
    return {
        "number": one.number,
        "prefix": one.prefix,
        "label": one.label,
        "account": one.account,
        "scopes": list(one.scopes),
        "state": token_state(one, now),
        "made_by": one.made_by,
        **_times(made_at=one.made_at, expires_at=one.expires_at, used_at=one.used_at, revoked_at=one.revoked_at),
    }


def display_json(one: Display) -> Mapping[str, Any]:
    return {
        "number": one.number,
        "name": one.name,
        "language": one.language,
        "state": display_state(one),
        "made_by": one.made_by,
        **_times(made_at=one.made_at, seen_at=one.seen_at, revoked_at=one.revoked_at),
    }


def _times(**known: float | None) -> dict[str, str | None]:
    return {name: None if at is None else iso(at) for name, at in known.items()}


def _when(at: float | None, now: float) -> str:
    return "never" if at is None else clock(at, now)
