"""What the SNMP engine keeps while it waits: who is asked, which requests are under way, and what was counted."""

import asyncio
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from collectors.snmp import ber
from collectors.snmp.message import Request
from collectors.snmp.wire import Place, Wire

FIRST_PAUSE_S = 1.0
GROWTH = 1.5
LONGEST_PAUSE_S = 10.0

Answers = list[bytes | None]


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
    octets_sent: int = 0
    octets_received: int = 0


class Peer:
    """One address that is asked: how long it takes to answer, what it cost, what came that fitted no question."""

    __slots__ = (
        "__weakref__",
        "_least_pause_s",
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
        "answers",
        "future",
        "left",
        "peer",
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
        self, peer: Peer, requests: Sequence[Request], future: "asyncio.Future[Answers]", until: float, tries: int
    ) -> None:
        self.peer = peer
        self.place = peer.place
        self.requests = requests
        self.future = future
        self.until = until
        self.tries = tries
        self.left = self.unsent = len(requests)
        self.answers: dict[bytes, bytes | None] = {}
        self.resends = 0
        self.tick = 0  # when the wheel comes back to it
        self.sent_at = 0.0  # of the last send or, where more was to send, the last answer

    @property
    def unanswered(self) -> list[tuple[bytes, Request]]:
        """Ids of the requests that were sent and not answered, with the requests."""
        sent = zip(self.answers.items(), self.requests, strict=False)
        return [(fresh, request) for (fresh, answer), request in sent if answer is None]


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
