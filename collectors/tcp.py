"""TCP connect as a sign of life: the host answers, be it with a connection or with a refusal."""

import asyncio
import errno
import socket
from collections import deque

Address = tuple[str, int]
_ALIVE = (0, errno.ECONNREFUSED, errno.EISCONN)  # a reset comes from a living host


class _Attempt:
    __slots__ = ("address", "family", "future", "limit_s", "sent", "sock", "timer")

    def __init__(self, family: socket.AddressFamily, address: Address, limit_s: float) -> None:
        self.family = family
        self.address = address
        self.limit_s = limit_s
        self.future: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        self.sock: socket.socket | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.sent = 0.0


class Connects:
    """At most `in_flight` connections are being opened at once; each is closed as soon as it stands."""

    def __init__(self, in_flight: int) -> None:
        self._room = in_flight
        self._loop = asyncio.get_running_loop()
        self._trying: set[_Attempt] = set()
        self._waiting: deque[_Attempt] = deque()

    def send(self, family: socket.AddressFamily, address: Address, limit_s: float) -> "asyncio.Future[float | None]":
        """RTT in ms, None when neither connection nor refusal came in time."""
        attempt = _Attempt(family, address, limit_s)
        self._waiting.append(attempt)
        self._refill()
        return attempt.future

    def close(self) -> None:
        self._waiting.clear()
        for attempt in tuple(self._trying):
            self._end(attempt, None)

    def _refill(self) -> None:
        while self._waiting and len(self._trying) < self._room:
            self._start(self._waiting.popleft())

    def _start(self, attempt: _Attempt) -> None:
        try:
            sock = attempt.sock = socket.socket(attempt.family, socket.SOCK_STREAM)
        except OSError:  # out of descriptors, or no such family
            _tell(attempt, None)
            return
        self._trying.add(attempt)
        sock.setblocking(False)
        attempt.sent = self._loop.time()
        code = sock.connect_ex(attempt.address)
        if code == errno.EINPROGRESS:
            self._loop.add_writer(sock.fileno(), self._done, attempt)
            attempt.timer = self._loop.call_later(attempt.limit_s, self._done, attempt)
        else:
            self._end(attempt, code)

    def _done(self, attempt: _Attempt) -> None:
        """Writable, or its time is up: the socket says which."""
        if attempt.sock is not None:
            code = attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            self._end(attempt, code if code or _connected(attempt.sock) else None)
            self._refill()

    def _end(self, attempt: _Attempt, code: int | None) -> None:
        self._trying.discard(attempt)
        if attempt.timer is not None:
            attempt.timer.cancel()
        if attempt.sock is not None:
            self._loop.remove_writer(attempt.sock.fileno())
            attempt.sock.close()
            attempt.sock = None
        _tell(attempt, (self._loop.time() - attempt.sent) * 1000 if code in _ALIVE else None)


def _connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


def _tell(attempt: _Attempt, rtt_ms: float | None) -> None:
    if not attempt.future.done():
        attempt.future.set_result(rtt_ms)
