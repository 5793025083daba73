"""How the month went so far for a circuit or for all circuits of a provider: use and p95, quality, availability, faults."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboards.capacity.standing import CircuitStanding
from dashboards.capacity.use import Use
from inventory.allocation import DIRECTIONS


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """Of one circuit. `until`: UTC seconds that the figures reach to; ratios and seconds, None: not known."""

    month: str
    until: int
    made_at: float
    uses: Sequence[Use]
    rtt_ms: float | None
    rtt_now_ms: float | None
    loss: float | None
    available: float | None
    down_s: int
    unknown_s: int
    planned_s: int
    faults: int


@dataclass(frozen=True, slots=True)
class Served:
    """Of all circuits of a provider together: up and down are of known time only (SEMANTICS D)."""

    available: float | None
    down_s: int
    faults: int
    circuits: int
    perfect: int  # circuits without a fault


def month_seen(standing: CircuitStanding, *, month: str, until: int, made_at: float) -> MonthSeen:
    course, well = standing.course, standing.quality
    return MonthSeen(
        month=month,
        until=until,
        made_at=made_at,
        uses=[standing.uses[way] for way in DIRECTIONS],
        rtt_ms=well.rtt_ms,
        rtt_now_ms=well.rtt_now_ms,
        loss=well.loss,
        available=course.available,
        down_s=course.down_s,
        unknown_s=course.unknown_s,
        planned_s=course.planned_s,
        faults=course.faults,
    )


def served(standings: Iterable[CircuitStanding]) -> Served:
    every = [one.course for one in standings]
    up, down = sum(one.up_s for one in every), sum(one.down_s for one in every)
    return Served(
        available=up / (up + down) if up + down else None,
        down_s=down,
        faults=sum(one.faults for one in every),
        circuits=len(every),
        perfect=sum(not one.faults for one in every),
    )
