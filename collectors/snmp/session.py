"""Our own SNMP session: one device, asked over SNMPv2c or SNMPv3 through the engine, in the way the device can bear."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from collectors.contract import BadAnswer, CollectError, Index, Matrix, NoAnswer, Oid, Plan, Value, ViewDenied
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.call import NOTHING, ROWS, Call, Way
from collectors.snmp.exchange import Late, Peer
from collectors.snmp.mend import mend
from collectors.snmp.message import NO_ERROR, Request, request, value, walk
from collectors.snmp.poll import REGROW, Poll
from collectors.snmp.speech import HIDDEN, UPTIME, Speech
from collectors.snmp.table import Walk

CALL_S = 15.0  # one get or matrix, with all its retries
TABLE_S = 120.0
_UPTIME = ber.dotted_body(UPTIME)
PREPARED = 4  # polls and one-datagram GETs kept ready


class Session:
    """One device, spoken to as `speech` does. `find` resolves its address.

    `notes` says of the last `table` what was cut off and why; `cut_off` counts such walks.
    """

    def __init__(self, speech: Speech, find: Callable[[], Awaitable[Peer]]) -> None:
        self.way = Way()
        self.notes: tuple[str, ...] = ()
        self.cut_off = 0
        self.on_silence: Callable[[], None] | None = None  # told when the device answered nothing at all
        self._speech = speech
        self._engine = speech.engine
        self._find = find
        self._peer: Peer | None = None
        self._asked: Peer | None = None  # the peer, until it is silent: then its name is resolved anew
        self._community = speech.community
        self._polls: dict[int, Poll] = {}
        self._gets: dict[tuple[Oid, ...], tuple[list[Request], list[bytes]]] = {}

    @property
    def rtt_s(self) -> float:
        """Smoothed round trip; 0 before the first answer."""
        return self._peer.rtt_s if self._peer is not None else 0.0

    @property
    def pdus(self) -> int:
        """Requests sent to the device."""
        return self._peer.pdus if self._peer is not None else 0

    @property
    def octets(self) -> int:
        """Octets of requests and answers (SEMANTICS 45)."""
        return self._peer.octets if self._peer is not None else 0

    async def get(self, oids: Sequence[Oid], *, tries: int = 3, limit_s: float = CALL_S) -> Sequence[Value]:
        """Values in the order asked; None where the device has no such object, or will not tell.

        `tries` sends of each request, the pauses between them growing from max(1 s, 3 x RTT); all within `limit_s`.
        """
        key = tuple(oids)
        if not key:
            return []
        peer = self._asked or await self._settle()
        prepared = self._gets.get(key) or self._prepare(key)
        until = self._engine.loop.time() + limit_s
        if len(key) > self.way.width:
            return await self._get(prepared[1], peer, until, tries)
        strays = peer.strays
        (data,) = await self._speech.ask(peer, prepared[0], until=until, tries=tries)
        if data is not None:
            values = self._plain(data, prepared[1])
            if values is not None:
                return values
            return await self._get(prepared[1], peer, until, tries)
        call = Call(self._speech, peer, self.way, until)
        call.strays = strays
        if len(key) == 1 or tries == 1:
            raise self._lost(call)
        try:
            await call.probe(prepared[1], tries, alone=False)
        except NoAnswer:
            raise self._lost(call) from None
        self.way.narrower(len(key))
        return await self._get(prepared[1], peer, until, tries)

    async def table(self, columns: Sequence[Oid], *, limit_s: float = TABLE_S) -> Mapping[Index, Sequence[Value]]:
        """Every row of the columns, by index, in the order met; None where a row lacks a column (SEMANTICS 37, 42)."""
        peer = self._asked or await self._settle()
        call = Call(self._speech, peer, self.way, self._engine.loop.time() + limit_s)
        walk = Walk(call, columns)
        try:
            rows = await walk.rows()
        except NoAnswer:
            raise self._lost(call) from None
        self.notes = tuple(walk.notes)
        self.cut_off += walk.cut_off
        return rows

    async def matrix(self, plan: Plan, *, limit_s: float = CALL_S) -> Matrix:
        """The hot path: a prepared poll. Rows that went away are unknown, never another row's values."""
        poll = self._polls.get(id(plan))
        if poll is None or poll.plan is not plan:
            poll = self._ready(plan)
        engine = self._engine
        peer = self._asked or await self._settle()
        until = engine.loop.time() + limit_s
        strays = peer.strays
        answers = await self._speech.ask(peer, poll.requests, until=until, tries=2)
        matrix = poll.read(answers)
        if matrix is not None:
            if poll.clean >= REGROW:
                self._dare(poll)
            if isinstance(answers, Late):
                late = poll.slots_late(answers.seconds)
                return replace(
                    matrix, late=poll.late(late), age_s=engine.loop.time() - until + limit_s - late.get(0, 0.0)
                )
            return matrix
        call = Call(self._speech, peer, self.way, until)
        call.strays = strays
        try:
            return await mend(call, poll, answers, since=until - limit_s)
        except NoAnswer:
            raise self._lost(call) from None

    def _plain(self, data: bytes, names: list[bytes]) -> list[Value] | None:
        """Values of an answer that is exactly what was asked."""
        try:
            answer = walk(data, self._community)
        except BerError:
            return None
        if answer.status != NO_ERROR or answer.names != names:
            return None
        tags = answer.tags
        return self._shown(names, [None if tag in NOTHING else value(*answer.content(i)) for i, tag in enumerate(tags)])

    async def _get(self, names: list[bytes], peer: Peer, until: float, tries: int) -> list[Value]:
        call = Call(self._speech, peer, self.way, until)
        contents = await call.fetch(names, tries)
        return self._shown(names, [None if content is None else value(*content) for content in contents])

    def _shown(self, names: list[bytes], values: list[Value]) -> list[Value]:
        """The values; ViewDenied when there is none, not even one that every device has."""
        if values.count(None) == len(values) and self._speech.knows_views and _UPTIME in names:
            raise ViewDenied(HIDDEN)
        return values

    def _prepare(self, key: tuple[Oid, ...]) -> tuple[list[Request], list[bytes]]:
        try:
            names = [ber.dotted_body(oid) for oid in key]
        except ValueError as error:
            raise BadAnswer(f"no object identifier: {error}") from None
        if len(self._gets) >= PREPARED:
            del self._gets[next(iter(self._gets))]
        prepared = self._gets[key] = [request(ber.GET, self._community, names)], names
        return prepared

    def _ready(self, plan: Plan) -> Poll:
        for key, poll in self._polls.items():
            if poll.plan == plan:
                self._polls[id(plan)] = self._polls.pop(key)
                poll.plan = plan
                return poll
        if len(self._polls) >= PREPARED:
            del self._polls[next(iter(self._polls))]
        poll = self._polls[id(plan)] = Poll(plan, self._speech, self.way)
        return poll

    def _dare(self, poll: Poll) -> None:
        """All went well for long: more rows at once again, and once more what was refused."""
        if poll.refused or self.way.rows < ROWS:
            self.way.more_rows()
            poll.refused = set()
            poll.prepare()
        poll.clean = 0

    async def _settle(self) -> Peer:
        self._peer = self._asked = await self._find()
        return self._peer

    def _lost(self, call: Call) -> CollectError:
        """The device is silent; its name, if it has one, is asked anew next time."""
        self._asked = None
        failure = call.failure()
        if self.on_silence is not None and isinstance(failure, NoAnswer):
            self.on_silence()
        return failure
