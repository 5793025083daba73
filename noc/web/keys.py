"""Who is at the door, by what the ledger keeps: sessions, tokens, displays, and the log-in itself."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from dashboards.web.refusal import Refusal
from dashboards.web.sources.accounts import SCOPES, Account, Caller, Declined, Session, Token, TooOften
from dashboards.web.viewer import RIGHTS, Right, Role, Viewer
from inventory.model import Inventory
from noc.accounts import acts
from noc.accounts.brake import Brake, Ration
from noc.accounts.known_passwords import fault
from noc.accounts.names import account_name, folded
from noc.accounts.secret import digest, form_key, new_secret
from noc.ledger import access
from noc.web.cases import LedgerCases
from noc.web.held import HeldAccess
from noc.web.passwords import Passwords
from noc.web.recalled import Recalled
from noc.web.seen import IDLE_S, MOST_S, YEAR_S, Seen
from noc.web.tally import Tally

MOST_SESSIONS: Final = 50  # of one account; those unseen for longest end
MOST_SCREENS: Final = 20  # of one display
A_MINUTE: Final = 60  # log-ins of one account, openings of one display


class LedgerKeys:
    """`KeySource` over the ledger."""

    def __init__(
        self,
        cases: LedgerCases,
        inventory: Callable[[], Inventory],
        clock: Callable[[], float],
        passwords: Passwords | None = None,
    ) -> None:
        self.held = HeldAccess(cases, clock)
        self.passwords = passwords or Passwords()
        self._inventory = inventory
        self._clock = clock
        self._brake = Brake(clock)
        self._recalled = Recalled(self.held, self._brake, clock)
        self._ration = Ration(A_MINUTE, clock)
        self._tally = Tally(clock)
        self.seen = Seen(self.held, clock)

    def of_session(self, cookie: str) -> Viewer | None:
        hashed = digest(cookie)
        held = self.held.now() if hashed else None
        session = held.sessions.get(hashed) if held else None
        if held is None or session is None or not self.seen.alive(hashed, session):
            return None
        self.seen.session(hashed)
        if session.display:
            shown = next((one for one in held.displays.values() if one.number == session.display), None)
            if shown is None or shown.revoked_at is not None:
                return None
            return Viewer(shown.name, Role.DISPLAY, RIGHTS[Role.DISPLAY], None, shown.language, shown.theme)
        account = held.accounts.get(session.account)
        if account is None or account.disabled_at is not None:
            return None
        return replace(self._viewer(account), form_key=form_key(cookie))

    def of_token(self, token: str) -> Viewer | None:
        hashed = digest(token)
        held = self.held.now() if hashed else None
        one = held.tokens.get(hashed) if held else None
        if held is None or one is None or self._over(one):
            return None
        account = held.accounts.get(one.account)
        if account is None or account.disabled_at is not None:
            return None
        self.seen.token(one)
        viewer = self._viewer(account)
        given: frozenset[Right] = frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in one.scopes))
        return replace(viewer, rights=viewer.rights & given)

    def close(self) -> None:
        """What was used lately is noted; a ledger that cannot be had loses no more than that."""
        with suppress(Refusal):
            self.seen.note()

    def _over(self, token: Token) -> bool:
        ended = token.expires_at is not None and token.expires_at <= self._clock()
        return ended or token.revoked_at is not None

    def _viewer(self, account: Account) -> Viewer:
        viewer = Viewer(account.name, account.role, RIGHTS[account.role], None, account.language, account.theme)
        if account.role is not Role.INSTITUTION:
            return viewer
        known = self._inventory().institutions
        sites = {known[key].site for key in account.institutions if key in known}
        own = frozenset(key for key in account.institutions if key in known)
        return replace(viewer, sites=frozenset(site for site in sites if site), institutions=own)

    def log_in(self, name: str, password: str, caller: Caller, cookie: str = "") -> str:
        name = folded(name)[:64]
        kept = self.proved(name, password, caller)
        if wait := self._ration.wait_s(name):
            raise TooOften(wait)
        again = self.passwords.hashed(password) if self.passwords.outdated(kept) else ""
        with self.held.acting() as books:
            account = access.account(books, name)
            if access.password_of(books, name) != kept or account is None or account.disabled_at is not None:
                raise Declined({"password": "wrong"})
            if again:
                access.put_account(books, name, moved=False, password=again)
            return self._enter(acts.Hand(books, name, self._clock()), caller, cookie)

    def proved(self, name: str, password: str, caller: Caller) -> str:
        """The hash of this account's password, which this is. Raises `Declined` ("wrong"), `TooOften`, `Away`."""
        self._recalled.look()
        if wait := self._brake.begin(name, caller.address, trusted=self._was_in(name, caller)):
            raise TooOften(wait)
        try:
            with self.held.reading() as books:
                account, kept = access.account(books, name), access.password_of(books, name)
            right = self.passwords.right(kept, password)
        except Refusal:
            self._brake.unmade(name, caller.address)
            raise
        if not right or account is None or account.disabled_at is not None:
            why = "unknown" if account is None else "disabled" if right else "wrong"
            self._refused(name, caller, why)
            raise Declined({"password": "wrong"})
        self._brake.well(name, caller.address)
        return kept

    def _was_in(self, name: str, caller: Caller) -> bool:
        """Whether this account has a session from there."""
        sessions = self.held.now().sessions.values()
        return any(one.account == name and one.address == caller.address for one in sessions)

    def _refused(self, name: str, caller: Caller, why: str) -> None:
        """A name that is nobody's is not written down: it may be a password in the wrong field."""
        failures = self._brake.failures(name, caller.address)
        said = {"account": "" if why == "unknown" else name, "address": caller.address, "why": why}
        what = self._tally.line({**said, "failures": failures}, failures)
        if what:
            with self.held.acting() as books:
                books.audit(self._clock(), "", "log-in refused", what)

    def _enter(self, hand: acts.Hand, caller: Caller, cookie: str = "") -> str:
        """A new session in place of that one; old ones go."""
        new = new_secret()
        access.end_old(hand.books, hand.now, hand.now - IDLE_S)
        mine = list(access.sessions_of(hand.books, account=hand.who))
        gone = mine[: max(0, len(mine) - MOST_SESSIONS + 1)]
        access.end_sessions(hand.books, [*gone, *([digest(cookie)] if digest(cookie) else [])])
        ends = hand.now + MOST_S
        session = Session("", hand.who, 0, caller.address, caller.browser[:200], hand.now, hand.now, ends)
        access.add_session(hand.books, digest(new), session)
        access.put_account(hand.books, hand.who, moved=False, seen_at=hand.now)
        hand.audit("log in", account=hand.who, address=caller.address)
        return new

    def log_out(self, cookie: str) -> None:
        hashed = digest(cookie)
        session = self.held.now().sessions.get(hashed)
        if session is not None and session.account:
            with self.held.acting() as books:
                access.end_sessions(books, [hashed])
                books.audit(self._clock(), session.account, "log out", {"account": session.account})

    def exchange(self, token: str, caller: Caller) -> str:
        display = self.held.now().displays.get(digest(token))
        if display is None or display.revoked_at is not None:
            return ""
        if wait := self._ration.wait_s(display.number):
            raise TooOften(wait)
        new, now = new_secret(), self._clock()
        with self.held.acting() as books:
            screens = list(access.sessions_of(books, display=display.number))
            access.end_sessions(books, screens[: max(0, len(screens) - MOST_SCREENS + 1)])
            ends = now + YEAR_S
            session = Session("", "", display.number, caller.address, caller.browser[:200], now, now, ends)
            access.add_session(books, digest(new), session)
            access.put_display(books, display.number, seen_at=now)
            books.audit(now, display.name, "display opened", {"display": display.number, "address": caller.address})
        return new

    def invited(self, key: str) -> str | None:
        hashed = digest(key)
        if not hashed:
            return None
        with self.held.reading() as books:
            return access.invited(books, hashed, self._clock())

    def accept(self, key: str, name: str, password: str, caller: Caller, *, language: str = "en") -> str:
        hashed, account = digest(key), self.invited(key)
        if account is None:
            raise Declined({"key": "link-spent"})
        problems = {} if account else _name_problems(name)
        owner = account or folded(name)
        if word := fault(password, owner):
            problems["password"] = word
        if problems:
            raise Declined(problems)
        kept = self.passwords.hashed(password)
        with self.held.acting() as books:
            hand = acts.Hand(books, owner, self._clock())
            if access.invited(books, hashed, hand.now) != account:
                raise Declined({"key": "link-spent"})
            if not account:
                self._first(hand, kept, language)
            else:
                acts.set_password(hand, owner, kept, act="account password")
            return self._enter(hand, caller)

    def _first(self, hand: acts.Hand, kept: str, language: str) -> None:
        """The first account of all; its link opens nothing once there is one."""
        access.withdraw(hand.books, "")
        if access.accounts(hand.books):
            raise Declined({"key": "link-spent"})
        acts.add_account(hand, hand.who, Role.ADMIN.value, language=language, password=kept)


def _name_problems(name: str) -> dict[str, str]:
    try:
        account_name(name)
    except Declined as error:
        return error.problems
    return {}
