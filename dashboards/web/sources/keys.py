"""Who is at the door: sessions, tokens and displays, as the ledger keeps them (hashed) and as requests carry them."""

from typing import Protocol

from dashboards.web.viewer import Viewer


class KeySource(Protocol):
    """Safe in several threads; every secret is compared in constant time and kept only as a hash."""

    def of_session(self, cookie: str) -> Viewer | None:
        """Who a session's or a display's cookie belongs to; None where it is unknown, ended or revoked."""
        ...

    def of_token(self, token: str) -> Viewer | None:
        """Who `Authorization: Bearer ...` belongs to."""
        ...
