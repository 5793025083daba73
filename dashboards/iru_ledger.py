"""The capacity ledger as people see it: who holds what, how much is free of each contract, what is beyond capacity."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboards.figures import iso
from dashboards.layout import NOTHING, Column, Line, plain_table
from dashboards.text import one_line
from inventory.accounts.book import Book
from inventory.accounts.posting import Posting
from inventory.accounts.request import Request, Term, holds_on, share
from inventory.accounts.room import mbps
from inventory.allocation import DIRECTIONS, Allocation, Balance
from inventory.model import Contract
from inventory.sentence import Sentence, joined

HOLDERS: Final = (
    Column("no"),
    Column("institution", flexible=True),
    Column("in Mb/s", right=True),
    Column("out", right=True),
    Column("of", flexible=True),
    Column("from"),
    Column("until"),
    Column("state"),
)
TOTALS: Final = (
    Column("contract", flexible=True),
    Column("way"),
    Column("delivered", right=True),
    Column("capacity", right=True),
    Column("allocated", right=True),
    Column("reserved", right=True),
    Column("free Mb/s", right=True),
)
LINES: Final = (
    Column("no"),
    Column("act"),
    Column("contract", flexible=True),
    Column("way"),
    Column("out of"),
    Column("into"),
    Column("Mb/s", right=True),
    Column("from"),
    Column("until"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the ledger: valid on that day, as known then (UTC seconds; None: now), of those contracts."""

    on: date
    known: float | None
    contracts: Sequence[str]


def allocations(book: Book, asked: Asked) -> Sequence[Allocation]:
    found = book.allocations(asked.on, asked.known)
    return [one for one in found if set(one.contracts) & set(asked.contracts)]


def postings(book: Book, asked: Asked) -> Sequence[Posting]:
    """The lines that make the figures of that day."""
    return [
        line
        for line in book.as_known(asked.known).postings
        if line.contract in asked.contracts and line.start <= asked.on and (line.end is None or asked.on < line.end)
    ]


def balances(book: Book, asked: Asked) -> Sequence[tuple[Balance, date | None]]:
    """Each contract and direction, with the first day from then on on which less than nothing is free."""
    book = book.as_known(asked.known)
    return [
        (book.balance(contract, direction, asked.on), book.over_committed_from(contract, direction, asked.on))
        for contract in asked.contracts
        for direction in DIRECTIONS
    ]


def ledger_lines(
    book: Book, asked: Asked, contracts: Mapping[str, Contract], room: int, *, lines: bool = False
) -> Iterator[str]:
    """Holders (or, with `lines`, the postings), the totals, and in words what is beyond capacity."""
    if lines:
        yield from posting_lines(postings(book, asked), room)
    else:
        found = allocations(book, asked)
        requests = book.as_known(asked.known).requests
        one = asked.contracts[0] if len(asked.contracts) == 1 else ""
        rows = [_holder(each, requests[each.number], one) for each in found]
        yield from plain_table(HOLDERS, rows, room) if rows else [_nobody(book, asked)]
        yield f"{len(found)} requests, {sum(each.state == 'approved' for each in found)} of them approved"
    yield ""
    yield from total_lines(balances(book, asked), contracts, room)
    yield from beyond_lines(book, asked)
    gone = [key for key in asked.contracts if key not in contracts]
    yield from (f"{one_line(key)}: no contract of the inventory any more" for key in gone)


def _nobody(book: Book, asked: Asked) -> str:
    if book.as_known(asked.known).postings:
        return "nobody holds anything of it on that day"
    return "nothing stood in the ledger then"


def beyond_lines(book: Book, asked: Asked) -> Iterator[str]:
    """Where more is committed than there is, since when, and which requests somebody signed for."""
    requests = book.as_known(asked.known).requests.values()
    for balance, since in balances(book, asked):
        if since is None:
            continue
        amount = f" by {mbps(-balance.free_bps)} Mb/s" if balance.free_bps < 0 else f" from {since}"
        signed = [f"R-{each.number}" for each in requests if _signed_for(each, balance.contract, since)]
        why = f" ({', '.join(signed)} over-subscribed)" if signed else ""
        yield f"{one_line(balance.contract)} {balance.direction}: OVER-COMMITTED{amount}{why}"


def _signed_for(request: Request, contract: str, day: date) -> bool:
    return bool(request.over_subscribed_by) and contract in request.shares and holds_on(request, day)


def _holder(one: Allocation, request: Request, contract: str) -> Line:
    rates = (one.in_bps, one.out_bps)
    if contract and one.shares:
        rates = (share(one.in_bps, one.shares, contract), share(one.out_bps, one.shares, contract))
    cells = (
        f"R-{one.number}",
        one_line(one.institution),
        *map(mbps, rates),
        contract or of(request),
        one.start.isoformat(),
        one.end.isoformat() if one.end else NOTHING,
        "reserved" if one.state == "requested" else one.state,
    )
    return Line(one.state, cells, note(request))


def of(request: Request) -> str:
    """Its pool, or its contracts."""
    if request.pool:
        return one_line(request.pool)
    even = len(set(request.shares.values())) == 1
    return ", ".join(key if even else f"{key}:{parts}" for key, parts in request.shares.items())


def note(request: Request) -> str:
    """What has to be seen beside it."""
    said = []
    if request.over_subscribed_by:
        by, why = one_line(request.over_subscribed_by), one_line(request.over_subscribed_why)
        said.append(Sentence("over-subscribed", "OVER-SUBSCRIBED by {who}: {why}", who=by, why=why))
    if request.pending and request.granted:
        said.append(_asks(request, request.asked[-1]))
    return joined("note", said) if said else ""


def _asks(request: Request, term: Term) -> Sentence:
    return Sentence(
        "pending",
        "asks for {into} in, {out} out from {day} (by {who})",
        into=mbps(term.in_bps),
        out=mbps(term.out_bps),
        day=term.start,
        who=one_line(request.asked_by),
    )


def total_lines(
    found: Sequence[tuple[Balance, date | None]], contracts: Mapping[str, Contract], room: int
) -> Iterator[str]:
    rows = [_total(balance) for balance, _ in found]
    for pool in dict.fromkeys(contracts[each.contract].pool for each, _ in found if each.contract in contracts):
        members = [
            each for each, _ in found if pool and each.contract in contracts and contracts[each.contract].pool == pool
        ]
        if len(members) > len(DIRECTIONS):
            sides = ([each for each in members if each.direction == way] for way in DIRECTIONS)
            rows += [_total(together(f"{pool}, all", side)) for side in sides]
    yield from plain_table(TOTALS, rows, room)


def _total(balance: Balance) -> Line:
    names = ("delivered_bps", "capacity_bps", "allocated_bps", "reserved_bps", "free_bps")
    figures = (mbps(getattr(balance, each)) for each in names)
    return Line("", (one_line(balance.contract), balance.direction, *figures))


def together(name: str, found: Sequence[Balance]) -> Balance:
    """Of several contracts in one direction on one day."""
    names = ("delivered_bps", "capacity_bps", "reserved_bps", "allocated_bps")
    sums = [sum(getattr(balance, each) for balance in found) for each in names]
    return Balance(name, found[0].direction, found[0].day, *sums)


def posting_lines(found: Iterable[Posting], room: int) -> Iterator[str]:
    rows = [Line("", _line_cells(line)) for line in found]
    yield from plain_table(LINES, rows, room) if rows else ["no posting"]


def _line_cells(line: Posting) -> tuple[str, ...]:
    return (
        f"R-{line.request}" if line.request else NOTHING,
        line.act,
        one_line(line.contract),
        line.direction,
        line.source,
        line.target,
        mbps(line.bps),
        line.start.isoformat(),
        line.end.isoformat() if line.end else NOTHING,
    )


def ledger_json(book: Book, asked: Asked, now: float, *, lines: bool = False) -> Mapping[str, Any]:
    """Stable keys; rates in bit/s, days local, instants in UTC."""
    requests = book.as_known(asked.known).requests
    said: dict[str, Any] = {
        "at": iso(now),
        "on": asked.on.isoformat(),
        "known": iso(now if asked.known is None else asked.known),
        "contracts": [_balance_json(*each) for each in balances(book, asked)],
        "allocations": [request_json(requests[each.number], each) for each in allocations(book, asked)],
    }
    return said | ({"postings": [posting_json(line) for line in postings(book, asked)]} if lines else {})


def _balance_json(balance: Balance, since: date | None) -> Mapping[str, Any]:
    names = ("delivered_bps", "capacity_bps", "allocated_bps", "reserved_bps", "free_bps")
    figures = {name: getattr(balance, name) for name in names}
    over = {"over_committed_from": since.isoformat() if since else None}
    return {"contract": balance.contract, "direction": balance.direction} | figures | over


def request_json(request: Request, one: Allocation) -> Mapping[str, Any]:
    signed = {"by": request.over_subscribed_by, "why": request.over_subscribed_why}
    return {
        "number": request.number,
        "reference": request.reference,
        "institution": request.institution,
        "pool": request.pool or None,
        "contracts": dict(request.shares),
        "in_bps": one.in_bps,
        "out_bps": one.out_bps,
        "from": one.start.isoformat(),
        "until": one.end.isoformat() if one.end else None,
        "state": one.state,
        "author": request.author,
        "approver": request.approver or None,
        "recorded_at": iso(request.recorded_at),
        "over_subscribed": signed if request.over_subscribed_by else None,
        "asks": [_term_json(term) for term in request.asked] if request.pending else None,
        "asked_by": request.asked_by or None,
    }


def _term_json(term: Term) -> Mapping[str, Any]:
    end = term.end.isoformat() if term.end else None
    return {"from": term.start.isoformat(), "until": end, "in_bps": term.in_bps, "out_bps": term.out_bps}


def posting_json(line: Posting) -> Mapping[str, Any]:
    return {
        "contract": line.contract,
        "direction": line.direction,
        "source": line.source,
        "target": line.target,
        "bps": line.bps,
        "from": line.start.isoformat(),
        "until": line.end.isoformat() if line.end else None,
        "act": line.act,
        "request": line.request or None,
        "author": line.author,
        "recorded_at": iso(line.recorded_at),
    }
