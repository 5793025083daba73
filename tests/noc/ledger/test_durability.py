"""What the ledger has acknowledged survives a kill at any instant; who reads and who writes; old and new versions."""

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from alerts.books import LedgerError, LedgerLocked, LedgerMissing, LedgerNewer, LedgerOlder
from alerts.incident import IncidentState
from noc.ledger.schema import METADATA
from noc.ledger.standing import check, steps
from tests.noc.ledger.stage import entry, incident, ledger

KILLS = 20

_FORKS = """
import os, sys
from pathlib import Path
from tests.noc.ledger.stage import *
for _ in sys.stdin:  # a child each: what is imported once is killed again and again
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print("dead", child, flush=True)
        continue
    os.write(1, b"child %d\\n" % os.getpid())
    with ledger(Path(sys.argv[1])) as opened:
        while True:
            with opened.transaction() as found:
                made = found.add(incident())
                for line in range(5):
                    found.tell(entry(made.number, str(line)))
            os.write(1, b"%d\\n" % made.number)
"""


def test_given_20_kills_at_any_instant_then_nothing_acknowledged_is_lost_and_no_number_comes_twice(
    tmp_path: Path,
) -> None:
    path, instants = tmp_path / "ledger.db", random.Random(4)
    with ledger(path):
        pass
    told: list[int] = []
    words = [sys.executable, "-c", _FORKS, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdin is not None and parent.stdout is not None
        for _ in range(KILLS):
            parent.stdin.write("\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline().removeprefix("child "))
            told.append(int(parent.stdout.readline()))
            time.sleep(instants.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            told.extend(map(int, iter(lambda: parent.stdout.readline().strip(), f"dead {child}")))
        parent.stdin.close()
    assert told == sorted(set(told))
    with ledger(path) as opened, opened.reading() as found:
        kept = [one.number for one in found.incidents(list(IncidentState))]
        assert set(told) <= set(kept)
        assert all(len(found.entries(number)) == 5 for number in kept)


def test_given_a_writer_cut_off_in_the_middle_then_the_next_reader_sees_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened, opened.transaction() as found:
        found.add(incident())
    subprocess.run([sys.executable, "-c", _HALF, str(path)], check=False)
    assert path.with_name("ledger.db-journal").exists()
    with ledger(path, migrate=False) as opened, opened.reading() as found:
        assert [one.number for one in found.incidents(list(IncidentState))] == [1]


_HALF = """
import os, sys
from pathlib import Path
from tests.noc.ledger.stage import *
opened = ledger(Path(sys.argv[1])).__enter__()
with opened.transaction() as found:
    found.db.exec_driver_sql("PRAGMA cache_size = 1")
    for line in range(2000):
        found.tell(entry(1, "x" * 1000))
    os._exit(0)
"""


def test_given_a_number_rolled_back_or_the_newest_gone_then_numbers_still_grow(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened:
        with opened.transaction() as found:
            found.add(incident())
            assert found.add(incident()).number == 2
        with opened.transaction() as found:
            found.db.exec_driver_sql("DELETE FROM incident WHERE number = 2")
    with ledger(path) as opened, opened.transaction() as found:
        assert found.add(incident()).number == 3


def test_given_another_process_that_commits_then_it_is_noticed_once_and_ones_own_commits_are_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as daemon, ledger(path, migrate=False) as people:
        with daemon.transaction() as found:
            found.put_mark("a", "1")
        assert not daemon.changed()
        with people.transaction() as found:
            found.put_mark("a", "2")
        assert daemon.changed()
        assert not daemon.changed()


def test_given_a_writer_at_work_then_others_read_and_a_second_writer_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as daemon, ledger(path, migrate=False) as people:
        people.wait_no_longer_than(0.05)
        with daemon.transaction() as found:
            found.add(incident())
            with people.reading() as seen:
                assert seen.incidents(list(IncidentState)) == []
            with pytest.raises(LedgerLocked, match="somebody else is writing"), people.transaction():
                pass


def test_given_no_ledger_then_a_command_makes_none_and_says_who_does(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with pytest.raises(LedgerMissing, match="'noc run' makes it"), ledger(path, migrate=False):
        pass
    assert not path.exists()
    path.touch()
    with pytest.raises(LedgerMissing, match="no ledger in it yet"), ledger(path, migrate=False):
        pass


def test_given_a_ledger_of_an_older_or_newer_version_then_a_command_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened, opened.transaction() as found:
        found.db.exec_driver_sql("UPDATE alembic_version SET version_num = '9000'")
    for migrate in (False, True):
        with pytest.raises(LedgerNewer, match="use that version"), ledger(path, migrate=migrate):
            pass


def test_given_a_ledger_that_lacks_a_step_then_a_command_says_who_takes_it() -> None:
    with create_engine("sqlite://").connect() as db:
        db.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        db.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{steps()[0]}')")
        with pytest.raises(LedgerOlder, match="'noc run' brings it up to date"):
            check(db, "here", [*steps(), "9000"])


def test_given_something_else_than_a_ledger_then_it_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"a letter, not a ledger. " * 100)
    for migrate in (False, True):
        with pytest.raises(LedgerError, match="that is no ledger"), ledger(path, migrate=migrate):
            pass
    assert path.read_bytes() == b"a letter, not a ledger. " * 100


def test_given_the_steps_then_they_lead_to_the_tables_as_they_are(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db"):
        pass
    with create_engine(f"sqlite:///{tmp_path / 'ledger.db'}").connect() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        db.engine.dispose()


def test_given_a_ledger_then_its_group_may_use_it_and_nobody_else(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db"):
        modes = {stat.S_IMODE(each.stat().st_mode) & 0o007 for each in tmp_path.iterdir()}
        assert stat.S_IMODE((tmp_path / "ledger.db").stat().st_mode) == 0o660
    assert modes == {0}


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for a second user")
@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize(("mode", "said"), [(0o755, "may not be written"), (0o775, "written")])
def test_given_another_user_of_the_group_then_it_reads_and_acts_where_the_directory_lets_it(
    running: bool, mode: int, said: str
) -> None:
    path = Path(f"/tmp/ledger-{os.getpid()}-{running}") / "ledger.db"
    try:
        with ledger(path) as opened, opened.transaction() as found:
            found.tell(entry(found.add(incident()).number))
        os.chown(path, 0, 65534)
        os.chown(path.parent, 0, 65534)
        path.parent.chmod(mode)
        with ledger(path) if running else nullcontext():
            done = subprocess.run(
                [sys.executable, "-c", _READS, str(path)], capture_output=True, text=True, check=False
            )
        assert done.stdout.splitlines() == ["1", said], done.stderr
    finally:
        for each in path.parent.iterdir():
            each.unlink()
        path.parent.rmdir()


_READS = """
import os, sys
from pathlib import Path
from tests.noc.ledger.stage import *
from alerts.books import LedgerError
os.setgroups([]), os.setgid(65534), os.setuid(65534)
with ledger(Path(sys.argv[1]), migrate=False) as opened:
    with opened.reading() as found:
        print(len(found.entries(1)))
    try:
        with opened.transaction() as found:
            found.put_mark("a", "b")
        print("written")
    except LedgerError as error:
        print("may not be written" if "may not be written to" in str(error) else error)
"""


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for a second user")
def test_given_a_daemon_killed_while_it_wrote_then_another_user_is_told_what_to_do() -> None:
    path = Path(f"/tmp/ledger-{os.getpid()}-hot") / "ledger.db"
    try:
        with ledger(path) as opened, opened.transaction() as found:
            found.add(incident())
        subprocess.run([sys.executable, "-c", _HALF, str(path)], check=False)
        for each in path.parent.iterdir():
            os.chown(each, 0, 65534)
        words = [sys.executable, "-c", _READS, str(path)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert "the daemon was cut off while it wrote" in done.stderr
    finally:
        for each in path.parent.iterdir():
            each.unlink()
        path.parent.rmdir()


def test_given_a_file_of_sqlite_then_the_sqlite_shell_reads_it_too(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened, opened.transaction() as found:
        found.add(incident())
        opened_rows = found.incidents(list(IncidentState))
    db = sqlite3.connect(tmp_path / "ledger.db")
    assert db.execute("SELECT number, state FROM incident").fetchall() == [(opened_rows[0].number, "open")]
    db.close()


@pytest.mark.parametrize("name", ["ledger.db", "x" * 300])
def test_given_a_place_that_cannot_be_opened_then_nobody_is_told_that_there_is_nothing_yet(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    if len(name) < 100:
        path.mkdir()
    with pytest.raises(LedgerError, match="cannot be opened") as raised, ledger(path, migrate=False):
        pass
    assert not isinstance(raised.value, LedgerMissing)
