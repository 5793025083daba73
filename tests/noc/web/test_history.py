import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from alerts.board import STATE_CODES
from alerts.window import Window
from dashboards.places.strip import strip
from inventory.batch import Batch
from inventory.skeleton import write_sample
from inventory.states import State
from noc.config import load
from noc.ledger.ledger import open_ledger
from noc.store.writer import MetricStore
from noc.watching import QUANTITIES
from noc.web.cases import LedgerCases
from noc.web.history import StoredHistory
from noc.web.life import Life
from noc.web.series import StoredSeries
from noc.web.status import StoredStatus

SITE = ("site", "lga-chamwino")
NOW = int(time.time()) // 300 * 300


def told(measurement: str, scope: str, row: str, at: int, state: State, held_s: float) -> Batch:  # noqa: PLR0917
    values = np.array([[STATE_CODES[state]], [held_s], [0.0]])
    return Batch(measurement, scope, at, (row,), QUANTITIES, values)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredHistory]:
    home: Path = tmp_path_factory.mktemp("past")
    write_sample(home, sites=3)
    config = load(home / "noc.toml")
    config.data.dir.mkdir(exist_ok=True)
    with MetricStore(config.metrics_file) as store:
        store.append(
            [
                told("watch_state", "", "poller", NOW - 20 * 3600, State.UP, 0.0),
                told("site_state", "", SITE[1], NOW - 20 * 3600, State.UP, 0.0),
                told("site_state", SITE[1], SITE[1], NOW - 3600 + 8, State.DOWN, 8.0),
                told("site_state", SITE[1], SITE[1], NOW - 1800, State.UP, 0.0),
            ]
        )
        store.commit()
    with open_ledger(config.ledger_url, migrate=True, clock=time.time) as ledger, ledger.transaction() as books:
        books.add_window(
            Window(
                *(0, "maintenance", "key=lga-chamwino", "asha", "fibre", NOW - 7200.0, NOW - 5400.0),
                target="site",
                created_at=NOW - 90_000.0,
            )
        )
    series, cases = StoredSeries(config), LedgerCases(config.ledger_url, time.time)
    status = StoredStatus(config, series, Life(time.time, time.monotonic))
    yield StoredHistory(series, cases, status)
    for one in (status, series, cases):
        one.close()


def test_rule_21_given_a_past_then_states_windows_and_what_nobody_watched_come_together(history: StoredHistory) -> None:
    states = history.states([SITE], NOW - 86400, NOW)
    assert [(event.state, event.since) for event in states.events[SITE]][1:] == [
        ("down", NOW - 3600),
        ("up", NOW - 1800),
    ]
    assert next((part.start, part.end) for part in states.unwatched) == (NOW - 86400, NOW - 20 * 3600)
    assert [stretch for _, stretch in states.planned[SITE]] == [(NOW - 7200, NOW - 5400)]


def test_given_that_past_then_its_strip_says_the_same(history: StoredHistory) -> None:
    found = strip(SITE, history.states([SITE], NOW - 86400, NOW), "24h", float(NOW))
    assert ("down", 1800) in {(piece.span.state, piece.span.seconds) for piece in found.pieces}
    assert [piece.span.seconds for piece in found.planned] == [1800]


def test_given_a_place_that_nothing_is_kept_of_then_nothing_is_known(history: StoredHistory) -> None:
    states = history.states([("link", "never-was")], NOW - 3600, NOW)
    assert states.events == {("link", "never-was"): []} and "never-was" not in dict(states.planned)
