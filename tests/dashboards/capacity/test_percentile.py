"""Percentiles as billed: nearest rank, the direction rule, ports summed per slot, and what is missing said."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.capacity import percentile
from inventory.slots import SlotTable

SLOT = 300


def table(rows: dict[str, tuple[list[float], list[float]]], step_s: int = SLOT) -> SlotTable:
    """Slots of in and out by row; NaN is a slot of which nothing is known."""
    mean = np.array([[both[side] for both in rows.values()] for side in (0, 1)], dtype=float)
    covered = np.where(np.isnan(mean), 0.0, float(step_s))
    return SlotTable(0, step_s, tuple(rows), ("in_bps", "out_bps"), mean, covered)


@pytest.mark.parametrize(
    ("days", "slots", "rank", "from_the_top"), [(28, 8064, 7661, 404), (30, 8640, 8208, 433), (31, 8928, 8482, 447)]
)
def test_rule_27_given_a_whole_month_then_the_rank_is_that_of_the_contract(
    days: int, slots: int, rank: int, from_the_top: int
) -> None:
    assert days * 288 == slots
    assert percentile.rank(slots) == rank
    assert slots - rank + 1 == from_the_top
    shuffled = np.random.default_rng(days).permutation(np.arange(1.0, slots + 1))
    found = percentile.p95(shuffled)
    assert (found.bps, found.rank, found.provisional) == (float(rank), rank, False)


def test_rule_27_given_two_directions_then_the_greater_of_each_slot_is_ranked_not_the_greater_percentile() -> None:
    one = table({"c": ([10.0] * 10 + [0.0] * 10, [0.0] * 10 + [10.0] * 10)})
    assert percentile.contract_p95(one, ["c"], "max")["max"].bps == 10
    half = table({"c": ([9.0] + [1.0] * 19, [1.0] * 19 + [9.0])})
    assert {word: each.bps for word, each in percentile.contract_p95(half, ["c"], "apart").items()} == {
        "in": 1,
        "out": 1,
    }
    assert percentile.contract_p95(half, ["c"], "max")["max"].bps == 9
    assert percentile.contract_p95(half, ["c"], "sum")["sum"].bps == 10


def test_rule_27_given_two_ports_of_a_customer_then_they_are_summed_before_ranking() -> None:
    apart = table({"a": ([8.0] + [1.0] * 19, [0.0] * 20), "b": ([1.0] * 19 + [8.0], [0.0] * 20)})
    both = percentile.contract_p95(apart, ["a", "b"], "max")["max"]
    assert both.bps == 9, "each port's own percentile is 1, but in two of twenty slots they carried 9"


def test_rule_27_given_slots_coarser_than_five_minutes_then_they_are_refused() -> None:
    with pytest.raises(ValueError, match="300 s"):
        percentile.contract_p95(table({"a": ([1.0], [1.0])}, step_s=3600), ["a"], "max")


def test_rule_28_given_five_percent_of_slots_missing_then_it_is_provisional_and_absent_is_not_zero() -> None:
    slots = np.full(8640, 5.0)
    slots[:432] = np.nan
    found = percentile.p95(slots)
    assert (found.bps, found.present, found.expected, found.provisional) == (5.0, 8208, 8640, True)


def test_rule_28_given_one_percent_missing_then_it_is_not_yet_provisional() -> None:
    assert not percentile.provisional(99, 100)
    assert percentile.provisional(98, 100)


def test_rule_28_given_a_slot_covered_for_less_than_four_fifths_then_it_is_absent() -> None:
    one = table({"c": ([1.0, 9.0], [1.0, 9.0])})
    one.covered_s[:, 0, 1] = 0.79 * SLOT
    found = percentile.contract_p95(one, ["c"], "max")["max"]
    assert (found.bps, found.present) == (1.0, 1)


def test_given_one_port_absent_then_the_slot_is_absent_unless_the_port_is_known_to_be_down() -> None:
    both = np.array([[4.0, np.nan, np.nan], [1.0, 1.0, 1.0]])
    down = np.array([[False, True, False], [False, False, False]])
    assert percentile.summed(both, down).tolist()[:2] == [5.0, 1.0]
    assert np.isnan(percentile.summed(both, down)[2])
    assert np.isnan(percentile.summed(both)[1:]).all()


def test_given_a_circuit_that_was_never_measured_then_nothing_is_said() -> None:
    found = percentile.contract_p95(table({"a": ([1.0], [1.0])}), ["a", "new"], "max")["max"]
    assert (found.bps, found.present, found.expected, found.provisional) == (None, 0, 1, True)


numbers = st.one_of(st.just(math.nan), st.floats(0, 1e10))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(numbers, min_size=12, max_size=12), min_size=1, max_size=8))
def test_given_any_slots_then_the_figures_are_those_of_a_sorted_list(rows: list[list[float]]) -> None:
    found = percentile.ranked(np.array(rows), expected=12)
    for place, row in enumerate(rows):
        present = sorted(value for value in row if not math.isnan(value))
        one = found.one(place)
        assert one.present == len(present)
        assert one.bps == (present[math.ceil(0.95 * len(present)) - 1] if present else None)
        assert bool(found.provisional[place]) == (len(present) < 0.99 * 12)
