"""Line protocol: what is written is read back value by value, whatever the names."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inventory.batch import Batch
from inventory.quantities import QUANTITIES
from noc.influx.fields import TYPES
from noc.influx.lines import Lines, Subject, escaped, prefix, read_name, tag_value
from noc.store.steps import scales, to_steps, to_values
from tests.noc.influx.protocol import Point, read_line

HOSTILE = (
    "xe-0/0/0",
    "Gi0/1 to \"Dodoma\", 'east' = main",
    "back\\slash\\",
    "comma\\, not",
    "line\nbreak\r\x00\x1b[2J",
    "中文 ñ é\u2028\u202e",
    "#comment",
    "%0A%5C 100%",
    "a=b,c=d e=f",
    "\ud800 alone",
    "; DROP DATABASE noc",
)
NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=20))
AT = 1_790_000_000


def read(lines: list[bytes]) -> list[Point]:
    return [read_line(line) for line in lines]


@given(st.text())
def test_given_any_name_then_what_the_server_shows_is_one_line_and_read_back(name: str) -> None:
    shown = tag_value(name)
    assert read_name(shown) == name
    assert "\\" not in shown
    assert all(letter >= " " for letter in shown)
    shown.encode()


@given(NAMES, NAMES)
def test_given_two_names_then_their_series_are_two(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@settings(deadline=None, max_examples=60)
@given(
    scope=NAMES,
    rows=st.lists(NAMES, min_size=1, max_size=5, unique=True),
    quantities=st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=6, unique=True),
    data=st.data(),
)
def test_given_any_batch_then_its_lines_say_what_the_store_keeps(
    scope: str, rows: list[str], quantities: list[str], data: st.DataObject
) -> None:
    numbers = st.one_of(st.just(nan), st.floats(width=64), st.floats(-1e12, 1e12), st.integers(0, 5).map(float))
    values = data.draw(arrays(np.float64, (len(quantities), len(rows)), elements=numbers))
    batch = Batch("interface", scope, AT, tuple(rows), tuple(quantities), values)
    scale = scales(quantities)
    with np.errstate(over="ignore", invalid="ignore"):
        kept = to_values(to_steps(values, scale), scale)
    found = {point.tags["interface"]: point for point in read(Lines().of(batch))}
    for place, row in enumerate(rows):
        column = dict(zip(quantities, kept[:, place].tolist(), strict=True))
        known = {name: value for name, value in column.items() if not isnan(value)}
        if not known:
            assert tag_value(row) not in found
            continue
        point = found.pop(tag_value(row))
        assert (point.measurement, point.tags["device"], point.at) == ("interface", tag_value(scope), AT)
        assert point.fields.keys() == known.keys()
        for name, value in point.fields.items():
            whole = TYPES[name] == "integer"
            assert isinstance(value, int) == whole
            assert value == (round(known[name]) if whole else pytest.approx(known[name], rel=1e-15))
    assert not found


@settings(deadline=None, max_examples=30)
@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 700)),
    unknown=st.sampled_from([0.0, 0.05, 0.9]),
    seed=st.integers(0, 9),
)
def test_given_many_batches_at_once_then_the_lines_are_those_of_each(
    shape: tuple[int, int], unknown: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    batches = []
    for number in range(3):
        values = random.integers(0, 3, shape).astype(float)
        values[random.random(shape) < unknown] = nan
        rows = tuple(f"ge-{port}" for port in range(shape[1]))
        names = ("in_bps", "loss_ratio", "flags", "rtt_ms")[: shape[0]]
        batches.append(Batch("interface", f"dod-{number}", AT + number, rows, names, values))
    apart = Lines()
    assert sorted(Lines().of_all(batches)) == sorted(line for batch in batches for line in apart.of(batch))


def test_given_rows_that_change_then_the_lines_are_of_the_new_ones() -> None:
    lines = Lines()
    for rows in (("a", "b"), ("b", "a"), ("b", "c")):
        batch = Batch("poll", "dod-pe-1", AT, rows, ("answered",), np.array([[1.0, 0.0]]))
        assert [point.tags["collector"] for point in read(lines.of(batch))] == list(rows)


def test_given_nothing_known_then_no_line_is_written() -> None:
    values = np.full((2, 2), nan)
    assert Lines().of(Batch("ping", "a", AT, ("x", "y"), ("rtt_ms", "loss_ratio"), values)) == []
    assert Lines().of(Batch("link", "", AT, (), ("in_bps",), np.empty((1, 0)))) == []


def test_given_one_subject_over_time_then_each_instant_is_a_line() -> None:
    at = np.array([0, 30, 60], np.int64)
    values = np.array([[1.0, nan, 3.0], [0.5, nan, nan]])
    points = read(Lines().of_series(Subject("link", "", "dar-dod"), ("in_bps", "in_util_ratio"), at, values))
    assert points == [
        Point("link", {"link": "dar-dod"}, {"in_bps": 1, "in_util_ratio": 0.5}, 0),
        Point("link", {"link": "dar-dod"}, {"in_bps": 3}, 60),
    ]


def test_given_a_rollup_then_what_no_value_speaks_of_is_absent() -> None:
    said = {
        "mean": np.array([[1500.0, nan], [0.25, 0.5]]),
        "n": np.array([[10.0, 0.0], [10.0, 10.0]]),
        "covered_s": np.array([[300.0, 0.0], [300.0, 299.0]]),
        "up_s": np.array([300.0, nan]),
    }
    subject = Subject("interface", "dod-pe-1", "ge-0/0/1")
    first, second = read(Lines().of_rollup(subject, "5m", ("in_bps", "loss_ratio"), np.array([0, 300]), said))
    assert first.measurement == "interface_5m"
    assert first.tags == {"device": "dod-pe-1", "interface": "ge-0/0/1"}
    assert first.fields == {
        **{"mean_in_bps": 1500.0, "mean_loss_ratio": 0.25, "n_in_bps": 10, "n_loss_ratio": 10},
        **{"covered_s_in_bps": 300, "covered_s_loss_ratio": 300, "up_s": 300.0},
    }
    assert isinstance(first.fields["mean_in_bps"], float)  # a mean is never an integer, also where it is whole
    assert second.fields == {"mean_loss_ratio": 0.5, "n_loss_ratio": 10, "covered_s_loss_ratio": 299}


def test_given_an_empty_scope_then_its_tag_is_absent() -> None:
    assert prefix("interface", "", "ge-1") == "interface,interface=ge-1"
    assert prefix("unheard of", "a", "b") == "unheard\\ of,row=b,scope=a"
    assert prefix("#odd", "", "") == "%23odd,scope=*"


def test_given_what_forgets_then_the_same_lines_come_again() -> None:
    lines, batch = Lines(), Batch("own", "", AT, ("disk",), ("failing",), np.array([[1.0]]))
    before = lines.of(batch)
    lines.forget()
    assert lines.of(batch) == before == [b"own,part=disk failing=1i 1790000000"]


def test_rule_40_given_hostile_names_then_each_line_is_one_line_of_one_series() -> None:
    batch = Batch("interface", HOSTILE[3], AT, HOSTILE, ("in_bps",), np.arange(float(len(HOSTILE)))[None])
    points = read(Lines().of(batch))
    assert [read_name(point.tags["interface"]) for point in points] == list(HOSTILE)
    assert [point.fields["in_bps"] for point in points] == list(range(len(HOSTILE)))


def test_given_every_quantity_then_its_steps_are_written_exactly() -> None:
    for name, quantity in QUANTITIES.items():
        value = 7 * quantity.resolution
        [point] = read(Lines().of(Batch("own", "", AT, ("x",), (name,), np.array([[value]]))))
        assert point.fields[name] == pytest.approx(value, rel=1e-15)
