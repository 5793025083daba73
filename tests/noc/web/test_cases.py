"""The web's way into the ledger: nobody waits long, whatever becomes of the file is noticed, reading needs no right to write."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest

from alerts.incident import IncidentState
from dashboards.web.refusal import Away, NotNow
from noc.web.cases import REST_S, WAIT_S, LedgerCases
from tests.noc.ledger.stage import Clock, entry, incident, ledger
from tests.patience import HANGS_S
from tests.stalls import stalls

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with ledger(tmp_path / "ledger.db") as made, made.transaction() as books:
        books.add(incident())
    return tmp_path / "ledger.db"


@contextmanager
def cases(path: Path, clock: Clock | None = None) -> Iterator[LedgerCases]:
    found = LedgerCases(f"sqlite:///{path}", clock or Clock())
    try:
        yield found
    finally:
        found.close()


def test_given_a_reader_that_takes_its_time_then_others_read_and_act_beside_it(path: Path) -> None:
    with cases(path) as web:
        with web.reading() as slow:
            assert slow.incident(1) is not None
            done: list[str] = []

            def beside() -> None:
                with web.reading() as books:
                    done.append(str(books.incident(1)))
                done.extend("." for _ in web.standing())

            thread = threading.Thread(target=beside)
            thread.start()
            thread.join(HANGS_S)
            assert len(done) == 2
        with web.acting() as books:
            books.tell(entry(1))


def test_given_a_commit_of_anybody_then_the_version_rises_and_the_list_is_read_anew(path: Path) -> None:
    with cases(path) as web:
        first, shared = web.version(), web.unresolved()
        assert web.version() == first and web.unresolved() is shared
        with ledger(path, migrate=False) as other, other.transaction() as books:
            books.add(incident("another"))
        assert web.version() > first and len(web.unresolved()) == 2
        second, before = web.version(), {one.number: one for one in web.unresolved()}
        with web.acting() as books:
            changed = books.put(replace(before[2], ticket="T-1"))
        after = {one.number: one for one in web.unresolved()}
        assert after[1] is before[1] and after[2] == changed
        with web.acting() as books:
            books.put(replace(changed, state=IncidentState.CLOSED, closed_at=1.0))
        assert [one.number for one in web.unresolved()] == [1]
        assert web.version() > second


def test_given_a_ledger_that_is_not_there_then_away_until_it_comes_and_when_it_is_replaced(path: Path) -> None:
    clock, aside = Clock(), path.with_suffix(".aside")
    path.rename(aside)
    with cases(path, clock) as web:
        with pytest.raises(Away, match="there is no ledger yet"):
            web.standing()
        copyfile(aside, path)
        with pytest.raises(Away):
            web.standing()  # whoever asks at the same moment does not try again
        clock.now += REST_S
        assert len(web.standing()) == 1
        with ledger(aside) as other, other.transaction() as books:
            books.add(incident("another"))
        aside.replace(path)
        assert len(web.standing()) == 2
        with ledger(aside) as other, other.transaction() as books:
            books.add(incident(ticket="of another ledger"))
        aside.replace(path)
        assert [one.ticket for one in web.standing()] == ["of another ledger"]
        with web.reading() as books:
            assert books.incident(2) is None


@pytest.mark.parametrize(("step", "said"), [("0001", "of an older version"), ("9999", "of a newer version")])
def test_given_a_ledger_of_another_version_then_away_with_what_to_do(path: Path, step: str, said: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (step,))
    with cases(path) as web, pytest.raises(Away, match=said):
        web.version()


def test_given_a_ledger_that_somebody_holds_then_away_after_a_second_and_nobody_queues_behind(path: Path) -> None:
    with cases(path) as web:
        web.version()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with stalls() as kept_back:
            begun = time.monotonic()
            for _ in range(40):
                with pytest.raises(Away, match="somebody else is writing"), web.reading() as books:
                    books.incident(1)
            took_s = time.monotonic() - begun
        assert took_s - kept_back.all_s() < 20  # one wait, not forty
        other.close()


def test_given_somebody_who_writes_for_longer_than_a_reader_waits_then_an_act_is_done_none_the_less(path: Path) -> None:
    with cases(path) as web:
        web.version()
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(WAIT_S + 0.3, other.close).start()
        with web.acting() as books:
            books.tell(entry(1))


def test_given_what_was_changed_meanwhile_then_not_now_and_nothing_is_changed(path: Path) -> None:
    with cases(path) as web:
        with web.reading() as books:
            old = books.incident(1)
        assert old is not None
        with web.acting() as books:
            books.put(replace(old, ticket="T-1"))
        with pytest.raises(NotNow, match="changed by somebody else"), web.acting() as books:
            books.put(replace(old, ticket="T-2"))
        with web.reading() as books:
            assert (kept := books.incident(1)) is not None and kept.ticket == "T-1"


def test_given_a_full_disk_then_an_act_is_away_and_reading_goes_on(path: Path) -> None:
    with cases(path) as web:
        with pytest.raises(Away, match=r"disk is full|takes no writes"), web.acting() as books:
            books.db.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]
            for place in range(200):
                books.add(incident(f"device-{place}"))
        assert len(web.standing()) == 1


def test_given_no_right_to_write_then_all_is_read_and_an_act_says_why_not(path: Path) -> None:
    with TemporaryDirectory() as name, cases(Path(name) / "ledger.db") as web:
        copyfile(path, Path(name) / "ledger.db")
        with cases(path) as warm:
            warm.standing()  # nothing is imported as somebody else
        (Path(name) / "ledger.db").chmod(0o444)
        Path(name).chmod(0o555)
        was = os.geteuid()
        if was == 0:
            os.seteuid(NOBODY)
        try:
            assert len(web.standing()) == 1
            with pytest.raises(Away, match="may not be written to"), web.acting() as books:
                books.tell(entry(1))
            with web.reading() as books:
                assert books.incident(1) is not None
        finally:
            os.seteuid(was)
            Path(name).chmod(0o755)
