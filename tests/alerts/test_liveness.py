import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.liveness import DeviceWatch
from inventory.model import Probe
from inventory.states import Reason, State

PING, SNMP = Probe("icmp"), Probe("snmp")
BOTH, NEITHER = {PING: 3.0, SNMP: 4.0}, {PING: None, SNMP: None}
PING_ONLY: dict[Probe, float | None] = {PING: 3.0, SNMP: None}


def living(at: float = 0.0) -> DeviceWatch:
    watch = DeviceWatch()
    watch.feed(at, at + 0.01, BOTH)
    return watch


def silence(watch: DeviceWatch, start: float, rounds: int, step: float = 0.5) -> None:
    for number in range(rounds):
        at = start + number * step
        watch.feed(at, at + 1.0, NEITHER)


def test_given_a_first_answer_then_up_since_that_answer() -> None:
    watch = living(100.0)
    assert (watch.state, watch.since, watch.next_ask_s) == (State.UP, 100.01, 5.0)


def test_given_a_device_never_heard_then_unknown_until_the_series_is_complete() -> None:
    watch = DeviceWatch()
    silence(watch, 100.0, 10)
    assert watch.state is State.UNKNOWN
    silence(watch, 105.0, 1)
    assert (watch.state, watch.since) == (State.DOWN, 100.0)


def test_rule_11_one_lost_probe_of_ten_is_not_down() -> None:
    watch = living()
    for number in range(1, 200):
        watch.feed(number, number + 0.01, NEITHER if number % 10 == 0 else BOTH)
    assert watch.state is State.UP


def test_rule_11_first_loss_then_ten_more_lost_is_down_since_the_first() -> None:
    watch = living()
    silence(watch, 5.0, 10)
    assert watch.state is State.UP
    assert watch.next_ask_s == 0.5
    silence(watch, 10.0, 1)
    assert (watch.state, watch.since) == (State.DOWN, 5.0)


def test_rule_11_one_answer_cancels_the_series() -> None:
    watch = living()
    silence(watch, 5.0, 10)
    watch.feed(10.0, 10.02, PING_ONLY)
    silence(watch, 10.5, 10)
    assert watch.state is State.UP


def test_rule_11_an_answer_from_before_the_first_loss_cancels_nothing() -> None:
    watch = living()
    silence(watch, 5.0, 5)
    watch.feed(4.9, 7.2, BOTH)
    silence(watch, 7.5, 6)
    assert watch.state is State.DOWN


def test_rule_11_a_name_that_does_not_resolve_is_not_down() -> None:
    watch = living()
    for number in range(40):
        watch.feed(5.0 + number, 5.0 + number, {SNMP: None}, refused="name unresolved")
    assert (watch.state, watch.reason) == (State.UP, Reason.DNS)


def test_rule_11_five_percent_loss_each_way_for_2500_hours_says_down_at_most_once() -> None:
    """Probes as they would be sent: every 5 s, twice a second while in doubt."""
    draw = random.Random(11).random
    lost = 1 - 0.95 * 0.95
    watch, at, downs = living(), 5.0, 0
    while at < 2500 * 3600:
        if draw() >= 0.18548:  # both methods answered: the ordinary round, shortened so that the hours fit
            if not watch.calm:
                watch.feed(at, at + 0.01, BOTH)
        else:
            one, other = (None, 4.0) if draw() < 0.5 else (3.0, None)
            neither = draw() < lost * lost / 0.18548
            was = watch.state
            watch.feed(at, at + 1.0, NEITHER if neither else {PING: one, SNMP: other})
            downs += watch.silent and was is not State.DOWN
        at += watch.next_ask_s
    assert downs <= 1


@pytest.mark.parametrize("rounds", [11, 30])
def test_rule_46_snmp_silence_alone_is_up_and_agent_silent(rounds: int) -> None:
    watch = living()
    for number in range(rounds):
        watch.feed(5.0 + number * 0.5, 5.5 + number * 0.5, PING_ONLY)
    assert (watch.state, watch.reason, watch.next_ask_s) == (State.UP, Reason.AGENT_SILENT, 5.0)
    watch.feed(60.0, 60.01, BOTH)
    assert watch.reason is Reason.NONE


def test_rule_46_with_methods_asked_in_turn_both_must_be_lost() -> None:
    watch = living()
    for number in range(20):
        watch.feed(5.0 + number * 0.5, 6.0 + number * 0.5, {PING: None})
    assert not watch.silent
    watch.feed(15.0, 16.0, {SNMP: None})
    assert watch.silent


def test_rule_46_ping_lost_while_snmp_answers_is_up() -> None:
    watch = living()
    for number in range(30):
        watch.feed(5.0 + number, 6.0 + number, {PING: None, SNMP: 4.0})
    assert (watch.state, watch.reason) == (State.UP, Reason.NONE)


def test_given_credentials_refused_then_up_with_that_reason() -> None:
    watch = living()
    for number in range(30):
        watch.feed(5.0 + number, 5.1 + number, {PING: None, SNMP: None}, refused="credentials refused")
    assert (watch.state, watch.reason) == (State.UP, Reason.CREDENTIALS_REFUSED)


def test_rule_12_the_agent_is_not_blamed_for_the_death_of_its_box() -> None:
    watch = living()
    silence(watch, 5.0, 40)
    assert (watch.state, watch.reason) == (State.DOWN, Reason.NONE)
    watch.feed(60.0, 60.01, PING_ONLY)
    assert (watch.state, watch.reason, watch.next_ask_s) == (State.UP, Reason.NONE, 0.5)


def test_rule_09_a_dead_device_is_asked_calmly_and_one_answer_revives_it() -> None:
    watch = living()
    silence(watch, 5.0, 11)
    assert watch.next_ask_s == 5.0
    watch.feed(60.0, 60.02, {PING: 3.0})
    assert (watch.state, watch.since) == (State.UP, 60.02)


def test_rule_22_a_watch_that_hears_nothing_keeps_its_state() -> None:
    watch = living()
    watch.feed(500.0, 500.0, {})
    assert (watch.state, watch.at) == (State.UP, 0.01)


def test_given_four_more_losses_and_ports_that_say_so_then_down() -> None:
    watch = living()
    silence(watch, 5.0, 4)
    assert not watch.confirm_quickly()
    silence(watch, 7.0, 1)
    assert watch.confirm_quickly()
    assert (watch.state, watch.since) == (State.DOWN, 5.0)


def test_given_a_recheck_then_the_silence_is_proven_anew_and_its_beginning_kept() -> None:
    watch = living()
    silence(watch, 5.0, 11)
    watch.recheck()
    assert watch.silent
    assert not watch.settled
    silence(watch, 30.0, 11)
    assert watch.settled
    assert (watch.since, watch.confirmed_at) == (5.0, 35.0)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["both", "ping", "snmp", "none"]), max_size=80))
def test_given_any_rounds_then_down_only_after_eleven_losses_in_a_row(rounds: list[str]) -> None:
    watch, run = living(), 0
    for number, said in enumerate(rounds):
        at = 5.0 + number
        ping, snmp = said in ("both", "ping"), said in ("both", "snmp")
        watch.feed(at, at + 1, {PING: 1.0 if ping else None, SNMP: 1.0 if snmp else None})
        run = run + 1 if said == "none" else 0
        assert (watch.state is State.DOWN) is (run >= 11)


def test_given_answers_then_loss_is_the_share_of_the_last_probes() -> None:
    watch = living()
    for number in range(40):
        watch.feed(5.0 + number, 6.0 + number, {PING: None, SNMP: 4.0})
    assert watch.loss_ratio == 0.5
