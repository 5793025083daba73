"""Threads for logins: so many and no more, one a device, and none that outlives its poll."""

import asyncio
import threading
import time

import pytest

from collectors.contract import NoAnswer
from collectors.ssh.leash import Leash
from collectors.ssh.pool import WORKERS, Pool
from tests.patience import HANGS_S


class Gauge:
    """How many work at once, in all and for each device."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now: dict[str, int] = {}
        self.most = self.most_of_one = 0

    def work(self, device: str) -> str:
        with self.lock:
            self.now[device] = self.now.get(device, 0) + 1
            self.most = max(self.most, sum(self.now.values()))
            self.most_of_one = max(self.most_of_one, self.now[device])
        time.sleep(0.01)
        with self.lock:
            self.now[device] -= 1
        return device


def until_cut(leash: Leash) -> None:
    """A login that waits for a router, until its socket is shut."""
    shut = threading.Event()
    leash.hold(shut.set)
    shut.wait(HANGS_S)
    raise NoAnswer("called off")


def test_rule_49_given_many_devices_then_sixteen_are_asked_at_once_and_each_by_one() -> None:
    gauge = Gauge()

    async def all_of_them() -> list[str]:
        pool = Pool()
        names = [f"r{number % 40}" for number in range(80)]
        found = await asyncio.gather(*(pool.run(name, lambda leash, name=name: gauge.work(name)) for name in names))
        assert pool.running == 0
        await pool.close()
        return found

    assert len(asyncio.run(all_of_them())) == 80
    assert gauge.most <= WORKERS
    assert gauge.most_of_one == 1


def test_given_a_full_pool_then_the_event_loop_goes_on() -> None:
    async def ticks() -> int:
        pool = Pool(2)
        waiting = [asyncio.ensure_future(pool.run(f"r{number}", until_cut)) for number in range(6)]
        seen = 0
        for _ in range(10):
            await asyncio.sleep(0.01)
            seen += 1
        await pool.close()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(one, NoAnswer | asyncio.CancelledError) for one in outcomes)
        return seen

    assert asyncio.run(ticks()) == 10


def test_given_a_device_that_left_then_its_session_is_cut() -> None:
    async def left() -> None:
        pool = Pool()
        polling = asyncio.ensure_future(pool.run("r1", until_cut))
        await asyncio.sleep(0.05)
        pool.cut("r1")
        with pytest.raises(NoAnswer):
            await polling
        pool.cut("nobody")
        await pool.close()

    asyncio.run(left())


def test_given_a_failure_that_nobody_waits_for_then_nothing_is_said_of_it() -> None:
    async def cancelled() -> None:
        pool = Pool()
        polling = asyncio.ensure_future(pool.run("r1", until_cut))
        await asyncio.sleep(0.05)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        await pool.close()

    asyncio.run(cancelled())


def test_given_a_leash_that_is_cut_before_it_is_held_then_it_lets_go_at_once() -> None:
    leash, let_go = Leash(), threading.Event()
    leash.cut()
    with pytest.raises(NoAnswer):
        leash.hold(let_go.set)
    assert let_go.is_set()
