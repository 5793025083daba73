"""Sealing and opening the usual way, in few steps: what is the same in all messages between one user and one engine.

`usm.seal` and `usm.parse_header` with `usm.open_` are the oracle: what is sealed here is the same to the octet, and what
is opened here they would open too. Whatever is not as usual (Reports, another second, strange lengths) is left to them.
"""

from hmac import compare_digest

from collectors.snmp import ber
from collectors.snmp.keys import Keys
from collectors.snmp.usm import LARGEST, REPORTABLE, USM, V3, Clock, Header

_LENGTHS = tuple(map(ber.length, range(2048)))
_OPENING = ber.integer(V3) + b"\x30"  # and the length of what RFC 3412 calls HeaderData
_ID = b"\x02\x04"  # msgID and request ids of ours have four octets
_LONG, _RESPONSE = b"\x30\x82", b"\xa2\x82"  # and a length of two octets
_SALT, _HIDDEN = b"\x04\x08", b"\x04\x82"
_PLAIN = b"\x02\x01\x01\x04\x00"  # version and community of a message that came out of an envelope


def unsealed(pdu: bytes) -> bytes:
    """A PDU as an SNMPv2c message with an empty community: what the session reads."""
    size = len(pdu) + 5
    return b"\x30" + (_LENGTHS[size] if size < 2048 else ber.length(size)) + _PLAIN + pdu


class Stamp:
    """One user's keys on one engine, and the octets that stay."""

    __slots__ = ("_clock", "_heard", "_opening", "_scope", "_sent", "_told", "_zeros", "heard_clock", "keys")

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        flags = bytes((keys.flags | REPORTABLE,))
        self._told = ber.integer(LARGEST) + ber.tlv(ber.OCTETS, flags) + ber.integer(USM)
        self._scope = ber.tlv(ber.OCTETS, keys.engine_id) + ber.tlv(ber.OCTETS, keys.context)
        self._zeros = bytes(keys.auth.octets) if keys.auth is not None else b""
        self._clock = self.heard_clock = (-1, -1)
        self._sent = b""  # of a request sealed at `_clock`: what stands between msgID and signature
        self._opening = self._heard = b""  # of an answer of `heard_clock`: what stands before msgID, and behind it

    def seal(self, head: bytes, fresh: bytes, tail: bytes, clock: Clock, salt: int) -> bytes:
        """The request `head + fresh + tail` (SNMPv2c, empty community) as a v3 message with msgID `fresh`."""
        if clock != self._clock:
            self._set(clock)
        keys, scope = self.keys, self._scope
        pdu = head[7:] if head[1] < 0x80 else head[7 + (head[1] & 0x7F) :]
        size = len(scope) + len(pdu) + 4 + len(tail)
        body = b"".join((b"\x30", _length(size), scope, pdu, fresh, tail))
        behind = b"\x04\x00"
        if keys.priv is not None:
            hidden, octets = keys.priv.hide(body, salt, clock)
            behind, body = b"\x04\x08" + octets, b"\x04" + _length(len(hidden)) + hidden
        sent, zeros = self._sent, self._zeros
        told = len(self._told) + 6
        size = 5 + told + len(sent) - len(self._told) + len(zeros) + len(behind) + len(body)
        front = b"".join((b"\x30", _length(size), _OPENING, bytes((told,)), _ID, fresh, sent))
        rest = behind + body
        return front + (keys.auth.sign(front + zeros + rest) if keys.auth is not None else b"") + rest

    def _set(self, clock: Clock) -> None:
        """Another second over there."""
        keys = self.keys
        known = ber.tlv(ber.OCTETS, keys.engine_id) + ber.integer(clock[0]) + ber.integer(clock[1])
        known += ber.tlv(ber.OCTETS, keys.user) + b"\x04" + ber.length(len(self._zeros))
        size = len(known) + len(self._zeros) + (10 if keys.priv is not None else 2)
        inner = b"\x30" + ber.length(size)
        self._sent = self._told + b"\x04" + ber.length(len(inner) + size) + inner + known
        self._clock = clock

    def learn(self, data: bytes, header: Header) -> None:
        """A message from there was proven and fresh: others of the same second begin alike."""
        if data[1] == 0x82 and data[4:8] == _OPENING and data[8] < 0x80 and data[9:11] == _ID:
            self._opening, self._heard = data[4:11], data[15 : header.signature_at]
            self.heard_clock = header.boots, header.time

    def open(self, fresh: bytes, data: bytes) -> bytes | None:
        """The answer to request `fresh` as an SNMPv2c message, proven but for `heard_clock`; None: look closer."""
        size, heard, zeros, keys = len(data), self._heard, self._zeros, self.keys
        at = 15 + len(heard)
        signed = at + len(zeros)
        body = signed + 14
        if (
            size < body
            or data[11:15] != fresh
            or data[15:at] != heard
            or data[4:11] != self._opening
            or data[signed : signed + 2] != _SALT
            or data[body - 4 : body - 2] != _HIDDEN
            or data[body - 2] << 8 | data[body - 1] != size - body
            or data[:2] != _LONG
            or data[2] << 8 | data[3] != size - 4
            or keys.auth is None
            or keys.priv is None
            or not compare_digest(keys.auth.sign(data[:at] + zeros + data[signed:]), data[at:signed])
        ):
            return None
        return self._told_by(keys.priv.show(data[body:], data[signed + 2 : body - 4], self.heard_clock), fresh)

    def _told_by(self, plain: bytes, fresh: bytes) -> bytes | None:
        """The RESPONSE in a scoped PDU of ours that is long enough for lengths of two octets."""
        at = 4 + len(self._scope)
        end = 4 + (plain[2] << 8 | plain[3])
        if (
            plain[:2] != _LONG
            or not end <= len(plain) < end + 8
            or not plain.startswith(self._scope, 4)
            or plain[at : at + 2] != _RESPONSE
            or plain[at + 2] << 8 | plain[at + 3] != end - at - 4
            or plain[at + 4 : at + 10] != _ID + fresh
        ):
            return None
        return unsealed(plain[at:end])


def _length(size: int) -> bytes:
    return _LENGTHS[size] if size < 2048 else ber.length(size)
