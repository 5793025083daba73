"""Counters of traffic classes: their rates follow the rules of interfaces, and what is not there is unknown."""

import asyncio
from collections.abc import Mapping

import numpy as np
import pytest

from collectors.contract import NoAnswer, Unsupported, Value
from collectors.oids import OIDS
from collectors.points import Points
from inventory.batch import Batch
from inventory.model import MeasuringPoint
from tests.collectors.box import Box, Clock, target

A = MeasuringPoint("a", "tra", "dod-pe-1", in_oid="1.3.6.1.4.1.9.1.1", out_oid="1.3.6.1.4.1.9.1.2")
B = MeasuringPoint("b", "nbs", "dod-pe-1", in_oid="1.3.6.1.4.1.9.2.1", out_oid="1.3.6.1.4.1.9.2.2")
VLAN = MeasuringPoint("v", "nbs", "dod-pe-1", "irb.7")
UPTIME = OIDS["sysUpTime"]


class Polls:
    """One device, asked every 30 s."""

    def __init__(self, *points: MeasuringPoint) -> None:
        self.objects: dict[str, Value] = {UPTIME: 1_000_000}
        self.box = Box(lambda: self.objects)
        self.clock = Clock()
        self.points = Points(lambda _: self.box, self.clock)
        self.points.set_points(points)

    def poll(self, said: Mapping[str, Value], *, after_s: int = 30, uptime: int | None = None) -> Batch:
        self.clock.now += after_s
        before = self.objects[UPTIME]
        assert isinstance(before, int)
        self.objects[UPTIME] = before + after_s * 100 if uptime is None else uptime
        self.objects |= said
        [batch] = asyncio.run(self.points.collect(target(collector="points"), int(self.clock.now)))
        return batch


def counts(into: int, out: int, point: MeasuringPoint = A) -> dict[str, Value]:
    return {point.in_oid: into, point.out_oid: out}


def test_given_two_polls_then_octets_towards_the_institution_are_in() -> None:
    polls = Polls(A)
    assert np.isnan(polls.poll(counts(5_000, 9_000)).values).all()
    batch = polls.poll(counts(5_000 + 3_750_000, 9_000 + 750_000))
    assert (batch.measurement, batch.scope, batch.rows) == ("point", "dod-pe-1", ("a",))
    assert batch.of("in_bps").tolist() == [1_000_000] and batch.of("out_bps").tolist() == [200_000]


def test_rule_02_given_a_restart_then_the_rate_is_unknown_and_no_spike() -> None:
    polls = Polls(A)
    polls.poll(counts(10**12, 10**12))
    batch = polls.poll(counts(1000, 1000), uptime=500)
    assert np.isnan(batch.values).all()
    assert polls.poll(counts(1000 + 3_750_000, 4_750)).of("in_bps").tolist() == [1_000_000]


def test_rule_02_given_a_counter_that_goes_back_without_a_restart_then_no_spike() -> None:
    polls = Polls(A)
    polls.poll(counts(10**12, 10**12))
    assert np.isnan(polls.poll(counts(1000, 10**12 + 3750)).of("in_bps")).all()


def test_rule_03_given_missed_polls_then_the_rate_is_over_the_true_time() -> None:
    polls = Polls(A)
    polls.poll(counts(0, 0))
    assert polls.poll(counts(37_500_000, 1000), after_s=300).of("in_bps").tolist() == [1_000_000]


def test_given_a_counter_that_the_device_does_not_have_then_that_point_alone_is_unknown() -> None:
    polls = Polls(A, B)
    polls.poll(counts(0, 0))
    batch = polls.poll(counts(3_750_000, 3_750_000))
    assert batch.rows == ("a", "b")
    assert batch.of("in_bps")[0] == 1_000_000 and np.isnan(batch.of("in_bps")[1])


@pytest.mark.parametrize("value", [None, b"\x00", "1.3.6", -1, 2**64])
def test_given_nothing_that_is_a_counter_then_the_poll_fails_by_name(value: Value) -> None:
    polls = Polls(A)
    with pytest.raises(Unsupported):
        polls.poll({A.in_oid: value, A.out_oid: value})


def test_given_silence_then_it_is_said() -> None:
    polls = Polls(A)
    polls.box.failure = NoAnswer("dod-pe-1")
    with pytest.raises(NoAnswer):
        polls.poll({})


def test_given_points_on_interfaces_alone_then_the_device_is_not_asked() -> None:
    polls = Polls(VLAN)
    assert not polls.points.concerns(target().device)
    assert asyncio.run(polls.points.collect(target(collector="points"), 0)) == () and not polls.box.asked


def test_given_the_same_points_again_then_rates_go_on() -> None:
    polls = Polls(A)
    polls.poll(counts(0, 0))
    polls.points.set_points([A])
    assert polls.poll(counts(3_750_000, 0)).of("in_bps").tolist() == [1_000_000]
