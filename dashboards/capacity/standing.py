"""How contracts and their circuits stand: delivered, allocated, used, how well, until when, and what is wrong with them.

Everything is handed in: slots, states, the capacity ledger, the time. Nothing here reads or waits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np

from dashboards.capacity.course import Course, Diversity, diversity
from dashboards.capacity.forecast import Headroom, headroom
from dashboards.capacity.measured import (
    Measured,
    State,
    committed,
    contract_history,
    delivered,
    newest_of,
    own,
    row_of,
    slots_of,
)
from dashboards.capacity.percentile import Floats, Percentile, directed, p95
from dashboards.capacity.quality import Quality, quality
from dashboards.capacity.use import Bounds, Use, flat_topped, use
from dashboards.reports.document import Period
from dashboards.reports.spans import BEHIND, DOWN, SHUT, UP
from inventory.allocation import DIRECTIONS, Accounts, Allocation, Balance, Direction
from inventory.calendar import SLOT_S, day_of
from inventory.model import Circuit, Contract, Inventory
from inventory.slots import SlotTable

SOON_DAYS: Final = 90  # a headroom date or an end so near is something wrong
Both = Mapping[Direction, Use]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sentence on what is wrong; `text` is the key of its translations, `figures` fill its {braces}."""

    text: str
    figures: Mapping[str, object]

    def __str__(self) -> str:
        return self.text.format(**self.figures)


@dataclass(frozen=True)
class CircuitStanding:
    circuit: Circuit
    state: State
    course: Course
    uses: Both
    quality: Quality
    wrong: Sequence[Wrong] = ()


@dataclass(frozen=True)
class ContractStanding:
    """`billed`: the p95 by the contract's own rule; `over_from`: first day with less than nothing free."""

    contract: Contract
    balances: Mapping[Direction, Balance]
    uses: Both
    billed: Mapping[str, Percentile]
    headrooms: Mapping[Direction, Headroom]
    over_from: Mapping[Direction, date | None]
    wrong: Sequence[Wrong] = ()
    signed: Sequence[Allocation] = ()  # let go beyond capacity by somebody, now or for days to come


@dataclass(frozen=True)
class Pool:
    """Contracts that stand in for each other, and how many of them carry."""

    key: str
    contracts: Sequence[str]
    diversity: Diversity


@dataclass(frozen=True)
class Overview:
    period: Period
    today: date
    contracts: Sequence[ContractStanding]
    circuits: Sequence[CircuitStanding]
    pools: Sequence[Pool]
    uses: Mapping[str, Both] = field(default_factory=dict)  # of providers

    @property
    def wrong(self) -> Sequence[Wrong]:
        parts = [*(one.wrong for one in self.contracts), *(one.wrong for one in self.circuits)]
        lost = [Wrong(_LOST[pool.diversity], {"key": pool.key}) for pool in self.pools if pool.diversity in _LOST]
        return [*lost, *(word for part in parts for word in part)]


_LOST: Final[Mapping[Diversity, str]] = {
    "one": "{key}: diversity lost, one carries",
    "none": "{key}: none of them carries",
    "unknown": "{key}: diversity is not known",
}


def overview(
    inventory: Inventory, accounts: Accounts, measured: Measured, period: Period, chosen: Iterable[Contract]
) -> Overview:
    """Of these contracts, as they stand now, or at the end of a month that is over."""
    measured = _at_close(measured) if period.closed else measured
    today = day_of(period.until - 1)
    contracts = list(chosen)
    circuits = [inventory.circuits[key] for one in contracts for key in one.circuits if key in inventory.circuits]
    agreed = {key: one for one in contracts for key in one.circuits}
    found = [contract_standing(one, accounts, measured, period) for one in contracts]
    return Overview(
        period,
        today,
        found,
        [circuit_standing(one, measured, agreed.get(one.key)) for one in dict.fromkeys(circuits)],
        list(_pools(contracts, measured)),
        _providers(contracts, measured),
    )


def _at_close(measured: Measured) -> Measured:
    """Of a month that is over nothing is now: states are those at its end."""
    ends = {key: one.spans[-1].state for key, one in measured.courses.items() if one.spans}
    words = {UP: "up", DOWN: "down", SHUT: "down", BEHIND: "unreachable"}
    return replace(measured, newest={}, states={key: State(words.get(end, "unknown")) for key, end in ends.items()})


def circuit_standing(circuit: Circuit, measured: Measured, contract: Contract | None = None) -> CircuitStanding:
    """Against its own rate; the level is that of its contract, where it has one."""
    level = contract.level if contract else 0.8
    rates: Mapping[Direction, int] = {"in": circuit.in_bps, "out": circuit.out_bps}
    uses: dict[Direction, Use] = {}
    top = np.zeros(measured.traffic.count, dtype=bool)
    for way in DIRECTIONS:
        slots = slots_of(measured, [circuit.key], way)
        newest = measured.newest.get((circuit.key, way))
        base = float(rates[way])
        uses[way] = _used(slots, Bounds(base, None, level), way, measured.traffic, newest)
        top |= flat_topped(slots, base, SLOT_S)
    discards = np.array([row_of(measured.traffic, circuit.key, f"{way}_discards_ps") for way in DIRECTIONS])
    rtt, loss = (row_of(measured.paths, circuit.key, name) for name in ("rtt_ms", "loss_ratio"))
    state = measured.states.get(circuit.key, State())
    well = quality(rtt, loss, discards, top if len(top) == len(rtt) else None, step_s=SLOT_S)
    wrong = [] if state.known == "up" else [Wrong("{key}: {state}", {"key": circuit.key, "state": state.known})]
    wrong += _refused(circuit.key, uses)
    return CircuitStanding(circuit, state, measured.courses.get(circuit.key, Course()), uses, well, wrong)


def contract_standing(contract: Contract, accounts: Accounts, measured: Measured, period: Period) -> ContractStanding:
    today = day_of(period.until - 1)
    bases = delivered(contract, measured.traffic)
    series, expected = own({way: slots_of(measured, contract.circuits, way) for way in DIRECTIONS}, bases)
    commits = committed(accounts, contract, measured.traffic.start, measured.traffic.count)
    uses: dict[Direction, Use] = {}
    for way in DIRECTIONS:
        bounds = Bounds(bases[way], commits[way], contract.level)
        newest = newest_of(measured, contract.circuits, way)
        uses[way] = _used(series[way], bounds, way, measured.traffic, newest, expected=expected)
    billed = {
        word: p95(slots, expected) for word, slots in directed(series["in"], series["out"], contract.direction).items()
    }
    heads = {way: _headroom(contract, measured, way) for way in DIRECTIONS}
    return held_by(accounts, ContractStanding(contract, {}, uses, billed, heads, {}), today)


def held_by(accounts: Accounts, one: ContractStanding, today: date) -> ContractStanding:
    """The same measurements beside what the ledger says: balances, what is over-committed, and what is wrong of it all."""
    contract = one.contract
    balances = {way: accounts.balance(contract.key, way, today) for way in DIRECTIONS}
    over = {way: accounts.over_committed_from(contract.key, way, today) for way in DIRECTIONS}
    wrong = [*_refused(contract.key, one.uses), *_wrong(contract, one.headrooms, over, today)]
    signed = _signed(contract, accounts, today)
    return replace(one, balances=balances, over_from=over, wrong=wrong, signed=signed)


def _signed(contract: Contract, accounts: Accounts, today: date) -> list[Allocation]:
    found = (one for one in accounts.allocations() if contract.key in one.contracts and one.over_subscribed_by)
    return [one for one in found if one.state in ("requested", "approved") and (one.end is None or one.end > today)]


def _wrong(
    contract: Contract,
    heads: Mapping[Direction, Headroom],
    over: Mapping[Direction, date | None],
    today: date,
) -> Iterable[Wrong]:
    for way in DIRECTIONS:
        side: dict[str, object] = {"key": contract.key, "way": way}
        head = heads[way]
        left = head.days_left(today)
        if head.answer == "exhausted":
            yield Wrong("{key} {way}: exhausted since {on}", side | {"on": head.on})
        elif left is not None and left <= SOON_DAYS:
            yield Wrong("{key} {way}: headroom ends {on}, in {days} d", side | {"on": head.on, "days": left})
        if over[way] is not None:
            yield Wrong("{key} {way}: over-committed from {on}", side | {"on": over[way]})
    if contract.end is not None and (contract.end - today).days <= SOON_DAYS:
        text = "{key}: contract ended on {on}" if contract.end <= today else "{key}: contract ends on {on}"
        yield Wrong(text, {"key": contract.key, "on": contract.end})


def _refused(key: str, uses: Both) -> list[Wrong]:
    text = "{key} {way}: more than 110 % measured, a data error"
    return [Wrong(text, {"key": key, "way": way}) for way in DIRECTIONS if uses[way].refused]


def _used(
    slots: Floats,
    bounds: Bounds,
    way: Direction,
    table: SlotTable,
    newest: tuple[float, float] | None,
    *,
    expected: int | None = None,
) -> Use:
    return use(slots, bounds, way, start=table.start, step_s=table.step_s, expected=expected, newest=newest)


def _headroom(contract: Contract, measured: Measured, way: Direction) -> Headroom:
    table = measured.history
    if table is None or not table.count:
        return Headroom("not enough history", 0.0)
    return headroom(*contract_history(contract, table, way), contract.level, day_of(table.end - 1))


def _pools(contracts: Iterable[Contract], measured: Measured) -> Iterable[Pool]:
    groups: dict[str, list[Contract]] = {}
    for one in contracts:
        if one.pool:
            groups.setdefault(one.pool, []).append(one)
    for key, members in groups.items():
        if len(members) > 1:
            words = [_carries(one, measured) for one in members]
            yield Pool(key, [one.key for one in members], diversity(words))


def _carries(contract: Contract, measured: Measured) -> str:
    """A contract carries while one of its circuits does."""
    words = {measured.states.get(key, State()).known for key in contract.circuits}
    return "up" if "up" in words else "unknown" if "unknown" in words else "down"


def _providers(contracts: Sequence[Contract], measured: Measured) -> Mapping[str, Both]:
    """What all contracts of a provider carried together, against what they deliver together."""
    found: dict[str, Both] = {}
    for provider in dict.fromkeys(one.provider for one in contracts):
        mine = [one for one in contracts if one.provider == provider]
        circuits = [key for one in mine for key in one.circuits]
        uses: dict[Direction, Use] = {}
        for way in DIRECTIONS:
            base = np.sum([delivered(one, measured.traffic)[way] for one in mine], axis=0)
            bounds = Bounds(base, None, min(one.level for one in mine))
            newest = newest_of(measured, circuits, way)
            uses[way] = _used(slots_of(measured, circuits, way), bounds, way, measured.traffic, newest)
        found[provider] = uses
    return found
