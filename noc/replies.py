"""Replies by SMS, as mGov posts them and as the modem keeps them: each is judged once, and may take an incident."""

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Protocol

from alerts.books import Books, Ledger, LedgerError
from alerts.notification import NotifyError, Receipt
from alerts.notify.modem import Kept
from alerts.notify.pdu import Incoming
from alerts.replies.answers import LATER, REFUSED, answer
from alerts.replies.judgement import Outcome, receive
from alerts.replies.reading import Inbound, Unreadable, callback
from alerts.replies.sources import networks, origin, within
from inventory.model import Contact
from noc.outbox import Runner, inline
from noc.post_box import Posted

log = logging.getLogger(__name__)

MODEM_EVERY_S = 10.0
STRANGERS_AN_HOUR = 60  # posts from elsewhere that are audited; the rest is counted
HOUR_S = 3600.0


class Mailbox(Protocol):
    """What of a modem is needed here."""

    async def kept(self) -> Sequence[Kept]: ...
    async def remove(self, indexes: Sequence[int]) -> None: ...
    async def text(self, address: str, text: str) -> Receipt: ...


class Replies:
    """Constructed inert. `counts` says how many had which fate."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Mapping[str, Contact],
        *,
        clock: Callable[[], float],
        allow: Sequence[str] = (),
        proxies: Sequence[str] = (),
        run: Runner = inline,
    ) -> None:
        """`allow`, `proxies`: addresses and networks; ValueError where one is none."""
        self._ledger = ledger
        self._clock = clock
        self._allow = networks(allow)
        self._proxies = networks(proxies)
        self._run = run
        self._strangers: list[float] = []
        self.counts: Counter[str] = Counter()
        self.furnish(contacts)

    def furnish(self, contacts: Mapping[str, Contact]) -> None:
        """Other contacts from now on, after a reload."""
        self._contacts = contacts

    async def take(self, inbound: Inbound) -> Outcome:
        """What became of it; LedgerError when it could not be kept, and then nothing was done."""

        def judge() -> Outcome:
            with self._ledger.transaction() as books:
                return receive(books, inbound, self._contacts, self._clock())

        outcome = await self._run(judge)
        self.counts[outcome.fate] += 1
        log.info("reply by %s: %s, incident %d, %s", inbound.via, outcome.fate, outcome.incident, outcome.contact)
        return outcome

    async def posted(self, request: Posted) -> tuple[HTTPStatus, bytes]:
        """The answer to what mGov posted; whoever may not post is told nothing."""
        source = origin(request.peer, request.headers.get("x-forwarded-for", ()), self._proxies)
        if not within(source, self._allow):
            await self._refuse_stranger(request.peer, str(source))
            return HTTPStatus.FORBIDDEN, b""
        try:
            fields = json.loads(request.body)
            inbound = callback(fields if isinstance(fields, dict) else {})
        except (ValueError, RecursionError) as error:
            self.counts["unreadable"] += 1
            log.warning("a reply cannot be read: %s", error if isinstance(error, Unreadable) else "no JSON")
            return HTTPStatus.BAD_REQUEST, _json("", answer(REFUSED))
        try:
            outcome = await self.take(inbound)
        except LedgerError as error:
            self.counts["not-kept"] += 1
            log.error("a reply could not be taken: %s", error)
            return HTTPStatus.SERVICE_UNAVAILABLE, _json(inbound.transaction_id, answer(LATER))
        return HTTPStatus.OK, _json(inbound.transaction_id, outcome.text)

    async def _refuse_stranger(self, peer: str, source: str) -> None:
        """Audited, but no flood of them fills the ledger."""
        self.counts["wrong-source"] += 1
        now = self._clock()
        self._strangers = [at for at in self._strangers if at > now - HOUR_S]
        if len(self._strangers) >= STRANGERS_AN_HOUR:
            return
        self._strangers.append(now)
        log.warning("a reply from %s (%s) was refused: not one of [replies] allow", source, peer)

        def audit() -> None:
            with self._ledger.transaction() as books:
                _audit(books, now, peer, source)

        try:
            await self._run(audit)
        except LedgerError:
            self.counts["not-kept"] += 1

    async def read_modem(self, modem: Mailbox, every_s: float = MODEM_EVERY_S) -> None:
        """Take what the modem keeps, again and again until cancelled; said once when it fails and once when it heals."""
        failing = False
        while True:
            try:
                await self._empty(modem)
            except (NotifyError, LedgerError) as error:
                if not failing:
                    log.error("replies on the modem cannot be read: %s", error)
                failing = True
            else:
                if failing:
                    log.warning("replies on the modem can be read again")
                failing = False
            await asyncio.sleep(every_s)

    async def _empty(self, modem: Mailbox) -> None:
        for kept in await modem.kept():
            if kept.incoming is not None:
                await self._from_modem(modem, kept.incoming)
            await modem.remove([kept.index])

    async def _from_modem(self, modem: Mailbox, incoming: Incoming) -> None:
        told = hashlib.sha256(repr((incoming.sender, incoming.sent_at, incoming.text)).encode()).hexdigest()
        inbound = Inbound(incoming.sender, incoming.text, f"modem-{told[:32]}", incoming.sent_at, via="modem")
        outcome = await self.take(inbound)
        if not outcome.contact or outcome.fate == "repeated":
            return  # strangers are not answered: two machines could talk for ever
        try:
            await modem.text(incoming.sender, outcome.text)
        except NotifyError as error:
            log.warning("a reply on the modem was taken and could not be answered: %s", error)


def _json(transaction_id: str, text: str) -> bytes:
    return json.dumps({"transaction_id": transaction_id, "message": text, "reply": 1}).encode("ascii")


def _audit(books: Books, now: float, peer: str, source: str) -> None:
    books.audit(now, "", "sms reply refused", {"via": "sms", "fate": "wrong-source", "peer": peer, "source": source})
