"""What notices make the daemon do: look at once and in two minutes, ignore what says nothing new, and never be driven."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.notice import Notice
from noc.hints import ROUND, Hints


@dataclass
class House:
    """A clock, what was asked when, and what readings say."""

    now: float = 1_000_000.0
    asked: list[tuple[float, str, str]] = field(default_factory=list)
    claims: list[tuple[str, str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    reads: str = "down"
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _turns: Iterator[int] = field(default_factory=itertools.count)

    def clock(self) -> float:
        return self.now

    def poll(self, device: str, what: str) -> None:
        self.asked.append((self.now, device, what))

    def claim(self, device: str, subject: str, state: str) -> bool:
        self.claims.append((device, subject, state))
        return True

    def confirmed(self, device: str, subject: str, state: str) -> bool:
        return self.reads == state

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._turns), call))

    def tell(self, words: str) -> None:
        self.told.append(words)

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, call = heapq.heappop(self._due)
            call()
        self.now = end

    def times(self, what: str) -> list[float]:
        return [round(at - 1_000_000.0, 3) for at, _, asked in self.asked if asked == what]


def notice(house: House, about: str, subject: str = "3", state: str = "down", ticks: int | None = 9_000_000) -> Notice:
    content = {"about": about, "state": state, "uptime_ticks": ticks}
    return Notice(house.now, "r1", "10.0.0.1", "trap", f"{about} {state}", "", subject=subject, content=content)


def test_rule_13_given_a_link_trap_then_a_poll_at_once_and_again_after_two_minutes() -> None:
    house = House()
    hints = Hints(house, house.clock)
    hints.take(notice(house, "link"))
    assert house.times(ROUND) == [0.0] and house.times("interfaces") == [0.0]
    assert house.claims == [("r1", "3", "down")]
    house.pass_time(300)
    assert house.times(ROUND) == [0.0, 1.0, 2.0, 4.0, 120.0]
    assert house.times("interfaces") == [0.0, 120.0]
    assert not house.told


def test_rule_13_given_a_trap_that_readings_do_not_bear_out_then_one_line_in_the_log() -> None:
    house = House(reads="up")
    hints = Hints(house, house.clock)
    hints.take(notice(house, "link"))
    house.pass_time(600)
    assert house.told == ["r1 said link down of 3, and its readings do not"]
    assert hints.counters.unconfirmed == 1


def test_rule_13_given_the_same_state_again_within_five_minutes_then_it_is_ignored_and_a_change_is_not() -> None:
    house = House()
    hints = Hints(house, house.clock)
    for _ in range(4):
        hints.take(notice(house, "link"))
        house.pass_time(60)
    assert (hints.counters.acted, hints.counters.repeated) == (1, 3)
    hints.take(notice(house, "link", state="up"))
    assert hints.counters.acted == 2
    house.pass_time(301)
    hints.take(notice(house, "link", state="up"))
    assert hints.counters.acted == 3


def test_rule_13_given_a_device_that_has_just_booted_then_its_link_traps_are_ignored_for_five_minutes() -> None:
    for told in ("trap", "poll", "coldStart"):
        house = House()
        hints = Hints(house, house.clock)
        if told == "poll":
            hints.note_uptime("r1", house.now, 1000)
        elif told == "coldStart":
            hints.take(notice(house, "boot", "", "", None))
            house.asked.clear()
        hints.take(notice(house, "link", ticks=1000 if told == "trap" else None))
        assert not house.asked and hints.counters.after_boot == 1, told
        house.pass_time(301)
        house.asked.clear()
        hints.take(notice(house, "link", ticks=None))
        assert house.times(ROUND), told


def test_rule_47_given_seventeen_notices_of_one_failure_then_each_object_is_asked_about_once() -> None:
    house = House()
    hints = Hints(house, house.clock)
    for number in range(11):
        hints.take(notice(house, "peer", f"10.0.0.{number % 3}"))
        house.pass_time(0.1)
    for number in range(6):
        hints.take(notice(house, "link", str(number % 2)))
        house.pass_time(0.1)
    assert (hints.counters.acted, hints.counters.repeated) == (3 + 2, 8 + 4)
    assert house.times("peers") == [0.0, 1.0]


def test_given_each_kind_of_notice_then_it_brings_its_own_poll_forward() -> None:
    wanted = {"peer": "peers", "health": "health", "boot": "system", "neighbour": "neighbours"}
    for about, polling in wanted.items():
        house = House()
        Hints(house, house.clock).take(notice(house, about, ""))
        assert house.times(polling) == [0.0]
    house = House()
    Hints(house, house.clock).take(notice(house, "configuration"))
    Hints(house, house.clock).take(notice(house, ""))
    assert not house.asked


floods = st.lists(
    st.tuples(
        st.sampled_from(["link", "peer", "boot", "health", "neighbour", ""]),
        st.integers(0, 50),
        st.sampled_from(["up", "down", ""]),
        st.floats(0, 3),
    ),
    max_size=120,
)


@settings(deadline=None, max_examples=60)
@given(floods)
def test_given_any_flood_then_nothing_is_asked_twice_within_a_second(flood: list[tuple[str, int, str, float]]) -> None:
    house = House()
    hints = Hints(house, house.clock)
    for about, subject, state, pause_s in flood:
        hints.take(notice(house, about, str(subject), state, None))
        house.pass_time(pause_s)
    house.pass_time(400)
    for what in (ROUND, "interfaces", "peers", "system", "health", "neighbours"):
        times = house.times(what)
        assert all(later - before >= 0.999 for before, later in itertools.pairwise(times)), what
