"""What admins and owners do with accounts, tokens and displays: in the caller's transaction, and in the audit log."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.languages import KNOWN as LANGUAGES
from dashboards.web.sources.accounts import SCOPES, Account, Beyond, Declined, Display, Token
from dashboards.web.viewer import RIGHTS, Right, Role
from noc.accounts.names import account_name, folded, label
from noc.accounts.secret import DISPLAY, TOKEN, digest, new_secret, shown
from noc.ledger import access
from noc.ledger.books import SqlBooks

DAY_S: Final = 86_400
INVITED_S: Final = DAY_S
MOST_DAYS: Final = 3650
ROLES: Final[Mapping[str, Role]] = {role.value: role for role in Role if role is not Role.DISPLAY}
THEMES: Final = ("auto", "dark", "light")


@dataclass(frozen=True)
class Hand:
    """Who acts, when, in which transaction. `institutions`: keys that there are; None: not looked at.

    `rights`: that may be handed out; None: all, as on the machine itself.
    """

    books: SqlBooks
    who: str
    now: float
    institutions: Container[str] | None = field(default=None)
    rights: frozenset[Right] | None = field(default=None)

    def hands_out(self, rights: frozenset[Right]) -> None:
        """Beyond where whoever acts has not got them."""
        missing = rights - (rights if self.rights is None else self.rights)
        if missing:
            scopes = [scope for scope, held in SCOPES.items() if held & missing]
            raise Beyond(f"what you have not got yourself you cannot hand out: {', '.join(scopes)}")

    def audit(self, act: str, **what: Any) -> None:
        self.books.audit(self.now, self.who, act, what)


def found(hand: Hand, name: str) -> Account:
    one = access.account(hand.books, folded(name))
    if one is None:
        raise Declined({"name": "account-unknown"})
    return one


def add_account(
    hand: Hand, name: str, role: str, institutions: Sequence[str] = (), *, language: str = "en", password: str = ""
) -> Account:
    """`password` as it is kept; "" where its owner is to choose one by a link."""
    problems: dict[str, str] = {}
    try:
        name = account_name(name)
        if access.account(hand.books, name) is not None:
            problems["name"] = "name-taken"
    except Declined as error:
        problems |= error.problems
    problems |= _role_problems(hand, role, institutions)
    if language not in LANGUAGES:
        problems["language"] = "language-unknown"
    if problems:
        raise Declined(problems)
    hand.hands_out(RIGHTS[ROLES[role]])
    mine = _of_role(role, institutions)
    one = Account(name, ROLES[role], mine, language, made_by=hand.who, made_at=hand.now)
    if password:
        one = Account(name, ROLES[role], mine, language, made_by=hand.who, made_at=hand.now, password_at=hand.now)
    access.add_account(hand.books, one, password)
    hand.audit("account add", account=name, role=role, institutions=list(mine))
    return one


def change_account(hand: Hand, name: str, role: str, institutions: Sequence[str] = ()) -> None:
    one = found(hand, name)
    if problems := _role_problems(hand, role, institutions):
        raise Declined(problems)
    hand.hands_out(RIGHTS[ROLES[role]])
    if ROLES[role] is not Role.ADMIN:
        _leave_an_admin(hand, one, "role")
    mine = _of_role(role, institutions)
    access.put_account(hand.books, one.name, role=role, institutions=list(mine))
    hand.audit("account role", account=one.name, role=role, was=one.role.value, institutions=list(mine))


def disable_account(hand: Hand, name: str) -> None:
    """Its sessions end, and its tokens open nothing while it is disabled."""
    one = found(hand, name)
    if one.disabled_at is not None:
        return
    _leave_an_admin(hand, one, "name")
    access.put_account(hand.books, one.name, disabled_at=hand.now)
    access.end_all_of(hand.books, account=one.name)
    access.withdraw(hand.books, one.name)
    hand.audit("account disable", account=one.name)


def enable_account(hand: Hand, name: str) -> None:
    one = found(hand, name)
    if one.disabled_at is not None:
        hand.hands_out(RIGHTS[one.role])
        access.put_account(hand.books, one.name, disabled_at=None)
        hand.audit("account enable", account=one.name)


def reset_account(hand: Hand, name: str) -> str:
    """Password and sessions are over; the key of a link by which its owner chooses another."""
    one = found(hand, name)
    if one.disabled_at is not None:
        raise Declined({"name": "account-disabled"})
    hand.hands_out(RIGHTS[one.role])  # whoever reads the link comes in by it
    access.put_account(hand.books, one.name, password="", password_at=None)
    access.end_all_of(hand.books, account=one.name)
    hand.audit("account reset", account=one.name)
    return _invited(hand, one.name)


def invite(hand: Hand, name: str) -> str:
    """The key of a link by which the owner of a new account chooses a password; "": to become the first admin."""
    return _invited(hand, name)


def set_password(hand: Hand, name: str, kept: str, *, act: str, but: str = "") -> None:
    """`kept` as argon2 has it; every session ends but that of the hash `but`, and every link is spent."""
    access.put_account(hand.books, name, password=kept, password_at=hand.now)
    access.end_all_of(hand.books, account=name, but=but)
    access.withdraw(hand.books, name)
    hand.audit(act, account=name)


def prefer(hand: Hand, name: str, *, language: str = "", theme: str = "") -> None:
    wanted = {
        "language": (language, language in LANGUAGES, "language-unknown"),
        "theme": (theme, theme in THEMES, "theme-unknown"),
    }
    problems = {key: word for key, (value, known, word) in wanted.items() if value and not known}
    if problems:
        raise Declined(problems)
    if changed := {key: value for key, (value, _, _) in wanted.items() if value}:
        one = found(hand, name)
        access.put_account(hand.books, one.name, moved=True, **changed)
        hand.audit("account prefer", account=one.name, **changed)


def add_token(hand: Hand, name: str, text: str, scopes: Sequence[str], days: int | None = None) -> str:
    """The token itself, shown only here."""
    problems: dict[str, str] = {}
    one = access.account(hand.books, folded(name))
    if one is None or one.disabled_at is not None:
        problems["account"] = "account-unknown" if one is None else "account-disabled"
    if not scopes or any(scope not in SCOPES for scope in scopes):
        problems["scopes"] = "scope-unknown"
    if days is not None and not 0 < days <= MOST_DAYS:
        problems["days"] = "days-wrong"
    try:
        text = label(text)
    except Declined as error:
        problems |= error.problems
    if problems or one is None:
        raise Declined(problems)
    hand.hands_out(frozenset().union(*(SCOPES[scope] for scope in scopes)))
    secret = new_secret(TOKEN)
    ends = None if days is None else hand.now + days * DAY_S
    kept = tuple(scope for scope in SCOPES if scope in scopes)
    token = Token(0, one.name, text, shown(secret), kept, hand.who, hand.now, ends)
    number = access.add_token(hand.books, digest(secret), token)
    hand.audit("api token add", token=number, account=one.name, label=text, scopes=list(kept), prefix=token.prefix)
    return secret


def revoke_token(hand: Hand, number: int, account: str = "") -> None:
    """`account`: only one of its own."""
    mine = {one.number: one for one in access.tokens(hand.books) if not account or one.account == account}
    if number not in mine:
        raise Declined({"number": "token-unknown"})
    if mine[number].revoked_at is None:
        access.revoke_token(hand.books, number, hand.now)
        hand.audit("api token revoke", token=number, account=mine[number].account, prefix=mine[number].prefix)


def add_display(hand: Hand, name: str, *, language: str = "en", theme: str = "dark") -> str:
    """The display's token, shown only here."""
    problems: dict[str, str] = {}
    try:
        name = label(name, "name")
        if any(one.name == name and one.revoked_at is None for one in access.displays(hand.books)):
            problems["name"] = "name-taken"
    except Declined as error:
        problems |= error.problems
    if language not in LANGUAGES:
        problems["language"] = "language-unknown"
    if theme not in THEMES:
        problems["theme"] = "theme-unknown"
    if problems:
        raise Declined(problems)
    hand.hands_out(RIGHTS[Role.DISPLAY])
    secret = new_secret(DISPLAY)
    number = access.add_display(hand.books, digest(secret), Display(0, name, language, theme, hand.who, hand.now))
    hand.audit("display add", display=number, name=name)
    return secret


def revoke_display(hand: Hand, number: int) -> None:
    """Every screen that shows it is sent away at once."""
    known = {one.number: one for one in access.displays(hand.books)}
    if number not in known:
        raise Declined({"number": "display-unknown"})
    if known[number].revoked_at is None:
        access.put_display(hand.books, number, revoked_at=hand.now)
        access.end_all_of(hand.books, display=number)
        hand.audit("display revoke", display=number, name=known[number].name)


def _invited(hand: Hand, name: str) -> str:
    key = new_secret()
    access.invite(hand.books, digest(key), name, hand.who, now=hand.now, expires_at=hand.now + INVITED_S)
    return key


def _role_problems(hand: Hand, role: str, institutions: Sequence[str]) -> dict[str, str]:
    if role not in ROLES:
        return {"role": "role-unknown"}
    if ROLES[role] is not Role.INSTITUTION:
        return {}
    if not institutions:
        return {"institutions": "institution-needed"}
    known = hand.institutions
    if known is not None and any(one not in known for one in institutions):
        return {"institutions": "institution-unknown"}
    return {}


def _of_role(role: str, institutions: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(institutions)) if ROLES[role] is Role.INSTITUTION else ()


def _leave_an_admin(hand: Hand, one: Account, at_fault: str) -> None:
    """Somebody must be left who can let others in."""
    others = (each for each in access.accounts(hand.books) if each.name != one.name)
    left = any(each.role is Role.ADMIN and each.disabled_at is None and each.password_at for each in others)
    if one.role is Role.ADMIN and one.disabled_at is None and not left:
        raise Declined({at_fault: "last-admin"})
