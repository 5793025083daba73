"""The outbox in simulated time, over a real ledger: gateways fail, people acknowledge, the daemon dies, nothing is lost."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from alerts.books import Books, LedgerLocked
from alerts.desk.acts import acknowledge
from alerts.incident import IncidentState
from alerts.notification import Fate, Notification, NotifyError, Receipt, Refused, Unsure
from inventory.model import Contact
from noc.ledger.ledger import SqlLedger
from noc.outbox import Outbox
from noc.scenario.loop import VirtualLoop
from tests.alerts.notify.samples import message
from tests.noc.ledger.stage import NOW, incident
from tests.noc.ledger.stage import ledger as opened

CONTACTS = {
    "mushi": Contact("mushi", "A. Mushi", "0712345678", "mushi@example.go.tz", "en"),
    "juma": Contact("juma", "J. Juma", "0754000111", "juma@example.go.tz", "sw"),
    "mail-only": Contact("mail-only", "Desk", "", "desk@example.go.tz"),
}


class Died(BaseException):
    """The daemon was killed here."""


@dataclass
class Fake:
    """A channel that takes, fails or hangs by its script; `until` is when it works again."""

    name: str
    now: Callable[[], float]
    until: float = 0.0
    error: type[NotifyError] = NotifyError
    hangs_s: float = 0.0
    dies_after: int = 10**9
    sent: list[tuple[float, Notification, str]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def send(self, notification: Notification, address: str) -> Receipt:
        self.asked.append(self.now() - NOW)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if self.hangs_s:
                await asyncio.sleep(self.hangs_s)
            if self.now() < self.until:
                raise self.error(f"{self.name} is down")
        finally:
            self.running -= 1
        self.sent.append((self.now() - NOW, notification, address))
        if len(self.sent) >= self.dies_after:
            raise Died
        return Receipt()

    @property
    def keys(self) -> list[str]:
        return [one.key for _, one, _ in self.sent]


@dataclass
class Stage:
    ledger: SqlLedger
    loop: VirtualLoop
    sms: Fake
    modem: Fake
    mail: Fake
    outbox: Outbox

    def now(self) -> float:
        return NOW + self.loop.time()

    def books(self, act: Callable[[Books], Any]) -> Any:
        with self.ledger.transaction() as books:
            return act(books)

    def queue(self, *rows: Notification) -> None:
        self.books(lambda books: [books.queue(row) for row in rows])
        self.outbox.wake()

    def row(self, key: str) -> Notification:
        found: dict[str, Notification] = {one.key: one for one in self.books(lambda books: books.notifications())}
        return found[key]

    def play(self, seconds: float, *acts: tuple[float, Callable[[], object]]) -> None:
        """Let the outbox work for so long; `acts` happen at their second."""
        for at, act in acts:
            self.loop.call_later(at, act)
        self.loop.run_until_complete(self._live(self.outbox.work(), seconds))

    @staticmethod
    async def _live(work: Coroutine[Any, Any, None], seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await work


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    loop = VirtualLoop()
    with opened(tmp_path / "ledger.db") as ledger:
        yield build(ledger, loop)
    loop.close()


def build(ledger: SqlLedger, loop: VirtualLoop, names: tuple[str, ...] = ("sms", "modem", "mail")) -> Stage:
    def now() -> float:
        return NOW + loop.time()

    fakes = {name: Fake(name, now) for name in ("sms", "modem", "mail")}
    outbox = Outbox(ledger, {name: fakes[name] for name in names}, CONTACTS, clock=now, look_s=600.0)
    return Stage(ledger, loop, *fakes.values(), outbox)


def told(stage: Stage, **changed: Any) -> Notification:
    """A message of an incident that is in the ledger."""
    number = stage.books(lambda books: books.add(incident())).number
    return message(**({"queued_at": NOW, "incident": number} | changed))


def test_given_a_queued_page_then_it_goes_out_at_once_by_its_first_channel(stage: Stage) -> None:
    row = told(stage)
    stage.queue(row)
    stage.play(1)
    assert [(at, one.key, address) for at, one, address in stage.sms.sent] == [(0.0, row.key, "0712345678")]
    kept = stage.row(row.key)
    assert (kept.fate, kept.channel, kept.tries, kept.ended_at) == (Fate.SENT, "sms", 1, NOW)
    assert stage.modem.sent == stage.mail.sent == []


def test_given_something_queued_later_then_waking_sends_it_at_once(stage: Stage) -> None:
    row = told(stage)
    stage.play(100, (42.0, lambda: stage.queue(row)))
    assert [at for at, _, _ in stage.sms.sent] == [42.0]


def test_rule_23_given_a_gateway_down_for_a_minute_then_the_sms_is_there_at_minute_one(stage: Stage) -> None:
    stage.outbox.furnish({"sms": stage.sms}, CONTACTS)
    stage.sms.until = NOW + 60
    row = told(stage, severity="major", channels=("sms",))
    stage.queue(row)
    stage.play(300)
    assert [at for at, _, _ in stage.sms.sent] == [60.0]
    assert stage.sms.asked == [0, 15, 30, 60]


def test_rule_23_given_a_failed_send_then_nothing_counts_as_told(stage: Stage) -> None:
    for fake in (stage.sms, stage.modem, stage.mail):
        fake.until = NOW + 10_000
    row = told(stage)
    stage.queue(row)
    stage.play(600)
    rows = stage.books(lambda books: books.notifications())
    assert {one.fate for one in rows} == {Fate.QUEUED}
    assert all(one.ended_at is None and not one.channel for one in rows)


def test_given_a_critical_page_and_a_gateway_that_hangs_then_the_modem_follows_at_once(stage: Stage) -> None:
    stage.sms.hangs_s, stage.sms.until, stage.sms.error = 10.0, NOW + 3600, Unsure
    row = told(stage)
    stage.queue(row)
    stage.play(60)
    assert [at for at, _, _ in stage.modem.sent] == [10.0]
    assert stage.row(row.key).channel == "modem" and stage.mail.sent == []


def test_given_an_hour_without_sms_then_mail_goes_meanwhile_and_the_sms_at_its_end(stage: Stage) -> None:
    stage.sms.until = stage.modem.until = NOW + 3600
    row = told(stage, severity="major")
    stage.queue(row)
    stage.play(5000)
    assert [at for at, _, _ in stage.mail.sent] == [30.0]
    [(at, one, _)] = stage.sms.sent + stage.modem.sent
    assert 3600 <= at <= 3600 + 120 and one.key == row.key
    assert stage.row(row.key).fate is Fate.SENT and stage.row(f"{row.key}.copy").channel == "mail"


def test_given_a_channel_that_works_again_then_what_waits_for_it_goes_at_once(stage: Stage) -> None:
    stage.outbox.furnish({"sms": stage.sms}, CONTACTS)
    stage.sms.until = NOW + 600.5
    rows = [told(stage, key=f"n-{number}", channels=("sms",), severity="major") for number in range(3)]
    stage.queue(*rows)
    late = told(stage, key="n-new", channels=("sms",))
    stage.play(700, (601.0, lambda: stage.queue(late)))
    assert sorted(stage.sms.keys) == sorted(row.key for row in (*rows, late))
    assert {at for at, _, _ in stage.sms.sent} == {601.0}


def test_rule_24_given_an_acknowledgement_then_what_waits_is_not_sent_on_any_channel(stage: Stage) -> None:
    stage.sms.until = stage.modem.until = stage.mail.until = NOW + 60
    first, second = told(stage), told(stage, key="n-other", contact="juma")
    second = replace(second, incident=first.incident)
    stage.queue(first, second)
    stage.play(
        300,
        (30.5, lambda: stage.books(lambda books: acknowledge(books, first.incident, "juma", stage.now()))),
    )
    assert stage.sms.sent == stage.modem.sent == stage.mail.sent == []
    assert {one.fate for one in stage.books(lambda books: books.notifications())} == {Fate.CANCELLED}


def test_rule_24_given_an_acknowledgement_while_a_send_fails_then_it_stays_cancelled(stage: Stage) -> None:
    stage.sms.hangs_s, stage.sms.until = 10.0, NOW + 60
    row = told(stage)
    stage.queue(row)
    stage.play(100, (5.0, lambda: stage.books(lambda books: acknowledge(books, row.incident, "juma", stage.now()))))
    assert stage.row(row.key).fate is Fate.CANCELLED and stage.modem.sent == []


def test_given_an_acknowledgement_while_it_goes_out_then_the_row_says_that_it_went_out(stage: Stage) -> None:
    stage.sms.hangs_s = 5.0
    row = told(stage)
    stage.queue(row)
    stage.play(60, (2.0, lambda: stage.books(lambda books: acknowledge(books, row.incident, "juma", stage.now()))))
    assert stage.row(row.key).fate is Fate.SENT


def test_rule_34_given_a_death_between_sending_and_marking_then_the_next_life_sends_it_with_the_same_key(
    stage: Stage,
) -> None:
    class Dies:
        """The ledger of a daemon that is killed at its n-th transaction."""

        def __init__(self, at: int) -> None:
            self.left = at

        @contextmanager
        def transaction(self) -> Iterator[Books]:
            self.left -= 1
            if self.left < 0:
                raise Died
            with stage.ledger.transaction() as books:
                yield books

    row = told(stage)
    stage.queue(row)

    async def until_death(transactions: int) -> None:
        work = Outbox(Dies(transactions), {"sms": stage.sms}, CONTACTS, clock=stage.now, look_s=600.0).work()  # type: ignore[arg-type]
        with contextlib.suppress(TimeoutError, Died):
            async with asyncio.timeout(1):
                await work

    stage.loop.set_exception_handler(lambda loop, context: None)
    for transactions in range(4):  # recall, look, claim, and then the mark
        with contextlib.suppress(Died):
            stage.loop.run_until_complete(until_death(transactions))
    assert stage.sms.keys == [row.key] and stage.row(row.key).fate is Fate.QUEUED
    stage.play(1)
    assert stage.sms.keys == [row.key, row.key]
    assert stage.row(row.key).fate is Fate.SENT


def test_given_a_slow_gateway_then_mail_is_not_delayed(stage: Stage) -> None:
    stage.sms.hangs_s = 20.0
    pages = [told(stage, key=f"p-{number}", severity="major") for number in range(20)]
    mails = [told(stage, key=f"m-{number}", channels=("mail",), page=False) for number in range(20)]
    stage.queue(*pages, *mails)
    stage.play(70)
    assert len(stage.mail.sent) == 20 and {at for at, _, _ in stage.mail.sent} == {0.0}
    assert stage.sms.most == 8 and len(stage.sms.sent) == 20


def test_given_more_than_fits_then_critical_pages_go_before_all_else(stage: Stage) -> None:
    stage.modem.hangs_s = 1.0
    order = [("minor", False), ("major", True), ("critical", True), ("warning", False)]
    rows = [
        told(stage, key=severity, severity=severity, page=page, channels=("modem",), queued_at=NOW - 10 + number)
        for number, (severity, page) in enumerate(order)
    ]
    stage.queue(*rows)
    stage.play(60)
    assert stage.modem.keys == ["critical", "major", "minor", "warning"] and stage.modem.most == 1


def test_given_a_bad_number_then_the_next_channel_has_it_at_once_and_the_channel_is_not_blamed(stage: Stage) -> None:
    stage.sms.until, stage.sms.error = NOW + 10_000, Refused
    row = told(stage, severity="major")
    stage.queue(row)
    stage.play(1)
    assert stage.modem.keys == [row.key]
    assert stage.outbox.health()["sms"].failing_since is None and stage.outbox.health()["sms"].failed == 1


def test_given_a_contact_with_mail_alone_then_a_page_goes_there(stage: Stage) -> None:
    row = told(stage, contact="mail-only")
    stage.queue(row)
    stage.play(1)
    assert [address for _, _, address in stage.mail.sent] == ["desk@example.go.tz"]


def test_given_nobody_reachable_then_it_fails_loudly(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.queue(told(stage, contact="nobody"), told(stage, key="n-2", channels=("webhook",)))
    stage.play(1)
    rows = stage.books(lambda books: books.notifications())
    assert {one.fate for one in rows} == {Fate.FAILED} and stage.outbox.fates["failed"] == 2
    assert sum("reached nobody" in record.message for record in caplog.records) == 2


def test_given_a_day_without_any_channel_then_it_is_given_up_loudly(stage: Stage) -> None:
    stage.outbox.furnish({"sms": stage.sms}, CONTACTS)
    stage.sms.until, stage.sms.error = NOW + 10**7, Unsure
    row = told(stage, channels=("sms",), queued_at=NOW - 80_000)
    stage.queue(row)
    stage.play(7000)
    assert stage.row(row.key).fate is Fate.FAILED
    assert len(stage.sms.asked) < 20


def test_given_an_incident_that_recovered_unseen_then_nobody_is_woken_for_it(stage: Stage) -> None:
    stage.sms.until = stage.modem.until = NOW + 300
    row = told(stage)
    stage.queue(row)

    def resolve(books: Books) -> None:
        found = books.incident(row.incident)
        assert found is not None
        books.put(replace(found, state=IncidentState.RESOLVED, resolved_at=stage.now()))

    stage.play(1000, (200.0, lambda: stage.books(resolve)))
    assert stage.sms.sent == stage.modem.sent == [] and stage.row(row.key).fate is Fate.CANCELLED


def test_given_updates_that_could_not_go_out_then_only_the_newest_does(stage: Stage) -> None:
    stage.outbox.furnish({"sms": stage.sms}, CONTACTS)
    stage.sms.until = NOW + 1000
    first = told(stage, key="u-0", occasion="update", channels=("sms",), severity="major")
    updates = [
        replace(first, key=f"u-{number}", queued_at=NOW + 300 * number, next_try_at=NOW + 300 * number)
        for number in range(4)
    ]
    stage.play(2000, *((300.0 * number, lambda row=row: stage.queue(row)) for number, row in enumerate(updates)))
    assert stage.sms.keys == ["u-3"]


def test_given_failures_then_health_tells_since_when_and_the_log_says_it_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stage.outbox.furnish({"sms": stage.sms}, CONTACTS)
    stage.sms.until = NOW + 120
    stage.queue(told(stage, channels=("sms",), severity="major"))
    stage.play(100)
    ailing = stage.outbox.health()["sms"]
    assert (ailing.accepted, ailing.failed, ailing.queued, ailing.failing_since) == (0, 4, 1, NOW)
    assert ailing.oldest_s == 100.0 and "sms is down" in ailing.error
    stage.play(100)
    well = stage.outbox.health()["sms"]
    assert (well.accepted, well.queued, well.failing_since) == (1, 0, None)
    assert well.last_accepted_at is not None and well.last_accepted_at >= NOW + 120
    assert [record.message for record in caplog.records if "channel sms" in record.message] == [
        "channel sms fails: sms is down",
        f"channel sms works again after {well.last_accepted_at - NOW:.0f} s",
    ]


def test_given_a_failure_that_nothing_was_sent_after_then_it_is_not_said_to_fail_for_ever(stage: Stage) -> None:
    stage.sms.until = stage.modem.until = stage.mail.until = NOW + 5
    row = told(stage)
    stage.queue(row)
    stage.play(10, (3.0, lambda: stage.books(lambda books: acknowledge(books, row.incident, "juma", stage.now()))))
    assert stage.outbox.health()["sms"].failing_since == NOW
    stage.play(300)
    quiet = stage.outbox.health()["sms"]
    assert (quiet.failing_since, quiet.last_failed_at, quiet.failed) == (None, NOW, 1)


def test_given_the_end_of_the_daemon_then_what_is_under_way_may_end(stage: Stage) -> None:
    stage.sms.hangs_s = 2.0
    row = told(stage)
    stage.queue(row)
    stage.play(1)
    assert stage.row(row.key).fate is Fate.SENT and stage.sms.keys == [row.key]


def test_given_another_life_then_it_knows_when_a_channel_last_worked(stage: Stage) -> None:
    stage.queue(told(stage))
    stage.play(1)
    again = build(stage.ledger, stage.loop)
    again.play(1)
    assert again.outbox.health()["sms"].last_accepted_at == NOW


@dataclass
class Locked:
    """A ledger that somebody else holds for a while."""

    inner: SqlLedger
    now: Callable[[], float]
    until: float

    @contextmanager
    def transaction(self) -> Iterator[Books]:
        if self.now() < self.until:
            raise LedgerLocked("somebody else writes")
        with self.inner.transaction() as books:
            yield books


def test_given_a_ledger_that_takes_nothing_then_a_page_goes_out_once_and_is_kept_later(stage: Stage) -> None:
    locked = Locked(stage.ledger, stage.now, NOW + 60)
    outbox = Outbox(locked, {"sms": stage.sms}, CONTACTS, clock=stage.now, look_s=5.0)  # type: ignore[arg-type]
    row = told(stage)
    stage.outbox = outbox
    outbox.hand([row])
    stage.play(50)
    assert [at for at, _, _ in stage.sms.sent] == [0.0] and outbox.ledger_error
    stage.play(50)
    assert len(stage.sms.sent) == 1 and not outbox.ledger_error
    assert stage.row(row.key).fate is Fate.SENT


def test_given_a_channel_with_a_mistake_in_it_then_the_others_go_on(stage: Stage) -> None:
    class Broken:
        async def send(self, notification: Notification, address: str) -> Receipt:
            raise ZeroDivisionError("my mistake")

    channels: Mapping[str, Any] = {"sms": Broken(), "modem": stage.modem}
    stage.outbox.furnish(channels, CONTACTS)
    row = told(stage)
    stage.queue(row)
    stage.play(1)
    assert stage.modem.keys == [row.key]


def test_given_another_process_that_queues_then_the_next_look_finds_it(stage: Stage) -> None:
    row = told(stage)
    outbox = Outbox(stage.ledger, {"sms": stage.sms}, CONTACTS, clock=stage.now, look_s=5.0)
    stage.outbox = outbox
    stage.play(20, (7.0, lambda: stage.books(lambda books: books.queue(row))))
    assert [at for at, _, _ in stage.sms.sent] == [10.0]
