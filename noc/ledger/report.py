"""What reports need of the ledger, taken in one short look: while they are computed nobody waits for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerts.books import LedgerMissing
from alerts.window import Window
from inventory.accounts.book import Book
from inventory.calendar import Month
from inventory.model import Inventory
from noc.ledger.capacity import read_book
from noc.ledger.closed import Closed, closed_reports
from noc.ledger.ledger import open_ledger


@dataclass(frozen=True)
class Looked:
    """`closed` by report, of one month; `book` as known at `known` (UTC seconds)."""

    known: float
    windows: tuple[Window, ...] = ()
    book: Book = field(default_factory=Book)
    closed: Mapping[str, Closed] = field(default_factory=dict)


def look(url: str, inventory: Inventory, month: Month, known: float, *, clock: Callable[[], float]) -> Looked:
    """Nothing stands in a ledger that is not there yet. LedgerError."""
    try:
        with open_ledger(url, clock=clock) as ledger, ledger.reading() as books:
            closed = closed_reports(books, str(month))
            return Looked(known, tuple(books.windows()), read_book(books, known, inventory), closed)
    except LedgerMissing:
        return Looked(known, book=read_book(None, known, inventory))
