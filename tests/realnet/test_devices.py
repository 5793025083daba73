"""Real routers when all is well, and when our own credentials are not: what they are, and what FRR says of its peers."""

from typing import Any

import pytest

from tests.patience import HANGS_S
from tests.realnet.govnet import REFUSED, TWINS
from tests.realnet.house import House
from tests.realnet.routers import Routers
from tests.realnet.timeline import Timeline

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

SETTLED_S = 40.0

WHY = {
    "cpe005-wrong-community": "silent to our community",
    "cpe004-wrong-user": "does not know the user",
    "cpe003-wrong-key": "authentication password or protocol",
    "cpe002-wrong-privacy": "privacy password or protocol",
}


@pytest.fixture(scope="module")
def lab(routers: Routers) -> dict[str, Any]:
    return dict(routers.json("inventory"))


def test_given_real_routers_then_all_are_up_over_snmpv3(house: House, timeline: Timeline, lab: dict[str, Any]) -> None:
    wanted = {("device", name) for name in lab["routers"]} | {("site", name) for name in lab["routers"]}
    house.wait("all are up", lambda: all(timeline.now.get(each) == "up" for each in wanted), SETTLED_S)  # type: ignore[call-overload]
    links = house.wait("all links are known", lambda: set(house.states("link").values()) == {"up"}, SETTLED_S)
    assert links
    for name in lab["routers"]:
        house.wait(f"{name} said who it is", lambda: house.facts(name).get("system", {}).get("sysName") == name, 20)  # noqa: B023


def test_given_wrong_credentials_then_each_is_told_from_a_dead_router(house: House, timeline: Timeline) -> None:
    assert set(REFUSED) == set(TWINS)
    for name, meant in REFUSED.items():
        house.wait(f"{name} is {meant}", lambda: timeline.now.get(("device", name)) == meant, SETTLED_S)  # noqa: B023


def test_given_wrong_credentials_then_noc_poll_says_why_in_a_sentence(house: House) -> None:
    asked = {name: house.begin("poll", "--why", name, within=True) for name in WHY}
    for name, process in asked.items():
        said, _ = process.communicate(timeout=HANGS_S)
        assert process.returncode == 1
        assert WHY[name] in said


def test_given_bgp_sessions_then_they_stand_as_frr_says(house: House, routers: Routers, lab: dict[str, Any]) -> None:
    for name in (name for name, one in lab["routers"].items() if one["bgp"]):
        peers = routers.vtysh(name, "show bgp ipv4 unicast summary json")["peers"]
        said = {address: (peer["state"].lower(), peer["remoteAs"]) for address, peer in peers.items()}

        def seen() -> dict[str, tuple[str, int]]:
            return {one["peer"]: (one["state"], one["remote_as"]) for one in house.facts(name).get("bgp", ())}  # noqa: B023

        house.wait(f"{name}: {said}", lambda: seen() == said, 60)  # noqa: B023


def test_given_ospf_neighbours_then_they_stand_as_frr_says(house: House, routers: Routers, lab: dict[str, Any]) -> None:
    for name in (name for name, one in lab["routers"].items() if one["ospf"]):
        found = routers.vtysh(name, "show ip ospf neighbor json")["neighbors"]
        said = {
            (router_id, one["ifaceAddress"]): str(one.get("nbrState") or one["state"]).split("/")[0].lower()
            for router_id, several in found.items()
            for one in several
        }

        def seen() -> dict[tuple[str, str], str]:
            rows = house.facts(name).get("ospf", ())  # noqa: B023
            return {(one["router_id"], one["neighbour"]): one["state"] for one in rows}

        house.wait(f"{name}: {said}", lambda: len(seen()) == len(said), 20)  # noqa: B023
        for (router_id, _), state in said.items():
            assert [state] == [each for (its, _), each in seen().items() if its == router_id]
