"""Capacity over the API: contracts and how they stand, who holds what of them, and what would happen if."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.capacity.institutions import institution_told
from dashboards.capacity.question import UnclearError, Wished, question
from dashboards.capacity.told import circuit_told, overview_told
from dashboards.capacity.what_if_table import answer_told
from dashboards.figures import iso
from dashboards.iru_ledger import Asked as LedgerAsked
from dashboards.iru_ledger import ledger_json, request_json
from dashboards.iru_request import story_json
from dashboards.web.api import models_capacity as models
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.pages import ListQuestion, Question
from dashboards.web.api.reading import reading
from dashboards.web.api.times import Moment
from dashboards.web.refusal import Away, BadQuestion
from dashboards.web.viewer import Right
from inventory.accounts.book import Book
from inventory.accounts.request import Request
from inventory.allocation import Allocation
from inventory.contracts import FIRST_DAY, LAST_DAY
from inventory.sentence import Sentence

Month = Annotated[str, Field(pattern=r"^(\d{4}-\d{2})?$", description="YYYY-MM of local days; without it this one.")]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[Sequence[Word], Field(max_length=20)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of the request, without R-.")]


class MonthQuestion(Question):
    """Of one month."""

    month: Month = ""


class HoldersQuestion(ListQuestion):
    """Of one month, a page at a time."""

    month: Month = ""


class LedgerQuestion(Question):
    """The questions of `noc iru ledger`."""

    on: Annotated[Day | None, Field(description="What is valid on that day; without it today.")] = None
    known: Annotated[Moment | None, Field(description="As it was known then; without it now.")] = None
    contract: Annotated[str, Field(max_length=100, description="Of one contract alone.")] = ""
    postings: Annotated[bool, Field(description="The lines that make the figures, too.")] = False


class RequestQuestion(ListQuestion):
    """The questions of `noc iru request list`."""

    state: Literal["requested", "approved", "refused", "withdrawn", "ended"] | None = None
    pending: Annotated[bool, Field(description="Only those that wait for an approver, changes too.")] = False
    institution: Annotated[str, Field(max_length=100)] = ""
    contract: Annotated[str, Field(max_length=100)] = ""


class WhatIfQuestion(Question):
    """The questions of `noc iru what-if`."""

    add: Annotated[Words, Field(description="More requests: 40x10M, or 40x10M/2M (in/out).")] = ()
    to: Annotated[Words, Field(description="Where they draw from; without it the first pool.")] = ()
    lose: Annotated[Words, Field(description="What is lost: a contract, circuit or provider.")] = ()
    onto: Annotated[Words, Field(description="Where its load goes; without it the others of its pool.")] = ()
    growth: Annotated[str, Field(max_length=40, description="Of the p95: 3%/month, 40%/year; without it forecast.")] = (
        ""
    )


def iru(asked: Asking, question: Annotated[MonthQuestion, Query()]) -> Response:
    """Contracts and circuits: delivered, allocated, free, p95, headroom, diversity, availability. Computed beside:
    503 with Retry-After until the first figures are there."""
    capacity = asked.sight.capacity
    found = capacity.figures(capacity.month(question.month))
    if found is None:
        raise Away(Sentence("busy", "the figures of that month are being computed: ask again"))

    def make() -> Mapping[str, Any]:
        return {**overview_told(found.overview, asked.sight.now), "made_at": iso(found.made_at)}

    return asked.told(make, asked.sight.records.capacity())


def iru_institutions(asked: Asking, question: Annotated[HoldersQuestion, Query()]) -> Response:
    """What institutions hold and use: IRU use where it is measured, and that of their access lines."""
    capacity = asked.sight.capacity
    found = capacity.institutions(capacity.month(question.month))
    if found is None:
        raise Away(Sentence("busy", "the figures of that month are being computed: ask again"))

    def make() -> Mapping[str, Any]:
        every = sorted(found, key=lambda one: one.key)
        shown = asked.page(every, lambda one: (one.key,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            "institutions": [institution_told(one, asked.sight.now) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.capacity())


def circuit_figures(asked: Asking, question: Annotated[HoldersQuestion, Query()]) -> Response:
    """Use, p95, round trip, loss and faults of circuits in a month. Computed beside, as /iru."""
    month = asked.sight.capacity.month(question.month)
    found = asked.sight.records.circuits(month)
    if found is None:
        raise Away(Sentence("busy", "the figures of that month are being computed: ask again"))

    def make() -> Mapping[str, Any]:
        keys = sorted(found.circuits)
        shown = asked.page(keys, lambda key: (key,), question)
        return {
            "at": iso(asked.sight.now),
            "made_at": iso(found.made_at),
            "month": str(month),
            "until": iso(found.until),
            "total": len(keys),
            "circuits": [circuit_told(found.circuits[key], asked.sight.now) for key in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.capacity())


def iru_ledger(asked: Asking, question: Annotated[LedgerQuestion, Query()]) -> Response:
    """Who holds what, and how much is free of each contract and direction, on any day, as known at any time."""
    sight = asked.sight
    contracts = _contracts(asked, question.contract)
    known = question.known.timestamp() if question.known else None
    meant = LedgerAsked(
        question.on or sight.capacity.today, known if known is not None and known < sight.now else None, contracts
    )

    def make() -> Mapping[str, Any]:
        return ledger_json(sight.capacity.book, meant, sight.now, lines=question.postings)

    return asked.told(make, sight.records.capacity(), sight.capacity.today)


def iru_requests(asked: Asking, question: Annotated[RequestQuestion, Query()]) -> Response:
    """Every request that was ever entered, as it stands now."""

    def make() -> Mapping[str, Any]:
        book = asked.sight.capacity.book
        every = [one for one in book.allocations() if _meant(book.requests[one.number], one, question)]
        shown = asked.page(sorted(every, key=lambda one: one.number), lambda one: (one.number,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            "requests": [request_json(book.requests[one.number], one) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.capacity(), asked.sight.capacity.today)


def iru_request(asked: Asking, number: Number) -> Response:
    """One request: what it holds, every act on it with who and when, its postings. Its ETag goes into If-Match of acts."""
    sight = asked.sight
    sight.capacity.request(number)
    return asked.told(
        lambda: story_json(sight.capacity.book, number, sight.now),
        *(sight.records.capacity(), sight.capacity.today),
        revision=revision(sight.capacity.book, number),
    )


def revision(book: Book, number: int) -> int:
    """Another number after each act on a request: how many there were."""
    return sum(word.number == number for word in book.words)


def iru_what_if(asked: Asking, question: Annotated[WhatIfQuestion, Query()]) -> Response:
    """By when each contract reaches its level, and all that it delivers; nothing is changed anywhere."""
    wished = Wished(question.add, question.to, question.lose, question.onto, question.growth)
    meant = _understood(asked, wished)

    def make() -> Mapping[str, Any]:
        found = asked.sight.capacity.what_if(meant)
        head = {"question": wished.said(), "growth_a_month": meant.growth_month}
        return {"at": iso(asked.sight.now), **head, **answer_told(found)}

    return asked.told(make, asked.sight.records.capacity())


def _understood(asked: Asked, wished: Wished) -> Any:
    try:
        return question(asked.sight.inventory, wished)
    except UnclearError as error:
        problems = {word or "question": text for word, text in error.problems}
        raise BadQuestion(str(error), problems) from error


def _contracts(asked: Asked, named: str) -> list[str]:
    book = asked.sight.capacity.book
    found = list(dict.fromkeys((*asked.sight.inventory.contracts, *book.contracts)))
    if not named:
        return found
    if named not in found:
        asked.sight.capacity.contract(named)
    return [named]


def _meant(request: Request, one: Allocation, question: RequestQuestion) -> bool:
    return (
        question.state in (None, one.state)
        and (request.pending or not question.pending)
        and question.institution in ("", request.institution)
        and (not question.contract or question.contract in request.shares)
    )


ROUTES: Final = (
    reading("/circuits/figures", circuit_figures, models.CircuitFigureList, "Circuits in a month"),
    reading("/iru", iru, models.Overview, "Contracts and how they stand", needs=Right.WATCH),
    reading("/iru/institutions", iru_institutions, models.HolderList, "What institutions hold and use"),
    reading("/iru/ledger", iru_ledger, models.Ledger, "Who holds what", needs=Right.WATCH),
    reading("/iru/what-if", iru_what_if, models.WhatIf, "What if", needs=Right.WATCH),
    reading("/iru/requests", iru_requests, models.RequestList, "Requests", needs=Right.WATCH),
    reading("/iru/requests/{number}", iru_request, models.RequestStory, "One request", needs=Right.WATCH),
)
