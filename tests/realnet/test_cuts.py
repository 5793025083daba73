"""Faults of the network itself: cut and shut lines, dead routers, flaps, loss, delay, a port made anew."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from noc.store.reader import MetricReader
from tests.realnet.house import House
from tests.realnet.routers import Routers
from tests.realnet.timeline import Timeline

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

SOON_S = 30.0
BACK_S = 75.0  # FRR starts, OSPF finds its neighbours, and then we ask
NEW_INDEX = 77
FALLS, FALL_S = 3, 8


@pytest.fixture(scope="module")
def broken(routers: Routers, timeline: Timeline) -> Iterator[dict[str, float]]:
    """Fault -> UTC seconds when it began; each in a site of its own."""
    timeline.settle()
    yield {
        "shut": routers.fault("link-down", "pe1", "cpe001"),
        "cut": routers.fault("link-down", "cpe004", "wan0"),
        "dead": routers.fault("kill", "cpe002"),
        "anew": routers.fault("recreate", "cpe005", "wan0", NEW_INDEX),
        "flap": routers.fault("flap", "pe3", "cpe006", FALLS, FALL_S),
    }
    timeline.settle()


def test_given_a_port_that_was_shut_then_the_link_is_the_root_and_the_router_behind_it_unreachable(
    broken: dict[str, float], timeline: Timeline
) -> None:
    began = broken["shut"]
    timeline.wait(began, "link", "pe1-cpe001", "down admin-down", within_s=SOON_S)
    timeline.wait(began, "device", "cpe001", "unreachable behind pe1-cpe001", within_s=SOON_S)
    timeline.wait(began, "site", "cpe001", "unreachable behind pe1-cpe001", within_s=SOON_S)


def test_given_the_light_of_a_line_is_gone_then_its_link_and_the_router_behind_it_are_down(
    broken: dict[str, float], timeline: Timeline
) -> None:
    timeline.wait(broken["cut"], "link", "pe1-cpe004", "down", within_s=SOON_S)
    timeline.wait(broken["cut"], "device", "cpe004", "down", within_s=SOON_S)


def test_given_a_dead_router_then_it_is_down_and_nobody_else(broken: dict[str, float], timeline: Timeline) -> None:
    timeline.wait(broken["dead"], "device", "cpe002", "down", within_s=SOON_S)
    timeline.wait(broken["dead"], "site", "cpe002", "down", within_s=SOON_S)
    others = {"dar", "dod", "pe1", "pe2", "pe3", "cpe003", "seacom", "eassy", "tix"}
    assert not [
        each for each in timeline.changes if each.kind == "device" and each.key in others and each.at > broken["shut"]
    ]


def test_given_a_flapping_line_then_it_is_shown_down_and_up_again(broken: dict[str, float], timeline: Timeline) -> None:
    said = timeline.since(broken["flap"], "link", "pe3-cpe006")
    assert [each for each in said if each.startswith("down")]
    timeline.wait(broken["flap"], "link", "pe3-cpe006", "up", within_s=FALLS * FALL_S + SOON_S)
    timeline.wait(broken["flap"], "device", "cpe006", "up", within_s=BACK_S)


def test_rule_05_a_port_made_anew_under_another_ifindex_goes_on_under_its_name(
    broken: dict[str, float], house: House, timeline: Timeline
) -> None:
    began = broken["anew"]
    timeline.wait(began, "device", "cpe005", "up", within_s=BACK_S)

    def renumbered() -> bool:
        found = [one["ifIndex"] for one in house.facts("cpe005")["interfaces"] if one["key"] == "wan0"]
        assert len(found) == 1, "no duplicates"
        return bool(found == [NEW_INDEX])

    house.wait("the list shows the new ifIndex", renumbered, SOON_S)

    def rates(device: str, interface: str) -> np.ndarray:
        with MetricReader(house.metrics) as reader:
            series = reader.read(
                "interface", device, interface, ("in_bps",), start=int(began), end=int(time.time()) + 1
            )
        return series.values[0]

    for end in (("cpe005", "wan0"), ("pe2", "cpe005")):
        house.wait(f"{end} has rates again", lambda: np.isfinite(rates(*end)).any(), 75)  # noqa: B023
        assert np.nanmax(rates(*end)) < 5.5e5, "counters from zero are no spike"


def test_rule_18_what_comes_back_comes_back_without_another_alarm(
    broken: dict[str, float], routers: Routers, timeline: Timeline
) -> None:
    mended = routers.fault("link-up", "pe1", "cpe001")
    routers.fault("link-up", "cpe004", "wan0")
    routers.fault("boot", "cpe002")
    for device in ("cpe001", "cpe004", "cpe002"):
        timeline.wait(mended, "device", device, "up", within_s=BACK_S)
    assert timeline.since(mended, "device", "cpe001") == ["up"], "never down on the way"
    timeline.wait(mended, "link", "pe2-cpe002", "up", within_s=BACK_S)  # not before its router has started


def test_rule_11_loss_is_not_down(routers: Routers, timeline: Timeline) -> None:
    timeline.settle()
    if not routers.can("loss", "cpe003", "wan0", 5):
        pytest.skip("this kernel has no iptables statistic match")
    began = time.time()
    time.sleep(20)
    routers.fault("loss", "cpe003", "wan0", 0)
    assert not timeline.since(began, "device", "cpe003")


def test_rule_11_delay_is_not_down_and_is_seen_in_the_round_trip(
    house: House, routers: Routers, timeline: Timeline
) -> None:
    timeline.settle()
    began = time.time()
    if not routers.can("delay", 60, "cpe003:wan0:150:20"):
        pytest.skip("this kernel has no NFQUEUE")

    def late() -> bool:
        return float(timeline.rows["device", "cpe003"].figures.get("rtt_ms", 0.0)) > 100

    house.wait("the round trip rose", late, 15)
    assert not timeline.since(began, "device", "cpe003")
    routers.fault("delay", 0)
