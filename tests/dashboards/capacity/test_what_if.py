"""What if: worked by hand; load moves before it is ranked, doubles have nowhere to go, growth is compound."""

from datetime import date
from math import ceil, log

import numpy as np
import pytest

from dashboards.capacity.percentile import Floats
from dashboards.capacity.what_if import Answer, Outcome, Question, Side, Standing, what_if
from dashboards.capacity.what_if_table import answer_lines

TODAY = date(2026, 11, 22)
M = 1e6
FLAT = np.full(8640, 1.0)


def standing(
    key: str, slots: Floats, delivered: float = 775.0, pool: str = "cables", allocated: float = 0.0
) -> Standing:
    side = Side(delivered * M, delivered * M, allocated * M, slots * M)
    return Standing(key, 0.8, pool, {"in": side, "out": Side(delivered * M, delivered * M, 0.0, FLAT * M)})


def asked(**more: object) -> Question:
    return Question(**{"add": {"in": 0.0, "out": 0.0}, "growth_month": 0.03, **more})  # type: ignore[arg-type]


def of(found: Answer, key: str) -> Outcome:
    return next(one for one in found.outcomes if one.contract == key and one.direction == "in")


def test_given_growth_then_the_day_is_that_of_compound_months() -> None:
    found = of(what_if([standing("a", FLAT * 400)], asked(), TODAY), "a")
    assert found.level_on and found.level_on.on and found.full_on and found.full_on.on
    assert (found.level_on.on - TODAY).days == ceil(log(620 / 400) / log(1.03) * 365 / 12) == 451
    assert (found.full_on.on - TODAY).days == ceil(log(775 / 400) / log(1.03) * 365 / 12) == 681


@pytest.mark.parametrize(("growth", "answer"), [(0.0, "beyond"), (-0.02, "beyond"), (0.001, "beyond"), (0.05, "date")])
def test_given_little_or_shrinking_traffic_then_no_end_is_in_sight(growth: float, answer: str) -> None:
    found = of(what_if([standing("a", FLAT * 400)], asked(growth_month=growth), TODAY), "a")
    assert found.level_on and found.level_on.answer == answer


def test_rule_27_given_a_lost_cable_then_load_moves_slot_by_slot_before_ranking() -> None:
    one, other = FLAT * 100, FLAT * 100
    one[:4320], other[4320:] = 300, 300  # busy at different times
    found = what_if([standing("a", one), standing("b", other)], asked(lose={"a": 1.0}), TODAY)
    assert of(found, "b").after.bps == 400 * M, "not 300 + 300: they are not busy together"
    assert (of(found, "a").level_on, of(found, "a").ratio) == (None, None)


def test_given_two_heirs_then_they_share_by_what_they_deliver() -> None:
    three = [standing("a", FLAT * 300), standing("b", FLAT * 100, 600), standing("c", FLAT * 100, 200)]
    found = what_if(three, asked(lose={"a": 1.0}), TODAY)
    assert [of(found, key).after.bps for key in "bc"] == [pytest.approx(325 * M), pytest.approx(175 * M)]


def test_given_both_cables_lost_then_the_load_has_nowhere_to_go() -> None:
    both = [standing("a", FLAT * 300), standing("b", FLAT * 200), standing("tix", FLAT * 5, pool="")]
    found = what_if(both, asked(lose={"a": 1.0, "b": 1.0}), TODAY)
    assert found.uncarried_bps["in"] == 500 * M
    assert of(found, "tix").after.bps == 5 * M


def test_given_a_loss_outside_any_pool_then_it_goes_only_where_it_is_told_to() -> None:
    two = [standing("a", FLAT * 300), standing("tix", FLAT * 200, pool="")]
    assert what_if(two, asked(lose={"tix": 1.0}), TODAY).uncarried_bps["in"] == 200 * M
    moved = what_if(two, asked(lose={"tix": 1.0}, onto=["a"]), TODAY)
    assert (of(moved, "a").after.bps, moved.uncarried_bps["in"]) == (500 * M, 0)


def test_given_more_commits_then_they_are_used_as_much_as_those_of_today_and_are_held_against_capacity() -> None:
    one = standing("a", FLAT * 300, allocated=600)
    found = what_if([one], asked(add={"in": 400 * M, "out": 0.0}, to=["a"]), TODAY)
    assert found.used_share["in"] == pytest.approx(0.5)
    assert of(found, "a").after.bps == pytest.approx(500 * M)
    assert (of(found, "a").allocated_bps, of(found, "a").over_bps) == (1000 * M, 225 * M)


def test_given_nothing_committed_yet_then_added_commits_count_in_full() -> None:
    found = what_if([standing("a", FLAT * 300)], asked(add={"in": 100 * M, "out": 0.0}, to=["a"]), TODAY)
    assert of(found, "a").after.bps == pytest.approx(400 * M)


def test_given_half_of_a_contract_lost_then_its_load_stays_and_its_capacity_is_less() -> None:
    found = of(what_if([standing("a", FLAT * 300)], asked(lose={"a": 0.5}), TODAY), "a")
    assert (found.delivered_bps, found.after.bps) == (387.5 * M, 300 * M)
    assert found.level_on and found.level_on.answer == "date"


def test_given_nothing_measured_then_commits_alone_are_spoken_of_and_no_dates() -> None:
    side = Side(775 * M, 775 * M, 700 * M, FLAT * np.nan)
    mute = Standing("a", 0.8, "", {"in": side, "out": side})
    answer = what_if([mute], asked(add={"in": 100 * M, "out": 0.0}, to=["a"]), TODAY)
    found = of(answer, "a")
    assert (found.after.bps, found.level_on, found.ratio, found.over_bps) == (None, None, None, 25 * M)
    lines = answer_lines(answer, "add 10x10M", 80)
    assert any("nothing was measured" in line for line in lines) and not any("is used" in line for line in lines)


def test_given_no_growth_is_said_and_no_history_then_that_is_the_answer() -> None:
    found = of(what_if([standing("a", FLAT * 300)], asked(growth_month=None), TODAY), "a")
    assert found.level_on and found.level_on.answer == "not enough history"


def test_given_the_cables_of_the_docs_then_the_figures_are_theirs() -> None:
    cables = [standing(key, FLAT * 400, allocated=300) for key in ("seacom", "eassy")]
    lost = of(what_if(cables, asked(lose={"eassy": 1.0}), TODAY), "seacom")
    assert (lost.after.bps, lost.allocated_bps, lost.over_bps) == (800 * M, 600 * M, 0)
    more = asked(lose={"eassy": 1.0}, add={"in": 200 * M, "out": 0.0}, to=["seacom", "eassy"])
    found = of(what_if(cables, more, TODAY), "seacom")
    assert (found.after.bps, found.over_bps) == (pytest.approx(1000 * M), 25 * M)
    assert found.ratio == pytest.approx(1.29, abs=0.001)
