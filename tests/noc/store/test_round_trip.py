"""What goes into the store comes out of it: any batches, before and after sealing, sent once or twice."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from inventory.quantities import QUANTITIES
from noc.store.reader import MetricReader
from noc.store.series import Series
from noc.store.steps import LIMIT
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch, same

NAMES = ("in_bps", "in_errors_ps", "rtt_ms", "oper_status", "state", "uptime_s")
NOW = START + 4 * 86400

numbers = st.one_of(
    st.just(float("nan")),
    st.integers(-(10**6), 10**12).map(float),
    st.floats(allow_nan=True, allow_infinity=True, width=64),
    st.sampled_from([0.0, 1.0, -1.0, 1e11, 1e300, -1e300]),
)
instants = st.one_of(
    st.integers(0, 40).map(lambda k: START + 30 * k),
    st.integers(0, 2 * 86400).map(lambda k: START + k),
    st.sampled_from([0, START - 1, START, START + 3599, START + 3600, START + 86399, START + 86400]),
)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    rows = tuple(draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True)))
    quantities = tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)))
    values = draw(st.lists(numbers, min_size=len(rows) * len(quantities), max_size=len(rows) * len(quantities)))
    matrix = np.array(values).reshape(len(quantities), len(rows))
    return Batch("interface", draw(st.sampled_from(["d1", "d2"])), draw(instants), rows, quantities, matrix)


def kept(value: float, quantity: str) -> float:
    """What the store promises to give back for a value."""
    per_unit = round(1 / QUANTITIES[quantity].resolution)
    return float(np.rint(np.clip(value, -LIMIT / per_unit, LIMIT / per_unit) * per_unit) / per_unit)


def expected(sent: Iterable[Batch], scope: str, row: str, quantity: str) -> dict[int, float]:
    """The naive store: of each instant of a device the last batch, whole."""
    latest = {(one.scope, one.at): one for one in sent}
    return {
        one.at: kept(one.of(quantity)[one.rows.index(row)], quantity) if quantity in one.quantities else float("nan")
        for one in sorted(latest.values(), key=lambda one: one.at)
        if one.scope == scope and row in one.rows
    }


def agrees(series: Series, naive: dict[int, float]) -> bool:
    found = dict(zip(series.at.tolist(), series.values[0].tolist(), strict=True))
    return list(found) == list(naive) and bool(
        np.allclose([*found.values()], [*naive.values()], rtol=1e-12, atol=1e-9, equal_nan=True)
    )


def all_agree(path: Path, sent: list[Batch]) -> bool:
    subjects = {(one.scope, row, quantity) for one in sent for row in one.rows for quantity in one.quantities}
    with MetricReader(path) as reader:
        return all(
            agrees(
                reader.read("interface", scope, row, (quantity,), start=0, end=1 << 32),
                expected(sent, scope, row, quantity),
            )
            for scope, row, quantity in subjects
        )


def newest_agree(path: Path, sent: list[Batch]) -> bool:
    latest = {one.scope: one for one in sorted(sent, key=lambda one: one.at)}
    with MetricReader(path) as reader:
        found = {one.scope: one for one in reader.last("interface")}
    return found.keys() == latest.keys() and all(
        (found[scope].at, found[scope].rows, found[scope].quantities) == (one.at, one.rows, one.quantities)
        for scope, one in latest.items()
    )


@settings(deadline=None, max_examples=60)
@given(commits=st.lists(st.lists(batches(), max_size=5), min_size=1, max_size=5), fast=st.booleans())
def test_any_batches_are_read_back_as_the_resolution_keeps_them(commits: list[list[Batch]], fast: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        path, sent = Path(place) / "metrics.db", [one for commit in commits for one in commit]
        with MetricStore(path, fast=fast) as store:
            for commit in commits:
                store.append(commit)
                store.commit()
            assert all_agree(path, sent)
            assert newest_agree(path, sent)
        assert all_agree(path, sent)


@settings(deadline=None, max_examples=12)
@given(
    rounds=st.lists(st.lists(st.lists(batches(), max_size=6), min_size=1, max_size=3), min_size=1, max_size=3),
    waits=st.lists(st.integers(0, 3 * 86400), min_size=3, max_size=3),
    fast=st.booleans(),
)
def test_sealing_at_any_time_changes_nothing_that_is_read(
    rounds: list[list[list[Batch]]], waits: list[int], fast: bool
) -> None:
    with tempfile.TemporaryDirectory() as place:
        path, sent = Path(place) / "metrics.db", []
        with MetricStore(path, fast=fast) as store:
            for commits, wait in zip(rounds, sorted(waits), strict=False):
                for commit in commits:
                    store.append(commit)
                    store.commit()
                    sent += commit
                store.seal(START + wait)
                assert all_agree(path, sent)
                assert newest_agree(path, sent)
            store.seal(NOW)
            assert all_agree(path, sent)
            assert newest_agree(path, sent)
            with MetricReader(path) as reader:
                assert reader.stats().hot_blobs == 0


def test_a_batch_sent_again_replaces_the_first_in_hot_and_in_sealed(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store, MetricReader(path) as reader:
        for level in (1000.0, 5000.0):
            store.append([batch(START, level), batch(START + 30, level)])
            store.commit()
        store.seal(NOW)
        store.append([batch(START, 9000.0)])
        store.commit()
        for _ in range(2):
            series = reader.read("interface", "dar-edge-1", "xe-0/0/1", ("in_bps",), start=START, end=START + 60)
            assert series.at.tolist() == [START, START + 30]
            assert series.values.tolist() == [
                [batch(START, 9000.0).values[0, 1], batch(START + 30, 5000.0).values[0, 1]]
            ]
            store.seal(NOW + 86400)


def test_an_interface_added_later_leaves_the_history_of_the_others_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    wider = ("xe-0/0/0", "ae0", "xe-0/0/1", "lo0")
    sent = [batch(START + 30 * k) if k < 50 else batch(START + 30 * k, rows=wider) for k in range(200)]
    with MetricStore(path) as store, MetricReader(path) as reader:
        store.append(sent)
        store.commit()
        for now in (START, START + 3800, NOW):
            store.seal(now)
            old = reader.read("interface", "dar-edge-1", "xe-0/0/1", ("in_bps",), start=START, end=NOW)
            new = reader.read("interface", "dar-edge-1", "ae0", ("in_bps",), start=START, end=NOW)
            assert old.at.tolist() == [one.at for one in sent]
            assert new.at.tolist() == [one.at for one in sent[50:]]
            assert old.values[0].tolist() == [one.values[0, one.rows.index("xe-0/0/1")] for one in sent]


def test_what_is_not_known_stays_not_known_beside_zero(tmp_path: Path) -> None:
    one = batch(START)
    one.values[:] = np.array([[np.nan, 0, 1], [0, np.nan, np.nan], [np.nan] * 3, [0] * 3])
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(tmp_path / "metrics.db") as reader:
        store.append([one])
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            (found,) = reader.last("interface")
            assert np.array_equal(found.values, one.values, equal_nan=True)


def test_a_quantity_asked_for_that_was_never_measured_is_not_known(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(tmp_path / "metrics.db") as reader:
        store.append([batch(START)])
        store.commit()
        series = reader.read("interface", "dar-edge-1", "lo0", ("rtt_ms", "in_bps"), start=START, end=START + 1)
        assert np.isnan(series.values[0]).all()
        assert series.values[1].tolist() == [batch(START).values[0, 2]]
        assert len(reader.read("interface", "nobody", "lo0", ("in_bps",), start=START, end=NOW).at) == 0
        assert len(reader.read("interface", "nobody", "lo0", ("in_bps",), start=START, end=NOW, step=300).at) == 0


def test_newest_and_subjects_name_what_was_measured(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(tmp_path / "metrics.db") as reader:
        store.append([batch(START, scope="a"), batch(START + 30, scope="a"), batch(START, scope="b")])
        store.commit()
        assert same(reader.last("interface", "a")[0], batch(START + 30, scope="a"))
        assert {(one.scope, one.at) for one in reader.last("interface")} == {("a", START + 30), ("b", START)}
        assert [subject.scope for subject in reader.subjects("interface")] == ["a", "b"]
        assert reader.subjects("ping") == []


@pytest.mark.parametrize("at", [-1, 1 << 32])
def test_an_instant_out_of_range_is_refused_at_the_door(tmp_path: Path, at: int) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        with pytest.raises(ValueError, match="instant"):
            store.append([batch(at)])
        assert store.commit() == 0


def test_values_written_with_another_resolution_keep_their_meaning(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.append([batch(START), batch(START + 7200)])
        store.commit()
        store.seal(START + 3700)
    with sqlite3.connect(path) as db:  # as if in_bps had been kept in steps of 10, and in_errors_ps in steps of 1
        scales = json.dumps(["0.1", "1.0", "1.0", "1.0"])
        db.execute("UPDATE tuple SET content = ? WHERE id = (SELECT scales FROM frame)", (scales,))
    db.close()
    with MetricStore(path) as store, MetricReader(path) as reader:
        store.append([batch(START + 30)])
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            series = reader.read("interface", "dar-edge-1", "lo0", ("in_bps", "in_errors_ps"), start=START, end=NOW)
            told = [
                batch(at).values[:2, 2] * factor
                for at, factor in zip(series.at, ((10, 1000), (1, 1), (10, 1000)), strict=True)
            ]
            assert np.allclose(series.values.T, told)
