"""One request for capacity as people see it: in a list, in a sentence when something was done, and its whole story."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dashboards.figures import ZONE, clock, iso
from dashboards.iru_ledger import HOLDERS, note, of, posting_json, posting_lines, request_json
from dashboards.layout import NOTHING, Line, plain_table
from dashboards.text import one_line
from inventory.accounts.book import Book
from inventory.accounts.request import Request, Term, allocation
from inventory.accounts.room import mbps
from inventory.allocation import Allocation
from inventory.calendar import day_of

DONE: Final = {
    "add": "reserved, waits for an approver",
    "approve": "approved",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "end": "ended",
}


def announced(request: Request, *, signed: bool) -> str:
    """What an act made of it, in one sentence."""
    number, whose = f"R-{request.number}", one_line(request.institution)
    terms = request.asked if request.pending else request.granted or request.asked
    done = DONE.get(request.act) or ("changed, waits for an approver" if request.pending else "changed")
    said = f"{number} {whose}: {done}; {spoken(terms[-1])} of {of(request)}"
    if request.over_subscribed_by:
        by, why = one_line(request.over_subscribed_by), one_line(request.over_subscribed_why)
        return f"{said}. OVER-SUBSCRIBED by {by}: {why}"
    return f"{said}. It fits: --over-subscribe was not needed" if signed else said


def spoken(term: Term) -> str:
    """8 Mb/s in, 4 out from 2026-01-01 until 2027-01-01"""
    until = f" until {term.end}" if term.end else ""
    return f"{mbps(term.in_bps)} Mb/s in, {mbps(term.out_bps)} out from {term.start}{until}"


def request_lines(found: Sequence[tuple[Request, Allocation]], room: int) -> Sequence[str]:
    return list(plain_table(HOLDERS, [_row(*each) for each in found], room))


def _row(request: Request, one: Allocation) -> Line:
    cells = (
        f"R-{one.number}",
        one_line(one.institution),
        mbps(one.in_bps),
        mbps(one.out_bps),
        of(request),
        one.start.isoformat(),
        one.end.isoformat() if one.end else NOTHING,
        one.state,
    )
    return Line(one.state, cells, note(request))


def story_lines(book: Book, number: int, now: float, room: int) -> Iterator[str]:
    request = book.requests[number]
    one = allocation(request, day_of(now))
    yield f"R-{number} {one_line(request.institution)}: {one.state}, reference {one_line(request.reference)}"
    yield f"of {', '.join(f'{key} ({parts} of {sum(request.shares.values())})' for key, parts in request.shares.items())}"
    for term in request.granted:
        yield f"allocated: {spoken(term)}"
    if request.pending:
        yield from (f"asked for: {spoken(term)}" for term in request.asked)
    if said := note(request):
        yield said
    yield ""
    for word in _words(book, number):
        why = f": {one_line(word.reason)}" if word.reason else ""
        by = f" (approver {one_line(word.approver)})" if word.act == "approve" and word.approver != word.who else ""
        yield f"{clock(word.recorded_at, now)} {ZONE} {word.act} by {one_line(word.who)}{by}{why}"
    yield ""
    yield from posting_lines((line for line in book.postings if line.request == number), room)


def _words(book: Book, number: int) -> Sequence[Request]:
    return [word for word in book.words if word.number == number]


def story_json(book: Book, number: int, now: float) -> Mapping[str, Any]:
    """The request as in a list, every act, every posting."""
    request = book.requests[number]
    day = day_of(now)
    return {
        "at": iso(now),
        "request": request_json(request, allocation(request, day)),
        "acts": [
            {
                "act": word.act,
                "who": word.who,
                "reason": word.reason or None,
                **request_json(word, allocation(word, day)),
            }
            for word in _words(book, number)
        ],
        "postings": [posting_json(line) for line in book.postings if line.request == number],
    }
