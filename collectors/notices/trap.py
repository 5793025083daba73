"""Traps and informs taken apart: SNMP v1, v2c and the opened inside of v3, all as RFC 3416 has them.

Every byte is hostile until parsed: whatever is not wholly well formed is a TrapError. A v1 trap becomes what RFC 3584
(3.1) makes of it, so that nothing behind this module knows two kinds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from collectors.contract import Value
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.message import expect, value

V1, V2C, V3 = 0, 1, 3
TRAP_V1, INFORM, TRAP = 0xA4, 0xA6, 0xA7
NO_SUCH = frozenset((ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW))

SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
SNMP_TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
SNMP_TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.3.0"
SNMP_TRAPS = "1.3.6.1.6.3.1.1.5"  # coldStart(1), warmStart(2), linkDown(3) ... of SNMPv2-MIB and IF-MIB
ENTERPRISE_SPECIFIC = 6

MOST_OCTETS = 65_507  # of a UDP datagram
MOST_BINDINGS = 512
MOST_ARCS = 128  # RFC 2578, 3.5


class TrapError(ValueError):
    """The datagram is no notification that SNMP allows."""


Opener = Callable[[bytes], bytes]  # a whole SNMPv3 message -> its PDU, checked and deciphered


@dataclass(frozen=True, slots=True)
class Binding:
    """One variable: its dotted OID, and its value as the contract has it; IpAddress is dotted; None: NULL, no such object."""

    oid: str
    value: Value


@dataclass(frozen=True, slots=True)
class Trap:
    """`oid` is snmpTrapOID; `bindings` are what follows sysUpTime and snmpTrapOID."""

    version: Literal["1", "2c", "3"]
    oid: str
    uptime_ticks: int | None  # 1/100 s
    bindings: tuple[Binding, ...]
    confirmed: bool = False  # an inform: the sender waits for a Response
    request_id: int = 0
    community: bytes = b""
    agent: str = ""  # agent-addr of v1, where it says one


def version_of(data: bytes) -> int:
    """The version field: 0 v1, 1 v2c, 3 v3. TrapError when there is none."""
    try:
        return _opening(data)[0]
    except BerError as error:
        raise TrapError(str(error)) from None


def parse_trap(data: bytes, unlock: Opener | None = None) -> Trap:
    """Take one datagram apart. `unlock` opens SNMPv3; without it a v3 message is a TrapError.

    Pure but for what `unlock` does; its own exceptions pass through.
    """
    try:
        version, pos = _opening(data)
        if version == V3:
            if unlock is None:
                raise TrapError("SNMPv3, and no user is known for it")
            return parse_pdu(unlock(data), "3")
        return _parse_community(data, version, pos)
    except BerError as error:
        raise TrapError(str(error)) from None


def parse_pdu(pdu: bytes, version: Literal["2c", "3"], community: bytes = b"") -> Trap:
    """A Trap or InformRequest PDU with its tag and length, as SNMPv3 carries it."""
    try:
        tag, start, end = ber.read(pdu, 0)
        if end != len(pdu):
            raise TrapError("something follows the PDU")
        return _parse_pdu(pdu[start:end], tag, version, community)
    except BerError as error:
        raise TrapError(str(error)) from None


def _opening(data: bytes) -> tuple[int, int]:
    """(version, where the next element begins)."""
    if len(data) > MOST_OCTETS:
        raise TrapError("longer than a datagram")
    pos, end = expect(data, 0, ber.SEQUENCE)
    if end != len(data):
        raise TrapError("something follows the message")
    start, pos = expect(data, pos, ber.INTEGER)
    if pos - start != 1:
        raise TrapError("no version of SNMP")
    return data[start], pos


def _parse_community(data: bytes, version: int, pos: int) -> Trap:
    start, pos = expect(data, pos, ber.OCTETS)
    community = data[start:pos]
    tag, start, end = ber.read(data, pos)
    if end != len(data):
        raise TrapError("something follows the PDU")
    if version == V1 and tag == TRAP_V1:
        return _parse_v1(data[start:end], community)
    if version == V2C:
        return _parse_pdu(data[start:end], tag, "2c", community)
    raise TrapError(f"version {version} with PDU {tag:#04x}")


def _parse_v1(data: bytes, community: bytes) -> Trap:
    """RFC 1157, 4.1.6, turned into v2 as RFC 3584, 3.1 says."""
    start, pos = expect(data, 0, ber.OID)
    enterprise = _dotted(data[start:pos])
    start, pos = expect(data, pos, ber.IP_ADDRESS)
    agent = ".".join(map(str, data[start:pos])) if pos - start == 4 else ""
    generic, pos = _whole(data, pos)
    specific, pos = _whole(data, pos)
    start, pos = expect(data, pos, ber.TIMETICKS)
    ticks = value(ber.TIMETICKS, data[start:pos])
    if generic == ENTERPRISE_SPECIFIC:
        oid = f"{enterprise}.0.{specific & 0xFFFFFFFF}"
    elif 0 <= generic < ENTERPRISE_SPECIFIC:
        oid = f"{SNMP_TRAPS}.{generic + 1}"
    else:
        raise TrapError(f"generic trap {generic}")
    bindings = (*_bindings(data, pos), Binding(SNMP_TRAP_ENTERPRISE, enterprise))
    said = agent if agent != "0.0.0.0" else ""
    return Trap("1", oid, ticks if isinstance(ticks, int) else None, bindings, community=community, agent=said)


def _parse_pdu(data: bytes, tag: int, version: Literal["2c", "3"], community: bytes = b"") -> Trap:
    if tag not in (TRAP, INFORM):
        raise TrapError(f"PDU {tag:#04x} is no notification")
    request_id, pos = _whole(data, 0)
    _, pos = _whole(data, pos)  # error-status and error-index mean nothing here
    _, pos = _whole(data, pos)
    bindings = tuple(_bindings(data, pos))
    place = next((at for at, one in enumerate(bindings[:4]) if one.oid == SNMP_TRAP_OID), None)
    if place is None:
        raise TrapError("no snmpTrapOID")
    oid = bindings[place].value
    if not isinstance(oid, str):
        raise TrapError("snmpTrapOID is no OBJECT IDENTIFIER")
    first = bindings[0]
    ticks = first.value if first.oid == SYS_UPTIME and isinstance(first.value, int) else None
    rest = bindings[place + 1 :]
    return Trap(version, oid, ticks, rest, tag == INFORM, request_id, community)


def _bindings(data: bytes, pos: int) -> Iterator[Binding]:
    """The VarBindList at `pos`, which must be the last element."""
    pos, end = expect(data, pos, ber.SEQUENCE)
    if end != len(data):
        raise TrapError("something follows the bindings")
    for _ in range(MOST_BINDINGS):
        if pos == end:
            return
        start, stop = expect(data, pos, ber.SEQUENCE)
        begin, middle = expect(data, start, ber.OID)
        tag, first, last = ber.read(data, middle)
        if last != stop or stop > end:
            raise TrapError("binding's length does not fit its content")
        yield Binding(_dotted(data[begin:middle]), _value(tag, data[first:last]))
        pos = stop
    if pos != end:
        raise TrapError(f"more than {MOST_BINDINGS} bindings")


def _value(tag: int, content: bytes) -> Value:
    """The value; TrapError where its type does not allow such content, or is none of SNMP."""
    if tag == ber.NULL or tag in NO_SUCH:
        if content:
            raise TrapError("NULL with content")
        return None
    if tag == ber.OID:
        return _dotted(content)
    if tag == ber.IP_ADDRESS and len(content) == 4:
        return ".".join(map(str, content))
    found = value(tag, content)
    if found is None:
        raise TrapError(f"value of type {tag:#04x} cannot be read")
    return found


def _whole(data: bytes, pos: int) -> tuple[int, int]:
    """(value, end) of an INTEGER; some agents write 32-bit ids unsigned, in five octets."""
    start, end = expect(data, pos, ber.INTEGER)
    if not 1 <= end - start <= 5:
        raise TrapError("integer of a size that does not belong here")
    return int.from_bytes(data[start:end], "big", signed=True), end


def _dotted(body: bytes) -> str:
    if not body or len(body) > 5 * MOST_ARCS:
        raise TrapError("object identifier of a length SNMP does not allow")
    arcs = ber.oid_arcs(body)
    if len(arcs) > MOST_ARCS or max(arcs) > 0xFFFFFFFF:
        raise TrapError("object identifier that SNMP does not allow")
    return ".".join(map(str, arcs))


def acknowledgement(data: bytes, trap: Trap) -> bytes:
    """The Response to a v2c inform: the same bindings, no error (RFC 3416, 4.2.7)."""
    pos, _ = expect(data, 0, ber.SEQUENCE)
    _, pos = expect(data, pos, ber.INTEGER)
    _, pos = expect(data, pos, ber.OCTETS)
    head = ber.integer(V2C) + ber.tlv(ber.OCTETS, trap.community)
    return ber.tlv(ber.SEQUENCE, head + response(data[pos:], trap.request_id))


def response(pdu: bytes, request_id: int) -> bytes:
    """The Response PDU to an inform's PDU; both with tag and length."""
    _, pos, _ = ber.read(pdu, 0)
    for _ in range(3):
        _, pos = expect(pdu, pos, ber.INTEGER)
    return ber.tlv(ber.RESPONSE, ber.integer(request_id) + ber.integer(0) + ber.integer(0) + pdu[pos:])
