"""What if more is allocated, a cable is lost, traffic grows: which contract reaches its level and its capacity, and when.

Load moves slot by slot before it is ranked (SEMANTICS 27): the p95 of a sum is not the sum of the p95s. A lost contract's
load goes to the others of its pool by what they deliver, or to those that are named; where none is left it is not carried.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log
from typing import Final

import numpy as np

from dashboards.capacity.forecast import HORIZON_DAYS, Headroom, Outlook
from dashboards.capacity.percentile import Floats, Percentile, p95
from inventory.allocation import DIRECTIONS, Direction

MONTH_DAYS: Final = 365 / 12


@dataclass(frozen=True)
class Side:
    """One direction of a contract today, bit/s: `slots` of the last 30 days (NaN: absent), `ahead` where it is known."""

    delivered_bps: float
    capacity_bps: float  # delivered x contention, what may be allocated
    allocated_bps: float  # with what is reserved
    slots: Floats
    ahead: Outlook | None = None


@dataclass(frozen=True)
class Standing:
    key: str
    level: float
    pool: str
    sides: Mapping[Direction, Side]


@dataclass(frozen=True)
class Question:
    """`add`: commits by direction, bit/s, spread over `to` by what they deliver. `lose`: contract -> share of it lost.

    `onto`: where a lost contract's load goes; its pool where nobody is named. `growth_month`: 0.03 is 3 % a month;
    None: as the forecast has it.
    """

    add: Mapping[Direction, float]
    to: Sequence[str] = ()
    lose: Mapping[str, float] | None = None
    onto: Sequence[str] = ()
    growth_month: float | None = None


@dataclass(frozen=True)
class Outcome:
    """One contract and direction. `level_on`: when its level is reached; `full_on`: when all that is delivered is used."""

    contract: str
    direction: Direction
    before: Percentile
    after: Percentile
    delivered_bps: float
    capacity_bps: float
    allocated_bps: float
    level_on: Headroom | None  # None: lost, or nothing known
    full_on: Headroom | None

    @property
    def over_bps(self) -> float:
        """Committed beyond capacity."""
        return max(0.0, self.allocated_bps - self.capacity_bps)

    @property
    def ratio(self) -> float | None:
        """May be more than 1: so much would want to pass."""
        if self.after.bps is None or self.delivered_bps <= 0:
            return None
        return self.after.bps / self.delivered_bps


@dataclass(frozen=True)
class Answer:
    outcomes: Sequence[Outcome]
    uncarried_bps: Mapping[Direction, float]  # p95 of load that has nowhere to go
    used_share: Mapping[Direction, float]  # of an added commit, how much is used at p95
    added: bool = False


def what_if(standings: Sequence[Standing], asked: Question, today: date) -> Answer:
    found: list[Outcome] = []
    uncarried: dict[Direction, float] = {}
    shares: dict[Direction, float] = {}
    for way in DIRECTIONS:
        before = {one.key: one.sides[way] for one in standings}
        shares[way] = _used_share([before[key] for key in asked.to])
        after, lost = _moved(standings, way, asked)
        uncarried[way] = p95(lost).bps or 0.0
        after = _added(after, asked, way, shares[way])
        for one in standings:
            found.append(_outcome(one, way, (before[one.key], after[one.key]), asked.growth_month, today))
    return Answer(sorted(found, key=_soonest), uncarried, shares, any(asked.add.values()))


def _moved(standings: Sequence[Standing], way: Direction, asked: Question) -> tuple[dict[str, Side], Floats]:
    """Sides after the loss, and the slots of load that has nowhere to go."""
    sides = {one.key: one.sides[way] for one in standings}
    nowhere = np.zeros(max((len(side.slots) for side in sides.values()), default=0))
    after = {key: _reduced(side, 1.0 - (asked.lose or {}).get(key, 0.0)) for key, side in sides.items()}
    for one in standings:
        if after[one.key].delivered_bps > 0 or one.sides[way].delivered_bps <= 0:
            continue
        heirs = [key for key in asked.onto or _pool(standings, one) if after[key].delivered_bps > 0]
        whole = sum(after[key].delivered_bps for key in heirs)
        for key in heirs:
            share = after[key].delivered_bps / whole
            after[key] = replace(
                after[key],
                slots=after[key].slots + share * sides[one.key].slots,
                allocated_bps=after[key].allocated_bps + share * sides[one.key].allocated_bps,
            )
        after[one.key] = replace(after[one.key], slots=0.0 * sides[one.key].slots, allocated_bps=0.0)
        if not heirs:
            nowhere = nowhere + sides[one.key].slots
    return after, nowhere


def _pool(standings: Iterable[Standing], lost: Standing) -> list[str]:
    return [one.key for one in standings if lost.pool and one.pool == lost.pool and one.key != lost.key]


def _reduced(side: Side, left: float) -> Side:
    return replace(side, delivered_bps=side.delivered_bps * left, capacity_bps=side.capacity_bps * left)


def _used_share(sides: Sequence[Side]) -> float:
    """Of what is committed, how much is used at p95 today, at most all of it; all where that is not known."""
    allocated = sum(side.allocated_bps for side in sides)
    used = [bps for side in sides if (bps := p95(side.slots).bps) is not None]
    return min(1.0, sum(used) / allocated) if allocated > 0 and used else 1.0


def _added(after: dict[str, Side], asked: Question, way: Direction, share: float) -> dict[str, Side]:
    """New commits raise what is allocated, and each slot in the same proportion as the p95."""
    more = asked.add.get(way, 0.0)
    to = [key for key in asked.to if after[key].delivered_bps > 0]
    whole = sum(after[key].delivered_bps for key in to)
    found = dict(after)
    for key in to if more else ():
        mine = more * after[key].delivered_bps / whole
        now = p95(after[key].slots).bps
        slots = after[key].slots * (1 + mine * share / now) if now else after[key].slots + mine * share
        found[key] = replace(after[key], slots=slots, allocated_bps=after[key].allocated_bps + mine)
    return found


def _outcome(
    one: Standing, way: Direction, sides: tuple[Side, Side], growth_month: float | None, today: date
) -> Outcome:
    before, after = sides
    was, now = p95(before.slots), p95(after.slots)
    level = full = None
    if after.delivered_bps > 0 and now.bps is not None:
        scale = now.bps / was.bps if was.bps else 1.0
        level = _reached(before.ahead, (now.bps, scale), one.level * after.delivered_bps, growth_month, today)
        full = _reached(before.ahead, (now.bps, scale), after.delivered_bps, growth_month, today)
    rates = after.delivered_bps, after.capacity_bps, after.allocated_bps
    return Outcome(one.key, way, was, now, *rates, level, full)


def _reached(
    ahead: Outlook | None, now: tuple[float, float], bound_bps: float, growth_month: float | None, today: date
) -> Headroom:
    """At a given growth a day to be worked out by hand: now x (1 + growth)^(days / 30.42)."""
    bps, scale = now
    if bps >= bound_bps:
        return Headroom("exhausted", bound_bps, bps, today)
    if growth_month is None:
        if ahead is None:
            return Headroom("not enough history", bound_bps, bps)
        return replace(ahead, bps=ahead.bps * scale).reaching(bound_bps)
    if growth_month <= 0 or bps <= 0:
        return Headroom("beyond", bound_bps, bps)
    days = int(-(-(log(bound_bps / bps) / log(1 + growth_month) * MONTH_DAYS) // 1))
    if days > HORIZON_DAYS:
        return Headroom("beyond", bound_bps, bps)
    return Headroom("date", bound_bps, bps, today + timedelta(days=days))


def _soonest(one: Outcome) -> tuple[date, float]:
    head = one.level_on
    return (head.on if head and head.on else date.max, -(one.ratio or 0.0))
