"""Rows of use: what five-minute slots of one or several ports come to, and the digests by which they are known again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.course import down_slots
from dashboards.capacity.measured import own
from dashboards.capacity.percentile import Floats, directed, p95, ranked, summed
from dashboards.capacity.use import Bounds, Use, use
from dashboards.figures import iso
from dashboards.reports.canonical import fixed, sha256
from dashboards.reports.document import Period
from dashboards.reports.spans import Stretch
from inventory.allocation import DIRECTIONS, Direction
from inventory.calendar import DAY_S, SLOT_S
from inventory.model import BillingDirection, Contract, Inventory
from inventory.slots import SlotTable

PER_DAY: Final = DAY_S // SLOT_S
ABSENT: Final = -(2**63)
CHECK: Final = 8  # hexadecimal figures told of each day's digest


@dataclass(frozen=True)
class Traffic:
    """Slots of a month: in_bps and out_bps of links, of circuits that deliver contracts, of measuring points.

    `down`: when circuits were known to be down: then they carried nothing, whether it was measured or not.
    """

    links: SlotTable
    circuits: SlotTable
    points: SlotTable
    down: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        return any(bool(table.present.any()) for table in (self.links, self.circuits, self.points))


def series(table: SlotTable, rows: Iterable[str], direction: Direction, period: Period) -> Floats:
    """What these carried together, slot by slot; absent where one of them is."""
    return summed(np.array([line(table, row, direction, period) for row in rows]))


def carried(traffic: Traffic, circuits: Sequence[str], direction: Direction, period: Period) -> Floats:
    """What circuits carried together."""
    count = (period.until - period.start) // SLOT_S
    down = [down_slots(traffic.down.get(key, ()), period.start, SLOT_S, count) for key in circuits]
    return summed(np.array([line(traffic.circuits, key, direction, period) for key in circuits]), np.array(down))


@dataclass(frozen=True)
class Agreed:
    """What a contract carried and delivered in each slot, bit/s, both ways; `expected`: slots of its own days."""

    carried: Mapping[Direction, Floats]
    delivered: Mapping[Direction, Floats]
    expected: int


def agreed(traffic: Traffic, contract: Contract, period: Period) -> Agreed:
    base = delivered(contract, period)
    every = {way: carried(traffic, contract.circuits, way, period) for way in DIRECTIONS}
    mine, expected = own(every, base)
    return Agreed(mine, base, expected)


def line(table: SlotTable, row: str, direction: Direction, period: Period) -> Floats:
    """One row over the period; all absent where it was never measured."""
    expected = (period.until - period.start) // SLOT_S
    found = np.full(expected, np.nan)
    if row in table.rows and table.count:
        own = table.rows.index(row)
        place = table.quantities.index(f"{direction}_bps")
        counts = table.present[place, own]
        first = (table.start - period.start) // SLOT_S
        low, high = max(0, first), min(expected, first + table.count)
        values = np.where(counts, table.mean[place, own], np.nan)
        found[low:high] = values[low - first : high - first]
    return found


def digest(table: SlotTable, row: str, direction: Direction, period: Period) -> dict[str, str]:
    """SHA-256 of the days' SHA-256; each of the day's slots: mean (bit/s) and seconds covered, as 64-bit integers.

    Little-endian, slot after slot; an absent mean is -2^63.
    """
    values = _whole(table, row, direction, period)
    days = [
        hashlib.sha256(values[first : first + PER_DAY].tobytes()).digest() for first in range(0, len(values), PER_DAY)
    ]
    told = "".join(day.hex()[:CHECK] for day in days)
    return {"sha256": hashlib.sha256(b"".join(days)).hexdigest(), "days": told}


def _whole(table: SlotTable, row: str, direction: Direction, period: Period) -> NDArray[np.int64]:
    expected = (period.until - period.start) // SLOT_S
    found = np.zeros((expected, 2), dtype="<i8")
    found[:, 0] = ABSENT
    if row in table.rows and table.count:
        own, place = table.rows.index(row), table.quantities.index(f"{direction}_bps")
        first = (table.start - period.start) // SLOT_S
        low, high = max(0, first), min(expected, first + table.count)
        mean = table.mean[place, own, low - first : high - first]
        found[low:high, 0] = np.where(np.isnan(mean), ABSENT, np.nan_to_num(np.round(mean)))
        found[low:high, 1] = table.covered_s[place, own, low - first : high - first]
    return found


def digests(table: SlotTable, kind: str, rows: Iterable[str], period: Period) -> dict[str, dict[str, str]]:
    """By name of the series: "link l-bahi in"."""
    return {
        f"{kind} {row} {direction}": digest(table, row, direction, period) for row in rows for direction in DIRECTIONS
    }


def silences(traffic: Traffic, circuits: Iterable[str]) -> dict[str, dict[str, str]]:
    """Digests of when circuits were down, of those that were."""
    return {f"circuit {key}": {"sha256": sha256(traffic.down[key])} for key in circuits if traffic.down.get(key)}


def used(
    slots: Floats, bounds: Bounds, direction: Direction, period: Period, expected: int | None = None
) -> dict[str, Any]:
    """Figures of one direction."""
    return figures(use(slots, bounds, direction, start=period.start, step_s=SLOT_S, expected=expected))


def figures(found: Use) -> dict[str, Any]:
    """As they stand in a row; None: not known, or (utilisation) refused as a data error."""
    return {
        "direction": found.direction,
        "base_bps": round(found.base_bps),
        "mean_bps": _whole_bps(found.mean_bps),
        "p95_bps": _whole_bps(found.p95.bps),
        "peak_bps": _whole_bps(found.peak_bps),
        "peak_at": None if found.peak_at is None else iso(found.peak_at),
        "utilisation": fixed(found.ratio(found.p95.bps)),
        "level": fixed(found.level),
        "above_s": found.above_s,
        "flat_s": found.flat_s,
        "burst_s": found.burst_s,
        "refused_s": found.refused_s,
        "slots_present": found.p95.present,
        "slots_expected": found.p95.expected,
        "provisional": found.p95.provisional,
    }


def _whole_bps(bps: float | None) -> int | None:
    return None if bps is None else round(bps)


def billed(found: Agreed, rule: BillingDirection) -> Iterable[dict[str, Any]]:
    """The one figure of both directions, where the contract has it so (SEMANTICS 27)."""
    if rule != "apart":
        for word, slots in directed(found.carried["in"], found.carried["out"], rule).items():
            one = p95(slots, found.expected)
            yield {
                "direction": word,
                "p95_bps": _whole_bps(one.bps),
                "slots_present": one.present,
                "slots_expected": one.expected,
                "provisional": one.provisional,
            }


def days(slots: Floats, period: Period) -> list[int | None]:
    """The p95 of each local day, for charts."""
    whole = np.full(-(-len(slots) // PER_DAY) * PER_DAY, np.nan)
    whole[: len(slots)] = slots
    found = ranked(whole.reshape(-1, PER_DAY)).bps
    return [None if np.isnan(bps) else round(float(bps)) for bps in found]


def delivered(contract: Contract, period: Period) -> Mapping[Direction, Floats]:
    """What it delivers in each slot, bit/s."""
    count = (period.until - period.start) // SLOT_S
    rates = np.array([contract.delivered(day) for day in period.month.days()], dtype=np.float64)
    every = np.repeat(rates, PER_DAY, axis=0)[:count]
    return {"in": every[:, 0], "out": every[:, 1]}


def charted(contract: Contract, found: Agreed, period: Period) -> Iterable[dict[str, Any]]:
    for word, slots in found.carried.items():
        yield {"kind": "contract", "key": contract.key, "direction": word, "p95_bps": days(slots, period)}


def running(inventory: Inventory, period: Period) -> list[Contract]:
    """Contracts that deliver anything on any day of the month."""
    days = list(period.month.days())
    return [one for one in inventory.contracts.values() if any(any(one.delivered(day)) for day in days)]
