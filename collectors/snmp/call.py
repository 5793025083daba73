"""One call on a session: its deadline, what was heard in it, and the name of its failure when it fails."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.contract import BadAnswer, CollectError, NoAnswer, TooSlow
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.exchange import Answers, Late, Peer
from collectors.snmp.message import (
    AUTHORIZATION_ERROR,
    NO_ACCESS,
    NO_ERROR,
    TOO_BIG,
    Answer,
    Content,
    Request,
    request,
    walk,
)
from collectors.snmp.speech import Speech

ROWS = 10  # max-repetitions to begin with (SEMANTICS 8)
WIDTH = 48  # bindings per GET to begin with
PATIENCE = 24  # answers of one call that may be unusable before it ends
OCTETS = 1300  # of the bindings of an answer that fits a datagram
NOTHING = frozenset((ber.NULL, ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW))


@dataclass(slots=True)
class Way:
    """How this device wants to be asked, learned from what failed (SEMANTICS 8, 43)."""

    bulk: bool = True
    rows: int = ROWS  # max-repetitions
    width: int = WIDTH  # bindings per GET or GETNEXT
    silent: int = 0  # GETBULKs in a row that stayed unanswered while GETs were answered

    def fewer_rows(self) -> None:
        """A GETBULK failed: ask for half, in the end not at all."""
        self.bulk = self.bulk and self.rows > 1
        self.rows = max(1, self.rows // 2)

    def bulk_unanswered(self) -> None:
        """Silence to a GETBULK from a device that answers GETs; twice in a row is refusal."""
        self.silent += 1
        self.fewer_rows()
        self.bulk = self.bulk and self.silent < 2

    def more_rows(self) -> None:
        self.rows = min(ROWS, self.rows + 1)

    def narrower(self, tried: int) -> None:
        """`tried` bindings were too many."""
        self.width = max(1, min(self.width, tried) // 2)


@dataclass(slots=True)
class Call:
    """Asks within one deadline; `until` is the loop's time."""

    speech: Speech
    peer: Peer
    way: Way
    until: float
    heard: bool = False  # a usable answer came
    garbled: bool = False  # an answer came that is none
    strays: int = 0
    unusable: int = 0
    moments: dict[int, float] = field(default_factory=dict)  # of what the last `fetch` found, by position: loop's time
    refused: set[bytes] = field(default_factory=set)  # names the device has, or not, but will not tell (genErr)

    def __post_init__(self) -> None:
        self.strays = self.peer.strays

    def request(self, pdu: int, names: Sequence[bytes], *, first: int = 0, second: int = 0) -> Request:
        return request(pdu, self.speech.community, names, first=first, second=second)

    async def ask(self, requests: Sequence[Request], tries: int = 3) -> Answers:
        return await self.speech.ask(self.peer, requests, until=self.until, tries=tries)

    def read(self, data: bytes | None) -> Answer | None:
        """The answer taken apart; None when there is none, or it is unusable. Raises what an error status says."""
        if data is None:
            return None
        try:
            answer = walk(data, self.speech.community)
        except BerError:
            self.spoilt()
            return None
        self.heard = True
        if answer.status in (NO_ACCESS, AUTHORIZATION_ERROR):
            raise self.speech.denied(answer.status)
        return answer

    def spoilt(self) -> None:
        """An answer came and cannot be used."""
        self.garbled = True
        self.unusable += 1
        self.speech.engine.counters.malformed += 1
        if self.unusable > PATIENCE:
            raise BadAnswer("answers cannot be understood")

    @property
    def now(self) -> float:
        """The loop's time."""
        return asyncio.get_running_loop().time()

    @property
    def over(self) -> bool:
        return self.now >= self.until

    def failure(self) -> CollectError:
        """Why there is no answer, by name."""
        if self.garbled and not self.over:
            return BadAnswer("answers cannot be understood")
        if self.heard:
            return TooSlow("answers stay out") if not self.over else TooSlow("time is over")
        if self.garbled:
            return BadAnswer("answers cannot be understood")
        if self.peer.strays > self.strays:
            return BadAnswer("answers with a wrong id, or from another address")
        return NoAnswer(self.speech.silence(self.peer))

    async def fetch(self, names: Sequence[bytes], tries: int = 3) -> list[Content | None]:
        """GET any number of names. None: no such object, or the device will not tell (then it is in `refused`)."""
        found: list[Content | None] = [None] * len(names)
        todo = chunks(names, range(len(names)), self.way.width, OCTETS - self.speech.overhead)
        while todo:
            asked, todo = todo, []
            requests = [self.request(ber.GET, [names[i] for i in chunk]) for chunk in asked]
            since = self.now
            answers = await self.ask(requests, tries)
            replies = [self.read(data) for data in answers]
            if not self.heard:
                await self.probe(names, tries, alone=len(names) == 1)
            for chunk, reply, seconds in zip(asked, replies, lateness(answers), strict=True):
                again = self._settle(names, chunk, reply, found)
                self.moments.update(dict.fromkeys(chunk, since + seconds))
                if again and (self.over or (reply is None and len(chunk) == 1 and not self.garbled)):
                    raise self.failure()
                todo += again
        return found

    async def probe(self, names: Sequence[bytes], tries: int, *, alone: bool) -> None:
        """Nothing was heard yet: one single question tells a silent device from one that is asked too much."""
        if not alone and not self.over:
            for data in await self.ask([self.request(ber.GET, names[:1])], min(tries, 2)):
                self.read(data)
        if not self.heard and not (alone and self.garbled and not self.over):
            raise self.failure()

    def _settle(
        self, names: Sequence[bytes], chunk: Sequence[int], reply: Answer | None, found: list[Content | None]
    ) -> list[Sequence[int]]:
        """Keep what a reply says of its chunk; what must be asked again, in which pieces."""
        if reply is not None and reply.status == NO_ERROR:
            if reply.names == [names[i] for i in chunk]:
                for k, i in enumerate(chunk):
                    found[i] = None if reply.tags[k] in NOTHING else reply.content(k)
                return []
            self.spoilt()
            reply = None
        if reply is not None and reply.status != TOO_BIG and (0 < reply.index <= len(chunk) or len(chunk) == 1):
            at = max(reply.index, 1) - 1
            self.refused.add(names[chunk[at]])
            rest = [*chunk[:at], *chunk[at + 1 :]]
            return [rest] if rest else []
        if len(chunk) > 1:
            self.way.narrower(len(chunk))
            half = (len(chunk) + 1) // 2
            return [chunk[:half], chunk[half:]]
        if reply is not None:  # a single value that is too big
            self.refused.add(names[chunk[0]])
            return []
        return [chunk]


def lateness(answers: Answers) -> Sequence[float]:
    """How much later than what came at once each answer speaks of, seconds."""
    return answers.seconds if isinstance(answers, Late) else [0.0] * len(answers)


def chunks(names: Sequence[bytes], positions: Sequence[int], width: int, octets: int = OCTETS) -> list[Sequence[int]]:
    """Positions cut so that each piece has at most `width` names and fits a datagram, question and answer."""
    cut: list[Sequence[int]] = []
    piece: list[int] = []
    size = 0
    for i in positions:
        cost = len(names[i]) + 12
        if piece and (len(piece) >= width or size + cost > octets):
            cut.append(piece)
            piece, size = [], 0
        piece.append(i)
        size += cost
    return [*cut, piece] if piece else cut
