"""A daemon is alive while its line changes in front of us, whatever its clock says."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.status import age_of, silence
from dashboards.words import ENGLISH
from inventory.status import DaemonMark
from noc.store.writer import MetricStore
from noc.web.cases import LedgerCases
from noc.web.life import Life
from noc.web.pulse import Pulse

HOUR = 3600.0


class Clocks:
    """`now` is what people set, `pulse` what nobody does."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.pulse = 50.0

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.pulse += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def life(clocks: Clocks) -> Life:
    return Life(lambda: clocks.now, lambda: clocks.pulse)


def written(at: float) -> DaemonMark:
    return DaemonMark(at=at, started=at - 100.0, pid=1, version="1")


def told(life: Life, mark: DaemonMark, clocks: Clocks) -> str:
    return silence(age_of(life.judged(mark), clocks.now), ENGLISH)


def test_given_clocks_that_agree_then_the_line_is_taken_as_written(life: Life, clocks: Clocks) -> None:
    mark = written(clocks.now - 3)
    assert life.judged(mark) is mark
    assert life.judged(None) is None
    assert not told(life, mark, clocks)
    clocks.pass_by(30)
    assert "written nothing for 33 s" in told(life, mark, clocks)


def test_given_a_clock_that_is_ahead_and_a_line_that_changes_then_it_lives_and_its_clock_is_said(
    life: Life, clocks: Clocks
) -> None:
    for _ in range(30):
        clocks.pass_by(1)
        said = told(life, written(clocks.now + HOUR), clocks)
        assert said == "The daemon's clock is 1 h ahead of this machine's: times in what follows are too late."


def test_given_a_clock_that_was_ahead_and_a_line_that_no_longer_changes_then_it_is_dead(
    life: Life, clocks: Clocks
) -> None:
    last = written(clocks.now + HOUR)
    told(life, last, clocks)
    clocks.pass_by(20)
    said = told(life, last, clocks)
    assert "written nothing for 20 s" in said and "Its clock was 1 h ahead of this machine's" in said
    found = life.judged(last)
    assert found is not None and found.at == clocks.now - 20  # data is shown as old as it is
    clocks.pass_by(HOUR)
    assert "written nothing for 1 h" in told(life, last, clocks)


def test_given_our_clock_is_put_back_while_the_daemon_is_dead_then_it_stays_dead(life: Life, clocks: Clocks) -> None:
    last = written(clocks.now)
    told(life, last, clocks)
    clocks.pass_by(60)
    assert "written nothing for 1 min" in told(life, last, clocks) or "60 s" in told(life, last, clocks)
    clocks.now -= HOUR
    assert "written nothing for 60 s" in told(life, last, clocks)


def test_given_it_was_stopped_on_a_clock_that_was_ahead_then_it_was_stopped_before_now(
    life: Life, clocks: Clocks
) -> None:
    last = replace(written(clocks.now + HOUR), stopped=clocks.now + HOUR)
    told(life, last, clocks)
    clocks.pass_by(20)
    assert "stopped 20 s ago" in told(life, last, clocks)


def test_given_a_dead_daemon_dated_ahead_then_open_pages_hear_of_its_silence(
    tmp_path: Path, life: Life, clocks: Clocks
) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.mark(written(clocks.now + HOUR))
        store.commit()
    cases = LedgerCases(f"sqlite:///{tmp_path / 'ledger.db'}", time.time)
    pulse = Pulse(tmp_path / "metrics.db", cases, lambda: clocks.now, life)
    first = pulse.look().status
    clocks.pass_by(5)
    assert pulse.look().status == first
    clocks.pass_by(15)
    assert pulse.look().status == f"{first}!"
    cases.close()
