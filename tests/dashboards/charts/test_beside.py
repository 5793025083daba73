"""What stands beside the curves: states, planned work, incidents, percentiles, files."""

import csv
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.alarm import Severity
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject as About
from alerts.window import Window
from dashboards.charts.asked import asked
from dashboards.charts.columns import Columns
from dashboards.charts.marks import bands, mark, within
from dashboards.charts.panel import Subject, query, subjects
from dashboards.charts.ranked import of_months, of_shown
from dashboards.charts.rows import layer_of, rows
from dashboards.charts.sheet import guarded, sheet
from dashboards.charts.strip import Part, strip, together
from dashboards.charts.told import ranked_told
from dashboards.charts.written import Written
from dashboards.reports.spans import UNWATCHED, Event, Span
from inventory.calendar import Month
from inventory.slots import SlotTable

NOW = 1_795_337_610.0
START = 1_793_480_400


def incident(since: float, end: float | None, number: int = 1) -> Incident:
    state = IncidentState.OPEN if end is None else IncidentState.CLOSED
    return Incident(
        number, state, Severity.MAJOR, Severity.MAJOR, "reachability", (About("link", "a"),), since, since, since,
        recovered_at=end,
    )  # fmt: skip


def test_given_states_and_an_unwatched_time_then_every_second_is_told_once() -> None:
    events = [Event(0, "up", None), Event(500, "down", 490), Event(700, "up", 690)]
    found = strip(events, [Span(600, 650, UNWATCHED, "stale")], 100, 1000)
    assert [(one.start, one.end, one.state) for one in found] == [
        (100, 490, "up"), (490, 600, "down"), (600, 650, "unwatched"), (650, 690, "down"), (690, 1000, "up"),
    ]  # fmt: skip


def test_given_nothing_said_then_it_is_unknown() -> None:
    assert [one.state for one in strip([], [], 0, 10)] == ["unknown"]


def test_given_two_links_then_the_circuit_carries_while_one_does() -> None:
    one = [Part(0, 10, "up"), Part(10, 20, "down"), Part(20, 30, "down")]
    other = [Part(0, 20, "up"), Part(20, 30, "unreachable")]
    assert [(part.start, part.end, part.state) for part in together([one, other])] == [
        (0, 20, "up"), (20, 30, "unreachable"),
    ]  # fmt: skip


def test_given_incidents_then_those_that_ran_within_the_range_in_order() -> None:
    every = [incident(50, 60, 1), incident(150, None, 2), incident(90, 110, 3), incident(210, None, 4)]
    assert [one.number for one in within(every, 100, 200)] == [3, 2]
    assert mark(every[1], "text") == (150, None, 2, "major", "text")


def test_given_windows_that_repeat_then_each_time_is_a_band() -> None:
    day = 86_400
    weekly = Window(
        7, "maintenance", "link=a", "x", "y", START, START + 3600, repeat="FREQ=DAILY", until_at=START + 9 * day
    )
    silence = Window(8, "silence", "link=a", "x", "y", START, START + 3600)
    found = bands([weekly, silence], START, START + 3 * day)
    assert [(band.start - START) // day for band in found] == [0, 1, 2]


def table(values: list[float], covered: float = 300.0) -> SlotTable:
    mean = np.array([[values]])
    return SlotTable(START, 300, ("a",), ("in_bps",), mean, np.where(np.isnan(mean), 0.0, covered))


def test_rule_27_given_a_day_that_is_shown_then_its_percentile_is_the_nearest_rank_of_its_whole_slots() -> None:
    found = of_shown(table([float(n) for n in range(1, 289)]), "a", START, START + 86_400)["in_bps"][0].found
    assert (found.bps, found.present, found.expected) == (274.0, 288, 288)  # ceil(0.95 * 288)
    partly = of_shown(table([1.0, 2.0, 3.0, 900.0]), "a", START + 10, START + 1100)["in_bps"][0].found
    assert (partly.bps, partly.expected) == (3.0, 2)


def test_rule_28_given_slots_that_are_not_covered_then_they_do_not_count_and_it_is_provisional() -> None:
    found = of_shown(table([1.0, 2.0, math.nan, 4.0]), "a", START, START + 1200)["in_bps"][0].found
    assert (found.present, found.expected, found.provisional) == (3, 4, True)
    assert of_shown(table([1.0, 2.0], covered=200.0), "a", START, START + 600)["in_bps"][0].found.bps is None


def test_given_long_ranges_then_each_month_has_its_own_and_the_running_one_expects_what_is_over() -> None:
    at = np.array([Month(2026, 10).start, Month(2026, 11).start])
    told = of_months(
        ("in_bps", "rtt_ms"), at, np.array([[5.0, 7.0], [1.0, 1.0]]), np.array([[8928.0, 10.0], [0, 0]]), START + 3000.0
    )
    assert [one.found.expected for one in told["in_bps"]] == [8928, 10]
    assert set(told) == {"in_bps"}
    assert [one["value"] for one in ranked_told(told)] == [5, 7]


@pytest.mark.parametrize(("word", "least", "most"), [("1h", 10, 14), ("24h", 23, 26), ("7d", 24, 30), ("30d", 29, 32)])
def test_given_a_range_then_some_two_dozen_rows_stand_for_it(word: str, least: int, most: int) -> None:
    question = asked({"range": word}, NOW)
    layer = layer_of(question)
    at = np.arange(question.start // layer.step_s * layer.step_s, question.end, layer.step_s)
    found = rows(Columns(("in_bps",), layer.step_s, at, np.ones((1, len(at)))), question)
    assert least <= len(found) <= most


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, NAMES, NAMES, st.just("in_bps,out_bps")), min_size=1, max_size=8))
def test_given_any_subjects_then_their_address_means_them_again(wanted: list[tuple[str, str, str, str]]) -> None:
    from urllib.parse import parse_qs

    every = [Subject(one[0], one[1], one[2], tuple(one[3].split(","))) for one in wanted]
    told = parse_qs(query(every), keep_blank_values=True)
    assert subjects(told["measurement"], told["scope"], told["row"], told["quantities"]) == every


@pytest.mark.parametrize(
    "given_",
    [
        ([], [], [], []),
        (["link"], [""], ["a", "b"], ["in_bps"]),
        (["link"], [""], ["a"], [""]),
        (["link"] * 9, [""] * 9, ["a"] * 9, ["in_bps"] * 9),
        (["link"], [""], ["a"], [",".join(f"q{n}" for n in range(13))]),
    ],
)
def test_given_subjects_that_do_not_belong_together_then_they_are_refused(given_: tuple[list[str], ...]) -> None:
    with pytest.raises(ValueError):
        subjects(*given_)


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_given_a_hostile_name_then_no_spreadsheet_takes_it_for_a_formula(name: str) -> None:
    columns = Columns(
        ("in_bps",), 300, np.array([START]), np.array([[-5.0]]), np.array([[-6.0]]), np.array([[math.nan]])
    )
    text = sheet(
        [(Subject("interface", name, f'{name}\n,"'), columns)],
        asked({}, NOW),
        [Part(START, START + 1, "down", "x")],
        {"x": name},
    )
    found = list(csv.reader(text.splitlines()))
    assert guarded(name).startswith("'")
    assert found[0][0] == "# subject"
    cells = [cell for line in csv.reader(text.splitlines(keepends=True)) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert "-5" in cells  # a number is one


def test_given_columns_then_what_browsers_get_has_units_and_no_extremes_of_counts() -> None:
    one = np.array([[1.0], [math.nan]])
    columns = Columns(("in_bps", "in_errors_ps"), 300, np.array([START]), one, one, one)
    told = json.loads(Written(columns).panel(columns.quantities, str.upper) + "}")
    assert told["at"] == [START]
    assert told["series"][0] == {
        "quantity": "in_bps",
        "unit": "bit/s",
        "label": "IN_BPS",
        "mean": [1],
        "least": [1],
        "most": [1],
    }
    assert "least" not in told["series"][1]
