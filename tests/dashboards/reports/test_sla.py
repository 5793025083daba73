"""Availability, worked by hand: months of 28, 30 and 31 days, planned work, what nobody knows, whose fault it is."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.reports.document import Document, NoData, Period, Row
from dashboards.reports.sla import Place, States, of_institution, sla
from dashboards.reports.spans import UNWATCHED, Event, Span, covered, seconds, spans
from inventory.calendar import Month
from tests.dashboards.reports.field import DAY, HOUR, MINUTE, NOVEMBER, little, whole

SITE, LINK = ("site", "lga-bahi"), ("link", "l-bahi")


def month_of(
    month: Month,
    events: Mapping[Place, Sequence[Event]],
    planned: Mapping[Place, tuple[int, int]] | None = None,
    unwatched: Sequence[Span] = (),
) -> Document:
    """Everything is up but for these events; `planned` in seconds from the month's start."""
    inventory, start = little(), month.start
    places = [("site", key) for key in inventory.sites] + [("link", key) for key in inventory.links]
    every = {place: [Event(start - HOUR, "up", start - DAY), *events.get(place, ())] for place in places}
    work = {place: [(1, (start + a, start + b))] for place, (a, b) in (planned or {}).items()}
    return sla(inventory, whole(month), States(every, unwatched, work))


def row(document: Document, kind: str, key: str) -> Row:
    return next(each for each in document.figures if (each["kind"], each["key"]) == (kind, key))


def down(month: Month, at: int, for_s: int, state: str = "down", reason: str = "") -> list[Event]:
    """Judged 12 s after the first failed probe, and 2 s after the first answer."""
    start = month.start
    return [
        Event(start + at + 12, state, start + at, reason),
        Event(start + at + for_s + 2, "up", start + at + for_s),
    ]


@pytest.mark.parametrize(
    ("month", "agreed_h", "availability"),
    [
        (Month(2026, 2), 670, 0.998930),  # 28 days: 40 200 - 43 of 40 200 min
        (Month(2026, 11), 718, 0.999002),  # 30 days: 43 080 - 43 of 43 080 min
        (Month(2026, 10), 742, 0.999034),  # 31 days: 44 520 - 43 of 44 520 min
    ],
)
def test_rule_30_given_two_hours_of_work_and_43_minutes_down_then_availability_is_of_the_agreed_time(
    month: Month, agreed_h: int, availability: float
) -> None:
    found = month_of(month, {SITE: down(month, 5 * DAY, 43 * MINUTE)}, {SITE: (9 * DAY, 9 * DAY + 2 * HOUR)})
    bahi = row(found, "site", "lga-bahi")
    assert (bahi["agreed_s"], bahi["planned_s"]) == (agreed_h * HOUR, 2 * HOUR)
    assert (bahi["down_s"], bahi["unknown_s"], bahi["faults"]) == (43 * MINUTE, 0, 1)
    assert bahi["availability"] == availability
    assert row(found, "institution", "bahi")["availability"] == availability
    assert row(found, "institution", "hospital")["availability"] is None, "it has no site"


def test_rule_30_given_a_fault_inside_planned_work_then_it_is_in_neither_term() -> None:
    found = month_of(NOVEMBER, {SITE: down(NOVEMBER, 9 * DAY, HOUR)}, {SITE: (9 * DAY, 9 * DAY + 2 * HOUR)})
    assert row(found, "site", "lga-bahi")["availability"] == 1
    assert row(found, "site", "lga-bahi")["agreed_s"] == 718 * HOUR


def test_rule_30_given_a_fault_then_it_begins_with_the_first_failed_probe_and_ends_with_the_first_answer() -> None:
    found = month_of(NOVEMBER, {SITE: down(NOVEMBER, DAY, 100)})
    assert row(found, "site", "lga-bahi")["down_s"] == 100
    (span,) = (each for each in found.more["spans"] if each["kind"] == "site")
    assert (span["from"], span["to"]) == ("2026-11-01T21:00:00Z", "2026-11-01T21:01:40Z")


def test_rule_21_given_time_that_nobody_watched_then_it_is_unknown_and_no_downtime() -> None:
    start = NOVEMBER.start
    gap = [Span(start + DAY, start + 2 * DAY, UNWATCHED, "blind")]
    found = month_of(NOVEMBER, {SITE: down(NOVEMBER, DAY - 600, 1200)}, unwatched=gap)
    bahi = row(found, "site", "lga-bahi")
    assert (bahi["down_s"], bahi["unknown_s"]) == (600, DAY)
    assert bahi["up_s"] == 29 * DAY - 600
    assert found.more["unwatched"][0]["reason"] == "blind"


def test_given_a_link_behind_another_fault_then_it_is_unknown_to_its_provider_while_the_site_is_down() -> None:
    unreachable = down(NOVEMBER, DAY, HOUR, "unreachable")
    found = month_of(NOVEMBER, {SITE: unreachable, LINK: unreachable})
    link, provider = row(found, "link", "l-bahi"), row(found, "provider", "ttcl")
    assert row(found, "site", "lga-bahi")["down_s"] == HOUR
    assert (link["down_s"], link["unknown_s"], link["behind_s"]) == (0, HOUR, HOUR)
    assert (provider["down_s"], provider["unknown_s"], provider["availability"]) == (0, HOUR, 1)
    assert provider["agreed_s"] == 60 * DAY, "of two links"


def test_given_a_port_shut_on_purpose_then_the_link_is_down_and_its_provider_is_not_charged() -> None:
    found = month_of(NOVEMBER, {LINK: down(NOVEMBER, DAY, HOUR, "down", "admin-down")})
    link, provider = row(found, "link", "l-bahi"), row(found, "provider", "ttcl")
    assert (link["down_s"], link["shut_s"]) == (HOUR, HOUR)
    assert (provider["down_s"], provider["unknown_s"]) == (0, HOUR)


def test_given_a_link_whose_ports_nobody_reads_then_that_time_is_unknown() -> None:
    start = NOVEMBER.start
    mute = [Event(start + DAY, "up", start - DAY, "agent-silent"), Event(start + DAY + HOUR, "up", start - DAY)]
    found = month_of(NOVEMBER, {LINK: mute})
    assert row(found, "link", "l-bahi")["unknown_s"] == HOUR
    assert row(found, "link", "l-bahi")["up_s"] == 30 * DAY - HOUR


def test_given_a_month_in_which_nobody_watched_then_there_is_no_report_of_it() -> None:
    unwatched = [Span(NOVEMBER.start, NOVEMBER.end, UNWATCHED)]
    with pytest.raises(NoData, match="no states were kept of 2026-11"):
        month_of(NOVEMBER, {}, unwatched=unwatched)


def test_given_a_month_that_runs_then_it_is_of_its_time_so_far() -> None:
    period = Period.of(NOVEMBER, NOVEMBER.start + 10 * DAY + 7 * MINUTE + 11)
    assert (period.closed, period.until) == (False, NOVEMBER.start + 10 * DAY)
    events = {("site", key): [Event(period.start - 60, "up", None)] for key in little().sites}
    found = sla(little(), period, States(events, ()))
    assert row(found, "site", "lga-bahi")["up_s"] == 10 * DAY


def test_rule_31_given_july_then_its_report_begins_on_30_june_at_21_utc() -> None:
    found = whole(Month(2026, 7)).as_json()
    assert (found["from"], found["to"], found["slots"]) == ("2026-06-30T21:00:00Z", "2026-07-31T21:00:00Z", 8928)


def test_given_an_institution_then_the_report_is_of_it_its_site_and_its_links_alone() -> None:
    found = month_of(NOVEMBER, {SITE: down(NOVEMBER, DAY, HOUR), LINK: down(NOVEMBER, DAY, HOUR)})
    bahi = of_institution(found, little(), "bahi", ["l-bahi"])
    assert [(each["kind"], each["key"]) for each in bahi.figures] == [
        ("institution", "bahi"),
        ("site", "lga-bahi"),
        ("link", "l-bahi"),
    ]
    assert {each["key"] for each in bahi.more["spans"]} == {"lga-bahi", "l-bahi"}
    assert bahi.as_json()["sha256"] != found.as_json()["sha256"]


def test_given_a_fault_that_turns_out_to_be_another_then_the_later_word_counts_from_the_beginning() -> None:
    found = spans(
        [Event(-10, "up", None), Event(112, "down", 100), Event(120, "unreachable", 100), Event(300, "up", 298)], 0, 400
    )
    assert found == [Span(0, 100, "up"), Span(100, 298, "unreachable"), Span(298, 400, "up")]


STATES = st.sampled_from(["up", "degraded", "down", "unreachable", "unknown"])
EVENTS = st.lists(st.builds(Event, st.integers(-50, 250), STATES, st.none() | st.integers(-100, 250)), max_size=12)
COVERS = st.lists(st.tuples(st.integers(-20, 220), st.integers(-20, 220)), max_size=5)


@given(EVENTS, COVERS)
@settings(max_examples=200, deadline=None)
def test_given_any_events_and_covers_then_every_second_is_there_once(
    events: list[Event], covers: list[tuple[int, int]]
) -> None:
    found = covered(spans(events, 0, 200), covers, "planned")
    assert (found[0].start, found[-1].end) == (0, 200)
    assert all(before.end == after.start for before, after in pairwise(found))
    whole = {second for low, high in covers for second in range(max(low, 0), min(high, 200))}
    assert seconds(found, "planned") == len(whole)
    assert sum(span.seconds for span in found) == 200


def test_given_figures_then_they_add_up() -> None:
    found = month_of(
        NOVEMBER,
        {SITE: down(NOVEMBER, DAY, HOUR), LINK: down(NOVEMBER, 3 * DAY, HOUR)},
        {SITE: (2 * DAY, 2 * DAY + 600)},
        [Span(NOVEMBER.start, NOVEMBER.start + 900, UNWATCHED, "stale")],
    )
    for each in found.figures:
        if each.get("agreed_s") is not None:
            parts: list[Any] = [each["up_s"], each["down_s"], each["unknown_s"]]
            assert sum(parts) == each["agreed_s"]
            assert each["agreed_s"] + each["planned_s"] == each.get("subjects", 1) * 30 * DAY


def test_given_a_fault_judged_after_the_month_s_end_then_its_first_seconds_are_the_month_s() -> None:
    assert spans([Event(0, "up", None), Event(112, "down", 98)], 0, 100) == [Span(0, 98, "up"), Span(98, 100, "down")]
    assert spans([Event(0, "up", None), Event(112, "down", None)], 0, 100) == [Span(0, 100, "up")]
