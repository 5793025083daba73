from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.places.availability import availability, before
from dashboards.places.strip import LEAST, WIDTH, strip
from dashboards.reports.document import Period
from dashboards.reports.sla import States, sla
from dashboards.reports.spans import Event, Span
from inventory.calendar import Month
from inventory.model import Device, Inventory, Name, Site

NOW = Month(2026, 11).start + 20 * 86400 + 7200.0
PLACE = ("site", "bahi")
INVENTORY = Inventory(
    sites={key: Site(key, Name(key.title()), "lga", "Dodoma") for key in ("bahi", "other")},
    devices={f"{key}-r1": Device(f"{key}-r1", key, "192.0.2.1") for key in ("bahi", "other")},
)


def states(
    *events: Event, unwatched: tuple[Span, ...] = (), planned: tuple[tuple[int, tuple[int, int]], ...] = ()
) -> States:
    return States({PLACE: list(events)}, list(unwatched), {PLACE: list(planned)})


def test_given_an_outage_then_the_strip_shows_it_where_it_was_and_names_it() -> None:
    down = int(NOW) - 6 * 3600
    found = strip(
        PLACE,
        states(Event(0, "up", 0), Event(down + 8, "down", down), Event(down + 3600, "up", down + 3600)),
        "24h",
        NOW,
    )
    [piece] = [one for one in found.pieces if one.span.state == "down"]
    assert piece.x == pytest.approx(WIDTH * 18 / 24) and piece.width == pytest.approx(WIDTH / 24, abs=0.01)
    assert [(one.state, one.seconds) for one in found.told] == [("down", 3600)]


def test_given_a_minute_in_a_month_then_it_is_still_wide_enough_to_be_seen() -> None:
    down = int(NOW) - 10 * 86400
    found = strip(
        PLACE, states(Event(0, "up", 0), Event(down, "down", down), Event(down + 60, "up", down + 60)), "30d", NOW
    )
    assert [one.width for one in found.pieces if one.span.state == "down"] == [LEAST]


def test_given_time_that_nobody_watched_then_it_is_neither_up_nor_down() -> None:
    gap = Span(int(NOW) - 7200, int(NOW) - 3600, "unwatched", "stale")
    found = strip(PLACE, states(Event(0, "up", 0), unwatched=(gap,)), "24h", NOW)
    assert {one.span.state for one in found.pieces} == {"up", "unwatched"}
    assert [(one.state, one.seconds) for one in found.told] == [("unwatched", 3600)]


def test_given_planned_work_then_it_is_a_band_beside_the_state_not_instead_of_it() -> None:
    work = (int(NOW) - 7200, int(NOW) - 3600)
    down = work[0] + 600
    found = strip(
        PLACE,
        states(Event(0, "up", 0), Event(down, "down", down), Event(down + 60, "up", down + 60), planned=((7, work),)),
        "24h",
        NOW,
    )
    [band] = found.planned
    assert (band.span.start, band.span.end, band.span.reason) == (*work, "7")
    assert "down" in {one.span.state for one in found.pieces}


def test_given_nothing_kept_then_all_of_it_is_unknown() -> None:
    found = strip(("site", "never"), States({}, []), "7d", NOW)
    assert [(one.span.state, one.x, one.width) for one in found.pieces] == [("unknown", 0.0, float(WIDTH))]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 86400), st.sampled_from(["up", "down", "degraded", "unreachable"])), max_size=8),
    st.sampled_from(["24h", "7d", "30d"]),
)
def test_given_any_events_then_every_second_of_the_strip_is_one_piece(
    turns: list[tuple[int, str]], range_: str
) -> None:
    start = int(NOW) - 86400
    found = strip(PLACE, states(*(Event(start + at, state, start + at) for at, state in turns)), range_, NOW)
    parts = sorted((one.span.start, one.span.end) for one in found.pieces)
    assert parts[0][0] == found.start and parts[-1][1] == found.end
    assert all(one[1] == other[0] for one, other in pairwise(parts))


def test_rule_30_given_the_vector_then_the_page_says_what_the_report_says() -> None:
    month = before(Month.of(NOW))
    out, window = month.start + 86400, (month.start + 10 * 86400, month.start + 10 * 86400 + 7200)
    kept = states(
        Event(month.start - 3600, "up", month.start - 7200),
        Event(out + 8, "down", out),
        Event(out + 43 * 60, "up", out + 43 * 60),
        planned=((1, window),),
    )
    this, last = availability(INVENTORY, "bahi", kept, NOW)
    assert this.running and not last.running and last.figures is not None
    agreed = month.end - month.start - 7200
    assert (
        last.figures["down_s"] == 43 * 60 and last.figures["planned_s"] == 7200 and last.figures["agreed_s"] == agreed
    )
    whole = sla(INVENTORY, Period(month, month.end), kept)
    assert next(row for row in whole.figures if (row["kind"], row["key"]) == PLACE) == last.figures


def test_given_a_month_that_nobody_watched_then_there_is_no_figure() -> None:
    month = before(Month.of(NOW))
    kept = states(
        Event(month.end, "up", month.end), unwatched=(Span(month.start - 86400, month.end, "unwatched", "stale"),)
    )
    this, last = availability(INVENTORY, "bahi", kept, NOW)
    assert last.figures is None and this.figures is not None


def test_rule_31_given_the_first_minutes_of_a_month_then_it_begins_at_midnight_there() -> None:
    month = Month(2026, 11)
    assert month.start == 1_793_480_400  # 31 October 21:00 UTC
    this, last = availability(INVENTORY, "bahi", states(Event(0, "up", 0)), month.start + 600.0)
    assert this.period.month == month and this.period.until == month.start + 300 and last.period.closed
