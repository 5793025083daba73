"""Figures of capacity as machines read them: stable keys, bit/s, ratios, UTC times; null is not known."""

from collections.abc import Mapping
from typing import Any

from dashboards.capacity.course import Course
from dashboards.capacity.forecast import Headroom
from dashboards.capacity.percentile import Percentile
from dashboards.capacity.standing import CircuitStanding, ContractStanding, Overview
from dashboards.capacity.use import Use
from dashboards.figures import iso
from inventory.allocation import DIRECTIONS

Told = Mapping[str, Any]


def overview_told(seen: Overview, now: float) -> Told:
    return {
        "at": iso(now),
        "month": str(seen.period.month),
        "from": iso(seen.period.start),
        "until": iso(seen.period.until),
        "closed": seen.period.closed,
        "wrong": list(map(str, seen.wrong)),
        "pools": [
            {"key": pool.key, "contracts": list(pool.contracts), "diversity": pool.diversity} for pool in seen.pools
        ],
        "contracts": [_contract(one, seen, now) for one in seen.contracts],
        "providers": [
            {"key": key, **{way: use_told(uses[way], now) for way in DIRECTIONS}} for key, uses in seen.uses.items()
        ],
        "circuits": [circuit_told(one, now) for one in seen.circuits],
    }


def _contract(one: ContractStanding, seen: Overview, now: float) -> Told:
    contract = one.contract
    return {
        "key": contract.key,
        "name": contract.name.en if contract.name else contract.key,
        "provider": contract.provider,
        "circuits": list(contract.circuits),
        "from": str(contract.start),
        "to": str(contract.end) if contract.end else None,
        "rule": contract.direction,
        "level": contract.level,
        "wrong": list(map(str, one.wrong)),
        "over_subscribed": [
            {"request": f"R-{held.number}", "by": held.over_subscribed_by, "why": held.over_subscribed_why}
            for held in one.signed
        ],
        "billed": {word: percentile_told(found) for word, found in one.billed.items()},
        **{way: {**_side(one, seen, way), **use_told(one.uses[way], now)} for way in DIRECTIONS},
    }


def _side(one: ContractStanding, seen: Overview, way: Any) -> Told:
    balance, over = one.balances[way], one.over_from[way]
    return {
        "delivered_bps": balance.delivered_bps,
        "capacity_bps": balance.capacity_bps,
        "reserved_bps": balance.reserved_bps,
        "allocated_bps": balance.allocated_bps,
        "free_bps": balance.free_bps,
        "over_committed_from": str(over) if over else None,
        "headroom": headroom_told(one.headrooms[way], seen),
    }


def headroom_told(head: Headroom, seen: Overview) -> Told:
    return {
        "answer": head.answer,
        "on": str(head.on) if head.on else None,
        "early": str(head.early) if head.early else None,
        "late": str(head.late) if head.late else None,
        "days_left": head.days_left(seen.today),
        "level_bps": round(head.level_bps),
        "p95_30d_bps": _whole(head.p95_bps),
        "growth_a_year": None if head.growth is None else round(head.growth, 4),
        "history_days": head.days,
    }


def use_told(one: Use, now: float) -> Told:
    """`now`: UTC seconds that ages count to."""
    return {
        "base_bps": round(one.base_bps),
        "now_bps": _whole(one.now_bps),
        "now_at": iso(one.now_at) if one.now_at is not None else None,
        "now_age_s": round(max(0.0, now - one.now_at), 1) if one.now_at is not None else None,
        "mean_bps": _whole(one.mean_bps),
        "peak_bps": _whole(one.peak_bps),
        "peak_at": iso(one.peak_at) if one.peak_at is not None else None,
        "p95": percentile_told(one.p95),
        "p95_ratio": _ratio(one.ratio(one.p95.bps)),
        "level": one.level,
        "above_level_s": one.above_s,
        "flat_top_s": one.flat_s,
        "burst_s": one.burst_s,
        "refused_s": one.refused_s,
    }


def percentile_told(found: Percentile) -> Told:
    return {
        "bps": _whole(found.bps),
        "rank": found.rank,
        "present": found.present,
        "expected": found.expected,
        "provisional": found.provisional,
    }


def circuit_told(one: CircuitStanding, now: float) -> Told:
    state, well = one.state, one.quality
    return {
        "key": one.circuit.key,
        "provider": one.circuit.provider,
        "reference": one.circuit.reference,
        "state": state.word,
        "stale": state.stale,
        "since": iso(state.since) if state.since is not None else None,
        "reason": state.reason,
        "wrong": list(map(str, one.wrong)),
        **{way: use_told(one.uses[way], now) for way in DIRECTIONS},
        "rtt_ms": _rounded(well.rtt_ms),
        "rtt_now_ms": _rounded(well.rtt_now_ms),
        "rtt_top_ms": _rounded(well.rtt_top_ms),
        "loss_ratio": _ratio(well.loss),
        "discards": _whole(well.discards),
        **_course(one.course),
    }


def _course(one: Course) -> Told:
    return {
        "available": None if one.available is None else round(one.available, 6),
        "up_s": one.up_s,
        "down_s": one.down_s,
        "planned_s": one.planned_s,
        "unknown_s": one.unknown_s,
        "faults": one.faults,
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _ratio(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
