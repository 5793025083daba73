"""What people type into the forms of capacity requests, read into acts; all that is wrong with it at once, by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from inventory.accounts.acts import LONGEST_NAME, LONGEST_REFERENCE, Acts, Ask, Signature, pool_of
from inventory.accounts.book import Book
from inventory.accounts.importing import shares_of
from inventory.accounts.request import Request, Term
from inventory.accounts.room import NO_ROOM
from inventory.calendar import parse_day
from inventory.rates import parse_rate
from inventory.sentence import Sentence, code_of

AHEAD: Final = {"yesterday": -1, "today": 0, "tomorrow": 1, "jana": -1, "leo": 0, "kesho": 1}
FIELDS: Final = (
    *("institution", "in", "out", "of", "from", "until", "reference", "beside"),
    *("reason", "open", "over", "why", "preview"),
)
Act = Callable[[Acts], Request]
WHO: Final = Sentence("institution-needed", "who asks?")
WHAT: Final = Sentence("contracts-needed", "of what: a pool, or contracts?")
RATE: Final = Sentence("no-rate", "a rate: 10M, 2.5M")
BOTH: Final = Sentence("until-twice", "a last day, or none: not both")
NOTHING: Final = Sentence("nothing-changes", "what changes? a rate, or the end")


class FormWrong(Exception):
    """`problems`: field -> what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(slots=True)
class Reading:
    """Of one form: `typed` by field, as it was sent; `today` in Dar es Salaam."""

    typed: Mapping[str, str]
    today: date
    problems: dict[str, str] = field(default_factory=dict)

    def add(self) -> Act:
        """A new request; `of` is a pool, or contracts with commas or blanks between, each with :SHARE where it is not even."""
        term = self._term(self._day("from") or self.today)
        reference = self._line("reference", LONGEST_REFERENCE)
        institution, named = self._text("institution"), self._text("of").replace(",", " ").split()
        if not institution:
            self.problems["institution"] = WHO
        if not named:
            self.problems["of"] = WHAT
        self.check()

        def act(acts: Acts) -> Request:
            pools = {one.pool for one in acts.inventory.contracts.values() if one.pool}
            pool = named[0] if len(named) == 1 and named[0] in pools else ""
            shares = pool_of(acts.inventory.contracts, pool) if pool else shares_of(named)
            return acts.add(Ask(reference, institution, shares, term, pool, bool(self._text("beside"))))

        return act

    def approve(self, number: int) -> Act:
        self.check()
        return lambda acts: acts.approve(number)

    def refuse(self, number: int) -> Act:
        reason = self._line("reason")
        self.check()
        return lambda acts: acts.refuse(number, reason)

    def withdraw(self, number: int) -> Act:
        reason = self._line("reason") if self._text("reason") else ""
        self.check()
        return lambda acts: acts.withdraw(number, reason)

    def change(self, number: int) -> Act:
        """Other rates or another end; what is left empty stays."""
        start, end = self._day("from"), self._day("until")
        rates = {f"{way}_bps": self._rate(way, needed=False) for way in ("in", "out")}
        endless = bool(self._text("open"))
        if end and endless:
            self.problems["until"] = BOTH
        if not (end or endless or any(rates.values())) and not self.problems:
            self.problems["in"] = NOTHING
        self.check()

        def act(acts: Acts) -> Request:
            on = start or first_day(acts.book, number, self.today)
            return acts.change(number, on, until=None if endless else end or "kept", **rates)

        return act

    def end(self, number: int) -> Act:
        start = self._day("from") or self.today + timedelta(days=1)
        reason = self._line("reason") if self._text("reason") else ""
        self.check()
        return lambda acts: acts.end(number, start, reason)

    def signature(self) -> Signature | None:
        """Who lets it go beyond capacity, and why; both or none."""
        over, why = self._text("over"), self._text("why")
        if not over and not why:
            return None
        found = Signature(self._line("over", LONGEST_NAME), self._line("why"))
        self.check()
        return found

    def check(self) -> None:
        if self.problems:
            raise FormWrong(self.problems)

    def _text(self, name: str) -> str:
        return self.typed.get(name, "").strip()

    def _line(self, name: str, longest: int = LONGEST_REFERENCE) -> str:
        said = " ".join(self._text(name).split())
        if not said or not said.isprintable() or len(said) > longest:
            self.problems[name] = Sentence(
                "line-needed", "some words on one line, at most {longest} letters", longest=longest
            )
        return said

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        if not text:
            return None
        ahead = AHEAD.get(text.casefold())
        if ahead is not None:
            return self.today + timedelta(days=ahead)
        try:
            return parse_day(text)
        except ValueError as error:
            self.problems[name] = Sentence("no-day", "{why}; or today, tomorrow", why=str(error))
            return None

    def _rate(self, name: str, *, needed: bool = True) -> int | None:
        text = self._text(name)
        if not text:
            if needed:
                self.problems[name] = RATE
            return None
        try:
            return parse_rate(text)
        except ValueError as error:
            self.problems[name] = str(error)
            return None

    def _term(self, start: date) -> Term:
        return Term(start, self._day("until"), self._rate("in") or 0, self._rate("out") or 0)


def first_day(book: Book, number: int, today: date) -> date:
    """From when a change counts unless it is said: today, or the first day of what has not begun."""
    found = book.requests.get(number)
    return max(today, found.asked[0].start) if found else today


def may_be_signed(refusal: str) -> bool:
    """Whether somebody's name and reason would let it go beyond capacity."""
    return code_of(refusal) == NO_ROOM
