"""The figures that docs/iru.md works by hand, from the table beside this file."""

import csv
from pathlib import Path

import numpy as np

from dashboards.capacity.percentile import contract_p95, ranked
from dashboards.capacity.use import Bounds, use
from inventory.slots import SlotTable

TABLE = Path(__file__).with_name("two_ports.csv")
DOCS = Path(__file__).parents[3] / "docs" / "iru.md"
M = 1_000_000


def slots() -> SlotTable:
    with TABLE.open() as lines:
        rows = list(csv.DictReader(lines))
    mean = np.array(
        [[[float(row[f"{port}_{way}"] or "nan") * M for row in rows] for port in "ab"] for way in ("in", "out")]
    )
    return SlotTable(0, 300, ("a", "b"), ("in_bps", "out_bps"), mean, np.where(np.isnan(mean), 0.0, 300.0))


def test_rule_27_given_the_worked_table_then_each_direction_rule_gives_the_figure_of_the_docs() -> None:
    found = {
        word: one.bps / M
        for rule in ("max", "apart", "sum")
        for word, one in contract_p95(slots(), ["a", "b"], rule).items()  # type: ignore[arg-type]
        if one.bps is not None
    }
    assert found == {"max": 110, "in": 106, "out": 22, "sum": 132}
    one = contract_p95(slots(), ["a", "b"], "max")["max"]
    assert (one.present, one.expected, one.rank, one.provisional) == (20, 21, 19, True)


def test_given_the_worked_table_then_the_sum_of_both_percentiles_is_another_figure() -> None:
    apart = ranked(slots().of("in_bps")).bps / M
    assert apart.tolist() == [48, 58]


def test_given_the_worked_table_then_mean_peak_and_times_are_those_of_the_docs() -> None:
    total = slots().of("in_bps").sum(axis=0)
    found = use(total, Bounds(100.0 * M, 60.0 * M, 0.8), "in", start=0, step_s=300)
    assert found.mean_bps is not None and found.peak_bps is not None
    assert round(found.mean_bps / M, 2) == 68.6
    assert (found.peak_bps / M, found.above_s, found.flat_s, found.burst_s) == (110, 2100, 900, 3600)


def test_given_the_docs_then_the_worked_table_stands_in_them() -> None:
    text = DOCS.read_text()
    assert all(line.replace(",", " | ") in text for line in TABLE.read_text().split()[1:])
