"""What was measured of circuits and contracts, as it is handed in: slots, newest values, states, and what was delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from dashboards.capacity.course import Course
from dashboards.capacity.percentile import Floats, carried
from dashboards.reports.document import Period
from inventory.allocation import DIRECTIONS, Accounts, Direction
from inventory.calendar import DAY_S, SLOT_S, day_of, midnight
from inventory.model import Contract
from inventory.slots import SlotTable

PER_DAY: Final = DAY_S // SLOT_S
LOOKED_BACK_DAYS: Final = 730  # that forecasts rest on: as long as slots of five minutes are kept
Newest = Mapping[tuple[str, Direction], tuple[float, float]]  # circuit and way -> bit/s and when


@dataclass(frozen=True, slots=True)
class State:
    """Of a circuit, as its link has it."""

    word: str = "unknown"
    since: float | None = None
    reason: str = ""
    stale: bool = False

    @property
    def known(self) -> str:
        return "unknown" if self.stale else self.word


@dataclass(frozen=True)
class Measured:
    """What was measured of circuits. `traffic`: slots of the period (in_bps, out_bps, in_discards_ps, out_discards_ps);
    `paths`: slots of the period (rtt_ms, loss_ratio); `history`: slots of whole local days up to the last one, for dates.
    """

    traffic: SlotTable
    paths: SlotTable
    history: SlotTable | None = None
    newest: Newest = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)


def unmeasured(period: Period) -> Measured:
    """Where no daemon has written yet."""
    count = max(0, (period.until - period.start) // SLOT_S)
    quantities = ("in_bps", "out_bps", "in_discards_ps", "out_discards_ps", "rtt_ms", "loss_ratio")
    nothing = np.zeros((len(quantities), 0, count))
    table = SlotTable(period.start, SLOT_S, (), quantities, nothing, nothing)
    return Measured(table, table)


def slots_of(measured: Measured, circuits: Sequence[str], way: Direction) -> Floats:
    table = measured.traffic
    down = np.zeros((len(circuits), table.count), dtype=bool)
    for place, key in enumerate(circuits):
        if key in measured.courses:
            down[place] = measured.courses[key].down_slots(table.start, table.step_s, table.count)
    return carried(table, circuits, f"{way}_bps", down)


def row_of(table: SlotTable, key: str, quantity: str) -> Floats:
    if key not in table.rows or quantity not in table.quantities:
        return np.full(table.count, np.nan)
    return carried(table, [key], quantity)


def newest_of(measured: Measured, circuits: Sequence[str], way: Direction) -> tuple[float, float] | None:
    """Together, as old as the oldest; None where one of them is not known."""
    found = [measured.newest.get((key, way)) for key in circuits]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    return sum(bps for bps, _ in known), min(at for _, at in known)


def delivered(contract: Contract, table: SlotTable) -> Mapping[Direction, Floats]:
    """bit/s in each slot of the table."""
    first = (table.start - midnight(day_of(table.start))) // SLOT_S
    count = -(-(first + table.count) // PER_DAY)
    rates = [contract.delivered(day_of(table.start + number * DAY_S)) for number in range(count)]
    every = np.repeat(np.array(rates, np.float64).reshape(-1, 2), PER_DAY, axis=0)[first : first + table.count]
    return {"in": every[:, 0].copy(), "out": every[:, 1].copy()}


def own(
    carried: Mapping[Direction, Floats], base: Mapping[Direction, Floats]
) -> tuple[Mapping[Direction, Floats], int]:
    """Only slots of days on which a contract delivers, and how many they are: what its circuits carried before or after
    is not the contract's.
    """
    runs = (base["in"] > 0) | (base["out"] > 0)
    return {way: np.where(runs, slots, np.nan) for way, slots in carried.items()}, int(np.count_nonzero(runs))


def committed(
    accounts: Accounts, contract: Contract, start: int, count: int, known: float | None = None
) -> Mapping[Direction, Floats | None]:
    """What was allocated of a contract in each of so many slots from `start` on, as that of each day; None: never any."""
    first = (start - midnight(day_of(start))) // SLOT_S
    days = [day_of(start + number * DAY_S) for number in range(-(-(first + count) // PER_DAY))]
    found: dict[Direction, Floats | None] = {}
    for way in DIRECTIONS:
        held = np.array([accounts.balance(contract.key, way, day, known).allocated_bps for day in days], np.float64)
        every = np.repeat(np.where(held > 0, held, np.inf), PER_DAY)[first : first + count]
        found[way] = every if (held > 0).any() else None
    return found


def contract_history(contract: Contract, table: SlotTable, way: Direction) -> tuple[Floats, Floats]:
    """Slots of a table of whole local days, and what was delivered on each day, from the first that is known on.

    What its circuits carried before the contract speaks of growth as well, as if it had begun with what it began with.
    """
    slots = carried(table, contract.circuits, f"{way}_bps")
    base = delivered(contract, table)[way][::PER_DAY]
    begun = np.flatnonzero(base > 0)
    if len(begun):
        base[: begun[0]] = base[begun[0]]
    known = np.flatnonzero(~np.isnan(slots))
    first = int(known[0]) // PER_DAY if len(known) else len(base)
    return slots[first * PER_DAY :], base[first:]
