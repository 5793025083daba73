"""Contracts, institutions and circuits as they stand in a month: evidence from store, snapshot and ledger, put together.

For the commands and for the web, which thus say the same; imported only when figures are asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from alerts.window import Window
from dashboards.capacity.forecast import outlook
from dashboards.capacity.institutions import InstitutionStanding, institution_standings, institutions_of
from dashboards.capacity.measured import PER_DAY, Measured, State, contract_history, unmeasured
from dashboards.capacity.standing import CircuitStanding, Overview, circuit_standing, overview
from dashboards.capacity.weeks import MONTH
from dashboards.capacity.what_if import Side, Standing
from dashboards.reports.document import Period
from dashboards.status import Age, view
from inventory.accounts.book import Book
from inventory.allocation import DIRECTIONS, Accounts, Direction
from inventory.calendar import Month, day_of
from inventory.model import Circuit, Contract, Inventory
from inventory.slots import SlotTable
from inventory.status import DaemonMark, StatusRow
from inventory.topology import Topology
from noc.capacity import Question, history, in_parts, institutions_carried, links_of, measured
from noc.config import Config
from noc.history import opened_reader
from noc.planned import Plan, times
from noc.store.file import StoreMissing
from noc.store.reader import MetricReader
from noc.store.status import read_mark, read_status

Circuits = Sequence[tuple[str, Sequence[StatusRow]]]  # circuit, and the rows of its links, the worst first


@dataclass(frozen=True)
class Grounds:
    """What figures rest on beside the store: `book` and `windows` of the ledger as it stands at `now` (UTC seconds).

    `complain` is told in words what could not be asked, where what is left still answers.
    """

    config: Config
    inventory: Inventory
    book: Book
    windows: Sequence[Window]
    now: float
    complain: Callable[[str], None] = lambda _: None


def overview_of(grounds: Grounds, period: Period, chosen: Sequence[Contract]) -> tuple[Overview, str]:
    """The overview, and a sentence where no daemon runs. StoreError."""
    found, warning = _measured(grounds, period, [key for one in chosen for key in one.circuits])
    return overview(grounds.inventory, grounds.book, found, period, chosen), warning


def institutions_in(grounds: Grounds, period: Period, chosen: Iterable[Contract]) -> list[InstitutionStanding]:
    """Who holds and uses what of these contracts at the end of the period. StoreError."""
    keys = {one.key for one in chosen}
    held = [
        one
        for one in grounds.book.allocations(day_of(period.until - 1))
        if one.state == "approved" and keys & set(one.contracts)
    ]
    with opened_reader(grounds.config, grounds.complain) as reader:
        seen = institutions_carried(reader, grounds.inventory, period)
    return institution_standings(grounds.inventory, held, institutions_of(grounds.inventory, held), seen)


def _measured(grounds: Grounds, period: Period, circuits: Sequence[str]) -> tuple[Measured, str]:
    links = links_of(grounds.inventory, dict.fromkeys(circuits))
    try:
        mark, states, warning = standings(grounds.config.metrics_file, grounds.now)
        question = Question(period, mark, history=True, discards=True, planned=_planned(grounds, period))
        with opened_reader(grounds.config, grounds.complain) as reader:
            return measured(reader, links, question, states), warning
    except StoreMissing:
        return unmeasured(period), "nothing was measured yet: no daemon has run here"


def standings(path: Path, now: float) -> tuple[DaemonMark | None, Mapping[str, State], str]:
    """The daemon's line, the states of circuits by their links, and a sentence where no daemon runs."""
    mark = read_mark(path)
    seen = view("link", read_status(path, "link"), mark, now)
    order = ("up", "unknown", "unreachable", "down")
    found: dict[str, State] = {}
    for row in sorted(seen.rows, key=lambda row: order.index(row.state) if row.state in order else 1):
        found[str(row.labels.get("circuit", ""))] = State(row.state, row.since, row.reason, seen.age.stale(row))
    said = [] if seen.age.silent_since is None and mark is not None else seen.warnings
    return mark, found, "\n".join(said)


def _planned(grounds: Grounds, period: Period) -> Mapping[str, Sequence[tuple[int, int]]] | None:
    """Links that were in planned work, and when."""
    ran = times(grounds.windows, period)
    if not ran:
        return None
    topology = Topology(grounds.inventory, grounds.config.poller.attached_to)
    found = Plan(grounds.inventory, topology).planned(ran)
    return {key: [stretch for _, stretch in work] for (kind, key), work in found.items() if kind == "link"}


@dataclass(frozen=True)
class Snapshot:
    """Where circuits are measured, and how fresh what is known of them now is."""

    path: Path
    mark: DaemonMark | None
    age: Age


def circuits_in(circuits: Circuits, seen: Snapshot, period: Period) -> list[CircuitStanding]:
    """In their order, without what is dearer: no forecasts, no discards. StoreError."""
    links = {key: [row.key for row in rows] for key, rows in circuits}
    rows = dict(circuits)
    states = {key: _state(mine[0], seen.age) for key, mine in circuits}
    question = Question(period, seen.mark)
    found: list[CircuitStanding] = []
    with MetricReader(seen.path) as reader:
        for part in in_parts(links):
            evidence = measured(reader, part, question, states)
            found += [circuit_standing(_circuit(key, rows[key]), evidence) for key in part]
    return found


def circuits_of(rows: Iterable[StatusRow]) -> Circuits:
    """In the order of the rows, which come worst first."""
    found: dict[str, list[StatusRow]] = {}
    for row in rows:
        if key := str(row.labels.get("circuit", "")):
            found.setdefault(key, []).append(row)
    return list(found.items())


def _state(row: StatusRow, age: Age) -> State:
    return State(row.state, row.since, row.reason, age.stale(row))


def _circuit(key: str, rows: Iterable[StatusRow]) -> Circuit:
    """As the snapshot has it: contracted rates are the sums of those of its links."""
    every = list(rows)
    rates = [sum(int(float(str(row.labels.get(f"{way}_committed_bps", 0)))) for row in every) for way in ("in", "out")]
    return Circuit(key, str(every[0].labels.get("provider", "")), "", in_bps=rates[0], out_bps=rates[1])


def contracts_today(grounds: Grounds) -> tuple[list[Standing], date]:
    """All contracts as a what-if begins from, and the last whole day that is spoken of. StoreError."""
    table, today = _history(grounds), day_of(grounds.now)
    return [
        Standing(one.key, one.level, one.pool, {way: _side(one, way, grounds.book, table, today) for way in DIRECTIONS})
        for one in grounds.inventory.contracts.values()
    ], today


def _side(contract: Contract, way: Direction, book: Accounts, table: SlotTable, today: date) -> Side:
    slots, base = contract_history(contract, table, way)
    balance = book.balance(contract.key, way, today)
    ahead = outlook(slots, base, day_of(table.end - 1)) if len(slots) else None
    held = float(balance.allocated_bps + balance.reserved_bps)
    month = np.full(MONTH * PER_DAY, np.nan)
    newest = slots[-len(month) :]
    month[len(month) - len(newest) :] = newest
    return Side(float(balance.delivered_bps), float(balance.capacity_bps), held, month, ahead)


def _history(grounds: Grounds) -> SlotTable:
    period = Period.of(Month.of(grounds.now), grounds.now)
    links = links_of(grounds.inventory, (key for one in grounds.inventory.contracts.values() for key in one.circuits))
    try:
        with opened_reader(grounds.config, grounds.complain) as reader:
            return history(reader, links, period)
    except StoreMissing:
        grounds.complain("nothing was measured yet: no daemon has run here")
        return unmeasured(period).traffic
