"""Simulated time: an event loop that leaps to its next timer instead of sleeping, and the clockwork that beats in it."""

import asyncio
import inspect
import selectors
import socket
from collections.abc import Callable
from math import floor
from typing import Any


class Standstill(Exception):
    """Nobody waits for a moment any more, and the end has not come: a defect of whoever waits for something else."""


class _Leap(selectors.SelectSelector):
    """Where a loop would wait for sockets, the time passes at once."""

    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Never anything to read: nothing real is waited for."""
        if timeout is None:
            raise Standstill("nothing is left to happen")
        self._leap(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` is seconds since the scenario's start; what is due at the same moment comes in the same order, run after run."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now
        super().__init__(_Leap(self._pass))

    def _pass(self, seconds: float) -> None:
        self._now += max(0.0, seconds)

    def time(self) -> float:
        return self._now

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """A name is its own address: nobody outside is asked."""
        return [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (str(host), port))]


def perish(loop: asyncio.AbstractEventLoop) -> None:
    """End as a process ends that is killed: nobody is asked, nothing that waits goes on."""
    loop.set_exception_handler(lambda loop, context: None)
    for task in asyncio.all_tasks(loop):
        coroutine = task.get_coro()
        if inspect.iscoroutine(coroutine):
            _forget(coroutine)
    loop.close()


def _forget(coroutine: Any) -> None:
    try:
        coroutine.close()
    except RuntimeError:  # it waits for something even while it ends; there is no loop that would let it
        return


class Clockwork:
    """Calls that repeat in simulated time, on whole seconds of UTC: what `noc.schedule.Schedule` is in real time.

    While `idle` says that nothing moves, what beats every second beats every `stride` seconds only.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, stride: int = 1, idle: Callable[[], bool] = lambda: False
    ) -> None:
        self._loop = loop
        self._stride = stride
        self._idle = idle
        self._running: dict[str, asyncio.Task[None]] = {}

    def every(self, seconds: float, call: Callable[[], object], *, name: str) -> None:
        """Call (a plain function or a coroutine function) every so many seconds, first at the next whole second."""
        first = floor(self._loop.time()) + 1.0
        self._loop.call_at(first, self._beat, _Beat(seconds, call, name, first), 0)

    def _beat(self, beat: "_Beat", number: int) -> None:
        self._loop.call_at(beat.first + (number + 1) * beat.seconds, self._beat, beat, number + 1)
        if beat.name in self._running or self._rests(beat, number):
            return
        done = beat.call()
        if asyncio.iscoroutine(done):
            task = self._loop.create_task(done)
            self._running[beat.name] = task
            task.add_done_callback(lambda _: self._running.pop(beat.name, None))

    def _rests(self, beat: "_Beat", number: int) -> bool:
        if self._stride == 1 or beat.seconds > 1:
            return False
        return (beat.first + number) % self._stride != 0 and self._idle()


class _Beat:
    __slots__ = ("call", "first", "name", "seconds")

    def __init__(self, seconds: float, call: Callable[[], object], name: str, first: float) -> None:
        self.seconds, self.call, self.name, self.first = seconds, call, name, first
