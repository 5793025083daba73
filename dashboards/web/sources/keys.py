"""Who is at the door: sessions, tokens and displays, as the ledger keeps them (hashed) and as requests carry them."""

from typing import Protocol

from dashboards.web.sources.accounts import Caller
from dashboards.web.viewer import Viewer


class KeySource(Protocol):
    """Safe in several threads; every secret is kept only as a hash. Raises `Away` where the ledger cannot be read."""

    def of_session(self, cookie: str) -> Viewer | None:
        """Who a session's or a display's cookie belongs to; None where it is unknown, ended or revoked."""
        ...

    def of_token(self, token: str) -> Viewer | None:
        """Who `Authorization: Bearer ...` belongs to."""
        ...

    def log_in(self, name: str, password: str, caller: Caller, cookie: str = "") -> str:
        """The cookie of a new session; `cookie`: the one that ends with it.

        Raises `Declined` ("wrong": whatever of the two it was), `TooOften`, `Away`.
        """
        ...

    def log_out(self, cookie: str) -> None: ...

    def exchange(self, token: str, caller: Caller) -> str:
        """A display's cookie for its token; "" for a token that opens nothing."""
        ...

    def invited(self, key: str) -> str | None:
        """Whom a one-time link is for: an account's name, "" for the first admin; None when it is good no more."""
        ...

    def accept(self, key: str, name: str, password: str, caller: Caller, *, language: str = "en") -> str:
        """Choose a password by such a link, and be logged in: the new session's cookie. The link is spent.

        `name` and `language` are of the first admin, and not looked at else. Raises `Declined`, `Away`.
        """
        ...
