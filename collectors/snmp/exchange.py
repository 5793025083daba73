"""What the SNMP engine keeps while it waits: who is asked, which requests are under way, and what was counted."""

import asyncio
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from collectors.snmp import ber
from collectors.snmp.authority import Authority
from collectors.snmp.message import Request
from collectors.snmp.wire import Place, Wire

FIRST_PAUSE_S = 1.0
GROWTH = 1.5
LONGEST_PAUSE_S = 10.0

Answers = list[bytes | None]


class Late(Answers):
    """Answers of which some had to be asked for again: `seconds` later than the others each of them speaks of."""

    def __init__(self, answers: Answers, seconds: Sequence[float]) -> None:
        super().__init__(answers)
        self.seconds = [*seconds, *[0.0] * (len(answers) - len(seconds))]  # what was never sent is not late


class Verdict(Enum):
    """What a sealed message is, when it is no answer."""

    STRANGE = "not to be believed: as if it had not come"
    AGAIN = "proven, and to be asked again now, sealed anew"
    DOUBT = "somebody says no, and cannot prove it: an answer is waited for only a moment longer"


class Envelope(Protocol):
    """What requests are put into and answers taken out of (SNMPv3); one for each exchange."""

    def seal(self, head: bytes, fresh: bytes, tail: bytes) -> bytes:
        """The datagram for a request; its msgID is the request id."""

    def open(self, fresh: bytes, data: bytes) -> bytes | Verdict:
        """The answer to that request, proven, as a message without envelope."""


@dataclass(slots=True)
class Counters:
    """What moved on the wire since the engine was made."""

    sent: int = 0
    received: int = 0
    resent: int = 0
    late: int = 0  # answers to requests already given up
    unknown_id: int = 0  # duplicates, and answers nobody asked for
    wrong_source: int = 0
    malformed: int = 0  # no SNMP at all, or not what was asked
    timeouts: int = 0  # requests given up
    queued: int = 0  # requests that waited for room in the receive buffer
    unsendable: int = 0  # the kernel refused to send
    unproven: int = 0  # SNMPv3 messages to what was asked that were not believed; of these:
    wrong_digest: int = 0
    not_decrypted: int = 0
    outside_window: int = 0
    wrong_level: int = 0
    resynced: int = 0  # SNMPv3 requests sent again because the device's time was another
    doubted: int = 0  # SNMPv3 exchanges to which somebody said no; Reports by what they say:
    said_unsupported_level: int = 0
    said_outside_window: int = 0
    said_unknown_user: int = 0
    said_unknown_engine: int = 0
    said_wrong_digest: int = 0
    said_not_decrypted: int = 0
    said_unknown_context: int = 0
    discoveries: int = 0  # questions who is there
    replaced: int = 0  # engines that proved to stand where another one stood, or in another time
    octets_sent: int = 0
    octets_received: int = 0

    def count(self, name: str) -> None:
        """One more of the counter of that name."""
        setattr(self, name, getattr(self, name) + 1)


class Peer:
    """One address that is asked: how long it takes to answer, what it cost, what came that fitted no question."""

    __slots__ = (
        "__weakref__",
        "_least_pause_s",
        "authority",
        "discovery",
        "first_pause_s",
        "octets",
        "pdus",
        "place",
        "rtt_s",
        "strays",
        "wire",
    )

    def __init__(self, place: Place, wire: Wire, least_pause_s: float = FIRST_PAUSE_S) -> None:
        self.place = place
        self.wire = wire
        self._least_pause_s = self.first_pause_s = least_pause_s
        self.rtt_s = 0.0  # smoothed
        self.strays = 0  # answers with a wrong id, from a wrong source, or that are no SNMP
        self.pdus = 0
        self.octets = 0
        self.authority: Authority | None = None  # the SNMPv3 engine that answers there
        self.discovery: asyncio.Future[Answers] | None = None  # under way, for whoever needs it

    def pause_s(self, resends: int) -> float:
        """How long silence is waited out before the next resend."""
        return min(self.first_pause_s * GROWTH**resends, LONGEST_PAUSE_S)

    def learn(self, rtt_s: float) -> None:
        """Take one measured round trip into the smoothed one, as RFC 6298 weighs it."""
        known_s = self.rtt_s
        self.rtt_s = known_s = known_s + 0.125 * (rtt_s - known_s) if known_s else rtt_s
        pause_s = 3 * known_s
        self.first_pause_s = pause_s if pause_s > self._least_pause_s else self._least_pause_s


class Exchange:
    """Requests to one peer under way together; `answers` has the id of each request sent, in order, None until heard."""

    __slots__ = (
        "again",
        "answers",
        "began_at",
        "doubted",
        "envelope",
        "future",
        "heard",
        "left",
        "peer",
        "pending",
        "place",
        "requests",
        "resends",
        "sent_at",
        "tick",
        "tries",
        "unsent",
        "until",
    )

    def __init__(
        self,
        peer: Peer,
        requests: Sequence[Request],
        future: "asyncio.Future[Answers]",
        pending: "dict[bytes, Exchange]",
        *,
        until: float,
        tries: int,
        envelope: Envelope | None,
    ) -> None:
        self.peer = peer
        self.place = peer.place
        self.requests = requests
        self.future = future
        self.pending = pending  # where answers look for it
        self.envelope = envelope
        self.until = until
        self.tries = tries
        self.left = self.unsent = len(requests)
        self.answers: dict[bytes, bytes | None] = {}
        self.resends = 0
        self.tick = 0  # when the wheel comes back to it
        self.again: set[bytes] | None = None  # ids of the requests that were sealed anew
        self.doubted = False
        self.began_at = 0.0  # when it was first sent; known once something was sent again
        self.heard: dict[bytes, float] | None = None  # how late each answer is that came after that, seconds
        self.sent_at = 0.0  # of the last send or, where more was to send, the last answer

    @property
    def unanswered(self) -> list[tuple[bytes, Request]]:
        """Ids of the requests that were sent and not answered, with the requests."""
        sent = zip(self.answers.items(), self.requests, strict=False)
        return [(fresh, request) for (fresh, answer), request in sent if answer is None]

    def note_late(self, fresh: bytes, now: float) -> None:
        """An answer came after something was sent again: taken for the answer to that, half way between the two."""
        if self.heard is not None:
            self.heard[fresh] = max(0.0, (self.sent_at + now - self.peer.rtt_s) / 2 - self.began_at)

    def datagram(self, fresh: bytes, request: Request) -> bytes:
        """The request as it goes out."""
        return (
            request[0] + fresh + request[1]
            if self.envelope is None
            else self.envelope.seal(request[0], fresh, request[1])
        )


def identities(count: int = 1024) -> list[bytes]:
    """Random request ids: four octets each, positive and in shortest form."""
    low, high = b"\x3f\xff\xff\xff" * count, b"\x40\x00\x00\x00" * count
    drawn = int.from_bytes(os.urandom(4 * count)) & int.from_bytes(low) | int.from_bytes(high)
    pool = drawn.to_bytes(4 * count)
    return list(struct.unpack("4s" * count, pool))


def identity(data: bytes) -> bytes | None:
    """The request id of a message with a well-formed header, else None. Nothing else is checked."""
    try:
        pos = 2 if data[1] < 0x80 else 2 + (data[1] & 0x7F)
        _, _, pos = ber.read(data, pos + 3)
        pos += 2 if data[pos + 1] < 0x80 else 2 + (data[pos + 1] & 0x7F)
    except (IndexError, ber.BerError):
        return None
    return data[pos + 2 : pos + 6] if data[pos : pos + 2] == b"\x02\x04" and len(data) >= pos + 6 else None


def message_id(data: bytes) -> bytes | None:
    """The msgID of an SNMPv3 message where it has four octets, else None. Nothing else is checked."""
    if data[4:8] == b"\x02\x01\x03\x30" and data[9:11] == b"\x02\x04" and len(data) > 14:  # mostly
        return data[11:15]
    at = 2 + (data[1] & 0x7F) if data[1:2] > b"\x7f" else 2
    if data[at : at + 4] != b"\x02\x01\x03\x30":
        return None
    at += 5 if data[at + 4 : at + 5] < b"\x80" else 6
    return data[at + 2 : at + 6] if data[at : at + 2] == b"\x02\x04" and len(data) >= at + 6 else None
