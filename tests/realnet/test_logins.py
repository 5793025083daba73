"""Logins over SSH to real FRR routers: what SNMP does not tell, and how a hung or stopped sshd is named."""

import pytest

from tests.realnet.conftest import POLL
from tests.realnet.flow import Flow
from tests.realnet.house import House
from tests.realnet.routers import Routers

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

TURN_S = POLL["cli_s"] + 20.0
STOPPED, HUNG = "cpe005", "cpe006"


@pytest.fixture(scope="module", autouse=True)
def broken(flow: Flow, routers: Routers) -> None:
    """Two sshds; nobody's traffic is touched, so it flows meanwhile."""
    routers.fault("ssh-stop", STOPPED)
    routers.fault("freeze", HUNG, "sshd")


def test_given_logins_then_each_router_says_what_snmp_does_not(house: House, routers: Routers) -> None:
    for name in routers.json("inventory")["routers"]:
        if name in (STOPPED, HUNG):
            continue
        said = house.wait(f"{name} was logged in to", lambda: house.facts(name).get("cli"), TURN_S)  # noqa: B023
        assert (said["os"], said["hostname"]) == ("FRRouting", name)
        assert house.facts(name)["routes"]


@pytest.mark.parametrize("name", ["dar", "dod", "pe1", "seacom"])
def test_given_logins_then_prefix_counts_are_those_of_frr(house: House, routers: Routers, name: str) -> None:
    def seen() -> dict[str, float]:
        return {
            one["peer"]: one["prefixes_received"] for one in house.facts(name)["bgp"] if one["state"] == "established"
        }

    def said() -> dict[str, int]:
        peers = routers.vtysh(name, "show bgp ipv4 unicast summary json")["peers"]
        return {address: peer["pfxRcd"] for address, peer in peers.items() if peer["state"] == "Established"}

    house.wait(f"{name}: prefixes", lambda: seen() == said(), TURN_S)


def test_rule_49_a_stopped_sshd_is_told_from_a_hung_one_and_both_heal(house: House, routers: Routers) -> None:
    house.wait("refused", lambda: house.failing(STOPPED, "cli") == "connection refused", TURN_S)
    house.wait("no banner", lambda: house.failing(HUNG, "cli") == "no banner", TURN_S)
    assert {name: house.states("device")[name] for name in (STOPPED, HUNG)} == {STOPPED: "up", HUNG: "up"}
    routers.fault("ssh-start", STOPPED)
    routers.fault("thaw", HUNG, "sshd")
    for name in (STOPPED, HUNG):
        house.wait(f"{name} is logged in to again", lambda: not house.failing(name, "cli"), TURN_S)  # noqa: B023
