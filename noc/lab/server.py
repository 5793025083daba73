"""The lab's one loop: datagrams in, answers out when their time has come, acts and questions from people between."""

import heapq
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from noc.lab.doors import Opened, Where

_AT_ONCE_S = 0.0005  # shorter delays are not worth a timer
_MOST_AT_ONCE = 64  # datagrams taken from one socket before the others have their turn
_NAP_S = 0.25


@dataclass
class Tally:
    """What the server did, for its heartbeat."""

    asked: int = 0
    answered: int = 0
    late: int = 0  # answers held back by round trip or a slow agent


@dataclass
class Server:
    """Serves open doors until told to stop. `clock` gives UTC seconds."""

    doors: Iterable[Opened]
    clock: Callable[[], float] = time.time
    tally: Tally = field(default_factory=Tally)
    stopping: bool = False

    def __post_init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._held: list[tuple[float, int, Opened, bytes, Where]] = []
        self._numbers = count()
        self._open = tuple(self.doors)
        for one in self._open:
            self._selector.register(one.sock, selectors.EVENT_READ, one)

    def watch(self, sock: socket.socket, call: Callable[[], None]) -> None:
        """Call this when the socket has something to read."""
        self._selector.register(sock, selectors.EVENT_READ, call)

    def forget(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)

    def run(self, until: float | None = None, pulse: Callable[[float], None] = lambda now: None) -> None:
        """Serve until `until` (UTC seconds) or `stopping`; `pulse` is called several times a second with the time."""
        pulsed = 0.0
        while not self.stopping:
            now = self.clock()
            if until is not None and now >= until:
                return
            if now - pulsed >= _NAP_S or now < pulsed:
                pulse(now)
                pulsed = now
            for key, _ in self._selector.select(self._nap(now, until)):
                if callable(key.data):
                    key.data()
                else:
                    self._take(key.data)
            self._release()

    def _nap(self, now: float, until: float | None) -> float:
        soon = _NAP_S if until is None else min(_NAP_S, until - now)
        return max(0.0, min(soon, self._held[0][0] - now) if self._held else soon)

    def _take(self, one: Opened) -> None:
        now = self.clock()
        for _ in range(_MOST_AT_ONCE):
            try:
                data, door, where = one.take()
            except BlockingIOError:
                return
            except OSError:  # an earlier answer met a closed port: nothing to read, nothing to do
                continue
            self.tally.asked += 1
            reply = door.answer(data, now) if door else None
            if reply is None:
                continue
            if reply[1] < _AT_ONCE_S:
                self._send(one, reply[0], where)
            else:
                self.tally.late += 1
                heapq.heappush(self._held, (now + reply[1], next(self._numbers), one, reply[0], where))

    def _release(self) -> None:
        now = self.clock()
        while self._held and self._held[0][0] <= now:
            _, _, one, data, where = heapq.heappop(self._held)
            self._send(one, data, where)

    def _send(self, one: Opened, data: bytes, where: Where) -> None:
        try:
            one.send(data, where)
            self.tally.answered += 1
        except OSError:  # the asker is gone, or the buffer is full: a lost packet, as networks lose them
            return

    def close(self) -> None:
        """Close every door."""
        for one in self._open:
            one.sock.close()
        self._selector.close()
