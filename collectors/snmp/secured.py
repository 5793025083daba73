"""SNMPv3 with one device: finds out which engine answers there, asks in envelopes, and says why there is no answer.

What is known of an engine (engineID, boots, time) belongs to the address, so two routers that say the same engineID
do not mix. An engine found anew takes the place of the one known only when it has proven that it has the user's key.
"""

import asyncio
from collections.abc import Iterator, Sequence

from collectors.contract import BadAnswer, CollectError, CredentialsRefused, ViewDenied
from collectors.snmp.authority import Authority
from collectors.snmp.engine import Engine
from collectors.snmp.envelope import Discovery, Envelope, introduced
from collectors.snmp.exchange import Answers, Peer
from collectors.snmp.keys import KeyRing
from collectors.snmp.message import Request
from collectors.snmp.stamp import Stamp
from collectors.snmp.usm import OutOfWindow, Refusal, UnknownEngine
from inventory.credentials import SnmpUser

OVERHEAD = 150  # octets of an envelope: 32 of engineID, 32 of user, 48 of digest and salt are rare
STALE: tuple[type[Refusal], ...] = (UnknownEngine, OutOfWindow)  # cured by asking anew who is there
ANYTHING: Request = (b"", b"")


class Secured:
    """One user's speech with one device. Passwords are in `user` alone."""

    community = b""
    knows_views = True

    def __init__(self, engine: Engine, user: SnmpUser, ring: KeyRing, salts: Iterator[int]) -> None:
        """`ring` and `salts` are shared by all devices: users are often the same, and so are engineIDs."""
        self.engine = engine
        self.overhead = OVERHEAD
        self._user = user
        self._ring = ring
        self._salts = salts
        self._stamp: Stamp | None = None
        self._heard = False  # something proven by this user's keys

    async def ask(self, peer: Peer, requests: Sequence[Request], *, until: float, tries: int = 3) -> Answers:
        """As `Engine.ask`; a device that says no for a reason is a CollectError."""
        if peer.authority is None:
            found = await self._meet(peer, until, tries)
            peer.authority = peer.authority or found
        if peer.authority is None:
            return [None] * len(requests)
        envelope = self._envelope(peer.authority)
        answers = await self.engine.ask(peer, requests, until=until, tries=tries, envelope=envelope)
        if any(answers):
            self._heard = True
        elif envelope.doubt in STALE:
            return await self._anew(peer, requests, until, envelope)
        elif envelope.doubt is not None or envelope.strange:
            raise self._why(envelope)
        return answers

    def denied(self, status: int) -> CollectError:
        return ViewDenied(f"the user may not see this, or not at level {self._user.level} (error status {status})")

    def silence(self, peer: Peer) -> str:
        """Words for no answer at all: to a wrong privacy key, or context, most agents say nothing (SEMANTICS 46)."""
        suspects = ["privacy key"] * bool(self._user.priv) + ["context"] * bool(self._user.context)
        if peer.authority is None or self._heard or not suspects:
            return "silence"
        return f"silence, but an SNMPv3 engine is there: perhaps a wrong {' or '.join(suspects)}"

    async def _anew(self, peer: Peer, requests: Sequence[Request], until: float, was: Envelope) -> Answers:
        """Once more, to whoever says now that he is there; he is believed when he has proven it."""
        other = await self._meet(peer, until, 2)
        if other is None:
            raise self._why(was)
        envelope = self._envelope(other)
        answers = await self.engine.ask(peer, requests, until=until, tries=2, envelope=envelope)
        if not any(answers):
            raise self._why(was if envelope.doubt is None else envelope)
        peer.authority = other
        self._heard = True
        self.engine.counters.replaced += 1
        return answers

    async def _meet(self, peer: Peer, until: float, tries: int) -> Authority | None:
        """Who answers there; None for silence. All who want to know at once share one question."""
        if peer.discovery is None or peer.discovery.done():
            self.engine.counters.discoveries += 1
            peer.discovery = self.engine.ask(peer, [ANYTHING], until=until, tries=tries, envelope=Discovery())
        try:
            async with asyncio.timeout_at(until):
                (answer,) = await asyncio.shield(peer.discovery)  # whoever gives up must not end it for the others
        except TimeoutError:
            return None
        return None if answer is None else introduced(answer, self.engine.loop.time())

    def _why(self, envelope: Envelope) -> CollectError:
        doubt = envelope.doubt
        if doubt is None:
            return BadAnswer("answers that are not proven")
        if doubt in STALE or doubt is Refusal:
            return BadAnswer(f"report: {doubt.word}")
        return CredentialsRefused(doubt.word)

    def _envelope(self, authority: Authority) -> Envelope:
        if self._stamp is None or self._stamp.keys.engine_id != authority.engine_id:
            try:
                self._stamp = Stamp(self._ring(self._user, authority.engine_id), fast=self.engine.fast)
            except ValueError as error:
                raise CredentialsRefused(f"SNMPv3 user {self._user.user}: {error}") from None
        return Envelope(self.engine, authority, self._stamp, self._salts)
