"""What comes back to the SNMP engine: who waits for which answer, and what becomes of a datagram that is nobody's.

An answer is known by its request id and the address it comes from; a sealed one (SNMPv3) by its msgID, and by what its
envelope believes.
"""

import asyncio
from collections.abc import Callable, MutableMapping

from collectors.snmp.exchange import Counters, Envelope, Exchange, Peer, Verdict, identity, message_id
from collectors.snmp.wire import Place, Wire

REMEMBERED = 4096  # request ids given up, or asked again, that still tell a late answer from a strange one


class Inbox:
    """`answered` is told of each exchange that has all answers or may send more; `doubted` of what its envelope refuses."""

    def __init__(
        self,
        counters: Counters,
        peers: MutableMapping[Place, Peer],
        answered: Callable[[Exchange], None],
        doubted: Callable[[Exchange, bytes, Verdict], None],
    ) -> None:
        self._counters = counters
        self._peers = peers
        self._answered = answered
        self._doubted = doubted
        self._pending: dict[bytes, Exchange] = {}  # by request id
        self._sealed: dict[bytes, Exchange] = {}  # by msgID: nothing that comes without an envelope finds these
        self._overdue: dict[bytes, Exchange] = {}  # by request id, of what was asked again: its answers are timed
        self._past: dict[bytes, None] = {}

    def __len__(self) -> int:
        """Requests sent and neither answered nor given up."""
        return len(self._pending) + len(self._sealed) + len(self._overdue)

    def table(self, envelope: Envelope | None) -> dict[bytes, Exchange]:
        """Where an exchange with that envelope enters its requests, by the ids it gives them."""
        return self._pending if envelope is None else self._sealed

    def clear(self) -> None:
        """Whoever still waits is cancelled."""
        for table in (self._pending, self._sealed, self._overdue):
            for exchange in table.values():
                exchange.future.cancel()
            table.clear()

    def read(self, wire: Wire) -> tuple[int, bool]:
        """Read what waits in the socket, at most a burst: how many, and whether more of the last poll are due."""
        ready, strays, count, octets, last = wire.receive(self._pending)
        for exchange in ready:
            self._answered(exchange)
        for data, place in strays:
            last = self._look_up(data, place)
        self._counters.received += count
        self._counters.octets_received += octets
        return count, last is not None and last.left > 0

    def put_off(self, exchange: Exchange) -> None:
        """From here on its answers speak of a later moment than those before; how much later is noted as they come."""
        if exchange.heard is None:
            exchange.heard, exchange.began_at = {}, exchange.sent_at
        if exchange.pending is self._pending:
            for fresh, _ in exchange.unanswered:
                self._overdue[fresh] = self._pending.pop(fresh)
            exchange.pending = self._overdue

    def give_up(self, exchange: Exchange) -> None:
        """What is still unanswered is not waited for any more; an answer that comes after all is late."""
        for fresh, _ in exchange.unanswered:
            del exchange.pending[fresh]
            self._counters.timeouts += 1
            self._remember(fresh)

    def _remember(self, fresh: bytes) -> None:
        self._past[fresh] = None
        while len(self._past) > REMEMBERED:
            del self._past[next(iter(self._past))]

    def _look_up(self, data: bytes, place: Place) -> Exchange | None:
        """Find the long way whose answer this is; count it when it is nobody's."""
        fresh, pending = message_id(data), self._sealed
        if fresh is None:
            fresh, pending = identity(data), self._pending
        exchange = pending.get(fresh) if fresh else None
        if exchange is None and fresh and pending is self._pending:
            exchange = self._overdue.get(fresh)
        if fresh is None or exchange is None or exchange.place != place:
            self._stray(fresh, place, exchange)
            return None
        if exchange.envelope is not None:
            plain = exchange.envelope.open(fresh, data)
            if isinstance(plain, Verdict):
                self._doubted(exchange, fresh, plain)
                return None
            exchange.peer.octets += len(data) - len(plain)
            data = plain
        del exchange.pending[fresh]
        exchange.answers[fresh] = data
        exchange.left -= 1
        if exchange.heard is not None:
            exchange.note_late(fresh, asyncio.get_running_loop().time())
            self._remember(fresh)  # it was asked more than once, and may be answered so
        if not exchange.left or exchange.unsent:
            self._answered(exchange)
        return exchange

    def _stray(self, fresh: bytes | None, place: Place, exchange: Exchange | None) -> None:
        """A datagram that nobody waits for, or that comes from elsewhere. A slow device is no strange one."""
        counters, peer = self._counters, self._peers.get(place)
        if exchange is not None:
            counters.wrong_source += 1
            peer = exchange.peer
        elif fresh is None:
            counters.malformed += 1
        elif fresh in self._past:
            counters.late += 1
            return
        else:
            counters.unknown_id += 1
        if peer is not None:
            peer.strays += 1
