"""What a simulated daemon keeps between its lives: the status rows of its last commit; figures are let go."""

from collections.abc import Callable, Iterable

from inventory.batch import Batch, Facts
from inventory.status import DaemonMark, Kind, StatusRow
from noc.store.counters import StoreCounters
from noc.store.file import StoreFull


class MemoryStore:
    """In place of `noc.store.writer.MetricStore`: as that one, what was not committed dies with the daemon."""

    def __init__(self, full: Callable[[], bool], wanted: Callable[[], bool]) -> None:
        """`full`: whether the disk takes nothing just now; `wanted`: whether anybody may read the rows."""
        self.counters = StoreCounters()
        self.rows: dict[tuple[str, str], StatusRow] = {}
        self._full = full
        self._wanted = wanted
        self._handed: dict[tuple[str, str], StatusRow | None] = {}
        self._commit = 0

    def append(self, batches: Iterable[Batch]) -> None:
        self.counters.batches += sum(1 for _ in batches)

    def put_facts(self, facts: Facts) -> None:
        return

    def put_status(self, rows: Iterable[StatusRow]) -> None:
        if self._wanted():
            self._handed.update({(row.kind, row.key): row for row in rows})

    def remove_status(self, kind: Kind, keys: Iterable[str]) -> None:
        self._handed.update({(kind, key): None for key in keys})

    def mark(self, mark: DaemonMark) -> None:
        return

    def forget_handed(self) -> None:
        """The daemon died."""
        self._handed.clear()

    def commit(self) -> int:
        """StoreFull while the disk is; nothing is lost then."""
        if self._full():
            raise StoreFull("the disk is full")
        for key, row in self._handed.items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row
        self._handed.clear()
        self._commit += 1
        return self._commit

    def seal(self, now: float) -> int:
        return 0
