"""Figures of capacity for the rules and the store: how full each contract is, how long it lasts, who exceeds a commit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan, nan
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.measured import LOOKED_BACK_DAYS, contract_history
from dashboards.capacity.percentile import carried, p95
from inventory.allocation import DIRECTIONS, Accounts, Allocation, Direction
from inventory.batch import Batch
from inventory.calendar import DAY_S, SLOT_S, Month, day_of, midnight
from inventory.model import Contract, Inventory
from inventory.slots import SlotTable

Floats = NDArray[np.float64]

BPS: Final = ("in_bps", "out_bps")
CONTRACT: Final = (
    *("in_p95_bps", "out_p95_bps", "p95_ratio", "level_ratio", "days_left", "headroom_days"),
    *("free_in_bps", "free_out_bps", "over_committed", "over_subscribed", "circuits_up"),
)
ALLOCATION: Final = ("in_p95_bps", "out_p95_bps", "commit_in_bps", "commit_out_bps", "p95_ratio")
MONTH_S: Final = 30 * DAY_S
FAR_DAYS: Final = 3650  # ten years, or never: a figure that is further away says no more than that
LEAST_OF_CONTRACT: Final = 7 * 288  # slots; fewer are no month
LEAST_OF_ALLOCATION: Final = 288


class Slots(Protocol):
    """`noc.store.reader.MetricReader.table`."""

    def __call__(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str] | None,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: Literal[300, 3600, 86400] = 300,
    ) -> SlotTable: ...


# (slots, contracted rate of each day, level, last day) -> days from the day after it to the headroom date: 0 when it
# is behind us, None beyond the horizon, NaN where there is not enough history
Ahead = Callable[[Floats, Floats, float, date], float | None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures are made of: the store, the capacity ledger, the forecast."""

    slots: Slots
    accounts: Accounts
    ahead: Ahead


class Figuring:
    """Made anew for each inventory; remembers the headroom of a day, so that a forecast is made once a day."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._contracts = tuple(inventory.contracts)
        self._points: dict[str, tuple[str, ...]] = {}  # institution -> its measuring points
        for key, point in inventory.points.items():
            self._points[point.institution] = (*self._points.get(point.institution, ()), key)
        self._institutions = tuple(self._points)
        self._headroom: dict[tuple[str, date], float] = {}

    def batches(self, sources: Sources, at: int, carrying: Mapping[str, bool]) -> list[Batch]:
        """`carrying`: circuit -> whether it carries, of those of which that is known. For any thread."""
        found = []
        if self._contracts:
            table = [self._contract(each, sources, at, carrying) for each in self._inventory.contracts.values()]
            found.append(_batch("contract", at, (self._contracts, CONTRACT), table))
        if self._institutions:
            table = [self._allocation(each, sources, at) for each in self._institutions]
            found.append(_batch("allocation", at, (self._institutions, ALLOCATION), table))
        return found

    def _contract(self, contract: Contract, sources: Sources, at: int, carrying: Mapping[str, bool]) -> list[float]:
        today, end = day_of(at), at // SLOT_S * SLOT_S
        table = sources.slots("circuit_traffic", "", contract.circuits, BPS, start=end - MONTH_S, end=end)
        both = [_known_p95(carried(table, contract.circuits, name), LEAST_OF_CONTRACT) for name in BPS]
        full = max((_known_p95(each, LEAST_OF_CONTRACT) for each in ratios(contract, table).values()), default=nan)
        balances = [sources.accounts.balance(contract.key, way, today) for way in DIRECTIONS]
        short = any(sources.accounts.over_committed_from(contract.key, way, today) for way in DIRECTIONS)
        signed = any(contract.key in each.contracts and each.over_subscribed_by for each in _held(sources, today))
        up = [carrying[circuit] for circuit in contract.circuits if circuit in carrying]
        return [
            *both,
            full,
            full / contract.level,
            float(self._days_left(contract, today)),
            self._headroom_days(contract, sources, today),
            *(float(balance.free_bps) for balance in balances),
            float(short),
            float(signed),
            float(sum(up)) if len(up) == len(contract.circuits) else nan,
        ]

    def _days_left(self, contract: Contract, today: date) -> int:
        """Until it ends, or what follows it over the same circuits does; below zero once it is over."""
        end, others = contract.end, list(self._inventory.contracts.values())
        while end is not None:
            follows = [each for each in others if each.start <= end and (each.end is None or each.end > end)]
            same = [each for each in follows if set(each.circuits) & set(contract.circuits)]
            if not same:
                return min(FAR_DAYS, (end - today).days)
            end = None if any(each.end is None for each in same) else max(each.end for each in same if each.end)
        return FAR_DAYS

    def _headroom_days(self, contract: Contract, sources: Sources, today: date) -> float:
        key = contract.key, today
        if key not in self._headroom:
            self._headroom = {known: days for known, days in self._headroom.items() if known[1] == today}
            self._headroom[key] = self._look_ahead(contract, sources, today)
        return self._headroom[key]

    def _look_ahead(self, contract: Contract, sources: Sources, today: date) -> float:
        """The nearer of its directions, each from the same slots and in the same way as `noc iru status` shows it."""
        if contract.delivered(today) == (0, 0):
            return nan
        last, end = today - timedelta(days=1), midnight(today)
        start = midnight(today - timedelta(days=LOOKED_BACK_DAYS))
        table = sources.slots("circuit_traffic", "", contract.circuits, BPS, start=start, end=end)
        ahead = [sources.ahead(*contract_history(contract, table, way), contract.level, last) for way in DIRECTIONS]
        known = [FAR_DAYS if days is None else min(days, FAR_DAYS) for days in ahead if days is None or not isnan(days)]
        return min(known, default=nan)

    def _allocation(self, institution: str, sources: Sources, at: int) -> list[float]:
        """Of this local month so far."""
        points, end = self._points[institution], at // SLOT_S * SLOT_S
        start = Month.of(at).start
        if end <= start:
            return [nan] * len(ALLOCATION)
        table = sources.slots("point", "", points, BPS, start=start, end=end)
        used = [carried(table, points, name) for name in BPS]
        of = {self._inventory.points[point].contract for point in points}
        commits = _commits(sources, table, institution, frozenset() if "" in of else frozenset(of))
        exceeded = [
            _known_p95(_share(use, commit), LEAST_OF_ALLOCATION) for use, commit in zip(used, commits, strict=True)
        ]
        newest = [float(commit[-1]) for commit in commits]
        known = [ratio for ratio in exceeded if not np.isnan(ratio)]
        return [*(_known_p95(use, LEAST_OF_ALLOCATION) for use in used), *newest, max(known, default=nan)]


def ratios(contract: Contract, table: SlotTable) -> Mapping[str, Floats]:
    """Slots as shares of what was delivered that day, by the contract's own direction rule (SEMANTICS 27)."""
    into, out = (carried(table, contract.circuits, name) for name in BPS)
    delivered = np.array([contract.delivered(day_of(at)) for at in _days(table)], np.float64).reshape(-1, 2)
    base_in, base_out = delivered[_day_numbers(table)].T
    if contract.direction == "sum":
        return {"sum": _share(into + out, base_in + base_out)}
    shares = {"in": _share(into, base_in), "out": _share(out, base_out)}
    return {"max": np.maximum(shares["in"], shares["out"])} if contract.direction == "max" else shares


def _days(table: SlotTable) -> list[int]:
    """An instant of each local day that the table touches."""
    return list(range(midnight(day_of(table.start)), max(table.end, table.start + 1), DAY_S))


def _day_numbers(table: SlotTable) -> NDArray[np.int64]:
    """Of each slot, which of these days it is in."""
    numbers: NDArray[np.int64] = (table.at - midnight(day_of(table.start))) // DAY_S
    return numbers


def _share(bps: Floats, base: Floats) -> Floats:
    """NaN where there is no base: no use is a share of nothing."""
    share: Floats = np.divide(bps, base, out=np.full(bps.shape, nan), where=base > 0)
    return share


def _known_p95(slots: Floats, least: int) -> float:
    """NaN where too few slots are present to judge by."""
    found = p95(slots)
    return nan if found.bps is None or found.present < least else found.bps


def _held(sources: Sources, day: date) -> Sequence[Allocation]:
    return [each for each in sources.accounts.allocations(day) if each.state == "approved"]


def _commits(sources: Sources, table: SlotTable, institution: str, contracts: frozenset[str]) -> tuple[Floats, Floats]:
    """Committed rate of each slot, in and out, of these contracts (none named: of all)."""
    days = [day_of(at) for at in _days(table)]
    held = [[each for each in _held(sources, day) if each.institution == institution] for day in days]
    numbers = _day_numbers(table)
    into, out = (
        np.array([sum(_of_contracts(each, way, contracts) for each in found) for found in held])[numbers]
        for way in DIRECTIONS
    )
    return into, out


def _of_contracts(allocation: Allocation, direction: Direction, contracts: frozenset[str]) -> float:
    shares = allocation.shares or dict.fromkeys(allocation.contracts, 1)
    part = sum(share for key, share in shares.items() if not contracts or key in contracts)
    return allocation.bps(direction) * part / sum(shares.values())


def _batch(
    measurement: str, at: int, frame: tuple[tuple[str, ...], tuple[str, ...]], table: Sequence[Sequence[float]]
) -> Batch:
    """A line of `table` is a row."""
    return Batch(measurement, "", at, *frame, np.ascontiguousarray(np.array(table, np.float64).T))
