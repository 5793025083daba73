"""A request of an institution for committed rates, and what became of it; each word about it makes a new value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from inventory.accounts.course import Course, runs
from inventory.allocation import Allocation, AllocationState, Direction

LIVE: Final = ("requested", "approved")


@dataclass(frozen=True, slots=True)
class Term:
    """Rates (bit/s) over [start, end); None: with the contract."""

    start: date
    end: date | None
    in_bps: int
    out_bps: int

    def bps(self, direction: Direction) -> int:
        return self.in_bps if direction == "in" else self.out_bps

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


Terms = tuple[Term, ...]  # ascending, apart


@dataclass(frozen=True, slots=True)
class Request:
    """As it stands after one act. What is asked and not granted is reserved, what is granted is allocated."""

    number: int
    reference: str  # of the letter that asked for it; of one request alone
    institution: str
    shares: Mapping[str, int]  # contract -> share
    state: AllocationState
    author: str  # who entered it
    asked: Terms
    granted: Terms = ()
    asked_by: str = ""  # who entered what is still asked
    approver: str = ""
    pool: str = ""  # the word under which it named its contracts
    beside: bool = False  # another one of the same institution and contract stands, and is meant to
    over_subscribed_by: str = ""
    over_subscribed_why: str = ""
    act: str = ""  # the newest, whose it is, why, and when (UTC seconds)
    who: str = ""
    reason: str = ""
    recorded_at: float = 0.0

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def pending(self) -> bool:
        """Something waits for an approver."""
        return self.live and self.asked != self.granted

    @property
    def open(self) -> bool:
        """It ends with its contracts."""
        return self.live and any(term.end is None for term in self.asked + self.granted)


def _terms(request: Request) -> Terms:
    """Those that count: what is granted, before that what is asked."""
    return (request.granted or request.asked) if request.state != "requested" else request.asked


def holds_on(request: Request, day: date) -> bool:
    return request.live and any(term.holds_on(day) for term in _terms(request))


def allocation(request: Request, day: date) -> Allocation:
    """As the figures of that day; where it holds nothing then, as it was last (or will first be)."""
    terms = _terms(request)
    current = next((term for term in terms if term.holds_on(day)), None)
    shown = current or (terms[0] if day < terms[0].start else terms[-1])
    end = terms[-1].end
    over = request.state == "approved" and end is not None and end <= day
    return Allocation(
        request.number,
        request.reference,
        request.institution,
        tuple(request.shares),
        shown.in_bps,
        shown.out_bps,
        terms[0].start,
        end,
        "ended" if over else request.state,
        request.author,
        request.recorded_at,
        request.approver,
        request.over_subscribed_by,
        request.over_subscribed_why,
        dict(request.shares),
    )


def before(terms: Terms, day: date) -> Terms:
    """What of them lies before that day."""
    return tuple(
        term if term.end is not None and term.end <= day else Term(term.start, day, term.in_bps, term.out_bps)
        for term in terms
        if term.start < day
    )


def joined(terms: Iterable[Term]) -> Terms:
    """Neighbours of equal rates as one."""
    found: list[Term] = []
    for term in terms:
        last = found[-1] if found else None
        if last and last.end == term.start and (last.in_bps, last.out_bps) == (term.in_bps, term.out_bps):
            found[-1] = Term(last.start, term.end, term.in_bps, term.out_bps)
        else:
            found.append(term)
    return tuple(found)


def share(bps: int, shares: Mapping[str, int], contract: str) -> int:
    """That contract's part of a rate; the parts add up to it to the last bit, what is odd falls to the first ones."""
    whole = sum(shares.values())
    names = list(shares)
    place = names.index(contract)
    below = sum(shares[name] for name in names[:place])
    return -(-bps * (below + shares[contract]) // whole) + (-bps * below // whole)


def holding(request: Request, contract: str, direction: Direction, horizon: date | None) -> tuple[Course, Course]:
    """(reserved, allocated) of one contract, whose last day is before `horizon` (None: it has none)."""
    reserved, allocated = Course(), Course()
    if request.live:
        asked = _course(request, request.asked, (contract, direction), horizon)
        allocated = _course(request, request.granted, (contract, direction), horizon)
        for start, end, (wished, given) in runs(asked, allocated):
            if wished > given:
                reserved.add(wished - given, start, end)
    return reserved, allocated


def _course(request: Request, terms: Terms, whose: tuple[str, Direction], horizon: date | None) -> Course:
    contract, direction = whose
    course = Course()
    for term in terms:
        end = horizon if term.end is None else term.end
        if end is None or term.start < end:
            course.add(share(term.bps(direction), request.shares, contract), term.start, end)
    return course
