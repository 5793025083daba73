"""Who is told, at any instant: overrides, holidays, rotation, and never nobody."""

import itertools
from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.local_time import DAY_S, instant, local
from alerts.oncall.chains import Chain, Step
from alerts.oncall.duties import plan_of_duties
from alerts.oncall.plan import Plan
from alerts.oncall.schedule import Schedule, Shift, Stand, overlaps
from alerts.roster import Override
from inventory.model import Contact, Inventory
from tests.alerts.oncall.team import CONTACTS, SOUND, TEAM, at, plan_of


def override(contact: str, from_at: float, to_at: float, number: int = 1, schedule: str = "noc") -> Override:
    return Override(number, schedule, contact, from_at, to_at, "kim")


def test_given_a_rotation_then_the_second_takes_over_at_the_hand_over(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert plan.who("schedule:lines", at(23, "08:00")) == ("juma",)
    assert plan.who("schedule:lines", at(30, "08:00") - 1) == ("juma",)
    assert plan.who("schedule:lines", at(30, "08:00")) == ("asha", "neema")
    assert plan.next_handover("lines", at(25)) == at(30, "08:00")
    assert plan.next_handover("lines", at(30, "08:00")) == at(7, "08:00", month=12)


def test_given_shifts_then_a_night_belongs_to_the_day_on_which_it_began(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert plan.who("schedule:noc", at(29, "18:59")) == ("asha",)  # the last Sunday of the first turn
    assert plan.who("schedule:noc", at(29, "19:00")) == ("neema",)
    assert plan.who("schedule:noc", at(30, "06:59")) == ("neema",)  # Monday before dawn, Sunday's night still
    assert plan.who("schedule:noc", at(30, "07:00")) == ("juma",)
    assert plan.turn("noc", at(30, "06:59")).shift == "night"


def test_given_a_day_before_the_start_then_turns_go_on_backwards(tmp_path: Path) -> None:
    assert plan_of(tmp_path).who("schedule:noc", at(22, "12:00")) == ("neema",)


def test_given_an_override_then_it_counts_half_open_and_over_a_holiday(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SOUND + "holidays:\n  2026-11-24: {noc: juma}\n")
    lent = [override("neema", at(24, "10:00"), at(24, "12:00"))]
    assert plan.who("schedule:noc", at(24, "10:00") - 1, lent) == ("juma",)
    assert plan.who("schedule:noc", at(24, "10:00"), lent) == ("neema",)
    assert plan.who("schedule:noc", at(24, "12:00") - 1, lent) == ("neema",)
    assert plan.who("schedule:noc", at(24, "12:00"), lent) == ("juma",)
    assert plan.who("schedule:lines", at(24, "11:00"), lent) == ("juma",)  # it is over one schedule only


def test_given_two_overrides_at_a_time_then_the_one_made_last_counts(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    lent = [override("neema", at(24), at(25)), override("boss", at(24), at(25), number=2)]
    assert plan.who("schedule:noc", at(24), lent) == plan.who("schedule:noc", at(24), lent[::-1]) == ("boss",)


def test_given_an_override_of_somebody_unknown_then_the_plan_beneath_it_holds(tmp_path: Path) -> None:
    assert plan_of(tmp_path).who("schedule:noc", at(24), [override("gone", at(24), at(25))]) == ("asha",)


def test_given_a_holiday_then_it_replaces_the_turns_that_begin_on_it(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SOUND + "holidays:\n  2026-11-24: {noc: [juma, boss]}\n")
    assert plan.who("schedule:noc", at(24, "06:59")) == ("neema",)  # the night before
    assert plan.who("schedule:noc", at(24, "07:00")) == ("juma", "boss")
    assert plan.who("schedule:noc", at(25, "06:59")) == ("juma", "boss")
    assert plan.who("schedule:noc", at(25, "07:00")) == ("asha",)
    assert plan.who("schedule:lines", at(24)) == ("juma",)


def test_given_a_holiday_of_another_schedule_then_whoever_holds_that_is_told(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SOUND + "holidays:\n  2026-11-24: schedule:lines\n")
    assert plan.who("schedule:noc", at(24)) == plan.who("schedule:lines", at(24)) == ("juma",)
    assert plan.turn("noc", at(24)).source == "holiday"


OFFICE = """
supervisor: boss
schedules:
  office:
    shifts: [{name: office, from: "08:00", to: "16:00", days: mon-fri, people: [asha]}]
"""


def test_given_a_gap_then_the_supervisor_is_told(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, OFFICE)
    assert plan.who("schedule:office", at(23, "15:59")) == ("asha",)
    assert plan.who("schedule:office", at(23, "16:00")) == ("boss",)
    assert plan.who("schedule:office", at(28)) == ("boss",)
    found = plan.gaps(at(23, "08:00"), at(25, "08:00"))
    assert [(gap.from_at, gap.to_at) for gap in found] == [
        (at(23, "16:00"), at(24, "08:00")),
        (at(24, "16:00"), at(25, "08:00")),
    ]


def test_given_an_override_then_it_fills_a_gap(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, OFFICE)
    lent = [override("juma", at(23, "16:00"), at(24, "08:00"), schedule="office")]
    assert not plan.gaps(at(23, "08:00"), at(24, "16:00"), lent)


@pytest.mark.parametrize("target", ["schedule:gone", "contact:gone", "supervisor", "", "asha"])
def test_given_a_target_that_means_nobody_then_the_supervisor_is_told(tmp_path: Path, target: str) -> None:
    assert plan_of(tmp_path).who(target, at(24)) == ("boss",)


def test_given_a_contact_as_target_then_it_is_told(tmp_path: Path) -> None:
    assert plan_of(tmp_path).who("contact:juma", at(24)) == ("juma",)


def test_given_a_whole_year_then_hand_overs_are_at_the_same_clock_all_year(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    turns = plan.turns("lines", at(1, "08:00", month=1), at(31, "08:00", month=12))
    assert {f"{local(turn.from_at):%a %H:%M}" for turn in turns[1:]} == {"Mon 08:00"}
    assert {round((turn.to_at - turn.from_at) / DAY_S) for turn in turns[1:-1]} == {7}


def test_given_labels_then_the_first_route_that_matches_decides(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        SOUND
        + """
chains:
  noc: [{after: 0m, to: [schedule:noc]}]
  lines: [{after: 0m, to: [schedule:lines]}]
routes:
  - {match: 'kind=circuit region="Dar es Salaam"', chain: lines, mail: [boss]}
  - {match: severity=critical, chain: noc, mail: [desk, boss]}
""",
    )
    circuit: dict[str, str | list[str]] = {"kind": "circuit", "region": ["Dodoma", "Dar es Salaam"]}
    assert plan.chain({**circuit, "severity": "critical"}) == Chain("lines", (Step(0, ("schedule:lines",)),), ("boss",))
    assert plan.chain({"severity": "critical", "kind": "device"}).mail == ("desk", "boss")
    assert plan.chain({"severity": "minor"}) == Chain("noc", (Step(0, ("schedule:noc",)),), ("desk",))


def test_given_no_chain_then_the_supervisor_is_told_as_well_after_ten_minutes(tmp_path: Path) -> None:
    steps = plan_of(tmp_path).chain({"severity": "critical"}).steps
    assert steps == (Step(0, ("schedule:noc",)), Step(600, ("schedule:noc", "supervisor")))


def test_given_a_chain_that_goes_on_by_another_then_its_steps_count_from_there(tmp_path: Path) -> None:
    text = """
chains:
  noc: [{after: 0m, to: [schedule:noc]}, {after: 10m, to: ['chain:up', supervisor]}]
  up: [{after: 0m, to: [supervisor]}, {after: 20m, to: ['contact:juma']}]
"""
    assert plan_of(tmp_path, SOUND + text).chain({}).steps == (
        Step(0, ("schedule:noc",)),
        Step(600, ("supervisor",)),
        Step(1800, ("contact:juma",)),
    )


def test_given_no_file_then_those_with_the_duty_take_turns_by_the_week(tmp_path: Path) -> None:
    plan = plan_of_duties(TEAM)
    turns = plan.turns("noc", at(23, "08:00"), at(14, "08:00", month=12))
    crews = [turn.crew for turn in turns]
    assert sorted(crews) == [("asha",), ("juma",), ("neema",)]
    order = ["asha", "juma", "neema"] * 2
    assert "".join(key for (key,) in crews) in "".join(order)
    assert all(f"{local(turn.from_at):%a %H:%M}" == "Mon 08:00" for turn in turns)
    assert plan.supervisor == ("boss",) and plan.desk == ("asha", "juma", "neema")
    assert [step.after_s for step in plan.chain({}).steps] == [0, 600]


def test_given_no_file_and_no_supervisor_then_somebody_who_can_be_told_stands_in() -> None:
    only = Inventory(contacts={"a": Contact("a", "A", "0712000001")})
    assert plan_of_duties(only).who("schedule:noc", at(23)) == ("a",)
    assert plan_of_duties(Inventory()).who("schedule:noc", at(23)) == ()  # there is nobody at all
    kept = {key: contact for key, contact in CONTACTS.items() if key != "boss"}
    assert plan_of_duties(Inventory(contacts=kept)).supervisor == ("asha",)


CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
CREWS = st.lists(st.sampled_from([("asha",), ("juma",), ("neema", "asha")]), min_size=1, max_size=4).map(tuple)
SHIFTS = st.builds(
    Shift,
    st.just("s"),
    CLOCKS,
    CLOCKS,
    CREWS,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(1, 21),
    st.frozensets(st.integers(0, 6), min_size=1),
)
STANDS = st.builds(Stand, st.just(("boss",)), st.sampled_from(("",)))
INSTANTS = st.floats(instant(date(2025, 12, 1), time()), instant(date(2027, 1, 31), time()), allow_nan=False)
OVERRIDES = st.lists(
    st.builds(
        lambda contact, start, hours, number: override(contact, start, start + hours * 3600.0, number),
        st.sampled_from(["asha", "gone", "boss"]),
        INSTANTS,
        st.integers(0, 100),
        st.integers(1, 5),
    ),
    max_size=4,
)


def plan_with(shifts: Sequence[Shift], holidays: dict[date, Stand] | None = None) -> Plan:
    """Of the shifts only those that do not run at the same time, as a file may have them."""
    kept: tuple[Shift, ...] = ()
    for shift in shifts:
        if not any(overlaps((*kept, shift))):
            kept = (*kept, shift)
    chain = Chain("noc", (Step(0.0, ("schedule:noc",)),))
    return Plan({"noc": Schedule("noc", kept, holidays or {})}, {"noc": chain}, (), ("boss",), (), frozenset(CONTACTS))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(SHIFTS, max_size=4),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), STANDS),
    INSTANTS,
    OVERRIDES,
)
def test_given_any_plan_at_any_instant_then_somebody_is_told_and_one_shift_runs_at_most(
    shifts: list[Shift], holidays: dict[date, Stand], now: float, overrides: list[Override]
) -> None:
    plan = plan_with(shifts, holidays)
    who = plan.who("schedule:noc", now, overrides)
    assert who and set(who) <= set(CONTACTS)
    running = [shift for shift in plan.schedules["noc"].shifts if shift.day_at(now) is not None]
    assert len(running) <= 1
    assert plan.turn("noc", now, overrides).crew == who


@settings(max_examples=50, deadline=None)
@given(st.lists(SHIFTS, max_size=3), INSTANTS, st.integers(1, 20), OVERRIDES)
def test_given_any_stretch_then_its_turns_join_and_say_what_is_true_at_each_instant(
    shifts: list[Shift], start: float, days: int, overrides: list[Override]
) -> None:
    plan, end = plan_with(shifts), start + days * DAY_S
    turns = plan.turns("noc", start, end, overrides)
    assert turns[0].from_at == start and turns[-1].to_at == end
    assert all(one.to_at == other.from_at for one, other in itertools.pairwise(turns))
    for turn in turns:
        for instant_ in (turn.from_at, (turn.from_at + turn.to_at) / 2, turn.to_at - 1e-3):
            if turn.from_at <= instant_ < turn.to_at:
                assert plan.who("schedule:noc", instant_, overrides) == turn.crew


@settings(max_examples=60, deadline=None)
@given(SHIFTS, SHIFTS)
def test_given_two_shifts_then_they_overlap_just_when_some_half_hour_of_a_week_has_both(
    one: Shift, other: Shift
) -> None:
    monday = instant(date(2026, 11, 23), time())
    marks = [monday + half * 1800.0 for half in range(2 * 24 * 7)]
    both = [mark for mark in marks if one.day_at(mark) is not None and other.day_at(mark) is not None]
    found = [second for *_, second in overlaps((one, other))]
    assert bool(found) == bool(both)
    assert not found or monday + found[0] in both


def test_given_a_shift_of_a_whole_day_then_it_lasts_24_hours() -> None:
    shift = Shift("", time(8), time(8), (("asha",),), date(2026, 1, 1))
    start, end = shift.span(date(2026, 3, 29))
    assert end - start == DAY_S
    assert local(end) - local(start) == timedelta(days=1)
