"""What real routers say unasked: traps of net-snmp and syslog of FRR, heard, kept, and a reason to look at once."""

from typing import Any

import pytest

from tests.realnet.house import House
from tests.realnet.routers import Routers
from tests.realnet.timeline import Timeline

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

SOON_S = 30.0
PORT = ("pe1", "cpe001")


def heard(house: House, device: str, *words: str) -> list[dict[str, Any]]:
    return list(house.json("notice", "list", f"key={device}", *words)["notices"])


def test_rule_13_a_real_linkdown_trap_is_heard_and_what_it_says_is_verified(
    house: House, routers: Routers, timeline: Timeline
) -> None:
    timeline.settle()
    began = routers.fault("link-down", *PORT)
    timeline.wait(began, "link", "pe1-cpe001", "down admin-down", within_s=SOON_S)
    traps = house.wait("the trap is kept", lambda: heard(house, "pe1", "--kind", "trap", "--name", "linkDown"), SOON_S)
    [index] = [one["ifIndex"] for one in house.facts("pe1")["interfaces"] if one["key"] == PORT[1]]
    assert str(index) in {one["subject"] for one in traps}
    routers.fault("link-up", *PORT)
    house.wait("so is the other one", lambda: heard(house, "pe1", "--kind", "trap", "--name", "linkUp"), SOON_S)
    timeline.settle()


def test_given_an_agent_restarts_then_its_coldstart_trap_is_heard(house: House, routers: Routers) -> None:
    routers.fault("snmp-restart", "cpe004")
    house.wait("coldStart", lambda: heard(house, "cpe004", "--kind", "trap", "--name", "coldStart"), SOON_S)


def test_given_routing_changes_then_frr_s_own_lines_are_heard_over_syslog(house: House, routers: Routers) -> None:
    routers.fault("bgp-clear", "dod", "eassy")
    said = house.wait("bgpd says so", lambda: heard(house, "dod", "--kind", "syslog", "--text", "ADJCHANGE"), SOON_S)
    assert {one["name"] for one in said} == {"bgpd"}
