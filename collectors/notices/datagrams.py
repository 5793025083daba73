"""Ears on UDP: traps and syslog datagrams, read in bounded bursts so that no flood keeps a poll waiting."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from collectors.notices.counters import NoticeCounters
from collectors.notices.intake import Arrival, Intake, Turns
from inventory.notice import Notice

BURST = 16  # datagrams read between two looks at the clock,
BURST_S = 0.002  # and so long is read before the polls get their turn
LARGEST = 65_535
Hear = Callable[[Arrival], Notice | None]  # takes one apart; counts what it makes nothing of


class Datagrams:
    """A `Listener` (collectors/contract.py) on the UDP sockets that `bind` opens."""

    def __init__(
        self, bind: Callable[[], Sequence[socket.socket]], hear: Hear, intake: Intake, counters: NoticeCounters
    ) -> None:
        self.counters = counters
        self.turns = Turns(self._work, counters)
        self._bind = bind
        self._hear = hear
        self._intake = intake
        self._buffer = memoryview(bytearray(LARGEST))
        self._sockets: Sequence[socket.socket] = ()
        self._emit: Callable[[Notice], None] = lambda notice: None

    async def listen(self, emit: Callable[[Notice], None]) -> None:
        """Runs until cancelled. OSError when the port cannot be had."""
        loop = asyncio.get_running_loop()
        self._emit, self._sockets = emit, self._bind()
        try:
            for sock in self._sockets:
                sock.setblocking(False)
                loop.add_reader(sock.fileno(), self._read, sock)
            await loop.create_future()
        finally:
            for sock in self._sockets:
                loop.remove_reader(sock.fileno())
                sock.close()
            self._sockets = ()

    def _read(self, sock: socket.socket) -> None:
        """A burst of what waits; strangers and the loud cost a look-up and nothing more."""
        intake, counters, buffer, at = self._intake, self.counters, self._buffer, self._intake.clock()
        end = time.monotonic() + BURST_S
        try:
            while time.monotonic() < end:
                for _ in range(BURST):
                    size, place = sock.recvfrom_into(buffer)
                    device = intake.admit(place[0], counters)
                    if device is not None:
                        answer = partial(_answer, sock, place)
                        self.turns.put(Arrival(bytes(buffer[:size]), device, place[0], at, answer))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:  # an ICMP error about an answer of ours: it says nothing about what comes next
            pass

    def _work(self, arrival: Arrival) -> None:
        notice = self._hear(arrival)
        if notice is not None:
            self._emit(notice)

    def overflown(self) -> int:
        """Datagrams that the kernel threw away because the receive buffer was full (/proc/net/udp)."""
        return sum(_drops(sock) for sock in self._sockets)


def _answer(sock: socket.socket, place: Any, data: bytes) -> None:
    with contextlib.suppress(OSError):  # no route, no room: the sender asks again
        sock.sendto(data, place)


def _drops(sock: socket.socket) -> int:
    table = Path("/proc/net/udp6" if sock.family == socket.AF_INET6 else "/proc/net/udp")
    try:
        inode = str(os.fstat(sock.fileno()).st_ino)
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] == inode:
                return int(fields[12])
    except (OSError, LookupError, ValueError):
        pass
    return 0
