"""Phases and cohorts: everybody once per interval, nobody moved by a restart."""

import asyncio
import logging
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc.schedule import SLOT_S, Cohorts, Schedule, phase_s
from tests.patience import HANGS_S

NAMES = st.lists(st.text(min_size=1, max_size=12), unique=True, min_size=1, max_size=60)


@settings(deadline=None, max_examples=60)
@given(names=NAMES, every_s=st.sampled_from([1.0, 5.0, 10.0, 30.0]), start=st.integers(0, 2**31))
def test_given_any_names_then_each_is_due_exactly_once_an_interval(
    names: list[str], every_s: float, start: int
) -> None:
    cohorts: Cohorts[str] = Cohorts(every_s)
    for name in names:
        cohorts.put(name, name)
    met: Counter[str] = Counter()
    for second in range(start, start + int(every_s)):
        for due, items in cohorts.due(float(second), float(second + 1)):
            assert second <= due < second + 1
            met.update(items)
    assert met == Counter(names)


@settings(deadline=None, max_examples=60)
@given(name=st.text(max_size=20), every_s=st.sampled_from([5.0, 30.0, 3600.0]))
def test_given_a_name_then_its_phase_stands(name: str, every_s: float) -> None:
    assert 0 <= phase_s(name, every_s) < every_s
    cohorts: Cohorts[str] = Cohorts(every_s)
    cohorts.put(name, name)
    [(first, _)] = cohorts.due(0, every_s)
    [(again, _)] = cohorts.due(every_s * 1000, every_s * 1001)
    assert abs((again - first) % every_s) < SLOT_S / 2 or every_s - (again - first) % every_s < SLOT_S / 2


def test_given_many_names_then_they_spread_evenly() -> None:
    cohorts: Cohorts[int] = Cohorts(10.0)
    for number in range(10_000):
        cohorts.put(f"site-{number}-r1", number)
    sizes = [sum(len(items) for _, items in cohorts.due(float(s), float(s + 1))) for s in range(10)]
    assert min(sizes) > 850 and max(sizes) < 1150


@pytest.mark.parametrize("slot_s", [0.05, 0.25])
def test_given_slots_of_any_length_then_everybody_is_due_once_an_interval(slot_s: float) -> None:
    cohorts: Cohorts[int] = Cohorts(5.0, slot_s)
    for number in range(200):
        cohorts.put(f"r{number}", number)
    met = [one for second in range(100, 105) for _, items in cohorts.due(float(second), second + 1.0) for one in items]
    assert sorted(met) == list(range(200))


def test_given_a_dropped_name_then_it_is_due_no_more() -> None:
    cohorts: Cohorts[str] = Cohorts(5.0)
    cohorts.put("a", "a")
    cohorts.drop("a")
    assert len(cohorts) == 0 and not list(cohorts.due(0, 5))


def test_given_a_stop_while_something_is_awaited_then_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def life() -> None:
        schedule = Schedule()
        schedule.every(1, long, name="long")
        schedule.start()
        async with asyncio.timeout(HANGS_S):
            await began.wait()
            schedule.stop()
            await ended.wait()
        await asyncio.sleep(0)

    with caplog.at_level(logging.INFO):
        asyncio.run(life())
    assert not caplog.messages
