"""What people may do in the capacity ledger: ask, approve, refuse, withdraw, change, end; or why they may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from inventory.accounts.book import Book
from inventory.accounts.delivery import follow, settle
from inventory.accounts.posting import Posting
from inventory.accounts.request import Request, Term, before, joined
from inventory.accounts.room import covers, meet, refusal, shortages, unsigned_shortages
from inventory.contracts import FIRST_DAY, LAST_DAY
from inventory.mistakes import absent
from inventory.model import Contract, Inventory
from inventory.sentence import Sentence, noted

OVER: Final[Mapping[str, str]] = {
    "refused": noted("R-{number} is refused, by {who}"),
    "withdrawn": noted("R-{number} is withdrawn, by {who}"),
    "ended": noted("R-{number} is ended, by {who}"),
}
APPROVED: Final[Mapping[str, str]] = {
    "approve": noted("R-{number} is approved already, by {who}: there is nothing to approve"),
    "refuse": noted("R-{number} is approved already, by {who}: there is nothing to refuse"),
    "withdraw": noted("R-{number} is approved already, by {who}: there is nothing to withdraw"),
}
LONGEST_SHARE: Final = 1000
LONGEST_REFERENCE: Final = 200
LONGEST_NAME: Final = 64
Kept = Literal["kept"]


class ActError(Exception):
    """Refused, and nothing was posted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who lets something go beyond capacity x contention, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as it comes in. `shares`: contract -> share; `beside`: another one of the institution may stand."""

    reference: str
    institution: str
    shares: Mapping[str, int]
    term: Term
    pool: str = ""
    beside: bool = False


@dataclass(slots=True)
class Acts:
    """What one person does at one instant; `lines` and `words` are what has to be kept of it, in order.

    The book follows the inventory before anything else: nobody draws on what is not delivered any more.
    """

    book: Book
    inventory: Inventory
    who: str
    at: float
    signature: Signature | None = None
    lines: list[Posting] = field(default_factory=list)
    words: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        # a clock that was set back must not write into what was known already
        self.at = max(self.at, self.book.recorded_at)
        self.lines += follow(self.book, self.inventory.contracts, self.at)

    def add(self, ask: Ask) -> Request:
        """What is asked for is reserved until somebody decides."""
        _refuse_words(ask.reference, noted("the reference has to be some words on one line, at most {longest} letters"))
        self._known(ask)
        _refuse_dates(ask.term)
        number = max(self.book.requests, default=0) + 1
        request = Request(
            number,
            ask.reference,
            ask.institution,
            dict(ask.shares),
            "requested",
            self.who,
            (ask.term,),
            asked_by=self.who,
            pool=ask.pool,
            beside=ask.beside,
        )
        self._refuse_twice(request)
        return self._take(request, "add")

    def approve(self, number: int, approver: str = "") -> Request:
        """What is reserved is allocated; by somebody else than who asked for it.

        `approver`: who decided, where that was on paper and is only written down here.
        """
        request = self._pending(number, "approve")
        name = approver or self.who
        words = noted("the approver has to be some words on one line, at most {longest} letters")
        _refuse_words(name, words, LONGEST_NAME)
        if name.casefold() in self._askers(number):
            text = noted("R-{number} was entered by {who}: somebody else has to approve it")
            raise ActError(Sentence("own-request", text, number=number, who=name))
        after = replace(request, state="approved", granted=request.asked, approver=name, asked_by="")
        return self._take(after, "approve", unsigned=True)

    def refuse(self, number: int, reason: str) -> Request:
        return self._drop(self._pending(number, "refuse"), "refuse", reason)

    def withdraw(self, number: int, reason: str = "") -> Request:
        """By those who asked; what was granted before stays."""
        return self._drop(self._pending(number, "withdraw"), "withdraw", reason)

    def change(
        self,
        number: int,
        on: date,
        *,
        in_bps: int | None = None,
        out_bps: int | None = None,
        until: date | Kept | None = "kept",
    ) -> Request:
        """Other rates or another end from a day on. Less is given back at once; more waits for an approver."""
        request = self._live(number)
        last = request.asked[-1]
        at_hand = next((term for term in request.asked if term.holds_on(on)), last)
        end = last.end if until == "kept" else until
        term = Term(on, end, in_bps or at_hand.in_bps, out_bps or at_hand.out_bps)
        _refuse_dates(term)
        asked = joined((*before(request.asked, on), term))
        if asked == request.asked:
            raise ActError(Sentence("unchanged", "R-{number}: that is what it is already", number=number))
        after = replace(request, asked=asked, asked_by=self.who)
        self._refuse_twice(after)
        if request.state == "approved" and covers(request.granted, asked):
            after = replace(after, granted=asked, asked_by="")
        return self._take(after, "change")

    def end(self, number: int, on: date, reason: str = "") -> Request:
        """It holds nothing from that day on."""
        request = self._live(number)
        if request.state == "requested":
            text = noted("R-{number} is not approved yet: withdraw it, or refuse it")
            raise ActError(Sentence("not-approved", text, number=number))
        last = request.granted[-1]
        if last.end is not None and last.end <= on:
            raise ActError(Sentence("ends-already", "R-{number} ends on {day} already", number=number, day=last.end))
        kept = before(request.granted, on)
        first = request.granted[0]
        after = replace(request, asked=kept, granted=kept, asked_by="")
        if not kept:
            never = (Term(first.start, first.start, first.in_bps, first.out_bps),)
            after = replace(request, state="ended", asked=never, granted=never, asked_by="")
        return self._take(after, "end", reason)

    def _drop(self, request: Request, act: str, reason: str) -> Request:
        if request.state == "approved":
            return self._take(replace(request, asked=request.granted, asked_by=""), act, reason)
        return self._take(replace(request, state="refused" if act == "refuse" else "withdrawn"), act, reason)

    def _take(self, request: Request, act: str, reason: str = "", *, unsigned: bool = False) -> Request:
        for contract in request.shares:
            _refuse_never(request, contract, self.book.horizon(contract))
        lines = settle(self.book, request, request.shares, act=act, author=self.who, at=self.at)
        found = shortages(self.book, lines)
        if unsigned:
            found += unsigned_shortages(self.book, request)
        if found:
            if self.signature is None:
                raise ActError(refusal(found))
            request = replace(request, over_subscribed_by=self.signature.name, over_subscribed_why=self.signature.why)
        said = replace(request, act=act, who=self.who, reason=reason, recorded_at=self.at)
        self.book.post(lines)
        self.book.say(said)
        self.lines += lines
        self.words.append(said)
        return said

    def _askers(self, number: int) -> set[str]:
        """Everybody who entered or changed it since it was last decided."""
        found: set[str] = set()
        for word in (word for word in self.book.words if word.number == number):
            if word.act in ("add", "change"):
                found.add(word.who.casefold())
            else:
                found.clear()
        return found

    def _find(self, number: int) -> Request:
        request = self.book.requests.get(number)
        if request is None:
            text = noted("there is no request R-{number}; 'noc iru request list' shows them")
            raise ActError(Sentence("request-unknown", text, number=number))
        return request

    def _live(self, number: int) -> Request:
        request = self._find(number)
        if not request.live:
            raise ActError(Sentence("request-over", OVER[request.state], number=number, who=request.who))
        return request

    def _pending(self, number: int, act: str) -> Request:
        request = self._live(number)
        if not request.pending:
            raise ActError(Sentence("request-approved", APPROVED[act], number=number, who=request.approver))
        return request

    def _known(self, ask: Ask) -> None:
        """Everything that is named is there."""
        if not ask.shares:
            raise ActError(Sentence("contracts-needed", "a request names its contracts, or a pool of them"))
        for kind, word, there in (
            ("institution", ask.institution, self.inventory.institutions),
            *(("contract", word, self.inventory.contracts) for word in ask.shares),
        ):
            if word not in there:
                raise ActError(absent(kind, word, there))
        if not all(0 < share <= LONGEST_SHARE for share in ask.shares.values()):
            raise ActError(Sentence("no-share", "a share is a whole number from 1 to {most}", most=LONGEST_SHARE))

    def _refuse_twice(self, request: Request) -> None:
        """A letter is entered once, and an institution does not hold the same capacity twice by mistake."""
        for other in self.book.requests.values():
            if other.number == request.number or not other.live:
                continue
            if other.reference.casefold() == request.reference.casefold():
                text = noted("reference {reference!r} is that of R-{number} already")
                raise ActError(Sentence("reference-taken", text, reference=request.reference, number=other.number))
            shared = [key for key in request.shares if key in other.shares]
            if other.institution == request.institution and shared and not request.beside and meet(request, other):
                raise ActError(_held_twice(request.institution, other.number, shared))


def _held_twice(institution: str, number: int, shared: Sequence[str]) -> Sentence:
    return Sentence(
        "held-twice",
        "{institution} has R-{number} of {shared} in the same time: change that one, or say --beside if both are meant",
        institution=institution,
        number=number,
        shared=", ".join(shared),
    )


def _refuse_words(text: str, why: str, longest: int = LONGEST_REFERENCE) -> None:
    if not text.strip() or not text.isprintable() or len(text) > longest:
        raise ActError(Sentence("line-needed", why, longest=longest))


def _refuse_never(request: Request, contract: str, horizon: date | None) -> None:
    """What is to end with its contract begins before that."""
    last = request.asked[-1]
    if request.pending and last.end is None and horizon is not None and last.start >= horizon:
        text = noted("{contract} ends on {end}, before {start}")
        raise ActError(Sentence("contract-ends", text, contract=contract, end=horizon, start=last.start))


def _refuse_dates(term: Term) -> None:
    if term.end is not None and term.end <= term.start:
        text = noted("it would end on {end} and begin on {start}")
        raise ActError(Sentence("ends-first", text, end=term.end, start=term.start))
    for day in (term.start, term.end or term.start):
        if not FIRST_DAY <= day <= LAST_DAY:
            text = noted("{day}: a day from {first} to {last}")
            raise ActError(Sentence("day-far", text, day=day, first=FIRST_DAY, last=LAST_DAY))


def pool_of(contracts: Mapping[str, Contract], word: str) -> Mapping[str, int]:
    """The contracts of a pool, with equal shares; ActError where there is none of that word."""
    found = {key: 1 for key, contract in contracts.items() if contract.pool and contract.pool == word}
    if not found:
        pools = sorted({contract.pool for contract in contracts.values() if contract.pool})
        raise ActError(absent("pool", word, pools))
    return found
