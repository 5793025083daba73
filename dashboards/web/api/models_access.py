"""The documents of the API that tell of accounts, tokens, displays and the audit log."""

from typing import Annotated, Any

from pydantic import Field

from dashboards.web.api.models import Listed, Time, Told


class Me(Told):
    """Who asks, and what that may do."""

    at: Time
    name: str
    role: str
    rights: list[str]
    sites: Annotated[list[str] | None, Field(description="That may be seen; null for all.")]
    language: str


class Account(Told):
    """An account; no secret of it."""

    name: str
    role: str
    institutions: list[str]
    language: str
    made_by: str
    made_at: Time
    password_at: Time | None
    seen_at: Time | None
    disabled_at: Time | None


class AccountList(Listed):
    """Accounts."""

    accounts: list[Account]


class OneAccount(Told):
    """One account."""

    at: Time
    account: Account


class MadeAccount(OneAccount):
    """An account, and how its owner comes in."""

    link: Annotated[
        str | None,
        Field(description="To choose a password by, once, within 24 h. Told once: null where the same key came again."),
    ]


class Token(Told):
    """An API token; not the token itself."""

    number: int
    account: str
    label: str
    prefix: str
    scopes: list[str]
    made_by: str
    made_at: Time
    expires_at: Time | None
    used_at: Time | None
    revoked_at: Time | None


class TokenList(Listed):
    """API tokens."""

    tokens: list[Token]


class OneToken(Told):
    """One token."""

    at: Time
    token: Token


class MadeToken(OneToken):
    """A token, and what a program sends to show it."""

    secret: Annotated[
        str | None, Field(description="Of Authorization: Bearer. Told once: null where the same key came again.")
    ]


class Display(Told):
    """A wallboard; not its token."""

    number: int
    name: str
    language: str
    theme: str
    made_by: str
    made_at: Time
    seen_at: Time | None
    revoked_at: Time | None


class DisplayList(Listed):
    """Displays."""

    displays: list[Display]


class OneDisplay(Told):
    """One display."""

    at: Time
    display: Display


class MadeDisplay(OneDisplay):
    """A display, and what is opened on its screen."""

    address: Annotated[
        str | None, Field(description="To open on the screen. Told once: null where the same key came again.")
    ]


class Deed(Told):
    """One line of the audit log."""

    number: int
    at: Time
    who: str
    act: str
    what: dict[str, Any]


class Audit(Told):
    """The audit log, the newest first."""

    at: Time
    next: str | None
    deeds: list[Deed]
