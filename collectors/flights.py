"""Probes on their way over one datagram socket: matched by token and sender, few enough to fit its buffer (SEMANTICS 52)."""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable

WANTED_BUFFER = 4 << 20
ANSWER_OCTETS = 1024  # what the kernel charges the receive buffer for one small answer, rounded up (measured: 832)
STEP_S = 0.05  # time limits are kept to this
AT_ONCE = 256  # answers taken before others get their turn
TOKEN = 8  # octets; random, so that nobody answers for another

Address = tuple[str, int]


class _Flight:
    __slots__ = ("address", "future", "limit_s", "sent", "token")

    def __init__(self, address: Address, limit_s: float, future: "asyncio.Future[float | None]") -> None:
        self.token = os.urandom(TOKEN)
        self.address = address
        self.limit_s = limit_s
        self.future = future
        self.sent = 0.0


class Flights:
    """`frame` makes a datagram of a token, `token_of` finds the token in an answer (None: not an answer).

    `ports_matter`: an answer must come from the very port that was asked, not only from the address.
    """

    def __init__(
        self,
        sock: socket.socket,
        frame: Callable[[bytes], bytes],
        token_of: Callable[[bytes], bytes | None],
        *,
        in_flight: int,
        ports_matter: bool,
    ) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WANTED_BUFFER)
        self._sock = sock
        self._frame = frame
        self._token_of = token_of
        self._parts = 2 if ports_matter else 1
        self.room = max(1, min(in_flight, sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // ANSWER_OCTETS))
        self._flying: dict[bytes, _Flight] = {}
        self._waiting: deque[_Flight] = deque()
        self._due: dict[int, list[_Flight]] = {}  # step -> flights whose time is up in it
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock.fileno(), self._drain)
        self.strays = 0  # answers that nobody waits for: late, doubled, or from a wrong address

    def send(self, address: Address, limit_s: float) -> "asyncio.Future[float | None]":
        """RTT in ms, None when nothing came back in `limit_s` after it left; it may wait for room before."""
        flight = _Flight(address, limit_s, self._loop.create_future())
        if self._waiting or len(self._flying) >= self.room:
            self._waiting.append(flight)
        else:
            self._launch(flight)
        self._wind()
        return flight.future

    def close(self) -> None:
        """Whatever is on its way is lost."""
        self._loop.remove_reader(self._sock.fileno())
        if self._timer is not None:
            self._timer.cancel()
        for flight in (*self._flying.values(), *self._waiting):
            _land(flight, None)
        self._flying.clear()
        self._waiting.clear()
        self._sock.close()

    def _launch(self, flight: _Flight) -> bool:
        """False when the socket takes no more just now."""
        try:
            self._sock.sendto(self._frame(flight.token), flight.address)
        except BlockingIOError:
            self._waiting.appendleft(flight)
            return False
        except OSError:  # no route, not permitted: as good as lost
            _land(flight, None)
            return True
        flight.sent = self._loop.time()
        self._flying[flight.token] = flight
        self._due.setdefault(int((flight.sent + flight.limit_s) / STEP_S) + 1, []).append(flight)
        return True

    def _wind(self) -> None:
        if self._timer is None and (self._flying or self._waiting):
            self._timer = self._loop.call_later(STEP_S, self._sweep)

    def _sweep(self) -> None:
        """Take what has come before giving anything up for lost."""
        self._timer = None
        while self._drain() == AT_ONCE:
            pass
        step = int(self._loop.time() / STEP_S)
        for passed in [each for each in self._due if each <= step]:
            for flight in self._due.pop(passed):
                if self._flying.pop(flight.token, None) is not None:
                    _land(flight, None)
        self._refill()
        if self._flying or self._waiting:
            self._timer = self._loop.call_later(STEP_S, self._sweep)
        else:
            self._due.clear()

    def _drain(self) -> int:
        """Take the answers that are there, at most AT_ONCE; how many datagrams it were."""
        now = self._loop.time()
        taken = 0
        while taken < AT_ONCE:
            try:
                data, source = self._sock.recvfrom(2048)
            except OSError:  # nothing more, or an ICMP error of another probe
                break
            self._take(data, source, now)
            taken += 1
        self._refill()
        return taken

    def _take(self, data: bytes, source: Address, now: float) -> None:
        token = self._token_of(data)
        if token is None:
            return
        flight = self._flying.get(token)
        if flight is None or flight.address[: self._parts] != source[: self._parts]:
            self.strays += 1
            return
        del self._flying[token]
        _land(flight, max(0.0, now - flight.sent) * 1000)

    def _refill(self) -> None:
        while self._waiting and len(self._flying) < self.room:
            if not self._launch(self._waiting.popleft()):
                return


def _land(flight: _Flight, rtt_ms: float | None) -> None:
    if not flight.future.done():  # whoever asked may have gone
        flight.future.set_result(rtt_ms)
