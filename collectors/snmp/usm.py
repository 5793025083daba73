"""SNMPv3 messages under the User-based Security Model (RFC 3412, RFC 3414), taken apart and put together.

Pure functions for every side; who keeps state keeps it elsewhere. `KeyRing` makes and remembers keys:

* An agent (authoritative: its own engineID, boots and time count). `header = parse_header(data)`; BerError: drop it.
  `header.engine_id` is not its own: send `report(UnknownEngine, ...)`, which is how a client discovers it. User unknown:
  `report(UnknownUser, ...)`. `open_(data, header, ring(user, own_id), clock=(boots, time))` gives the PDU or raises the
  Refusal to report, OutOfWindow with the user's keys. The answer is `seal(pdu, keys, msg_id=header.msg_id, ...)` with
  `flags=header.flags & 3`. Reports go out only where `header.reportable`.
* A trap receiver: the sender of a trap is authoritative, so keys are `ring(user, header.engine_id)`, no clock is passed,
  and `Authority.accepts` (collectors/snmp/authority.py), kept for each sender, says whether the message is fresh.
  The receiver of an inform is authoritative itself: it does what an agent does, and answers with a RESPONSE.
* A client keeps an `Authority` for each address; see collectors/snmp/secured.py.

Salts are any numbers not used twice with the same keys: begin anywhere at random and count.
"""

from dataclasses import dataclass
from typing import ClassVar

from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.keys import KeyRing, Keys, localise
from collectors.snmp.message import expect

__all__ = [
    "AUTH",
    "PRIV",
    "REPORTABLE",
    "WINDOW_S",
    "Header",
    "KeyRing",
    "Keys",
    "NotDecrypted",
    "OutOfWindow",
    "Refusal",
    "Scoped",
    "UnknownContext",
    "UnknownEngine",
    "UnknownUser",
    "UnsupportedLevel",
    "WrongDigest",
    "discovery",
    "localise",
    "open_",
    "parse_header",
    "refusal",
    "report",
    "seal",
]

V3 = 3
USM = 3  # msgSecurityModel
AUTH, PRIV, REPORTABLE = 1, 2, 4  # msgFlags
WINDOW_S = 150  # RFC 3414 2.2.3
LARGEST = 65507  # octets of a message that UDP carries
MOST = 0x7FFFFFFF  # of msgID, boots and time; boots at MOST are never in any window
ID_OCTETS = 32  # of an engineID or a user's name

Clock = tuple[int, int]  # snmpEngineBoots, snmpEngineTime


class Refusal(Exception):
    """A message that is not believed, by the word of whoever refuses it; `oid` is the counter a Report tells."""

    word: ClassVar[str] = "refused"
    oid: ClassVar[str] = ""


class UnsupportedLevel(Refusal):
    word, oid = "unsupported security level", "1.3.6.1.6.3.15.1.1.1.0"  # usmStatsUnsupportedSecLevels


class OutOfWindow(Refusal):
    word, oid = "not in time window", "1.3.6.1.6.3.15.1.1.2.0"  # usmStatsNotInTimeWindows


class UnknownUser(Refusal):
    word, oid = "unknown user", "1.3.6.1.6.3.15.1.1.3.0"  # usmStatsUnknownUserNames


class UnknownEngine(Refusal):
    word, oid = "unknown engine", "1.3.6.1.6.3.15.1.1.4.0"  # usmStatsUnknownEngineIDs


class WrongDigest(Refusal):
    word, oid = "wrong authentication key", "1.3.6.1.6.3.15.1.1.5.0"  # usmStatsWrongDigests


class NotDecrypted(Refusal):
    word, oid = "wrong privacy key", "1.3.6.1.6.3.15.1.1.6.0"  # usmStatsDecryptionErrors


class UnknownContext(Refusal):
    word, oid = "unknown context", "1.3.6.1.6.3.12.1.5.0"  # snmpUnknownContexts


_TOLD: dict[bytes, type[Refusal]] = {ber.dotted_body(kind.oid): kind for kind in Refusal.__subclasses__()}


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before msgData, in the clear: nothing of it is proven before `open_`."""

    msg_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    signature: bytes  # msgAuthenticationParameters
    signature_at: int
    salt: bytes  # msgPrivacyParameters
    body: int  # offset of msgData

    @property
    def level(self) -> int:
        """AUTH and PRIV, as far as set."""
        return self.flags & (AUTH | PRIV)

    @property
    def reportable(self) -> bool:
        """The sender waits for a Report when it is refused."""
        return bool(self.flags & REPORTABLE)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A scoped PDU: which engine and context it speaks of, and the PDU with its tag and length."""

    engine_id: bytes
    context: bytes
    pdu: bytes


def parse_header(data: bytes) -> Header:
    """The header of a v3 message; BerError for other versions, another security model, and what is no message."""
    pos, end = expect(data, 0, ber.SEQUENCE)
    if end != len(data):
        raise BerError("something follows the message")
    version, pos = _number(data, pos, V3)
    if version != V3:
        raise BerError("no SNMPv3")
    pos, body = expect(data, pos, ber.SEQUENCE)
    msg_id, pos = _number(data, pos)
    largest, pos = _number(data, pos)
    start, pos = expect(data, pos, ber.OCTETS)
    model, last = _number(data, pos)
    flags = data[start] if pos - start == 1 else PRIV
    if largest < 484 or flags & (AUTH | PRIV) == PRIV or last != body:
        raise BerError("message flags or size that cannot be")
    if model != USM:
        raise BerError("another security model")
    start, body = expect(data, body, ber.OCTETS)
    pos, last = expect(data, start, ber.SEQUENCE)
    if last != body:
        raise BerError("something follows the security parameters")
    engine_id, pos = _text(data, pos, ID_OCTETS)
    boots, pos = _number(data, pos)
    time, pos = _number(data, pos)
    user, pos = _text(data, pos, ID_OCTETS)
    at, pos = expect(data, pos, ber.OCTETS)
    salt, last = _text(data, pos, ID_OCTETS)
    if last != body:
        raise BerError("security parameters end too early")
    return Header(msg_id, flags, engine_id, boots, time, user, data[at:pos], at, salt, body)


def _number(data: bytes, pos: int, most: int = MOST) -> tuple[int, int]:
    start, end = expect(data, pos, ber.INTEGER)
    value = int.from_bytes(data[start:end], "big", signed=True)
    if not 1 <= end - start <= 5 or not 0 <= value <= most:
        raise BerError("a number out of its range")
    return value, end


def _text(data: bytes, pos: int, most: int) -> tuple[bytes, int]:
    start, end = expect(data, pos, ber.OCTETS)
    if end - start > most:
        raise BerError("a name too long")
    return data[start:end], end


def open_(data: bytes, header: Header, keys: Keys, *, least: int | None = None, clock: Clock | None = None) -> Scoped:
    """What a message says, proven to be of `keys.user`; raises the Refusal that it deserves, or BerError.

    `least` is the level it must have, the user's own if None: nothing is believed at a lower one. `clock` is the
    boots and time of an authoritative engine. That user and engineID are the right ones is the caller's part.
    """
    wanted = keys.flags if least is None else least
    if header.level & ~keys.flags or wanted & ~header.level:
        raise UnsupportedLevel
    if header.flags & AUTH:
        at, end = header.signature_at, header.signature_at + len(header.signature)
        if keys.auth is None or not keys.auth.fits(data[:at] + bytes(end - at) + data[end:], header.signature):
            raise WrongDigest
        if clock is not None and not in_window(header, clock):
            raise OutOfWindow
    if not header.flags & PRIV or keys.priv is None:
        return _scoped(data, header.body, len(data))
    start, end = expect(data, header.body, ber.OCTETS)
    if end != len(data):
        raise BerError("something follows the message")
    try:
        plain = keys.priv.show(data[start:end], header.salt, (header.boots, header.time))
        return _scoped(plain, 0, None)
    except ValueError:
        raise NotDecrypted from None


def _scoped(data: bytes, pos: int, end: int | None) -> Scoped:
    """`end` is where it must end; None: less than a block of filling may follow."""
    pos, last = expect(data, pos, ber.SEQUENCE)
    if last != end if end is not None else len(data) - last >= 8:
        raise BerError("something follows the scoped PDU")
    engine_id, pos = _text(data, pos, ID_OCTETS)
    context, pos = _text(data, pos, 255)
    tag, _, stop = ber.read(data, pos)
    if stop != last or tag & 0xE0 != 0xA0:
        raise BerError("no PDU")
    return Scoped(engine_id, context, data[pos:last])


def in_window(header: Header, clock: Clock) -> bool:
    """Fresh by the clock of the authoritative engine itself (RFC 3414 3.2, step 7a)."""
    return header.boots == clock[0] != MOST and abs(header.time - clock[1]) <= WINDOW_S


def seal(
    pdu: bytes,
    keys: Keys,
    *,
    msg_id: int,
    clock: Clock,
    salt: int,
    flags: int | None = None,
    context: bytes | None = None,
    speaker: bytes | None = None,
) -> bytes:
    """A whole message from or to the user. `clock` is the boots and time of the authoritative engine, `keys.engine_id`.

    `flags` are the user's level if None; add REPORTABLE to a request. `context` is that of the user if None.
    `speaker` is the contextEngineID, the authoritative engine's if None: the answer to an inform repeats the inform's.
    """
    flags = keys.flags if flags is None else flags
    named = keys.context if context is None else context
    about = keys.engine_id if speaker is None else speaker
    scoped = ber.tlv(ber.SEQUENCE, ber.tlv(ber.OCTETS, about) + ber.tlv(ber.OCTETS, named) + pdu)
    octets = b""
    if flags & PRIV and keys.priv is not None:
        hidden, octets = keys.priv.hide(scoped, salt, clock)
        scoped = ber.tlv(ber.OCTETS, hidden)
    zeros = bytes(keys.auth.octets) if flags & AUTH and keys.auth is not None else b""
    message, at = _message(scoped, (msg_id, flags), keys, clock, (zeros, octets))
    if not zeros or keys.auth is None:
        return message
    return message[:at] + keys.auth.sign(message) + message[at + len(zeros) :]


def _message(
    scoped: bytes, said: tuple[int, int], keys: Keys, clock: Clock, proof: tuple[bytes, bytes]
) -> tuple[bytes, int]:
    """The message, and where its signature goes."""
    known = ber.tlv(ber.OCTETS, keys.engine_id) + ber.integer(clock[0]) + ber.integer(clock[1])
    known += ber.tlv(ber.OCTETS, keys.user)
    behind = ber.tlv(ber.OCTETS, proof[1])
    parameters = ber.tlv(ber.OCTETS, ber.tlv(ber.SEQUENCE, known + ber.tlv(ber.OCTETS, proof[0]) + behind))
    told = ber.integer(said[0]) + ber.integer(LARGEST) + ber.tlv(ber.OCTETS, bytes((said[1],))) + ber.integer(USM)
    message = ber.tlv(ber.SEQUENCE, ber.integer(V3) + ber.tlv(ber.SEQUENCE, told) + parameters + scoped)
    return message, len(message) - len(scoped) - len(behind) - len(proof[0])


def discovery(msg_id: int, request_id: int | None = None) -> bytes:
    """The question to which an agent says who it is (RFC 3414 section 4), by a Report of UnknownEngine."""
    number = msg_id if request_id is None else request_id
    pdu = ber.tlv(ber.GET, ber.integer(number) + ber.integer(0) + ber.integer(0) + ber.tlv(ber.SEQUENCE, b""))
    return seal(pdu, Keys(b"", b""), msg_id=msg_id, clock=(0, 0), salt=0, flags=REPORTABLE)


def report(kind: type[Refusal], count: int, data: bytes, header: Header, *, own: Keys, clock: Clock) -> bytes:
    """A Report: why `data` was refused, and how often that happened so far.

    `own` are the keys of the user for OutOfWindow, which must be proven; else `Keys(header.user, own_engine_id)`.
    """
    value = ber.unsigned(count & 0xFFFFFFFF, ber.COUNTER32)
    binding = ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.dotted_body(kind.oid)) + value)
    head = ber.integer(_request_id(data, header)) + ber.integer(0) + ber.integer(0)
    pdu = ber.tlv(ber.REPORT, head + ber.tlv(ber.SEQUENCE, binding))
    level = own.flags & AUTH if kind is OutOfWindow else 0
    return seal(pdu, own, msg_id=header.msg_id, clock=clock, salt=0, flags=level, context=b"")


def _request_id(data: bytes, header: Header) -> int:
    """As far as it stands in the clear, else 0 (RFC 3412 7.1, step 3)."""
    try:
        if not header.flags & PRIV:
            pdu = _scoped(data, header.body, len(data)).pdu
            return _number(pdu, ber.read(pdu, 0)[1])[0]
    except BerError:
        pass
    return 0


def refusal(pdu: bytes) -> type[Refusal] | None:
    """What a Report says; Refusal itself for a counter that is not ours to know, None when the PDU is no Report."""
    if not pdu or pdu[0] != ber.REPORT:
        return None
    try:
        _, pos, _ = ber.read(pdu, 0)
        for _ in range(3):
            _, pos = expect(pdu, pos, ber.INTEGER)
        for tag in (ber.SEQUENCE, ber.SEQUENCE):
            pos, _ = expect(pdu, pos, tag)
        start, end = expect(pdu, pos, ber.OID)
    except BerError:
        return Refusal
    return _TOLD.get(pdu[start:end], Refusal)
