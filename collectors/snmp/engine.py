"""The SNMP engine: one UDP socket per address family asks every device, and matches answers by request id and source.

Nothing here knows what an answer says. The engine decides what is sent, sent again and given up; requests go out by an
outbox (outbox.py), an ear says when to read (ear.py), the inbox finds whose answer came (inbox.py), and a wheel says when
time is over (wheel.py). No task and no timer per request: the wheel turns only while something is pending, and a future
tells the end.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from collectors.snmp.ear import Ear
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
)
from collectors.snmp.fast import FastWire, available
from collectors.snmp.inbox import Inbox
from collectors.snmp.layout import Shelf
from collectors.snmp.message import Request
from collectors.snmp.outbox import Outbox
from collectors.snmp.wheel import Wheel
from collectors.snmp.wire import BURST, Address, Datagram, Place, Wire

WINDOW = 8  # requests in flight towards one device: its own receive buffer is small
SPARE = 256  # request ids at hand for one send, and for drawing again what is pending
OCTETS_PER_ANSWER = 4096  # what the kernel books for one answer of up to 1472 octets
DOUBT_S = 0.1  # or two round trips: how long a proven answer may come after an unproven "no"


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
        self._peers: WeakValueDictionary[Place, Peer] = WeakValueDictionary()
        self._wires: dict[int, Wire] = {}
        self._outboxes: dict[Wire, Outbox] = {}
        self._ears: list[Ear] = []
        self._inbox = Inbox(self.counters, self._peers, self._go_on, self._weigh)
        self._wheel = Wheel(self._catch_up, self._expire, self._busy)
        self._waiting: deque[Exchange] = deque()  # for room in the receive buffer
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
        self._wheel.stop()
        self._inbox.clear()
        for exchange in self._waiting:
            exchange.future.cancel()
        self._waiting.clear()
        for ear in self._ears:
            ear.close()
        for wire, outbox in self._outboxes.items():
            outbox.close()
            wire.close()
        self._ears.clear()
        self._wires.clear()

    @property
    def in_flight(self) -> int:
        """Requests sent and neither answered nor given up."""
        return len(self._inbox)

    @property
    def waiting(self) -> int:
        """Exchanges that wait for room in the receive buffer."""
        return len(self._waiting)

    @property
    def ticking(self) -> bool:
        """The timer wheel turns; it rests when nothing is pending."""
        return self._wheel.turning

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
        future, pending = self.loop.create_future(), self._inbox.table(envelope)
        exchange = Exchange(peer, requests, future, pending, until=until, tries=tries, envelope=envelope)
        if self._waiting or len(self._inbox) + WINDOW > self.capacity:
            self.counters.queued += len(requests)
            self._waiting.append(exchange)
            self._wheel.put(exchange, until)
        else:
            self._start(exchange)
        return exchange.future

    def _open(self, family: int) -> Wire:
        wire = self._wires[family] = (FastWire if self.fast else Wire)(family, self._buffer_octets)
        self._outboxes[wire] = Outbox(wire, self.loop, self.counters, self._peers)
        room = wire.granted // OCTETS_PER_ANSWER
        capacity = max(2 * WINDOW, room)
        self.capacity = min(capacity, self.capacity) if self.capacity else capacity
        self._ears.append(Ear(wire, self.loop, self._inbox.read, patient=room == capacity))
        return wire

    def _start(self, exchange: Exchange) -> None:
        exchange.sent_at = now = self.loop.time()
        self._enlist(exchange, exchange.requests if exchange.left <= WINDOW else exchange.requests[:WINDOW])
        self._wheel.put(exchange, now + exchange.peer.first_pause_s)
        if not exchange.left:
            self._finish(exchange)

    def _enlist(self, exchange: Exchange, requests: Sequence[Request]) -> None:
        """The requests that come next get their ids, and from here on their answers are known."""
        place, pending, answers, envelope = exchange.place, exchange.pending, exchange.answers, exchange.envelope
        if len(self._fresh) < SPARE:
            self._fresh += identities()
        draw = self._fresh.pop
        exchange.unsent -= len(requests)
        datagrams: list[Datagram] = []
        octets = 0
        for head, tail in requests:
            fresh = draw()
            while fresh in pending:
                fresh = draw()
            pending[fresh] = exchange
            answers[fresh] = None
            data = head + fresh + tail if envelope is None else envelope.seal(head, fresh, tail)
            octets += len(data)
            datagrams.append((data, place))
        self._outboxes[exchange.peer.wire].post(exchange.peer, datagrams, octets)

    def _resend(self, exchange: Exchange, only: bytes = b"") -> int:
        """Send again, under their old ids, the requests still unanswered, or one of them; how many."""
        again = [
            (exchange.datagram(fresh, request), exchange.place)
            for fresh, request in exchange.unanswered
            if only in (b"", fresh)
        ]
        self._outboxes[exchange.peer.wire].post(exchange.peer, again, sum(len(data) for data, _ in again))
        return len(again)

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
        self._wheel.drop(exchange)
        exchange.until = min(exchange.until, self.loop.time() + max(DOUBT_S, 2 * exchange.peer.rtt_s))
        self._wheel.put(exchange, exchange.until)

    def _finish(self, exchange: Exchange) -> None:
        """Hand over what there is."""
        future = exchange.future
        answers: Answers = [*exchange.answers.values()]
        exchange.peer.octets += sum([len(data) for data in answers if data])
        self._wheel.drop(exchange)
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
        while self._waiting and len(self._inbox) + WINDOW <= self.capacity:
            following = self._waiting.popleft()
            self._wheel.drop(following)
            if not following.future.done():
                self._start(following)

    def _busy(self) -> bool:
        return bool(self._waiting) or len(self._inbox) > 0

    def _catch_up(self) -> None:
        """Read all that waits in the sockets; whoever floods them does not stop the wheel."""
        for wire in self._wires.values():
            for _ in range(2 * self.capacity // BURST + 1):
                if self._inbox.read(wire)[0] < BURST:
                    break

    def _expire(self, exchange: Exchange, now: float) -> None:
        """Resend, or give up. An exchange that moved on meanwhile gets its time anew."""
        over = exchange.future.done() or now >= exchange.until or not exchange.answers
        due = exchange.sent_at + exchange.peer.pause_s(exchange.resends)
        if not over and now < due:
            self._wheel.put(exchange, due)
        elif over or exchange.resends + 1 >= exchange.tries:
            self._give_up(exchange)
        else:
            self._inbox.put_off(exchange)
            exchange.resends += 1
            exchange.sent_at = now
            self.counters.resent += self._resend(exchange)
            self._wheel.put(exchange, now + exchange.peer.pause_s(exchange.resends))

    def _give_up(self, exchange: Exchange) -> None:
        if exchange in self._waiting:
            self._waiting.remove(exchange)
        self._inbox.give_up(exchange)
        exchange.resends += 1  # no lesson for the peer's round trip
        self._finish(exchange)
