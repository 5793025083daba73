"""What changed, of real files: a metric store that is written in, a ledger that somebody commits in."""

import time
from pathlib import Path

import pytest

from inventory.status import DaemonMark
from noc.store.writer import MetricStore
from noc.web.cases import LedgerCases
from noc.web.life import Life
from noc.web.pulse import Pulse
from tests.noc.ledger.stage import entry, incident, ledger


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pulse(home: Path, clock: Clock) -> Pulse:
    cases = LedgerCases(f"sqlite:///{home / 'ledger.db'}", clock)
    return Pulse(home / "metrics.db", cases, clock, Life(clock, clock))


def test_given_no_files_then_looking_says_so_and_goes_on(tmp_path: Path, clock: Clock) -> None:
    looked = pulse(tmp_path, clock)
    before = looked.look()
    assert before.status.endswith("away") and before.cases.endswith("away")
    clock.now += 10
    with ledger(tmp_path / "ledger.db"):
        assert looked.look().cases != before.cases


def test_given_a_write_then_the_status_has_another_word_and_silence_has_one_too(tmp_path: Path, clock: Clock) -> None:
    looked = pulse(tmp_path, clock)
    with MetricStore(tmp_path / "metrics.db") as store:
        for _ in range(2):
            store.mark(DaemonMark(at=clock.now, started=clock.now, pid=1, version="0"))
            store.commit()
            first = looked.look().status
            assert looked.look().status == first
            clock.now += 1
            assert looked.look().status == first
        store.mark(DaemonMark(at=clock.now, started=clock.now, pid=1, version="0"))
        store.commit()
        written = looked.look().status
        assert written != first
        clock.now += 60
        silent = looked.look().status
        assert silent != written
        clock.now += 60
        assert looked.look().status == silent


def test_given_a_commit_of_another_process_then_the_cases_have_another_word(tmp_path: Path, clock: Clock) -> None:
    with ledger(tmp_path / "ledger.db") as other:
        looked = pulse(tmp_path, clock)
        first = looked.look()
        assert looked.look() == first
        with other.transaction() as books:
            books.add(incident())
        second = looked.look()
        assert second.cases != first.cases and second.status == first.status
        with other.transaction() as books:
            books.tell(entry(1))
        assert looked.look().cases != second.cases


def test_given_another_process_then_no_word_of_its_is_one_of_ours(tmp_path: Path, clock: Clock) -> None:
    first = pulse(tmp_path, clock).look()
    clock.now += 0.01
    assert not set(first) & set(pulse(tmp_path, clock).look())
