from collections.abc import Mapping
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts.asked import DEFAULT, RANGES, Asked, AskedWrong, asked, local
from dashboards.charts.steps import LAYERS, POINTS, layer_of, times_of
from inventory.calendar import DAY_S, EAT_S

NOW = 1_795_337_610.5  # 2026-11-22 11:53:30 in Dar es Salaam


def wrong(given_: Mapping[str, str]) -> dict[str, str]:
    with pytest.raises(AskedWrong) as raised:
        asked(given_, NOW)
    return {name: str(said) for name, said in raised.value.problems.items()}


def test_given_nothing_then_the_last_day_up_to_now() -> None:
    found = asked({}, NOW)
    assert (found.range, found.live, found.span_s) == (DEFAULT, True, DAY_S)
    assert NOW - 10 < found.end <= NOW


def test_given_who_asks_within_ten_seconds_then_they_ask_for_the_same() -> None:
    assert asked({}, NOW) == asked({}, NOW + 9)
    assert asked({}, NOW) != asked({}, NOW + 10)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-01T00:00", 1_793_480_400),
        ("2026-11-01T00:00:30", 1_793_480_430),
        ("2026-11-01", 1_793_480_400),
        ("2026-11-01T00:00+03:00", 1_793_480_400),
        ("2026-11-01T00:00 03:00", 1_793_480_400),  # a plus sign that was not written as %2B
        ("2026-10-31T21:00Z", 1_793_480_400),
        ("1793480400", 1_793_480_400),
    ],
)
def test_given_a_time_then_it_is_of_dar_es_salaam_unless_it_says_otherwise(text: str, utc: int) -> None:
    assert asked({"from": text}, NOW).start == utc


@given(st.integers(0, int(NOW)))
def test_given_any_instant_then_its_address_means_it_again_and_there_is_no_summer_time(at: int) -> None:
    start = max(0, min(at, int(NOW) - 60))
    found = asked({"from": local(start), "to": str(int(min(NOW, start + 3600)))}, NOW)
    assert found.start == start
    assert local(start + 3600)[11:13] == f"{(start + EAT_S + 3600) // 3600 % 24:02d}"


def test_given_an_end_that_is_still_to_come_then_it_is_now_and_says_so() -> None:
    found = asked({"from": "2026-11-22T00:00", "to": "2026-12-01T00:00"}, NOW)
    assert found.end == int(NOW)
    assert [str(note) for note in found.notes] == ["up to now: 2026-12-01T00:00 is still to come"]
    assert not found.live


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({"from": "2027-01-01T00:00"}, {"from"}),
        ({"from": "2026-11-02T00:00", "to": "2026-11-01T00:00"}, {"from"}),
        ({"from": "2026-11-01T00:00", "to": "2026-11-01T00:00"}, {"from"}),
        ({"from": "1826-01-01T00:00"}, {"from"}),
        ({"to": "0001-01-01T00:00"}, {"to"}),
        ({"step": "0"}, {"step"}),
        ({"step": "-300"}, {"step"}),
        ({"points": "100000"}, {"points"}),
        ({"points": "0"}, {"points"}),
        ({"points": "many"}, {"points"}),
        ({"range": "200y"}, {"range"}),
        ({"from": "nan"}, {"from"}),
        ({"from": "9" * 400}, {"from"}),
        ({"from": "2026-11-01T00:00 Europe/Berlin"}, {"from"}),
        ({"from": "2026-02-30T00:00"}, {"from"}),
        (
            {"from": "yesterday", "to": "99", "step": "x", "points": "1", "range": "?"},
            {"from", "step", "points", "range"},
        ),
    ],
)
def test_given_what_means_nothing_then_all_of_it_is_said_at_once(address: Mapping[str, str], names: set[str]) -> None:
    assert set(wrong(address)) == names


@given(st.dictionaries(st.sampled_from(["from", "to", "range", "step", "points"]), st.text(max_size=30)))
def test_given_anything_at_all_then_it_is_a_range_or_a_mistake(address: dict[str, str]) -> None:
    try:
        found = asked(address, NOW)
    except AskedWrong as error:
        assert error.problems
        assert str(error)
    else:
        assert found.span_s > 0
        assert found.end <= NOW + 60


@pytest.mark.parametrize(
    ("word", "step"),
    [("1h", "poll"), ("6h", "poll"), ("24h", "5min"), ("7d", "5min"), ("30d", "hour"), ("1y", "day"), ("10y", "month")],
)
def test_given_a_range_then_the_step_that_it_is_worth(word: str, step: str) -> None:
    assert asked({"range": word}, NOW).layer.word == step


@given(st.integers(60, 11 * 366 * DAY_S), st.integers(2, POINTS))
def test_given_any_range_then_so_many_points_at_most(span_s: int, points: int) -> None:
    layer = layer_of(span_s)
    if not layer.step_s:
        assert span_s / 30 <= POINTS
        return
    shown = span_s / (layer.step_s * times_of(span_s, layer.step_s, POINTS))
    assert shown <= POINTS + 1


def test_given_a_step_that_is_too_fine_then_the_right_one_and_a_note() -> None:
    found = asked({"range": "10y", "step": "5min"}, NOW)
    assert found.layer.word == "month"
    assert found.notes


def test_given_a_coarser_step_then_it_is_taken() -> None:
    assert asked({"range": "24h", "step": "hour"}, NOW).layer.word == "hour"
    assert asked({"range": "24h", "step": "3600"}, NOW).layer.word == "hour"


@pytest.mark.parametrize("word", RANGES)
def test_given_a_query_then_it_asks_for_the_same_again(word: str) -> None:
    for found in (asked({"range": word}, NOW), _between()):
        again = asked(dict(parse_qsl(found.query)), NOW)
        assert (again.start, again.end, again.live) == (found.start, found.end, found.live)


def _between() -> Asked:
    return asked({"from": "2026-11-01T00:00", "to": "2026-11-02T12:30"}, NOW)


def test_given_layers_then_each_reaches_further_than_the_one_before() -> None:
    assert [layer.reach_s for layer in LAYERS] == sorted(layer.reach_s for layer in LAYERS)
