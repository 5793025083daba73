"""How long each layer is kept, and that letting go, reclaiming and upgrading lose nothing that is to be kept."""

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from inventory.batch import Batch
from inventory.calendar import DAY_S
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, VERSION, Opening
from noc.store.reader import MetricReader
from noc.store.retention import Lifetimes
from noc.store.status import read_mark
from noc.store.writer import MetricStore
from tests.noc.store.layers import chunks, same_chunks
from tests.noc.store.polls import QUANTITIES, START, batch

SHORT = Lifetimes(raw_days=2, five_minute_days=40, hourly_days=60, daily_days=0)


def filled(store: MetricStore, days: int = 2) -> None:
    """Three interfaces each ten minutes, and a link that changed its state once a day."""
    store.append(batch(START + 600 * k) for k in range(1, days * 144))
    for day in range(days):
        at = START + DAY_S * day + 40000
        store.append([Batch("link_state", "l-1", at, ("l-1",), ("state",), np.array([[day % 2.0]]))])
    store.commit()
    store.seal(START + days * DAY_S + 7200)


def passed(store: MetricStore, days: int) -> None:
    """So many days since START: what is due is rolled, and the day after what is no longer needed goes."""
    store.seal(START + days * DAY_S)
    store.seal(START + (days + 1) * DAY_S)


def layers(path: Path) -> dict[int, list[int]]:
    """Layer -> where its chunks of interfaces begin."""
    found = chunks(path, DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
    return {
        tier: sorted(start for kind, scope, *_, start in found if kind == tier and scope != "l-1")
        for tier in (DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
    }


def test_given_time_goes_by_then_each_layer_goes_in_its_turn_and_days_stay(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store:
        filled(store)
        assert layers(path)[DAY] == [START, START + DAY_S]
        store.seal(START + 3.5 * DAY_S)
        assert layers(path)[DAY] == [START + DAY_S]
        passed(store, 50)
        found = layers(path)
        assert (found[DAY], len(found[FIVE_MINUTES]), len(found[HOURLY])) == ([], 0, 2)
        store.seal(START + 70 * DAY_S)
        found = layers(path)
        assert (len(found[HOURLY]), len(found[DAILY]), len(found[MONTHLY])) == (0, 1, 1)
        assert store.counters.retired_chunks > 0
        assert store.counters.retired_bytes > 0


def test_given_transitions_then_they_are_kept_as_long_as_hours(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store, MetricReader(path) as reader:
        filled(store)
        for later, left in ((50, 2), (70, 0)):
            store.seal(START + later * DAY_S)
            assert len(reader.read("link_state", "l-1", "l-1", ("state",), start=0, end=1 << 32).at) == left


def test_given_something_that_was_not_sent_then_it_stays_and_is_counted(tmp_path: Path) -> None:
    path, unsent = tmp_path / "metrics.db", {(DAY, START + DAY_S)}
    held = lambda _, layer, start, end: any(tier == layer and start <= at < end for tier, at in unsent)
    with MetricStore(path, lifetimes=SHORT, held=held) as store:
        filled(store)
        store.seal(START + 30 * DAY_S)
        assert layers(path)[DAY] == [START + DAY_S]
        assert store.counters.held_days == 1
        unsent.clear()
        store.seal(START + 31 * DAY_S)
        assert layers(path)[DAY] == []
        assert store.counters.held_days == 0


def test_given_full_resolution_is_gone_then_a_late_batch_does_not_overwrite_its_rollups(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store:
        filled(store)
        store.seal(START + 30 * DAY_S)
        before = chunks(path, FIVE_MINUTES, HOURLY, DAILY)
        store.append([batch(START + 100, 10**6)])
        store.commit()
        store.seal(START + 31 * DAY_S)
        assert same_chunks(chunks(path, FIVE_MINUTES, HOURLY, DAILY), before)
        assert store.counters.late_values_let_go == len(QUANTITIES) * 3


def test_given_days_of_long_ago_are_imported_then_they_are_rolled_though_their_time_is_over(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store:
        store.seal(START + 30 * DAY_S)
        store.append(batch(START + 600 * k) for k in range(1, 100))
        store.commit()
        store.seal(START + 30 * DAY_S + 60)
        store.seal(START + 31 * DAY_S)
        found = layers(path)
        assert (found[DAY], len(found[FIVE_MINUTES]), len(found[DAILY])) == ([], 1, 1)


def older(path: Path) -> None:
    """As version 2 left it: five-minute chunks of sparse polls without least and most, nothing of local days."""
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM chunk WHERE tier > 3")
        db.execute("DROP TABLE due")
        db.execute("PRAGMA user_version = 2")
    db.close()


def test_given_a_file_of_version_2_then_it_is_read_and_upgraded_where_it_lies(tmp_path: Path) -> None:
    path, now = tmp_path / "metrics.db", START + 40 * DAY_S
    with MetricStore(path) as store:
        filled(store)
        store.seal(now)
    expected = chunks(path, DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
    older(path)
    with MetricReader(path) as reader:
        assert len(reader.read("interface", "dar-edge-1", "lo0", QUANTITIES, start=0, end=1 << 32).at) == 287
    assert read_mark(path) is None
    with MetricStore(path, lifetimes=SHORT) as store:
        filled_again = batch(now - 60)
        store.append([filled_again])
        store.commit()
        assert layers(path)[DAILY] == []
        store.seal(now)
        found = chunks(path, FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
        assert same_chunks(found, {key: layer for key, layer in expected.items() if key[0] != DAY})
    with Opening(path) as opening:
        assert opening.run(lambda db: db.execute("PRAGMA user_version").fetchone()) == (VERSION,)


def test_given_room_that_became_free_then_it_goes_back_to_the_disk_in_steps(tmp_path: Path) -> None:
    path, rng = tmp_path / "metrics.db", np.random.default_rng(3)
    rows = tuple(f"xe-0/0/{port}" for port in range(300))
    with MetricStore(path, lifetimes=SHORT) as store:
        for k in range(1, 288):
            values = rng.integers(0, 1 << 40, (len(QUANTITIES), 300)).astype(float)
            store.append([Batch("interface", "dar-edge-1", START + 300 * k, rows, QUANTITIES, values)])
        store.commit()
        store.seal(START + DAY_S + 7200)
        full = path.stat().st_size
        passed(store, 50)
        with MetricReader(path) as reader:
            stats = reader.stats()
        assert store.counters.reclaimed_bytes > full // 2
        assert stats.free_bytes <= stats.file_bytes / 3 + (1 << 21)
    assert path.stat().st_size < full // 2


def test_given_sealing_and_letting_go_then_commits_go_on_between_their_steps(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store:
        filled(store, days=4)
        store.append(batch(START + 600 * k, scope=f"r-{k % 7}") for k in range(1, 700))
        store.commit()
        done = threading.Event()

        def tidy() -> None:
            store.seal(START + 60 * DAY_S)
            done.set()

        tidying, commits = threading.Thread(target=tidy), 0
        tidying.start()
        while not done.is_set():
            store.append([batch(START + 61 * DAY_S + commits, scope="live")])
            store.commit()
            commits += not done.is_set()
        tidying.join()
        assert commits > 10
        found = path_instants(path)
        assert found >= {START + 61 * DAY_S + k for k in range(commits)}


def path_instants(path: Path) -> set[int]:
    with MetricReader(path) as reader:
        return set(reader.read("interface", "live", "lo0", QUANTITIES, start=0, end=1 << 32).at.tolist())


@pytest.mark.parametrize("daily_days", [0, 100])
def test_given_lifetimes_then_a_coarser_layer_is_never_gone_before_a_finer_one(daily_days: int) -> None:
    lives = Lifetimes(raw_days=500, five_minute_days=40, hourly_days=40, daily_days=daily_days)
    cutoffs = {(tier, evidence): cutoff for tier, evidence, cutoff in lives.cutoffs(START)}
    order = [tier for tier in (DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY) if (tier, False) in cutoffs]
    assert [cutoffs[tier, False] for tier in order] == sorted((cutoffs[tier, False] for tier in order), reverse=True)
    assert (DAILY in order) is bool(daily_days)
    assert cutoffs[DAY, True] == cutoffs[HOURLY, True]


def test_given_nobody_says_how_long_then_nothing_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        filled(store)
        passed(store, 20_000)
        assert store.counters.retired_chunks == 0
        assert layers(path)[DAY] == [START, START + DAY_S]
