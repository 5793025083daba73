"""What people may do in the capacity ledger: ask, approve, refuse, withdraw, change, end; or why they may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from inventory.accounts.book import Book
from inventory.accounts.delivery import follow, settle
from inventory.accounts.posting import Posting
from inventory.accounts.request import Request, Term, before, joined
from inventory.accounts.room import covers, meet, refusal, shortages, unsigned_shortages
from inventory.contracts import FIRST_DAY, LAST_DAY
from inventory.mistakes import did_you_mean
from inventory.model import Contract, Inventory

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
        _refuse_words(ask.reference, "reference")
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
        _refuse_words(name, "approver", LONGEST_NAME)
        if name.casefold() in self._askers(number):
            raise ActError(f"R-{number} was entered by {name}: somebody else has to approve it")
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
            raise ActError(f"R-{number}: that is what it is already")
        after = replace(request, asked=asked, asked_by=self.who)
        self._refuse_twice(after)
        if request.state == "approved" and covers(request.granted, asked):
            after = replace(after, granted=asked, asked_by="")
        return self._take(after, "change")

    def end(self, number: int, on: date, reason: str = "") -> Request:
        """It holds nothing from that day on."""
        request = self._live(number)
        if request.state == "requested":
            raise ActError(f"R-{number} is not approved yet: withdraw it, or refuse it")
        last = request.granted[-1]
        if last.end is not None and last.end <= on:
            raise ActError(f"R-{number} ends on {last.end} already")
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
            raise ActError(f"there is no request R-{number}; 'noc iru request list' shows them")
        return request

    def _live(self, number: int) -> Request:
        request = self._find(number)
        if not request.live:
            raise ActError(f"R-{number} is {request.state}, by {request.who}")
        return request

    def _pending(self, number: int, act: str) -> Request:
        request = self._live(number)
        if not request.pending:
            raise ActError(f"R-{number} is approved already, by {request.approver}: there is nothing to {act}")
        return request

    def _known(self, ask: Ask) -> None:
        """Everything that is named is there."""
        if not ask.shares:
            raise ActError("a request names its contracts, or a pool of them")
        for kind, word, there in (
            ("institution", ask.institution, self.inventory.institutions),
            *(("contract", word, self.inventory.contracts) for word in ask.shares),
        ):
            if word not in there:
                hint = did_you_mean(word, there)
                raise ActError(f"there is no {kind} {word!r}" + (f" ({hint})" if hint else ""))
        if not all(0 < share <= LONGEST_SHARE for share in ask.shares.values()):
            raise ActError(f"a share is a whole number from 1 to {LONGEST_SHARE}")

    def _refuse_twice(self, request: Request) -> None:
        """A letter is entered once, and an institution does not hold the same capacity twice by mistake."""
        for other in self.book.requests.values():
            if other.number == request.number or not other.live:
                continue
            if other.reference.casefold() == request.reference.casefold():
                raise ActError(f"reference {request.reference!r} is that of R-{other.number} already")
            shared = [key for key in request.shares if key in other.shares]
            if other.institution == request.institution and shared and not request.beside and meet(request, other):
                held = f"{request.institution} has R-{other.number} of {', '.join(shared)} in the same time"
                raise ActError(f"{held}: change that one, or say --beside if both are meant")


def _refuse_words(text: str, what: str, longest: int = LONGEST_REFERENCE) -> None:
    if not text.strip() or not text.isprintable() or len(text) > longest:
        raise ActError(f"the {what} has to be some words on one line, at most {longest} letters")


def _refuse_never(request: Request, contract: str, horizon: date | None) -> None:
    """What is to end with its contract begins before that."""
    last = request.asked[-1]
    if request.pending and last.end is None and horizon is not None and last.start >= horizon:
        raise ActError(f"{contract} ends on {horizon}, before {last.start}")


def _refuse_dates(term: Term) -> None:
    if term.end is not None and term.end <= term.start:
        raise ActError(f"it would end on {term.end} and begin on {term.start}")
    for day in (term.start, term.end or term.start):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ActError(f"{day}: a day from {FIRST_DAY} to {LAST_DAY}")


def pool_of(contracts: Mapping[str, Contract], word: str) -> Mapping[str, int]:
    """The contracts of a pool, with equal shares; ActError where there is none of that word."""
    found = {key: 1 for key, contract in contracts.items() if contract.pool and contract.pool == word}
    if not found:
        pools = sorted({contract.pool for contract in contracts.values() if contract.pool})
        hint = did_you_mean(word, pools)
        raise ActError(f"there is no pool {word!r}" + (f" ({hint})" if hint else ""))
    return found
