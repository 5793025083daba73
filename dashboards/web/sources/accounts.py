"""Accounts, their sessions and tokens, displays and the audit log, as people see and change them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from alerts.books import Books
from dashboards.web.refusal import Refusal
from dashboards.web.viewer import Right, Role

SCOPES: Final[Mapping[str, frozenset[Right]]] = {
    "read": frozenset({Right.DISPLAY, Right.SEE, Right.WATCH}),
    "act": frozenset({Right.ACT}),
    "admin": frozenset({Right.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from, as far as it can be believed: behind a known proxy what that one says."""

    address: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """How browsers reach us: `url` as configured ("" where it is not), and the proxies that are believed."""

    url: str = ""
    proxies: tuple[str, ...] = ()


class Declined(Exception):
    """Nothing was done. `problems`: field -> word of `dashboards.access_words`; all of them at once."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {word}" for name, word in problems.items()))
        self.problems = dict(problems)


class TooOften(Refusal):
    """429: not tried; after failures one waits, `retry_s` from now."""

    status = 429
    code = "too-often"

    def __init__(self, retry_s: float) -> None:
        super().__init__(f"wait {math.ceil(retry_s)} s and try again")
        self.retry_s = math.ceil(retry_s)


@dataclass(frozen=True, slots=True)
class Account:
    """All times are UTC seconds; `password_at` None: none was chosen yet."""

    name: str
    role: Role
    institutions: tuple[str, ...] = ()
    language: str = "en"
    theme: str = "auto"
    made_by: str = ""
    made_at: float = 0.0
    password_at: float | None = None
    seen_at: float | None = None
    disabled_at: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """`key` names it to people and is no secret. Of a display: `display` its number, `account` empty."""

    key: str
    account: str
    display: int
    address: str
    browser: str
    made_at: float
    seen_at: float
    ends_at: float


@dataclass(frozen=True, slots=True)
class Token:
    """`prefix`: its first letters, to recognise it by."""

    number: int
    account: str
    label: str
    prefix: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: float
    expires_at: float | None = None
    used_at: float | None = None
    revoked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Display:
    number: int
    name: str
    language: str
    theme: str
    made_by: str
    made_at: float
    seen_at: float | None = None
    revoked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit log."""

    number: int
    at: float
    who: str
    act: str
    what: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines of the audit log; `before`: only those with a lower number, for the next page. Newest first."""

    who: str = ""
    act: str = ""
    words: str = ""
    since: float = 0.0
    until: float | None = None
    before: int | None = None
    most: int = 100


class Beyond(Refusal):
    """403: nobody hands out a right that they have not got themselves; least of all a token."""

    status = 403
    code = "beyond-your-rights"


class AccountSource(Protocol):
    """Safe in several threads. Every act is in the audit log under `who`. Raises `Declined`, `Away`, `Beyond`."""

    def limited(self, rights: frozenset[Right]) -> "AccountSource":
        """The same, handing out none but these rights."""
        ...

    def within(self, books: Books) -> "AccountSource":
        """The same, reading and acting in that transaction of the ledger."""
        ...

    def accounts(self) -> Sequence[Account]: ...
    def account(self, name: str) -> Account | None: ...
    def sessions(self, account: str) -> Sequence[Session]: ...
    def tokens(self) -> Sequence[Token]: ...
    def displays(self) -> Sequence[Display]: ...
    def deeds(self, sought: Sought) -> Sequence[Deed]: ...

    def add(self, who: str, name: str, role: str, institutions: Sequence[str], language: str) -> str:
        """The key of a one-time link by which its owner chooses a password."""
        ...

    def change(self, who: str, name: str, role: str, institutions: Sequence[str]) -> None: ...
    def disable(self, who: str, name: str) -> None: ...
    def enable(self, who: str, name: str) -> None: ...
    def reset(self, who: str, name: str) -> str:
        """Its password and sessions are over; the key of a one-time link to choose another."""
        ...

    def prefer(self, name: str, *, language: str = "", theme: str = "") -> None: ...
    def choose_password(self, name: str, old: str, new: str, *, cookie: str, caller: Caller) -> None:
        """All its other sessions end. A wrong old one counts as a log-in that failed."""
        ...

    def session_key(self, cookie: str) -> str:
        """`Session.key` of it."""
        ...

    def end_session(self, name: str, key: str) -> None: ...
    def end_others(self, name: str, cookie: str) -> None: ...
    def add_token(self, who: str, account: str, label: str, scopes: Sequence[str], days: int | None) -> str:
        """The token itself, shown only here."""
        ...

    def revoke_token(self, who: str, number: int, account: str = "") -> None:
        """`account`: only one of its own."""
        ...

    def add_display(self, who: str, name: str, language: str, theme: str) -> str:
        """The display's token, shown only here."""
        ...

    def revoke_display(self, who: str, number: int) -> None: ...
