"""Accounts and sessions for the pages: one's own for everybody, everybody's for who may administer them."""

from collections.abc import Callable, Sequence

from dashboards.web.house import House
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.accounts import Account, AccountSource, Caller, Session, Token
from dashboards.web.sources.keys import KeySource
from dashboards.web.viewer import Right, Viewer
from inventory.model import Institution


class Access:
    """`everybody` is for routes that need `Right.ADMIN`; it is refused to anybody else here as well.

    Nobody hands out by it what they have not got: a token of few scopes makes no token, account or link of more.
    """

    def __init__(self, house: House, viewer: Viewer, scope: Callable[[], Scope]) -> None:
        self._house = house
        self._viewer = viewer
        self._asked = scope

    @property
    def _scope(self) -> Scope:
        return self._asked()

    @property
    def keys(self) -> KeySource:
        return self._house.keys

    @property
    def everybody(self) -> AccountSource:
        if not self._viewer.may(Right.ADMIN):
            raise PermissionError("only admins see accounts of others")
        return self._house.accounts.limited(self._viewer.rights)

    def mine(self) -> Account | None:
        return self._house.accounts.account(self._viewer.name)

    def sessions(self) -> Sequence[Session]:
        return self._house.accounts.sessions(self._viewer.name)

    def prefer(self, language: str = "", theme: str = "") -> None:
        self._house.accounts.prefer(self._viewer.name, language=language, theme=theme)

    def institutions(self) -> Sequence[Institution]:
        """Its own; none of who sees all."""
        return [] if self._scope.whole else list(self._scope.inventory.institutions.values())

    def session_key(self, cookie: str) -> str:
        """Which of its sessions this one is."""
        return self._house.accounts.session_key(cookie)

    def tokens(self) -> Sequence[Token]:
        return [one for one in self._house.accounts.tokens() if one.account == self._viewer.name]

    def revoke_token(self, number: int) -> None:
        self._house.accounts.revoke_token(self._viewer.name, number, self._viewer.name)

    def choose_password(self, old: str, new: str, *, cookie: str, caller: Caller) -> None:
        self._house.accounts.choose_password(self._viewer.name, old, new, cookie=cookie, caller=caller)

    def end_session(self, key: str) -> None:
        self._house.accounts.end_session(self._viewer.name, key)

    def end_others(self, cookie: str) -> None:
        self._house.accounts.end_others(self._viewer.name, cookie)

    def log_in(self, name: str, password: str, caller: Caller, cookie: str) -> str:
        return self.keys.log_in(name, password, caller, cookie)
