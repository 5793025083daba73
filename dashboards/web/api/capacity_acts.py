"""What people do with requests for capacity, over the API: asking, approving, refusing, withdrawing, changing, ending."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi.responses import Response
from pydantic import Field

from alerts.books import Books
from dashboards.iru_ledger import request_json
from dashboards.web.api import models_capacity as models
from dashboards.web.api.acting import Act, Acting, Doing, there
from dashboards.web.api.capacity import Day, Number, revision
from dashboards.web.api.reading import acting
from dashboards.web.refusal import BadQuestion
from inventory.accounts.acts import Acts, Ask, Signature, pool_of
from inventory.accounts.request import Request, Term, allocation

FASTEST: Final = 10**13  # bit/s
Rate = Annotated[int, Field(ge=1, le=FASTEST, description="bit/s")]
Why = Annotated[str, Field(max_length=200)]


class Signed(Act):
    """What goes beyond capacity has a name and a reason, and shows them."""

    over_subscribe: Annotated[str, Field(max_length=64, description="Who answers for going beyond capacity.")] = ""
    why: Annotated[Why, Field(description="With over_subscribe, and needed there.")] = ""

    def signature(self) -> Signature | None:
        if bool(self.over_subscribe.strip()) is not bool(self.why.strip()):
            missing = "why" if self.over_subscribe.strip() else "over_subscribe"
            raise BadQuestion("over_subscribe and why go together", {missing: "is needed with the other"})
        return Signature(self.over_subscribe.strip(), self.why.strip()) if self.why.strip() else None


class NewRequest(Signed):
    """What an institution asks for; of contracts with their shares, or of a pool."""

    reference: Annotated[str, Field(min_length=1, max_length=200, description="Of the letter; of one request alone.")]
    institution: Annotated[str, Field(min_length=1, max_length=100)]
    contracts: Annotated[
        Mapping[str, Annotated[int, Field(ge=1, le=1000)]],
        Field(
            default_factory=dict,
            max_length=50,
            description="Contract -> share",
            examples=[{"seacom-iru": 2, "eassy-iru": 1}],
        ),
    ]
    pool: Annotated[str, Field(max_length=100)] = ""
    in_bps: Rate
    out_bps: Rate
    start: Annotated[Day | None, Field(alias="from", description="First day; without it today.")] = None
    until: Annotated[Day | None, Field(description="First day without it; without it with the contract.")] = None
    beside: Annotated[bool, Field(description="The institution holds some in that time, and both are meant.")] = False


class Reason(Act):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class MaybeReason(Act):
    """Why, where it is worth saying."""

    reason: Why = ""


class Ending(MaybeReason):
    """From when on."""

    start: Annotated[Day | None, Field(alias="from", description="First day without it; without it tomorrow.")] = None


class Change(Signed):
    """Other rates, or another end, from a day on."""

    in_bps: Rate | None = None
    out_bps: Rate | None = None
    start: Annotated[Day | None, Field(alias="from", description="From that day on; without it today.")] = None
    until: Annotated[Day | None, Field(description="New end: first day without it.")] = None
    open: Annotated[bool, Field(description="Or no end but the contract's.")] = False


def add_request(doing: Acting, said: NewRequest) -> Response:
    """What is asked for is reserved until somebody else approves or refuses it."""
    if bool(said.contracts) is bool(said.pool):
        raise BadQuestion("of what? contracts with their shares, or a pool", {"contracts": "or pool: one of both"})
    term = Term(said.start or doing.sight.capacity.today, said.until, said.in_bps, said.out_bps)

    def act(acts: Acts) -> Request:
        shares = pool_of(acts.inventory.contracts, said.pool) if said.pool else said.contracts
        return acts.add(Ask(said.reference, said.institution, shares, term, said.pool, said.beside))

    return _done(doing, said, act, status=201)


def approve_request(doing: Acting, number: Number, said: Signed) -> Response:
    """What is reserved is allocated. Whoever entered it cannot approve it; If-Match approves what was read, or nothing."""
    return _done(doing, said, lambda acts: acts.approve(number), number)


def refuse_request(doing: Acting, number: Number, said: Reason) -> Response:
    """What is asked for and not approved; what was approved before stays."""
    reason = _line(said.reason)
    return _done(doing, said, lambda acts: acts.refuse(number, reason), number)


def withdraw_request(doing: Acting, number: Number, said: MaybeReason) -> Response:
    """Take back what is asked for and not approved; what was approved before stays."""
    reason = _line(said.reason)
    return _done(doing, said, lambda acts: acts.withdraw(number, reason), number)


def change_request(doing: Acting, number: Number, said: Change) -> Response:
    """Less is given back at once, more waits for an approver."""
    if said.until and said.open:
        raise BadQuestion("until a day, or open: not both", {"open": "not with until"})
    if not (said.until or said.open or said.in_bps or said.out_bps):
        raise BadQuestion("what changes?", {"in_bps": "or out_bps, until, open: one of them at least"})
    today = doing.sight.capacity.today

    def act(acts: Acts) -> Request:
        found = acts.book.requests.get(number)
        start = said.start or (max(today, found.asked[0].start) if found else today)
        until = None if said.open else said.until or "kept"
        return acts.change(number, start, in_bps=said.in_bps, out_bps=said.out_bps, until=until)  # type: ignore[arg-type]

    return _done(doing, said, act, number)


def end_request(doing: Acting, number: Number, said: Ending) -> Response:
    """Give back from a day on what is allocated."""
    start: date = said.start or doing.sight.capacity.today + timedelta(days=1)
    reason = _line(said.reason)
    return _done(doing, said, lambda acts: acts.end(number, start, reason), number)


def _done(doing: Doing, said: Act, act: Callable[[Acts], Request], number: int = 0, *, status: int = 200) -> Response:
    capacity = doing.sight.capacity
    signature = said.signature() if isinstance(said, Signed) else None

    def carried_out(books: Books) -> Mapping[str, Any]:
        with capacity.acting_in(books, signature) as acts:
            there(found=not number or number in acts.book.requests, what=f"request R-{number}")
            if number:
                doing.matching(revision(acts.book, number))
            kept = act(acts)
            told = {"request": request_json(kept, allocation(kept, capacity.today))}
            return {"number": kept.number, "revision": revision(acts.book, kept.number), "told": told}

    return doing.once(said, carried_out, status=status)


def _line(text: str) -> str:
    said = " ".join(text.split())
    if not said.isprintable():
        raise BadQuestion("reason: some words on one line", {"reason": "some words on one line"})
    return said


ROUTES: Final = (
    acting("/iru/requests", add_request, models.OneRequest, "Ask for capacity", made=True),
    acting("/iru/requests/{number}/approve", approve_request, models.OneRequest, "Approve a request", 412),
    acting("/iru/requests/{number}/refuse", refuse_request, models.OneRequest, "Refuse a request", 412),
    acting("/iru/requests/{number}/withdraw", withdraw_request, models.OneRequest, "Withdraw a request", 412),
    acting("/iru/requests/{number}/change", change_request, models.OneRequest, "Change a request", 412),
    acting("/iru/requests/{number}/end", end_request, models.OneRequest, "End a request", 412),
)
