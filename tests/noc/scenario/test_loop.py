"""Simulated time leaps, keeps its order, and stands still for nobody."""

import asyncio

import pytest

from noc.scenario.loop import Clockwork, Standstill, VirtualLoop, perish


def test_given_a_long_sleep_then_it_takes_no_time_and_the_clock_shows_it() -> None:
    loop = VirtualLoop(100.0)

    async def nap() -> float:
        await asyncio.sleep(86_400)
        return loop.time()

    assert loop.run_until_complete(nap()) == pytest.approx(86_500.0)
    loop.close()


def test_given_timers_of_one_moment_then_they_come_in_the_same_order_in_every_run() -> None:
    runs = []
    for _ in range(3):
        loop, found = VirtualLoop(), list[int]()
        for number in range(20):
            loop.call_at(5.0, found.append, number)
        loop.call_at(6.0, loop.stop)
        loop.run_forever()
        loop.close()
        runs.append(found)
    assert runs[0] == runs[1] == runs[2] and sorted(runs[0]) == list(range(20))


def test_given_nothing_left_to_happen_then_it_says_so() -> None:
    loop = VirtualLoop()

    async def for_ever() -> None:
        await loop.create_future()

    with pytest.raises(Standstill):
        loop.run_until_complete(for_ever())
    perish(loop)


def test_given_a_clockwork_then_it_beats_on_whole_seconds_and_never_over_itself() -> None:
    loop, beats = VirtualLoop(0.3), list[float]()
    clockwork = Clockwork(loop)

    async def slow() -> None:
        beats.append(loop.time())
        await asyncio.sleep(2.5)

    clockwork.every(1, slow, name="slow")
    loop.call_at(8.5, loop.stop)
    loop.run_forever()
    assert beats == pytest.approx([1.0, 4.0, 7.0])
    perish(loop)


def test_given_an_idle_house_then_it_is_looked_at_on_strides_only() -> None:
    loop, beats, idle = VirtualLoop(), list[float](), [True]
    clockwork = Clockwork(loop, stride=5, idle=lambda: idle[0])
    clockwork.every(1, lambda: beats.append(loop.time()), name="second")
    loop.call_at(11.5, idle.__setitem__, 0, False)
    loop.call_at(13.5, loop.stop)
    loop.run_forever()
    assert beats == pytest.approx([5.0, 10.0, 12.0, 13.0])
    perish(loop)


def test_given_a_loop_that_perishes_then_nothing_in_it_goes_on() -> None:
    loop, tidied = VirtualLoop(), list[str]()

    async def work() -> None:
        await asyncio.sleep(10)
        tidied.append("went on")

    waiting = loop.create_task(work())
    loop.call_at(1.0, loop.stop)
    loop.run_forever()
    unborn = loop.create_task(work())
    perish(loop)
    assert tidied == [] and not waiting.done() and not unborn.done()
