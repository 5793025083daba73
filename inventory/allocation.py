"""Who holds what of a contract's capacity, at an instant, as it was known then: figures of the capacity ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Direction = Literal["in", "out"]
DIRECTIONS: tuple[Direction, ...] = ("in", "out")
AllocationState = Literal["requested", "approved", "refused", "withdrawn", "ended"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """A request of an institution for committed rates (bit/s) of one contract or of a pool, and what became of it.

    Half-open: `start` is its first day, `end` the first day it does not hold any more (None: with the contract).
    """

    number: int  # the request's name for people: R-17
    reference: str  # of the letter that asked for it
    institution: str
    contracts: tuple[str, ...]  # of which it draws, each with an equal share unless `shares` says otherwise
    in_bps: int
    out_bps: int
    start: date
    end: date | None
    state: AllocationState
    author: str  # who entered it
    recorded_at: float  # UTC seconds, of the newest word about it
    approver: str = ""
    over_subscribed_by: str = ""  # who let it go beyond capacity x contention
    over_subscribed_why: str = ""
    shares: Mapping[str, int] | None = None  # contract -> share, of the sum of shares

    def bps(self, direction: Direction) -> int:
        return self.in_bps if direction == "in" else self.out_bps

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Balance:
    """One contract and direction on one day, bit/s: free + reserved + allocated = capacity (SEMANTICS D).

    `capacity` is delivered x contention; `free` is below zero where it is over-committed.
    """

    contract: str
    direction: Direction
    day: date
    delivered_bps: int
    capacity_bps: int
    reserved_bps: int
    allocated_bps: int

    @property
    def free_bps(self) -> int:
        return self.capacity_bps - self.reserved_bps - self.allocated_bps


class Accounts(Protocol):
    """Questions to the capacity ledger. `on`: valid on that day; `known`: as recorded up to that instant (None: now)."""

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance: ...
    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        """Those that hold on that day (None: every one ever entered), by number."""

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        """First day from `since` on with less than nothing free."""
