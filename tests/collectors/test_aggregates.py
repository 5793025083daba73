"""Speeds of LAGs: asked with every poll of a device that has one, and of nobody else."""

from math import isnan

import pytest

from collectors.contract import NoAnswer, Reading
from inventory.batch import Batch
from tests.collectors.box import Port, Router
from tests.collectors.test_interfaces import Poller


def lag(index: int, name: str, mbps: int, kind: int = 161) -> Port:
    return Port(index, name, kind=kind, speed=min(mbps * 1_000_000, 4294967295), high_speed=mbps)


def speeds(poller: Poller) -> dict[str, float]:
    said = [one for one in poller.poll() if isinstance(one, Batch)]
    return {row: float(one.of("speed_bps")[place]) for one in said for place, row in enumerate(one.rows)}


def test_given_a_lag_that_loses_a_member_then_the_next_poll_tells_what_is_left() -> None:
    router = Router([Port(1, "xe-0/0/1"), lag(7, "ae0", 20_000)])
    poller = Poller(router)
    assert speeds(poller) == {"ae0": 20e9}
    router.ports[1] = lag(7, "ae0", 10_000)
    assert speeds(poller) == {"ae0": 10e9}
    assert router.kinds() == ["matrix", "get"], "the list was not read anew for it"


@pytest.mark.parametrize("name", ["bond0", "Port-channel12", "Bundle-Ether1", "Eth-Trunk3", "Po7", "bonding1"])
def test_given_a_maker_that_calls_its_lags_something_else_by_type_then_they_are_known_by_name(name: str) -> None:
    assert speeds(Poller(Router([lag(7, name, 2000, kind=6)]))) == {name: 2e9}


def test_given_no_lag_or_a_vlan_on_one_then_nothing_more_is_asked() -> None:
    router = Router([Port(1, "ae0.100", kind=135), Port(2, "Po1.7", kind=135), Port(3, "Gi0/1")])
    poller = Poller(router)
    assert speeds(poller) == {}
    assert "get" not in router.kinds()[1:]


def test_given_a_lag_that_says_no_speed_then_it_is_not_known() -> None:
    assert isnan(speeds(Poller(Router([lag(7, "ae0", 0)])))["ae0"])


def test_given_an_answer_to_all_but_the_speeds_then_the_poll_has_its_counters_all_the_same() -> None:
    router = Router([lag(7, "ae0", 20_000)])
    poller = Poller(router)
    poller.poll()

    def hush() -> None:
        router.failure = NoAnswer("silence")

    router.between = hush
    (said,) = poller.poll()
    assert isinstance(said, Reading)
