import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.ports import PortWatch
from inventory.states import Reason, State


def lit(at: float = 0.0) -> PortWatch:
    port = PortWatch()
    port.feed(at, 1)
    return port


def test_rule_11_a_port_is_down_after_two_readings_two_seconds_apart() -> None:
    port = lit()
    port.feed(5.0, 2)
    assert (port.state, port.suspicious) == (State.UP, True)
    port.feed(6.9, 2)
    assert port.state is State.UP
    port.feed(7.0, 2)
    assert (port.state, port.since, port.suspicious) == (State.DOWN, 5.0, False)


def test_rule_13_a_claim_of_the_device_and_one_reading_that_agrees_are_down() -> None:
    port = lit()
    port.claim(5.0, down=True)
    assert (port.state, port.suspicious) == (State.UP, False), "a claim alone proves nothing"
    port.feed(5.1, 1)
    assert port.state is State.UP
    port.feed(8.0, 2)
    assert (port.state, port.since) == (State.DOWN, 5.0)


def test_rule_13_a_claim_that_is_old_or_taken_back_counts_no_more() -> None:
    for taken_back in (False, True):
        port = lit()
        port.claim(5.0, down=True)
        if taken_back:
            port.claim(5.5, down=False)
        at = 6.0 if taken_back else 10.1
        port.feed(at, 2)
        assert (port.state, port.suspicious) == (State.UP, True)
        port.feed(at + 2, 2)
        assert (port.state, port.since) == (State.DOWN, at)


def test_given_one_reading_up_then_up_at_once() -> None:
    port = lit()
    port.feed(5.0, 2)
    port.feed(8.0, 2)
    port.feed(8.5, 1)
    assert (port.state, port.since) == (State.UP, 8.5)


def test_given_one_reading_up_between_then_the_count_begins_anew() -> None:
    port = lit()
    for at, oper in ((5.0, 2), (5.5, 1), (6.0, 2), (7.5, 2)):
        port.feed(at, oper)
    assert port.state is State.UP


@pytest.mark.parametrize("oper", range(8))
def test_rule_41_every_value_is_kept_as_read(oper: int) -> None:
    port = lit()
    port.feed(5.0, oper)
    port.feed(8.0, oper)
    expected = State.UP if oper == 1 else State.UNKNOWN if oper in (0, 4) else State.DOWN
    assert (port.oper, port.state) == (oper, expected)


def test_given_a_port_shut_on_purpose_then_the_reason_says_so() -> None:
    port = lit()
    port.feed(5.0, 2)
    port.feed(8.0, 2, 2)
    assert port.reason is Reason.ADMIN_DOWN
    port.feed(9.0, 1, 1)
    assert not port.reason


def test_rule_04_a_port_absent_once_is_still_there() -> None:
    port = lit()
    assert not port.miss()
    assert (port.state, port.reason) == (State.UP, Reason.NONE)
    assert port.miss()
    assert (port.state, port.reason) == (State.UNKNOWN, Reason.NOT_SEEN)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 7), max_size=60))
def test_given_any_readings_then_down_means_two_seconds_without_an_up(readings: list[int]) -> None:
    port = lit()
    for number, oper in enumerate(readings):
        port.feed(5.0 + number * 0.5, oper)
    if port.state is State.DOWN:
        assert len(readings) >= 5
        assert not {0, 1, 4} & set(readings[-5:])
