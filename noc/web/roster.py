"""The on-call plan for the web: read again when its file or the inventory has changed."""

import threading
from collections.abc import Callable

from alerts.oncall.plan import Plan
from alerts.oncall.reading import read_oncall
from dashboards.web.refusal import Away
from inventory.mistakes import MistakesError
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

    def plan(self) -> Plan | None:
        try:
            inventory = self._inventory()
        except Away:
            return self._plan
        written = self._file.stat().st_mtime_ns if self._file.exists() else 0
        with self._turn:
            if self._read is None or self._read[0] != written or self._read[1] is not inventory:
                self._read = written, inventory
                try:
                    self._plan = read_oncall(self._file, inventory)
                except MistakesError:
                    return self._plan  # 'noc check' says what is wrong with it
            return self._plan
