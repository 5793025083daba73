"""Lines of the capacity ledger: so many bit/s of a contract go from one account to another, over whole local days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from inventory.accounts.course import Course, runs
from inventory.allocation import Direction

# `delivered` and `contention` are where capacity comes from: their balances are minus what the provider delivers, and
# minus what may be allocated beyond it (contention over 1) or must not be (under 1)
Account = Literal["delivered", "contention", "free", "reserved", "allocated"]
ACCOUNTS: Final[tuple[Account, ...]] = ("delivered", "contention", "free", "reserved", "allocated")
HOLDINGS: Final[tuple[Account, ...]] = ("reserved", "allocated")
INVENTORY: Final = "inventory"  # author of what follows from the inventory alone

Move = tuple[Account, Account, int, date, date | None]  # source, target, bit/s, over [start, end)


@dataclass(frozen=True, slots=True)
class Posting:
    """`bps` > 0 over [start, end) (None: for ever); `request` 0: of none. Never changed, never taken away."""

    contract: str
    direction: Direction
    source: Account
    target: Account
    bps: int
    start: date
    end: date | None
    act: str
    request: int
    author: str
    recorded_at: float  # UTC seconds


def moves(now: dict[Account, Course], wanted: dict[Account, Course]) -> list[Move]:
    """What makes `wanted` of the courses as they stand, each against `free`; straight from one to another where that
    is the same."""
    names = list(wanted)
    found: list[Move] = []
    for start, end, figures in runs(*(now[name] for name in names), *wanted.values()):
        more = {name: figures[len(names) + place] - figures[place] for place, name in enumerate(names)}
        for source, target, bps in _settled(more):
            _extend(found, (source, target, bps, start, end))
    return found


def _settled(more: dict[Account, int]) -> Iterator[tuple[Account, Account, int]]:
    left = dict(more)
    gives = [name for name in left if left[name] < 0]
    takes = [name for name in left if left[name] > 0]
    for source, target in ((source, target) for source in gives for target in takes):
        bps = min(-left[source], left[target])
        if bps > 0:
            left[source] += bps
            left[target] -= bps
            yield source, target, bps
    for name, bps in left.items():
        if bps:
            yield ("free", name, bps) if bps > 0 else (name, "free", -bps)


def _extend(found: list[Move], move: Move) -> None:
    """One line for what goes on from day to day."""
    source, target, bps, start, end = move
    for place, (*before, since, until) in enumerate(found):
        if before == [source, target, bps] and until == start:
            found[place] = (source, target, bps, since, end)
            return
    found.append(move)
