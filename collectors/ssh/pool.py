"""Sixteen threads in which logins wait, so that nothing else has to: one session per device, and an end that is clean."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from collectors.ssh.leash import Leash

WORKERS = 16
T = TypeVar("T")


class Pool:
    """Threads are made when first needed; `close` lets go of every login, and the threads end with them."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._threads = ThreadPoolExecutor(workers, "ssh")
        self._running: dict[str, tuple[asyncio.Future[Any], Leash]] = {}

    @property
    def running(self) -> int:
        """Devices logged in to, or waiting for a thread."""
        return len(self._running)

    async def run(self, device: str, work: Callable[[Leash], T]) -> T:
        """What `work` returns or raises. When the caller is cancelled the login is cut, and the next waits for its end."""
        loop = asyncio.get_running_loop()
        while device in self._running:
            await asyncio.wait((self._running[device][0],))
        leash = Leash()
        future = loop.run_in_executor(self._threads, work, leash)
        self._running[device] = future, leash
        future.add_done_callback(lambda done: self._ended(device, done))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            leash.cut()
            raise

    def _ended(self, device: str, done: "asyncio.Future[Any]") -> None:
        del self._running[device]
        if not done.cancelled():
            done.exception()  # of a login that nobody waits for any more: it was cut

    def cut(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        if device in self._running:
            self._running[device][1].cut()

    async def close(self, within_s: float = 5.0) -> None:
        """Cut what runs and wait for the threads, but not for ever: their sockets are shut."""
        running = list(self._running.values())
        for _, leash in running:
            leash.cut()
        if running:
            await asyncio.wait([future for future, _ in running], timeout=within_s)
        self._threads.shutdown(wait=False, cancel_futures=True)
