"""What contracts and institutions used, in reports: slots of the contract's own days, circuits that were down, bursts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from dashboards.capacity.course import course, together
from dashboards.capacity.measured import Measured
from dashboards.capacity.standing import contract_standing
from dashboards.reports.capacity import capacity
from dashboards.reports.iru import Ledger, iru
from dashboards.reports.spans import Event
from dashboards.reports.traffic import Traffic
from inventory.allocation import Allocation, Balance, Direction
from inventory.calendar import DAY_S, midnight
from inventory.model import Circuit, Inventory
from inventory.slots import SlotTable
from tests.dashboards.reports.field import NOVEMBER, little, whole

M = 10**6
PERIOD = whole(NOVEMBER)
RATES = ("in_bps", "out_bps")
SPAN = (PERIOD.start, PERIOD.until)


def slots(**rows: Any) -> SlotTable:
    """Mb/s, the same both ways."""
    values = np.array([np.broadcast_to(np.asarray(each, float), NOVEMBER.slots) for each in rows.values()]) * M
    mean = np.stack([values, values]) if rows else np.zeros((2, 0, 0))
    return SlotTable(NOVEMBER.start, 300, tuple(rows), RATES, mean, np.where(np.isnan(mean), 0.0, 300.0))


class Accounts:
    """Bahi holds so much of it, from the 11th on twice as much."""

    def __init__(self, bps: int = 10 * M) -> None:
        self._bps = bps

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        return Balance(contract, direction, on, 775 * M, 775 * M, 0, self._bps * (2 if on.day > 10 else 1))

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        bps, start = self._bps, date(2020, 1, 1)
        return [Allocation(1, "L", "bahi", ("seacom-iru",), bps, bps, start, None, "approved", "a", 0.0)]

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        return None


def traffic(circuits: SlotTable, points: SlotTable | None = None, **down: Any) -> Traffic:
    return Traffic(slots(), circuits, points or slots(), {key.replace("_", "-"): each for key, each in down.items()})


def rows(inventory: Inventory, found: Traffic, report: str = "capacity") -> dict[tuple[str, str, str], Any]:
    document = (
        capacity(inventory, PERIOD, found, {}, None)
        if report == "capacity"
        else iru(inventory, PERIOD, found, Ledger(Accounts(), 0.0))
    )
    return {(row["kind"], row["key"], row.get("direction", "")): row for row in document.figures}


def with_contract(**other: Any) -> Inventory:
    inventory = little()
    one = replace(inventory.contracts["seacom-iru"], **other)
    circuits = {**inventory.circuits, "iru-2": Circuit("iru-2", "seacom", "S/2", "iru", 775 * M, 775 * M)}
    return replace(inventory, contracts={one.key: one}, circuits=circuits)


@pytest.mark.parametrize("report", ["capacity", "iru"])
def test_given_a_contract_that_begins_or_ends_within_the_month_then_its_own_days_are_expected(report: str) -> None:
    steps = np.where(np.arange(NOVEMBER.slots) < 10 * 288, 50.0, 90.0)
    ends = with_contract(end=date(2026, 11, 11))
    row = rows(ends, traffic(slots(**{"iru-1": steps})), report)["contract", "seacom-iru", "in"]
    assert (row["slots_present"], row["slots_expected"], row["p95_bps"]) == (2880, 2880, 50 * M)
    assert not row["provisional"]
    begins = with_contract(start=date(2026, 11, 11))
    row = rows(begins, traffic(slots(**{"iru-1": steps})), report)["contract", "seacom-iru", "in"]
    assert (row["slots_expected"], row["p95_bps"]) == (20 * 288, 90 * M)


def test_given_a_contract_that_is_over_then_a_later_month_does_not_speak_of_it() -> None:
    gone = with_contract(end=date(2026, 11, 1))
    assert not [name for name in rows(gone, traffic(slots(**{"iru-1": 50.0}))) if name[0] == "contract"]


@pytest.mark.parametrize("report", ["capacity", "iru"])
def test_given_a_circuit_that_was_down_then_the_other_one_s_traffic_counts_and_a_changed_state_is_seen(
    report: str,
) -> None:
    two = with_contract(circuits=("iru-1", "iru-2"))
    gone = np.where(np.arange(NOVEMBER.slots) < 288, np.nan, 30.0)
    table = slots(**{"iru-1": 50.0, "iru-2": gone})
    first_day = [(PERIOD.start, PERIOD.start + DAY_S)]
    known = rows(two, traffic(table, iru_2=first_day), report)["contract", "seacom-iru", "in"]
    assert (known["slots_present"], known["slots_expected"]) == (8640, 8640)
    unknown = rows(two, traffic(table), report)["contract", "seacom-iru", "in"]
    assert unknown["slots_present"] == 8640 - 288 and unknown["provisional"]
    inputs = capacity(two, PERIOD, traffic(table, iru_2=first_day), {}, None).inputs
    assert list(inputs["down"]) == ["circuit iru-2"]


def test_given_the_same_slots_then_reports_and_screen_have_the_same_figures() -> None:
    rng = np.random.default_rng(5)
    one = with_contract(circuits=("iru-1", "iru-2"), start=date(2026, 11, 4))
    table = slots(
        **{
            "iru-1": rng.uniform(1, 30, 8640),
            "iru-2": np.where(rng.random(8640) < 0.1, np.nan, rng.uniform(1, 9, 8640)),
        }
    )
    down = course([Event(NOVEMBER.start, "down", NOVEMBER.start)], [], NOVEMBER.start, NOVEMBER.start + 9 * DAY_S)
    screen = contract_standing(
        one.contracts["seacom-iru"], Accounts(), Measured(table, table, courses={"iru-2": down}), PERIOD
    )
    for report in ("capacity", "iru"):
        found = rows(one, traffic(table, iru_2=down.down), report)
        for way in ("in", "out"):
            row, use = found["contract", "seacom-iru", way], screen.uses[way]
            assert (row["slots_present"], row["slots_expected"]) == (use.p95.present, use.p95.expected)
            assert (row["p95_bps"], row["peak_bps"]) == (round(use.p95.bps or 0), round(use.peak_bps or 0))
            assert (row["mean_bps"], row["above_s"], row["flat_s"]) == (
                round(use.mean_bps or 0),
                use.above_s,
                use.flat_s,
            )
            assert report == "capacity" or row["burst_s"] == use.burst_s


def test_given_commits_that_grow_then_burst_is_above_what_was_allocated_on_that_day() -> None:
    row = rows(with_contract(), traffic(slots(**{"iru-1": 15.0})), "iru")["contract", "seacom-iru", "in"]
    assert row["burst_s"] == 10 * DAY_S


def test_given_a_burst_far_above_a_commit_then_it_is_a_burst_and_nothing_is_refused() -> None:
    found = traffic(slots(**{"iru-1": 50.0}), slots(**{"p-bahi": 25.0}))
    row = rows(little(), found, "iru")["institution", "bahi", "in"]
    assert (row["burst_s"], row["refused_s"], row["p95_bps"]) == (30 * DAY_S, None, 25 * M)
    assert row["allocated_bps"] == 10 * M and row["utilisation"] is None


def test_given_a_circuit_over_two_links_then_it_carries_while_one_of_them_does() -> None:
    at = midnight(date(2026, 11, 5))
    up = Event(PERIOD.start - 60, "up", PERIOD.start - 60)
    first = [up, Event(at, "down", at), Event(at + 7200, "up", at + 7200)]
    second = [up, Event(at + 3600, "down", at + 3600), Event(at + 9000, "up", at + 9000)]
    both = together([course(events, [], *SPAN) for events in (first, second)])
    assert (both.down_s, both.faults) == (3600, 1)
    assert both.up_s == PERIOD.until - PERIOD.start - 3600
    assert list(both.down) == [(at + 3600, at + 7200)]


def test_given_planned_work_then_the_circuit_is_known_to_carry_nothing_all_the_same() -> None:
    at = midnight(date(2026, 11, 5))
    events = [Event(PERIOD.start - 60, "up", None), Event(at, "down", at), Event(at + 7200, "up", at + 7200)]
    seen = course(events, [], *SPAN, planned=[(at, at + 7200)])
    assert (seen.down_s, seen.planned_s, list(seen.down)) == (0, 7200, [(at, at + 7200)])
