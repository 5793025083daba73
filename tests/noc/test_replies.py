"""Replies by SMS end to end: over HTTP as mGov posts them, over the modem, and everything that must not work."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from alerts.books import Books
from alerts.incident import IncidentState
from alerts.notification import NotifyError, Receipt
from alerts.notify.modem import Kept
from alerts.notify.pdu import Incoming
from inventory.model import Contact
from noc.ledger.ledger import SqlLedger
from noc.post_box import PostBox
from noc.replies import Replies
from tests.noc.ledger.stage import NOW, incident
from tests.noc.ledger.stage import ledger as opened
from tests.patience import HANGS_S, until

CONTACTS = {
    "mushi": Contact("mushi", "A. Mushi", "0712 345 678", "", "en"),
    "juma": Contact("juma", "J. Juma", "+255754000111", "", "sw"),
    "shift": Contact("shift", "Shift phone", "0754000111", "", "sw"),
}
MUSHI, JUMA, STRANGER = "255712345678", "255754000111", "255788999000"
NO = {
    "en": "This message could not be accepted. Please call the NOC.",
    "sw": "Ujumbe huu haukukubaliwa. Tafadhali piga simu NOC.",
}


@dataclass
class Stage:
    ledger: SqlLedger
    replies: Replies
    now: float = NOW
    posts: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    def incident(self, *contacts: str) -> tuple[int, list[str]]:
        """A new one, and the code that each contact was sent."""
        with self.ledger.transaction() as books:
            number = books.add(incident()).number
            return number, [books.add_code(number, contact, self.now) for contact in contacts]

    def state(self, number: int) -> tuple[IncidentState, str]:
        with self.ledger.transaction() as books:
            found = books.incident(number)
            assert found is not None
            return found.state, found.acknowledged_by

    def audited(self) -> list[str]:
        with self.ledger.transaction() as books:
            return [str(row["what"]["fate"]) for row in audit_of(books) if str(row["act"]).startswith("sms reply")]

    def post(self, sender: str, text: str, **changed: Any) -> tuple[int, dict[str, Any]]:
        self.posts += 1
        fields = {"message": text, "msisdn": sender, "transaction_id": f"t-{self.posts}", "sent_time": eat(self.now)}
        status, body = asyncio.run(self.exchange(json.dumps(fields | changed).encode()))
        self.last = json.loads(body) if body else {}
        return status, self.last

    async def exchange(
        self, body: bytes, *headers: str, raw: bytes | None = None, limit_s: float = HANGS_S
    ) -> tuple[int, bytes]:
        """One request over a real socket."""
        box = PostBox("127.0.0.1:0", self.replies.posted, limit_s=limit_s)
        serving = asyncio.create_task(box.serve())
        try:
            while not box.port:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.005)
            reader, writer = await asyncio.open_connection("127.0.0.1", box.port)
            head = "\r\n".join(["POST /sms HTTP/1.1", "Host: noc", f"Content-Length: {len(body)}", *headers, "", ""])
            writer.write(raw if raw is not None else head.encode() + body)
            answer = await reader.read()
            writer.close()
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        first, _, rest = answer.partition(b"\r\n")
        return int(first.split(b" ")[1]) if first else 0, rest.partition(b"\r\n\r\n")[2]


def audit_of(books: Books) -> Sequence[Any]:
    from sqlalchemy import select

    from noc.ledger.schema import AUDIT

    return list(books.db.execute(select(AUDIT)).mappings())  # type: ignore[attr-defined]


def eat(at: float) -> str:
    from alerts.local_time import local

    return local(at).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with opened(tmp_path / "ledger.db") as ledger:
        found: list[Stage] = []
        replies = Replies(ledger, CONTACTS, clock=lambda: found[0].now, allow=["127.0.0.1"])
        found.append(Stage(ledger, replies))
        yield found[0]


def test_given_the_right_reply_then_the_incident_is_taken_and_the_answer_is_in_their_language(stage: Stage) -> None:
    number, [code, other] = stage.incident("mushi", "juma")
    status, answer = stage.post(MUSHI, f"noc ok {number} {code.lower()}")
    assert (status, answer) == (
        200, {"transaction_id": "t-1", "message": f"NOC {number} acknowledged. Thank you.", "reply": 1},
    )  # fmt: skip
    assert stage.state(number) == (IncidentState.ACKNOWLEDGED, "mushi")
    _, answer = stage.post(JUMA, f"NOC OK {number}-{other}")
    assert "tayari linashughulikiwa" in answer["message"]
    assert stage.state(number) == (IncidentState.ACKNOWLEDGED, "mushi")
    assert stage.audited() == ["acknowledged", "already-taken"]


def refused(stage: Stage, number: int, fate: str, language: str = "en") -> None:
    assert stage.last["message"] == NO[language]
    assert stage.state(number)[0] is IncidentState.OPEN
    assert stage.audited()[-1] == fate and stage.replies.counts[fate] == 1


def test_given_a_telephone_that_is_nobodys_then_it_is_refused(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.post(STRANGER, f"NOC OK {number}-{code}")
    refused(stage, number, "wrong-number", "sw")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    assert stage.state(number)[0] is IncidentState.ACKNOWLEDGED, "a stranger spends nobody's code"


def test_given_somebody_elses_code_then_it_is_refused(stage: Stage) -> None:
    number, [_, code] = stage.incident("mushi", "juma")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    refused(stage, number, "code-anothers")


def test_given_the_code_of_another_incident_then_it_is_refused(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    other, _ = stage.incident("mushi")
    stage.post(MUSHI, f"NOC OK {other}-{code}")
    refused(stage, other, "wrong-code")
    assert stage.state(number)[0] is IncidentState.OPEN


def test_given_a_code_that_was_spent_then_it_is_refused(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    assert stage.last["message"] == NO["en"] and stage.audited()[-1] == "code-spent"


def test_given_a_code_that_a_later_message_replaced_then_only_the_new_one_counts(stage: Stage) -> None:
    number, [old] = stage.incident("mushi")
    with stage.ledger.transaction() as books:
        new = books.add_code(number, "mushi", stage.now)
    stage.post(MUSHI, f"NOC OK {number}-{old}")
    refused(stage, number, "code-ended")
    stage.post(MUSHI, f"NOC OK {number}-{new}")
    assert stage.state(number)[0] is IncidentState.ACKNOWLEDGED


def test_given_a_code_of_long_ago_then_it_is_refused(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.now += 400 * 86_400
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    refused(stage, number, "code-expired")


def test_given_five_wrong_tries_then_the_right_code_is_locked(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    for wrong in ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE"):
        stage.post(MUSHI, f"NOC OK {number}-{wrong}")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    refused(stage, number, "code-locked")


def test_given_a_transaction_id_that_was_seen_then_it_is_refused_for_ever(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.post(MUSHI, "hello", transaction_id="same")
    stage.now += 86_400 * 30
    stage.post(MUSHI, f"NOC OK {number}-{code}", transaction_id="same")
    refused(stage, number, "repeated")


@pytest.mark.parametrize("minutes", [-11, 11, -60 * 24])
def test_given_a_message_sent_long_ago_or_ahead_then_it_is_refused(stage: Stage, minutes: int) -> None:
    number, [code] = stage.incident("mushi")
    stage.post(MUSHI, f"NOC OK {number}-{code}", sent_time=eat(stage.now + 60 * minutes))
    refused(stage, number, "late")


@pytest.mark.parametrize("text", ["NOC CLOSE {}-{}", "NOC RESOLVE {}-{}", "NOC OK {}-{} and close it", "what?"])
def test_given_anything_but_taking_then_nothing_happens(stage: Stage, text: str) -> None:
    number, [code] = stage.incident("mushi")
    stage.post(MUSHI, text.format(number, code))
    refused(stage, number, "not-understood")


def test_given_a_telephone_that_a_shift_hands_on_then_the_code_of_either_counts(stage: Stage) -> None:
    number, [code] = stage.incident("shift")
    stage.post(JUMA, f"NOC OK {number}-{code}")
    assert stage.state(number) == (IncidentState.ACKNOWLEDGED, "shift")


def test_given_another_source_then_nobody_is_heard_and_the_flood_is_bounded(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.replies = Replies(
        stage.ledger, CONTACTS, clock=lambda: stage.now, allow=["196.41.60.9"], proxies=["10.0.0.1"]
    )
    body = json.dumps(
        {"message": f"NOC OK {number}-{code}", "msisdn": MUSHI, "transaction_id": "t", "sent_time": eat(NOW)}
    )
    forged = asyncio.run(stage.exchange(body.encode(), "X-Forwarded-For: 196.41.60.9"))
    assert forged == (403, b"") and stage.state(number)[0] is IncidentState.OPEN
    assert stage.audited() == ["wrong-source"]
    for _ in range(70):
        asyncio.run(stage.exchange(body.encode()))
    assert len(stage.audited()) == 60 and stage.replies.counts["wrong-source"] == 71


def test_given_a_named_proxy_then_what_it_forwards_is_believed(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    stage.replies = Replies(
        stage.ledger, CONTACTS, clock=lambda: stage.now, allow=["196.41.60.9"], proxies=["127.0.0.1"]
    )
    body = json.dumps(
        {"message": f"NOC OK {number}-{code}", "msisdn": MUSHI, "transaction_id": "t", "sent_time": eat(NOW)}
    )
    status, _ = asyncio.run(stage.exchange(body.encode(), "X-Forwarded-For: 1.2.3.4, 196.41.60.9"))
    assert status == 200 and stage.state(number)[0] is IncidentState.ACKNOWLEDGED


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"no json", b"\xff\xfe", b"[" * 10_000, b'{"message": 1e999}', b'{"msisdn": NaN}']
)
def test_given_a_body_that_is_none_then_it_is_refused_without_a_word(stage: Stage, body: bytes) -> None:
    status, answer = asyncio.run(stage.exchange(body))
    assert status == 400 and json.loads(answer)["message"] == NO["sw"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nabcde", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort", 0),
        (b"POST", 0),
    ],
)
def test_given_a_request_that_is_none_then_it_is_answered_briefly_or_cut_off(
    stage: Stage, raw: bytes, status: int
) -> None:
    try:
        assert asyncio.run(stage.exchange(b"", raw=raw, limit_s=0.2))[0] == status
    except ConnectionResetError:
        assert status == 431


def test_given_a_ledger_that_takes_nothing_then_the_gateway_may_try_again(stage: Stage) -> None:
    from tests.noc.test_outbox import Locked

    number, [code] = stage.incident("mushi")
    locked = Locked(stage.ledger, lambda: stage.now, NOW + 60)
    stage.replies = Replies(locked, CONTACTS, clock=lambda: stage.now, allow=["127.0.0.1"])  # type: ignore[arg-type]
    status, _ = stage.post(MUSHI, f"NOC OK {number}-{code}", transaction_id="again")
    assert status == 503
    stage.now += 61
    status, _ = stage.post(MUSHI, f"NOC OK {number}-{code}", transaction_id="again")
    assert status == 200 and stage.state(number)[0] is IncidentState.ACKNOWLEDGED


def test_given_what_is_kept_then_no_code_that_may_still_count_is_in_it(stage: Stage) -> None:
    number, [_, code] = stage.incident("mushi", "juma")
    stage.post(MUSHI, f"NOC OK {number}-{code}")
    with stage.ledger.transaction() as books:
        [kept] = books.replies(number)
        audit = str(audit_of(books))
    assert code not in kept.text + audit and MUSHI not in audit


LOOKS = 6  # more than any mailbox here fails


@dataclass
class FakeMailbox:
    memory: dict[int, Incoming | None]
    answers: list[tuple[str, str]] = field(default_factory=list)
    fails: int = 0
    broken_answers: bool = False
    looks: int = 0

    async def kept(self) -> Sequence[Kept]:
        self.looks += 1
        self.fails -= 1
        if self.fails >= 0:
            raise NotifyError("the modem does not answer")
        return [Kept(index, incoming) for index, incoming in self.memory.items()]

    async def remove(self, indexes: Sequence[int]) -> None:
        for index in indexes:
            del self.memory[index]

    async def text(self, address: str, text: str) -> Receipt:
        if self.broken_answers:
            raise NotifyError("no network")
        self.answers.append((address, text))
        return Receipt()


def read(stage: Stage, mailbox: FakeMailbox) -> None:
    async def for_a_while() -> None:
        task = asyncio.create_task(stage.replies.read_modem(mailbox, every_s=0.01))
        await until(lambda: mailbox.looks > LOOKS, "it looks again and again")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(for_a_while())


def test_given_replies_on_the_modem_then_they_count_and_strangers_are_not_answered(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    mailbox = FakeMailbox(
        {
            1: Incoming("MTANDAO", NOW, "Buy airtime"),
            2: None,
            3: Incoming(STRANGER, NOW, f"NOC OK {number}-{code}"),
            4: Incoming(MUSHI, NOW, f"NOC OK {number}-{code}"),
        },
        fails=2,
    )
    read(stage, mailbox)
    assert stage.state(number) == (IncidentState.ACKNOWLEDGED, "mushi")
    assert mailbox.memory == {} and mailbox.answers == [(MUSHI, f"NOC {number} acknowledged. Thank you.")]


def test_given_a_death_before_removing_then_the_same_reply_is_known_again(stage: Stage) -> None:
    number, [code] = stage.incident("mushi")
    incoming = Incoming(MUSHI, NOW, f"NOC OK {number}-{code}")
    read(stage, FakeMailbox({1: incoming}))
    again = FakeMailbox({1: incoming}, broken_answers=True)
    read(stage, again)
    assert again.memory == {} and again.answers == []
    assert stage.audited() == ["acknowledged", "repeated"]
