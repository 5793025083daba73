"""Windows come again on East African clocks, by rules that are checked before they are kept."""

import time
from contextlib import suppress
from datetime import date
from datetime import time as clock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.local_time import DAY_S, instant, local
from alerts.recurrence import Recurrence, RepeatError, checked

SUNDAY = instant(date(2026, 11, 22), clock(2))
YEAR = SUNDAY + 365 * DAY_S


def test_given_every_sunday_then_it_begins_at_the_same_clock_all_year() -> None:
    series = Recurrence("FREQ=WEEKLY;BYDAY=SU", SUNDAY, YEAR)
    begins, found = SUNDAY - 1.0, []
    while (following := series.next_begins(begins)) is not None:
        begins = following
        found.append(begins)
    assert len(found) == 53 and found[0] == SUNDAY  # the last is the day before a year is over
    assert {f"{local(each):%a %H:%M}" for each in found} == {"Sun 02:00"}


def test_given_an_instant_then_the_beginning_at_it_is_the_last_and_the_next_is_after_it() -> None:
    series = Recurrence("FREQ=DAILY", SUNDAY, YEAR)
    assert series.last_begun(SUNDAY - 1) is None
    assert series.last_begun(SUNDAY) == SUNDAY
    assert series.last_begun(SUNDAY + DAY_S - 1) == SUNDAY
    assert series.next_begins(SUNDAY) == SUNDAY + DAY_S


def test_given_the_end_of_the_series_then_nothing_begins_at_it_or_after() -> None:
    series = Recurrence("FREQ=DAILY", SUNDAY, SUNDAY + 2 * DAY_S)
    assert series.next_begins(SUNDAY + DAY_S) is None
    assert series.last_begun(SUNDAY + 100 * DAY_S) == SUNDAY + DAY_S


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "is no repetition"),
        ("every sunday", "is no repetition"),
        ("FREQ=SECONDLY", "FREQ is one of"),
        ("BYDAY=SU", "FREQ is one of"),
        ("FREQ=WEEKLY;BYDAY=XX", "XX"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is 1 to 366"),
        ("FREQ=DAILY;INTERVAL=99999", "INTERVAL is 1 to 366"),
        ("FREQ=DAILY;BYMONTH=13", "no such day"),
        ("FREQ=DAILY;FREQ=WEEKLY", "says something twice"),
        ("FREQ=DAILY;COUNT=3", "COUNT is not used"),
        ("FREQ=DAILY;UNTIL=20270101", "UNTIL is not used"),
        ("FREQ=DAILY;BYHOUR=2", "BYHOUR is not used"),
        ("DTSTART:20200101T000000\nRRULE:FREQ=DAILY", "is no repetition"),
        ("FREQ=DAILY;" * 100, "is no repetition"),
    ],
)
def test_given_a_rule_that_cannot_be_meant_then_it_is_refused_with_why(rule: str, said: str) -> None:
    with pytest.raises(RepeatError, match=said):
        checked(rule)


def test_given_another_spelling_then_the_rule_is_kept_in_one() -> None:
    assert checked(" rrule:freq=weekly;byday=su ") == "FREQ=WEEKLY;BYDAY=SU"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=6SU",
        "FREQ=YEARLY;BYDAY=1SU;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # from a Sunday on
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3;BYMONTHDAY=22",
    ],
)
def test_given_a_rule_that_never_comes_then_it_is_refused_at_once(rule: str) -> None:
    begun = time.process_time()
    with pytest.raises(RepeatError):
        Recurrence(rule, SUNDAY, YEAR)
    assert time.process_time() - begun < 1.0  # dateutil alone looks for it for 8,000 years, some 3 s


def test_given_a_beginning_that_is_none_of_its_times_then_the_first_is_named() -> None:
    with pytest.raises(RepeatError, match="its first time would be 2026-11-29 02:00"):
        Recurrence("FREQ=WEEKLY;BYDAY=SU;INTERVAL=2", SUNDAY + DAY_S, YEAR)


@pytest.mark.parametrize("rule", ["FREQ=DAILY;INTERVAL=7;BYDAY=SU;BYMONTH=11;BYMONTHDAY=22", "FREQ=DAILY;INTERVAL=365"])
def test_given_a_rule_that_comes_seldom_then_it_is_looked_through_quickly(rule: str) -> None:
    begun = time.process_time()
    Recurrence(rule, SUNDAY, SUNDAY + 3000 * 365 * DAY_S).next_begins(SUNDAY)
    assert time.process_time() - begun < 1.0


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.dictionaries(
        st.sampled_from(["INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"]),
        st.lists(st.integers(-32, 32).map(str) | st.sampled_from(["SU", "1SU", "-1MO", "x"]), min_size=1, max_size=2),
    ),
)
def test_given_any_parts_then_they_are_a_rule_that_comes_or_are_refused(
    frequency: str, parts: dict[str, list[str]]
) -> None:
    text = ";".join([f"FREQ={frequency}", *(f"{name}={','.join(values)}" for name, values in parts.items())])
    with suppress(RepeatError):
        series = Recurrence(checked(text), SUNDAY, YEAR)
        assert series.last_begun(SUNDAY) == SUNDAY
        series.next_begins(SUNDAY)
