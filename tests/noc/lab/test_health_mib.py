"""Simulated routers have a processor, memory and an inlet, which follow the day and are their own."""

import pytest

from noc.lab.world import World
from tests.noc.lab.asker import get, walk, world
from tests.noc.lab.network import START

HOUR = 3600.0
NIGHT = 86_400 - START % 86_400 - HOUR  # 02:00 EAT, in seconds after the start
LOAD, USED, SIZE = "1.3.6.1.2.1.25.3.3.1.2.1", "1.3.6.1.2.1.25.2.3.1.6.1", "1.3.6.1.2.1.25.2.3.1.5.1"
WARMTH = "1.3.6.1.2.1.99.1.1.1.4.2"


@pytest.fixture(scope="module")
def lab() -> World:
    return world()


def test_given_the_afternoon_then_it_is_warmer_than_in_the_night(lab: World) -> None:
    night, noon = (get(lab, "p1", WARMTH, at) for at in (NIGHT, NIGHT + 12 * HOUR))
    assert 150 < night < noon < 450
    assert noon - night == pytest.approx(60, abs=2)  # tenths of a degree


def test_given_any_hour_then_load_and_memory_stay_within_their_bounds(lab: World) -> None:
    for hour in range(24):
        assert 0 <= get(lab, "p1", LOAD, NIGHT + hour * HOUR) <= 100
        assert 0 < get(lab, "p1", USED, NIGHT + hour * HOUR) < get(lab, "p1", SIZE, NIGHT + hour * HOUR)


def test_given_two_routers_then_each_has_its_own_serial_number(lab: World) -> None:
    serials = {get(lab, device, "1.3.6.1.2.1.47.1.1.1.1.11.1", NIGHT) for device in ("p1", "p2")}
    assert len(serials) == 2


def test_given_a_walk_then_the_sensor_hangs_in_the_chassis(lab: World) -> None:
    contained = walk(lab, "p1", "1.3.6.1.2.1.47.1.1.1.1.4")
    assert list(contained.values()) == [0, 1]
