"""Reports for the web: which months are closed, by the ledger; each format made once by a process beside, and kept a while."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from hashlib import sha256
from typing import Any, Final, cast

from dashboards.reports.document import Period, Report
from dashboards.web.refusal import Away
from dashboards.web.sources.reports import Sealed
from inventory.calendar import Month
from inventory.model import Inventory
from inventory.sentence import Sentence
from noc.config import Config
from noc.issued import Wanted
from noc.ledger.books import SqlBooks
from noc.ledger.closed import seals
from noc.store.file import StoreError
from noc.store.reader import MetricReader
from noc.web.beside import Beside
from noc.web.cases import LedgerCases
from noc.web.jobs import Closing, Printing, Verifying, Wish
from noc.web.renewed import Renewed

WORKER: Final = ("-m", "noc.web.printing")
IDLE_S: Final = 120.0
MOST_WAITING: Final = 4
WAIT_S: Final = 20.0
FIRST_S: Final = 300.0
KEPT: Final = 32
MOST_ASKERS: Final = 8  # who wait at the same time; more are told to ask again: threads are for pages
KEPT_OCTETS: Final = 64 << 20
STANDS_S: Final = 300.0  # what was verified a moment ago

Key = tuple[object, ...]  # what is wanted, and which state of the month it speaks of


class StoredReports:
    """`ReportSource` over ledger and store."""

    def __init__(
        self,
        config: Config,
        cases: LedgerCases,
        inventory: Callable[[], Inventory],
        clock: Callable[[], float],
        worker: tuple[str, ...] = WORKER,
        *,
        wait_s: float = WAIT_S,
    ) -> None:
        self._config, self._cases, self._inventory, self._clock = config, cases, inventory, clock
        self._beside = Beside(config, worker, idle_s=IDLE_S, most=MOST_WAITING)
        self._wait_s = wait_s
        self._first = Renewed(FIRST_S, clock, self._read_first)
        self._turn = threading.RLock()  # what is made before anybody waits for it is taken by who asked
        self._made: dict[Key, bytes] = {}
        self._making: dict[Key, Future[object]] = {}
        self._askers = threading.BoundedSemaphore(MOST_ASKERS)

    def sealed(self) -> Sequence[Sealed]:
        with self._cases.reading() as books:
            found = seals(cast("SqlBooks", books))
        return [
            Sealed(Month.parse(one.month), cast("Report", one.report), one.closed_at, one.who, one.sha256)
            for one in found
        ]

    def first_month(self) -> Month | None:
        return self._first.get()

    def _read_first(self) -> Month | None:
        try:
            with MetricReader(self._config.metrics_file) as reader:
                at = reader.first_at()
        except StoreError:
            return None
        return None if at is None else Month.of(at)

    def made(self, report: Report, month: Month, form: str, *, institution: str = "", language: str = "en") -> bytes:
        wanted = Wanted(report, month, form, institution, language)
        return self._had((wanted, self._state(report, month)), Printing(self._clock(), wanted, self._inventory()))

    def closed(self, month: Month, who: str) -> None:
        self._had(("closing", month, who), Closing(self._clock(), month, who, self._inventory()))

    def verified(self, text: bytes) -> Mapping[str, Any]:
        key = ("verifying", sha256(text).hexdigest(), self._cases.version(), int(self._clock() // STANDS_S))
        told: Mapping[str, Any] = json.loads(self._had(key, Verifying(self._clock(), text, self._inventory())))
        return told

    def _had(self, key: Key, wish: Wish) -> bytes:
        """What comes of it, once however often it is asked for meanwhile."""
        with self._turn:
            if key in self._made:
                return self._made[key]
            making = self._making.get(key)
            if making is None:
                making = self._making[key] = self._beside.ask(wish)
                making.add_done_callback(lambda done: self._take(key, done))
        return self._waited(making)

    def _waited(self, making: "Future[object]") -> bytes:
        seat = self._askers.acquire(blocking=False)
        try:
            return cast("bytes", making.result(self._wait_s if seat else 0))
        except NotYet:
            raise Away(Sentence("busy", "it is being made; ask again in a few seconds")) from None
        finally:
            if seat:
                self._askers.release()

    def close(self) -> None:
        self._beside.close()

    def _state(self, report: Report, month: Month) -> object:
        """A closed report stays as it is; of another one it is until when, and what the ledger says."""
        seal = next((one for one in self.sealed() if one.month == month and one.report == report), None)
        if seal is not None:
            return seal.sha256
        until = Period.of(month, self._clock(), 2.5 * self._config.poll.counters_s).until
        return until, self._cases.version()

    def _take(self, key: Key, done: "Future[object]") -> None:
        with self._turn:
            self._making.pop(key, None)
            if done.exception() is not None:
                return
            self._made[key] = cast("bytes", done.result())
            while len(self._made) > 1 and (len(self._made) > KEPT or sum(map(len, self._made.values())) > KEPT_OCTETS):
                del self._made[next(iter(self._made))]
