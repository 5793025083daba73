"""Capacity for the web: the ledger read again only when somebody wrote in it, figures of a month computed beside."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, cast

from alerts.books import Books
from dashboards.capacity.what_if import Answer, Question
from dashboards.reports.document import Period
from dashboards.web.refusal import Away, NotNow
from dashboards.web.sources.capacity import CircuitFigures, Figures
from inventory.accounts.acts import ActError, Acts, Signature
from inventory.accounts.book import Book
from inventory.calendar import SLOT_S, Month, day_of
from inventory.model import Inventory
from inventory.sentence import Sentence
from noc.ledger.books import SqlBooks
from noc.ledger.capacity import begin_acts, keep, newest, read_book
from noc.web.beside import Beside
from noc.web.cases import LedgerCases
from noc.web.jobs import Ground, Job

CIRCUITS_S: Final = 900
WAIT_S: Final = 20.0  # for a what-if
MOST_MONTHS: Final = 24
MOST_ASKERS: Final = 8
AGAIN_S: Final = 30.0  # after figures could not be computed

Key = tuple[bool, Month]  # whether of circuits, and of which month
Made = Figures | CircuitFigures


class StoredCapacity:
    """`CapacitySource` over the ledger and a process beside."""

    def __init__(
        self,
        cases: LedgerCases,
        inventory: Callable[[], Inventory],
        beside: Beside,
        clock: Callable[[], float],
    ) -> None:
        self._cases, self._inventory, self._beside, self._clock = cases, inventory, beside, clock
        self._turn = threading.RLock()  # a job that is done before anybody waits for it is taken by who asked
        self._ground: Ground | None = None
        self._looked = -1
        self._figures: dict[Key, tuple[object, Made]] = {}
        self._pending: set[Key] = set()
        self._failed: dict[Key, tuple[float, Away]] = {}
        self._answered = 0
        self._askers = threading.BoundedSemaphore(MOST_ASKERS)

    def version(self) -> str:
        return f"{int(self._clock()) // SLOT_S}.{self._answered}"

    def book(self) -> Book:
        return self._current().book

    def figures(self, month: Month | None = None) -> Figures | None:
        now = self._clock()
        month = month or Month.of(now)
        return cast("Figures | None", self._newest((False, month), Period.of(month, now).until))

    def circuits(self, month: Month | None = None) -> CircuitFigures | None:
        now = self._clock()
        month = month or Month.of(now)
        until = Period.of(month, now).until
        wanted = until if until == month.end else until // CIRCUITS_S * CIRCUITS_S
        return cast("CircuitFigures | None", self._newest((True, month), wanted))

    def what_if(self, asked: Question) -> Answer:
        if not self._askers.acquire(blocking=False):
            raise Away(Sentence("busy", "too many ask at the same time; ask again"))
        try:
            now = self._clock()
            future = self._asked(Job(now, Month.of(now), what_if=asked))
            return cast("Answer", future.result(WAIT_S))
        except NotYet:
            raise Away(Sentence("busy", "this takes longer than usual; ask again")) from None
        finally:
            self._askers.release()

    @contextmanager
    def acting(self, who: str, signature: Signature | None = None) -> Iterator[Acts]:
        with self._cases.acting() as books, self.acting_in(books, who, signature) as found:
            yield found

    @contextmanager
    def acting_in(self, books: Books, who: str, signature: Signature | None = None) -> Iterator[Acts]:
        with _refusing():
            found = begin_acts(cast("SqlBooks", books), self._inventory(), who, self._clock(), signature)
            yield found
            keep(cast("SqlBooks", books), found)

    @contextmanager
    def trying(self, who: str, signature: Signature | None = None) -> Iterator[Acts]:
        with _refusing(), self._cases.reading() as books:
            yield begin_acts(cast("SqlBooks", books), self._inventory(), who, self._clock(), signature)

    def _current(self) -> Ground:
        """Read again where a line or a word came to it, the inventory changed, or a day began."""
        now, inventory, version = self._clock(), self._inventory(), self._cases.version()
        with self._turn:
            ground = self._ground
            if ground is not None and self._looked == version and ground.holds(inventory, now):
                return ground
            with self._cases.reading() as books:
                stored = cast("SqlBooks", books)
                windows = tuple(books.windows())
                stamp = (newest(stored), id(inventory), day_of(now), windows)
                if ground is None or ground.stamp != stamp:
                    ground = Ground(stamp, inventory, read_book(stored, now, inventory), windows)
            self._ground, self._looked = ground, version
            return ground

    def _newest(self, key: Key, until: int) -> Made | None:
        """What is there; newer ones are asked for where they are due, or were made on other grounds."""
        stamp = self._current().stamp
        kept = self._figures.get(key)
        if kept is None or kept[1].until < until or kept[0] != stamp:
            with self._turn:
                self._order(key)
        failed = self._failed.get(key)
        if kept is None and failed is not None:
            raise failed[1]
        return kept[1] if kept else None

    def _order(self, key: Key) -> None:
        """Under the turn; once, however many ask meanwhile."""
        now = self._clock()
        failed = self._failed.get(key)
        if key in self._pending or (failed is not None and 0 <= now - failed[0] < AGAIN_S):
            return
        assert self._ground is not None
        stamp = self._ground.stamp
        future = self._beside.ask(Job(now, key[1], self._ground, circuits=key[0]))
        self._pending.add(key)
        future.add_done_callback(lambda done: self._take(key, stamp, done))

    def _asked(self, job: Job) -> "Future[object]":
        return self._beside.ask(replace(job, ground=self._current()))

    def _take(self, key: Key, stamp: object, done: "Future[object]") -> None:
        with self._turn:
            self._pending.discard(key)
            error = done.exception()
            if isinstance(error, Away):
                self._failed[key] = (self._clock(), error)
                return
            self._failed.pop(key, None)
            self._figures[key] = (stamp, cast("Made", done.result()))
            self._answered += 1
            while len(self._figures) > MOST_MONTHS:
                del self._figures[next(iter(self._figures))]


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ActError as error:
        raise NotNow(str(error)) from error
