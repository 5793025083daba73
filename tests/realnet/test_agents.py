"""Faults that no packet of a user feels: hung and restarted agents, changed communities, lost management, BGP sessions."""

from collections.abc import Iterator

import pytest

from tests.realnet.house import House
from tests.realnet.routers import Routers
from tests.realnet.timeline import Timeline

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

SOON_S = 30.0
FAULTS = {  # all at once, on routers that have nothing to do with each other
    "hung agent": ("freeze", "cpe003", "snmpd"),
    "other community": ("snmp-community", "cpe006", "another"),
    "management lost": ("isolate", "tix"),
    "management not needed": ("isolate", "cpe002"),
    "planned shutdown": ("bgp-shut", "dod", "eassy"),
    "session fails": ("freeze", "seacom", "bgpd"),
}
MENDED = (
    ("snmp-community", "cpe006", "govnet-ro"),
    ("unisolate", "tix"),
    ("unisolate", "cpe002"),
    ("bgp-noshut", "dod", "eassy"),
    ("thaw", "seacom", "bgpd"),
    ("snmp-restart", "seacom"),  # a bgpd that hung may have lost its place at the agent (AgentX), and not get it back
)


@pytest.fixture(scope="module")
def broken(house: House, routers: Routers, timeline: Timeline) -> Iterator[dict[str, float]]:
    """Fault -> UTC seconds when it began; all is mended at the end, and well again."""
    timeline.settle()
    began = {name: routers.fault(*words) for name, words in FAULTS.items()}
    yield began
    routers.fault("thaw", "cpe003", "snmpd")
    for words in MENDED:
        routers.fault(*words)
    timeline.settle()


def peer(house: House, device: str, description: str, routers: Routers) -> tuple[str, str, str]:
    """State and ifAdminStatus-like word of one BGP session as shown, and its state as FRR says."""
    said = routers.vtysh(device, "show bgp ipv4 unicast summary json")["peers"]
    [(address, frr)] = [(address, one) for address, one in said.items() if one["desc"] == description]
    [seen] = [one for one in house.facts(device)["bgp"] if one["peer"] == address]
    return seen["state"].lower(), seen["admin"], frr["state"].split()[0].lower()


def test_rule_46_a_hung_agent_is_no_dead_router_and_its_thaw_is_seen(
    broken: dict[str, float], routers: Routers, timeline: Timeline
) -> None:
    began = broken["hung agent"]
    timeline.wait(began, "device", "cpe003", "up agent-silent", within_s=SOON_S)
    assert not [said for said in timeline.since(began, "device", "cpe003") if said.startswith("down")]
    mended = routers.fault("thaw", "cpe003", "snmpd")
    timeline.wait(mended, "device", "cpe003", "up", within_s=SOON_S)


def test_rule_46_a_changed_community_is_no_dead_router_and_v3_users_feel_nothing(
    broken: dict[str, float], timeline: Timeline
) -> None:
    began = broken["other community"]
    timeline.wait(began, "device", "cpe006-community", "up agent-silent", within_s=SOON_S)
    assert not timeline.since(began, "device", "cpe006")


def test_rule_07_an_agent_that_restarted_is_read_on_over_v3(broken: dict[str, float], house: House) -> None:
    def read_since() -> bool:
        return house.rates_at("cpe006") > broken["other community"] and not house.failing("cpe006", "interfaces")

    house.wait("counters are read with the new snmpEngineBoots", read_since, 45)


def test_given_lost_management_then_only_who_is_asked_over_it_is_lost_and_its_link_stands(
    broken: dict[str, float], timeline: Timeline
) -> None:
    began = broken["management lost"]
    timeline.wait(began, "device", "tix", "down", within_s=SOON_S)
    assert timeline.now["link", "dar-tix"] == "up", "the far end reads its port up"
    assert not timeline.since(began, "device", "cpe002"), "it is asked in band"


def test_rule_53_a_planned_shutdown_is_told_from_a_session_that_fails(
    broken: dict[str, float], house: House, routers: Routers
) -> None:
    def planned() -> bool:
        return peer(house, "dod", "eassy", routers) == ("idle", "stop", "idle")

    def failed() -> bool:
        state, admin, frr = peer(house, "dar", "seacom", routers)
        return state == frr and state != "established" and admin == "start"

    house.wait("dod's session to eassy is shut", planned, SOON_S)
    house.wait("dar's session to seacom is lost, though it is meant to stand", failed, SOON_S)


def test_given_no_session_then_a_circuit_is_lost_when_none_of_its_anchors_answers_and_only_then(
    broken: dict[str, float], timeline: Timeline
) -> None:
    timeline.wait(broken["planned shutdown"], "link", "dod-eassy", "down no-path", within_s=45)
    assert timeline.now["link", "dar-seacom"] == "up", "its far end still answers over the line"


def test_given_a_session_is_cleared_then_it_is_seen_to_stand_anew(house: House, routers: Routers) -> None:
    def since() -> float:
        [one] = [one for one in house.facts("dar")["bgp"] if one["remote_as"] == 64603]
        return float(one["established_s"] or 0.0) if one["state"] == "established" else 0.0

    before = house.wait("the session to tix stands", since, 60)
    routers.fault("bgp-clear", "dar", "tix")
    house.wait("it is younger than it was", lambda: 0.0 < since() < before, SOON_S)
