"""A small SNMPv3 agent in the test's own loop: an Agent behind the User-based Security Model, with hooks to spoil it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from collectors.snmp import ber
from collectors.snmp.engine import Engine
from collectors.snmp.keys import KeyRing, Keys
from collectors.snmp.secured import Secured
from collectors.snmp.session import Session
from collectors.snmp.usm import (
    Header,
    OutOfWindow,
    Refusal,
    UnknownEngine,
    UnknownUser,
    open_,
    parse_header,
    report,
    seal,
)
from inventory.credentials import SnmpUser
from inventory.secret import Secret
from tests.collectors.snmp.agent import COMMUNITY, Agent

ENGINE_ID = b"\x80\x00\x1f\x88\x04lab-1"
USER = SnmpUser("noc", "SHA-1", Secret("authentication"), "AES-128", Secret("privacypassword"))
REPLAYED = "noc:sha:authentication:aes:privacypassword"  # the same user as the replay tool is told of it
RING = KeyRing()  # keys of the tests' agents; making them is slow
Wrap = Callable[["SealedAgent", Header, bytes], list[bytes]]  # datagrams to send in place of the answer


def honest(agent: "SealedAgent", header: Header, answer: bytes) -> list[bytes]:
    return [answer]


@dataclass
class SealedAgent(Agent):
    """Answers a user's questions; `clock` is its boots and time, `heard` the headers of what it was asked."""

    users: Mapping[str, SnmpUser] = field(default_factory=lambda: {"noc": USER})
    engine_id: bytes = ENGINE_ID
    clock: tuple[int, int] = (7, 1000)
    wrap: Wrap = honest
    heard: list[Header] = field(default_factory=list)
    salt: int = 0
    deaf: int = 0  # datagrams it will not hear

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        if self.deaf:
            self.deaf -= 1
            return
        header = parse_header(data)
        self.heard.append(header)
        answer = self._sealed(data, header)
        for datagram in self.wrap(self, header, answer) if answer is not None else []:
            self._send(datagram, source)

    def keys(self, header: Header) -> Keys | None:
        user = self.users.get(header.user.decode())
        return None if user is None else RING(user, self.engine_id)

    def _sealed(self, data: bytes, header: Header) -> bytes | None:
        keys, own = self.keys(header), Keys(header.user, self.engine_id)
        try:
            if header.engine_id != self.engine_id:
                raise UnknownEngine
            if keys is None:
                raise UnknownUser
            said = open_(data, header, keys, clock=self.clock)
        except OutOfWindow:
            return self.report(OutOfWindow, data, header, keys or own)
        except Refusal as refused:
            return self.report(type(refused), data, header, own)
        answer = self.answer(ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, COMMUNITY) + said.pdu))
        return None if answer is None else self.seal(pdu_of(answer), keys, header)

    def report(self, kind: type[Refusal], data: bytes, header: Header, own: Keys) -> bytes:
        return report(kind, 1, data, header, own=own, clock=self.clock)

    def seal(self, pdu: bytes, keys: Keys, header: Header, flags: int | None = None) -> bytes:
        self.salt += 1
        return seal(pdu, keys, msg_id=header.msg_id, clock=self.clock, salt=self.salt, flags=flags)


def pdu_of(message: bytes) -> bytes:
    """The PDU of an SNMPv2c message."""
    _, pos, end = ber.read(message, 0)
    for _ in range(2):
        _, _, pos = ber.read(message, pos)
    return message[pos:end]


def lie(pdu: bytes, value: int = 666) -> bytes:
    """A RESPONSE with the same request id and names, but all values of it another."""
    _, at, _ = ber.read(pdu, 0)
    _, start, pos = ber.read(pdu, at)
    identity = pdu[start:pos]
    for _ in range(2):
        _, _, pos = ber.read(pdu, pos)
    _, pos, end = ber.read(pdu, pos)
    bindings = b""
    while pos < end:
        _, start, pos = ber.read(pdu, pos)
        _, at, stop = ber.read(pdu, start)
        name = ber.tlv(ber.OID, pdu[at:stop])
        bindings += ber.tlv(ber.SEQUENCE, name + ber.unsigned(value, ber.TIMETICKS))
    head = ber.tlv(ber.INTEGER, identity) + ber.integer(0) + ber.integer(0)
    return ber.tlv(ber.RESPONSE, head + ber.tlv(ber.SEQUENCE, bindings))


def secured(engine: Engine, address: tuple[str, int], user: SnmpUser = USER) -> Session:
    async def find():  # type: ignore[no-untyped-def]
        return engine.peer(address)

    return Session(Secured(engine, user, RING, iter(range(2**40, 2**41))), find)


def other(**changed: object) -> SnmpUser:
    """The tests' user, but for what changed."""
    return replace(USER, **changed)  # type: ignore[arg-type]
