"""The capacity ledger in the tables: read whole into a book, written a line at a time, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import func, select

from inventory.accounts.acts import Acts, Signature
from inventory.accounts.book import Book
from inventory.accounts.delivery import follow
from inventory.accounts.posting import Posting
from inventory.accounts.request import Request, Term, Terms
from inventory.model import Inventory
from noc.ledger.books import SqlBooks
from noc.ledger.rows import Row, clean, tidy
from noc.ledger.schema import POSTING, REQUEST

_DAYS = {"start": "from_day", "end": "to_day"}
_POSTING = {each.name: _DAYS.get(each.name, each.name) for each in fields(Posting)}
_REQUEST = tuple(each.name for each in fields(Request) if each.name not in ("shares", "asked", "granted"))


def read_book(books: SqlBooks | None, now: float, inventory: Inventory | None = None) -> Book:
    """Everything that stands in the ledger (None: there is none yet), asked at `now`, UTC seconds.

    With the inventory, what it says of capacity and is not posted yet counts as if it were, from `now` on.
    """
    book = Book(now=now)
    if books is not None:
        words = books.read(select(REQUEST).order_by(REQUEST.c.id))
        lines = books.read(select(POSTING).order_by(POSTING.c.id))
        book = Book(map(_request, words), map(_posting, lines), now=now)
    if inventory is not None:
        follow(book, inventory.contracts, max(now, book.recorded_at))
    return book


def newest(books: SqlBooks | None) -> tuple[int, int]:
    """The last word and the last line: as long as both are the same, so is the book."""
    if books is None:
        return 0, 0
    words, lines = (books.read(select(func.max(table.c.id).label("last")))[0]["last"] for table in (REQUEST, POSTING))
    return words or 0, lines or 0


def begin_acts(books: SqlBooks, inventory: Inventory, who: str, now: float, signature: Signature | None = None) -> Acts:
    """What somebody may do within this transaction; `keep` what came of it before it ends."""
    return Acts(read_book(books, now), inventory, who, now, signature)


def keep(books: SqlBooks, acts: Acts) -> None:
    """Every line and word of these acts, and in the audit who did what and what the inventory changed."""
    _keep_lines(books, acts.lines, acts.at)
    for request in acts.words:
        what = {"request": request.number, "reference": request.reference, "institution": request.institution}
        said = {"state": request.state, "contracts": list(request.shares), "reason": request.reason}
        signed = {"over_subscribed_by": request.over_subscribed_by, "why": request.over_subscribed_why}
        asked = {"asked": _plain(request.asked), "granted": _plain(request.granted)}
        books.audit(acts.at, request.who, f"iru request {request.act}", what | said | signed | asked)
    books.insert(REQUEST, [_row(request) for request in acts.words])


def follow_inventory(books: SqlBooks, inventory: Inventory, now: float) -> int:
    """Post what the inventory says of capacity and the ledger does not yet; how many lines that were."""
    book = read_book(books, now)
    at = max(now, book.recorded_at)
    lines = follow(book, inventory.contracts, at)
    _keep_lines(books, lines, at)
    return len(lines)


def _keep_lines(books: SqlBooks, lines: Iterable[Posting], at: float) -> None:
    rows = [_line(each) for each in lines]
    books.insert(POSTING, rows)
    changed = sorted({row["contract"] for row in rows if row["act"] == "deliver"})
    if changed:
        books.audit(at, "inventory", "iru deliver", {"contracts": changed})


def _line(posting: Posting) -> Row:
    return {column: clean(getattr(posting, name)) for name, column in _POSTING.items()}


def _posting(row: Mapping[str, Any]) -> Posting:
    return Posting(**{name: row[column] for name, column in _POSTING.items()})


def _row(request: Request) -> Row:
    row = {name: clean(getattr(request, name)) for name in _REQUEST}
    shares = [[tidy(contract), share] for contract, share in request.shares.items()]
    return row | {"shares": shares, "asked": _plain(request.asked), "granted": _plain(request.granted)}


def _plain(terms: Terms) -> list[Row]:
    return [
        {
            "start": term.start.isoformat(),
            "end": term.end.isoformat() if term.end else None,
            "in_bps": term.in_bps,
            "out_bps": term.out_bps,
        }
        for term in terms
    ]


def _request(row: Mapping[str, Any]) -> Request:
    terms: Row = {name: tuple(map(_term, row[name])) for name in ("asked", "granted")}
    return Request(**{name: row[name] for name in _REQUEST}, shares=dict(row["shares"]), **terms)


def _term(kept: Mapping[str, Any]) -> Term:
    end = kept["end"]
    start, until = date.fromisoformat(kept["start"]), date.fromisoformat(end) if end else None
    return Term(start, until, kept["in_bps"], kept["out_bps"])
