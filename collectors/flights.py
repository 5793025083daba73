"""Probes on their way over one datagram socket: matched by token and sender, few enough to fit its buffer (SEMANTICS 52)."""

import asyncio
import os
import socket
import time
from collections import deque
from collections.abc import Callable

from collectors import stamps

WANTED_BUFFER = 4 << 20
ANSWER_OCTETS = 1024  # what the kernel charges the receive buffer for one small answer, rounded up (measured: 832)
STEP_S = 0.05  # time limits are kept to this
AT_ONCE = 256  # answers taken before others get their turn
TOKEN = 8  # octets; random, so that nobody answers for another
SHARE = 2  # series take at most this part of the room: single probes, which decide who lives, never wait behind them
CLOCK_SLACK_MS = 50.0  # a stamp further from what the loop saw is of a clock that was set meanwhile
_DRAWN = 512  # tokens drawn at once

Address = tuple[str, int]
Rtts = list[float | None]


class _Series:
    """Probes to one address, a gap apart, told together. A series of one is a single probe."""

    __slots__ = ("address", "future", "gap_steps", "left", "limit_s", "rtts", "unsent")

    def __init__(self, address: Address, count: int, limit_s: float, future: "asyncio.Future[Rtts]") -> None:
        self.address = address
        self.limit_s = limit_s
        self.future = future
        self.gap_steps = 1
        self.rtts: Rtts = [None] * count
        self.left = self.unsent = count

    def land(self, place: int, rtt_ms: float | None) -> None:
        self.rtts[place] = rtt_ms
        self.left -= 1
        if not self.left and not self.future.done():  # whoever asked may have gone
            self.future.set_result(self.rtts)


class _Single:
    """One probe, told by itself."""

    __slots__ = ("address", "future", "limit_s")

    def __init__(self, address: Address, limit_s: float, future: "asyncio.Future[float | None]") -> None:
        self.address = address
        self.limit_s = limit_s
        self.future = future

    def land(self, place: int, rtt_ms: float | None) -> None:
        if not self.future.done():
            self.future.set_result(rtt_ms)


class _Flight:
    __slots__ = ("owner", "place", "sent", "sent_ns")

    def __init__(self, owner: _Series | _Single, place: int) -> None:
        self.owner = owner
        self.place = place
        self.sent = 0.0
        self.sent_ns = 0


class Flights:
    """`frame` makes a datagram of a token, `token_of` finds the token in an answer (None: not an answer).

    `ports_matter`: an answer must come from the very port that was asked, not only from the address.
    Round trips end when the kernel received the answer, where it tells.
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
        self._space = stamps.SPACE if stamps.wanted(sock) else 0
        self.room = max(1, min(in_flight, sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // ANSWER_OCTETS))
        self.share = max(1, self.room // SHARE)
        self._flying: dict[bytes, _Flight] = {}
        self._waiting: deque[_Flight] = deque()
        self._patient: deque[_Flight] = deque()  # of series: they go when no single probe waits
        self._serial = 0  # of those flying, how many belong to series
        self._due: dict[int, list[tuple[bytes, _Flight]]] = {}  # step -> flights whose time is up in it
        self._next: dict[int, list[_Series]] = {}  # step -> series of which one more probe is to go then
        self._tokens: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock.fileno(), self._drain)
        self.strays = 0  # answers that nobody waits for: late, doubled, or from a wrong address

    def send(self, address: Address, limit_s: float) -> "asyncio.Future[float | None]":
        """RTT in ms, None when nothing came back in `limit_s` after it left; it may wait for room before."""
        single = _Single(address, limit_s, self._loop.create_future())
        flight = _Flight(single, 0)
        if self._waiting or len(self._flying) >= self.room:
            self._waiting.append(flight)
        else:
            self._launch(flight)
        self._wind()
        return single.future

    def series(self, address: Address, count: int, *, gap_s: float, limit_s: float) -> "asyncio.Future[Rtts]":
        """RTTs in ms of `count` probes sent at least `gap_s` apart, in the order sent; None: lost."""
        series = _Series(address, count, limit_s, self._loop.create_future())
        series.gap_steps = max(1, round(gap_s / STEP_S))
        self._advance(series, int(self._loop.time() / STEP_S))
        self._refill()
        self._wind()
        return series.future

    def close(self) -> None:
        """Whatever is on its way is lost."""
        self._loop.remove_reader(self._sock.fileno())
        if self._timer is not None:
            self._timer.cancel()
        for flight in (*self._flying.values(), *self._waiting, *self._patient):
            flight.owner.land(flight.place, None)
        for series in (series for several in self._next.values() for series in several):
            _lose(series)
        for flights in (self._flying, self._waiting, self._patient, self._next):
            flights.clear()
        self._sock.close()

    def _advance(self, series: _Series, step: int) -> None:
        """One more probe of the series may go; the one after it a gap later. None when whoever asked has gone."""
        if series.future.done():
            return
        self._patient.append(_Flight(series, len(series.rtts) - series.unsent))
        series.unsent -= 1
        if series.unsent:
            self._next.setdefault(step + series.gap_steps, []).append(series)

    def _launch(self, flight: _Flight) -> bool:
        """False when the socket takes no more just now."""
        owner = flight.owner
        token = self._token()
        flight.sent_ns = time.time_ns()
        flight.sent = self._loop.time()
        try:
            self._sock.sendto(self._frame(token), owner.address)
        except BlockingIOError:
            (self._patient if type(owner) is _Series else self._waiting).appendleft(flight)
            return False
        except OSError:  # no route, not permitted: as good as lost
            owner.land(flight.place, None)
            return True
        self._flying[token] = flight
        self._serial += type(owner) is _Series
        self._due.setdefault(int((flight.sent + owner.limit_s) / STEP_S) + 1, []).append((token, flight))
        return True

    def _token(self) -> bytes:
        if not self._tokens:
            drawn = os.urandom(TOKEN * _DRAWN)
            self._tokens = [drawn[at : at + TOKEN] for at in range(0, len(drawn), TOKEN)]
        return self._tokens.pop()

    def _wind(self) -> None:
        if self._timer is None and (self._flying or self._waiting or self._patient or self._next):
            self._timer = self._loop.call_later(STEP_S, self._sweep)

    def _sweep(self) -> None:
        """Take what has come before giving anything up for lost."""
        self._timer = None
        while self._drain() == AT_ONCE:
            pass
        step = int(self._loop.time() / STEP_S)
        for passed in [each for each in self._due if each <= step]:
            for token, flight in self._due.pop(passed):
                if self._flying.pop(token, None) is not None:
                    self._settle(flight, None)
        for passed in [each for each in self._next if each <= step]:
            for series in self._next.pop(passed):
                self._advance(series, step)
        self._refill()
        self._wind()
        if self._timer is None:
            self._due.clear()

    def _drain(self) -> int:
        """Take the answers that are there, at most AT_ONCE; how many datagrams it were."""
        now = self._loop.time()
        taken = 0
        receive, space = self._sock.recvmsg, self._space
        while taken < AT_ONCE:
            try:
                data, marks, _, source = receive(2048, space)
            except OSError:  # nothing more, or an ICMP error of another probe
                break
            self._take(data, source, now, marks)
            taken += 1
        self._refill()
        return taken

    def _take(self, data: bytes, source: Address, now: float, marks: stamps.Marks) -> None:
        token = self._token_of(data)
        if token is None:
            return
        flight = self._flying.get(token)
        if flight is None or flight.owner.address[: self._parts] != source[: self._parts]:
            self.strays += 1
            return
        del self._flying[token]
        self._settle(flight, _rtt_ms(flight, now, marks))

    def _settle(self, flight: _Flight, rtt_ms: float | None) -> None:
        self._serial -= type(flight.owner) is _Series
        flight.owner.land(flight.place, rtt_ms)

    def _refill(self) -> None:
        while self._waiting and len(self._flying) < self.room:
            if not self._launch(self._waiting.popleft()):
                return
        while self._patient and self._serial < self.share and len(self._flying) < self.room:
            if not self._launch(self._patient.popleft()):
                return


def _rtt_ms(flight: _Flight, now: float, marks: stamps.Marks) -> float:
    """To the moment the kernel received it, where that agrees with what the loop saw; else to the moment it was read."""
    seen_ms = max(0.0, now - flight.sent) * 1000
    stamp = stamps.received_ns(marks)
    stamped_ms = (stamp - flight.sent_ns) / 1e6
    return stamped_ms if stamp and 0.0 <= stamped_ms <= seen_ms + CLOCK_SLACK_MS else seen_ms


def _lose(series: _Series) -> None:
    """What was not sent yet never will be."""
    for place in range(len(series.rtts) - series.unsent, len(series.rtts)):
        series.land(place, None)
