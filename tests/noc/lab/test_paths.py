"""Who answers in the lab follows the live paths from the poller's attachment."""

import pytest

from noc.lab.world import World
from tests.noc.lab.asker import IF, UPTIME, act, alive, get, index_of, octets, world
from tests.noc.lab.network import START, small_network

ALL = set(small_network().devices)


def oper(lab: World, device: str, name: str, t: float) -> int:
    return int(get(lab, device, f"{IF}.8.{index_of(lab, device, name, t)}", t))


def rtt_ms(lab: World, device: str, t: float) -> float:
    return lab.delay_s(device, START + t) * 1000


def test_given_nothing_is_wrong_then_everybody_answers() -> None:
    lab = world()
    assert alive(lab, 1) == ALL
    assert all(get(lab, device, UPTIME, 1) is not None for device in ALL)


def test_given_a_silent_router_then_only_what_has_no_other_way_goes_silent_and_far_ends_stay_up() -> None:
    lab = world(act(10, "device_down", device="p1"))
    assert ALL - alive(lab, 20) == {"p1", "s1-r1"}
    assert oper(lab, "c1", "xe-0/0/1", 20) == 1
    assert oper(lab, "p2", "ge-0/0/0", 20) == 1


def test_given_a_router_down_with_its_ports_then_far_ends_read_down() -> None:
    lab = world(act(10, "device_down", device="p1", ports=True, lasts=50))
    assert [oper(lab, "c1", "xe-0/0/1", t) for t in (5, 20, 70)] == [1, 2, 1]


def test_given_one_ring_cut_then_traffic_and_round_trip_take_the_other_way() -> None:
    lab = world(act(10, "link_down", link="ring-1"))
    assert alive(lab, 20) == ALL
    assert [oper(lab, device, name, 20) for device, name in (("c1", "xe-0/0/1"), ("p1", "ge-0/0/0"))] == [2, 2]
    assert rtt_ms(lab, "p1", 20) > rtt_ms(lab, "p1", 5) + 1
    before = octets(lab, "c2", "xe-0/0/1", 9)[1] - octets(lab, "c2", "xe-0/0/1", 1)[1]
    after = octets(lab, "c2", "xe-0/0/1", 28)[1] - octets(lab, "c2", "xe-0/0/1", 20)[1]
    assert after > before + 1_000_000
    assert octets(lab, "c1", "xe-0/0/1", 20) == octets(lab, "c1", "xe-0/0/1", 90)


def test_given_two_ring_cuts_then_what_lies_between_is_isolated_once_no_backup_leads_there() -> None:
    lab = world(
        act(10, "link_down", link="ring-1"), act(20, "link_down", link="ring-3"), act(30, "link_down", link="s2-b")
    )
    assert ALL - alive(lab, 40) == {"p1", "p2", "s1-r1", "s2-r1"}
    # before the third cut the site with two links is the last way there, as the topology counts it too
    way = lab.way("p2", START + 25)
    assert way is not None
    assert (way.via, way.link) == ("s2-r1", "s2-a")


def test_given_the_attachment_is_dead_then_nobody_answers() -> None:
    assert alive(world(act(10, "device_down", device="c1")), 20) == set()


def test_given_a_cut_beyond_the_port_then_the_port_stays_up_and_the_anchor_is_silent() -> None:
    lab = world(act(10, "circuit_cut", circuit="iru-sea", lasts=50))
    assert lab.anchors == {("127.77.9.1", 7): "iru-sea", ("127.77.9.2", 77): "tix"}
    assert [lab.anchor("iru-sea", b"?", START + t) for t in (5, 20, 70)] == [b"?", None, b"?"]
    assert lab.anchor("tix", b"?", START + 20) == b"?"
    assert oper(lab, "c1", "xe-0/0/2", 20) == 1
    assert octets(lab, "c1", "xe-0/0/2", 20) == octets(lab, "c1", "xe-0/0/2", 50)
    assert lab.anchor_delay_s("iru-sea", START) > 0.1 > lab.anchor_delay_s("tix", START)


def test_given_the_edge_behind_a_cut_then_its_anchor_is_silent_too() -> None:
    lab = world(act(10, "link_down", link="core"), act(10, "link_down", link="ring-1"))
    assert lab.anchor("tix", b"?", START + 20) is None
    assert lab.anchor("iru-sea", b"?", START + 20) == b"?"


def test_given_one_cable_cut_then_its_bgp_session_falls_and_comes_back() -> None:
    lab = world(
        act(10, "circuit_cut", circuit="iru-sea", lasts=10),
        act(30, "bgp_down", device="c1", admin=True, lasts=10),
        act(50, "bgp_down", device="c1", link="up-sea", lasts=10),
    )
    peer = ".".join(map(str, lab.routers["c1"].peers[0].address))
    states = [get(lab, "c1", f"1.3.6.1.2.1.15.3.1.2.{peer}", t) for t in (5, 15, 25, 35, 45, 55, 65)]
    assert states == [6, 3, 6, 1, 6, 3, 6]
    assert [get(lab, "c1", f"1.3.6.1.2.1.15.3.1.3.{peer}", t) for t in (15, 35, 45)] == [2, 1, 2]


def test_given_a_hung_agent_then_the_echo_answers_and_snmp_does_not() -> None:
    lab = world(act(10, "agent_hang", device="p2", lasts=20))
    assert "p2" in alive(lab, 15)
    assert get(lab, "p2", UPTIME, 15) is None
    assert get(lab, "p2", UPTIME, 31) is not None


def test_given_a_slow_agent_then_only_snmp_is_late() -> None:
    lab = world(act(10, "slow_agent", device="p2", ms=800, lasts=20))
    at = START + 15
    assert lab.delay_s("p2", at, snmp=True) == pytest.approx(lab.delay_s("p2", at) + 0.8)
    assert lab.delay_s("p2", START + 31, snmp=True) == lab.delay_s("p2", START + 31)


def test_given_latency_on_a_link_then_whatever_lies_behind_is_later() -> None:
    lab = world(act(10, "latency", link="s1-a", ms=200, lasts=20))
    assert rtt_ms(lab, "s1-r1", 15) > 200 > rtt_ms(lab, "s1-r1", 35)
    assert rtt_ms(lab, "p1", 15) < 200


def test_given_loss_on_a_link_then_that_share_is_lost_there_and_back() -> None:
    lab = world(act(10, "loss", link="s1-a", ratio=0.2))
    answered = sum(lab.echo("s1-r1", b"%d" % n, START + 20 + n * 0.013) is not None for n in range(4000))
    assert answered / 4000 == pytest.approx(0.64, abs=0.04)
    assert all(lab.echo("p1", b"%d" % n, START + 20 + n) for n in range(50))


def test_given_a_power_cut_then_the_site_or_region_is_dark_and_boots_when_it_is_back() -> None:
    lab = world(act(10, "power_cut", site="s3", lasts=20), act(50, "power_cut", region="Tanga", lasts=20))
    assert ALL - alive(lab, 15) == {"s3-r1", "s3-phone"}
    assert alive(lab, 35) == ALL
    assert get(lab, "s3-r1", UPTIME, 35) == 500
    assert alive(lab, 60) == {"c1", "c2"}
    assert get(lab, "p1", UPTIME, 75) == 500


def test_given_two_causes_then_a_device_is_dark_until_both_are_mended() -> None:
    lab = world(act(10, "device_down", device="s3-r1", lasts=50), act(20, "power_cut", site="s3", lasts=10))
    assert [("s3-r1" in alive(lab, t)) for t in (15, 25, 40, 70)] == [False, False, False, True]


def test_given_a_flap_then_the_link_falls_that_often_and_ends_up() -> None:
    lab = world(act(10, "flap", link="s1-a", times=3, period="4s"))
    states = [oper(lab, "p1", "ge-0/0/2", t) for t in (9, 11, 13, 15, 17, 19, 21, 40)]
    assert states == [1, 2, 1, 2, 1, 2, 1, 1]
    index = index_of(lab, "p1", "ge-0/0/2")
    assert get(lab, "p1", f"{IF}.9.{index}", 40) == get(lab, "p1", UPTIME, 20)


def test_given_one_end_down_then_only_that_end_reads_down_and_nothing_passes() -> None:
    lab = world(act(10, "link_down", device="p2", interface="ge-0/0/0", one_sided=True, lasts=20))
    assert [oper(lab, device, name, 15) for device, name in (("p2", "ge-0/0/0"), ("p1", "ge-0/0/1"))] == [2, 1]
    assert lab.way("p2", START + 15).link == "ring-3"  # type: ignore[union-attr]
    assert oper(lab, "p2", "ge-0/0/0", 35) == 1


def test_given_a_port_without_link_then_it_goes_down_alone() -> None:
    lan = next(port.name for port in world().routers["s1-r1"].ports if port.kind == "lan")
    lab = world(act(10, "link_down", device="s1-r1", interface=lan, lasts=10))
    assert [oper(lab, "s1-r1", lan, t) for t in (5, 15, 25)] == [1, 2, 1]
    assert alive(lab, 15) == ALL


def test_given_answers_then_they_depend_on_time_not_on_the_order_of_questions() -> None:
    acts = [act(10, "link_down", link="ring-1", lasts=20), act(15, "reboot", device="p2")]
    one, other = world(*acts), world(*acts)
    times = [0.0, 12.0, 16.0, 29.0, 31.0, 60.0]
    forth = [octets(one, "c2", "xe-0/0/1", t) for t in times]
    back = [octets(other, "c2", "xe-0/0/1", t) for t in reversed(times)]
    assert forth == back[::-1]
