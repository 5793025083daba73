"""Accounts, sessions, tokens, displays and one-time links in the tables: read whole, written a row at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from sqlalchemy import Table, and_, delete, func, or_, select, update

from dashboards.web.sources.accounts import Account, Deed, Display, Session, Sought, Token
from dashboards.web.viewer import Role
from noc.ledger.books import SqlBooks
from noc.ledger.rows import Row, clean, plain, tidy
from noc.ledger.schema import ACCOUNT, AUDIT, DISPLAY, INVITATION, SESSION, TOKEN

MOVED: Final = "access"  # a mark that counts: whoever keeps what is here in memory reads it again
KEY: Final = 12  # letters of a session's hash that name it to its owner
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Held:
    """All of it as it stood in one transaction. Sessions, tokens and displays by the hash of what opens them."""

    accounts: Mapping[str, Account]
    sessions: Mapping[str, Session]
    tokens: Mapping[str, Token]
    displays: Mapping[str, Display]


def read_held(books: SqlBooks) -> Held:
    return Held(
        {one.name: one for one in accounts(books)},
        {row["hash"]: _session(row) for row in books.read(select(SESSION))},
        {row["hash"]: _of(row, Token) for row in books.read(select(TOKEN).order_by(TOKEN.c.number))},
        {row["hash"]: _of(row, Display) for row in books.read(select(DISPLAY).order_by(DISPLAY.c.number))},
    )


def accounts(books: SqlBooks) -> Sequence[Account]:
    return [_of(row, Account) for row in books.read(select(ACCOUNT).order_by(ACCOUNT.c.name))]


def account(books: SqlBooks, name: str) -> Account | None:
    found = books.read(select(ACCOUNT).where(ACCOUNT.c.name == name))
    return _of(found[0], Account) if found else None


def password_of(books: SqlBooks, name: str) -> str:
    """As argon2 keeps it; "" where there is none."""
    found = books.read(select(ACCOUNT.c.password).where(ACCOUNT.c.name == name))
    return str(found[0]["password"]) if found else ""


def add_account(books: SqlBooks, one: Account, password: str = "") -> None:
    row = plain(one, tuple(each.name for each in fields(Account))) | {"institutions": tidy(one.institutions)}
    books.insert(ACCOUNT, [row | {"role": one.role.value, "password": password}])
    _moved(books)


def put_account(books: SqlBooks, name: str, *, moved: bool = True, **changed: Any) -> None:
    """Overtaken where there is no such account."""
    row = {key: tidy(value) for key, value in changed.items()}
    books.change(ACCOUNT, update(ACCOUNT).where(ACCOUNT.c.name == name), row, guard=f"account {name}")
    if moved:
        _moved(books)


def add_session(books: SqlBooks, hashed: str, one: Session) -> None:
    row = plain(one, ("account", "display", "address", "browser", "made_at", "seen_at", "ends_at"))
    books.insert(SESSION, [row | {"hash": hashed}])
    _moved(books)


def see_session(books: SqlBooks, hashed: str, at: float, display_s: float) -> None:
    """It was used; that of a display is good for so much longer. No right changes by it."""
    meant = update(SESSION).where(SESSION.c.hash == hashed, SESSION.c.seen_at < at)
    books.change(SESSION, meant, {"seen_at": at})
    screen = update(SESSION).where(SESSION.c.hash == hashed, SESSION.c.display != 0)
    books.change(SESSION, screen, {"ends_at": at + display_s})
    its = select(SESSION.c.display).where(SESSION.c.hash == hashed).scalar_subquery()
    books.change(DISPLAY, update(DISPLAY).where(DISPLAY.c.number == its), {"seen_at": at})


def see_token(books: SqlBooks, number: int, at: float) -> None:
    books.change(TOKEN, update(TOKEN).where(TOKEN.c.number == number), {"used_at": at})


def sessions_of(books: SqlBooks, *, account: str = "", display: int = 0) -> Mapping[str, Session]:
    """By hash, longest unseen first."""
    meant = select(SESSION).where(SESSION.c.account == account, SESSION.c.display == display)
    return {row["hash"]: _session(row) for row in books.read(meant.order_by(SESSION.c.seen_at, SESSION.c.hash))}


def end_sessions(books: SqlBooks, hashes: Sequence[str]) -> None:
    if hashes:
        books.change(SESSION, delete(SESSION).where(SESSION.c.hash.in_(hashes)))
        _moved(books)


def end_all_of(books: SqlBooks, *, account: str = "", display: int = 0, but: str = "") -> None:
    whose = (SESSION.c.account == account, SESSION.c.display == display, SESSION.c.hash != but)
    books.change(SESSION, delete(SESSION).where(*whose))
    _moved(books)


def end_old(books: SqlBooks, now: float, idle_before: float) -> None:
    """Sessions that nobody can use any more."""
    idle = and_(SESSION.c.display == 0, SESSION.c.seen_at < idle_before)
    books.change(SESSION, delete(SESSION).where(or_(SESSION.c.ends_at <= now, idle)))
    books.change(INVITATION, delete(INVITATION).where(INVITATION.c.expires_at <= now))


def add_token(books: SqlBooks, hashed: str, one: Token) -> int:
    number = books.add_numbered(TOKEN, _row(one) | {"hash": hashed, "scopes": list(one.scopes)})
    _moved(books)
    return number


def revoke_token(books: SqlBooks, number: int, now: float) -> None:
    meant = update(TOKEN).where(TOKEN.c.number == number)
    books.change(TOKEN, meant, {"revoked_at": now}, guard=f"token {number}")
    _moved(books)


def tokens(books: SqlBooks) -> Sequence[Token]:
    return [_of(row, Token) for row in books.read(select(TOKEN).order_by(TOKEN.c.number))]


def add_display(books: SqlBooks, hashed: str, one: Display) -> int:
    number = books.add_numbered(DISPLAY, _row(one) | {"hash": hashed})
    _moved(books)
    return number


def put_display(books: SqlBooks, number: int, **changed: float) -> None:
    """`seen_at` or `revoked_at`."""
    books.change(DISPLAY, update(DISPLAY).where(DISPLAY.c.number == number), dict(changed), guard=f"display {number}")
    _moved(books)


def displays(books: SqlBooks) -> Sequence[Display]:
    return [_of(row, Display) for row in books.read(select(DISPLAY).order_by(DISPLAY.c.number))]


def invite(books: SqlBooks, hashed: str, account: str, who: str, *, now: float, expires_at: float) -> None:
    """Earlier links of the same account are good no more."""
    withdraw(books, account)
    row = {"hash": hashed, "account": account, "made_by": clean(who), "made_at": now, "expires_at": expires_at}
    books.insert(INVITATION, [row])


def withdraw(books: SqlBooks, account: str) -> None:
    books.change(INVITATION, delete(INVITATION).where(INVITATION.c.account == account))


def invited(books: SqlBooks, hashed: str, now: float) -> str | None:
    """Whom such a link is for; None of one that is unknown, spent or too old."""
    meant = select(INVITATION.c.account).where(INVITATION.c.hash == hashed, INVITATION.c.expires_at > now)
    found = books.read(meant)
    return str(found[0]["account"]) if found else None


def deeds(books: SqlBooks, sought: Sought) -> Sequence[Deed]:
    """Lines of the audit log, newest first."""
    meant = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(sought.most).where(AUDIT.c.at >= sought.since)
    for column, text in ((AUDIT.c.who, sought.who), (AUDIT.c.act, sought.act)):
        if text:
            meant = meant.where(column == clean(text))
    if sought.until is not None:
        meant = meant.where(AUDIT.c.at < sought.until)
    if sought.before is not None:
        meant = meant.where(AUDIT.c.id < sought.before)
    if sought.words:
        meant = meant.where(_written(AUDIT).contains(clean(sought.words).casefold(), autoescape=True))
    return [Deed(row["id"], row["at"], row["who"], row["act"], row["what"]) for row in books.read(meant)]


def _written(table: Table) -> Any:
    """A line as one text, in small letters."""
    from sqlalchemy import Text, cast

    return func.lower(table.c.who + " " + table.c.act + " " + cast(table.c.what, Text))


def moved(books: SqlBooks) -> str:
    """Another word than before once any right has changed."""
    return books.mark(MOVED)


def _moved(books: SqlBooks) -> None:
    books.put_mark(MOVED, str(int(books.mark(MOVED) or 0) + 1))


def _row(one: Token | Display) -> Row:
    return plain(one, tuple(each.name for each in fields(one) if each.name != "scopes"))


def _of(row: Mapping[str, Any], kind: type[Kind]) -> Kind:
    kept = {each.name: row[each.name] for each in fields(kind)}  # type: ignore[arg-type]
    for name in ("institutions", "scopes"):
        if name in kept:
            kept[name] = tuple(kept[name])
    if "role" in kept:
        kept["role"] = Role(kept["role"])
    return kind(**kept)


def _session(row: Mapping[str, Any]) -> Session:
    names = ("account", "display", "address", "browser", "made_at", "seen_at", "ends_at")
    return Session(key=row["hash"][:KEY], **{name: row[name] for name in names})
