"""A small SNMPv1/v2c agent in the test's own loop: objects in, answers out, and a hook that spoils them."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from collectors.snmp import ber
from collectors.snmp.engine import Engine
from collectors.snmp.fast import available
from collectors.snmp.session import Session
from collectors.snmp.speech import Plain

COMMUNITY = b"public"
needs_fast = pytest.mark.skipif(not available(), reason="the compiled parts are not built here")
ENGINES = [pytest.param(False, id="python"), pytest.param(True, id="compiled", marks=needs_fast)]
Arcs = tuple[int, ...]
Objects = Mapping[Arcs, bytes]  # name -> value as BER, tag and length with it
Spoil = Callable[["Asked", bytes], list[bytes]]

END, NO_OBJECT = b"\x82\x00", b"\x80\x00"


class Asked(NamedTuple):
    pdu: int
    first: int
    second: int
    names: tuple[Arcs, ...]


def honest(asked: Asked, answer: bytes) -> list[bytes]:
    return [answer]


@dataclass
class Agent(asyncio.DatagramProtocol):
    """Answers GET, GETNEXT and GETBULK; `asked` is what it was asked, in order."""

    objects: Objects
    spoil: Spoil = honest
    status: Callable[[Asked], tuple[int, int]] = lambda asked: (0, 0)
    largest: int = 1472
    delay_s: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)
    narrow: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.address = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        answer = self.answer(data)
        if answer is None:
            return
        for datagram in self.spoil(self.asked[-1], answer):
            if self.delay_s:
                asyncio.get_running_loop().call_later(self.delay_s, self._send, datagram, source)
            else:
                self._send(datagram, source)

    def _send(self, datagram: bytes, source: tuple[str, int]) -> None:
        self.transport.sendto(datagram, source)  # type: ignore[attr-defined]

    def answer(self, data: bytes) -> bytes | None:
        _, pos, _ = ber.read(data, 0)
        _, start, pos = ber.read(data, pos)
        version = data[start:pos]
        _, start, pos = ber.read(data, pos)
        if data[start:pos] != COMMUNITY:
            return None
        pdu, pos, _ = ber.read(data, pos)
        fields = []
        for _ in range(3):
            _, start, pos = ber.read(data, pos)
            fields.append(data[start:pos])
        _, pos, end = ber.read(data, pos)
        names = []
        while pos < end:
            _, start, pos = ber.read(data, pos)
            _, start, stop = ber.read(data, start)
            names.append(ber.oid_arcs(data[start:stop]))
        self.narrow = version == b"\x00"
        asked = Asked(pdu, int.from_bytes(fields[1]), int.from_bytes(fields[2]), tuple(names))
        self.asked.append(asked)
        status, index = self.status(asked)
        found = [] if status else self._found(asked)
        lacking = [i for i, (_, content) in enumerate(found, 1) if content in (END, NO_OBJECT)]
        if version == b"\x00" and lacking:  # RFC 1157: no exceptions, but an error and the first that lacks
            status, index = 2, lacking[0]
        if status:
            found = [(name, b"\x05\x00") for name in names]
        return message(version, fields[0], status, index, self._cut(found, asked))

    def _cut(self, found: list[tuple[Arcs, bytes]], asked: Asked) -> list[bytes]:
        """As many bindings as fit, when more were asked than one may promise."""
        bindings: list[bytes] = []
        size = 60
        for name, value in found:
            binding = ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.oid_body(name)) + value)
            size += len(binding)
            if bindings and size > self.largest and asked.pdu == ber.GETBULK:
                break
            bindings.append(binding)
        return bindings

    def _found(self, asked: Asked) -> list[tuple[Arcs, bytes]]:
        if asked.pdu == ber.GET:
            return [(name, self.objects.get(name, NO_OBJECT)) for name in asked.names]
        if asked.pdu == ber.GETNEXT:
            return [self._next(name) for name in asked.names]
        found = [self._next(name) for name in asked.names[: asked.first]]
        row = list(asked.names[asked.first :])
        for _ in range(asked.second):
            answered = [self._next(name) for name in row]
            found += answered
            row = [name for name, _ in answered]
        return found

    def _next(self, name: Arcs) -> tuple[Arcs, bytes]:
        names = sorted(self.objects)
        if self.narrow:  # v1 has no Counter64: such objects are passed over
            names = [name for name in names if self.objects[name][0] != ber.COUNTER64]
        at = bisect_right(names, name)
        return (names[at], self.objects[names[at]]) if at < len(names) else (name, END)


def message(version: bytes, identity: bytes, status: int, index: int, bindings: list[bytes]) -> bytes:
    pdu = (
        ber.tlv(ber.INTEGER, identity)
        + ber.integer(status)
        + ber.integer(index)
        + ber.tlv(ber.SEQUENCE, b"".join(bindings))
    )
    opening = ber.tlv(ber.INTEGER, version) + ber.tlv(ber.OCTETS, COMMUNITY)
    return ber.tlv(ber.SEQUENCE, opening + ber.tlv(ber.RESPONSE, pdu))


def arcs(dotted: str) -> Arcs:
    return tuple(map(int, dotted.split(".")))


@asynccontextmanager
async def serving(agent: Agent) -> AsyncIterator[Agent]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: agent, local_addr=("127.0.0.1", 0))
    try:
        yield agent
    finally:
        transport.close()
        await asyncio.sleep(0)


def session_to(engine: Engine, address: tuple[str, int], community: str = "public") -> Session:
    async def find():  # type: ignore[no-untyped-def]
        return engine.peer(address)

    return Session(Plain(engine, community), find)
