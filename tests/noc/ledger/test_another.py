"""Another ledger in place of the one that is open: seen when it has settled, and only where it can be worked with."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from noc.ledger.another import SETTLED_S
from noc.ledger.ledger import SqlLedger
from tests.noc.ledger.stage import Clock, incident, ledger


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[SqlLedger]:
    """With a copy of how it was beside it, and one incident more than that copy."""
    with ledger(tmp_path / "ledger.db", clock=clock) as one:
        one.watch()
        shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")
        for _ in range(3):
            with one.transaction() as books:
                books.add(incident())
        assert not one.replaced
        yield one


def settled(one: SqlLedger, clock: Clock) -> bool:
    """As it is asked every other second, for a while."""
    found = False
    for _ in range(4):
        found = found or one.replaced
        clock.now += SETTLED_S / 2
    return found


def test_given_a_copy_in_its_place_then_it_is_seen_when_it_has_settled(
    opened: SqlLedger, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "copy.db").replace(tmp_path / "ledger.db")
    assert not opened.replaced
    clock.now += SETTLED_S / 2
    assert not opened.replaced
    clock.now += SETTLED_S
    assert opened.replaced


@pytest.mark.parametrize("way", ["cp", ".restore", ".restore of another life"])
def test_given_a_copy_written_over_the_same_file_then_something_in_it_went_back(
    opened: SqlLedger, tmp_path: Path, clock: Clock, way: str
) -> None:
    if way == "cp":
        shutil.copyfile(tmp_path / "copy.db", tmp_path / "ledger.db")
    else:
        with (
            closing(sqlite3.connect(tmp_path / "copy.db")) as source,
            closing(sqlite3.connect(tmp_path / "ledger.db")) as target,
        ):
            if "another" in way:
                source.execute("UPDATE mark SET value = 'of another day' WHERE name = 'keeper'")
                source.execute("UPDATE sqlite_sequence SET seq = 99 WHERE name = 'incident'")
                source.commit()
            source.backup(target)
    assert not opened.replaced and opened.replaced


def test_given_what_is_no_ledger_or_nothing_then_nobody_ends_for_it(
    opened: SqlLedger, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "ledger.db").rename(tmp_path / "aside")
    assert not settled(opened, clock)
    (tmp_path / "ledger.db").write_bytes(b"SQLite format 3\0" + b"\1" * 4096)
    assert not settled(opened, clock)
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE alembic_version (version_num)")
        db.execute("INSERT INTO alembic_version VALUES ('9999')")
        db.commit()
    (tmp_path / "other.db").replace(tmp_path / "ledger.db")
    assert not settled(opened, clock)
    (tmp_path / "aside").replace(tmp_path / "ledger.db")
    assert not settled(opened, clock) and not opened.astray


def test_given_others_who_write_then_it_is_still_the_same(opened: SqlLedger, tmp_path: Path, clock: Clock) -> None:
    with ledger(tmp_path / "ledger.db", migrate=False) as another:
        for _ in range(3):
            with another.transaction() as books:
                books.add(incident())
            assert not settled(opened, clock)


ANOTHER_WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
try:
    db.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    sys.exit(str(error))
"""


def test_given_a_look_in_the_middle_of_a_transaction_then_nobody_else_may_write_before_it_ends(
    opened: SqlLedger, tmp_path: Path
) -> None:
    def another_writes() -> str:
        said = subprocess.run(
            [sys.executable, "-c", ANOTHER_WRITER, tmp_path / "ledger.db"],
            capture_output=True,
            text=True,
            check=False,
        )
        return said.stderr.strip()

    with opened.transaction() as books:
        books.add(incident())
        assert not opened.replaced
        assert another_writes() == "database is locked"
    assert not another_writes()


def test_given_a_start_of_the_web_that_brings_the_ledger_up_to_date_too_then_it_is_still_the_same(
    opened: SqlLedger, tmp_path: Path, clock: Clock
) -> None:
    with ledger(tmp_path / "ledger.db"):
        pass
    assert not settled(opened, clock)
