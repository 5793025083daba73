"""The duty room with real rules, causes, desk and ledger over a small network: told once, and gone on from after anything."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from alerts.alarm import Phase
from alerts.books import Books, LedgerLocked
from alerts.desk.desk import Desk
from alerts.incident import Incident, IncidentState
from alerts.notification import Notification
from alerts.rules.reading import read_rules
from alerts.view import View
from alerts.windows import Windows
from alerts.words.messages import Composer
from alerts.words.names import Names
from inventory.model import Inventory
from noc.duty import Duty
from noc.ledger.ledger import SqlLedger
from noc.outbox import inline
from tests.alerts.desk.stage import CONTACTS, PLAN
from tests.alerts.field import Field, inventory_of
from tests.noc.ledger.stage import ledger

PAIRS = [("core-1", "pe-1"), ("core-1", "pe-2"), *(("pe-1", f"cpe-{number}") for number in range(1, 4))]
WAYS = frozenset({"sms", "mail"})


def network(pairs: list[tuple[str, str]] = PAIRS) -> Inventory:
    return replace(inventory_of(pairs), contacts=CONTACTS)


class Fickle:
    """A real ledger that breaks when it is told to."""

    def __init__(self, book: SqlLedger) -> None:
        self.book = book
        self.error: Exception | None = None

    @contextmanager
    def transaction(self) -> Iterator[Books]:
        if self.error is not None:
            raise self.error
        with self.book.transaction() as books:
            yield books

    def changed(self) -> bool:
        return self.book.changed()


@dataclass
class Watch:
    """One duty room over a field in virtual time; `die` and `live` are a kill -9 and a restart."""

    place: Path
    inventory: Inventory = field(default_factory=network)

    def __post_init__(self) -> None:
        self.field = Field(self.inventory, "core-1", gateway="core-1")
        self.heard = 0
        self.woken = 0
        self.live()

    def live(self) -> None:
        self.stack = ExitStack()
        book = ledger(self.place / "ledger.db", clock=self.clock)
        self.ledger = Fickle(self.stack.enter_context(book))
        view = self.view()
        self.duty = Duty(
            read_rules(self.place / "rules"),
            view,
            self.desk(view.inventory),
            self.ledger,
            clock=self.clock,
            run=inline,
        )
        self.duty.on_queued = self.wake
        self.duty.restore()

    def die(self) -> None:
        self.stack.close()
        self.heard = len(self.field.said)

    def clock(self) -> float:
        return self.field.now

    def wake(self) -> None:
        self.woken += 1

    def view(self) -> View:
        return View(self.field.inventory, self.field.topology, self.field.board)

    def desk(self, inventory: Inventory) -> Desk:
        return Desk(PLAN, Composer(Names(inventory)).compose, inventory, Windows(inventory).covering, channels=WAYS)

    async def run_for(self, seconds: float) -> None:
        """Twice a second, as the daemon does it."""
        end = self.field.now + seconds
        while self.field.now < end:
            self.field.run_for(0.5)
            said, self.heard = self.field.said[self.heard :], len(self.field.said)
            if said:
                self.duty.moved(said)
            self.duty.second()
            for _ in range(3):
                await asyncio.sleep(0)

    def reload(self, inventory: Inventory) -> None:
        """Another inventory: a board of its own that goes on from the old one's rows."""
        self.field.renew(inventory, "core-1", gateway="core-1")
        self.inventory = inventory
        self.duty.set_network(read_rules(self.place / "rules"), self.view(), self.desk(inventory))

    # what came of it

    def incidents(self) -> list[Incident]:
        with self.ledger.book.transaction() as books:
            return list(books.incidents(IncidentState))

    def pages(self) -> list[Notification]:
        with self.ledger.book.transaction() as books:
            return [each for each in books.notifications() if each.page]

    def firing(self) -> set[str]:
        return {alarm.subject.key for alarm in self.duty.alarms.values() if alarm.phase is Phase.FIRING}


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    one = Watch(tmp_path)
    yield one
    one.stack.close()


def play(work: Any) -> None:
    asyncio.run(work)


def test_given_a_router_dies_with_all_behind_it_then_one_page_and_one_incident(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.dead.add("pe-1")
        await watch.run_for(120)

    play(night())
    (incident,) = watch.incidents()
    assert incident.root.key == "pe-1"
    assert set(incident.impact.sites) >= {"s-cpe-1", "s-cpe-2", "s-cpe-3"}
    assert [(each.occasion, each.contact) for each in watch.pages()] == [("opened", "juma")]
    assert watch.woken == 1
    assert [cause.root.key for cause in watch.duty.causes] == ["pe-1"]


def test_given_nothing_happens_then_the_ledger_is_left_in_peace(watch: Watch) -> None:
    async def day() -> None:
        await watch.run_for(30)
        begun = watch.duty.counters.settled
        await watch.run_for(60)
        assert watch.duty.counters.settled == begun

    play(day())
    assert watch.incidents() == []


def test_rule_34_given_a_kill_before_the_page_then_the_next_life_pages_once(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.dead.add("pe-1")
        await watch.run_for(15)  # proven, and major: not told before 23 s
        assert "pe-1" in watch.firing() and watch.pages() == []
        watch.die()
        watch.live()
        await watch.run_for(60)

    play(night())
    assert [(each.occasion, each.contact) for each in watch.pages()] == [("opened", "juma")]


def test_rule_34_given_a_kill_after_the_page_then_it_is_not_told_again_and_the_recovery_is(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.dead.add("pe-1")
        await watch.run_for(60)
        before = watch.incidents()[0]
        watch.die()
        watch.live()
        assert "pe-1" in watch.firing()
        await watch.run_for(60)
        assert [each.number for each in watch.incidents()] == [before.number]
        assert watch.incidents()[0].since == before.since
        watch.field.dead.clear()
        await watch.run_for(200)

    play(night())
    (incident,) = watch.incidents()
    assert incident.state is IncidentState.RESOLVED
    assert len(watch.pages()) == 1
    assert watch.duty.alarms == {}


def test_rule_21_given_the_poller_is_isolated_then_one_incident_and_all_else_stands_still(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.isolated = True
        await watch.run_for(120)
        watch.field.isolated = False
        await watch.run_for(300)

    play(night())
    (incident,) = watch.incidents()
    assert incident.family == "poller"
    assert incident.state is IncidentState.RESOLVED
    assert watch.firing() == set()


def test_given_the_ledger_takes_no_writes_then_nothing_is_lost_and_it_is_said_once(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "noc.duty")  # whatever commands run by other tests left behind

    async def night() -> None:
        await watch.run_for(30)
        watch.ledger.error = LedgerLocked("somebody else is writing in the ledger")
        watch.field.dead.add("pe-1")
        await watch.run_for(60)
        assert watch.duty.failing == "the ledger takes no writes"
        assert watch.duty.failing_since is not None
        watch.ledger.error = None
        await watch.run_for(5)

    play(night())
    assert watch.duty.failing_since is None
    assert [each.occasion for each in watch.pages()] == ["opened"]
    with watch.ledger.book.transaction() as books:
        assert {alarm.subject.key for alarm in books.alarms().values()} >= {"pe-1", "cpe-1", "cpe-2", "cpe-3"}
    said = [each.message for each in caplog.records if each.name == "noc.duty"]
    assert len(said) == 2
    assert "somebody else is writing" in said[0] and "settled again" in said[1]


def test_given_a_mistake_of_ours_in_settling_then_alerting_says_so_and_goes_on(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.ledger.error = ZeroDivisionError("a mistake")
        watch.field.dead.add("pe-1")
        await watch.run_for(60)
        assert watch.duty.failing == "alerts cannot be settled"
        watch.ledger.error = None
        await watch.run_for(10)

    play(night())
    assert watch.duty.failing_since is None
    assert [each.occasion for each in watch.pages()] == ["opened"]
    said = [each for each in caplog.records if each.name == "noc.duty" and each.levelname == "ERROR"]
    assert len(said) == 1 and said[0].exc_info


def test_given_a_reload_without_the_device_then_its_alarm_is_clear_and_its_incident_ends(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.dead.add("cpe-1")
        await watch.run_for(60)
        assert "cpe-1" in watch.firing()
        watch.reload(network([pair for pair in PAIRS if "cpe-1" not in pair]))
        assert not any("cpe-1" in key for key in watch.firing())
        await watch.run_for(150)

    play(night())
    (incident,) = watch.incidents()
    assert incident.state is IncidentState.RESOLVED
    with watch.ledger.book.transaction() as books:
        assert dict(books.alarms()) == {}


def test_given_a_reload_while_it_fires_then_the_same_incident_goes_on_and_nobody_is_told_again(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.field.dead.add("pe-1")
        await watch.run_for(60)
        watch.reload(network([*PAIRS, ("pe-2", "cpe-9")]))
        await watch.run_for(60)

    play(night())
    assert [each.root.key for each in watch.incidents()] == ["pe-1"]
    assert len(watch.pages()) == 1


def test_given_the_daemon_ends_then_what_was_decided_is_kept(watch: Watch) -> None:
    async def night() -> None:
        await watch.run_for(30)
        watch.ledger.error = LedgerLocked("for a moment")
        watch.field.dead.add("pe-1")
        await watch.run_for(20)
        watch.ledger.error = None
        await watch.duty.stop()

    play(night())
    with watch.ledger.book.transaction() as books:
        assert any(alarm.subject.key == "pe-1" for alarm in books.alarms().values())


def test_given_a_belief_that_only_time_changes_then_causes_are_looked_at_every_ten_seconds(watch: Watch) -> None:
    async def work() -> None:
        await watch.run_for(20.0)
        watch.field.dead = {"pe-1", "cpe-2"}
        await watch.run_for(60.0)
        watch.field.dead = {"cpe-2"}
        await watch.run_for(60.0)
        assert {cause.root.key: cause.bad for cause in watch.duty.causes} == {"pe-1": False, "cpe-2": True}
        settled, causes = watch.duty.counters.settled, watch.duty.causes
        watch.duty.causes = causes[:1]  # as they were believed a while ago
        await watch.run_for(11.0)
        assert watch.duty.causes == causes and watch.duty.counters.settled > settled
        settled = watch.duty.counters.settled
        await watch.run_for(25.0)
        assert watch.duty.counters.settled <= settled + 1, "what is as it was leaves the ledger alone"

    play(work())
