"""The lab's routers are seen by our collectors as they are cabled; what is cut is not heard, what is swapped is told."""

import asyncio
from collections.abc import Mapping
from typing import Any

from collectors.interfaces import Interfaces
from collectors.neighbours import Neighbours
from collectors.peers import Peers
from collectors.system import System
from inventory.batch import Batch, Facts
from inventory.cabling import Cabling, Verdict, check
from inventory.seen import Told
from noc.lab.scenario import checked
from noc.lab.world import World
from tests.collectors.box import Box, Clock, target
from tests.noc.lab.asker import act, walk, world
from tests.noc.lab.network import START

ROOTS = ("1.0", "1.2", "1.3.6.1")


def said(lab: World, device: str, t: float) -> dict[str, Mapping[str, Any]]:
    """Facts by part, and the OSPF neighbours under "ospf_states"."""
    objects = {oid: value for root in ROOTS for oid, value in walk(lab, device, root, t).items()}
    box, clock = Box(lambda: objects), Clock(START + t)
    interfaces = Interfaces(lambda _: box, clock)
    found: dict[str, Mapping[str, Any]] = {}

    async def ask() -> None:
        for collector in (
            interfaces,
            System(lambda _: box, clock),
            Neighbours(lambda _: box, interfaces.standing, clock),
            Peers(lambda _: box, clock),
        ):
            for each in await collector.collect(target(device), int(START + t)):
                if isinstance(each, Facts):
                    found[each.part] = each.content
                elif isinstance(each, Batch) and each.measurement == "ospf_neighbour":
                    found["ospf_states"] = dict(zip(each.rows, each.values[0].tolist(), strict=True))

    asyncio.run(ask())
    return found


def checking(lab: World, t: float = 1.0) -> Cabling:
    told = {}
    for key in lab.inventory.devices:
        lab.advance(START + t)
        if lab.way(key, START + t) is None:
            continue
        facts = said(lab, key, t)
        told[key] = Told(0, facts["neighbours"], facts["system"], facts["interfaces"]["interfaces"])
    return check(lab.inventory, told)


def verdicts(found: Cabling) -> dict[str, Verdict]:
    return {one.link: one.verdict for one in found.links if one.verdict != "as declared"}


def test_given_a_whole_network_then_every_link_is_as_declared_and_nothing_else_is_seen() -> None:
    found = checking(world())
    assert verdicts(found) == {}
    assert len(found.links) == 9
    assert not found.undeclared and not found.unknown and not found.silent


def test_given_members_of_a_lag_then_each_hears_the_other_end_and_names_its_aggregate() -> None:
    rows = said(world(), "c1", 1.0)["neighbours"]["neighbours"]
    members = [row for row in rows if row["system"] == "c2"]
    assert [row["bundle"] for row in members] == ["ae0", "ae0"]
    assert all(row["interface"] != "ae0" for row in members)


def test_given_a_cut_ring_then_the_link_is_not_seen_and_its_ospf_neighbour_is_gone() -> None:
    lab = world(act(60, "link_down", link="ring-2"))
    before = said(lab, "p1", 1.0)["ospf_states"]
    after = said(lab, "p1", 61.0)["ospf_states"]
    assert len(before) == 2 and len(after) == 1
    assert set(before.values()) == {8}
    assert verdicts(checking(lab, 61.0)) == {"ring-2": "not seen"}
    assert said(lab, "p1", 1.0)["ospf_states"] == before, "what was stays what was"


def test_given_a_dark_router_then_its_neighbours_no_longer_hear_it() -> None:
    lab = world(act(60, "device_down", device="s1-r1"))
    assert verdicts(checking(lab, 61.0)) == {"s1-a": "not seen"}


def test_given_swapped_cables_then_both_links_show_the_other_device_until_they_are_put_right() -> None:
    lab = world(act(60, "recable", link="s1-a", other="s2-a", lasts=60))
    found = checking(lab, 61.0)
    assert verdicts(found) == {"s1-a": "other device", "s2-a": "other device"}
    assert {one.what for one in found.links if one.what} == {
        "p1:ge-0/0/2 sees s2-r1, not s1-r1",
        "p2:ge-0/0/2 sees s1-r1, not s2-r1",
    }
    assert verdicts(checking(lab, 121.0)) == {}


def test_given_reindexed_ports_then_neighbours_stay_on_their_interfaces() -> None:
    lab = world(act(60, "reindex", device="p1", places=3, offset=100))
    assert verdicts(checking(lab, 61.0)) == {}


def test_given_a_recabling_that_cannot_be_then_it_is_refused_with_a_hint() -> None:
    for other, message in (("s2-b2", "unknown link"), ("s1-a", "same link"), ("up-sea", "ends outside")):
        found, wrong = checked({"do": "recable", "link": "s1-a", "other": other}, world(), START)
        assert found is None
        assert message in wrong[0][0]
