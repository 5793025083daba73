"""The same ledger in PostgreSQL: a server of its own in a directory that goes away with the test."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from alerts.alarm import Phase
from alerts.books import CodeState, LedgerError, LedgerMissing, Overtaken, Reply
from alerts.incident import IncidentState
from alerts.notification import Fate
from noc.ledger.capacity import read_book
from noc.ledger.ledger import open_ledger
from tests.noc.ledger import test_capacity as capacity
from tests.noc.ledger.stage import NOW, Clock, alarm, entry, incident, notification

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
PSYCOPG = find_spec("psycopg") is not None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of an empty database that listens on a socket in its own directory, and on no port."""
    if PROGRAMS is None or not PSYCOPG:
        pytest.skip("needs Debian's postgresql and psycopg")
    home = Path(tempfile.mkdtemp(prefix="ledger-", dir="/tmp"))
    prefix = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    options = f"-c listen_addresses='' -k {home} -c fsync=off"
    words = [*prefix, str(PROGRAMS / "initdb"), "-D", str(home / "d"), "-A", "trust", "-U", "noc"]
    subprocess.run(words, check=True, capture_output=True)
    control = [*prefix, str(PROGRAMS / "pg_ctl"), "-D", str(home / "d"), "-w", "-l", str(home / "log")]
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True)
    try:
        yield f"postgresql://noc@/postgres?host={home}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)
        shutil.rmtree(home)


def test_given_postgresql_then_everything_comes_back_as_from_sqlite(server: str) -> None:
    with pytest.raises(LedgerMissing, match="no ledger in it yet"), open_ledger(server, clock=Clock()):
        pass
    with open_ledger(server, migrate=True, clock=Clock()) as opened:
        with opened.transaction() as found:
            first = found.add(incident())
            assert found.incident(first.number) == first
            changed = found.put(replace(first, state=IncidentState.WAITING, ticket="ü\0"))
            with pytest.raises(Overtaken):
                found.put(first)
            found.put_alarms([alarm("a"), alarm("b")])
            found.put_alarms([alarm("a", Phase.CLEAR), alarm("b")])
            found.tell(entry(first.number, "text"))
            found.queue(notification("k", first.number))
            found.queue(notification("k", first.number))
            found.put_notification(replace(notification("k", first.number), fate=Fate.SENT))
            code = found.add_code(first.number, "juma", NOW)
            assert found.code_of(first.number, code, NOW, "juma") == ("juma", CodeState.GOOD)
            for _ in range(2):
                found.add_reply(Reply("T", NOW, "255712345678", "NOC OK", "acknowledged", "juma", first.number))
            found.audit(NOW, "juma", "note", {"figure": float("nan")})
        with opened.reading() as found:
            kept = found.incident(first.number)
            assert kept == replace(changed, ticket="ü")
            assert list(found.alarms()) == ["unreachable device b"]
            assert [one.fate for one in found.notifications()] == [Fate.SENT]
            assert len(found.entries(first.number)) == 1
            assert len(found.replies(first.number)) == 2
        for statement in ("UPDATE entry SET text = ''", "DELETE FROM audit"):
            with pytest.raises(LedgerError, match="never changed"), opened.transaction() as found:
                found.db.exec_driver_sql(statement)


def test_given_two_processes_then_they_notice_each_other_and_lose_no_change(server: str) -> None:
    with open_ledger(server, migrate=True, clock=Clock()) as daemon, open_ledger(server, clock=Clock()) as people:
        with daemon.transaction() as found:
            number = found.add(incident()).number
        assert not daemon.changed()
        people.changed()

        def flap() -> None:
            for _ in range(20):
                with people.transaction() as found:
                    read = found.incident(number)
                    assert read is not None
                    found.put(replace(read, flaps=read.flaps + 1))

        other = threading.Thread(target=flap)
        other.start()
        for _ in range(20):
            with daemon.transaction() as found:
                read = found.incident(number)
                assert read is not None
                found.put(replace(read, flaps=read.flaps + 1))
        other.join()
        with daemon.reading() as found:
            kept = found.incident(number)
            assert kept is not None
            assert kept.flaps == 40
        assert daemon.changed()
        assert not daemon.changed()


def test_given_a_server_that_cuts_the_connection_then_the_next_transaction_has_a_new_one(server: str) -> None:
    with open_ledger(server, migrate=True, clock=Clock()) as opened, open_ledger(server, clock=Clock()) as other:
        with opened.reading() as found:
            process = found.db.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.transaction() as found:
            found.db.exec_driver_sql(f"SELECT pg_terminate_backend({process})")
        with pytest.raises(LedgerError), opened.transaction() as found:
            found.put_mark("a", "b")
        with opened.transaction() as found:
            found.put_mark("a", "c")
            assert found.mark("a") == "c"


def test_given_no_server_then_it_is_said_without_the_password() -> None:
    if not PSYCOPG:
        pytest.skip("needs psycopg")
    url = "postgresql://noc:hush@/postgres?host=/nowhere"
    with pytest.raises(LedgerError) as raised, open_ledger(url, clock=Clock()):
        pass
    assert "hush" not in str(raised.value)
    assert not isinstance(raised.value, LedgerMissing)  # nobody is to read that there is nothing


def test_given_no_psycopg_then_it_is_said_what_to_install() -> None:
    if PSYCOPG:
        pytest.skip("psycopg is here")
    with (
        pytest.raises(LedgerError, match="needs psycopg"),
        open_ledger("postgresql://noc@localhost/noc", clock=Clock()),
    ):
        pass


@pytest.mark.parametrize(("url", "said"), [("ledger.db", "no database URL"), ("mysql://a/b", "mysql is not known")])
def test_given_a_url_of_no_ledger_then_it_is_said(url: str, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        open_ledger(url, clock=Clock())


def test_given_requests_for_capacity_then_they_come_back_nobody_edits_them_and_the_last_megabit_is_taken_once(
    server: str,
) -> None:
    with open_ledger(server, migrate=True, clock=Clock()):
        pass
    assert capacity.race(server) == (12, 0)
    with open_ledger(server, clock=Clock()) as opened:
        for statement in ("UPDATE request SET who = 'x'", "DELETE FROM posting"):
            with pytest.raises(LedgerError, match="never changed"), opened.transaction() as found:
                found.db.exec_driver_sql(statement)
        number = capacity.add(opened, capacity.ask("L/1", 9, "college"), at=NOW + 100)
        capacity.approve(opened, number, NOW + 160)
        with opened.reading() as found:
            book = read_book(found, NOW + 160)
    assert book.requests[number].state == "approved"
    assert book.balance("sea", "in", capacity.day(0)).allocated_bps == 6_000_000
