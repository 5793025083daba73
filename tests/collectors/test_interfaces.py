"""The poll of counters: one question while the list stands, the list anew when it does not."""

import asyncio
from collections.abc import Sequence

import pytest

from collectors.columns import COLUMNS
from collectors.contract import BadAnswer, NoAnswer, Reading
from collectors.interfaces import Interfaces
from inventory.batch import Facts
from tests.collectors.box import Clock, Port, Router, target


class Poller:
    """A collector with its clock, polling one router every 30 s."""

    def __init__(self, router: Router) -> None:
        self.clock = Clock()
        self.collector = Interfaces(lambda _: router, self.clock)
        self.router = router

    def poll(self, after_s: float = 30.0, uptime_s: float | None = None) -> Sequence[Reading | Facts]:
        self.clock.now += after_s
        if self.router.uptime is not None:
            self.router.uptime += int((after_s if uptime_s is None else uptime_s) * 100)
        self.router.asked.clear()
        return asyncio.run(self.collector.collect(target(), int(self.clock.now)))

    def reading(self, after_s: float = 30.0) -> Reading:
        said = self.poll(after_s)[-1]
        assert isinstance(said, Reading)
        return said


def two_ports() -> list[Port]:
    return [Port(1, "Gi0/1", in_octets=100, out_octets=10), Port(2, "Gi0/2", in_octets=200, out_octets=20)]


def test_a_first_poll_reads_the_list_and_gives_facts_and_a_reading() -> None:
    poller = Poller(Router(two_ports()))
    facts, reading = poller.poll()
    assert isinstance(facts, Facts)
    assert facts.part == "interfaces"
    assert isinstance(reading, Reading)
    assert reading.columns == COLUMNS
    assert reading.values[:2].tolist() == [[100, 200], [10, 20]]
    assert reading.uptime_ticks == poller.router.uptime
    assert reading.pdus == 4
    assert poller.router.kinds() == ["get", "table", "table", "matrix"]


def test_while_the_list_stands_a_poll_is_one_question_and_the_rows_are_the_same_object() -> None:
    poller = Poller(Router(two_ports()))
    first = poller.reading()
    (second,) = poller.poll()
    assert isinstance(second, Reading)
    assert second.rows is first.rows
    assert poller.router.kinds() == ["matrix"]


def test_the_list_is_read_hourly_and_its_rows_stay_the_same_object() -> None:
    router = Router(two_ports())
    router.last_change = 5
    poller = Poller(router)
    first = poller.reading()
    poller.poll(1800)
    assert router.kinds() == ["matrix"]
    second = poller.reading(1900)
    assert "table" in router.kinds()
    assert second.rows is first.rows


def test_a_list_of_an_agent_that_just_started_is_read_once_more() -> None:
    router = Router(two_ports())
    poller = Poller(router)
    poller.poll()
    router.uptime = 0
    poller.poll(0.5)
    assert "table" in router.kinds(), "it restarted"
    poller.poll()
    assert "table" in router.kinds(), "what it told then may not have been its last word"
    poller.poll()
    assert router.kinds() == ["matrix"]


def test_a_device_that_does_not_mark_changes_has_its_list_read_every_ten_minutes() -> None:
    poller = Poller(Router(two_ports()))
    poller.poll()
    poller.poll(601)
    assert "table" in poller.router.kinds()


def test_rule_05_a_swap_of_indexes_at_a_reboot_keeps_both_names() -> None:
    router = Router(two_ports())
    poller = Poller(router)
    poller.poll()
    router.ports = [Port(1, "Gi0/2", in_octets=7), Port(2, "Gi0/1", in_octets=9)]
    router.uptime = 0
    facts, reading = poller.poll(uptime_s=10)
    assert isinstance(facts, Facts)
    assert isinstance(reading, Reading)
    octets = dict(zip((row.key for row in reading.rows), reading.values[0].tolist(), strict=True))
    assert octets == {"Gi0/1": 9, "Gi0/2": 7}


def test_rule_05_a_moved_mark_alone_makes_the_list_be_read_anew() -> None:
    router = Router(two_ports())
    router.last_change = 77
    poller = Poller(router)
    poller.poll()
    router.ports[0].name, router.ports[1].name, router.last_change = "Gi0/2", "Gi0/1", 78
    reading = poller.reading()
    assert [(row.key, row.index) for row in reading.rows] == [("Gi0/2", 1), ("Gi0/1", 2)]


def test_a_new_interface_is_there_with_the_next_poll() -> None:
    router = Router(two_ports())
    poller = Poller(router)
    poller.poll()
    router.ports.append(Port(3, "Gi0/3"))
    assert [row.key for row in poller.reading().rows] == ["Gi0/1", "Gi0/2", "Gi0/3"]


def test_rows_that_answer_nothing_make_the_list_be_read_anew() -> None:
    router = Router(two_ports())
    poller = Poller(router)
    poller.poll()
    for port in router.ports:
        port.index += 1000
    assert [row.index for row in poller.reading().rows] == [1001, 1002]


def test_a_row_that_never_answers_counters_is_unknown_and_does_not_make_the_list_be_read_each_time() -> None:
    mute = Port(2, "Gi0/2")
    mute.changed = dict.fromkeys(mute.columns()) | {"ifName": b"Gi0/2"}
    poller = Poller(Router([two_ports()[0], mute]))
    reading = poller.reading()
    assert reading.known is not None
    assert reading.known.any(axis=0).tolist() == [True, False]
    poller.poll()
    assert poller.router.kinds() == ["matrix"]


def test_a_list_whose_names_never_stand_still_is_a_named_failure_and_no_half_answer() -> None:
    router = Router(two_ports())
    router.last_change = 1

    def rename() -> None:
        router.last_change = (router.last_change or 0) + 1
        router.ports[0].name = f"x{router.last_change}"

    router.between = rename
    with pytest.raises(BadAnswer, match="does not stand still"):
        Poller(router).poll()


def test_interfaces_that_come_all_the_time_are_caught_up_with() -> None:
    router = Router(two_ports())

    def grow() -> None:
        router.ports.append(Port(len(router.ports) + 1, f"x{len(router.ports)}"))

    router.between = grow
    poller = Poller(router)
    first, second = poller.reading(), poller.reading()
    assert len(second.rows) > len(first.rows) > 2


def test_a_mark_that_always_moves_is_no_longer_believed() -> None:
    router = Router(two_ports())
    router.last_change = 1

    def tick() -> None:
        router.last_change = (router.last_change or 0) + 1

    poller = Poller(router)
    router.between = tick
    for _ in range(4):
        assert [row.key for row in poller.reading().rows] == ["Gi0/1", "Gi0/2"]
    assert router.kinds() == ["matrix"]


def test_a_failure_is_passed_on_and_the_list_is_kept() -> None:
    router = Router(two_ports())
    poller = Poller(router)
    first = poller.reading()
    router.failure = NoAnswer("dod-pe-1")
    with pytest.raises(NoAnswer):
        poller.poll()
    router.failure = None
    assert poller.reading().rows is first.rows


def test_rule_38_octets_come_from_the_counter_that_counts_row_by_row() -> None:
    dead = Port(1, "a", in_octets=0, out_octets=0, low_in_octets=900, low_out_octets=7)
    sound = Port(2, "b", in_octets=2**40, out_octets=11, low_in_octets=0, low_out_octets=3)
    reading = Poller(Router([dead, sound])).reading()
    assert reading.values[:2].tolist() == [[900, 2**40], [7, 11]]
    assert len(reading.values) == len(COLUMNS)


def test_rule_38_a_row_that_moves_packets_and_no_wide_octets_is_looked_at_again() -> None:
    port = Port(1, "a", in_octets=0, out_octets=0, low_in_octets=0, low_out_octets=0)
    poller = Poller(Router([port]))
    assert poller.reading().rows[0].wide
    port.low_in_octets, port.packets = 5000, 40
    reading = poller.reading()
    assert not reading.rows[0].wide
    assert reading.values[0].tolist() == [5000]


def test_a_device_without_interfaces_still_tells_its_uptime() -> None:
    poller = Poller(Router())
    reading = poller.reading()
    assert reading.rows == ()
    assert reading.uptime_ticks == poller.router.uptime


def test_a_forgotten_device_is_read_from_the_start() -> None:
    poller = Poller(Router(two_ports()))
    poller.poll()
    poller.collector.forget("dod-pe-1")
    assert poller.collector.standing("dod-pe-1") is None
    assert len(poller.poll()) == 2


class Busy(Poller):
    """A router whose first port carries 30,000 octets a poll."""

    def __init__(self) -> None:
        super().__init__(Router(two_ports()))
        for _ in range(3):
            self.carry(30_000)

    def carry(self, octets: int, discontinuity: int | None = None) -> Reading:
        port = self.router.ports[0]
        port.in_octets = (port.in_octets or 0) + octets
        port.discontinuity = discontinuity
        return self.reading()


def test_rule_02_steady_traffic_asks_no_witness() -> None:
    poller = Busy()
    assert poller.carry(60_000).anew == ()
    assert poller.router.kinds() == ["matrix"]


@pytest.mark.parametrize("octets", [-90_000, 4 * 10**9])
def test_rule_02_octets_that_went_back_or_leapt_are_asked_whether_they_began_anew(octets: int) -> None:
    poller = Busy()
    reading = poller.carry(octets, discontinuity=(poller.router.uptime or 0) + 1000)
    assert poller.router.kinds() == ["matrix", "get"]
    assert reading.anew == (0,)
    assert poller.carry(30_000, discontinuity=poller.router.ports[0].discontinuity).anew == ()


@pytest.mark.parametrize("moment", [None, 0, 5])
def test_rule_02_a_leap_without_a_new_discontinuity_is_taken_as_it_is(moment: int | None) -> None:
    assert Busy().carry(4 * 10**9, discontinuity=moment).anew == ()


def test_rule_02_after_a_restart_the_uptime_decides_and_no_witness_is_asked() -> None:
    poller = Busy()
    poller.router.uptime = -2000
    poller.carry(-90_000)
    assert poller.router.kinds().count("get") == 1  # the marks of the list
    assert poller.router.asked[-1][0] == "matrix"


def test_rule_02_a_witness_that_is_silent_costs_no_reading() -> None:
    poller = Busy()

    def silence() -> None:
        poller.router.failure = NoAnswer("dod-pe-1")

    poller.router.between = silence
    assert poller.carry(4 * 10**9).anew == ()
