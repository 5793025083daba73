"""The desk on the real ledger: a fault from its opening to its end, with people acting from another process."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts.books import Overtaken
from alerts.desk import acts
from alerts.incident import IncidentState
from alerts.notification import Fate
from noc.ledger.ledger import SqlLedger
from tests.alerts.desk.stage import Night
from tests.noc.ledger.stage import ledger


def settle(night: Night, book: SqlLedger) -> None:
    with book.transaction() as books:
        books.put_alarms(night.alarms.values())
        night.settled = night.desk.settle(books, tuple(night.causes.values()), night.alarms, night.now)
        for each in books.notifications(None, (Fate.QUEUED,)):
            books.put_notification(replace(each, fate=Fate.SENT, ended_at=night.now, channel=each.channels[0]))


def test_given_a_fault_then_the_ledger_holds_its_whole_life(tmp_path: Path) -> None:
    night = Night(replies=True)
    start = night.now
    with ledger(tmp_path / "ledger.db", clock=lambda: night.now) as book:
        night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
        for seconds in (7, 7, 60):
            night.now = start + seconds
            settle(night, book)
        night.restart()
        settle(night, book)
        with ledger(tmp_path / "ledger.db", migrate=False) as elsewhere, elsewhere.transaction() as books:
            acts.acknowledge(books, 1, "juma", night.now)
        night.good("pe-1")
        night.now += 100
        settle(night, book)
        night.clear("pe-1")
        night.now += 21
        settle(night, book)
        with book.transaction() as books:
            acts.close(books, 1, "juma", night.now, cause="power")
            incident = books.incident(1)
            told = [(each.occasion, each.contact, each.fate) for each in books.notifications(1)]
            lines = [(line.kind, line.code) for line in books.entries(1)]
    assert incident is not None and incident.state is IncidentState.CLOSED
    assert told == [
        ("opened", "juma", Fate.SENT),
        ("opened", "desk", Fate.SENT),
        ("recovery", "juma", Fate.SENT),
        ("recovery", "desk", Fate.SENT),
    ]
    assert lines[0] == ("opened", "opened") and lines[-1] == ("closed", "closed")
    assert [each for each in lines if each[0] in ("act", "resolved")] == [
        ("act", "acknowledged"),
        ("resolved", "resolved"),
    ]


def test_given_an_act_that_is_refused_then_the_ledger_is_as_it_was(tmp_path: Path) -> None:
    night = Night()
    with ledger(tmp_path / "ledger.db", clock=lambda: night.now) as book:
        night.fault("cpe-1")
        night.now += 30
        settle(night, book)
        with pytest.raises(acts.ActRefused), book.transaction() as books:
            acts.resolve(books, 1, "juma", night.now)
        with book.transaction() as books:
            incident = books.incident(1)
            assert incident is not None
            acts.note(books, 1, "juma", "seen", night.now)
            with pytest.raises(Overtaken):
                books.put(incident)
