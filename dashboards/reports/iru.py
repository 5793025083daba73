"""Who held what of the capacity that was bought, and what was used of it, over a month; with every change and its author."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.capacity.measured import committed
from dashboards.capacity.use import Bounds
from dashboards.figures import iso
from dashboards.reports.canonical import sha256
from dashboards.reports.document import Document, NoData, Period, Row
from dashboards.reports.naming import named
from dashboards.reports.traffic import Traffic, agreed, charted, digests, running, series, silences, used
from inventory.allocation import DIRECTIONS, Accounts, Allocation, Balance, Direction
from inventory.calendar import DAY_S, SLOT_S, day_of
from inventory.model import Contract, Inventory

Book = Mapping[int, Allocation]  # by number, as it stood on the last day of the month that it held


@dataclass(frozen=True)
class Ledger:
    """The capacity ledger as it stood at `known` (UTC seconds); `changes` of the month, with at, who and act."""

    accounts: Accounts
    known: float
    changes: Sequence[Row] = ()


def iru(inventory: Inventory, period: Period, traffic: Traffic, ledger: Ledger) -> Document:
    """NoData where no contract ran, and where nothing was held and nothing measured."""
    accounts, known = ledger.accounts, ledger.known
    contracts = running(inventory, period)
    if not contracts:
        raise NoData(f"no contract of capacity runs in {period.month}")
    book = held(accounts, period, known)
    if not book and not traffic.known:
        raise NoData(f"nothing was held or measured of any contract in {period.month}")
    balances = {key: list(_balances(accounts, key, period, known)) for key in (each.key for each in contracts)}
    figures = [
        *(row for each in contracts for row in _contract(each, period, traffic, (ledger, balances[each.key]))),
        *_institutions(inventory, period, traffic, book),
        *(_allocation(one) for one in book.values()),
    ]
    circuits = sorted({key for each in contracts for key in each.circuits})
    slots = digests(traffic.circuits, "circuit", circuits, period)
    slots |= digests(traffic.points, "point", inventory.points, period)
    said = [[_day_row(one) for one in each] for each in balances.values()]
    kept = {"known": iso(known), "sha256": sha256([said, [_allocation(one) for one in book.values()]])}
    inputs = {"slots": slots, "down": silences(traffic, circuits), "ledger": kept}
    more: dict[str, Sequence[Row]] = {
        "days": [row for each in contracts for row in charted(each, agreed(traffic, each, period), period)],
        "changes": [{"kind": "change", **row} for row in ledger.changes],
    }
    return Document("iru", period, figures, inputs, more)


def of_institution(document: Document, inventory: Inventory, institution: str, serving: Iterable[str]) -> Document:
    """What of it concerns one institution: what it holds and uses, and what was changed about that."""

    def mine(row: Row) -> bool:
        return row.get("institution") == institution

    points = {
        f"point {key} {way}"
        for key, each in inventory.points.items()
        if each.institution == institution
        for way in DIRECTIONS
    }
    inputs = {
        "slots": {name: found for name, found in document.inputs["slots"].items() if name in points},
        "ledger": document.inputs["ledger"],
    }
    more = {"days": [], "changes": [row for row in document.more["changes"] if mine(row)]}
    figures = [row for row in document.figures if mine(row)]
    return Document("iru", document.period, figures, inputs, more, institution)


def _past(period: Period) -> list[date]:
    """Days that have begun."""
    return [day for number, day in enumerate(period.month.days()) if period.start + number * DAY_S < period.until]


def held(accounts: Accounts, period: Period, known: float) -> Book:
    """Everything that was held on any day of it, as on the last of these days."""
    found: dict[int, Allocation] = {}
    for day in _past(period):
        for one in accounts.allocations(day, known):
            if one.state != "requested":
                found[one.number] = one
    return dict(sorted(found.items()))


def _balances(accounts: Accounts, contract: str, period: Period, known: float) -> Iterable[Balance]:
    for day in _past(period):
        for direction in DIRECTIONS:
            yield accounts.balance(contract, direction, day, known)


def _day_row(one: Balance) -> list[Any]:
    return [one.contract, one.direction, str(one.day), one.capacity_bps, one.reserved_bps, one.allocated_bps]


def _contract(
    contract: Contract, period: Period, traffic: Traffic, held_of: tuple[Ledger, Sequence[Balance]]
) -> Iterable[Row]:
    ledger, balances = held_of
    found = agreed(traffic, contract, period)
    count = (period.until - period.start) // SLOT_S
    commits = committed(ledger.accounts, contract, period.start, count, ledger.known)
    for direction in DIRECTIONS:
        mine = [one for one in balances if one.direction == direction]
        last, least = mine[-1], min(mine, key=lambda one: one.free_bps)
        bounds = Bounds(found.delivered[direction], commits[direction], contract.level)
        yield (
            named("contract", contract.key, contract.name, provider=contract.provider)
            | {
                "delivered_bps": last.delivered_bps,
                "capacity_bps": last.capacity_bps,
                "allocated_bps": last.allocated_bps,
                "reserved_bps": last.reserved_bps,
                "free_bps": last.free_bps,
                "free_least_bps": least.free_bps,
                "free_least_on": str(least.day),
                "over_committed_days": sum(one.free_bps < 0 for one in mine),
            }
            | used(found.carried[direction], bounds, direction, period, found.expected)
        )


def _institutions(inventory: Inventory, period: Period, traffic: Traffic, book: Book) -> Iterable[Row]:
    """IRU use exists only where something measures it; what an institution's router carries in all is another thing."""
    holders = dict.fromkeys(one.institution for one in book.values())
    measured = {point.institution for point in inventory.points.values()}
    last = day_of(period.until - 1)
    for key in sorted(set(holders) | measured):
        name = inventory.institutions[key].name if key in inventory.institutions else None
        points = [point.key for point in inventory.points.values() if point.institution == key]
        for direction in DIRECTIONS:
            commit = sum(one.bps(direction) for one in book.values() if one.institution == key and one.holds_on(last))
            row = named("institution", key, name, institution=key) | {"direction": direction, "allocated_bps": commit}
            yield row | {"measured": bool(points)} | _use(points, direction, period, traffic, commit)


def _use(points: Sequence[str], direction: Direction, period: Period, traffic: Traffic, commit: int) -> dict[str, Any]:
    """A commit is no ceiling: what is above it is burst, and no error of data. There is no utilisation of it either."""
    if not points:
        return {}
    slots = series(traffic.points, points, direction, period)
    nothing = dict.fromkeys(("base_bps", "level", "above_s", "flat_s", "refused_s"))
    return used(slots, Bounds(0.0, float(commit)), direction, period) | nothing


def _allocation(one: Allocation) -> dict[str, Any]:
    return {
        "kind": "allocation",
        "key": f"R-{one.number}",
        "institution": one.institution,
        "reference": one.reference,
        "contracts": " ".join(one.contracts),
        "in_bps": one.in_bps,
        "out_bps": one.out_bps,
        "start": str(one.start),
        "end": None if one.end is None else str(one.end),
        "approver": one.approver,
        "over_subscribed_by": one.over_subscribed_by,
        "over_subscribed_why": one.over_subscribed_why,
    }
