"""What is declared against what is seen: confirmed by either end, contradicted in words, never blamed for silence."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.cabling import Cabling, Verdict, check
from inventory.model import Device, End, Inventory, Link, Name, Site
from inventory.seen import OLD_S, Told, lately

DEVICES = ("core", "pe", "cpe", "spare")
LAG = 161


def network(*links: tuple[str, str]) -> Inventory:
    """Links as (`device:interface`, `device:interface`), the key l1, l2, ..."""
    made = {}
    for place, ends in enumerate(links, 1):
        a, b = (End(*end.split(":", 1)) if ":" in end else End(end) for end in ends)
        made[f"l{place}"] = Link(f"l{place}", a, b, "ring", "ttcl", f"c{place}", 1, 1)
    devices = {key: Device(key, "s", f"10.0.0.{place}") for place, key in enumerate(DEVICES, 1)}
    return Inventory(sites={"s": Site("s", Name("S"), "core", "Dodoma")}, devices=devices, links=made)


def heard(interface: str, system: str, port: str = "", **more: Any) -> dict[str, Any]:
    return {"interface": interface, "system": system, "port": port, "protocol": "lldp", **more}


def told(*neighbours: dict[str, Any], chassis: str = "", interfaces: tuple[str, ...] = (), system: str = "") -> Told:
    rows = tuple({"key": key, "ifName": key, "ifIndex": place} for place, key in enumerate(interfaces, 501))
    content = {"protocols": ["lldp"], "chassis": chassis or None, "neighbours": list(neighbours)}
    return Told(0, content, {"sysName": system} if system else {}, rows)


def verdicts(found: Cabling) -> dict[str, Verdict]:
    return {one.link: one.verdict for one in found.links}


ONE = network(("core:xe-0/0/0", "pe:xe-0/1/0"))


def test_a_link_that_both_ends_see_is_as_declared() -> None:
    found = check(
        ONE, {"core": told(heard("xe-0/0/0", "pe", "xe-0/1/0")), "pe": told(heard("xe-0/1/0", "core", "xe-0/0/0"))}
    )
    assert verdicts(found) == {"l1": "as declared"}
    assert not found.different and not found.undeclared and not found.unknown
    assert found.silent == ("cpe", "spare")


def test_one_end_that_sees_it_is_enough_where_the_other_tells_nothing_or_sees_nothing() -> None:
    sees = told(heard("xe-0/0/0", "pe", "xe-0/1/0"))
    assert verdicts(check(ONE, {"core": sees})) == {"l1": "as declared"}
    assert verdicts(check(ONE, {"core": sees, "pe": told()})) == {"l1": "as declared"}


def test_a_link_that_nobody_sees_is_not_seen_and_one_that_nobody_tells_of_is_not_told() -> None:
    silent = Told(0, {"protocols": [], "chassis": None, "neighbours": []})
    assert verdicts(check(ONE, {"core": told(), "pe": told()})) == {"l1": "not seen"}
    assert verdicts(check(ONE, {"core": told()})) == {"l1": "not seen"}
    assert verdicts(check(ONE, {"core": silent, "pe": silent})) == {"l1": "not told"}
    assert not check(ONE, {}).different


def test_a_neighbour_on_another_port_of_ours_is_said_once() -> None:
    found = check(
        ONE, {"core": told(heard("xe-0/0/9", "pe", "xe-0/1/0")), "pe": told(heard("xe-0/1/0", "core", "xe-0/0/9"))}
    )
    [one] = found.links
    assert (one.verdict, one.what) == ("other port", "core sees pe on xe-0/0/9, not on xe-0/0/0")
    assert not found.undeclared


def test_a_cable_in_another_port_of_the_far_device_is_another_port() -> None:
    interfaces = ("xe-0/1/0", "xe-0/1/9")
    found = check(ONE, {"core": told(heard("xe-0/0/0", "pe", "xe-0/1/9")), "pe": told(interfaces=interfaces)})
    [one] = found.links
    assert (one.verdict, one.what) == ("other port", "core:xe-0/0/0 sees pe xe-0/1/9, not xe-0/1/0")


def test_a_far_port_in_words_that_nobody_can_place_is_not_held_against_the_link() -> None:
    found = check(ONE, {"core": told(heard("xe-0/0/0", "pe", "slot 3 port 1")), "pe": told(interfaces=("xe-0/1/0",))})
    assert verdicts(found) == {"l1": "as declared"}


@pytest.mark.parametrize("port", ["501", "XE-0/1/0", "some words"])
def test_a_far_port_is_known_by_its_ifindex_its_name_or_its_description(port: str) -> None:
    seen = heard("xe-0/0/0", "pe", port, port_description="xe-0/1/0")
    assert verdicts(check(ONE, {"core": told(seen), "pe": told(interfaces=("xe-0/1/0",))})) == {"l1": "as declared"}


def test_another_device_on_the_declared_port_is_told_with_its_name() -> None:
    found = check(ONE, {"core": told(heard("xe-0/0/0", "spare", "xe-9/9/9")), "pe": told()})
    [one] = found.links
    assert (one.verdict, one.what) == ("other device", "core:xe-0/0/0 sees spare, not pe")
    box = check(ONE, {"core": told(heard("xe-0/0/0", "SW-UNKNOWN", "1"))})
    assert box.links[0].what == "core:xe-0/0/0 sees SW-UNKNOWN, not pe"
    assert not box.unknown, "it is told with the link already"


def test_two_devices_that_see_each_other_undeclared_are_told_once_with_both_ports() -> None:
    core = told(heard("xe-0/0/0", "pe", "xe-0/1/0"), heard("ge-1/0/0", "spare", "ge-0/0/0"))
    spare = told(heard("ge-0/0/0", "core", "ge-1/0/0"))
    found = check(ONE, {"core": core, "spare": spare})
    [one] = found.undeclared
    assert (one.a, one.b, one.told_by) == ("core:ge-1/0/0", "spare:ge-0/0/0", ("core", "spare"))
    assert found.different


def test_boxes_that_the_inventory_does_not_know_stand_apart_and_are_no_difference() -> None:
    found = check(ONE, {"core": told(heard("xe-0/0/0", "pe", "xe-0/1/0"), heard("ge-7", "printer-3"))})
    assert [(one.device, one.interface, one.called) for one in found.unknown] == [("core", "ge-7", "printer-3")]
    assert not found.different


def test_of_two_parallel_links_the_cut_one_is_not_seen() -> None:
    pair = network(("core:ae0", "pe:ae0"), ("core:ae1", "pe:ae1"))
    found = check(pair, {"core": told(heard("ae1", "pe", "ae1")), "pe": told(heard("ae1", "core", "ae1"))})
    assert verdicts(found) == {"l1": "not seen", "l2": "as declared"}


def test_two_parallel_links_with_their_cables_swapped_are_both_on_other_ports() -> None:
    pair = network(("core:x0", "pe:x0"), ("core:x1", "pe:x1"))
    ports = ("x0", "x1")
    found = check(
        pair,
        {
            "core": told(heard("x0", "pe", "x1"), heard("x1", "pe", "x0"), interfaces=ports),
            "pe": told(heard("x0", "core", "x1"), heard("x1", "core", "x0"), interfaces=ports),
        },
    )
    assert verdicts(found) == {"l1": "other port", "l2": "other port"}
    assert not found.undeclared


def test_a_link_declared_on_an_aggregate_is_seen_on_its_members() -> None:
    lag = network(("core:ae0", "pe:ae3"))
    core = told(heard("xe-0/0/0", "pe", "xe-1/0/0", bundle="ae0"), interfaces=("ae0", "xe-0/0/0"))
    pe = told(heard("xe-1/0/0", "core", "xe-0/0/0", bundle="ae3"), interfaces=("ae3", "xe-1/0/0"))
    assert verdicts(check(lag, {"core": core, "pe": pe})) == {"l1": "as declared"}
    elsewhere = told(heard("xe-0/0/0", "pe", "xe-1/0/0", bundle="ae7"), interfaces=("ae0", "ae7", "xe-0/0/0"))
    assert verdicts(check(lag, {"core": elsewhere, "pe": pe})) == {"l1": "other port"}


def test_where_a_device_cannot_name_the_members_of_an_aggregate_any_free_port_may_be_one() -> None:
    lag = network(("core:ae0", "pe:ae3"))
    rows = ({"key": "ae0", "ifType": LAG}, {"key": "xe-0/0/0", "ifType": 6})
    seen = {"protocols": ["lldp"], "chassis": None, "neighbours": [heard("xe-0/0/0", "pe", "xe-1/0/0")]}
    far = ({"key": "ae3", "ifType": LAG}, {"key": "xe-1/0/0", "ifType": 6})
    nothing = {"protocols": ["lldp"], "chassis": None, "neighbours": []}
    found = check(lag, {"core": Told(0, seen, {}, rows), "pe": Told(0, nothing, {}, far)})
    assert verdicts(found) == {"l1": "as declared"}


def test_a_link_declared_on_a_subinterface_is_seen_on_its_port() -> None:
    vlan = network(("core:ge-0/0/1.100", "cpe:eth0"))
    assert verdicts(check(vlan, {"core": told(heard("ge-0/0/1", "cpe", "eth0"))})) == {"l1": "as declared"}
    assert verdicts(check(vlan, {"cpe": told(heard("eth0", "core", "ge-0/0/1"))})) == {"l1": "as declared"}
    unit = network(("core:ge-0/0/1", "cpe:eth0"))
    assert verdicts(check(unit, {"core": told(heard("ge-0/0/1.0", "cpe", "eth0"))})) == {"l1": "as declared"}


@pytest.mark.parametrize(
    "seen",
    [
        {"system": "pe"},
        {"system": "PE.govnet.go.tz"},
        {"system": "pe(FOC1234X0YZ)"},
        {"system": "Router-17"},  # its sysName
        {"system": "", "chassis": "02:00:00:00:00:02"},
        {"system": "", "chassis": "pe"},  # CDP gives a name for a chassis
        {"system": "somebody", "address": "10.0.0.2"},
    ],
)
def test_a_neighbour_is_recognised_by(seen: dict[str, str]) -> None:
    pe = told(chassis="02:00:00:00:00:02", system="router-17")
    neighbour = {"interface": "xe-0/0/0", "port": "xe-0/1/0", "protocol": "lldp", **seen}
    assert verdicts(check(ONE, {"core": told(neighbour), "pe": pe})) == {"l1": "as declared"}


def test_a_name_that_two_devices_share_recognises_neither() -> None:
    twins = {"pe": told(system="MikroTik"), "spare": told(system="MikroTik")}
    found = check(ONE, {"core": told(heard("ge-9", "MikroTik")), **twins})
    assert [one.called for one in found.unknown] == ["MikroTik"]


def test_links_to_the_outside_and_devices_of_another_network_are_left_out() -> None:
    outside = network(("core:xe-1", "external"))
    found = check(outside, {"core": told(heard("xe-1", "seacom-edge")), "stranger": told(heard("a", "core"))})
    assert not found.links
    assert not found.different


def test_what_a_device_told_long_before_the_others_no_longer_counts() -> None:
    seen = told(heard("xe-0/0/0", "pe", "xe-0/1/0"))
    old, new = replace(seen, at=1000), replace(told(), at=1000 + OLD_S + 1)
    assert verdicts(check(ONE, lately({"core": old, "pe": new}))) == {"l1": "not seen"}
    assert verdicts(check(ONE, lately({"core": old}))) == {"l1": "as declared"}, "all of it is of one time"


WORDS = st.sampled_from(["core", "pe", "cpe", "spare", "xe-0/0/0", "xe-0/1/0", "ae0", "501", "", "x" * 300, "né\u202e"])
HEARD = st.fixed_dictionaries(
    {"interface": WORDS, "system": WORDS, "port": WORDS, "protocol": st.just("lldp")},
    optional={"chassis": WORDS, "address": WORDS, "bundle": st.one_of(st.none(), WORDS), "port_description": WORDS},
)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(DEVICES), st.lists(HEARD, max_size=5)))
def test_whatever_is_told_every_link_has_one_verdict_and_words_for_a_contradiction(
    said: dict[str, list[dict[str, Any]]],
) -> None:
    pair = network(("core:xe-0/0/0", "pe:xe-0/1/0"), ("pe:ae0", "cpe:xe-0/0/0"))
    found = check(pair, {device: told(*rows, interfaces=("xe-0/0/0", "ae0")) for device, rows in said.items()})
    assert [one.link for one in found.links] == ["l1", "l2"]
    assert all(one.what for one in found.links if one.verdict in ("other port", "other device"))
    ends = [end for one in found.undeclared for end in (one.a, one.b)]
    assert all(end.partition(":")[0] in DEVICES for end in ends)
