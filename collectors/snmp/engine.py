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

from collectors.snmp.exchange import (
    FIRST_PAUSE_S,
    Answers,
    Counters,
    Envelope,
    Exchange,
    Late,
    Peer,
    Verdict,
    identities,
    identity,
    message_id,
)
from collectors.snmp.fast import FastWire, available
from collectors.snmp.layout import Shelf
from collectors.snmp.message import Request
from collectors.snmp.wire import BURST, Address, Datagram, Place, Wire

TICK_S = 0.05
WINDOW = 8  # requests in flight towards one device: its own receive buffer is small
SPARE = 256  # request ids at hand for one send, and for drawing again what is pending
OCTETS_PER_ANSWER = 4096  # what the kernel books for one answer of up to 1472 octets
DOUBT_S = 0.1  # or two round trips: how long a proven answer may come after an unproven "no"
REMEMBERED = 4096  # given-up request ids that still tell a late answer from a strange one


class Engine:
    """Asks devices over UDP: `async with Engine() as engine`. The constructor touches nothing.

    `buffer_octets` is the receive buffer wanted; what the kernel grants decides how many answers may be in flight.
    `pause_s` is the shortest time in which silence is waited out; a device with a longer round trip gets three of them.
    `fast` lets the compiled parts do the work where they are built; what comes out is the same without them.
    """

    def __init__(self, *, buffer_octets: int = 16 << 20, pause_s: float = FIRST_PAUSE_S, fast: bool = True) -> None:
        self.counters = Counters()
        self.fast = fast and available()
        self.shelf = Shelf()  # of the layouts that sessions learn
        self.capacity = 0  # answers in flight that the receive buffer holds
        self._buffer_octets = buffer_octets
        self._pause_s = pause_s
        self._wires: dict[int, Wire] = {}
        self._outbox: dict[Wire, list[Datagram]] = {}
        self._pending: dict[bytes, Exchange] = {}  # by request id
        self._sealed: dict[bytes, Exchange] = {}  # by msgID: nothing that comes without an envelope finds these
        self._overdue: dict[bytes, Exchange] = {}  # by request id, of what was asked again: its answers are timed
        self._waiting: deque[Exchange] = deque()
        self._wheel: dict[int, set[Exchange]] = {}
        self._ticking: asyncio.TimerHandle | None = None
        self._peers: WeakValueDictionary[Place, Peer] = WeakValueDictionary()
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
        for exchange in (*self._pending.values(), *self._sealed.values(), *self._overdue.values(), *self._waiting):
            exchange.future.cancel()
        self._pending.clear()
        self._sealed.clear()
        self._overdue.clear()
        self._waiting.clear()
        self._wheel.clear()
        for wire, outbox in self._outbox.items():
            outbox.clear()
            self.loop.remove_reader(wire.fileno)
            self.loop.remove_writer(wire.fileno)
            wire.close()
        self._wires.clear()

    @property
    def in_flight(self) -> int:
        """Requests sent and neither answered nor given up."""
        return len(self._pending) + len(self._sealed) + len(self._overdue)

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
        wire = self._wires.get(family) or self._open(family)
        place = wire.place(address)
        peer = self._peers.get(place)
        if peer is None:
            peer = self._peers[place] = Peer(place, wire, self._pause_s)
        return peer

    def ask(
        self,
        peer: Peer,
        requests: Sequence[Request],
        *,
        until: float,
        tries: int = 3,
        envelope: Envelope | None = None,
    ) -> "asyncio.Future[Answers]":
        """Send all requests, resend what stays unanswered; the future gives the answers in order, None for silence.

        `until` is the loop's time after which nothing is waited for any more. The future never fails. What an
        `envelope` does not believe is no answer.
        """
        pending = self._pending if envelope is None else self._sealed
        future = self.loop.create_future()
        exchange = Exchange(peer, requests, future, pending, until=until, tries=tries, envelope=envelope)
        if self._waiting or self.in_flight + WINDOW > self.capacity:
            self.counters.queued += len(requests)
            self._waiting.append(exchange)
            self._schedule(exchange, until)
        else:
            self._start(exchange)
        return exchange.future

    def _open(self, family: int) -> Wire:
        wire = self._wires[family] = (FastWire if self.fast else Wire)(family, self._buffer_octets)
        self._outbox[wire] = []
        capacity = max(2 * WINDOW, wire.granted // OCTETS_PER_ANSWER)
        self.capacity = min(capacity, self.capacity) if self.capacity else capacity
        self.loop.add_reader(wire.fileno, self._receive, wire)
        return wire

    def _start(self, exchange: Exchange) -> None:
        exchange.sent_at = now = self.loop.time()
        self._enlist(exchange, exchange.requests if exchange.left <= WINDOW else exchange.requests[:WINDOW])
        self._schedule(exchange, now + exchange.peer.first_pause_s)
        if not exchange.left:
            self._finish(exchange)

    def _enlist(self, exchange: Exchange, requests: Sequence[Request]) -> None:
        """The requests that come next get their ids, and from here on their answers are known."""
        place, pending, answers, envelope = exchange.place, exchange.pending, exchange.answers, exchange.envelope
        outbox = self._outgoing(exchange.peer.wire)
        if len(self._fresh) < SPARE:
            self._fresh += identities()
        draw = self._fresh.pop
        exchange.unsent -= len(requests)
        octets = 0
        for head, tail in requests:
            fresh = draw()
            while fresh in pending:
                fresh = draw()
            pending[fresh] = exchange
            answers[fresh] = None
            data = head + fresh + tail if envelope is None else envelope.seal(head, fresh, tail)
            octets += len(data)
            outbox.append((data, place))
        self._charge(exchange.peer, len(requests), octets)

    def _outgoing(self, wire: Wire) -> list[Datagram]:
        """What is put there is sent at the end of this turn of the loop."""
        outbox = self._outbox[wire]
        if not outbox:
            self.loop.call_soon(self._flush, wire, outbox)
        return outbox

    def _charge(self, peer: Peer, count: int, octets: int) -> None:
        """Requests of so many octets go to the peer; less than none where the kernel refused them."""
        self.counters.sent += count
        self.counters.octets_sent += octets
        peer.pdus += count
        peer.octets += octets

    def _flush(self, wire: Wire, outbox: list[Datagram]) -> None:
        """Send in one run what was asked in this turn of the loop; what finds no room goes when there is some again."""
        done, refused = wire.send(outbox)
        for data, place in refused:
            self.counters.unsendable += 1
            peer = self._peers.get(place)
            if peer is not None:
                self._charge(peer, -1, -len(data))
        del outbox[:done]
        if bool(outbox) != wire.full:
            wire.full = bool(outbox)
            if wire.full:
                self.loop.add_writer(wire.fileno, self._flush, wire, outbox)
            else:
                self.loop.remove_writer(wire.fileno)

    def _resend(self, exchange: Exchange, only: bytes = b"") -> int:
        """Send again, under their old ids, the requests still unanswered, or one of them; how many."""
        again = [
            (exchange.datagram(fresh, request), exchange.place)
            for fresh, request in exchange.unanswered
            if only in (b"", fresh)
        ]
        self._outgoing(exchange.peer.wire).extend(again)
        self._charge(exchange.peer, len(again), sum(len(data) for data, _ in again))
        return len(again)

    def _receive(self, wire: Wire) -> bool:
        """Read what waits, at most a burst; whether more may be waiting."""
        ready, strays, count, octets = wire.receive(self._pending)
        for exchange in ready:
            self._go_on(exchange)
        for data, place in strays:
            self._look_up(data, place)
        self.counters.received += count
        self.counters.octets_received += octets
        return count == BURST

    def _go_on(self, exchange: Exchange) -> None:
        """One more is answered, so one more may go; or all are."""
        if not exchange.left:
            self._finish(exchange)
        if not exchange.unsent:
            return
        sent = len(exchange.answers)
        exchange.sent_at = self.loop.time()
        exchange.resends = 0
        self._enlist(exchange, exchange.requests[sent : sent + 1])

    def _look_up(self, data: bytes, place: Place) -> None:
        """Find the long way whose answer this is; count it when it is nobody's."""
        fresh, pending = message_id(data), self._sealed
        if fresh is None:
            fresh, pending = identity(data), self._pending
        exchange = pending.get(fresh) if fresh else None
        if exchange is None and fresh and pending is self._pending:
            exchange = self._overdue.get(fresh)
        if fresh is None or exchange is None or exchange.place != place:
            self._stray(fresh, place, exchange)
            return
        if exchange.envelope is not None:
            plain = exchange.envelope.open(fresh, data)
            if isinstance(plain, Verdict):
                self._weigh(exchange, fresh, plain)
                return
            exchange.peer.octets += len(data) - len(plain)
            data = plain
        del exchange.pending[fresh]
        exchange.answers[fresh] = data
        exchange.left -= 1
        if exchange.heard is not None:
            exchange.note_late(fresh, self.loop.time())
        if not exchange.left or exchange.unsent:
            self._go_on(exchange)

    def _stray(self, fresh: bytes | None, place: Place, exchange: Exchange | None) -> None:
        """A datagram that nobody waits for, or that comes from elsewhere."""
        counters, peer = self.counters, self._peers.get(place)
        if exchange is not None:
            counters.wrong_source += 1
            peer = exchange.peer
        elif fresh is None:
            counters.malformed += 1
        elif fresh in self._given_up:
            counters.late += 1
        else:
            counters.unknown_id += 1
        if peer is not None:
            peer.strays += 1

    def _weigh(self, exchange: Exchange, fresh: bytes, verdict: Verdict) -> None:
        """A sealed message that is no answer: the request stays pending, whatever it says."""
        counters, again = self.counters, exchange.again or set()
        if verdict is Verdict.AGAIN and fresh not in again:
            exchange.again = again | {fresh}
            counters.resynced += self._resend(exchange, fresh)
        elif verdict is not Verdict.STRANGE:
            self._doubt(exchange)
        else:
            counters.unproven += 1
            exchange.peer.strays += 1

    def _doubt(self, exchange: Exchange) -> None:
        """End the exchange soon, unless what is proven comes first."""
        if exchange.doubted:
            return
        exchange.doubted = True
        self.counters.doubted += 1
        self._wheel.get(exchange.tick, set()).discard(exchange)
        exchange.until = min(exchange.until, self.loop.time() + max(DOUBT_S, 2 * exchange.peer.rtt_s))
        self._schedule(exchange, exchange.until)

    def _finish(self, exchange: Exchange) -> None:
        """Hand over what there is."""
        bucket, future = self._wheel.get(exchange.tick), exchange.future
        answers: Answers = [*exchange.answers.values()]
        exchange.peer.octets += sum([len(data) for data in answers if data])
        if bucket is not None:
            bucket.discard(exchange)
        if exchange.left:
            answers += [None] * (len(exchange.requests) - len(answers))
        elif not exchange.resends and len(answers) <= WINDOW:
            exchange.peer.learn(self.loop.time() - exchange.sent_at)
        if exchange.heard:
            answers = Late(answers, [exchange.heard.get(fresh, 0.0) for fresh in exchange.answers])
        if not future.done():
            future.set_result(answers)
        if self._waiting:
            self._admit()

    def _admit(self) -> None:
        """Start what waited, as far as there is room again."""
        while self._waiting and self.in_flight + WINDOW <= self.capacity:
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
        for wire in self._wires.values():
            for _ in range(2 * self.capacity // BURST + 1):
                if not self._receive(wire):
                    break
        now = self.loop.time()
        for tick in sorted(tick for tick in self._wheel if tick * TICK_S <= now):
            for exchange in self._wheel.pop(tick):
                self._expire(exchange, now)
        busy = self.in_flight or self._waiting
        self._ticking = self.loop.call_later(TICK_S, self._turn) if busy else None
        if not busy:
            self._wheel.clear()

    def _expire(self, exchange: Exchange, now: float) -> None:
        """Resend, or give up. An exchange that moved on meanwhile gets its time anew."""
        over = exchange.future.done() or now >= exchange.until or not exchange.answers
        due = exchange.sent_at + exchange.peer.pause_s(exchange.resends)
        if not over and now < due:
            self._schedule(exchange, due)
        elif over or exchange.resends + 1 >= exchange.tries:
            self._give_up(exchange)
        else:
            self._put_off(exchange)
            exchange.resends += 1
            exchange.sent_at = now
            self.counters.resent += self._resend(exchange)
            self._schedule(exchange, now + exchange.peer.pause_s(exchange.resends))

    def _put_off(self, exchange: Exchange) -> None:
        """From here on its answers speak of a later moment than those before; how much later is noted as they come."""
        if exchange.heard is None:
            exchange.heard, exchange.began_at = {}, exchange.sent_at
        if exchange.pending is self._pending:
            for fresh, _ in exchange.unanswered:
                self._overdue[fresh] = self._pending.pop(fresh)
            exchange.pending = self._overdue

    def _give_up(self, exchange: Exchange) -> None:
        if exchange in self._waiting:
            self._waiting.remove(exchange)
        for fresh, _ in exchange.unanswered:
            del exchange.pending[fresh]
            self.counters.timeouts += 1
            self._given_up[fresh] = None
        while len(self._given_up) > REMEMBERED:
            del self._given_up[next(iter(self._given_up))]
        exchange.resends += 1  # no lesson for the peer's round trip
        self._finish(exchange)
