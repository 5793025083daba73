"""Accounts, tokens, displays and the audit for the web's pages, over the ledger."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Self

from alerts.books import Books
from dashboards.web.sources.accounts import Account, Caller, Declined, Deed, Display, Session, Sought, Token
from dashboards.web.viewer import Right
from inventory.model import Inventory
from noc.accounts import acts
from noc.accounts.known_passwords import fault
from noc.accounts.names import folded
from noc.accounts.secret import digest
from noc.ledger import access
from noc.ledger.access import KEY
from noc.ledger.books import SqlBooks
from noc.web.keys import LedgerKeys


class LedgerAccounts:
    """`AccountSource` over the ledger."""

    def __init__(self, keys: LedgerKeys, inventory: Callable[[], Inventory], clock: Callable[[], float]) -> None:
        self._keys = keys
        self._held = keys.held
        self._passwords = keys.passwords
        self._seen = keys.seen
        self._inventory = inventory
        self._clock = clock
        self._rights: frozenset[Right] | None = None
        self._books: SqlBooks | None = None  # of the transaction that is gone on with

    def limited(self, rights: frozenset[Right]) -> Self:
        found = copy.copy(self)
        found._rights = rights
        return found

    def within(self, books: Books) -> Self:
        assert isinstance(books, SqlBooks)
        found = copy.copy(self)
        found._books = books
        return found

    def accounts(self) -> Sequence[Account]:
        return access.accounts(self._books) if self._books else list(self._held.now().accounts.values())

    def account(self, name: str) -> Account | None:
        name = folded(name)
        return access.account(self._books, name) if self._books else self._held.now().accounts.get(name)

    def sessions(self, account: str) -> Sequence[Session]:
        with self._reading() as books:
            return list(access.sessions_of(books, account=account).values())[::-1]

    def tokens(self) -> Sequence[Token]:
        with self._reading() as books:
            return [replace(one, used_at=self._seen.used_at(one)) for one in access.tokens(books)]

    def displays(self) -> Sequence[Display]:
        with self._reading() as books:
            return access.displays(books)

    def deeds(self, sought: Sought) -> Sequence[Deed]:
        with self._reading() as books:
            return access.deeds(books, sought)

    def add(self, who: str, name: str, role: str, institutions: Sequence[str], language: str) -> str:
        with self._hand(who) as hand:
            return acts.invite(hand, acts.add_account(hand, name, role, institutions, language=language).name)

    def change(self, who: str, name: str, role: str, institutions: Sequence[str]) -> None:
        with self._hand(who) as hand:
            acts.change_account(hand, name, role, institutions)

    def disable(self, who: str, name: str) -> None:
        with self._hand(who) as hand:
            acts.disable_account(hand, name)

    def enable(self, who: str, name: str) -> None:
        with self._hand(who) as hand:
            acts.enable_account(hand, name)

    def reset(self, who: str, name: str) -> str:
        with self._hand(who) as hand:
            return acts.reset_account(hand, name)

    def prefer(self, name: str, *, language: str = "", theme: str = "") -> None:
        with self._hand(name) as hand:
            acts.prefer(hand, name, language=language, theme=theme)

    def choose_password(self, name: str, old: str, new: str, *, cookie: str, caller: Caller) -> None:
        problems, kept = {}, ""
        if word := fault(new, name):
            problems["password"] = word
        try:
            kept = self._keys.proved(name, old, caller)
        except Declined:
            problems["old"] = "password-wrong"
        if problems:
            raise Declined(problems)
        hashed = self._passwords.hashed(new)
        with self._hand(name) as hand:
            if access.password_of(hand.books, name) != kept:
                raise Declined({"old": "password-wrong"})
            acts.set_password(hand, name, hashed, act="account password", but=digest(cookie))

    def session_key(self, cookie: str) -> str:
        return digest(cookie)[:KEY]

    def end_session(self, name: str, key: str) -> None:
        with self._hand(name) as hand:
            mine = access.sessions_of(hand.books, account=name)
            if meant := [hashed for hashed, one in mine.items() if one.key == key]:
                access.end_sessions(hand.books, meant)
                hand.audit("session end", account=name, sessions=len(meant))

    def end_others(self, name: str, cookie: str) -> None:
        with self._hand(name) as hand:
            access.end_all_of(hand.books, account=name, but=digest(cookie))
            hand.audit("session end", account=name, sessions="others")

    def add_token(self, who: str, account: str, label: str, scopes: Sequence[str], days: int | None) -> str:
        with self._hand(who) as hand:
            return acts.add_token(hand, account, label, scopes, days)

    def revoke_token(self, who: str, number: int, account: str = "") -> None:
        with self._hand(who) as hand:
            acts.revoke_token(hand, number, account)

    def add_display(self, who: str, name: str, language: str, theme: str) -> str:
        with self._hand(who) as hand:
            return acts.add_display(hand, name, language=language, theme=theme)

    def revoke_display(self, who: str, number: int) -> None:
        with self._hand(who) as hand:
            acts.revoke_display(hand, number)

    @contextmanager
    def _hand(self, who: str) -> Iterator[acts.Hand]:
        with self._acting() as books:
            yield acts.Hand(books, who, self._clock(), self._inventory().institutions, self._rights)

    @contextmanager
    def _acting(self) -> Iterator[SqlBooks]:
        if self._books is not None:
            yield self._books
            return
        with self._held.acting() as books:
            yield books

    @contextmanager
    def _reading(self) -> Iterator[SqlBooks]:
        if self._books is not None:
            yield self._books
            return
        with self._held.reading() as books:
            yield books
