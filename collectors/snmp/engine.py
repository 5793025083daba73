"""The SNMP engine: one UDP socket per address family asks every device, and matches answers by request id and source.

Nothing here knows what an answer says; it carries datagrams there and back, resends, gives up, and counts all of it.
No task and no timer per request: a timer wheel ticks only while something is pending, and a future tells the end.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from collectors.snmp.exchange import FIRST_PAUSE_S, Address, Answers, Counters, Exchange, Peer, identities, identity
from collectors.snmp.layout import Shelf
from collectors.snmp.message import Request
from collectors.snmp.socket import open_socket

TICK_S = 0.05
WINDOW = 8  # requests in flight towards one device: its own receive buffer is small
BURST = 64  # datagrams read before the loop gets its turn
LARGEST = 8192  # octets of an answer; a larger one is cut off, and asked again in smaller pieces
SPARE = 256  # request ids at hand for one send, and for drawing again what is pending
OCTETS_PER_ANSWER = 4096  # what the kernel books for one answer of up to 1472 octets
REMEMBERED = 4096  # given-up request ids that still tell a late answer from a strange one


class Engine:
    """Asks devices over UDP: `async with Engine() as engine`. The constructor touches nothing.

    `buffer_octets` is the receive buffer wanted; what the kernel grants decides how many answers may be in flight.
    `pause_s` is the shortest time in which silence is waited out; a device with a longer round trip gets three of them.
    """

    def __init__(self, *, buffer_octets: int = 16 << 20, pause_s: float = FIRST_PAUSE_S) -> None:
        self.counters = Counters()
        self.shelf = Shelf()  # of the layouts that sessions learn
        self.capacity = 0  # answers in flight that the receive buffer holds
        self._buffer_octets = buffer_octets
        self._pause_s = pause_s
        self._sockets: dict[int, socket.socket] = {}
        self._pending: dict[bytes, Exchange] = {}
        self._waiting: deque[Exchange] = deque()
        self._wheel: dict[int, set[Exchange]] = {}
        self._ticking: asyncio.TimerHandle | None = None
        self._peers: WeakValueDictionary[Address, Peer] = WeakValueDictionary()
        self._given_up: dict[bytes, None] = {}
        self._fresh: list[bytes] = []  # random request ids, drawn in advance

    async def __aenter__(self) -> Self:
        self.loop = asyncio.get_running_loop()
        self._open(socket.AF_INET)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the sockets; whoever still waits is cancelled."""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        for exchange in (*self._pending.values(), *self._waiting):
            exchange.future.cancel()
        self._pending.clear()
        self._waiting.clear()
        self._wheel.clear()
        for sock in self._sockets.values():
            self.loop.remove_reader(sock.fileno())
            sock.close()
        self._sockets.clear()

    @property
    def in_flight(self) -> int:
        """Requests sent and neither answered nor given up."""
        return len(self._pending)

    @property
    def waiting(self) -> int:
        """Exchanges that wait for room in the receive buffer."""
        return len(self._waiting)

    @property
    def ticking(self) -> bool:
        """The timer wheel turns; it rests when nothing is pending."""
        return self._ticking is not None

    def figures(self) -> dict[str, int]:
        """Every counter by name, and what is under way."""
        return {**asdict(self.counters), "in_flight": self.in_flight, "waiting": self.waiting}

    def peer(self, address: Address) -> Peer:
        """The one peer of that address, spelled as by `getaddrinfo`; the first IPv6 peer opens the IPv6 socket."""
        family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
        sock = self._sockets.get(family) or self._open(family)
        peer = self._peers.get(address)
        if peer is None:
            peer = self._peers[address] = Peer(address, sock, self._pause_s)
        return peer

    def ask(
        self, peer: Peer, requests: Sequence[Request], *, until: float, tries: int = 3
    ) -> "asyncio.Future[Answers]":
        """Send all requests, resend what stays unanswered; the future gives the answers in order, None for silence.

        `until` is the loop's time after which nothing is waited for any more. The future never fails.
        """
        exchange = Exchange(peer, requests, self.loop.create_future(), until, tries)
        if self._waiting or len(self._pending) + WINDOW > self.capacity:
            self.counters.queued += len(requests)
            self._waiting.append(exchange)
            self._schedule(exchange, until)
        else:
            self._start(exchange)
        return exchange.future

    def _open(self, family: int) -> socket.socket:
        sock, granted = open_socket(family, self._buffer_octets)
        self._sockets[family] = sock
        capacity = max(2 * WINDOW, granted // OCTETS_PER_ANSWER)
        self.capacity = min(capacity, self.capacity) if self.capacity else capacity
        self.loop.add_reader(sock.fileno(), self._receive, sock)
        return sock

    def _start(self, exchange: Exchange) -> None:
        exchange.sent_at = now = self.loop.time()
        self._send(exchange, exchange.requests if exchange.left <= WINDOW else exchange.requests[:WINDOW])
        self._schedule(exchange, now + exchange.peer.first_pause_s)
        if not exchange.left:
            self._finish(exchange)

    def _send(self, exchange: Exchange, requests: Sequence[Request]) -> None:
        """Send the requests that come next; each gets its id, and from here on its answer is known."""
        peer, pending, enlist = exchange.peer, self._pending, exchange.ids.append
        send, address = peer.socket.sendto, peer.address
        if len(self._fresh) < SPARE:
            self._fresh += identities()
        draw = self._fresh.pop
        octets = failed = 0
        for head, tail in requests:
            fresh = draw()
            while fresh in pending:
                fresh = draw()
            enlist(fresh)
            pending[fresh] = exchange
            try:
                octets += send(head + fresh + tail, address)
            except OSError:  # no route, no room: the same as a lost datagram, the wheel resends
                failed += 1
        sent, counters = len(requests) - failed, self.counters
        counters.sent += sent
        counters.octets_sent += octets
        peer.pdus += sent
        peer.octets += octets
        if failed:
            counters.unsendable += failed

    def _resend(self, exchange: Exchange) -> None:
        """Send again, under their old ids, the requests still unanswered."""
        peer, counters = exchange.peer, self.counters
        for slot in exchange.unanswered:
            head, tail = exchange.requests[slot]
            counters.resent += 1
            try:
                octets = peer.socket.sendto(head + exchange.ids[slot] + tail, peer.address)
            except OSError:
                counters.unsendable += 1
                continue
            counters.sent += 1
            counters.octets_sent += octets
            peer.pdus += 1
            peer.octets += octets

    def _receive(self, sock: socket.socket) -> bool:
        """Read what waits, at most a burst; whether more may be waiting."""
        receive, pending = sock.recvfrom, self._pending
        count = octets = 0
        more = True
        while count < BURST:
            try:
                data, source = receive(LARGEST)
            except (BlockingIOError, InterruptedError):
                more = False
                break
            except OSError:  # an ICMP error about an earlier send; the wheel knows about silence
                count += 1
                continue
            count += 1
            size = len(data)
            octets += size
            # In answers of 256 octets and more the id stands here; the decoder proves it, all else goes the long way.
            at = data[8] + 15 if size > 255 else 0
            fresh = data[at : at + 4]
            exchange = pending.get(fresh)
            if exchange is None or source != exchange.peer.address:
                self._look_up(data, source)
                continue
            del pending[fresh]
            exchange.answers[exchange.ids.index(fresh)] = data
            exchange.peer.octets += size
            exchange.left = left = exchange.left - 1
            if not left:
                self._finish(exchange)
            elif len(exchange.ids) < len(exchange.answers):
                self._go_on(exchange)
        self.counters.received += count
        self.counters.octets_received += octets
        return more

    def _go_on(self, exchange: Exchange) -> None:
        """One is answered, so one more may go."""
        sent = len(exchange.ids)
        exchange.sent_at = self.loop.time()
        exchange.resends = 0
        self._send(exchange, exchange.requests[sent : sent + 1])

    def _take(self, exchange: Exchange, fresh: bytes, data: bytes) -> None:
        """As `_receive` does, for an answer that was found the long way."""
        del self._pending[fresh]
        exchange.answers[exchange.ids.index(fresh)] = data
        exchange.peer.octets += len(data)
        exchange.left -= 1
        if not exchange.left:
            self._finish(exchange)
        elif len(exchange.ids) < len(exchange.answers):
            self._go_on(exchange)

    def _look_up(self, data: bytes, source: Address) -> None:
        """Find the long way whose answer this is; count it when it is nobody's."""
        counters = self.counters
        fresh = identity(data)
        exchange = self._pending.get(fresh) if fresh else None
        if fresh and exchange is not None and exchange.peer.address == source:
            self._take(exchange, fresh, data)
            return
        stray = self._peers.get(source)
        if exchange is not None:
            counters.wrong_source += 1
            stray = exchange.peer
        elif fresh is None:
            counters.malformed += 1
        elif fresh in self._given_up:
            counters.late += 1
        else:
            counters.unknown_id += 1
        if stray is not None:
            stray.strays += 1

    def _finish(self, exchange: Exchange) -> None:
        """Hand over what there is."""
        bucket, answers, future = self._wheel.get(exchange.tick), exchange.answers, exchange.future
        if bucket is not None:
            bucket.discard(exchange)
        if not exchange.left and not exchange.resends and len(answers) <= WINDOW:
            exchange.peer.learn(self.loop.time() - exchange.sent_at)
        if not future.done():
            future.set_result(answers)
        if self._waiting:
            self._admit()

    def _admit(self) -> None:
        """Start what waited, as far as there is room again."""
        while self._waiting and len(self._pending) + WINDOW <= self.capacity:
            following = self._waiting.popleft()
            self._wheel.get(following.tick, set()).discard(following)
            if not following.future.done():
                self._start(following)

    def _schedule(self, exchange: Exchange, due: float) -> None:
        """The wheel comes back to the exchange at `due`, or when its time is over."""
        tick = exchange.tick = int(min(due, exchange.until) / TICK_S) + 1
        bucket = self._wheel.get(tick)
        if bucket is None:
            self._wheel[tick] = {exchange}
        else:
            bucket.add(exchange)
        if self._ticking is None:
            self._ticking = self.loop.call_later(TICK_S, self._turn)

    def _turn(self) -> None:
        """One turn of the wheel. What already waits in the sockets is read first: a stalled loop is no silence."""
        for sock in self._sockets.values():
            for _ in range(2 * self.capacity // BURST + 1):
                if not self._receive(sock):
                    break
        now = self.loop.time()
        for tick in sorted(tick for tick in self._wheel if tick * TICK_S <= now):
            for exchange in self._wheel.pop(tick):
                self._expire(exchange, now)
        busy = self._pending or self._waiting
        self._ticking = self.loop.call_later(TICK_S, self._turn) if busy else None
        if not busy:
            self._wheel.clear()

    def _expire(self, exchange: Exchange, now: float) -> None:
        """Resend, or give up. An exchange that moved on meanwhile gets its time anew."""
        over = exchange.future.done() or now >= exchange.until or not exchange.ids
        due = exchange.sent_at + exchange.peer.pause_s(exchange.resends)
        if not over and now < due:
            self._schedule(exchange, due)
        elif over or exchange.resends + 1 >= exchange.tries:
            self._give_up(exchange)
        else:
            exchange.resends += 1
            exchange.sent_at = now
            self._resend(exchange)
            self._schedule(exchange, now + exchange.peer.pause_s(exchange.resends))

    def _give_up(self, exchange: Exchange) -> None:
        if exchange in self._waiting:
            self._waiting.remove(exchange)
        for slot in exchange.unanswered:
            fresh = exchange.ids[slot]
            del self._pending[fresh]
            self.counters.timeouts += 1
            self._given_up[fresh] = None
        while len(self._given_up) > REMEMBERED:
            del self._given_up[next(iter(self._given_up))]
        exchange.resends += 1  # no lesson for the peer's round trip
        self._finish(exchange)
