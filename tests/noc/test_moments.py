"""Times as people type them mean one instant each, or are refused with the words that would do."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.local_time import instant, local
from noc.cli.data import Refused
from noc.cli.moments import duration, moment

NOW = instant(date(2026, 11, 22), time(5, 3))  # a Sunday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-22 05:03"),
        ("30m", "2026-11-22 05:33"),
        ("in 2h", "2026-11-22 07:03"),
        ("+1h30m", "2026-11-22 06:33"),
        ("2h ago", "2026-11-22 03:03"),
        ("14:00", "2026-11-22 14:00"),
        ("05:03", "2026-11-22 05:03"),
        ("04:00", "2026-11-23 04:00"),
        ("02:14 EAT", "2026-11-23 02:14"),
        ("today 02:00", "2026-11-22 02:00"),
        ("Tomorrow  08:00", "2026-11-23 08:00"),
        ("sun 02:00", "2026-11-29 02:00"),
        ("sunday 09:00", "2026-11-22 09:00"),
        ("2026-11-22", "2026-11-22 00:00"),
        ("2026-11-22 14:00", "2026-11-22 14:00"),
        ("2026-11-22T14:00", "2026-11-22 14:00"),
        ("2026-11-22T14:00Z", "2026-11-22 17:00"),
        ("2026-11-22T14:00:00+01:00", "2026-11-22 16:00"),
    ],
)
def test_given_words_for_a_time_then_it_is_that_instant_in_east_africa(text: str, meant: str) -> None:
    assert f"{local(moment(text, NOW)):%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize("text", ["", "25:00", "soon", "2026-13-01", "0m", "monkey 09:00", "9999-01-01", "999999d"])
def test_given_words_that_mean_no_time_then_they_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        moment(text, NOW)
    assert repr(text) in refused.value.message and refused.value.exit_code == 2


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("2 hours", 7200), ("1d12h", 129600)])
def test_given_a_length_then_it_is_seconds(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@given(st.text(max_size=30))
def test_given_any_text_then_it_is_a_time_or_refused(text: str) -> None:
    try:
        assert abs(moment(text, NOW) - NOW) <= 11 * 366 * 86_400
    except Refused as refused:
        assert refused.exit_code == 2
