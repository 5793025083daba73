"""Notifications as devices put them on the wire."""

from collections.abc import Sequence

from collectors.snmp import ber

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
REQUEST_ID = 0x01020304
TRAP, INFORM, TRAP_V1 = 0xA7, 0xA6, 0xA4
Variable = tuple[str, bytes]  # OID, and the value as BER


def oid(dotted: str) -> bytes:
    return ber.tlv(ber.OID, ber.dotted_body(dotted))


def bindings(variables: Sequence[Variable]) -> bytes:
    return ber.tlv(ber.SEQUENCE, b"".join(ber.tlv(ber.SEQUENCE, oid(name) + value) for name, value in variables))


def pdu(name: str, variables: Sequence[Variable] = (), *, tag: int = TRAP, ticks: int = 90_000_000) -> bytes:
    first = [("1.3.6.1.2.1.1.3.0", ber.unsigned(ticks, ber.TIMETICKS)), ("1.3.6.1.6.3.1.1.4.1.0", oid(name))]
    return ber.tlv(tag, ber.integer(REQUEST_ID) + ber.integer(0) + ber.integer(0) + bindings([*first, *variables]))


def v2c(name: str, variables: Sequence[Variable] = (), *, tag: int = TRAP, community: bytes = b"public") -> bytes:
    content = ber.integer(1) + ber.tlv(ber.OCTETS, community) + pdu(name, variables, tag=tag)
    return ber.tlv(ber.SEQUENCE, content)


def v1(enterprise: str, generic: int, specific: int = 0, variables: Sequence[Variable] = ()) -> bytes:
    body = oid(enterprise) + ber.tlv(ber.IP_ADDRESS, bytes((10, 1, 2, 3))) + ber.integer(generic)
    body += ber.integer(specific) + ber.unsigned(500, ber.TIMETICKS) + bindings(variables)
    return ber.tlv(ber.SEQUENCE, ber.integer(0) + ber.tlv(ber.OCTETS, b"public") + ber.tlv(TRAP_V1, body))


def link(index: int, status: int = 2) -> list[Variable]:
    return [
        (f"1.3.6.1.2.1.2.2.1.1.{index}", ber.integer(index)),
        (f"1.3.6.1.2.1.2.2.1.8.{index}", ber.integer(status)),
    ]
