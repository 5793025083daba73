"""Traffic adds up: counters are the exact integral of a believable rate, in whatever order they are asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc.lab.curve import Curves, draw
from noc.lab.flow import OCTET, Flow, Load, Steps

CURVES = Curves.of_seed(3)
MONDAY_EAT = datetime(2026, 11, 16, tzinfo=UTC) - timedelta(hours=3)
moments = st.integers(0, 10 * 86_400_000)
names = st.sampled_from(["office", "steady", "busy", "flat"])


def rate(name: str, when: datetime, minutes: int = 30) -> float:
    curve = getattr(CURVES, name)
    ms = int(when.timestamp() * 1000)
    return float(curve.area(ms + minutes * 60_000, 0) - curve.area(ms, 0)) / (minutes * 60_000)


@given(name=names, start=moments, spans=st.lists(st.integers(0, 5_000_000), max_size=8), phase=moments)
@settings(deadline=None, max_examples=60)
def test_given_any_moments_then_areas_grow_and_stay_below_the_peak(
    name: str, start: int, spans: list[int], phase: int
) -> None:
    curve = getattr(CURVES, name)
    at = start
    for span in spans:
        grown = curve.area(at + span, phase) - curve.area(at, phase)
        assert 0 <= grown <= curve.peak * span + 2  # half a unit of rounding at either side
        assert grown > 0 or span == 0
        at += span


@given(
    changes=st.lists(
        st.tuples(st.integers(1, 3_600_000), st.integers(0, 10**10), names, st.integers(0, 5000)), max_size=6
    ),
    asked=st.lists(moments, min_size=2, max_size=10),
)
@settings(deadline=None, max_examples=60)
def test_given_changing_loads_then_what_is_carried_depends_on_time_alone(
    changes: list[tuple[int, int, str, int]], asked: list[int]
) -> None:
    flow, at, watched = Flow(0, Load(10**6, CURVES.office), 7), 0, []
    for span, level, name, ppm in changes:
        at += span
        flow.change(at, Load(level, getattr(CURVES, name), ppm, ppm))
        watched.append(flow.carried(at))
    told = {ms: flow.carried(ms) for ms in asked}
    assert told == {ms: flow.carried(ms) for ms in sorted(asked)}
    for field in ("bits", "dropped", "damaged"):
        values = [getattr(told[ms], field) for ms in sorted(told)]
        assert values == sorted(values)


def test_given_a_flat_load_then_the_rate_is_exact() -> None:
    flow = Flow(1_000, Load(8_000_000, CURVES.flat))
    assert flow.carried(61_000).bits == 60 * 1_000_000 * OCTET


def test_given_a_working_day_then_the_morning_is_busier_than_night_lunch_and_weekend() -> None:
    ten = rate("office", MONDAY_EAT + timedelta(hours=10))
    assert ten > 3 * rate("office", MONDAY_EAT + timedelta(hours=2))
    assert ten > rate("office", MONDAY_EAT + timedelta(hours=13))
    assert ten > 2 * rate("office", MONDAY_EAT + timedelta(days=5, hours=10))


def test_given_the_exchange_then_its_mean_is_near_the_known_utilisation() -> None:
    assert 0.8 < CURVES.busy.mean / CURVES.busy.peak < 0.95


def test_given_steps_then_an_instant_belongs_to_what_follows_it() -> None:
    steps = Steps(10.0, "a")
    steps.put(20.0, "b")
    assert [steps.at(t) for t in (5.0, 19.9, 20.0, 99.0)] == ["a", "a", "b", "b"]
    with pytest.raises(ValueError, match="forward"):
        steps.put(15.0, "c")


def test_given_the_same_words_then_the_same_number_is_drawn() -> None:
    assert draw("a", 1) == draw("a", 1) != draw("a", 2)
    assert 0 <= draw("a", 1) < 1
