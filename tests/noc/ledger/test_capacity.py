"""The capacity ledger in SQL: what is kept comes back, nothing is edited, and two writers never take the same megabit."""

import json
import multiprocessing
import sqlite3
import time
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import text

from alerts.books import LedgerError, LedgerOlder
from inventory.accounts.acts import ActError, Ask
from inventory.accounts.request import Term
from inventory.model import Inventory
from noc.ledger.capacity import begin_acts, follow_inventory, keep, read_book
from noc.ledger.ledger import SqlLedger, open_ledger
from tests.inventory.accounts.stage import NOW, WHY, M, contract, day, network
from tests.noc.ledger.stage import ledger
from tests.patience import HANGS_S

FIRST_STEP = {
    *("alarm", "incident", "entry", "notification", "code", "reply", "window", "override"),
    *("audit", "mark", "alembic_version", "sqlite_sequence"),
}
CABLES = network(contract("sea"), contract("east"))


def ask(reference: str, mbps: int, institution: str = "school", end: int | None = None) -> Ask:
    term = Term(day(0), None if end is None else day(end), mbps * M, mbps * M // 2)
    return Ask(reference, institution, {"sea": 2, "east": 1}, term)


def add(opened: SqlLedger, wanted: Ask, who: str = "kim", at: float = NOW, inventory: Inventory = CABLES) -> int:
    with opened.transaction() as books:
        acts = begin_acts(books, inventory, who, at)
        number = acts.add(wanted).number
        keep(books, acts)
    return number


def approve(opened: SqlLedger, number: int, at: float = NOW + 60) -> None:
    with opened.transaction() as books:
        acts = begin_acts(books, CABLES, "ali", at, WHY)
        acts.approve(number)
        keep(books, acts)


def test_given_acts_then_they_come_back_from_the_file_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened:
        with opened.transaction() as books:
            acts = begin_acts(books, CABLES, "kim\0", NOW, WHY)
            acts.add(ask("Ü/1", 9))
            acts.add(ask("Ü/2", 200, "college", 30))
            keep(books, acts)
        approve(opened, 1)
    with ledger(path, migrate=False) as opened, opened.reading() as books:
        found = read_book(books, NOW + 60)
    first, second = found.allocations()
    assert (first.author, first.reference, first.state, first.approver) == ("kim", "Ü/1", "approved", "ali")
    assert (first.shares, first.in_bps, first.end) == ({"sea": 2, "east": 1}, 9 * M, None)
    assert (second.over_subscribed_by, second.end) == ("H. Mfinanga", day(30))
    assert found.over_committed_from("sea", "in", day(0)) == day(0)
    assert found.balance("sea", "in", day(40)).allocated_bps == 6 * M
    assert found.balance("sea", "in", day(40), NOW).reserved_bps == 6 * M
    assert [word.act for word in found.words] == ["add", "add", "approve"]


def test_given_acts_then_each_stands_in_the_audit_with_its_author(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened:
        add(opened, ask("L/1", 9))
        approve(opened, 1)
        with opened.reading() as books:
            rows = books.db.execute(text("SELECT who, act, what FROM audit ORDER BY id")).all()
    assert [(row[0], row[1]) for row in rows] == [
        ("inventory", "iru deliver"),
        ("kim", "iru request add"),
        ("ali", "iru request approve"),
    ]
    what = json.loads(rows[2][2])
    assert (what["request"], what["reference"], what["granted"][0]["in_bps"]) == (1, "L/1", 9 * M)


@pytest.mark.parametrize("table", ["request", "posting"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET author = 'x'", "DELETE FROM {}"])
def test_given_a_line_then_nobody_edits_it(tmp_path: Path, table: str, statement: str) -> None:
    with ledger(tmp_path / "ledger.db") as opened:
        add(opened, ask("L/1", 9))
        with pytest.raises(LedgerError, match="never changed"), opened.transaction() as books:
            books.db.exec_driver_sql(statement.format(table))


@pytest.mark.parametrize(
    "columns", ["'free', 'reserved', 0, '2026-01-01', NULL", "'free', 'free', 1, '2026-01-01', NULL"]
)
def test_given_a_line_that_moves_nothing_then_the_table_refuses_it(tmp_path: Path, columns: str) -> None:
    insert = "INSERT INTO posting (source, target, bps, from_day, to_day, recorded_at) VALUES ({}, 0)"
    with (
        ledger(tmp_path / "ledger.db") as opened,
        pytest.raises(LedgerError, match="CHECK"),
        opened.transaction() as books,
    ):
        books.db.exec_driver_sql(insert.format(columns))


def test_given_a_refused_act_then_nothing_of_it_is_kept(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened:
        with pytest.raises(ActError, match="are asked for"):
            add(opened, ask("L/1", 200))
        with opened.reading() as books:
            assert not read_book(books, NOW).postings


def test_given_another_inventory_then_the_ledger_follows_it_once_and_readers_see_it_before(tmp_path: Path) -> None:
    less = network(contract("sea", 50), contract("east"))
    with ledger(tmp_path / "ledger.db") as opened:
        add(opened, ask("L/1", 90))
        with opened.reading() as books:
            assert read_book(books, NOW).over_committed_from("sea", "in", day(0)) is None
            assert read_book(books, NOW, less).over_committed_from("sea", "in", day(0)) == day(0)
        with opened.transaction() as books:
            assert follow_inventory(books, less, NOW + 5) == 2
        with opened.transaction() as books:
            assert follow_inventory(books, less, NOW + 6) == 0
        with opened.reading() as books:
            found = read_book(books, NOW + 6)
    assert found.over_committed_from("sea", "in", day(0)) == day(0)
    assert found.over_committed_from("sea", "in", day(0)) and found.balance("sea", "in", day(0), NOW).free_bps == 40 * M


def test_given_a_ledger_of_the_first_step_then_commands_say_so_and_the_daemon_brings_it_up(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened, opened.transaction() as books:
        books.audit(NOW, "kim", "note", {})
    with closing(sqlite3.connect(path)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"request", "posting"} < tables
        later = "".join(f"DROP TABLE {name};" for name in sorted(tables - FIRST_STEP))
        db.executescript(f"{later} UPDATE alembic_version SET version_num = '0001';")
    with pytest.raises(LedgerOlder, match="'noc run' brings it up to date"), ledger(path, migrate=False):
        pass
    with ledger(path) as opened:
        assert add(opened, ask("L/1", 9)) == 1
        with opened.reading() as books:
            assert books.db.execute(text("SELECT count(*) FROM audit WHERE act = 'note'")).scalar() == 1


def _grab(url: str, worker: int, both: Barrier) -> None:
    """Ask for a megabit again and again until there is none."""
    with open_ledger(url, clock=time.time) as opened:
        both.wait(HANGS_S)
        for turn in range(40):
            time.sleep(0.02)  # for the other one to get in
            wanted = Ask(f"{worker}/{turn}", "school", {"sea": 1}, Term(day(0), None, M, M), beside=True)
            try:
                add(opened, wanted, f"w{worker}", NOW + turn, network(contract("sea", 12)))
            except ActError:
                return


def race(url: str) -> tuple[int, int]:
    """(requests taken, free Mb/s) after two processes grabbed at the same time."""
    context = multiprocessing.get_context("spawn")
    both = context.Barrier(2)
    workers = [context.Process(target=_grab, args=(url, number, both)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(HANGS_S)
        assert worker.exitcode == 0
    with open_ledger(url, clock=time.time) as opened, opened.reading() as books:
        found = read_book(books, NOW)
    numbers = [word.number for word in found.words]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({word.author for word in found.words}) == 2, "one of them never got in"
    return len(numbers), found.balance("sea", "in", day(0)).free_bps // M


def test_given_two_processes_at_once_then_the_last_free_megabit_is_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path):
        pass
    assert race(f"sqlite:///{path}") == (12, 0)
