"""The envelope of SNMPv3: requests are sealed into it, and of what comes back only what is proven is handed on.

What counts as an answer: the level asked or nothing, the user and engineID asked, a right digest, a time inside the
window, the msgID and inside the seal the same request id and context. Reports come in two kinds. One with a right
digest is proven, and carries our random msgID, so it is fresh: it may set boots and time, even back. One without
could be anybody's: it is remembered as the word of why there is no answer, and changes nothing that is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.snmp import ber
from collectors.snmp.authority import Authority
from collectors.snmp.ber import BerError
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Verdict
from collectors.snmp.frame import unsealed
from collectors.snmp.keys import Keys
from collectors.snmp.stamp import Stamp
from collectors.snmp.usm import (
    AUTH,
    ID_OCTETS,
    Clock,
    Header,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownContext,
    UnknownEngine,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    discovery,
    open_,
    parse_header,
    refusal,
)

NOBODY = Keys(b"", b"")
# counters of what was not believed, and of what Reports say
_UNPROVEN: dict[type[Exception], str] = {
    WrongDigest: "wrong_digest",
    NotDecrypted: "not_decrypted",
    OutOfWindow: "outside_window",
    UnsupportedLevel: "wrong_level",
}
_SAID: dict[type[Refusal], str] = {
    UnsupportedLevel: "said_unsupported_level",
    OutOfWindow: "said_outside_window",
    UnknownUser: "said_unknown_user",
    UnknownEngine: "said_unknown_engine",
    WrongDigest: "said_wrong_digest",
    NotDecrypted: "said_not_decrypted",
    UnknownContext: "said_unknown_context",
}


class Discovery:
    """Asks who is there; the first Report that says so is the answer, as it came.

    It ought to be one of UnknownEngine. There are agents that look at the user first; they name themselves as well.
    """

    def seal(self, head: bytes, fresh: bytes, tail: bytes) -> bytes:
        return discovery(int.from_bytes(fresh))

    def open(self, fresh: bytes, data: bytes) -> bytes | Verdict:
        try:
            header = parse_header(data)
            kind = refusal(open_(data, header, NOBODY).pdu)
        except (BerError, Refusal):
            return Verdict.STRANGE
        return data if kind is not None and header.engine_id else Verdict.STRANGE


@dataclass(slots=True)
class Envelope:
    """For one exchange of a user (`stamp.keys`) with one engine. `doubt` is the last word of why not."""

    engine: Engine
    authority: Authority
    stamp: Stamp
    salts: Iterator[int]
    clock: Clock | None = None  # at the first send; an exchange is over long before it is out of the window
    doubt: type[Refusal] | None = None
    strange: int = 0  # messages not believed

    def seal(self, head: bytes, fresh: bytes, tail: bytes) -> bytes:
        if self.clock is None:
            self.clock = self.authority.clock(self.engine.loop.time())
        return self.stamp.seal(head, fresh, tail, self.clock, next(self.salts))

    def open(self, fresh: bytes, data: bytes) -> bytes | Verdict:
        answer = self.stamp.open(fresh, data)
        if answer is not None and self.authority.accepts(*self.stamp.heard_clock, self.engine.loop.time()):
            return answer
        try:
            header, keys = parse_header(data), self.stamp.keys
            if header.level == keys.flags and header.engine_id == keys.engine_id:
                return self._opened(fresh, data, header)
            return self._lesser(data, header)
        except (BerError, Refusal) as unbelieved:
            self.strange += 1
            if type(unbelieved) in _UNPROVEN:
                self.engine.counters.count(_UNPROVEN[type(unbelieved)])
            return Verdict.STRANGE

    def _opened(self, fresh: bytes, data: bytes, header: Header) -> bytes | Verdict:
        """A message at the level asked."""
        keys = self.stamp.keys
        if header.user != keys.user:
            raise BerError("another user's")
        said = open_(data, header, keys)
        pdu = said.pdu
        kind = refusal(pdu)
        if kind is not None:
            return self._told(kind, header)
        if said.engine_id != keys.engine_id or said.context != keys.context:
            raise BerError("another engine's, or another context's")
        at = ber.read(pdu, 0)[1]
        if pdu[0] != ber.RESPONSE or pdu[at : at + 6] != b"\x02\x04" + fresh:
            raise BerError("the answer to another request")
        if header.level and not self.authority.accepts(header.boots, header.time, self.engine.loop.time()):
            raise OutOfWindow
        self.stamp.learn(data, header)
        return unsealed(pdu)

    def _lesser(self, data: bytes, header: Header) -> bytes | Verdict:
        """Below the level asked, or from another engine: only a Report is worth a look."""
        keys = self.stamp.keys
        ours = header.engine_id == keys.engine_id and header.user == keys.user
        if header.level == AUTH and ours:
            kind = refusal(open_(data, header, keys, least=AUTH).pdu)
        else:
            kind = refusal(open_(data, header, NOBODY, least=0).pdu)
        if kind is None:
            raise UnsupportedLevel
        return self._told(kind, header)

    def _told(self, kind: type[Refusal], header: Header) -> Verdict:
        self.doubt = kind
        if kind in _SAID:
            self.engine.counters.count(_SAID[kind])
        if kind is not OutOfWindow or not header.level:
            return Verdict.DOUBT
        self.clock = None
        self.authority.learn(header.boots, header.time, self.engine.loop.time())
        return Verdict.AGAIN


def introduced(answer: bytes, now: float) -> Authority:
    """The engine that answered a `Discovery`: its boots and time are not proven."""
    header = parse_header(answer)
    found = Authority(header.engine_id[:ID_OCTETS])
    found.learn(header.boots, header.time, now, proven=False)
    return found
