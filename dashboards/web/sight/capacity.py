"""Capacity for one viewer: the whole ledger for those who see the network, their own part of it for institutions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from alerts.books import Books
from dashboards.capacity.institutions import InstitutionStanding
from dashboards.capacity.standing import held_by
from dashboards.capacity.what_if import Answer, Question
from dashboards.web.house import House
from dashboards.web.refusal import NotNow, Unseen, mistaken
from dashboards.web.sight.scope import Scope, known
from dashboards.web.sources.capacity import Figures
from inventory.accounts.acts import Acts, Signature
from inventory.accounts.book import Book
from inventory.accounts.request import Request
from inventory.allocation import Allocation
from inventory.calendar import Month, day_of
from inventory.model import Contract
from inventory.sentence import Sentence

OLDEST: Final = Month(2000, 1)  # nothing of the network is older


class CapacitySight:
    """Of one request; whoever sees single sites only may ask for what their institutions hold and use."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house, self._scope, self._now = house, scope, now

    @property
    def whole(self) -> bool:
        return self._scope.whole

    @cached_property
    def book(self) -> Book:
        self._only_whole()
        return self._house.capacity.book()

    @cached_property
    def today(self) -> date:
        return day_of(self._now)

    def month(self, text: str) -> Month:
        """An empty text is this month. BadQuestion for what is no month, and for one that is still to come."""
        current = Month.of(self._now)
        if not text:
            return current
        try:
            month = Month.parse(text)
        except ValueError as error:
            raise mistaken({"month": str(error)}) from None
        if month > current:
            raise mistaken({"month": Sentence("not-yet", "{at} is still to come", at=month)})
        if month < OLDEST:
            raise mistaken({"month": Sentence("nothing-known", "nothing is known of {month}", month=month)})
        return month

    def contract(self, key: str) -> Contract:
        self._only_whole()
        return known(self._scope.inventory.contracts, key, "contract")

    def figures(self, month: Month) -> Figures | None:
        """With what the ledger says now where the month runs; None: being computed."""
        self._only_whole()
        found = self._house.capacity.figures(month)
        if found is None or found.overview.period.closed:
            return found
        today = self.today
        contracts = [held_by(self.book, one, today) for one in found.overview.contracts]
        return replace(found, overview=replace(found.overview, contracts=contracts, today=today))

    def institutions(self, month: Month) -> Sequence[InstitutionStanding] | None:
        """Those that the viewer may know of; None: being computed."""
        found = self._house.capacity.figures(month)
        if found is None or self.whole:
            return found.institutions if found else None
        mine = self._scope.inventory.institutions
        return [one for one in found.institutions if one.key in mine]

    def held(self, on: date | None = None, state: str = "") -> Sequence[Allocation]:
        """What the viewer's institutions hold on a day (None: every one ever asked for), in that state."""
        found = self._house.capacity.book().allocations(on)
        mine = self._scope.inventory.institutions
        return [one for one in found if state in ("", one.state) and (self.whole or one.institution in mine)]

    def request(self, number: int) -> Request:
        """Unseen where there is none of that number."""
        found = self.book.requests.get(number)
        if found is None:
            raise Unseen(Sentence("request-unknown", "there is no request R-{number}", number=number))
        return found

    def what_if(self, asked: Question) -> Answer:
        self._only_whole()
        return self._house.capacity.what_if(asked)

    @contextmanager
    def acting(self, signature: Signature | None = None) -> Iterator[Acts]:
        """As the viewer; NotNow with the reason where it is refused."""
        self._only_whole()
        with self._house.capacity.acting(self._scope.viewer.name, signature) as acts:
            yield acts

    @contextmanager
    def acting_in(self, books: Books, signature: Signature | None = None) -> Iterator[Acts]:
        """The same within a transaction that has begun."""
        self._only_whole()
        with self._house.capacity.acting_in(books, self._scope.viewer.name, signature) as acts:
            yield acts

    def tried(self, act: Callable[[Acts], object], signature: Signature | None = None) -> tuple[Book | None, str]:
        """The book as it would be, or why it cannot be; nothing is kept."""
        self._only_whole()
        try:
            with self._house.capacity.trying(self._scope.viewer.name, signature) as acts:
                act(acts)
                return acts.book, ""
        except NotNow as error:
            return None, str(error)

    def _only_whole(self) -> None:
        if not self.whole:
            raise Unseen(Sentence("page-unknown", "there is no such page"))
