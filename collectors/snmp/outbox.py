"""What the SNMP engine sends: gathered in a turn of the loop, and sent in one run at its end."""

import asyncio
from collections.abc import MutableMapping

from collectors.snmp.exchange import Counters, Peer
from collectors.snmp.wire import Datagram, Place, Wire


class Outbox:
    """Of one wire. What finds no room in the socket stays in order, and goes when there is some again."""

    def __init__(
        self, wire: Wire, loop: asyncio.AbstractEventLoop, counters: Counters, peers: MutableMapping[Place, Peer]
    ) -> None:
        self._wire = wire
        self._loop = loop
        self._counters = counters
        self._peers = peers
        self._queue: list[Datagram] = []

    def post(self, peer: Peer, datagrams: list[Datagram], octets: int) -> None:
        """Requests of so many octets, all to that peer."""
        if not self._queue:
            self._loop.call_soon(self._flush)
        self._queue += datagrams
        self._charge(peer, len(datagrams), octets)

    def close(self) -> None:
        self._queue.clear()
        self._loop.remove_writer(self._wire.fileno)

    def _charge(self, peer: Peer, count: int, octets: int) -> None:
        """Less than none where the kernel refused them."""
        self._counters.sent += count
        self._counters.octets_sent += octets
        peer.pdus += count
        peer.octets += octets

    def _flush(self) -> None:
        wire, queue = self._wire, self._queue
        done, refused = wire.send(queue)
        for data, place in refused:
            self._counters.unsendable += 1
            peer = self._peers.get(place)
            if peer is not None:
                self._charge(peer, -1, -len(data))
        del queue[:done]
        if bool(queue) != wire.full:
            wire.full = bool(queue)
            if wire.full:
                self._loop.add_writer(wire.fileno, self._flush)
            else:
                self._loop.remove_writer(wire.fileno)
