import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.columns import Columns, deltas, fewer, of_slots, short, usual_step, with_gaps
from dashboards.charts.written import arrays
from inventory.calendar import EAT_S
from inventory.slots import SlotTable

NAMES = ("in_bps",)
START = 1_793_480_400  # midnight in Dar es Salaam


def slots(means: list[float], covered: list[float] | None = None, start: int = START) -> Columns:
    at = start + 300 * np.arange(len(means), dtype=np.int64)
    mean = np.array([means])
    return Columns(NAMES, 300, at, mean, mean - 1, mean + 2, None if covered is None else np.array([covered]))


def test_given_polls_with_one_missing_then_nothing_joins_its_neighbours() -> None:
    columns = Columns(NAMES, 0, np.array([0, 30, 60, 300, 330]), np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]))
    found = with_gaps(columns, usual_step(columns.at, 60.0))
    assert found.at.tolist() == [0, 30, 60, 90, 300, 330]
    assert math.isnan(found.mean[0, 3])


def test_given_polls_in_time_then_nothing_is_put_between() -> None:
    columns = Columns(NAMES, 0, np.array([0, 30, 61, 95, 120]), np.ones((1, 5)))
    assert with_gaps(columns, 30.0) is columns


def test_given_slots_one_of_which_is_absent_then_there_is_a_gap() -> None:
    columns = Columns(NAMES, 300, np.array([0, 300, 900]), np.ones((1, 3)), np.ones((1, 3)), np.ones((1, 3)))
    found = with_gaps(columns, 300)
    assert found.at.tolist() == [0, 300, 600, 900]
    assert found.least is not None
    assert math.isnan(found.least[0, 2])


def test_given_months_then_their_lengths_are_no_gaps() -> None:
    at = np.array([0, 31, 59, 90]) * 86_400
    assert len(with_gaps(Columns(NAMES, 2_592_000, at, np.ones((1, 4))), 2_592_000).at) == 4


def test_given_slots_that_become_fewer_then_octets_are_conserved_and_extremes_kept() -> None:
    found = fewer(slots([10.0, 20.0, math.nan, 40.0], [300, 300, 0, 100]), 2)
    assert found.step_s == 600
    assert found.at.tolist() == [START, START + 600]
    assert found.mean[0].tolist() == [15.0, 40.0]
    assert found.least is not None
    assert found.most is not None
    assert found.least[0].tolist() == [9.0, 39.0]
    assert found.most[0].tolist() == [22.0, 42.0]
    weighted = fewer(slots([10.0, 40.0], [300, 100]), 2)
    assert weighted.mean[0, 0] == (10 * 300 + 40 * 100) / 400


def test_given_points_of_hours_then_they_begin_at_whole_hours_there() -> None:
    found = fewer(slots([1.0] * 30, start=START + 900), 12)
    assert all((at + EAT_S) % 3600 == 0 for at in found.at.tolist())


@given(st.lists(st.one_of(st.floats(0, 1e11), st.just(math.nan)), min_size=1, max_size=40), st.sampled_from([2, 3, 12]))
def test_given_any_slots_then_fewer_of_them_lie_within_their_extremes(means: list[float], times: int) -> None:
    found = fewer(slots(means, [300.0] * len(means)), times)
    known = [one for one in means if not math.isnan(one)]
    for mean, low, high in zip(
        found.mean[0], *(part[0] for part in (found.least, found.most) if part is not None), strict=True
    ):
        assert math.isnan(mean) or (low <= mean * (1 + 1e-9) and mean <= high * (1 + 1e-9) + 1e-9)
    assert np.isnan(found.mean).all() == (not known)


@given(st.lists(st.integers(1, 10**6), max_size=50))
def test_given_distances_then_instants_come_back(steps: list[int]) -> None:
    at = np.cumsum(np.array([START, *steps]))
    assert np.cumsum(deltas(at)).tolist() == at.tolist()


@given(
    st.lists(st.one_of(st.floats(-1e12, 1e12), st.just(math.nan)), max_size=20),
    st.sampled_from(["in_bps", "rtt_ms", "loss_ratio", "x"]),
)
def test_given_any_values_then_json_has_them_to_four_digits(values: list[float], quantity: str) -> None:
    found = json.loads(json.dumps(short(np.array(values), quantity), allow_nan=False))
    for was, told in zip(values, found, strict=True):
        if math.isnan(was):
            assert told is None
        else:
            assert abs(told - was) <= max(abs(was) * 1e-4, 0.5 if quantity == "in_bps" else 0.05)


@given(
    st.lists(
        st.one_of(
            st.floats(-1e12, 1e12), st.integers(-9, 9).map(float), st.sampled_from([math.nan, -0.0, -1e-9, 1e17])
        ),
        min_size=1,
        max_size=20,
    ),
    st.lists(st.sampled_from(["in_bps", "rtt_ms", "loss_ratio", "x"]), min_size=1, max_size=4),
)
def test_given_any_values_then_many_lines_are_written_as_each_alone(values: list[float], names: list[str]) -> None:
    lines = np.array([values, values[:1] * len(values)] * len(names))
    texts = arrays(lines, [name for name in names for _ in range(2)])
    alone = [short(line, name) for name, line in zip([name for name in names for _ in range(2)], lines, strict=True)]
    assert texts == [json.dumps(one, separators=(",", ":")) for one in alone]


def test_given_a_table_then_its_unknown_ends_are_left_out_and_its_middle_is_not() -> None:
    mean = np.array([[[math.nan, 1.0, math.nan, 2.0, math.nan]]])
    found = of_slots(SlotTable(START, 300, ("a",), NAMES, mean, mean * 300), "a")
    assert found.at.tolist() == [START + 300, START + 600, START + 900]
    assert np.isnan(found.mean[0]).tolist() == [False, True, False]
    assert not len(of_slots(SlotTable(START, 300, ("a",), NAMES, mean, mean), "b").at)
