"""Rollups equal what one would compute second by second, whether read from full resolution or from sealed chunks."""

import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from noc.store import rollup
from noc.store.reader import MetricReader
from noc.store.series import Series
from noc.store.writer import MetricStore
from tests.noc.store.polls import QUANTITIES, START

NOW = START + 3 * 86400
STEPS: tuple[Literal[300, 3600], ...] = (300, 3600)
ROW = ("xe-0/0/0",)


def begins(ats: list[int]) -> list[int]:
    """Since when each value speaks: the batch before it, or its usual interval where that is a gap away."""
    gap = {k: ats[k] - ats[k - 1] for k in range(1, len(ats))}
    found = []
    for place, at in enumerate(ats):
        usual = min((gap[k] for k in (place - 1, place + 1) if k in gap), default=None)
        own = gap.get(place)
        if own is None or usual is None:
            found.append(at - min(known for known in (own, usual, 300) if known is not None))
        else:
            found.append(at - (usual if own > 2.5 * usual else own))
    return found


def naive(ats: list[int], values: list[float], slot: int, step: int) -> tuple[float, float, float, int, int] | None:
    """Mean, least, most, n and covered seconds of one slot, or None where no batch speaks of any of it."""
    seconds: list[float] = []
    ended = 0
    for first, at, value in zip(begins(ats), ats, values, strict=True):
        within = range(max(first, slot), min(at, slot + step))
        seconds += [value] * len(within)
        ended += slot < at <= slot + step and not np.isnan(value)
    known = [value for value in seconds if not np.isnan(value)]
    if not seconds:
        return None
    if not known:
        return float("nan"), float("nan"), float("nan"), ended, 0
    return sum(known) / len(known), min(known), max(known), ended, len(known)


def one(at: int, rate: float, *, oper: float = 1, flags: float = 0) -> Batch:
    return Batch("interface", "d", at, ROW, QUANTITIES, np.array([[rate], [rate / 1000], [oper], [flags]]))


def read(path: Path, step: Literal[300, 3600], start: int = START, end: int = START + 86400) -> Series:
    with MetricReader(path) as reader:
        return reader.read("interface", "d", ROW[0], ("in_bps",), start=start, end=end, step=step)


def check(series: Series, ats: list[int], values: list[float], step: int, end: int = START + 86400) -> None:
    near = {
        slot: [k for k, at in enumerate(ats) if slot - 7200 < at < slot + step + 7200]
        for slot in range(START, end, step)
    }
    slots = {slot: naive([ats[k] for k in ks], [values[k] for k in ks], slot, step) for slot, ks in near.items() if ks}
    there = {slot: found for slot, found in slots.items() if found is not None}
    assert series.at.tolist() == list(there)
    assert (
        series.least is not None and series.most is not None and series.n is not None and series.covered_s is not None
    )
    for place, (mean, least, most, n, covered) in enumerate(there.values()):
        assert np.isclose(series.values[0, place], mean, rtol=0, atol=0.51, equal_nan=True)
        assert np.isclose(series.least[0, place], least, equal_nan=True)
        assert np.isclose(series.most[0, place], most, equal_nan=True)
        assert (series.n[0, place], series.covered_s[0, place]) == (n, covered)


gaps = st.sampled_from([10, 30, 30, 30, 60, 61, 90, 400, 2000])
rates = st.one_of(st.just(float("nan")), st.integers(0, 10**9).map(float))


@settings(deadline=None, max_examples=12)
@given(polls=st.lists(st.tuples(gaps, rates), min_size=1, max_size=60), phase=st.integers(0, 400), late=st.booleans())
def test_rollups_equal_the_count_of_seconds_before_and_after_sealing(
    polls: list[tuple[int, float]], phase: int, late: bool
) -> None:
    ats = (START + phase + np.cumsum([gap for gap, _ in polls]) + 80000 * late).tolist()
    ats, values = [at for at in ats if at < START + 86400], [rate for _, rate in polls]
    with tempfile.TemporaryDirectory() as place, MetricStore(Path(place) / "metrics.db") as store:
        store.append(one(at, value) for at, value in zip(ats, values, strict=False))
        store.commit()
        for now in (START, START + 86400 + 4000, NOW):
            store.seal(now)
            for step in STEPS:
                check(read(store.path, step), ats, values[: len(ats)], step)


def test_rule_27_octets_are_conserved_over_slots_and_midnight(tmp_path: Path) -> None:
    ats = [START + 17 + 30 * k for k in range(2880 + 200)]
    rates_ = np.random.default_rng(4).integers(0, 10**9, len(ats)).astype(float)
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(one(at, rate) for at, rate in zip(ats, rates_, strict=True))
        store.commit()
        before = read(store.path, 300, end=START + 2 * 86400)
        store.seal(START + 2 * 86400)
        for series in (before, read(store.path, 300, end=START + 2 * 86400)):
            assert series.covered_s is not None
            octets = float((series.values * series.covered_s).sum()) / 8
            # the first batch speaks of 17 s of this day, the day before has the other 13
            sent = float((rates_[1:] * 30).sum() + rates_[0] * 17) / 8
            assert octets == pytest.approx(sent, rel=1e-8)


def test_rule_27_least_and_most_of_sparse_and_of_dense_polls_survive_sealing(tmp_path: Path) -> None:
    for step, name in ((5, "dense"), (60, "sparse")):
        ats = list(range(START + 3, START + 2400, step))
        values = [float(k * k % 977) for k in range(len(ats))]
        with MetricStore(tmp_path / f"{name}.db") as store:
            store.append(one(at, value) for at, value in zip(ats, values, strict=True))
            store.commit()
            store.seal(NOW)
            check(read(store.path, 300), ats, values, 300, START + 2700)
            with MetricReader(store.path) as reader:
                quick = reader.read(
                    "interface", "d", ROW[0], ("in_bps",), start=START, end=NOW, step=300, extremes=False
                )
            assert quick.least is None
            assert np.array_equal(quick.values, read(store.path, 300).values)


def test_rule_28_a_slot_of_which_nothing_is_known_is_absent_and_never_zero(tmp_path: Path) -> None:
    ats = [START + 30 * k for k in range(1, 100) if not 20 <= k < 60]
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(one(at, 7.0) for at in ats)
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            series = read(store.path, 300)
            assert set(series.values[0].tolist()) == {7.0}
            assert series.covered_s is not None
            assert dict(zip(series.at.tolist(), series.covered_s[0].tolist(), strict=True))[START + 300] == 270
            assert START + 900 not in series.at


def test_rule_03_a_rate_over_a_long_span_is_left_out_of_mean_and_peak(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(one(START + 30 * k, 999.0 if k == 5 else 7.0, flags=8 if k == 5 else 0) for k in range(1, 11))
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            series = read(store.path, 300)
            assert series.most is not None and series.covered_s is not None
            assert (series.values[0, 0], series.most[0, 0], series.covered_s[0, 0]) == (7.0, 7.0, 270)


def test_seconds_up_are_counted_by_operational_state(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(one(START + 30 * k, 1.0, oper=2 if k in (3, 4) else 1) for k in range(1, 21))
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            up_s = read(store.path, 300).up_s
            assert up_s is not None
            assert up_s.tolist() == [240, 300]


def test_a_slot_in_which_the_interface_list_changed_is_one_slot(tmp_path: Path) -> None:
    wider = np.array([[10.0] * 2, [0.0] * 2, [1.0] * 2, [0.0] * 2])
    with MetricStore(tmp_path / "metrics.db") as store:
        for k in range(1, 11):
            known = (
                Batch("interface", "d", START + 30 * k, (*ROW, "ae0"), QUANTITIES, wider)
                if k > 4
                else one(START + 30 * k, 0.0)
            )
            store.append([known])
        store.commit()
        for now in (START, NOW):
            store.seal(now)
            series = read(store.path, 300)
            assert series.n is not None
            assert (series.at.tolist(), series.values.tolist(), series.n.tolist()) == ([START], [[6.0]], [[10]])


@given(
    every=st.lists(st.sampled_from([10, 30, 60, 61, 400]), min_size=2, max_size=60),
    holes=st.sets(st.integers(0, 59)),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_a_line_without_holes_rolls_to_the_last_bit_as_it_does_beside_one_with_holes(
    every: list[int], holes: set[int], seed: int
) -> None:
    at = START + np.cumsum(np.array(every))
    pieces = rollup.fragments(at, rollup.begins(at), START, 300, 1 + int(at[-1] - START) // 300)
    lines = np.random.default_rng(seed).uniform(-1e9, 1e9, (3, len(at)))
    pitted = np.where(np.isin(np.arange(len(at)), [*holes]), np.nan, lines[:1])
    alone, beside = (
        rollup.spoken_of(lines, pieces),
        rollup.spoken_of(np.vstack([lines, pitted, pitted * np.nan]), pieces),
    )
    for whole, part in zip(alone, beside, strict=True):
        assert np.array_equal(whole, part[:3], equal_nan=True)
    plain = rollup.spoken_of(lines, pieces, extremes=False)
    assert np.array_equal(plain.mean, alone.mean, equal_nan=True)
    assert np.array_equal(plain.covered_s, alone.covered_s)
    assert np.isnan(beside.mean[4]).all() and not beside.covered_s[4].any()
