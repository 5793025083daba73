"""Sealing and opening the usual way, in few steps: what is the same in all messages between one user and one engine.

`usm.seal` and `usm.parse_header` with `usm.open_` are the oracle: what is sealed here is the same to the octet, and what
is opened here they would open too. Whatever is not as usual (Reports, another second, short messages) is left to them.
"""

from hmac import compare_digest

from collectors.snmp import ber
from collectors.snmp.frame import length, steps
from collectors.snmp.keys import Keys
from collectors.snmp.usm import LARGEST, REPORTABLE, USM, V3, Clock, Header

_OPENING = ber.integer(V3) + b"\x30"  # and the length of what RFC 3412 calls HeaderData
_ID = b"\x02\x04"  # msgID and request ids of ours have four octets


class Stamp:
    """One user's keys on one engine, and the octets that stay."""

    __slots__ = ("_clock", "_heard", "_opening", "_scope", "_sent", "_steps", "_told", "_zeros", "heard_clock", "keys")

    def __init__(self, keys: Keys, *, fast: bool = False) -> None:
        self.keys = keys
        flags = bytes((keys.flags | REPORTABLE,))
        self._steps = steps(fast=fast)
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
        keys, zeros, sent = self.keys, self._zeros, self._sent
        body = self._steps.scoped(self._scope, head, fresh, tail)
        behind = b"\x04\x00"
        if keys.priv is not None:
            hidden, octets = keys.priv.hide(body, salt, clock)
            behind, body = b"\x04\x08" + octets, b"\x04" + length(len(hidden)) + hidden
        told = len(self._told) + 6
        size = 11 + len(sent) + len(zeros) + len(behind) + len(body)
        front = b"".join((b"\x30", length(size), _OPENING, bytes((told,)), _ID, fresh, sent))
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
        usual = data[1] == 0x82 and data[4:8] == _OPENING and data[8] < 0x80 and data[9:11] == _ID
        if usual and self.keys.priv is not None:
            self._opening, self._heard = data[4:11], data[15 : header.signature_at]
            self.heard_clock = header.boots, header.time

    def open(self, fresh: bytes, data: bytes) -> bytes | None:
        """The answer to request `fresh` as an SNMPv2c message, proven but for `heard_clock`; None: look closer."""
        keys = self.keys
        parts = self._steps.apart(data, self._opening + fresh + self._heard, self._zeros) if self._heard else None
        if parts is None or keys.auth is None or keys.priv is None:
            return None
        zeroed, signature, salt, hidden = parts
        if not compare_digest(keys.auth.sign(zeroed), signature):
            return None
        return self._steps.shown(keys.priv.show(hidden, salt, self.heard_clock), self._scope, fresh)
