"""One run per device, skipped runs counted, a clean end."""

import asyncio

from collectors.contract import Target
from inventory.model import Device
from noc.polling import Polling


def target(key: str, every_s: float = 1.0) -> Target:
    return Target(Device(key, "site", "127.0.0.1"), "interfaces", every_s)


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_given_a_poll_that_still_runs_then_the_next_is_skipped_and_counted() -> None:
    async def scene() -> None:
        gate, started = asyncio.Event(), []

        async def poll(one: Target, due: float) -> None:
            started.append(one.key)
            await gate.wait()

        clock = Clock(1000.999)
        polling = Polling(1.0, poll, lambda _: True, clock)
        polling.put([target("slow")])
        for second in range(3):
            clock.now = 1000.999 + second
            polling.fire()
            await asyncio.sleep(0)
        assert started == ["slow/interfaces"]
        assert polling.counters.skipped == 2 and polling.running == 1
        gate.set()
        await polling.drain(1)
        assert polling.running == 0 and polling.counters.ended == 1

    asyncio.run(scene())


def test_given_a_silent_device_then_its_counters_are_not_asked() -> None:
    async def scene() -> None:
        async def poll(one: Target, due: float) -> None:
            raise AssertionError("asked all the same")

        polling = Polling(1.0, poll, lambda _: False, Clock(1000.999))
        polling.put([target("dead")])
        polling.fire()
        await asyncio.sleep(0)
        assert polling.counters.spared == 1 and polling.counters.started == 0

    asyncio.run(scene())


def test_given_a_slept_through_minute_then_each_target_runs_once() -> None:
    async def scene() -> None:
        asked: list[str] = []

        async def poll(one: Target, due: float) -> None:
            asked.append(one.device.key)

        clock = Clock(1000.999)
        polling = Polling(5.0, poll, lambda _: True, clock)
        polling.put([target(f"r{n}", 5.0) for n in range(20)])
        polling.fire()
        await polling.drain(1)
        clock.now += 60
        asked.clear()
        polling.fire()
        await polling.drain(1)
        assert sorted(asked) == sorted(f"r{n}" for n in range(20))

    asyncio.run(scene())


def test_given_everything_late_then_liveness_is_asked_and_the_rest_gives_way() -> None:
    async def scene() -> None:
        asked: list[str] = []

        async def poll(one: Target, due: float) -> None:
            asked.append(one.device.key)

        clock = Clock(1000.999)
        first = Polling(5.0, poll, lambda _: True, clock)
        rest = Polling(5.0, poll, lambda _: True, clock, gives_way=True)
        first.put([target(f"first{n}", 5.0) for n in range(20)])
        rest.put([target(f"rest{n}", 5.0) for n in range(20)])
        for polling in (first, rest):
            polling.fire()
        await asyncio.gather(first.drain(1), rest.drain(1))
        clock.now += 5
        asked.clear()
        for polling in (first, rest):
            polling.fire()
        await asyncio.gather(first.drain(1), rest.drain(1))
        assert sorted(key for key in asked if key.startswith("first")) == sorted(f"first{n}" for n in range(20))
        late = 20 - sum(key.startswith("rest") for key in asked)
        assert rest.counters.gave_way == late > 0 == first.counters.gave_way

    asyncio.run(scene())


def test_given_a_drain_then_what_does_not_end_is_cancelled() -> None:
    async def scene() -> None:
        async def poll(one: Target, due: float) -> None:
            await asyncio.sleep(3600)

        polling = Polling(1.0, poll, lambda _: True, Clock(1000.999))
        polling.put([target("stuck")])
        polling.now(target("stuck"))
        await asyncio.sleep(0)
        await polling.drain(0.01)
        assert polling.running == 0

    asyncio.run(scene())


def test_given_a_target_dropped_before_its_slot_or_its_first_step_then_it_is_not_asked_and_may_come_back() -> None:
    async def scene() -> None:
        asked: list[str] = []

        async def poll(one: Target, due: float) -> None:
            asked.append(one.device.key)

        polling = Polling(1.0, poll, lambda _: True, Clock(1000.0))
        polling.put([target("a"), target("b")])
        polling.fire()  # both are due within this second
        polling.drop([target("a")])
        polling.now(target("a"))
        polling.now(target("b"))
        polling.drop([target("b")])  # started, and cancelled before its first step
        await asyncio.sleep(1.1)
        assert asked == [] and polling.running == 0
        polling.put([target("b")])
        polling.now(target("b"))
        await polling.drain(1)
        assert asked == ["b"]

    asyncio.run(scene())
