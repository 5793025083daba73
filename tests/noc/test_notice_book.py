"""The book of notices: what was handed over is found again, old ones go, the file stays bounded, a kill loses nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from inventory.notice import Notice
from noc.notices.book import DAY_S, Book
from noc.notices.engine import take_engine
from noc.notices.file import NAME
from noc.notices.reader import NoticeReader, Question
from noc.store.file import StoreBusy, StoreDamaged, StoreError, StoreMissing
from tests.patience import HANGS_S


def notice(number: int, *, at: float = 1000.0, device: str = "r1", name: str = "linkDown", text: str = "") -> Notice:
    return Notice(
        at + number, device, "10.0.0.1", "trap", name, text or f"number {number}", 5, str(number), {"n": number}
    )


def found(path: Path, question: Question, limit: int = 100) -> list[int]:
    with NoticeReader(path) as reader:
        return [one.notice.content["n"] for one in reader.find(question, limit)]


def test_given_notices_then_every_question_finds_its_own_newest_first(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Book(path, 90) as book:
        book.put(notice(1))
        book.put(notice(2, device="r2"))
        book.put(notice(3, name="%BGP-5-ADJCHANGE", text="neighbor 100% lost_\\"))
        book.commit()
        assert found(path, Question()) == [3, 2, 1], "while it is being written"
    assert found(path, Question(), limit=1) == [3]
    assert found(path, Question(devices=["r2", "r3"])) == [2]
    assert found(path, Question(devices=[])) == []
    assert found(path, Question(name="%bgp-*")) == [3]
    assert found(path, Question(name="*d*")) == [3, 2, 1]
    assert found(path, Question(text="100% LOST_\\")) == [3]
    assert found(path, Question(text="100_")) == []
    assert found(path, Question(since=1002.0)) == [3, 2]
    assert found(path, Question(after=1)) == [3, 2]
    assert found(path, Question(kind="syslog")) == []


def test_given_old_notices_then_they_go_and_the_newer_stay(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Book(path, 2) as book:
        for number in range(10):
            book.put(notice(number, at=number * DAY_S))
        book.commit()
        book.prune(9.5 * DAY_S)
        assert book.counters.pruned == 8
    assert found(path, Question()) == [9, 8]


def test_given_a_file_that_is_too_big_then_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Book(path, 90, most_octets=200_000) as book:
        for number in range(3000):
            book.put(notice(number, text="x" * 200))
        book.commit()
        for _ in range(40):
            book.prune(5000.0)
        left = found(path, Question(), limit=5000)
    assert left[0] == 2999 and 0 < len(left) < 1500
    assert left == sorted(left, reverse=True)


def test_given_a_second_writer_then_it_is_refused_and_readers_are_not(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Book(path, 90) as book:
        book.put(notice(1))
        book.commit()
        with pytest.raises(StoreBusy), Book(path, 90):
            pass
        assert found(path, Question()) == [1]


def test_given_no_file_or_another_then_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="no store of notices"), NoticeReader(tmp_path / NAME) as reader:
        reader.find(Question(), 1)
    (tmp_path / NAME).write_bytes(b"something else entirely, and long enough to be looked at" * 100)
    with pytest.raises(StoreDamaged), Book(tmp_path / NAME, 90):
        pass


WRITER = """
import sys, time
from pathlib import Path
from noc.notices.book import Book
from tests.noc.test_notice_book import notice
with Book(Path(sys.argv[1]), 90) as book:
    for number in range(100000):
        book.put(notice(number))
        book.commit()
        print(number, flush=True)
"""


def test_given_a_kill_then_everything_committed_is_there(tmp_path: Path) -> None:
    path = tmp_path / NAME
    house = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=house
    ) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(200)]
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait(HANGS_S)
    assert found(path, Question(), limit=10**6)[-1] == 0
    assert set(said) <= set(found(path, Question(), limit=10**6))


def test_given_our_engine_then_its_name_stays_and_its_boots_grow(tmp_path: Path) -> None:
    path = tmp_path / "engine.json"
    first, second = take_engine(path), take_engine(path)
    assert first.engine_id == second.engine_id and (first.boots, second.boots) == (1, 2)
    assert 5 <= len(first.engine_id) <= 32 and first.engine_id[0] & 0x80
    assert second.clock(time.monotonic() + 10) == (2, 10)
    path.write_text("{")
    other = take_engine(path)
    assert other.engine_id != first.engine_id and other.boots == 1


def test_given_a_disk_that_is_full_then_marks_wait_as_notices_do(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with Book(path, 90) as book:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TRIGGER full BEFORE INSERT ON mark BEGIN SELECT RAISE(ABORT, 'full'); END")
        book.mark("said", 1000.0, [1])
        for _ in range(2):
            with pytest.raises(StoreError):
                book.commit()
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TRIGGER full")
        book.commit()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT content FROM mark WHERE name = 'said'").fetchall() == [("[1]",)]
