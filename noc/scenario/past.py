"""What stood in the store and in the capacity ledger before a scenario begins: how full contracts were, who was promised what.

[past]
days = 120                            how far it goes back; 90 when left out
[past.use]
tix-port = "85%"                      of a contract: the share of what it delivers that was used, in and out alike
seacom-iru = "70% 4%"                 and by how much it grew a month
lga-chunya = "110%"                   of an institution: the share of its commit, at its measuring points
[past.commits]
lga-chunya = "8M"                     what it was allocated, in and out alike
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inventory.allocation import Allocation, Balance, Direction
from inventory.calendar import DAY_S, SLOT_S, Month, day_of, midnight
from inventory.mistakes import did_you_mean
from inventory.model import Contract, Inventory
from inventory.rates import parse_rate
from inventory.slots import SlotTable
from noc.scenario.fault import Duty, Fault

KEYS: Final = ("days", "use", "commits")
_DAYS: Final = 90
_MOST_DAYS: Final = 400
_MONTH_S: Final = 30 * DAY_S
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)%\Z")
_WEEK_DAYS: Final = 7  # of use, without which there is no percentile of a contract
_HISTORY_DAYS: Final = 60  # without which nothing is said of days to come
_ENDING_DAYS: Final = ((30, "minor"), (90, "warning"))
_NEAR: Final = (70, 110)  # days of headroom: below, it must be told; above, it must not

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]  # UTC seconds
Wrong = tuple[str, str, str]  # the key at fault, message, hint


@dataclass(frozen=True, slots=True)
class Used:
    """A share, and its growth a month."""

    share: float
    growth: float = 0.0


@dataclass(frozen=True)
class Past:
    """As `noc.figuring.Sources` wants it: `table` stands for the store, the rest for the capacity ledger."""

    inventory: Inventory
    start: float  # of the scenario, UTC seconds
    days: int = 0
    use: Mapping[str, Used] = field(default_factory=dict)
    commits: Mapping[str, int] = field(default_factory=dict)  # institution -> bit/s

    def table(
        self, measurement: str, scope: str, rows: Sequence[str] | None, quantities: Sequence[str], **span: int
    ) -> SlotTable:
        """Slots of circuits and points; absent where nothing is said of them, and before the past began."""
        rows, at = tuple(rows or ()), np.arange(span["start"], span["end"], SLOT_S)
        mean = np.full((len(quantities), len(rows), len(at)), np.nan)
        there = (at >= self.start - self.days * DAY_S) & (at < self.start)
        for place, row in enumerate(rows):
            mean[:, place, there] = self._carried(row, at[there])
        covered = np.where(np.isnan(mean), 0.0, float(SLOT_S))
        return SlotTable(span["start"], SLOT_S, rows, tuple(quantities), mean, covered)

    def _carried(self, row: str, at: Instants) -> Floats:
        """bit/s of a circuit or a point at these instants; NaN where nothing is said of it."""
        bps = np.full(at.shape, np.nan)
        numbers = (at - midnight(day_of(self.start))) // DAY_S
        days = {int(number): day_of(self.start) + timedelta(days=int(number)) for number in np.unique(numbers)}
        for key, contract in self.inventory.contracts.items():
            if row in contract.circuits and key in self.use:
                share, grown = self.use[key].share / len(contract.circuits), self._grown(self.use[key], at)
                for number, day in days.items():
                    if delivered := contract.delivered(day)[0]:
                        bps[numbers == number] = share * delivered * grown[numbers == number]
        point = self.inventory.points.get(row)
        if point is None or point.institution not in self.use:
            return bps
        points = sum(each.institution == point.institution for each in self.inventory.points.values())
        used = self.use[point.institution]
        measured: Floats = used.share * self.commits.get(point.institution, 0) / points * self._grown(used, at)
        return measured

    def _grown(self, used: Used, at: Instants) -> Floats:
        """Of what it is as the scenario begins."""
        grown: Floats = (1.0 + used.growth) ** ((at - self.start) / _MONTH_S)
        return grown

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        found = self.inventory.contracts[contract]
        delivered = found.delivered(on)[direction == "out"]
        held = sum(each.bps(direction) for each in self.allocations(on) if contract in each.contracts)
        return Balance(contract, direction, on, delivered, int(delivered * found.contention), 0, held)

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        """Each institution's commit, of the first contract, for as long as that lasts."""
        first = next(iter(self.inventory.contracts), "")
        if on is not None and (not first or self.inventory.contracts[first].delivered(on) == (0, 0)):
            return []
        began = day_of(self.start - _MOST_DAYS * DAY_S)
        held = enumerate(self.commits.items(), 1)
        return [
            Allocation(number, "letter", key, (first,), bps, bps, began, None, "approved", "desk", self.start)
            for number, (key, bps) in held
        ]

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        steps = sorted(step.on for step in self.inventory.contracts[contract].resized if step.on > since)
        return next((day for day in (since, *steps) if self.balance(contract, direction, day).free_bps < 0), None)


def read_past(raw: Mapping[str, Any], inventory: Inventory, start: float) -> tuple[Past, list[Wrong]]:
    """The past and everything that is wrong with it."""
    wrong: list[Wrong] = []
    for key in raw:
        if key not in KEYS:
            wrong.append((key, f"unknown setting {key!r} in [past]", did_you_mean(key, KEYS)))
    days = raw.get("days", _DAYS)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _MOST_DAYS:
        wrong.append(("days", f"days is a whole number from 1 to {_MOST_DAYS}", ""))
        days = _DAYS
    commits = dict(_table(raw, "commits", inventory.institutions, "institution", wrong))
    use = dict(_table(raw, "use", {**inventory.contracts, **inventory.institutions}, "contract or institution", wrong))
    for key in use:
        if key in inventory.institutions and key not in commits:
            wrong.append((key, f"{key} has no commit that its use could be a share of", "say it in [past.commits]"))
    return Past(inventory, start, days, use, commits), wrong


def _table(
    raw: Mapping[str, Any], name: str, known: Mapping[str, Any], what: str, wrong: list[Wrong]
) -> Iterator[tuple[str, Any]]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        wrong.append((name, f"[past.{name}] is a table of lines", ""))
        return
    for key, said in table.items():
        if key not in known:
            wrong.append((key, f"past: no {what} {key!r}", did_you_mean(key, known)))
            continue
        try:
            yield key, parse_rate(said) if name == "commits" else _used(said)
        except (TypeError, ValueError) as error:
            wrong.append((key, f"{key}: {error}", ""))


def _used(said: object) -> Used:
    shares = [_SHARE.match(word) for word in said.split()] if isinstance(said, str) else []
    found = [float(match[1]) / 100 for match in shares if match is not None]
    if not 1 <= len(found) <= 2 or len(found) != len(shares):
        raise ValueError(f"{said!r} is not a share, as 85%, and its growth a month, as 85% 4%")
    return Used(*found)


def capacity_faults(past: Past) -> list[Fault]:
    """What rules must say of it, by its own definition; the figures are made when the scenario begins."""
    found = [
        *(_of_contract(past, key) for key in past.inventory.contracts),
        *(_of_institution(past, key) for key in past.commits if key in past.use),
    ]
    faults = [one for one in found if one is not None]
    return [Fault(**{**one, "id": f"C{number}", "to_s": None}) for number, one in enumerate(faults, 1)]


def _of_contract(past: Past, key: str) -> dict[str, Any] | None:
    contract, today = past.inventory.contracts[key], day_of(past.start)
    links = {link.key for link in past.inventory.links.values() if link.circuit in contract.circuits}
    alike = frozenset({key, *contract.circuits, *links})
    end = _last_day(past.inventory, contract)
    left = (end - today).days if end else None
    ending = next((severity for days, severity in _ENDING_DAYS if left is not None and left <= days), "")
    over = past.over_committed_from(key, "in", today) is not None
    told = _near(past, key)
    if not ending and not over and told == "never":
        return None
    duty: Duty = "must" if ending or over else told
    return _fault(alike, "minor" if over else ending or "warning", duty)


def _last_day(inventory: Inventory, contract: Contract) -> date | None:
    """The first day without it, and without one that follows it over the same circuits; None: open."""
    ends = {contract.key: contract.end}
    while None not in ends.values():
        last = max(end for end in ends.values() if end is not None)
        known = (one for one in inventory.contracts.values() if one.key not in ends and one.start <= last)
        more = {one.key: one.end for one in known if set(one.circuits) & set(contract.circuits)}
        if not more:
            return last
        ends |= more
    return None


def _near(past: Past, key: str) -> Duty:
    """Whether its level is near, or reached: the share grows as it did, the p95 of 30 days follows it."""
    used, contract = past.use.get(key), past.inventory.contracts[key]
    days = min(past.days, (day_of(past.start) - contract.start).days)
    if used is None or used.share <= 0 or days < _WEEK_DAYS:
        return "never"
    if used.share >= 1.1 * contract.level:
        return "must" if days > _WEEK_DAYS else "may"
    if used.share >= 0.95 * contract.level:
        return "may"
    if days < _HISTORY_DAYS or used.growth <= 0:
        return "never"
    ahead = 30 * log(contract.level / used.share) / log(1 + used.growth)
    return "must" if ahead < _NEAR[0] else "may" if ahead < _NEAR[1] else "never"


def _of_institution(past: Past, key: str) -> dict[str, Any] | None:
    share = past.use[key].share
    of_month = min(past.start - Month.of(past.start).start, float(past.days * DAY_S))
    measured = any(point.institution == key for point in past.inventory.points.values())
    if not measured or of_month < DAY_S or not past.allocations(day_of(past.start)):
        return None
    return None if share < 0.98 else _fault(frozenset({key}), "warning", "must" if share > 1.02 else "may")


def _fault(alike: frozenset[str], severity: str, told: Duty) -> dict[str, Any]:
    lasts: tuple[tuple[float, float | None], ...] = ((0.0, None),)
    said = {"kind": "capacity", "from_s": 0.0, "indistinguishable": alike, "severity": severity, "told": told}
    return {**said, "accepted": frozenset({"minor", "warning"}) if told == "may" else frozenset(), "stretches": lasts}
