"""An ear on TCP: syslog lines, framed by octet counts or by newlines (RFC 6587), from a bounded number of senders."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from collectors.notices.counters import NoticeCounters
from collectors.notices.datagrams import Hear
from collectors.notices.intake import Arrival, Intake, Turns
from collectors.notices.sources import plain
from collectors.notices.syslog import MOST_OCTETS
from inventory.model import Device
from inventory.notice import Notice

MOST_CONNECTIONS = 512
MOST_OF_ONE = 8  # connections of one device
IDLE_S = 3600.0  # a device that says nothing for so long may connect again
_DIGITS = 6  # of an octet count


class Frames:
    """Cuts a stream into lines; memory is bounded by one line, whatever comes."""

    def __init__(self) -> None:
        self.cut = 0  # lines longer than allowed
        self._held = b""
        self._skip = 0  # octets of a counted frame still to be thrown away
        self._in_long_line = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._held + data
        pos = 0
        while pos < len(data):
            if self._skip:
                step = min(self._skip, len(data) - pos)
                self._skip -= step
                pos += step
                continue
            line, after = self._counted(data, pos) if self._is_counted(data, pos) else self._to_newline(data, pos)
            if after == pos:
                break
            pos = after
            if line:
                yield line
        self._held = data[pos:]

    def _is_counted(self, data: bytes, pos: int) -> bool:
        return not self._in_long_line and 0x31 <= data[pos] <= 0x39

    def _counted(self, data: bytes, pos: int) -> tuple[bytes, int]:
        """MSG-LEN SP SYSLOG-MSG; digits that no blank follows begin a line like any other."""
        blank = data.find(b" ", pos, pos + _DIGITS + 1)
        if blank < 0 and len(data) - pos <= _DIGITS and data[pos:].isdigit():
            return b"", pos
        if blank < 0 or not data[pos:blank].isdigit() or data[blank + 1 : blank + 2] not in (b"<", b""):
            return self._to_newline(data, pos)
        size, start = int(data[pos:blank]), blank + 1
        if size > MOST_OCTETS:
            if len(data) - start < MOST_OCTETS:
                return b"", pos
            self.cut += 1
            self._skip = size - MOST_OCTETS
            return data[start : start + MOST_OCTETS], start + MOST_OCTETS
        if len(data) - start < size:
            return b"", pos
        return data[start : start + size], start + size

    def _to_newline(self, data: bytes, pos: int) -> tuple[bytes, int]:
        end = data.find(b"\n", pos)
        if end < 0 and len(data) - pos <= MOST_OCTETS:
            return b"", pos
        stop = end if end >= 0 else len(data)
        was_long, self._in_long_line = self._in_long_line, end < 0
        if was_long:
            return b"", stop + 1 if end >= 0 else stop  # the rest of a line whose beginning was taken
        if stop - pos > MOST_OCTETS:
            self.cut += 1
        return data[pos : min(stop, pos + MOST_OCTETS)], stop + 1 if end >= 0 else stop

    def end(self) -> bytes:
        """What was begun and not ended when the connection closed."""
        held, self._held = self._held, b""
        return b"" if self._in_long_line or self._skip else held


class Streams:
    """A `Listener` (collectors/contract.py) on the TCP sockets that `bind` opens."""

    def __init__(
        self, bind: Callable[[], Sequence[socket.socket]], hear: Hear, intake: Intake, counters: NoticeCounters
    ) -> None:
        self.counters = counters
        self.turns = Turns(self._work, counters)
        self.intake = intake
        self.open: dict[_Connection, str] = {}
        self._of: Counter[str] = Counter()
        self._bind = bind
        self._hear = hear
        self._emit: Callable[[Notice], None] = lambda notice: None

    async def listen(self, emit: Callable[[Notice], None]) -> None:
        """Runs until cancelled. OSError when the port cannot be had."""
        loop = asyncio.get_running_loop()
        self._emit = emit
        servers = [await loop.create_server(lambda: _Connection(self), sock=sock) for sock in self._bind()]
        try:
            await loop.create_future()
        finally:
            for server in servers:
                server.close()
            for connection in list(self.open):
                connection.close()

    def enter(self, connection: "_Connection", address: str) -> Device | None:
        """Whether this sender may stay; who may not is counted."""
        device = self.intake.sources.devices.get(address)
        if device is None:
            self.counters.arrived += 1
            self.counters.unknown_source += 1
            self.intake.strangers.note(address, self.intake.clock())
            return None
        if len(self.open) >= MOST_CONNECTIONS or self._of[device.key] >= MOST_OF_ONE:
            self.counters.lost += 1
            return None
        self.open[connection] = device.key
        self._of[device.key] += 1
        return device

    def leave(self, connection: "_Connection") -> None:
        key = self.open.pop(connection, None)
        if key is not None:
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]

    def _work(self, arrival: Arrival) -> None:
        notice = self._hear(arrival)
        if notice is not None:
            self._emit(notice)


class _Connection(asyncio.Protocol):
    """One sender."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._address = plain(peer[0]) if peer else ""
        if self._streams.enter(self, self._address) is None:
            transport.abort()
            return
        self._wait()

    def _wait(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self.close)

    def close(self) -> None:
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self not in self._streams.open:
            return
        self._wait()
        for line in self._frames.feed(data):
            self._put(line)
        self._streams.counters.cut += self._frames.cut
        self._frames.cut = 0

    def _put(self, line: bytes) -> None:
        device = self._streams.intake.admit(self._address, self._streams.counters)
        if device is not None:
            at = self._streams.intake.clock()
            self._streams.turns.put(Arrival(line, device, self._address, at, _unheard))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        last = self._frames.end()
        if last and self in self._streams.open:
            self._put(last)
        self._streams.leave(self)


def _unheard(data: bytes) -> None:
    """Syslog has no answers."""
