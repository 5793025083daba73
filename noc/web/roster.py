"""The on-call plan for the web: read again when its file or the inventory has changed."""

import threading
from collections.abc import Callable, Sequence

from alerts.oncall.plan import Plan
from alerts.oncall.reading import check_oncall, read_oncall
from dashboards.web.refusal import Away
from inventory.mistakes import Mistake, MistakesError
from inventory.model import Inventory
from noc.config import Config


class FiledRoster:
    """`RosterSource` over the file that the configuration names."""

    def __init__(self, config: Config, inventory: Callable[[], Inventory]) -> None:
        self._file = config.alerts.oncall
        self._inventory = inventory
        self._turn = threading.Lock()
        self._plan: Plan | None = None
        self._read: tuple[int, Inventory] | None = None
        self._mistakes: Sequence[Mistake] = ()
        self._warnings: Sequence[Mistake] = ()

    def plan(self) -> Plan | None:
        with self._turn:
            self._look()
            return self._plan

    def mistakes(self) -> Sequence[Mistake]:
        with self._turn:
            self._look()
            return self._mistakes

    def warnings(self) -> Sequence[Mistake]:
        with self._turn:
            self._look()
            return self._warnings

    def _look(self) -> None:
        """Under the turn: the last good plan stays while the file is being edited ('noc check' says the same of it)."""
        try:
            inventory = self._inventory()
        except Away:
            return
        try:
            written = self._file.stat().st_mtime_ns
        except OSError:
            written = 0
        if self._read is not None and self._read[0] == written and self._read[1] is inventory:
            return
        self._read = written, inventory
        try:
            self._plan, self._mistakes = read_oncall(self._file, inventory), ()
        except MistakesError as error:
            self._mistakes = error.mistakes
        self._warnings = check_oncall(self._file, inventory)[1]
