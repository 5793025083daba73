"""Whether there is room for a request: what is free on each day, where it does not suffice, and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from inventory.accounts.book import Book, Side
from inventory.accounts.course import Course, runs, total
from inventory.accounts.posting import Posting
from inventory.accounts.request import Request, Terms
from inventory.allocation import DIRECTIONS, Balance, Direction
from inventory.sentence import Sentence, joined, noted

NO_ROOM: Final = "no-room"  # what somebody may sign for


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first day on which one side has less free (bit/s) than is asked of it."""

    day: date
    asked_bps: int
    balance: Balance  # before


def shortages(book: Book, lines: Iterable[Posting]) -> list[Shortage]:
    """Where these lines would take more from `free` than there is; what gives something back is never refused."""
    taken: dict[Side, Course] = {}
    for line in lines:
        course = taken.setdefault((line.contract, line.direction), Course())
        if "free" in (line.source, line.target):
            course.add(line.bps if line.source == "free" else -line.bps, line.start, line.end)
    found = []
    for (contract, direction), course in taken.items():
        for start, _, (asked, free) in runs(course, book.course(contract, direction, "free")):
            if asked > 0 and asked > free:
                found.append(Shortage(start, asked, book.balance(contract, direction, start)))
                break
    return found


def unsigned_shortages(book: Book, request: Request) -> list[Shortage]:
    """Where what is to be granted is not there any more, whatever others signed for beyond capacity."""
    found = []
    for contract in request.shares:
        for direction in DIRECTIONS:
            reserved = book.held(request.number, contract, direction)["reserved"]
            free = total(book.course(contract, direction, "free"), book.signed(contract, direction))
            for start, _, (asked, left) in runs(reserved, free):
                if asked > 0 and left < 0:
                    balance = book.balance(contract, direction, start)
                    found.append(Shortage(start, asked, balance))
                    break
    return found


def refusal(found: Sequence[Shortage]) -> Sentence:
    """Which contract and direction, from which day, how much is free of how much."""
    sentences = [_sentence(one) for one in found]
    code = NO_ROOM if any(one.code == NO_ROOM for one in sentences) else sentences[0].code
    return joined(code, sentences)


def _sentence(short: Shortage) -> Sentence:
    balance = short.balance
    way = Sentence("way", "in") if balance.direction == "in" else Sentence("way", "out")
    if not balance.capacity_bps:
        text = noted("{contract} {way} delivers nothing on {day}")
        return Sentence("no-capacity", text, contract=balance.contract, way=way, day=short.day)
    return Sentence(
        NO_ROOM,
        "{contract} {way} has {free} Mb/s free on {day}, {asked} are asked for"
        " (capacity {capacity}: {allocated} allocated and {reserved} reserved)",
        contract=balance.contract,
        way=way,
        free=mbps(balance.free_bps),
        day=short.day,
        asked=mbps(short.asked_bps),
        capacity=mbps(balance.capacity_bps),
        allocated=mbps(balance.allocated_bps),
        reserved=mbps(balance.reserved_bps),
    )


def mbps(bps: int) -> str:
    """Megabits to the last bit: 8.5, 775, 0.064."""
    return f"{(Decimal(bps) / 10**6).normalize():f}"


def covers(granted: Terms, asked: Terms) -> bool:
    """Whether `asked` is on no day and in no direction more than `granted`."""
    return all(
        wished <= given
        for direction in DIRECTIONS
        for _, _, (given, wished) in runs(_rates(granted, direction), _rates(asked, direction))
    )


def meet(one: Request, other: Request) -> bool:
    """Whether both hold something, or ask for it, on the same day."""
    found = [_rates((*each.asked, *each.granted), "in") for each in (one, other)]
    return any(all(figures) for _, _, figures in runs(*found))


def _rates(terms: Terms, direction: Direction) -> Course:
    course = Course()
    for term in terms:
        course.add(term.bps(direction), term.start, term.end)
    return course
