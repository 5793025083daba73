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
from datetime import date
from math import log
from typing import Any, Final

import numpy as np

from inventory.allocation import Allocation, Balance, Direction
from inventory.calendar import DAY_S, SLOT_S, day_of
from inventory.mistakes import did_you_mean
from inventory.model import Inventory
from inventory.rates import parse_rate
from inventory.slots import SlotTable
from noc.scenario.fault import Duty, Fault

KEYS: Final = ("days", "use", "commits")
_DAYS: Final = 90
_MOST_DAYS: Final = 400
_MONTH_S: Final = 30 * DAY_S
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)%\Z")
_HISTORY_DAYS: Final = 60  # without which nothing is said of days to come
_ENDING_DAYS: Final = ((30, "minor"), (90, "warning"))
_NEAR: Final = (70, 110)  # days of headroom: below, it must be told; above, it must not

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
            found = self._rate(row)
            if found is not None:
                bps, growth = found
                mean[:, place, there] = bps * (1.0 + growth) ** ((at[there] - self.start) / _MONTH_S)
        covered = np.where(np.isnan(mean), 0.0, float(SLOT_S))
        return SlotTable(span["start"], SLOT_S, rows, tuple(quantities), mean, covered)

    def _rate(self, row: str) -> tuple[float, float] | None:
        """bit/s as the scenario begins, and growth, of a circuit or a point."""
        for key, contract in self.inventory.contracts.items():
            if row in contract.circuits and key in self.use:
                share = self.use[key].share / len(contract.circuits)
                return share * contract.in_bps, self.use[key].growth
        point = self.inventory.points.get(row)
        if point is None or point.institution not in self.use:
            return None
        points = sum(each.institution == point.institution for each in self.inventory.points.values())
        used = self.use[point.institution]
        return used.share * self.commits.get(point.institution, 0) / points, used.growth

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        found = self.inventory.contracts[contract]
        delivered = found.delivered(on)[direction == "out"]
        held = sum(each.bps(direction) for each in self.allocations(on) if contract in each.contracts)
        return Balance(contract, direction, on, delivered, int(delivered * found.contention), 0, held)

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        """Each institution's commit, of the first contract."""
        first = next(iter(self.inventory.contracts), "")
        began = day_of(self.start - _MOST_DAYS * DAY_S)
        held = enumerate(self.commits.items(), 1)
        return [
            Allocation(number, "letter", key, (first,), bps, bps, began, None, "approved", "desk", self.start)
            for number, (key, bps) in held
        ]

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        return since if self.balance(contract, direction, since).free_bps < 0 else None


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
    left = (contract.end - today).days if contract.end else None
    ending = next((severity for days, severity in _ENDING_DAYS if left is not None and left <= days), "")
    over = past.over_committed_from(key, "in", today) is not None
    told = _near(past, key)
    if not ending and not over and told == "never":
        return None
    duty: Duty = "must" if ending or over else told
    return _fault(alike, "minor" if over else ending or "warning", duty)


def _near(past: Past, key: str) -> Duty:
    """Whether its level is near, or reached: the share grows as it did, the p95 of 30 days follows it."""
    used, contract = past.use.get(key), past.inventory.contracts[key]
    if used is None or used.share <= 0:
        return "never"
    if used.share >= 1.1 * contract.level:
        return "must"
    if used.share >= 0.95 * contract.level:
        return "may"
    if past.days < _HISTORY_DAYS or used.growth <= 0:
        return "never"
    days = 30 * log(contract.level / used.share) / log(1 + used.growth)
    return "must" if days < _NEAR[0] else "may" if days < _NEAR[1] else "never"


def _of_institution(past: Past, key: str) -> dict[str, Any] | None:
    share = past.use[key].share
    return None if share < 0.98 else _fault(frozenset({key}), "warning", "must" if share > 1.02 else "may")


def _fault(alike: frozenset[str], severity: str, told: Duty) -> dict[str, Any]:
    lasts: tuple[tuple[float, float | None], ...] = ((0.0, None),)
    said = {"kind": "capacity", "from_s": 0.0, "indistinguishable": alike, "severity": severity, "told": told}
    return {**said, "accepted": frozenset({"minor", "warning"}) if told == "may" else frozenset(), "stretches": lasts}
