"""Use of capacity: what is above a level, at the ceiling, above the commit, and what is too much to be believed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.capacity.course import course, diversity
from dashboards.capacity.use import Bounds, Use, flat_top_s, flat_topped, ratio, use
from dashboards.reports.spans import Event, Span

SLOT = 300
NAN = float("nan")


def used(values: list[float], base: float = 100.0, commit: float | None = None, level: float = 0.8) -> Use:
    return use(np.array(values), Bounds(base, commit, level), "in", start=900, step_s=SLOT)


def test_given_slots_then_mean_peak_and_times_are_those_of_the_slots_that_count() -> None:
    found = used([50, 90, NAN, 70, 81], commit=75.0)
    assert (found.mean_bps, found.peak_bps, found.peak_at) == (72.75, 90, 900 + SLOT)
    assert (found.above_s, found.burst_s, found.flat_s) == (600, 600, 0)
    assert (found.p95.present, found.p95.expected, found.p95.provisional) == (4, 5, True)


def test_given_nothing_known_then_nothing_is_said_and_nothing_is_zero() -> None:
    found = used([NAN, NAN])
    assert (found.mean_bps, found.peak_bps, found.p95.bps, found.burst_s) == (None, None, None, None)
    assert used([]).p95.expected == 0


def test_rule_29_given_more_than_110_percent_then_there_is_no_ratio_and_it_is_shown() -> None:
    assert ratio(110.0, 100.0) == pytest.approx(1.1)
    assert ratio(8000.0, 100.0) is None
    assert ratio(1.0, 0.0) is None
    found = used([50, 8000])
    assert (found.refused, found.refused_s, found.ratio(found.peak_bps), found.peak_bps) == (True, SLOT, None, 8000)


def test_rule_51_given_fifteen_minutes_at_the_ceiling_then_it_is_a_flat_top_and_shorter_is_not() -> None:
    slots = np.array([[97, 97, 96.9, 98, 99, 100, 50.0], [100, 100, NAN, 100, 100, 1, 100.0]])
    assert flat_top_s(slots, 100.0, SLOT).tolist() == [900, 0]
    assert flat_topped(slots, 100.0, SLOT)[0].tolist() == [False] * 3 + [True] * 3 + [False]
    samples = np.array([99.0] * 30 + [10.0] + [99.0] * 29)
    assert flat_top_s(samples[None], 100.0, 30).tolist() == [900]


def test_given_a_ceiling_that_was_raised_then_each_slot_is_held_against_its_own() -> None:
    slots, ceiling = np.array([100.0] * 6), np.array([100.0] * 3 + [200.0] * 3)
    assert flat_top_s(slots, ceiling, SLOT) == 900
    assert used([100.0] * 6, base=ceiling).above_s == 900  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from([0.0, 100.0, NAN]), min_size=9, max_size=9), min_size=1, max_size=4))
def test_given_any_samples_then_flat_tops_are_those_counted_one_by_one(rows: list[list[float]]) -> None:
    expected = []
    for row in rows:
        runs = "".join("x" if value == 100 else "." for value in row).split(".")
        expected.append(sum(len(run) for run in runs if len(run) >= 3) * SLOT)
    assert flat_top_s(np.array(rows), 100.0, SLOT).tolist() == expected


def test_given_events_of_state_then_up_down_and_faults_are_within_what_was_watched() -> None:
    events = [
        Event(0, "up", 0),
        Event(110, "down", 100),
        Event(160, "up", 160),
        Event(200, "unreachable", 200),
        Event(300, "up", 300),
        Event(320, "up", 300, "agent-silent"),
        Event(330, "up", 300),
    ]
    found = course(events, [Span(350, 400, "unwatched")], 50, 400)
    assert (found.up_s, found.down_s, found.unknown_s, found.faults) == (50 + 40 + 40, 60, 160, 1)
    assert found.available == pytest.approx(130 / 190)
    assert course([], [], 0, 100).available is None


def test_given_a_link_that_was_down_then_only_slots_all_down_count_as_nothing_carried() -> None:
    found = course([Event(0, "up", 0), Event(700, "down", 650), Event(1700, "up", 1650)], [], 0, 3000)
    assert found.down_slots(0, 300, 10).tolist() == [False] * 3 + [True] * 2 + [False] * 5
    shut = course([Event(0, "down", 0, "admin-down")], [], 300, 900)
    assert (shut.down_s, shut.faults, shut.down_slots(0, 300, 4).tolist()) == (600, 1, [False, True, True, False])


@pytest.mark.parametrize(
    ("states", "word"),
    [
        (["up", "up"], "both"),
        (["up", "down"], "one"),
        (["down", "unreachable"], "none"),
        (["up", "unknown"], "unknown"),
        (["up", "up", "unknown"], "both"),
    ],
)
def test_rule_19_given_the_cables_then_their_diversity_is_one_word(states: list[str], word: str) -> None:
    assert diversity(states) == word
