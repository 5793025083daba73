"""How contracts stand: sums of circuits, bounds of the day, and what is wrong said once, in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from dashboards.capacity.course import course
from dashboards.capacity.institutions import Carried, institution_lines, institution_standings, institutions_of
from dashboards.capacity.measured import Measured, State, contract_history, unmeasured
from dashboards.capacity.standing import Overview, overview
from dashboards.capacity.tables import overview_lines
from dashboards.capacity.told import overview_told
from dashboards.reports.document import Period
from dashboards.reports.spans import Event
from inventory.allocation import Allocation, Balance, Direction
from inventory.calendar import Month
from inventory.model import Circuit, Contract, End, Institution, Inventory, Link, MeasuringPoint, Name, Resize, Site
from inventory.slots import SlotTable

M = 1_000_000
MONTH = Month(2026, 10)
PERIOD = Period(MONTH, MONTH.start + 10 * 300)
BOTH = ("in_bps", "out_bps", "in_discards_ps", "out_discards_ps")


class Accounts:
    """Nothing reserved, so much allocated of each contract."""

    def __init__(self, allocated: int = 0, over: date | None = None) -> None:
        self._allocated, self._over = allocated * M, over

    def balance(self, contract: str, direction: Direction, on: date, known: float | None = None) -> Balance:
        return Balance(contract, direction, on, 100 * M, 100 * M, 0, self._allocated)

    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        return ()

    def over_committed_from(self, contract: str, direction: Direction, since: date) -> date | None:
        return self._over if direction == "in" else None


def contract(key: str, *circuits: str, **more: object) -> Contract:
    fields = {"in_bps": 100 * M, "out_bps": 100 * M, "start": date(2020, 1, 1), "pool": "cables", **more}
    return Contract(key, key[:3], "X/1", circuits, **fields)  # type: ignore[arg-type]


def network(*contracts: Contract) -> Inventory:
    circuits = {
        key: Circuit(key, one.provider, "", "iru", 100 * M, 100 * M) for one in contracts for key in one.circuits
    }
    return Inventory(circuits=circuits, contracts={one.key: one for one in contracts})


def table(rows: dict[str, list[float]], quantities: Sequence[str] = BOTH) -> SlotTable:
    """The same in and out in Mb/s, no discards; NaN is absent."""
    values = np.array(list(rows.values()), dtype=float).reshape(len(rows), -1)
    mean = np.stack([values * (M if name.endswith("bps") else 0) for name in quantities])
    return SlotTable(PERIOD.start, 300, tuple(rows), tuple(quantities), mean, np.where(np.isnan(mean), 0.0, 300.0))


def measured(rows: dict[str, list[float]], **states: str) -> Measured:
    paths = table(dict.fromkeys(rows, [20.0] * 10), ("rtt_ms", "loss_ratio"))
    paths.mean[0] = 20.0
    known = {key.replace("_", "-"): State(word) for key, word in states.items()}
    return Measured(table(rows), paths, states=known)


TWO = (contract("sea-iru", "sea-1"), contract("eas-iru", "eas-1", "eas-2"))


def seen(found: Measured, accounts: Accounts | None = None, *contracts: Contract) -> Overview:
    chosen = contracts or TWO
    return overview(network(*chosen), accounts or Accounts(), found, PERIOD, chosen)


def test_given_contracts_then_circuits_are_summed_and_held_against_what_is_delivered() -> None:
    rows = {"sea-1": [50.0] * 10, "eas-1": [30.0] * 10, "eas-2": [55.0] * 5 + [20.0] * 5}
    found = seen(measured(rows, sea_1="up", eas_1="up", eas_2="up"), Accounts(60))
    sea, eas = found.contracts
    assert (sea.uses["in"].p95.bps, eas.uses["in"].p95.bps) == (50 * M, 85 * M)
    assert (eas.uses["in"].above_s, eas.uses["in"].burst_s, sea.uses["in"].burst_s) == (1500, 1500, 0)
    assert eas.billed["max"].bps == 85 * M
    assert found.uses["eas"]["in"].p95.bps == 85 * M
    assert [pool.diversity for pool in found.pools] == ["both"]
    assert found.wrong == []


def test_rule_19_given_one_cable_down_then_diversity_is_lost_and_both_are_said() -> None:
    found = seen(measured({"sea-1": [1.0] * 10}, sea_1="down", eas_1="down", eas_2="up"))
    assert [pool.diversity for pool in found.pools] == ["one"], "a contract carries while one of its circuits does"
    assert set(map(str, found.wrong)) >= {"cables: diversity lost, one carries", "sea-1: down", "eas-1: down"}


def test_given_a_circuit_known_to_be_down_then_its_absent_slots_are_nothing_carried_else_the_sum_is_absent() -> None:
    nan = float("nan")
    rows = {"eas-1": [30.0] * 10, "eas-2": [nan] * 10}
    found = measured(rows)
    assert seen(found, None, TWO[1]).contracts[0].uses["in"].p95.present == 0
    down = course([Event(PERIOD.start, "down", PERIOD.start)], [], PERIOD.start, PERIOD.start + 5 * 300)
    knowing = Measured(found.traffic, found.paths, courses={"eas-2": down})
    use = seen(knowing, None, TWO[1]).contracts[0].uses["in"]
    assert (use.p95.present, use.p95.expected, use.p95.bps) == (5, 10, 30 * M)


def test_given_several_contracts_of_a_provider_then_it_has_a_line_of_its_own_with_their_sum() -> None:
    two = (contract("sea-one", "sea-1"), contract("sea-two", "sea-2"))
    found = seen(measured({"sea-1": [50.0] * 10, "sea-2": [30.0] * 10}), None, *two)
    use = found.uses["sea"]["in"]
    assert (use.base_bps, use.p95.bps) == (200 * M, 80 * M)
    line = next(line for line in overview_lines(found, PERIOD.until, 80) if line.startswith("all of sea"))
    assert " 200 " in line and "40 %" in line


def test_given_a_resize_then_slots_are_held_against_the_rate_of_their_day() -> None:
    grown = contract("sea-iru", "sea-1", resized=(Resize(date(2026, 10, 1), 200 * M, 200 * M),), in_bps=40 * M)
    use = seen(measured({"sea-1": [90.0] * 10}), None, grown).contracts[0].uses["in"]
    assert (use.base_bps, use.above_s, use.refused_s) == (200 * M, 0, 0)


def test_given_a_contract_that_began_within_the_month_then_only_its_own_slots_count_and_are_expected() -> None:
    young = contract("sea-iru", "sea-1", start=date(2026, 10, 2))
    day = {"sea-1": [95.0] * 288 + [50.0] * 288}
    wide = Period(MONTH, MONTH.start + 576 * 300)
    use = overview(network(young), Accounts(), measured(day), wide, [young]).contracts[0].uses["in"]
    assert (use.p95.bps, use.p95.present, use.p95.expected, use.above_s) == (50 * M, 288, 288, 0)
    ended = contract("sea-iru", "sea-1", end=date(2026, 10, 2))
    use = overview(network(ended), Accounts(), measured(day), wide, [ended]).contracts[0].uses["in"]
    assert (use.p95.bps, use.p95.expected, use.base_bps) == (95 * M, 288, 100 * M)


def test_given_a_renewed_contract_then_the_time_before_it_is_history_without_a_ceiling_of_its_own() -> None:
    renewed = contract("sea-iru", "sea-1", start=date(2026, 10, 2))
    slots, base = contract_history(renewed, table({"sea-1": [50.0] * 288 * 3}), "in")
    assert (len(slots), base.tolist()) == (288 * 3, [100 * M] * 3)


def test_given_the_first_minutes_of_a_month_then_there_is_nothing_yet_and_no_mistake() -> None:
    early = Period(MONTH, MONTH.start - 300)
    found = overview(network(*TWO), Accounts(), unmeasured(early), early, TWO)
    assert found.contracts[0].uses["in"].p95.expected == 0
    assert max(map(len, overview_lines(found, MONTH.start + 60.0, 80))) <= 80


def test_rule_29_given_too_much_measured_then_it_is_wrong_and_has_no_percentage() -> None:
    found = seen(measured({"sea-1": [150.0] * 10}, sea_1="up"), None, TWO[0])
    assert "sea-iru in: more than 110 % measured, a data error" in map(str, found.wrong)
    assert any("error" in line for line in overview_lines(found, PERIOD.until, 80))


def test_given_over_commitment_and_a_near_end_then_they_are_wrong() -> None:
    ending = contract("sea-iru", "sea-1", end=date(2026, 11, 30))
    found = seen(measured({"sea-1": [1.0] * 10}, sea_1="up"), Accounts(120, date(2026, 11, 5)), ending)
    assert set(map(str, found.wrong)) == {
        "sea-iru in: over-committed from 2026-11-05",
        "sea-iru: contract ends on 2026-11-30",
    }


def test_given_an_overview_then_its_table_fits_eighty_columns_and_the_machine_hears_the_same() -> None:
    found = seen(measured({"sea-1": [50.0] * 10}, sea_1="up"), Accounts(60))
    lines = overview_lines(found, PERIOD.until + 60.0, 80)
    assert max(map(len, lines)) <= 80
    told = overview_told(found, PERIOD.until)
    assert told["contracts"][0]["in"]["p95"] == {
        "bps": 50 * M, "rank": 10, "present": 10, "expected": 10, "provisional": False,
    }  # fmt: skip
    assert told["circuits"][0]["rtt_ms"] == 20.0
    assert told["contracts"][0]["in"]["headroom"]["answer"] == "not enough history"


def test_given_nothing_measured_then_nothing_is_invented() -> None:
    found = seen(unmeasured(PERIOD))
    use = found.contracts[0].uses["in"]
    assert (use.p95.bps, use.p95.expected, use.p95.provisional, use.now_bps) == (None, 10, True, None)
    assert [pool.diversity for pool in found.pools] == ["unknown"]
    assert max(map(len, overview_lines(found, PERIOD.until, 80))) <= 80


def test_given_a_closed_month_then_states_are_those_at_its_end_and_nothing_is_now() -> None:
    whole = Period(MONTH, MONTH.end)
    empty = unmeasured(whole)
    end = {"sea-1": course([Event(MONTH.start, "up", None)], [], MONTH.start, MONTH.end)}
    past = Measured(empty.traffic, empty.paths, newest={("sea-1", "in"): (5.0, 1.0)}, courses=end)
    found = overview(network(TWO[0]), Accounts(), past, whole, [TWO[0]])
    assert (found.circuits[0].state.word, found.circuits[0].uses["in"].now_bps) == ("up", None)


def test_given_institutions_then_only_measured_ones_have_iru_use_and_access_is_never_held_against_a_commit() -> None:
    name, site = Name("X"), Site("s", Name("S"), "mda", "Dodoma")
    link = Link("l", End("pe", "x"), End("cpe", "y"), "access", "ttcl", "c", 10 * M, 10 * M)
    inventory = Inventory(
        institutions={"one": Institution("one", name, "mda", "s"), "two": Institution("two", name, "school")},
        sites={"s": site},
        links={"l": link},
        points={"p": MeasuringPoint("p", "one", "edge", "irb.1")},
    )
    day = date(2026, 1, 1)
    held = [
        Allocation(1, "L/1", "one", ("sea-iru",), 5 * M, 5 * M, day, None, "approved", "a", 0.0),
        Allocation(2, "L/2", "two", ("sea-iru",), 2 * M, 1 * M, day, None, "approved", "a", 0.0),
    ]
    seen_ = Carried(table({"p": [4.0] * 5 + [7.0] * 5}), table({"l": [9.0] * 10}), {"s": ["l"]})
    one, two = institution_standings(inventory, held, institutions_of(inventory, held), seen_)
    assert one.iru and one.access and two.iru is None and two.access is None
    assert (one.iru["in"].p95.bps, one.iru["in"].burst_s, one.access["in"].burst_s) == (7 * M, 1500, None)
    lines = institution_lines([one, two], 80)
    assert "not measured" in lines[3] and max(map(len, lines)) <= 80


def test_given_round_trips_that_fell_then_that_is_no_rise() -> None:
    found = measured({"sea-1": [50.0] * 10}, sea_1="up")
    found.paths.mean[0, 0, -3:] = 18.4
    standing = seen(found, None, TWO[0])
    row = next(line for line in overview_lines(standing, PERIOD.until, 80) if line.startswith("· up"))
    assert "20 ms" in row and "-" not in row.replace("sea-1", "")


class Signed(Accounts):
    def allocations(self, on: date | None = None, known: float | None = None) -> Sequence[Allocation]:
        start = date(2026, 12, 1)
        one = Allocation(9, "L/1", "moh", ("sea-iru",), M, M, start, None, "requested", "kim", 0.0)
        one = replace(one, over_subscribed_by="Ann", over_subscribed_why="minister's\nword")
        return [] if on else [one]


def test_given_a_request_let_go_beyond_capacity_then_the_screen_says_by_whom_and_why() -> None:
    found = seen(measured({"sea-1": [50.0] * 10}, sea_1="up"), Signed())
    assert "sea-iru: R-9, moh, OVER-SUBSCRIBED by Ann: minister's word" in overview_lines(found, PERIOD.until, 80)
    told = overview_told(found, PERIOD.until)["contracts"][0]["over_subscribed"]
    assert [(one["request"], one["by"]) for one in told] == [("R-9", "Ann")]
