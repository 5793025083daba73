"""What was handed to the store and is not yet on disk: bounded, the oldest given up first and counted."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from inventory.batch import Batch, Facts
from inventory.status import DaemonMark, Kind, StatusRow
from noc.influx.owed import Receipt
from noc.store.counters import StoreCounters

LAST_AT: Final = (1 << 32) - 1  # UTC seconds, in the year 2106


@dataclass(slots=True)
class Handed:
    """One commit's worth. A status row of None: take the row away."""

    batches: list[Batch] = field(default_factory=list)
    facts: dict[tuple[str, str], Facts] = field(default_factory=dict)
    status: dict[tuple[Kind, str], StatusRow | None] = field(default_factory=dict)
    mark: DaemonMark | None = None
    receipt: Receipt | None = None

    def __bool__(self) -> bool:
        return bool(self.batches or self.facts or self.status or self.mark or self.receipt)


class Pending:
    """Taken and given by any thread; `limit` counts values."""

    def __init__(self, limit: int, counters: StoreCounters) -> None:
        self._limit = limit
        self._counters = counters
        self._lock = threading.Lock()
        self._handed = Handed()

    def append(self, batches: Iterable[Batch]) -> None:
        new = [batch for batch in batches if batch.values.size]
        if any(not 0 <= batch.at <= LAST_AT for batch in new):
            raise ValueError(f"the instant of a batch is outside 0 to {LAST_AT}: {[batch.at for batch in new][:5]}")
        with self._lock:
            self._handed.batches += new
            self._counters.pending_values += sum(batch.values.size for batch in new)
            self._trim()

    def put_facts(self, facts: Facts) -> None:
        with self._lock:
            self._handed.facts[facts.device, facts.part] = facts

    def put_status(self, rows: Iterable[StatusRow]) -> None:
        with self._lock:
            self._handed.status.update(((row.kind, row.key), row) for row in rows)

    def remove_status(self, kind: Kind, keys: Iterable[str]) -> None:
        with self._lock:
            self._handed.status.update(((kind, key), None) for key in keys)

    def put_mark(self, mark: DaemonMark) -> None:
        with self._lock:
            self._handed.mark = mark

    def put_receipt(self, receipt: Receipt) -> None:
        with self._lock:
            if self._handed.receipt is None:
                self._handed.receipt = Receipt()
            self._handed.receipt.add(receipt)

    def take(self) -> Handed:
        with self._lock:
            handed, self._handed = self._handed, Handed()
        return handed

    def settle(self, handed: Handed) -> None:
        """It is on disk."""
        with self._lock:
            self._counters.pending_values -= sum(batch.values.size for batch in handed.batches)

    def give_back(self, handed: Handed) -> None:
        """The disk would not take it: before what came since, which counts where both speak of the same."""
        with self._lock:
            newer, self._handed = self._handed, handed
            handed.batches += newer.batches
            handed.facts |= newer.facts
            handed.status |= newer.status
            handed.mark = newer.mark or handed.mark
            if handed.receipt is None:
                handed.receipt = newer.receipt
            elif newer.receipt is not None:
                handed.receipt.add(newer.receipt)
            self._trim()

    def _trim(self) -> None:
        excess = self._counters.pending_values - self._limit
        if excess <= 0:
            return
        batches, gone = self._handed.batches, 0
        while excess > 0 and gone < len(batches):
            excess -= batches[gone].values.size
            self._counters.dropped_values += batches[gone].values.size
            self._counters.pending_values -= batches[gone].values.size
            gone += 1
        self._counters.dropped_batches += gone
        del batches[:gone]
