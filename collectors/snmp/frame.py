"""The octets of usual SNMPv3 messages cut and joined: what a stamp does again and again, in Python and, where built, in C.

Usual is a message of 256 to 65535 octets whose long parts have lengths of two octets, as all agents write them. The
compiled functions are the same to the octet; `steps` gives the ones to use.
"""

from collections.abc import Callable
from struct import Struct
from typing import Any, NamedTuple

from collectors.snmp import ber
from collectors.snmp.fast import compiled

_LENGTHS = tuple(map(ber.length, range(2048)))
_LONG, _RESPONSE = b"\x30\x82", b"\xa2\x82"  # and a length of two octets
_SALT, _HIDDEN, _ID = b"\x04\x08", b"\x04\x82", b"\x02\x04"
_OUTER, _BEHIND, _PDU = Struct(">2sH"), Struct(">2s8s2sH"), Struct(">2sH2s4s")
_PLAIN = b"\x02\x01\x01\x04\x00"  # version and community of a message that came out of an envelope

Parts = tuple[bytes, bytes, bytes, bytes]


class Steps(NamedTuple):
    """What follows, in one of its two makes."""

    apart: Callable[[bytes, bytes, bytes], Parts | None]
    shown: Callable[[bytes, bytes, bytes], bytes | None]
    scoped: Callable[[bytes, bytes, bytes, bytes], bytes]


def steps(*, fast: bool) -> Steps:
    """The compiled ones where they are built and wanted."""
    library: Any = compiled() if fast else None
    if library is None:
        return Steps(apart, shown, scoped)
    return Steps(library.apart, library.shown, library.scoped)


def length(size: int) -> bytes:
    """As `ber.length`."""
    return _LENGTHS[size] if size < 2048 else ber.length(size)


def unsealed(pdu: bytes) -> bytes:
    """A PDU as an SNMPv2c message with an empty community: what the session reads."""
    return b"\x30" + length(len(pdu) + 5) + _PLAIN + pdu


def scoped(scope: bytes, head: bytes, fresh: bytes, tail: bytes) -> bytes:
    """The scoped PDU of the request `head + fresh + tail` (SNMPv2c, empty community)."""
    pdu = head[7:] if head[1] < 0x80 else head[7 + (head[1] & 0x7F) :]
    size = len(scope) + len(pdu) + 4 + len(tail)
    return b"".join((b"\x30", length(size), scope, pdu, fresh, tail))


def apart(data: bytes, expected: bytes, zeros: bytes) -> Parts | None:
    """(the message with zeros for its signature, signature, privacy parameters, ciphertext) of a usual message.

    `expected` is what stands between the outer length and the signature. None where anything is otherwise.
    """
    at = 4 + len(expected)
    signed = at + len(zeros)
    if len(data) < signed + 14 or _OUTER.unpack_from(data) != (_LONG, len(data) - 4) or data[4:at] != expected:
        return None
    tag, salt, hidden, size = _BEHIND.unpack_from(data, signed)
    if tag != _SALT or hidden != _HIDDEN or size != len(data) - signed - 14:
        return None
    return data[:at] + zeros + data[signed:], data[at:signed], salt, data[signed + 14 :]


def shown(plain: bytes, scope: bytes, fresh: bytes) -> bytes | None:
    """The RESPONSE with that request id, of a usual scoped PDU, as an SNMPv2c message; None where it is anything else.

    `scope` is contextEngineID and contextName; less than a block of filling may follow.
    """
    at = 4 + len(scope)
    if len(plain) < at + 10:
        return None
    tag, size = _OUTER.unpack_from(plain)
    end = 4 + size
    if tag != _LONG or not end <= len(plain) < end + 8 or plain[4:at] != scope:
        return None
    if _PDU.unpack_from(plain, at) != (_RESPONSE, end - at - 4, _ID, fresh):
        return None
    return unsealed(plain[at:end])
