"""What institutions hold and use: IRU use only where something measures it, access use apart and never against a commit.

*Access use* is what an institution's router carries in all, its own network's traffic with it (SEMANTICS D).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dashboards.capacity.percentile import Floats, carried
from dashboards.capacity.told import use_told
from dashboards.capacity.use import Bounds, Use, use
from dashboards.figures import mbps, short_duration
from dashboards.layout import NOTHING, Column, Line, plain_table
from inventory.allocation import DIRECTIONS, Allocation, Direction
from inventory.model import Inventory
from inventory.slots import SlotTable

NOT_MEASURED: Final = "not measured"
_COLUMNS: Final = (
    Column("institution", flexible=True),
    *(Column(word, right=True) for word in ("commit in", "out", "IRU in", "out", "burst", "access in", "out")),
)


@dataclass(frozen=True)
class Carried:
    """Slots of measuring points, and of links; `serving`: site -> links that it hangs on."""

    points: SlotTable
    links: SlotTable
    serving: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class InstitutionStanding:
    """`iru` None: not measured; `access` None: it has no site, or its site no link. Rates are p95s where shown."""

    key: str
    commit_bps: Mapping[Direction, int]
    iru: Mapping[Direction, Use] | None
    access: Mapping[Direction, Use] | None


def institutions_of(inventory: Inventory, held: Iterable[Allocation]) -> list[str]:
    """Those that hold something, and those that are measured, by key."""
    found = {one.institution for one in held} | {point.institution for point in inventory.points.values()}
    return sorted(found)


def institution_standings(
    inventory: Inventory, held: Sequence[Allocation], keys: Iterable[str], seen: Carried
) -> list[InstitutionStanding]:
    """`held`: what is approved and holds today."""
    return [_standing(inventory, [one for one in held if one.institution == key], key, seen) for key in keys]


def _standing(inventory: Inventory, mine: Sequence[Allocation], key: str, seen: Carried) -> InstitutionStanding:
    commits: dict[Direction, int] = {way: sum(one.bps(way) for one in mine) for way in DIRECTIONS}
    points = [point.key for point in inventory.points.values() if point.institution == key]
    institution = inventory.institutions.get(key)
    links = list(seen.serving.get(institution.site, ())) if institution and institution.site else []
    iru = {way: _use(seen.points, points, way, Bounds(0.0, _commit(commits[way]))) for way in DIRECTIONS}
    access = {way: _use(seen.links, links, way, Bounds(_rate(inventory, links, way))) for way in DIRECTIONS}
    return InstitutionStanding(key, commits, iru if points else None, access if links else None)


def _commit(bps: int) -> float | None:
    return float(bps) if bps else None


def _rate(inventory: Inventory, links: Iterable[str], way: Direction) -> float:
    every = [inventory.links[key] for key in links if key in inventory.links]
    return float(sum(link.in_bps if way == "in" else link.out_bps for link in every))


def _use(table: SlotTable, rows: Sequence[str], way: Direction, bounds: Bounds) -> Use:
    slots: Floats = carried(table, rows, f"{way}_bps") if rows else np.full(table.count, np.nan)
    return use(slots, bounds, way, start=table.start, step_s=table.step_s)


def institution_lines(found: Sequence[InstitutionStanding], room: int) -> Sequence[str]:
    """p95 of the month; access use stands beside, it is no part of the commit."""
    lines = [Line("", _cells(one), NOT_MEASURED if one.iru is None else "") for one in found]
    said = ["p95s in Mb/s; burst: time above the commit; access: all that its router carries"]
    said += plain_table(_COLUMNS, lines, room)
    parts = [use.p95 for one in found for part in (one.iru, one.access) if part for use in part.values()]
    if any(each.provisional for each in parts):
        said.append("* provisional: under 99 % of slots are there")
    return said


def _cells(one: InstitutionStanding) -> tuple[str, ...]:
    burst = [use.burst_s for use in (one.iru or {}).values() if use.burst_s is not None]
    return (
        one.key,
        *(mbps(one.commit_bps[way]) for way in DIRECTIONS),
        *(_p95(one.iru, way) for way in DIRECTIONS),
        short_duration(max(burst)) if burst else NOTHING,
        *(_p95(one.access, way) for way in DIRECTIONS),
    )


def _p95(uses: Mapping[Direction, Use] | None, way: Direction) -> str:
    if uses is None or uses[way].p95.bps is None:
        return NOTHING
    found = uses[way].p95
    return mbps(found.bps) + ("*" if found.provisional else "")


def institution_told(one: InstitutionStanding, now: float) -> Mapping[str, Any]:
    """`iru_use` null: not measured."""
    return {
        "key": one.key,
        "measured": one.iru is not None,
        **{f"commit_{way}_bps": one.commit_bps[way] for way in DIRECTIONS},
        "iru_use": _told(one.iru, now),
        "access_use": _told(one.access, now),
    }


def _told(uses: Mapping[Direction, Use] | None, now: float) -> Mapping[str, Any] | None:
    return None if uses is None else {way: use_told(uses[way], now) for way in DIRECTIONS}
