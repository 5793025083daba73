"""What the contracts of the inventory deliver, posted: the ledger follows the inventory, and says when it did."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from inventory.accounts.book import Book
from inventory.accounts.course import Course
from inventory.accounts.posting import INVENTORY, Account, Posting, moves
from inventory.accounts.request import Request, holding
from inventory.allocation import DIRECTIONS, Direction
from inventory.calendar import day_of
from inventory.model import Contract

DELIVER: Final = "deliver"
SOURCES: Final[tuple[Account, ...]] = ("delivered", "contention")


def capacity(delivered_bps: int, contention: float) -> int:
    """How much of it may be allocated: contention as it is written, whole bits."""
    return int(delivered_bps * Fraction(str(contention)))


def follow(book: Book, contracts: Mapping[str, Contract], at: float) -> list[Posting]:
    """Posts in the book, and gives, what differs: capacity first, then what ends with its contracts.

    A contract that is not in the inventory any more delivers nothing from that day on.
    """
    posted: list[Posting] = []
    for contract in dict.fromkeys((*contracts, *book.contracts)):
        horizon = book.horizon(contract)
        lines = list(_capacity(book, contract, contracts.get(contract), at))
        book.post(lines)
        posted += lines
        if lines and book.horizon(contract) != horizon:
            posted += _with_it(book, contract, at)
    return posted


def _capacity(book: Book, key: str, contract: Contract | None, at: float) -> Iterator[Posting]:
    for direction in DIRECTIONS:
        wanted = _wanted(contract, direction) if contract is not None else {}
        for name in SOURCES:
            now = book.course(key, direction, name)
            found = moves({name: now}, {name: wanted.get(name, now.until(day_of(at)))})
            yield from lines_of(found, (key, direction), act=DELIVER, author=INVENTORY, at=at)


def _wanted(contract: Contract, direction: Direction) -> dict[Account, Course]:
    delivered, beyond = Course(), Course()
    days = [contract.start, *sorted(step.on for step in contract.resized)]
    for start, end in zip(days, [*days[1:], contract.end], strict=True):
        bps = contract.delivered(start)[DIRECTIONS.index(direction)]
        delivered.add(-bps, start, end)
        if more := capacity(bps, contract.contention) - bps:
            beyond.add(-more, start, end)
    return {"delivered": delivered, "contention": beyond}


def _with_it(book: Book, contract: str, at: float) -> list[Posting]:
    posted: list[Posting] = []
    for request in list(book.requests.values()):
        if contract in request.shares and request.open:
            lines = settle(book, request, (contract,), act=DELIVER, author=INVENTORY, at=at)
            book.post(lines)
            posted += lines
    return posted


def settle(
    book: Book, request: Request, contracts: Iterable[str], *, act: str, author: str, at: float
) -> list[Posting]:
    """The lines that make the book hold for a request what it is to hold; not posted yet."""
    found: list[Posting] = []
    for contract in contracts:
        horizon = book.horizon(contract)
        for direction in DIRECTIONS:
            reserved, allocated = holding(request, contract, direction, horizon)
            now = dict(book.held(request.number, contract, direction))
            wanted: dict[Account, Course] = {"reserved": reserved, "allocated": allocated}
            side = (contract, direction)
            found += lines_of(moves(now, wanted), side, act=act, author=author, at=at, request=request.number)
    return found


def lines_of(
    found: Iterable[tuple[Account, Account, int, date, date | None]],
    side: tuple[str, Direction],
    *,
    act: str,
    author: str,
    at: float,
    request: int = 0,
) -> Iterator[Posting]:
    for source, target, bps, start, end in found:
        yield Posting(*side, source, target, bps, start, end, act, request, author, at)
