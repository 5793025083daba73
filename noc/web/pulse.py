"""What changed since the last look: the daemon's mark in the metric file, and commits in the ledger."""

from collections.abc import Callable
from pathlib import Path

from dashboards.status import age_of
from dashboards.web.refusal import Away
from dashboards.web.sources.pulse import Versions
from noc.store.file import StoreError
from noc.store.status import read_mark
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
        self._metrics_file = metrics_file
        self._cases = cases
        self._clock = clock
        self._life = life
        self._figures = figures
        self._started = f"{round(clock() * 1000):x}"

    def look(self) -> Versions:
        words = (self._status(), self._ledger(), self._figures())
        return Versions(*(f"{self._started}.{word}" for word in words))

    def _status(self) -> str:
        """New with every write, and once more when writing has been silent for too long."""
        try:
            mark = read_mark(self._metrics_file)
        except StoreError:
            return AWAY
        silent = age_of(self._life.judged(mark), self._clock()).silent_since is not None
        return f"{mark.at if mark else 0:.3f}{'!' if silent else ''}"

    def _ledger(self) -> str:
        try:
            return str(self._cases.version())
        except Away:
            return AWAY
