"""A table of many rows says what each row read alone says, whatever is sealed and whatever changed meanwhile."""

import tempfile
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
    assert np.nansum(days.mean * days.covered_s, axis=2) == pytest.approx(weighed)
    assert days.up_s is not None
    assert days.up_s[:, 1].tolist() == [86400.0] * 3


def test_nothing_known_is_a_table_of_nothing(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(store.path) as reader:
        every = reader.table("interface", "nobody", None, NAMES, start=START, end=START + 3600)
        one = reader.table("interface", "nobody", ["x"], NAMES, start=START, end=START + 3600, also=("up",))
    assert every.mean.shape == (2, 0, 12)
    assert np.isnan(one.mean).all()
    assert not one.present.any()
