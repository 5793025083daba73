"""Silences and maintenance windows: when they run, and what they are over."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.local_time import DAY_S, instant
from alerts.subject import Subject
from alerts.window import Window
from alerts.windows import Windows, active, expires_soon, next_occurrence, occurrence, state
from inventory.model import Circuit, Device, End, Institution, Inventory, Link, Name, Provider, Site
from inventory.selector import SelectorError

NOW = instant(date(2026, 11, 22), time(2))  # a Sunday


def site(key: str, kind: str, region: str = "Dodoma") -> Site:
    return Site(key, Name(key), kind, region)  # type: ignore[arg-type]


def link(key: str, a: str, b: str, role: str = "access", provider: str = "ttcl") -> Link:
    near, far = (End(*end.split(":")) for end in (a, b))
    return Link(key, near, far, role, provider, f"c-{key}", 10, 10)  # type: ignore[arg-type]


def keyed(*entries: object) -> dict[str, object]:
    return {entry.key: entry for entry in entries}  # type: ignore[attr-defined]


LINKS = (
    link("ring", "core:x0", "pe:x0", role="ring"),
    link("tail", "pe:x1", "cpe:x0"),
    link("one", "pe:x2", "two-a:x0"),
    link("other", "core:x2", "two-b:x0", provider="seacom"),
    link("cable", "core:x9", "external", role="upstream", provider="seacom"),
)
NETWORK = Inventory(
    regions={"Dodoma": Name("Dodoma"), "Dar es Salaam": Name("Dar es Salaam")},
    institutions={"bahi": Institution("bahi", Name("Bahi"), "lga", "lga-bahi")},
    sites=keyed(  # type: ignore[arg-type]
        site("dar", "core", "Dar es Salaam"), site("dod", "regional"), site("lga-bahi", "lga"), site("mda-two", "mda")
    ),
    devices=keyed(  # type: ignore[arg-type]
        Device("core", "dar", "10.0.0.1", "core"),
        Device("pe", "dod", "10.0.0.2", "regional"),
        Device("cpe", "lga-bahi", "10.0.0.3"),
        Device("two-a", "mda-two", "10.0.0.4"),
        Device("two-b", "mda-two", "10.0.0.5"),
    ),
    links=keyed(*LINKS),  # type: ignore[arg-type]
    circuits=keyed(*(Circuit(one.circuit, one.provider, "R") for one in LINKS)),  # type: ignore[arg-type]
    providers=keyed(Provider("ttcl", Name("TTCL")), Provider("seacom", Name("SEACOM"))),  # type: ignore[arg-type]
)
WINDOWS = Windows(NETWORK)


def subject(kind: str, key: str) -> Subject:
    device = key if kind == "device" else key.partition(":")[0].partition(" ")[0] if kind in PARTS else ""
    return Subject(kind, key, device)  # type: ignore[arg-type]


PARTS = ("interface", "peer", "sensor")
SUBJECTS = {
    "core": subject("device", "core"),
    "pe": subject("device", "pe"),
    "cpe": subject("device", "cpe"),
    "two-a": subject("device", "two-a"),
    "bahi": subject("site", "lga-bahi"),
    "two": subject("site", "mda-two"),
    "dod": subject("site", "dod"),
    "ring": subject("link", "ring"),
    "tail": subject("link", "tail"),
    "cable": subject("circuit", "c-cable"),
    "c-tail": subject("circuit", "c-tail"),
    "tail's port": subject("interface", "pe:x1"),
    "pe's peer": subject("peer", "pe 10.0.0.9"),
    "pe's fan": subject("sensor", "pe fan 1"),
    "Dodoma": subject("region", "Dodoma"),
    "poller": subject("poller", "poller"),
    "disk": subject("own", "disk"),
}


def window(selector: str, target: str = "", number: int = 1, **fields: object) -> Window:
    kind = "maintenance" if target else "silence"
    made = Window(number, kind, selector, "kim", "work", NOW - 60, NOW + 3600, target=target)  # type: ignore[arg-type]
    return replace(made, **fields)  # type: ignore[arg-type]


def covered(*windows: Window) -> set[str]:
    return {name for name, each in SUBJECTS.items() if WINDOWS.covering(windows, each, NOW)}


@pytest.mark.parametrize(
    ("target", "key", "expected"),
    [
        ("site", "lga-bahi", {"cpe", "bahi", "tail", "c-tail", "tail's port"}),
        ("link", "tail", {"cpe", "bahi", "tail", "c-tail", "tail's port"}),
        ("circuit", "c-tail", {"cpe", "bahi", "tail", "c-tail", "tail's port"}),
        ("device", "cpe", {"cpe", "bahi", "tail", "c-tail", "tail's port"}),
        ("site", "dod", {"pe", "dod", "tail's port", "pe's peer", "pe's fan"}),
        (
            "device",
            "pe",
            {"pe", "dod", "ring", "tail", "c-tail", "tail's port", "pe's peer", "pe's fan", "cpe", "bahi", "two-a"},
        ),
        ("device", "two-a", {"two-a"}),
        ("provider", "seacom", {"cable"}),
        ("site", "mda-two", {"two-a", "two"}),
    ],
)
def test_rule_20_given_work_on_something_then_what_fails_with_it_is_covered_and_nothing_else(
    target: str, key: str, expected: set[str]
) -> None:
    assert covered(window(f"key={key}", target)) == expected


def test_rule_20_given_work_in_a_region_then_everything_there_is_covered_but_not_the_link_into_it() -> None:
    inside = set(SUBJECTS) - {"core", "ring", "cable", "poller", "disk"}
    assert covered(window("key=Dodoma", "region")) == inside


def test_given_all_lines_of_a_router_under_work_then_it_is_as_silent_as_a_dead_one_and_covered() -> None:
    assert "two" not in covered(window("key=one", "link"))
    both = (window("key=one", "link"), window("key=other", "link", 2, to_at=NOW + 60))
    assert {"two", "two-a"} <= covered(*both)
    found = WINDOWS.covering(both, SUBJECTS["two"], NOW)
    assert found is not None and found.number == 2  # it is over for the site as soon as one of them is


def test_given_several_windows_then_the_one_that_runs_longest_is_named() -> None:
    windows = [window("key=pe", "device", 1), window("key=dod", "site", 2, to_at=NOW + 7200)]
    found = WINDOWS.covering(windows, SUBJECTS["pe"], NOW)
    assert found is not None and found.number == 2


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("cpe", {"cpe", "bahi"}),
        ("key=pe", {"pe", "dod", "tail's port", "pe's peer", "pe's fan"}),
        ("kind=lga", {"cpe", "bahi", "tail", "c-tail"}),
        ("institution=bahi", {"cpe", "bahi", "tail", "c-tail"}),
        ("provider=seacom", {"cable"}),
        ("subject=sensor", {"pe's fan"}),
        ("subject=peer device=pe", {"pe's peer"}),
        ("region='Dar es Salaam'", {"core", "cable"}),
        ("subject=own key=disk", {"disk"}),
    ],
)
def test_given_a_silence_then_it_is_over_whatever_its_selector_matches(selector: str, expected: set[str]) -> None:
    assert covered(window(selector)) == expected


def test_given_a_selector_that_cannot_be_read_any_more_then_it_covers_nothing() -> None:
    assert covered(window("colour=red"), window("'open")) == set()
    with pytest.raises(SelectorError):
        WINDOWS.matched("colour=red")


def test_given_a_selector_then_what_it_is_over_can_be_listed() -> None:
    assert WINDOWS.matched("key=lga-bahi", "site") == [("site", "lga-bahi")]
    assert WINDOWS.matched("kind=lga") == [
        ("device", "cpe"),
        ("link", "tail"),
        ("site", "lga-bahi"),
        ("circuit", "c-tail"),
    ]
    assert WINDOWS.matched("key=nowhere") == []


def test_rule_26_given_a_window_then_it_runs_from_its_beginning_up_to_its_end_and_not_at_it() -> None:
    one = window("key=pe", "device", from_at=NOW, to_at=NOW + 3600)
    seen = [(at, state(one, at), active(one, at)) for at in (NOW - 1, NOW, NOW + 3599, NOW + 3600)]
    assert [(name, runs) for _, name, runs in seen] == [
        ("pending", False),
        ("active", True),
        ("active", True),
        ("expired", False),
    ]
    assert WINDOWS.covering([one], SUBJECTS["pe"], NOW + 3599) == one
    assert WINDOWS.covering([one], SUBJECTS["pe"], NOW + 3600) is None


def test_rule_26_given_a_window_that_ends_soon_then_it_is_said() -> None:
    one = window("key=pe", "device")
    assert not expires_soon(one, NOW + 1799)
    assert expires_soon(one, NOW + 1800) and not expires_soon(one, NOW + 3600)
    assert not expires_soon(window("key=pe", "device", from_at=NOW + 60), NOW)


def test_rule_26_given_a_window_ended_early_then_it_covers_nothing_from_then_on() -> None:
    one = window("key=pe", "device", to_at=NOW, ended_by="kim")
    assert not active(one, NOW) and state(one, NOW) == "expired"
    called_off = window("key=pe", "device", from_at=NOW + 60, to_at=NOW + 60)
    assert state(called_off, NOW) == "expired" and occurrence(called_off, NOW) is None


SUNDAYS = window(
    "key=pe", "device", from_at=NOW, to_at=NOW + 7200, repeat="FREQ=WEEKLY;BYDAY=SU", until_at=NOW + 15 * DAY_S
)


def test_rule_26_given_a_window_every_sunday_then_it_runs_on_sundays_until_the_series_ends() -> None:
    week = 7 * DAY_S
    assert active(SUNDAYS, NOW) and not active(SUNDAYS, NOW + 7200)
    assert active(SUNDAYS, NOW + week) and active(SUNDAYS, NOW + 2 * week + 7199)
    assert state(SUNDAYS, NOW + DAY_S) == "pending" and state(SUNDAYS, NOW + 2 * week + 7200) == "expired"
    assert not active(SUNDAYS, NOW + 3 * week)
    assert next_occurrence(SUNDAYS, NOW) == (NOW + week, NOW + week + 7200)
    assert next_occurrence(SUNDAYS, NOW + 2 * week) is None


def test_given_a_series_that_was_ended_in_the_middle_then_that_is_its_end() -> None:
    ended = replace(SUNDAYS, until_at=NOW + 1800)
    assert active(ended, NOW + 1799) and not active(ended, NOW + 1800)
    assert state(ended, NOW + 1800) == "expired" and next_occurrence(ended, NOW) is None


def test_given_a_rule_that_cannot_be_read_any_more_then_it_covers_nothing() -> None:
    assert occurrence(replace(SUNDAYS, repeat="FREQ=HOURLY"), NOW) is None


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        ["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,WE", "FREQ=MONTHLY;BYMONTHDAY=22", "FREQ=DAILY;INTERVAL=3"]
    ),
    st.integers(1, 20 * 3600),
    st.integers(1, 60),
    st.floats(-5, 70),
)
def test_given_any_window_and_instant_then_state_activity_and_occurrence_agree(
    rule: str, length_s: int, days: int, after_days: float
) -> None:
    until_at = NOW + days * DAY_S if rule else None
    one = window("key=pe", "device", from_at=NOW, to_at=NOW + length_s, repeat=rule, until_at=until_at)
    at = NOW + after_days * DAY_S
    found, coming = occurrence(one, at), next_occurrence(one, at)
    assert active(one, at) == (state(one, at) == "active") == (found is not None and found[0] <= at < found[1])
    assert (state(one, at) == "expired") == (found is None)
    if found is not None:
        assert at < found[1] and found[0] < found[1] <= (until_at or one.to_at)
    if coming is not None:
        assert coming[0] > at and active(one, coming[0])
