import json
import re
from pathlib import Path

import pytest

from dashboards import figures

STATIC = Path(figures.__file__).parent / "static"

MIDNIGHT = 1_784_581_200.0  # 21 July 2026 00:00 EAT = 20 July 21:00 UTC


@pytest.mark.parametrize(
    ("bps", "text"),
    [
        (0, "0 b/s"),
        (950, "950 b/s"),
        (8.5e6, "8.5 Mb/s"),
        (612e6, "612 Mb/s"),
        (1.55e9, "1.55 Gb/s"),
        (999.9e6, "1 Gb/s"),
        (10e9, "10 Gb/s"),
        (64e3, "64 kb/s"),
    ],
)
def test_given_a_rate_then_three_digits_and_its_unit(bps: float, text: str) -> None:
    assert figures.rate(bps) == text


@pytest.mark.parametrize(("ratio", "text"), [(0, "0 %"), (0.001, "<1 %"), (0.79, "79 %"), (1.04, "104 %")])
def test_given_a_ratio_then_whole_percent(ratio: float, text: str) -> None:
    assert figures.percent(ratio) == text


@pytest.mark.parametrize(
    ("seconds", "text", "short"),
    [
        (12, "12 s", "12 s"),
        (99, "99 s", "99 s"),
        (150, "2 min", "2 min"),
        (3600, "1 h", "1 h"),
        (12_000, "3 h 20 min", "3 h"),
        (3 * 86400 + 4 * 3600, "3 d 4 h", "3 d"),
        (120 * 86400 + 5000, "120 d", "120 d"),
        (-3, "0 s", "0 s"),
    ],
)
def test_given_a_time_span_then_two_units_at_most(seconds: float, text: str, short: str) -> None:
    assert figures.duration(seconds) == text
    assert figures.short_duration(seconds) == short


@pytest.mark.parametrize(
    ("seconds", "text", "short"),
    [
        (12, "sek 12", "sek 12"),
        (150, "dk 2", "dk 2"),
        (12_000, "saa 3 dk 20", "saa 3"),
        (3 * 86400 + 4 * 3600, "siku 3 saa 4", "siku 3"),
    ],
)
def test_given_a_time_span_in_swahili_then_the_unit_stands_first(seconds: float, text: str, short: str) -> None:
    spans = figures.SPANS["sw"]
    assert (figures.duration(seconds, spans), figures.short_duration(seconds, spans)) == (text, short)


def test_given_a_browser_then_it_counts_on_in_the_same_words() -> None:
    found = re.search(r"const SPANS = (\{.*?\});", (STATIC / "ages.js").read_text(), re.DOTALL)
    assert found and json.loads(found[1]) == {key: list(spans) for key, spans in figures.SPANS.items()}


def test_rule_31_local_time_is_three_hours_ahead_the_whole_year() -> None:
    assert figures.clock(MIDNIGHT, MIDNIGHT + 60) == "00:00"
    assert figures.clock(MIDNIGHT - 1, MIDNIGHT + 60) == "20 Jul 23:59"
    assert figures.day_or_clock(MIDNIGHT - 1, MIDNIGHT + 60) == "20 Jul"
    assert figures.clock(MIDNIGHT - 300 * 86400, MIDNIGHT) == "24 Sep 2025"
    assert figures.day_or_clock(MIDNIGHT - 300 * 86400, MIDNIGHT) == "2025"
    assert figures.iso(MIDNIGHT) == "2026-07-20T21:00:00Z"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.02, "0.02"), (0.001, "<.01"), (3.14, "3.1"), (250.4, "250"), (0.97, "1.0")]
)
def test_given_errors_per_second_then_they_are_short(value: float, text: str) -> None:
    assert figures.per_second(value) == text
