"""The capacity ledger as a value: what was posted and said of requests, and every question to it, on any day, as known at
any instant."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from inventory.accounts.course import Course, runs, total
from inventory.accounts.posting import ACCOUNTS, HOLDINGS, Account, Posting
from inventory.accounts.request import Request, allocation, holds_on
from inventory.allocation import DIRECTIONS, Allocation, Balance, Direction
from inventory.calendar import day_of

Side = tuple[str, Direction]  # a contract, one way


class Book:
    """`inventory.allocation.Accounts`, of postings and requests in the order in which they were recorded.

    `now`: UTC seconds, the instant at which it is asked; it decides what has ended.
    """

    def __init__(self, requests: Iterable[Request] = (), postings: Iterable[Posting] = (), *, now: float = 0.0) -> None:
        self.now = now
        self.postings: list[Posting] = []
        self.words: list[Request] = []  # every request as it stood after each act
        self._requests: dict[int, Request] = {}
        self._accounts: dict[Side, dict[Account, Course]] = {}
        self._held: dict[tuple[int, str, Direction], dict[Account, Course]] = {}
        self._known: tuple[float, Book] | None = None
        for request in requests:
            self.say(request)
        self.post(postings)

    def say(self, request: Request) -> None:
        self._known = None
        self.words.append(request)
        self._requests[request.number] = request

    def post(self, postings: Iterable[Posting]) -> None:
        self._known = None
        for line in postings:
            self.postings.append(line)
            accounts = self._side(line.contract, line.direction)
            for account, bps in ((line.source, -line.bps), (line.target, line.bps)):
                accounts[account].add(bps, line.start, line.end)
                if line.request and account in HOLDINGS:
                    held = self._held.setdefault((line.request, line.contract, line.direction), _courses(HOLDINGS))
                    held[account].add(bps, line.start, line.end)

    def _side(self, contract: str, direction: Direction) -> dict[Account, Course]:
        return self._accounts.setdefault((contract, direction), _courses(ACCOUNTS))

    def as_known(self, known: float | None) -> "Book":
        """What stood in it then; the book itself for None."""
        if known is None:
            return self
        if self._known is None or self._known[0] != known:
            words = (word for word in self.words if word.recorded_at <= known)
            lines = (line for line in self.postings if line.recorded_at <= known)
            self._known = known, Book(words, lines, now=known)
        return self._known[1]

    @property
    def recorded_at(self) -> float:
        """Of the newest line, UTC seconds."""
        said = [word.recorded_at for word in self.words[-1:]]
        return max([*said, *(line.recorded_at for line in self.postings[-1:])], default=0.0)

    @property
    def contracts(self) -> Sequence[str]:
        return list(dict.fromkeys(contract for contract, _ in self._accounts))

    @property
    def requests(self) -> Mapping[int, Request]:
        """As they stand, by number."""
        return self._requests

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        found = self.as_known(known)._accounts.get((contract, direction)) or _courses(ACCOUNTS)
        delivered, beyond, _, reserved, allocated = (found[account].on(on) for account in ACCOUNTS)
        return Balance(contract, direction, on, -delivered, -delivered - beyond, reserved, allocated)

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        book = self.as_known(known)
        found = [book._requests[number] for number in sorted(book._requests)]
        if on is None:
            return [allocation(request, day_of(book.now)) for request in found]
        return [allocation(request, on) for request in found if holds_on(request, on)]

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        return first_below(self.course(contract, direction, "free"), since)

    def course(self, contract: str, direction: Direction, account: Account) -> Course:
        found = self._accounts.get((contract, direction))
        return found[account] if found else Course()

    def held(self, number: int, contract: str, direction: Direction) -> Mapping[Account, Course]:
        """What a request holds, reserved and allocated, as posted."""
        return self._held.get((number, contract, direction)) or _courses(HOLDINGS)

    def horizon(self, contract: str) -> date | None:
        """The first day from which it delivers nothing any more; None where there is no such day."""
        ends = [self.course(contract, direction, "delivered").end for direction in DIRECTIONS]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    def signed(self, contract: str, direction: Direction) -> Course:
        """What is held by requests that somebody let go beyond capacity, with a name and a reason."""
        over = (number for number, request in self._requests.items() if request.over_subscribed_by)
        return total(*(course for number in over for course in self.held(number, contract, direction).values()))


def _courses(accounts: Iterable[Account]) -> dict[Account, Course]:
    return {account: Course() for account in accounts}


def first_below(course: Course, since: date) -> date | None:
    """First day from `since` on with less than nothing."""
    for start, end, (bps,) in runs(course):
        if bps < 0 and (end is None or end > since):
            return max(start, since)
    return None
