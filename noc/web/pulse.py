"""What changed since the last look: the daemon's mark in the metric file, and commits in the ledger."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from dashboards.status import age_of
from dashboards.web.refusal import Away
from dashboards.web.sources.pulse import Versions
from inventory.status import DaemonMark
from noc.store.file import Opening, StoreError
from noc.store.status import mark_in
from noc.web.cases import LedgerCases
from noc.web.life import Life

AWAY = "away"


class Pulse:
    """`PulseSource` over the two files; a word begins with the start of this process, so no two processes' are alike."""

    def __init__(
        self,
        metrics_file: Path,
        cases: LedgerCases,
        clock: Callable[[], float],
        life: Life,
        figures: Callable[[], str] = lambda: "",
    ) -> None:
        self._opening = Opening(metrics_file)
        self._turn = threading.Lock()
        self._read: tuple[tuple[int, int], DaemonMark | None] | None = None
        self._cases = cases
        self._clock = clock
        self._life = life
        self._figures = figures
        self._started = f"{round(clock() * 1000):x}"

    def close(self) -> None:
        with self._turn:
            self._opening.close()

    def look(self) -> Versions:
        words = (self._status(), self._ledger(), self._figures())
        return Versions(*(f"{self._started}.{word}" for word in words))

    def _status(self) -> str:
        """New with every write, and once more when writing has been silent for too long."""
        try:
            mark = self._mark()
        except StoreError:
            return AWAY
        silent = age_of(self._life.judged(mark), self._clock()).silent_since is not None
        return f"{mark.at if mark else 0:.3f}{'!' if silent else ''}"

    def _mark(self) -> DaemonMark | None:
        with self._turn:
            return self._opening.run(self._looked)

    def _looked(self, db: sqlite3.Connection) -> DaemonMark | None:
        at = self._opening.version(db)
        if self._read is None or self._read[0] != at:
            self._read = at, mark_in(db)
        return self._read[1]

    def _ledger(self) -> str:
        try:
            return str(self._cases.version())
        except Away:
            return AWAY
