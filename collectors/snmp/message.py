"""SNMP messages on the wire: request templates in which only the request id changes, and the strict walk of answers.

The walk is the oracle: it accepts exactly the messages of RFC 3416 and RFC 1901 that answer what was asked, checks
every length, and raises BerError for anything else. Faster ways of reading must agree with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collectors.contract import Index, Value
from collectors.snmp import ber
from collectors.snmp.ber import BerError

V1, V2C = 0, 1
NO_ERROR, TOO_BIG, NO_SUCH_NAME, GEN_ERR, NO_ACCESS, AUTHORIZATION_ERROR = 0, 1, 2, 5, 6, 16
ID_MARK = b"\x02\x04\x00\x00\x00\x00"
UNSIGNED_OCTETS = {ber.COUNTER32: 4, ber.GAUGE32: 4, ber.TIMETICKS: 4, ber.COUNTER64: 8}
TEXT = frozenset((ber.OCTETS, ber.IP_ADDRESS, ber.OPAQUE))

Request = tuple[bytes, bytes]  # what stands before and after the four octets of the request id
Content = tuple[int, bytes]  # tag and content octets of a value


def request(
    pdu: int, community: bytes, names: Iterable[bytes], *, first: int = 0, second: int = 0, version: int = V2C
) -> Request:
    """A template of an SNMPv2c (or v1) request for `names` (OID content octets).

    `first` and `second` are non-repeaters and max-repetitions of a GETBULK, zero otherwise.
    """
    bindings = b"".join(ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, name) + b"\x05\x00") for name in names)
    tail = ber.integer(first) + ber.integer(second) + ber.tlv(ber.SEQUENCE, bindings)
    opening = ber.integer(version) + ber.tlv(ber.OCTETS, community)
    message = ber.tlv(ber.SEQUENCE, opening + ber.tlv(pdu, ID_MARK + tail))
    cut = len(message) - len(tail)
    return message[: cut - 4], message[cut:]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, taken apart: binding i is named names[i], has tags[i] and content data[starts[i]:ends[i]]."""

    data: bytes
    identity: int  # offset of the four octets of the request id
    status: int
    index: int  # 1-based binding the status speaks of; 0: none
    names: list[bytes]
    tags: list[int]
    starts: list[int]
    ends: list[int]

    def content(self, i: int) -> Content:
        return self.tags[i], self.data[self.starts[i] : self.ends[i]]


def expect(data: bytes, pos: int, tag: int) -> tuple[int, int]:
    """(start, end) of the content of the element at `pos`, which must carry `tag`."""
    found, start, end = ber.read(data, pos)
    if found != tag:
        raise BerError(f"tag {found:#04x} where {tag:#04x} belongs")
    return start, end


def small(data: bytes, pos: int) -> tuple[int, int]:
    """(value, end) of an INTEGER of at most four octets."""
    start, end = expect(data, pos, ber.INTEGER)
    if not 1 <= end - start <= 4:
        raise BerError("integer of a size that does not belong here")
    return int.from_bytes(data[start:end], "big", signed=True), end


def walk(data: bytes, community: bytes, version: int = V2C) -> Answer:
    """Take an answer apart; BerError unless it is wholly well formed and of our version, community and PDU type."""
    pos, end = expect(data, 0, ber.SEQUENCE)
    if end != len(data):
        raise BerError("something follows the message")
    said, pos = small(data, pos)
    start, pos = expect(data, pos, ber.OCTETS)
    if said != version or data[start:pos] != community:
        raise BerError("version or community is not ours")
    pos, pdu_end = expect(data, pos, ber.RESPONSE)
    identity, pos = expect(data, pos, ber.INTEGER)
    if pos - identity != 4 or pdu_end != end:
        raise BerError("request id is not ours, or something follows the PDU")
    status, pos = small(data, pos)
    index, pos = small(data, pos)
    answer = Answer(data, identity, status, index, [], [], [], [])
    _bindings(answer, pos, end)
    return answer


def _bindings(answer: Answer, pos: int, end: int) -> None:
    data = answer.data
    pos, list_end = expect(data, pos, ber.SEQUENCE)
    if list_end != end:
        raise BerError("something follows the bindings")
    names, tags, starts, ends = answer.names.append, answer.tags.append, answer.starts.append, answer.ends.append
    try:
        while pos < end:
            short = (
                data[pos] == ber.SEQUENCE and data[pos + 1] < 0x80 and data[pos + 2] == ber.OID and data[pos + 3] < 0x80
            )
            stop = pos + 4 + data[pos + 3] if short else pos
            if short and data[stop + 1] < 0x80:
                name, tag, start, binding_end = pos + 4, data[stop], stop + 2, pos + 2 + data[pos + 1]
                value_end = start + data[stop + 1]
            else:
                name, stop, tag, start, value_end, binding_end = _long_binding(data, pos)
            if value_end != binding_end or binding_end > end:
                raise BerError("binding's length does not fit its content")
            names(data[name:stop])
            tags(tag)
            starts(start)
            ends(value_end)
            pos = binding_end
    except IndexError:
        raise BerError("message is cut off") from None


def _long_binding(data: bytes, pos: int) -> tuple[int, int, int, int, int, int]:
    """Name's start and end; tag, start and end of the value; end of the binding; whatever form their lengths have."""
    pos, binding_end = expect(data, pos, ber.SEQUENCE)
    name, stop = expect(data, pos, ber.OID)
    return name, stop, *ber.read(data, stop), binding_end


def number(tag: int, content: bytes) -> int | None:
    """The integer, or None when the content is no number its type allows. INTEGER is signed, the others are not."""
    size = len(content)
    if tag == ber.INTEGER:
        return int.from_bytes(content, "big", signed=True) if 1 <= size <= 8 else None
    octets = UNSIGNED_OCTETS.get(tag)
    if octets is None or not size or size > octets + 1 or (size > octets and content[0]):
        return None
    return int.from_bytes(content, "big")


def value(tag: int, content: bytes) -> Value:
    """The value as the contract has it; None for "no such object" and for what its type does not allow."""
    if tag in TEXT:
        return content
    if tag == ber.OID:
        try:
            return ".".join(map(str, ber.oid_arcs(content)))
        except BerError:
            return None
    return number(tag, content)


def suffix(body: bytes, prefix: bytes) -> Index:
    """The arcs that follow `prefix`; BerError when an arc is padded, cut off or over 32 bits."""
    arcs: list[int] = []
    arc, fresh = 0, True
    for octet in body[len(prefix) :]:
        if fresh and octet == 0x80:
            raise BerError("object identifier is padded")
        arc = arc << 7 | octet & 0x7F
        fresh = not octet & 0x80
        if fresh:
            if arc > 0xFFFFFFFF:
                raise BerError("arc of more than 32 bits")
            arcs.append(arc)
            arc = 0
    if not fresh:
        raise BerError("object identifier is cut off")
    return tuple(arcs)


def named(data: bytes, community: bytes, names: Sequence[bytes]) -> Answer | None:
    """The answer when it is free of error and its bindings are exactly `names`, in order; else None."""
    answer = walk(data, community)
    return answer if answer.status == NO_ERROR and answer.names == list(names) else None
