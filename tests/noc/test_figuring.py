"""Figures of capacity from slots, the capacity ledger and a forecast: p95, what is left, what is promised, who exceeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import isnan, nan
from typing import Any

import numpy as np
import pytest

from dashboards.capacity.measured import LOOKED_BACK_DAYS, unmeasured
from dashboards.capacity.standing import contract_standing
from dashboards.reports.document import Period
from inventory.allocation import Allocation, Balance, Direction
from inventory.calendar import DAY_S, SLOT_S, Month, midnight
from inventory.model import Contract, Inventory, MeasuringPoint, Resize
from inventory.slots import SlotTable
from noc.figuring import ALLOCATION, CONTRACT, FAR_DAYS, Figuring, Sources
from noc.hourly import ahead

M = 1_000_000
TODAY = date(2026, 6, 15)
NOW = midnight(TODAY) + 10 * 3600
IRU = Contract("iru", "seacom", "S/1", ("cable",), 100 * M, 100 * M, date(2020, 1, 1))
POINT = MeasuringPoint("tra-iru", "tra", "edge-1", "irb.1")


@dataclass
class Traffic:
    """Rows of constant use; `busy` of the first slots of each day are at another rate."""

    rows: dict[str, tuple[float, float]]
    since: int = 0
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str] | None,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        **_: Any,
    ) -> SlotTable:
        self.asked.append((measurement, start, end))
        at = np.arange(start, end, SLOT_S)
        table = np.array([[np.full(len(at), self.rows[row][way]) for row in rows or ()] for way in (0, 1)])
        covered = np.where(at >= self.since, SLOT_S, 0.0) * np.ones(table.shape)
        return SlotTable(start, SLOT_S, tuple(rows or ()), tuple(quantities), table, covered)


@dataclass
class Ledger:
    held: list[Allocation] = field(default_factory=list)
    free: int = 40 * M
    short_from: date | None = None

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        return Balance(contract, direction, on, 100 * M, 100 * M, 0, 100 * M - self.free)

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        return [each for each in self.held if on is None or each.holds_on(on)]

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        return self.short_from


def allocation(bps: int, *, start: date = date(2026, 1, 1), **rest: Any) -> Allocation:
    return Allocation(1, "L/1", "tra", ("iru",), bps, bps, start, None, "approved", "ann", 0.0, **rest)


def figured(
    inventory: Inventory,
    slots: Traffic,
    ledger: Ledger | None = None,
    *,
    ahead: float | None = nan,
    up: dict[str, bool] | None = None,
) -> dict[str, dict[str, float]]:
    sources = Sources(slots, ledger or Ledger(), lambda *_: ahead)
    found = {}
    for batch in Figuring(inventory).batches(sources, NOW, up or {}):
        assert batch.quantities == (CONTRACT if batch.measurement == "contract" else ALLOCATION)
        for place, row in enumerate(batch.rows):
            found[row] = dict(zip(batch.quantities, batch.values[:, place].tolist(), strict=True))
    return found


def contract(one: Contract = IRU, *others: Contract, **rest: Any) -> dict[str, float]:
    inventory = Inventory(contracts={each.key: each for each in (one, *others)})
    slots = rest.pop("slots", None) or Traffic({"cable": (60.0 * M, 20.0 * M), "second": (10.0 * M, 10.0 * M)})
    return figured(inventory, slots, **rest)[one.key]


def test_given_a_month_of_use_then_its_percentile_is_of_what_is_delivered_by_the_contracts_rule() -> None:
    found = contract()
    assert (found["in_p95_bps"], found["out_p95_bps"]) == (60 * M, 20 * M)
    assert found["p95_ratio"] == pytest.approx(0.6) and found["level_ratio"] == pytest.approx(0.75)
    assert contract(replace(IRU, direction="sum"))["p95_ratio"] == pytest.approx(0.4)
    assert contract(replace(IRU, out_bps=25 * M))["p95_ratio"] == pytest.approx(0.8)
    assert contract(replace(IRU, out_bps=25 * M, direction="apart"))["p95_ratio"] == pytest.approx(0.8)


def test_rule_27_given_two_circuits_then_they_are_summed_slot_by_slot() -> None:
    assert contract(replace(IRU, circuits=("cable", "second")))["in_p95_bps"] == 70 * M


def test_given_a_contract_resized_within_the_month_then_each_day_counts_by_its_own_rate() -> None:
    smaller = replace(IRU, resized=(Resize(date(2026, 6, 10), 60 * M, 60 * M),))
    assert contract(smaller)["p95_ratio"] == pytest.approx(1.0)


def test_given_a_few_days_of_slots_then_the_percentile_is_not_known() -> None:
    found = contract(slots=Traffic({"cable": (60.0 * M, 20.0 * M)}, since=NOW - 6 * DAY_S))
    assert isnan(found["in_p95_bps"]) and isnan(found["p95_ratio"]) and isnan(found["level_ratio"])


@pytest.mark.parametrize(
    ("end", "left"), [(None, FAR_DAYS), (date(2026, 7, 5), 20), (date(2026, 6, 10), -5), (date(2099, 1, 1), FAR_DAYS)]
)
def test_given_an_end_then_so_many_days_are_left(end: date | None, left: int) -> None:
    assert contract(replace(IRU, end=end))["days_left"] == left


def test_given_a_contract_that_follows_over_the_same_circuit_then_that_ones_end_counts() -> None:
    ends = replace(IRU, end=date(2026, 7, 5))
    after = replace(IRU, key="next", start=date(2026, 7, 5), end=date(2026, 8, 4))
    assert contract(ends, after)["days_left"] == 50
    assert contract(ends, replace(after, end=None))["days_left"] == FAR_DAYS
    assert contract(ends, replace(after, start=date(2026, 7, 6)))["days_left"] == 20


@pytest.mark.parametrize(("ahead", "days"), [(40.0, 40.0), (0.0, 0.0), (None, FAR_DAYS), (nan, nan)])
def test_given_a_forecast_then_days_of_headroom(ahead: float | None, days: float) -> None:
    assert contract(ahead=ahead)["headroom_days"] == pytest.approx(days, nan_ok=True)


def test_given_the_same_day_then_the_forecast_is_made_once_and_from_whole_local_days() -> None:
    slots = Traffic({"cable": (1.0, 1.0)})
    figuring = Figuring(Inventory(contracts={"iru": IRU}))
    for at in (NOW, NOW + 3600, NOW + DAY_S):
        figuring.batches(Sources(slots, Ledger(), lambda *_: 1.0), at, {})
    long = [span for _, *span in slots.asked if span[1] - span[0] > 31 * DAY_S]
    assert [end for _, end in long] == [midnight(TODAY), midnight(TODAY) + DAY_S]


def test_given_the_ledger_then_free_over_committed_and_over_subscribed() -> None:
    found = contract()
    assert (found["free_in_bps"], found["over_committed"], found["over_subscribed"]) == (40 * M, 0.0, 0.0)
    signed = allocation(5 * M, over_subscribed_by="ann")
    found = contract(ledger=Ledger([signed], free=-M, short_from=TODAY))
    assert (found["free_out_bps"], found["over_committed"], found["over_subscribed"]) == (-M, 1.0, 1.0)


@pytest.mark.parametrize(("up", "count"), [({"cable": True}, 1.0), ({"cable": False}, 0.0), ({}, nan)])
def test_given_circuits_then_so_many_carry(up: dict[str, bool], count: float) -> None:
    assert contract(up=up)["circuits_up"] == pytest.approx(count, nan_ok=True)


def use(bps: float, ledger: Ledger, **points: MeasuringPoint) -> dict[str, float]:
    inventory = Inventory(points=points or {"tra-iru": POINT})
    return figured(inventory, Traffic(dict.fromkeys(inventory.points, (bps, bps / 2))), ledger)["tra"]


def test_given_a_month_so_far_then_use_is_held_against_the_commit() -> None:
    found = use(12.0 * M, Ledger([allocation(10 * M)]))
    assert found["p95_ratio"] == pytest.approx(1.2)
    assert (found["in_p95_bps"], found["commit_in_bps"], found["commit_out_bps"]) == (12 * M, 10 * M, 10 * M)


def test_given_several_points_of_an_institution_then_their_sum_is_held_against_all_its_allocations() -> None:
    second = replace(POINT, key="b", interface="irb.2")
    found = use(6.0 * M, Ledger([allocation(10 * M), replace(allocation(5 * M), number=2)]), a=POINT, b=second)
    assert found["p95_ratio"] == pytest.approx(12 / 15)


def test_given_a_point_of_one_contract_then_only_that_share_of_a_pool_counts() -> None:
    pool = replace(allocation(30 * M), contracts=("iru", "other"), shares={"iru": 1, "other": 2})
    assert use(5.0 * M, Ledger([pool]), a=replace(POINT, contract="iru"))["p95_ratio"] == pytest.approx(0.5)


def test_given_no_allocation_then_no_ratio_and_never_a_division_by_nothing() -> None:
    found = use(5.0 * M, Ledger())
    assert isnan(found["p95_ratio"]) and found["in_p95_bps"] == 5 * M and found["commit_in_bps"] == 0


def test_given_an_allocation_that_began_within_the_month_then_only_its_days_count() -> None:
    assert use(5.0 * M, Ledger([allocation(10 * M, start=date(2026, 6, 10))]))["p95_ratio"] == pytest.approx(0.5)


def test_given_the_first_hours_of_a_month_then_it_is_too_early_to_say() -> None:
    inventory = Inventory(points={"tra-iru": POINT})
    start = Month.of(NOW).start
    slots = Traffic({"tra-iru": (50.0 * M, 1.0)})
    for at, known in ((start, False), (start + 3600, False), (start + DAY_S, True)):
        [batch] = Figuring(inventory).batches(Sources(slots, Ledger([allocation(M)]), lambda *_: nan), at, {})
        assert np.isnan(batch.of("p95_ratio")[0]) != known


@pytest.mark.parametrize("rule", ["max", "sum", "apart"])
def test_given_two_years_of_growth_then_the_alarm_has_the_nearer_date_of_those_on_the_screen(rule: Any) -> None:
    one = replace(IRU, direction=rule, level=0.8, start=TODAY - timedelta(days=500))
    busy = Growing(days=900, rates=(40.0 * M, 30.0 * M), a_day=(0.0005, 0.0004))
    inventory = Inventory(contracts={"iru": one})
    alarm = Figuring(inventory).batches(Sources(busy, Ledger(), ahead), NOW, {})[0].of("headroom_days")[0]
    start, end = midnight(TODAY - timedelta(days=LOOKED_BACK_DAYS)), midnight(TODAY)
    period = Period.of(Month.of(NOW), NOW)
    blank = unmeasured(period)
    seen = replace(blank, history=busy("circuit_traffic", "", ("cable",), ("in_bps", "out_bps"), start=start, end=end))
    screen = contract_standing(one, Ledger(), seen, period).headrooms
    assert {head.answer for head in screen.values()} == {"date"}
    assert alarm == min(head.days_left(TODAY) or 0 for head in screen.values())


@dataclass
class Growing:
    """One circuit, busiest in the afternoon, that carries more from day to day."""

    days: int
    rates: tuple[float, float]
    a_day: tuple[float, float]

    def __call__(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str] | None,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        **_: Any,
    ) -> SlotTable:
        at = np.arange(start, end, SLOT_S)
        day = (at - NOW) / DAY_S + self.days
        hours = 0.7 + 0.3 * np.sin(2 * np.pi * at / DAY_S)
        table = np.array(
            [[rate * hours * np.exp(growth * day)] for rate, growth in zip(self.rates, self.a_day, strict=True)]
        )
        known = np.where(day >= 0, SLOT_S, 0.0) * np.ones(table.shape)
        return SlotTable(start, SLOT_S, tuple(rows or ()), tuple(quantities), table, known)
