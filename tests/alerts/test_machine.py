"""The alarm machine: holds both ways, flapping, staleness, restarts, and clocks that stand still."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Alarm, Evidence, Family, Outcome, Phase, Severity, Verdict
from alerts.flaps import Restlessness
from alerts.machine import Machine
from alerts.rules.rule import Rule, RuleBook, StateSpec
from alerts.subject import Subject

GOOD, BAD, UNKNOWN = Outcome.GOOD, Outcome.BAD, Outcome.UNKNOWN
LINK, OTHER, OWN = Subject("link", "a=b"), Subject("link", "b=c"), Subject("own", "disk")


def rule(name: str, *, for_s: float = 0.0, clear_s: float = 120.0, every_s: float | None = None) -> Rule:
    family: Family = "own" if name == "own" else "reachability"
    spec = StateSpec("link")
    return Rule(name, "state", family, Severity.MINOR, "state", spec, for_s, clear_s, every_s=every_s)


BOOK = RuleBook(
    {
        each.name: each
        for each in (
            rule("down"),
            rule("bgp", for_s=30.0, clear_s=60.0),
            rule("level", for_s=30.0, clear_s=60.0, every_s=60.0),
            rule("own"),
        )
    }
)


def say(
    outcome: Outcome,
    at: float,
    name: str = "down",
    *,
    since: float | None = None,
    subject: Subject = LINK,
    code: str = "",
) -> Verdict:
    return Verdict(name, subject, outcome, at, since, Evidence(code))


def only(alarms: Sequence[Alarm]) -> Alarm:
    (alarm,) = alarms
    return alarm


def test_given_what_the_board_has_proven_then_it_fires_at_once_since_its_first_evidence() -> None:
    machine = Machine(BOOK)
    alarm = only(machine.feed([say(BAD, 100.0, since=93.0)], 100.0))
    assert (alarm.phase, alarm.since, alarm.bad_since, alarm.changed_at, alarm.bad) == (Phase.FIRING, 93, 93, 100, True)
    assert machine.feed([say(BAD, 105.0, since=93.0)], 105.0) == []
    assert machine.alarms[alarm.key].at == 105.0


def test_given_it_is_good_again_then_it_is_good_at_once_and_clear_after_the_hold() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 100.0)], 100.0)
    good = only(machine.feed([say(GOOD, 150.0, since=148.0)], 150.0))
    assert (good.phase, good.good_since, good.bad) == (Phase.FIRING, 148.0, False)
    assert machine.tick(269.0) == []
    clear = only(machine.tick(270.0))
    assert (clear.phase, clear.good_since, clear.changed_at) == (Phase.CLEAR, 148.0, 270.0)
    assert not machine.alarms and machine.tick(300.0) == []


def test_given_a_relapse_within_the_clear_hold_then_the_bad_stretch_begins_anew_and_the_firing_goes_on() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 100.0)], 100.0)
    machine.feed([say(GOOD, 150.0)], 150.0)
    alarm = only(machine.feed([say(BAD, 200.0, since=195.0)], 200.0))
    assert (alarm.phase, alarm.since, alarm.bad_since, alarm.changed_at) == (Phase.FIRING, 100, 195, 100)
    assert machine.tick(290.0) == []


def test_rule_15_given_a_blip_that_ends_before_its_hold_then_it_never_fires() -> None:
    machine = Machine(BOOK)
    phases = [only(machine.feed([say(BAD, 0.0, "bgp")], 0.0)).phase]
    phases += [alarm.phase for at in range(1, 20) for alarm in machine.tick(float(at))]
    phases.append(only(machine.feed([say(GOOD, 20.0, "bgp")], 20.0)).phase)
    phases += [alarm.phase for at in range(21, 300) for alarm in machine.tick(float(at))]
    assert phases == [Phase.PENDING, Phase.CLEAR]


def test_rule_47_given_a_session_lost_then_it_is_held_for_30_s() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0, "bgp")], 0.0)
    assert machine.tick(29.5) == []
    assert only(machine.tick(30.0)).phase is Phase.FIRING


def test_rule_14_given_five_quick_changes_then_no_flap_and_given_six_then_flapping() -> None:
    restless = Restlessness()
    for at in range(5):
        restless = restless.changed(at * 0.1)
    assert not restless.flapping
    assert restless.changed(0.6).flapping


def test_rule_14_given_a_score_of_64_then_it_takes_17_minutes_of_quiet() -> None:
    restless = Restlessness(64.0, 0.0, 6, True)
    assert not restless.settled(16 * 60.0)
    assert restless.settled(17 * 60.0)
    assert restless.score_at(300.0) == pytest.approx(8.0)


def test_rule_14_given_changes_120_s_apart_then_they_never_flap_and_the_score_is_capped() -> None:
    slow, quick = Restlessness(), Restlessness()
    for number in range(500):
        slow, quick = slow.changed(number * 120.0), quick.changed(number * 0.01)
        assert not slow.flapping
    assert quick.score <= 256.0


def test_rule_14_given_a_flapping_link_then_it_stays_one_firing_alarm_until_it_was_quiet_for_long() -> None:
    machine = Machine(BOOK)
    firings = 0
    for turn in range(6):
        changed = machine.feed([say(BAD if turn % 2 == 0 else GOOD, turn * 4.0)], turn * 4.0)
        firings += sum(alarm.phase is Phase.FIRING and alarm.changed_at == turn * 4.0 for alarm in changed)
    alarm = machine.alarms["down link a=b"]
    assert (alarm.flapping, alarm.flaps, alarm.phase, firings) == (True, 6, Phase.FIRING, 1)
    assert all(not alarm.flapping or alarm.phase is Phase.FIRING for at in range(24, 900) for alarm in machine.tick(at))
    assert machine.alarms
    ended = [alarm for at in range(900, 1200) for alarm in machine.tick(at)]
    assert only(ended).phase is Phase.CLEAR and not only(ended).flapping


def test_rule_14_given_a_session_that_flaps_within_its_hold_then_it_fires_as_flapping() -> None:
    machine = Machine(BOOK)
    for turn in range(6):
        changed = machine.feed([say(BAD if turn % 2 == 0 else GOOD, turn * 10.0, "bgp")], turn * 10.0)
    assert (only(changed).phase, only(changed).flapping) == (Phase.FIRING, True)


def test_rule_22_given_no_verdict_for_more_than_two_and_a_half_intervals_then_it_is_stale_and_keeps_its_phase() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0, "level")], 0.0)
    machine.tick(30.0)
    machine.feed([say(BAD, 60.0, "level"), say(UNKNOWN, 120.0, "level")], 60.0)
    assert machine.tick(210.0) == []
    stale = only(machine.tick(211.0))
    assert (stale.stale, stale.phase) == (True, Phase.FIRING)
    assert machine.tick(90_000.0) == []
    back = only(machine.feed([say(BAD, 90_060.0, "level")], 90_060.0))
    assert (back.stale, back.phase, back.since) == (False, Phase.FIRING, 0.0)


def test_rule_22_given_data_stop_during_the_clear_hold_then_it_is_not_cleared_by_silence() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0, "level")], 0.0)
    machine.tick(30.0)
    machine.restore([replace(one, good_since=50.0) for one in machine.alarms.values()], 50.0)
    slow = RuleBook({"level": rule("level", for_s=30.0, clear_s=300.0, every_s=60.0)})
    machine.adopt(slow, 50.0)
    assert all(alarm.phase is Phase.FIRING for at in range(51, 2000) for alarm in machine.tick(at))
    machine.feed([say(GOOD, 2000.0, "level")], 2000.0)
    phases = [
        alarm.phase
        for at in range(2001, 2400)
        for alarm in [*machine.feed([say(GOOD, at, "level")], at), *machine.tick(at)]
    ]
    assert phases == [Phase.CLEAR]


def test_given_the_poller_is_isolated_then_all_clocks_stand_but_those_of_the_noc_itself() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0, "bgp"), say(BAD, 0.0)], 0.0)
    machine.feed([say(GOOD, 5.0)], 5.0)
    machine.freeze(10.0)
    assert machine.frozen
    assert machine.feed([say(GOOD, 20.0, "bgp"), say(BAD, 20.0)], 20.0) == []
    assert only(machine.feed([say(BAD, 20.0, "own", subject=OWN)], 20.0)).phase is Phase.FIRING
    assert machine.tick(5_000.0) == []
    machine.thaw(5_000.0)
    assert machine.tick(5_019.0) == []
    assert only(machine.tick(5_020.0)).rule == "bgp"
    assert machine.tick(5_114.0) == []
    assert only(machine.tick(5_115.0)).phase is Phase.CLEAR


def test_given_isolation_then_flapping_does_not_fade_meanwhile() -> None:
    machine = Machine(BOOK)
    for turn in range(7):
        machine.feed([say(BAD if turn % 2 == 0 else GOOD, float(turn))], float(turn))
    machine.freeze(10.0)
    machine.thaw(10_010.0)
    assert machine.tick(10_011.0) == [] and machine.alarms["down link a=b"].flapping


def test_given_something_left_the_inventory_then_its_alarms_are_clear() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0), say(BAD, 0.0, subject=OTHER)], 0.0)
    assert only(machine.forget({OTHER}, 1.0)).subject == OTHER
    assert [alarm.subject for alarm in machine.alarms.values()] == [LINK]


def test_given_other_rules_then_alarms_of_those_that_are_no_more_are_clear_and_the_rest_take_the_new_severity() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0), say(BAD, 0.0, "own", subject=OWN)], 0.0)
    worse = replace(rule("down"), severity=Severity.MAJOR)
    assert only(machine.adopt(RuleBook({"down": worse}), 1.0)).rule == "own"
    assert only(list(machine.alarms.values())).severity is Severity.MAJOR
    assert machine.feed([say(BAD, 2.0, "own", subject=OWN)], 2.0) == []


def test_given_a_verdict_older_than_the_newest_then_it_changes_nothing() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 100.0)], 100.0)
    assert machine.feed([say(GOOD, 90.0)], 101.0) == []


def test_given_the_clock_is_set_back_an_hour_then_verdicts_count_and_holds_begin_anew() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 7200.0), say(BAD, 7200.0, "bgp")], 7200.0)
    assert machine.tick(3600.0) == []
    assert only(machine.tick(3630.0)).rule == "bgp"
    assert only(machine.feed([say(GOOD, 3640.0)], 3640.0)).good_since is not None
    assert only(machine.tick(3760.0)).phase is Phase.CLEAR


def test_given_other_evidence_then_it_is_told() -> None:
    machine = Machine(BOOK)
    machine.feed([say(BAD, 0.0, code="device-unreachable")], 0.0)
    assert only(machine.feed([say(BAD, 5.0, code="device-down")], 5.0)).evidence.code == "device-down"


# whatever comes

outcomes = st.sampled_from((GOOD, BAD, UNKNOWN))
names = st.sampled_from(("down", "bgp", "level"))
steps = st.lists(st.tuples(st.floats(0.5, 90.0), names, outcomes), min_size=1, max_size=40)


def play(
    story: Sequence[tuple[float, str, Outcome]], restart_after: int | None = None, *, unknown: bool = True
) -> list[Alarm]:
    """Feed and tick through it; everything that the machine said, in order."""
    machine, now, said = Machine(BOOK), 0.0, []
    for number, (wait, name, outcome) in enumerate(story):
        now += wait
        if unknown or outcome is not UNKNOWN:
            said += machine.feed([say(outcome, now, name)], now)
        said += machine.tick(now)
        if number == restart_after:
            kept, machine = list(machine.alarms.values()), Machine(BOOK)
            machine.restore(kept, now)
    return said


@settings(deadline=None, max_examples=200)
@given(steps)
def test_given_any_story_then_phases_follow_each_other_as_they_may(story: list[tuple[float, str, Outcome]]) -> None:
    before: dict[str, Phase] = {}
    allowed = {
        (Phase.CLEAR, Phase.PENDING),
        (Phase.CLEAR, Phase.FIRING),
        (Phase.PENDING, Phase.FIRING),
        (Phase.PENDING, Phase.CLEAR),
        (Phase.FIRING, Phase.CLEAR),
    }
    for alarm in play(story):
        last = before.get(alarm.key, Phase.CLEAR)
        assert last is alarm.phase or (last, alarm.phase) in allowed
        assert alarm.since <= alarm.bad_since <= alarm.at
        assert alarm.good_since is None or alarm.good_since >= alarm.bad_since
        before[alarm.key] = alarm.phase


@settings(deadline=None, max_examples=200)
@given(steps)
def test_given_unknowns_anywhere_then_they_change_nothing(story: list[tuple[float, str, Outcome]]) -> None:
    assert play(story) == play(story, unknown=False)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 3), names, outcomes, st.sampled_from((LINK, OTHER))), max_size=12), st.randoms()
)
def test_given_verdicts_of_one_time_then_their_order_does_not_matter(
    said: list[tuple[int, str, Outcome, Subject]], order: object
) -> None:
    verdicts = [say(outcome, float(at), name, subject=subject) for at, name, outcome, subject in said]
    mixed = list(verdicts)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = Machine(BOOK), Machine(BOOK)
    assert one.feed(verdicts, 4.0) == other.feed(mixed, 4.0)
    assert dict(one.alarms) == dict(other.alarms)


@settings(deadline=None, max_examples=200)
@given(steps, st.integers(0, 39))
def test_given_a_restart_at_any_instant_then_no_stretch_fires_twice(
    story: list[tuple[float, str, Outcome]], at: int
) -> None:
    firing: set[str] = set()
    for alarm in play(story, at):
        assert alarm.phase is not Phase.PENDING or alarm.key not in firing
        if alarm.phase is Phase.FIRING and alarm.key not in firing:
            firing.add(alarm.key)
            assert alarm.good_since is None or alarm.flapping
        elif alarm.phase is Phase.CLEAR:
            firing.discard(alarm.key)


@settings(deadline=None, max_examples=100)
@given(steps, st.integers(0, 39))
def test_given_a_restart_then_what_fired_goes_on_firing_with_its_times(
    story: list[tuple[float, str, Outcome]], at: int
) -> None:
    machine, now = Machine(BOOK), 0.0
    for wait, name, outcome in story[: at + 1]:
        now += wait
        machine.feed([say(outcome, now, name)], now)
        machine.tick(now)
    again = Machine(BOOK)
    again.restore(machine.alarms.values(), now)
    assert dict(again.alarms) == dict(machine.alarms)
    assert all(alarm.phase is not Phase.FIRING or alarm.stale for alarm in again.tick(now))
