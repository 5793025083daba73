"""A table of many rows says what each row read alone says, whatever is sealed and whatever changed meanwhile."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from inventory.calendar import Month
from inventory.slots import SlotTable
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.store.polls import QUANTITIES, START, batch

NAMES = ("in_bps", "in_errors_ps")
END = START + 2 * 86400
DAYS_AND_MONTHS: tuple[Literal[86400], Literal["month"]] = (86400, "month")
STEPS: tuple[Literal[300, 3600], ...] = (300, 3600)
ROWS = ("xe-0/0/0", "xe-0/0/1", "lo0")


def agree(reader: MetricReader, table: SlotTable, scope: str = "dar-edge-1") -> None:
    """Every row as `read` has it."""
    for place, row in enumerate(table.rows):
        series = reader.read(
            "interface",
            scope,
            row,
            table.quantities,
            start=table.start,
            end=table.end,
            step=STEPS[table.step_s == 3600],
        )
        slots = (series.at - table.start) // table.step_s
        assert series.covered_s is not None and series.up_s is not None
        assert np.array_equal(table.covered_s[:, place, slots], series.covered_s)
        assert np.allclose(table.mean[:, place, slots], series.values, rtol=0, atol=0.002, equal_nan=True)
        assert np.isnan(np.delete(table.mean[:, place], slots, axis=-1)).all()
        if table.least is not None and table.most is not None:
            assert series.least is not None and series.most is not None
            assert np.allclose(table.least[:, place, slots], series.least, equal_nan=True)
            assert np.allclose(table.most[:, place, slots], series.most, equal_nan=True)
        if table.up_s is not None:
            assert np.allclose(table.up_s[place, slots], series.up_s, atol=0.051, equal_nan=True)


levels = st.one_of(st.just(float("nan")), st.integers(0, 10**9).map(float))


@settings(deadline=None, max_examples=10)
@given(
    polls=st.lists(st.tuples(st.sampled_from([30, 30, 60, 61, 90, 700]), levels), min_size=1, max_size=40),
    wider=st.integers(0, 40),
    late=st.booleans(),
)
def test_a_table_says_what_each_row_read_alone_says(polls: list[tuple[int, float]], wider: int, late: bool) -> None:
    ats = (START + 85_000 * late + np.cumsum([gap for gap, _ in polls])).tolist()
    with tempfile.TemporaryDirectory() as place, MetricStore(Path(place) / "metrics.db") as store:
        for number, (at, (_, level)) in enumerate(zip(ats, polls, strict=True)):
            rows = (*ROWS, "ae0") if number >= wider else ROWS
            values = np.stack(
                [
                    np.full(len(rows), level),
                    np.arange(len(rows)) * 1.5,
                    np.ones(len(rows)) + number % 2,
                    np.zeros(len(rows)),
                ]
            )
            store.append([Batch("interface", "dar-edge-1", at, rows, QUANTITIES, values)])
        store.commit()
        for now in (START, START + 86400 + 4000, START + 4 * 86400):
            store.seal(now)
            with MetricReader(store.path) as reader:
                for step in STEPS:
                    table = reader.table(
                        "interface",
                        "dar-edge-1",
                        None,
                        NAMES,
                        start=START,
                        end=START + 2 * 86400,
                        step=step,
                        also=("extremes", "up"),
                    )
                    if wider == 0 or wider >= len(polls):  # one list of interfaces: the same to the bit
                        agree(reader, table)
                    few = reader.table(
                        "interface", "dar-edge-1", ["lo0", "none"], NAMES, start=START, end=END, step=step
                    )
                    chosen = [*table.rows].index("lo0")
                    assert np.array_equal(few.mean[:, 0], table.mean[:, chosen], equal_nan=True)
                    assert np.isnan(few.mean[:, 1]).all()


def test_days_are_those_of_dar_es_salaam(tmp_path: Path) -> None:
    month = Month.of(START)
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(batch(START + 600 * k) for k in range(6 * 47))
        store.commit()
        store.seal(START + 2 * 86400)
        with MetricReader(store.path) as reader:
            days = reader.table("interface", "dar-edge-1", None, NAMES, start=START, end=END, step=86400, also=("up",))
            hours = reader.table("interface", "dar-edge-1", None, NAMES, start=days.start, end=days.end, step=3600)
    assert (days.start - month.start) % 86400 == 0
    assert days.count == 3
    assert days.covered_s.sum() == hours.covered_s.sum()
    weighed = np.nansum(hours.mean * hours.covered_s, axis=2)
    rounding = 3 * 86400 / 2  # whole bit/s over days
    assert np.nansum(days.mean * days.covered_s, axis=2) == pytest.approx(weighed, abs=rounding)
    assert days.up_s is not None
    assert days.up_s[:, 1].tolist() == [86400.0] * 3


def test_nothing_known_is_a_table_of_nothing(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(store.path) as reader:
        every = reader.table("interface", "nobody", None, NAMES, start=START, end=START + 3600)
        one = reader.table("interface", "nobody", ["x"], NAMES, start=START, end=START + 3600, also=("up",))
    assert every.mean.shape == (2, 0, 12)
    assert np.isnan(one.mean).all()
    assert not one.present.any()


def test_many_subjects_of_several_devices_are_what_each_read_alone_gives(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        for scope in ("dar-edge-1", "dod-edge-1"):
            store.append(batch(START + 60 * k, 1e6, scope) for k in range(1, 3000))
        store.commit()
        store.seal(START + 86400 + 7200)
        subjects = [("interface", "dod-edge-1", "lo0"), ("interface", "dar-edge-1", "lo0"), ("interface", "no", "lo0")]
        with MetricReader(store.path) as reader:
            for step in (None, *STEPS):
                found = reader.read_many(subjects, NAMES, start=START + 7, end=END, step=step)
                for subject, series in zip(subjects, found, strict=True):
                    alone = reader.read(*subject, NAMES, start=START + 7, end=END, step=step)
                    assert np.array_equal(series.at, alone.at)
                    assert np.allclose(series.values, alone.values, rtol=0, atol=0.002)


def test_rule_27_days_and_months_have_the_percentile_of_five_minute_means(tmp_path: Path) -> None:
    days = 4
    level = np.random.default_rng(2).integers(0, 10**8, 12 * 24 * days).astype(float)
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(
            Batch("interface", "d", START + 300 * k, ("x",), ("in_bps",), np.array([[value]]))
            for k, value in enumerate(level.tolist(), 1)
        )
        store.commit()
        for now in (START, START + 40 * 86400):
            store.seal(now)
            with MetricReader(store.path) as reader:
                span = START, START + 86400 * days
                by_day, by_month = (
                    reader.read_many([("interface", "d", "x")], ("in_bps",), start=span[0], end=span[1], step=step)[0]
                    for step in DAYS_AND_MONTHS
                )
            assert by_month.p95 is not None
            assert by_month.present is not None
            assert by_day.present is not None
            assert by_month.present.sum() == by_day.present.sum() == len(level)
            first = Month.of(START)
            mine = level[: (first.end - START) // 300]
            assert by_month.p95[0, 0] == np.sort(mine)[-(-95 * len(mine) // 100) - 1]
            assert by_month.at[0] == first.start
            assert by_month.values[0, 0] == pytest.approx(mine.mean())


class Older:
    """Knows that everything was 5.0, before what the store has."""

    def table(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: int,
    ) -> SlotTable:
        shape = (len(quantities), len(rows), (end - start) // step)
        return SlotTable(start, step, tuple(rows), tuple(quantities), np.full(shape, 5.0), np.full(shape, float(step)))

    def full(
        self, measurement: str, scope: str, row: str, quantities: Sequence[str], *, start: int, end: int
    ) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        at = np.arange(start, end, 60)
        return at, np.full((len(quantities), len(at)), 5.0)


def test_what_is_older_than_what_is_kept_is_read_from_where_it_went(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(batch(START + 60 * k) for k in range(1, 3000))
        store.commit()
        store.seal(START + 4 * 86400)
        with MetricReader(store.path, Older()) as reader:
            span = START - 3600, START + 3600
            table = reader.table("interface", "dar-edge-1", ["lo0"], NAMES, start=span[0], end=span[1])
            series = reader.read_many([("interface", "dar-edge-1", "lo0")], NAMES, start=span[0], end=span[1])[0]
            many = reader.read_many([("interface", "dar-edge-1", "lo0")], NAMES, start=span[0], end=span[1], step=300)[
                0
            ]
    assert table.mean[0, 0, :12].tolist() == [5.0] * 12
    assert table.present.all()
    assert (table.mean[0, 0, 12:] > 1000).all()
    assert series.values[0, :60].tolist() == [5.0] * 60
    assert (series.values[0, 61:] > 1000).all()
    assert many.at[0] == START - 3600


def test_a_reader_that_stays_sees_what_was_sealed_and_rolled_again(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(store.path) as reader:
        for round_ in range(3):
            level = 1e6 * (round_ + 1)
            store.append(batch(START + 60 * k, level) for k in range(1, 1440))
            store.commit()
            for days in (0, 1):
                store.seal(START + (4 + 2 * round_ + days) * 86400)
                for step in STEPS:
                    kept = reader.table("interface", "dar-edge-1", None, NAMES, start=START, end=END, step=step)
                    with MetricReader(store.path) as fresh:
                        new = fresh.table("interface", "dar-edge-1", None, NAMES, start=START, end=END, step=step)
                    assert np.array_equal(kept.mean, new.mean, equal_nan=True)
                newest = reader.newest("interface", ("in_bps", "nothing"))
                assert newest.rows == ROWS
                assert newest.values[0, 0] == pytest.approx(level, rel=1e-2)
                assert np.isnan(newest.values[1]).all()
                one = reader.whole([("interface", "dar-edge-1", "lo0")], NAMES, start=START, end=START + 86400)[0]
                assert (one.covered_s[0], one.up_s) == (1439 * 60, 1439 * 60)
            assert kept.mean[0, 0, 5] == pytest.approx(level, rel=1e-2)
