"""The way in: who speaks is told and measured before a byte is looked at, and what passes waits its turn in small slices."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from collectors.notices.admission import Admission
from collectors.notices.counters import NoticeCounters
from collectors.notices.sources import Sources, Strangers, plain
from inventory.model import Device

MOST_WAITING = 20_000  # datagrams that wait to be taken apart
SLICE_S = 0.002  # so long are they worked on before the polls get their turn


class Arrival(NamedTuple):
    """One datagram, or one line of a stream, of a known device."""

    data: bytes
    device: Device
    source: str
    at: float  # UTC seconds
    answer: Callable[[bytes], None]  # sends octets back to where it came from


class Intake:
    """Shared by all listeners of a daemon; each has a measure of its own, told apart by its counters."""

    def __init__(self, per_s: float, clock: Callable[[], float]) -> None:
        self.sources = Sources()
        self.strangers = Strangers()
        self.admission = Admission(per_s)
        self.clock = clock

    def admit(self, address: str, counters: NoticeCounters) -> Device | None:
        """The device that may speak now; None, and counted, for strangers and for who speaks too much."""
        counters.arrived += 1
        device = self.sources.devices.get(address) or self.sources.devices.get(plain(address))
        if device is None:
            counters.unknown_source += 1
            self.strangers.note(address, self.clock())
            return None
        if not self.admission.admits(device.key, time.monotonic(), counters):
            counters.rate_limited += 1
            return None
        return device


class Turns:
    """Work that waits: done in slices between the turns of the event loop, bounded, in the order of arrival."""

    def __init__(self, work: Callable[[Arrival], None], counters: NoticeCounters) -> None:
        self._work = work
        self._counters = counters
        self._waiting: deque[Arrival] = deque()
        self._armed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, arrival: Arrival) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._counters.lost += 1
            return
        self._waiting.append(arrival)
        if not self._armed:
            self._armed = True
            asyncio.get_running_loop().call_soon(self._slice)

    def _slice(self) -> None:
        end = time.monotonic() + SLICE_S
        try:
            while self._waiting and time.monotonic() < end:
                self._work(self._waiting.popleft())
        finally:
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._slice)
            else:
                self._armed = False
