"""Sensors are found once and asked again and again; what comes, goes and restarts is noticed."""

import asyncio
from collections.abc import Sequence
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import NoAnswer, Row, Unsupported
from collectors.health import AGAIN_S, BARREN_S, KEEP_S, Health
from collectors.oids import OIDS
from inventory.batch import Batch, Facts
from tests.collectors.box import Clock, target
from tests.collectors.played import Played

CPU = "1.3.6.1.2.1.25.3.3.1.2"
DOM = "1.3.6.1.4.1.2636.3.60.1.1.1.1"


class Device:
    """A device with two processors, as long as a test says nothing else."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.played = Played({})
        self.objects = {
            OIDS["sysDescr"]: b"Linux dod-mon-1 5.10.0 x86_64",
            OIDS["sysObjectID"]: "1.3.6.1.4.1.8072.3.2.10",
            OIDS["sysUpTime"]: 1_000_000,
            f"{CPU}.1": 10,
            f"{CPU}.2": 90,
        }
        self.keys: Sequence[Row] = ()
        self.health = Health(lambda _: self.played, self.clock, lambda _: self.keys)

    def collect(self, passing_s: float = 0.0) -> Sequence[Batch | Facts]:
        self.clock.now += passing_s
        self.objects[OIDS["sysUpTime"]] += round(passing_s * 100)
        self.played = Played(self.objects)
        return asyncio.run(self.health.collect(target("dod-mon-1", "health", 60.0), int(self.clock.now)))


def test_given_a_first_poll_then_the_list_is_told_and_from_then_on_only_its_columns_are_asked() -> None:
    device = Device()
    facts, batch = device.collect()
    assert isinstance(facts, Facts) and isinstance(batch, Batch)
    assert facts.part == "health"
    assert [row["name"] for row in facts.content["cpu"]] == ["cpu 1", "cpu 2"]
    assert batch.rows == ("cpu 1", "cpu 2")
    assert batch.of("cpu_ratio").tolist() == [0.10, 0.90]
    device.objects[f"{CPU}.2"] = 55
    (again,) = device.collect(60)
    assert isinstance(again, Batch)
    assert again.of("cpu_ratio").tolist() == [0.10, 0.55]
    assert again.rows is batch.rows
    assert again.at == int(device.clock.now)
    assert device.played.gets == [(OIDS["sysUpTime"], f"{CPU}.1", f"{CPU}.2")]
    assert device.played.tables == []


def test_given_a_restart_or_a_day_then_the_list_is_found_anew() -> None:
    device = Device()
    device.collect()
    device.objects[OIDS["sysUpTime"]] = 0
    assert len(device.collect(60)) == 2
    assert len(device.collect(60)) == 1
    assert len(device.collect(KEEP_S)) == 2
    assert device.health.lists_found == 3


def test_given_a_sensor_that_goes_away_then_it_is_unknown_and_soon_no_more_there() -> None:
    device = Device()
    device.collect()
    del device.objects[f"{CPU}.2"]
    (batch,) = device.collect(60)
    assert isinstance(batch, Batch)
    assert batch.of("cpu_ratio")[0] == 0.10 and isnan(batch.of("cpu_ratio")[1])
    _, batch = device.collect(AGAIN_S)
    assert isinstance(batch, Batch)
    assert batch.rows == ("cpu 1",)


def test_given_nothing_to_tell_then_it_is_said_once_and_the_device_left_in_peace() -> None:
    device = Device()
    device.objects = {OIDS["sysUpTime"]: 5}
    with pytest.raises(Unsupported):
        device.collect()
    assert not device.health.wanted("dod-mon-1")
    assert device.collect(60) == ()
    assert device.played.gets == []
    device.objects[f"{CPU}.1"] = 3
    assert len(device.collect(BARREN_S)) == 2


def test_given_silence_then_it_is_told_and_the_list_stands() -> None:
    device = Device()
    device.collect()

    class Silent(Played):
        async def get(self, oids: Sequence[str]) -> Sequence[int | bytes | str | None]:
            raise NoAnswer("dod-mon-1")

    device.health = Health(lambda _: Silent({}), device.clock)
    with pytest.raises(NoAnswer):
        device.collect()
    assert device.health.wanted("dod-mon-1")


def test_given_optics_then_their_rows_are_the_keys_of_the_interfaces() -> None:
    device = Device()
    device.objects |= {OIDS["sysObjectID"]: "1.3.6.1.4.1.2636.1.1.1.2.90", "1.3.6.1.2.1.31.1.1.1.1.517": b"ge-1/0/1"}
    device.objects |= {f"{DOM}.{at}.516": value for at, value in ((5, -2677), (6, 5684), (7, -494), (8, 26))}
    device.objects |= {f"{DOM}.{at}.517": value for at, value in ((5, -200), (6, 5684), (7, -494), (8, 26))}
    device.keys = (Row("ge-1/0/0 (uplink)", 516, 1e9),)
    (optical,) = (one for one in device.collect() if isinstance(one, Batch) and one.measurement == "optical")
    assert optical.rows == ("ge-1/0/0 (uplink)", "ge-1/0/1")
    assert len(device.collect(60)) == len(device.collect(60))
    assert optical.of("rx_dbm").tolist() == pytest.approx([-26.77, -2.0])


def test_given_optics_before_the_interface_list_then_they_get_its_keys_once_it_is_there() -> None:
    device = Device()
    device.objects |= {OIDS["sysObjectID"]: "1.3.6.1.4.1.2636.1.1.1.2.90", "1.3.6.1.2.1.31.1.1.1.1.516": b"ge-1/0/0"}
    device.objects |= {f"{DOM}.{at}.516": value for at, value in ((5, -2677), (6, 5684), (7, -494), (8, 26))}
    rows = []
    for _ in range(4):
        rows += [one.rows for one in device.collect(60) if isinstance(one, Batch) and one.measurement == "optical"]
        device.keys = (Row("ge-1/0/0 (uplink)", 516, 1e9),) if len(rows) > 1 else ()
    assert rows == [("ge-1/0/0",), ("ge-1/0/0",), ("ge-1/0/0 (uplink)",), ("ge-1/0/0 (uplink)",)]
    assert device.health.lists_found == 2


SAID = st.one_of(
    st.none(),
    st.integers(-(2**64), 2**64),
    st.sampled_from((0, -1, 255, 2**31 - 1, 2**32 - 1, 10**30)),
    st.binary(max_size=40),
    st.text(max_size=12),
)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_given_any_answers_then_what_is_told_is_finite_or_unknown(data: st.DataObject) -> None:
    """At the first poll, and at the next ones, when the list was found in better times."""
    device = Device()
    device.objects[OIDS["sysObjectID"]] = "1.3.6.1.4.1.2636.1.1.1.2.90"
    sane = {
        f"1.3.6.1.4.1.2636.3.1.13.1.{at}.9.1.0.0": value
        for at, value in ((5, b"Routing Engine"), (7, 38), (8, 87), (11, 39), (15, 2048))
    }
    sane |= {f"{DOM}.{at}.516": value for at, value in ((5, -2677), (6, 5684), (7, -494), (8, 26))}
    sane |= {f"1.3.6.1.2.1.99.1.1.1.{at}.7": value for at, value in ((1, 10), (2, 9), (3, 0), (4, 3000), (5, 1))}
    sane |= {f"1.3.6.1.2.1.33.1.2.{at}.0": value for at, value in ((3, 137), (4, 100))}
    if data.draw(st.booleans()):
        device.objects |= sane
        device.collect()
    device.objects |= {oid: data.draw(SAID) for oid in sane}
    for _ in range(2):
        for one in device.collect(60):
            if isinstance(one, Batch):
                assert not np.isinf(one.values).any()
                assert np.nanmax(np.abs(one.values), initial=0) < 2**51


def test_given_a_forgotten_device_then_its_sensors_are_found_anew() -> None:
    device = Device()
    device.collect()
    device.health.forget("dod-mon-1")
    assert len(device.collect(60)) == 2
