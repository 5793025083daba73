"""BER as SNMP uses it (X.690, RFC 3417 section 8): definite lengths only; anything else is a BerError."""

from collections.abc import Iterable

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIMETICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82
GET, GETNEXT, RESPONSE, SET, GETBULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5, 0xA8


class BerError(ValueError):
    """The bytes are no BER that SNMP allows."""


def length(n: int) -> bytes:
    if n < 0x80:
        return bytes((n,))
    body = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(body),)) + body


def tlv(tag: int, body: bytes) -> bytes:
    return bytes((tag,)) + length(len(body)) + body


def integer(value: int) -> bytes:
    """INTEGER, signed, shortest form; up to 64 bits."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return bytes((INTEGER, size)) + value.to_bytes(size, "big", signed=True)


def unsigned(value: int, tag: int) -> bytes:
    """Counter32, Gauge32, TimeTicks, Counter64: never negative, a zero octet before a set top bit; up to 64 bits."""
    size = value.bit_length() // 8 + 1
    return bytes((tag, size)) + value.to_bytes(size, "big")


def arc(n: int) -> bytes:
    out = bytes((n & 0x7F,))
    while n := n >> 7:
        out = bytes((0x80 | n & 0x7F,)) + out
    return out


def oid_body(arcs: Iterable[int]) -> bytes:
    """Content octets of an OBJECT IDENTIFIER."""
    first, second, *rest = arcs
    return arc(first * 40 + second) + b"".join(map(arc, rest))


def dotted_body(dotted: str) -> bytes:
    return oid_body(map(int, dotted.split(".")))


def oid_arcs(body: bytes) -> tuple[int, ...]:
    """The arcs of an OBJECT IDENTIFIER's content octets."""
    arcs: list[int] = []
    n = 0
    for octet in body:
        n = n << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(n)
            n = 0
    if not arcs or body[-1] & 0x80:
        raise BerError("object identifier is cut off")
    first = arcs[0]
    head = (first // 40, first % 40) if first < 80 else (2, first - 80)
    return (*head, *arcs[1:])


def read(data: bytes, pos: int) -> tuple[int, int, int]:
    """(tag, start, end) of the element at `pos`; its content is data[start:end]."""
    try:
        tag, size = data[pos], data[pos + 1]
    except IndexError:
        raise BerError("message is cut off") from None
    start = pos + 2
    if size & 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 4:
            raise BerError("length of a form SNMP does not use")
        size = int.from_bytes(data[start : start + octets], "big")
        start += octets
    if start + size > len(data):
        raise BerError("message is cut off")
    return tag, start, start + size
