"""Months are closed by the daemon, in a process of its own, and never twice."""

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import pytest

from inventory.calendar import DAY_S, Month
from noc.ledger.closed import closed_reports
from noc.ledger.ledger import open_ledger
from noc.month_end import MonthEnd, due
from tests.noc.reported import DAY, MONTH, START, Reported


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        (MONTH.end + DAY_S - 1, Month(2026, 1)),
        (MONTH.end + DAY_S, Month(2026, 2)),
        (MONTH.end + 20 * DAY_S, Month(2026, 2)),
    ],
)
def test_given_a_day_after_its_end_then_a_month_is_due_and_those_before_it(now: float, newest: Month) -> None:
    found = due(now)
    assert found[-1] == newest
    assert len(found) == 3
    assert all(before.next == after for before, after in pairwise(found))


def test_given_a_month_that_is_due_then_the_daemon_has_it_closed_once(tmp_path: Path) -> None:
    stage = Reported(tmp_path)
    stage.write([*stage.watched(), *stage.fault("site", "lga-chamwino", 5 * DAY, 600), *stage.traffic(1)])
    stage.window("key=lga-chamwino", 9 * DAY, 3600)
    clock = [float(MONTH.end + DAY_S)]
    month_end = MonthEnd(stage.config, lambda: clock[0])

    async def life() -> None:
        await month_end.look()
        clock[0] += 3600
        await month_end.look()
        await month_end.stop()

    asyncio.run(life())
    assert not list(month_end.ails())
    with open_ledger(stage.config.ledger_url, clock=time.time) as ledger, ledger.reading() as books:
        closed = closed_reports(books, str(MONTH))
    assert set(closed) == {"sla", "capacity", "iru"}
    assert {(one.who, one.closed_at) for one in closed.values()} == {("", MONTH.end + DAY_S)}
    assert closed["sla"].content["period"]["closed"] is True


def test_given_a_worker_that_fails_then_it_is_said_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Reported(tmp_path)
    month_end = MonthEnd(stage.config, lambda: float(START), ("-c", "import sys; sys.exit('no such inventory')"))

    async def life() -> None:
        await month_end.look()
        await month_end.look()

    asyncio.run(life())
    assert list(month_end.ails()) == ["months cannot be closed"]
    assert len(caplog.records) == 1
    assert "no such inventory" in caplog.text
