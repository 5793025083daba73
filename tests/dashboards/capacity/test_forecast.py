"""Headroom dates: right where the end is known, never a guess where it is not, and not led astray by holidays and cuts."""

from datetime import date, timedelta
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.capacity.forecast import Headroom, headroom, outlook
from dashboards.capacity.percentile import Floats
from dashboards.capacity.weeks import DAY, closed, moving_p95, weeks

LAST = date(2026, 11, 21)
M = 1e6


def life(days: int, growth: float = 0.4, now: float = 500.0, seed: int = 1) -> Floats:
    """A busy line of which the p95 grows by so much a year and is `now` Mb/s at the end."""
    rng = np.random.default_rng(seed)
    hour = np.arange(DAY) / 12
    course = 0.3 + 0.7 * np.exp(-(((hour - 12) / 4) ** 2))
    course /= np.quantile(course, 0.95)
    weekday = np.array([1, 1, 1, 1, 1, 0.7, 0.65])[np.arange(days) % 7]
    height = (1 + growth) ** ((np.arange(days) - days) / 365) * weekday * np.exp(rng.normal(0, 0.02, days))
    return np.asarray((height[:, None] * course * np.exp(rng.normal(0, 0.03, (days, DAY)))).reshape(-1) * now * M)


def told(slots: Floats, base: float | Floats = 775.0, level: float = 0.8) -> Headroom:
    days = len(slots) // DAY
    return headroom(slots, np.broadcast_to(np.asarray(base) * M, days), level, LAST)


def analytical(growth: float, now: float, bound: float) -> float:
    """Days until the p95 that is `now` reaches `bound`."""
    return 365 * log(bound / now) / log(1 + growth)


@pytest.mark.parametrize(("growth", "now"), [(0.4, 500.0), (0.2, 560.0), (0.8, 400.0)])
def test_given_steady_growth_then_the_day_is_near_that_worked_by_hand_and_inside_the_interval(
    growth: float, now: float
) -> None:
    slots = life(400, growth, now)
    found = told(slots)
    p95 = moving_p95(slots)[-1] / M
    expected = analytical(growth, p95, 620.0)
    assert found.answer == "date" and found.on and found.early and found.late
    assert abs((found.on - LAST).days - expected) < 0.15 * expected + 7
    assert found.early <= found.on <= found.late
    assert found.growth == pytest.approx(growth, abs=0.1)


def test_given_the_same_slots_then_the_answer_is_the_same() -> None:
    assert told(life(200)) == told(life(200))


def test_given_under_sixty_days_then_no_date_is_told() -> None:
    found = told(life(59))
    assert (found.answer, found.on, found.early, found.days) == ("not enough history", None, None, 59)
    assert told(life(400)[:0]).answer == "not enough history"
    thin = life(400)
    thin[: 350 * DAY] = np.nan
    assert told(thin).answer == "not enough history"


def test_given_the_level_was_reached_then_the_day_since_when_it_lasts_is_told() -> None:
    slots = life(200, growth=1.0, now=700.0)
    found = told(slots)
    month = moving_p95(slots)
    first = int(np.flatnonzero(month >= 620 * M)[0])
    assert (found.answer, found.on) == ("exhausted", LAST - timedelta(days=199 - first))
    assert found.days_left(LAST) == 0


def test_given_a_short_young_line_at_its_level_then_that_is_a_fact_and_no_forecast() -> None:
    assert told(life(40, now=700.0)).answer == "exhausted"


def test_given_no_growth_then_the_end_is_beyond_and_no_day_is_told() -> None:
    found = told(life(400, growth=0.0, now=300.0))
    assert (found.answer, found.on, found.days_left(LAST)) == ("beyond", None, None)
    shrinking = told(life(400, growth=-0.3, now=300.0))
    assert (shrinking.answer, shrinking.early, shrinking.late) == ("beyond", None, None)


def test_given_holidays_and_a_cable_cut_then_the_day_hardly_moves() -> None:
    calm, troubled = life(400), life(400)
    troubled[100 * DAY : 106 * DAY] = 0.0
    troubled[250 * DAY : 264 * DAY] *= 0.6
    troubled[398 * DAY :] *= 0.5
    first, second = told(calm), told(troubled)
    assert first.on and second.on
    assert abs((first.on - second.on).days) < 45


def test_given_days_of_missing_slots_then_the_day_hardly_moves_and_they_are_no_zeros() -> None:
    whole, holed = life(400), life(400)
    holed[np.random.default_rng(3).random(len(holed)) < 0.1] = np.nan
    holed[120 * DAY : 135 * DAY] = np.nan
    first, second = told(whole), told(holed)
    assert first.on and second.on and second.days == 385
    assert abs((first.on - second.on).days) < 45


def test_rule_51_given_weeks_at_the_ceiling_then_they_are_least_values_and_growth_is_not_taken_for_ended() -> None:
    ceiling = np.where(np.arange(500) < 430, 620.0, 1550.0)
    demand = life(500, growth=0.6, now=800.0)
    carried = np.minimum(demand, np.repeat(ceiling, DAY) * M)
    seen = weeks(carried, ceiling * M)
    assert seen.topped[50:60].any() and seen.jumped.any()
    found = told(carried, ceiling)
    assert found.answer == "date" and found.on
    expected = analytical(0.6, moving_p95(carried)[-1] / M, 1240.0)
    assert abs((found.on - LAST).days - expected) < 0.35 * expected


def test_given_a_gap_within_a_day_then_it_is_closed_by_the_usual_hours_and_billing_slots_stay_as_they_are() -> None:
    slots = life(70, growth=0.0)
    holed = slots.copy()
    holed[50 * DAY + 132 : 50 * DAY + 168] = np.nan  # around noon, the busiest
    filled = closed(holed)[50]
    assert not np.isnan(filled).any()
    assert filled.max() == pytest.approx(slots[50 * DAY : 51 * DAY].max(), rel=0.15)
    assert np.isnan(holed[50 * DAY + 140])
    holed[60 * DAY : 61 * DAY - 100] = np.nan
    assert np.isnan(closed(holed)[60]).all()


def test_given_days_that_differ_in_a_week_then_its_level_and_those_beside_it_stay() -> None:
    ceiling = np.full(140, 775 * M)
    plain, feast = life(140), life(140)
    feast[72 * DAY : 73 * DAY] *= 1.5  # one day busier than ever
    feast[79 * DAY : 81 * DAY] *= 0.6  # two holidays
    before, after = weeks(plain, ceiling), weeks(feast, ceiling)
    assert after.known.all()
    assert np.abs(after.log - before.log).max() < 0.03
    assert np.diff(before.log).std() < 0.02  # days waver by 2 %, weeks by less than the busiest days


def test_given_an_outlook_then_its_interval_widens_and_a_lower_level_is_reached_no_later() -> None:
    slots = life(300)
    ahead = outlook(slots, np.full(300, 775 * M), LAST)
    assert ahead is not None
    near, far = ahead.quantiles(30), ahead.quantiles(365)
    assert near[0] <= near[1] <= near[2] and far[2] - far[0] > near[2] - near[0]
    days = [ahead.reaching(level * 775 * M).on for level in (0.7, 0.8, 0.95, 1.0)]
    assert days == sorted(day for day in days if day)


def test_given_a_long_time_before_the_first_slot_then_the_answer_is_that_of_the_time_since() -> None:
    young = life(140)
    long = np.concatenate([np.full(260 * DAY, np.nan), young])
    first, second = told(young), told(long)
    assert first.on and second.on and first.days == second.days == 140
    assert abs((first.on - second.on).days) <= 3


def test_given_shares_in_place_of_rates_then_the_day_is_the_same() -> None:
    slots = life(300)
    shares = headroom(slots / (775 * M), np.ones(300), 0.8, LAST)
    assert (shares.on, shares.early, shares.late) == (told(slots).on, told(slots).early, told(slots).late)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 2**32 - 1), st.integers(60, 130), st.sampled_from([0.0, 0.3, 0.7, 1.0]))
def test_given_any_history_then_the_answer_is_one_of_four_and_its_days_are_in_order(
    seed: int, days: int, holes: float
) -> None:
    rng = np.random.default_rng(seed)
    slots = rng.lognormal(19, rng.uniform(0, 2), days * DAY) * rng.choice([0.0, 1.0], days * DAY, p=[0.1, 0.9])
    slots[rng.random(len(slots)) < holes] = np.nan
    found = headroom(slots, np.full(days, rng.choice([0.0, 1e8, 1e10])), 0.8, LAST)
    assert found.answer in ("date", "exhausted", "beyond", "not enough history")
    assert (found.on is not None) == (found.answer in ("date", "exhausted"))
    known = [day for day in (found.early, found.on, found.late) if day]
    assert found.answer == "exhausted" or (known == sorted(known) and all(day > LAST for day in known))
