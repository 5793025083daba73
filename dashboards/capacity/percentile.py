"""The 95th percentile as bandwidth is billed: nearest rank over five-minute means, and how complete they are.

SEMANTICS 27 and 28. Slots are bit/s with time along the last axis, NaN where a slot does not count; nothing coarser
than five minutes may be ranked. Absent is not zero: an absent slot is left out, and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import SLOT_S
from inventory.model import BillingDirection
from inventory.slots import PRESENT, SlotTable

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PERCENT: Final = 95
COMPLETE: Final = 0.99  # of the slots expected; with fewer a percentile is provisional
_TOGETHER: Final = 4_000_000  # values ranked at once, so that a month of thousands of links needs little memory


def rank(present: int, percent: int = PERCENT) -> int:
    """Which value, counted from the least, is the percentile of so many: ceil(0.95 n), in whole numbers."""
    return -(-percent * present // 100)


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile of one series, and of how much it speaks; `bps` is None where no slot is present."""

    bps: float | None
    present: int
    expected: int

    @property
    def rank(self) -> int:
        return rank(self.present)

    @property
    def provisional(self) -> bool:
        return provisional(self.present, self.expected)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Percentiles of many series: `bps` NaN where none is present; both arrays have a place for each series."""

    bps: Floats
    present: Whole
    expected: int

    @property
    def provisional(self) -> NDArray[np.bool_]:
        return self.present < COMPLETE * self.expected

    def one(self, place: int) -> Percentile:
        bps = float(self.bps[place])
        return Percentile(None if np.isnan(bps) else bps, int(self.present[place]), self.expected)


def provisional(present: int, expected: int) -> bool:
    """Fewer than 99 % of the slots are there: the figure may still move, or always lack something."""
    return present < COMPLETE * expected


def p95(slots: Floats, expected: int | None = None) -> Percentile:
    """Of one series; `expected` is how many slots there should be, those given where it is not said."""
    return ranked(slots[None], expected).one(0)


def ranked(slots: Floats, expected: int | None = None, percent: int = PERCENT) -> Ranked:
    """Nearest rank of every series of (series, slots), absent slots left out."""
    present = np.count_nonzero(~np.isnan(slots), axis=1).astype(np.int64)
    found = np.full(len(slots), np.nan)
    step = max(1, _TOGETHER // max(1, slots.shape[1]))
    for first in range(0, len(slots), step):
        part = slice(first, first + step)
        found[part] = _nearest(slots[part], present[part], percent)
    return Ranked(found, present, slots.shape[1] if expected is None else expected)


def _nearest(slots: Floats, present: Whole, percent: int) -> Floats:
    """Series with as many slots present share their rank, so each group is partitioned once; NaN goes last."""
    found = np.full(len(slots), np.nan)
    for count in np.unique(present[present > 0]).tolist():
        mine = np.flatnonzero(present == count)
        place = rank(count, percent) - 1
        group = slots if len(mine) == len(slots) else slots[mine]
        found[mine] = np.partition(group, place, axis=1)[:, place]
    return found


def directed(in_bps: Floats, out_bps: Floats, rule: BillingDirection) -> Mapping[str, Floats]:
    """One figure a slot of two directions, as the contract has it, before ranking.

    "max": the greater of both; "sum": both together; "apart": each for itself. A slot in which one of the directions
    is absent has no maximum and no sum.
    """
    if rule == "apart":
        return {"in": in_bps, "out": out_bps}
    return {rule: np.maximum(in_bps, out_bps) if rule == "max" else in_bps + out_bps}


def summed(slots: Floats, down: NDArray[np.bool_] | None = None) -> Floats:
    """Ports of one customer, (ports, slots), as one series, slot by slot, before ranking.

    A slot in which one port is absent is absent: what it carried is not known, and zero would lower the figure. Only
    a port that is known to be down (`down`, same shape) carried nothing.
    """
    known = slots if down is None else np.where(np.isnan(slots) & down, 0.0, slots)
    total: Floats = known.sum(axis=0)
    return total


def contract_p95(
    table: SlotTable,
    circuits: Sequence[str],
    rule: BillingDirection,
    *,
    expected: int | None = None,
    down: NDArray[np.bool_] | None = None,
) -> Mapping[str, Percentile]:
    """Of a contract by its circuits, rows of `table` with in_bps and out_bps: "in" and "out", or "max", or "sum".

    `down` (circuits, slots): known to be down all through. A circuit that is no row was never measured: all absent.
    Raises ValueError for slots that are not of five minutes.
    """
    in_bps, out_bps = (carried(table, circuits, quantity, down) for quantity in ("in_bps", "out_bps"))
    return {word: p95(slots, expected) for word, slots in directed(in_bps, out_bps, rule).items()}


def carried(
    table: SlotTable, circuits: Sequence[str], quantity: str = "in_bps", down: NDArray[np.bool_] | None = None
) -> Floats:
    """What circuits carried together in each slot of five minutes, bit/s."""
    if table.step_s != SLOT_S:
        raise ValueError(f"percentiles are of slots of {SLOT_S} s, not of {table.step_s} s")
    every = np.full((len(circuits), table.count), np.nan)
    known = {row: place for place, row in enumerate(table.rows)}
    place = table.quantities.index(quantity)
    for number, circuit in enumerate(circuits):
        if circuit in known:
            row = known[circuit]
            counts = table.covered_s[place, row] >= PRESENT * table.step_s
            every[number] = np.where(counts, table.mean[place, row], np.nan)
    return summed(every, down)
