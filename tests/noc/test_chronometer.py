"""The daemon's clock where the machine's is set."""

from dataclasses import dataclass

import pytest

from noc.chronometer import LONGEST_S, Chronometer

NOON = 1_780_000_000.0


@dataclass
class Machine:
    """Its clock and the seconds since it was started."""

    wall: float = NOON
    up: float = 50.0

    def passes(self, seconds: float, *, set_by: float = 0.0) -> None:
        self.up += seconds
        self.wall += seconds + set_by

    def clock(self) -> Chronometer:
        return Chronometer(lambda: self.wall, lambda: self.up)


def test_given_nobody_sets_it_then_it_is_the_machines() -> None:
    machine = Machine()
    clock = machine.clock()
    assert clock() == NOON
    machine.passes(7.5)
    assert clock() == NOON + 7.5


def test_given_it_is_set_forth_then_it_follows_at_once() -> None:
    machine = Machine()
    clock = machine.clock()
    clock()
    machine.passes(1.0, set_by=300.0)
    assert clock() == NOON + 301.0


def test_given_it_is_set_back_then_a_hold_of_23_seconds_lasts_little_longer_and_time_agrees_in_the_end() -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock()
    machine.passes(0.0, set_by=-300.0)
    seen = [clock()]
    for _ in range(7000):
        machine.passes(1.0)
        seen.append(clock())
    assert seen == sorted(seen)
    assert seen[25] - before >= 23.0
    assert seen[-1] == machine.wall


def test_given_it_was_days_ahead_then_setting_it_right_is_followed_at_once() -> None:
    machine = Machine()
    clock = machine.clock()
    clock()
    machine.passes(1.0, set_by=-LONGEST_S - 10)
    assert clock() == pytest.approx(machine.wall)
