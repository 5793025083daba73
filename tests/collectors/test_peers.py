"""Peers of BGP and OSPF: found once, then asked by their indexes; who goes is told as unknown, never forgotten at once."""

import asyncio
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import pytest

from collectors.contract import NoAnswer, Oid, Value
from collectors.oids import OIDS
from collectors.peer_tables import BGP_ROUTER_ID, LOCAL_AS, OSPF_ROUTER_ID, TABLES
from collectors.peers import GONE_S, LEARN_S, LIST_S, Peers
from inventory.batch import Batch, Facts
from tests.collectors.box import Box, Clock, target

BGP4 = "1.3.6.1.2.1.15.3.1"
CISCO = "1.3.6.1.4.1.9.9.187.1.2"
JUNIPER = "1.3.6.1.4.1.2636.5.1.1.2"
HUAWEI = "1.3.6.1.4.1.2011.5.25.177.1.1"
OSPF = "1.3.6.1.2.1.14.10.1"
OSPFV3 = "1.3.6.1.2.1.191.1.9.1"
Objects = dict[Oid, Value]


def bgp4(peer: str, state: int = 6, admin: int = 2, remote_as: int = 65001, since: int = 100) -> Objects:
    told: dict[int, Value] = {2: state, 3: admin, 5: bytes((10, 0, 0, 1)), 9: remote_as, 16: since}
    return {f"{BGP4}.{column}.{peer}": value for column, value in told.items()}


class Field:
    """A device with these objects, and the collector that asks it."""

    def __init__(self, objects: Mapping[Oid, Value]) -> None:
        self.objects: Objects = {OIDS["sysUpTime"]: 1_000_000, LOCAL_AS: 65000, **objects}
        self.box = Box(lambda: self.objects)
        self.clock = Clock()
        self.peers = Peers(lambda _: self.box, self.clock)

    def poll(self, after_s: float = 30.0) -> Sequence[Batch | Facts]:
        self.clock.now += after_s
        self.objects[OIDS["sysUpTime"]] = int(self.objects[OIDS["sysUpTime"]] or 0) + int(after_s * 100)
        return asyncio.run(self.peers.collect(target(collector="peers"), int(self.clock.now)))


def batch(said: Sequence[Batch | Facts], measurement: str = "bgp_peer") -> dict[str, dict[str, float]]:
    """Row -> quantity -> value of the batch of that measurement."""
    [found] = [each for each in said if isinstance(each, Batch) and each.measurement == measurement]
    lines = found.values.T.tolist()
    return {row: dict(zip(found.quantities, line, strict=True)) for row, line in zip(found.rows, lines, strict=True)}


def facts(said: Sequence[Batch | Facts], part: str = "bgp") -> dict[str, Any]:
    [found] = [each for each in said if isinstance(each, Facts) and each.part == part]
    return dict(found.content)


def test_rule_53_a_peer_shut_down_by_an_operator_is_told_from_a_failed_one() -> None:
    field = Field(bgp4("10.0.0.2", state=1, admin=1) | bgp4("10.0.0.3", state=1, admin=2) | bgp4("10.0.0.4"))
    said = batch(field.poll())
    assert {peer: (row["bgp_state"], row["bgp_admin_status"]) for peer, row in said.items()} == {
        "10.0.0.2": (1, 1),
        "10.0.0.3": (1, 2),
        "10.0.0.4": (6, 2),
    }
    assert isnan(said["10.0.0.2"]["established_s"]), "no session stands"
    assert said["10.0.0.4"]["established_s"] == 100


def test_rule_45_only_columns_are_asked_and_after_the_first_poll_only_the_peers_known() -> None:
    field = Field(bgp4("10.0.0.2"))
    field.poll()
    columns = {oid for table in TABLES for oid in table.columns.values()}
    columns |= {oid for table in TABLES if (at := table.prefixes) for oid in (at.accepted, at.received) if oid}
    assert all(set(oids) <= columns for kind, oids in field.box.asked if kind == "table")
    field.box.asked.clear()
    field.objects |= bgp4("10.0.0.2", state=3)
    assert batch(field.poll())["10.0.0.2"]["bgp_state"] == 3
    assert field.box.asked == [
        ("get", (OIDS["sysUpTime"], f"{BGP4}.2.10.0.0.2", f"{BGP4}.3.10.0.0.2", f"{BGP4}.16.10.0.0.2"))
    ]


def test_a_device_without_peers_is_asked_nothing_more_for_an_hour() -> None:
    field = Field({})
    said = field.poll()
    assert [(each.part, each.content) for each in said if isinstance(each, Facts)] == [
        ("bgp", {"router_id": None, "peers": {}, "local_as": 65000}),
        ("ospf", {"router_id": None, "neighbours": {}}),
    ]
    asked = len(field.box.asked)
    assert field.poll() == ()
    assert not field.peers.wanted("dod-pe-1")
    assert len(field.box.asked) == asked
    field.objects |= bgp4("10.0.0.2")
    assert batch(field.poll(LEARN_S))["10.0.0.2"]["bgp_state"] == 6


def test_a_young_agent_that_has_no_peers_yet_is_asked_again_soon() -> None:
    field = Field({OIDS["sysUpTime"]: 0})
    field.poll(5.0)
    field.objects |= bgp4("10.0.0.2")
    assert batch(field.poll())["10.0.0.2"]["bgp_state"] == 6


def test_after_a_restart_the_tables_are_discovered_anew() -> None:
    field = Field({})
    field.poll()
    field.objects |= bgp4("10.0.0.2")
    field.peers.note("dod-pe-1", field.clock.now + 30, int(field.objects[OIDS["sysUpTime"]] or 0) + 3000)
    assert not field.peers.wanted("dod-pe-1")
    field.peers.note("dod-pe-1", field.clock.now + 60, 500)
    assert field.peers.wanted("dod-pe-1")
    field.objects[OIDS["sysUpTime"]] = 500
    assert batch(field.poll(90))["10.0.0.2"]["bgp_state"] == 6


def test_a_restart_seen_in_the_poll_itself_brings_the_discovery_into_that_poll() -> None:
    field = Field(bgp4("10.0.0.2"))
    field.poll()
    field.objects[OIDS["sysUpTime"]] = 100
    field.objects |= {f"{OSPF}.6.10.9.0.2.0": 8, f"{OSPF}.3.10.9.0.2.0": bytes((1, 1, 1, 1))}
    said = field.poll()
    assert batch(said, "ospf_neighbour") == {"10.9.0.2": {"ospf_state": 8}}


def test_a_peer_that_vanishes_is_told_as_unknown_and_marked_in_the_facts_until_a_day_is_over() -> None:
    field = Field(bgp4("10.0.0.2") | bgp4("10.0.0.3"))
    assert set(batch(field.poll())) == {"10.0.0.2", "10.0.0.3"}
    for oid in bgp4("10.0.0.3"):
        del field.objects[oid]
    said = field.poll()
    rows = batch(said)
    assert rows["10.0.0.2"]["bgp_state"] == 6
    assert all(isnan(value) for value in rows["10.0.0.3"].values())
    peers = facts(said)["peers"]
    assert (peers["10.0.0.2"]["present"], peers["10.0.0.3"]["present"]) == (True, False)
    assert peers["10.0.0.3"]["remote_as"] == 65001, "who it was is still known"
    assert not [each for each in field.poll() if isinstance(each, Facts)], "facts are told when they changed"
    assert set(batch(field.poll(GONE_S))) == {"10.0.0.2"}


def test_a_peer_that_comes_back_is_present_again_with_the_next_poll() -> None:
    field = Field(bgp4("10.0.0.2") | bgp4("10.0.0.3"))
    field.poll()
    for oid in bgp4("10.0.0.3"):
        del field.objects[oid]
    field.poll()
    read = field.peers.lists_read
    field.poll()
    assert field.peers.lists_read == read, "as long as it is gone, one question tells"
    field.objects |= bgp4("10.0.0.3", state=4)
    said = field.poll()
    assert batch(said)["10.0.0.3"]["bgp_state"] == 4
    assert facts(said)["peers"]["10.0.0.3"]["present"] is True


def test_when_the_routing_daemon_dies_all_its_peers_are_unknown_not_gone() -> None:
    field = Field(bgp4("10.0.0.2"))
    field.poll()
    for oid in bgp4("10.0.0.2"):
        del field.objects[oid]
    assert isnan(batch(field.poll())["10.0.0.2"]["bgp_state"])
    assert isnan(batch(field.poll(LEARN_S))["10.0.0.2"]["bgp_state"])
    field.objects |= bgp4("10.0.0.2")
    assert batch(field.poll(LIST_S))["10.0.0.2"]["bgp_state"] == 6


def test_a_peer_that_comes_is_seen_with_the_next_reading_of_the_tables() -> None:
    field = Field(bgp4("10.0.0.2"))
    field.poll()
    field.objects |= bgp4("10.0.0.9", remote_as=65000)
    assert set(batch(field.poll())) == {"10.0.0.2"}
    said = field.poll(LIST_S)
    assert set(batch(said)) == {"10.0.0.2", "10.0.0.9"}
    assert facts(said)["peers"]["10.0.0.9"]["type"] == "internal"
    assert facts(said)["peers"]["10.0.0.2"]["type"] == "external"


def test_rows_are_the_same_tuple_while_the_peers_stand() -> None:
    field = Field(bgp4("10.0.0.2"))
    [first] = [each for each in field.poll() if isinstance(each, Batch)]
    [second] = [each for each in field.poll() if isinstance(each, Batch)]
    [third] = [each for each in field.poll(LIST_S) if isinstance(each, Batch)]
    assert first.rows is second.rows is third.rows
    assert second.at == int(field.clock.now - LIST_S)


def test_a_peer_told_by_two_tables_is_one_and_the_richer_table_tells() -> None:
    peer2 = {f"{CISCO}.5.1.{column}.1.4.10.0.0.2": value for column, value in {3: 6, 4: 2, 11: 4200000001}.items()}
    field = Field(bgp4("10.0.0.2", remote_as=23456) | bgp4("10.0.0.7") | peer2)
    said = field.poll()
    assert set(batch(said)) == {"10.0.0.2", "10.0.0.7"}
    peers = facts(said)["peers"]
    assert (peers["10.0.0.2"]["remote_as"], peers["10.0.0.2"]["table"]) == (
        4200000001,
        "CISCO-BGP4-MIB: cbgpPeer2Table",
    )
    assert peers["10.0.0.7"]["table"] == "BGP4-MIB, RFC 4273: bgpPeerTable"


def test_rule_47_the_index_carries_the_peer_even_where_a_column_says_otherwise() -> None:
    index = "0.1.10.0.0.1.1.10.0.0.2"  # Junos: instance, our address, the peer's, without lengths
    told: dict[int, Value] = {2: 6, 3: 2, 7: bytes((10, 0, 0, 1)), 11: bytes((10, 0, 0, 1)), 13: 20, 9: 10}
    field = Field({f"{JUNIPER}.1.1.1.{column}.{index}": value for column, value in told.items()})
    said = field.poll()
    assert set(batch(said)) == {"10.0.0.2"}
    assert facts(said)["peers"]["10.0.0.2"]["local_as"] == 10


def test_an_ipv6_peer_has_a_short_key_and_its_full_address() -> None:
    index = "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1"
    field = Field({f"{CISCO}.5.1.3.{index}": 6, f"{CISCO}.5.1.11.{index}": 1})
    said = field.poll()
    assert set(batch(said)) == {"2001:db8::1"}
    assert facts(said)["peers"]["2001:db8::1"]["peer"] == "2001:0db8:0000:0000:0000:0000:0000:0001"


def test_the_same_address_in_two_vrfs_is_two_peers_and_in_two_families_one() -> None:
    objects: Objects = {}
    for instance, afi, vrf in ((0, 1, b"_public_"), (0, 2, b"_public_"), (7, 1, b"moh")):
        index = f"{instance}.{afi}.1.1.4.10.0.0.2"
        objects |= {f"{HUAWEI}.2.1.5.{index}": 6, f"{HUAWEI}.2.1.2.{index}": 65010, f"{HUAWEI}.1.1.6.{index}": vrf}
        objects |= {f"{HUAWEI}.3.1.1.{index}": 40, f"{HUAWEI}.3.1.2.{index}": 30}
    said = Field(objects).poll()
    assert set(batch(said)) == {"10.0.0.2", "10.0.0.2 (vrf moh)"}
    assert facts(said)["peers"]["10.0.0.2 (vrf moh)"]["peer"] == "10.0.0.2"
    assert batch(said, "bgp_prefixes")["10.0.0.2 (vrf moh)"] == {"prefixes_received": 40, "prefixes_accepted": 30}


def test_the_same_address_in_two_unnamed_instances_keeps_two_keys() -> None:
    rows = [f"{instance}.1.10.0.0.1.1.10.0.0.2" for instance in (0, 9)]
    field = Field({f"{JUNIPER}.1.1.1.2.{row}": state for row, state in zip(rows, (6, 3), strict=True)})
    said = batch(field.poll())
    assert {key: row["bgp_state"] for key, row in said.items()} == {"10.0.0.2": 6, "10.0.0.2 (instance 9)": 3}


def test_prefixes_of_all_families_are_counted_together_by_the_peers_number() -> None:
    index = "0.1.10.0.0.1.1.10.0.0.2"
    objects: Objects = {f"{JUNIPER}.1.1.1.2.{index}": 6, f"{JUNIPER}.1.1.1.14.{index}": 3}
    for family, received, accepted in (("1.1", 100, 90), ("2.1", 20, 10)):
        objects |= {f"{JUNIPER}.6.2.1.7.3.{family}": received, f"{JUNIPER}.6.2.1.8.3.{family}": accepted}
    objects[f"{JUNIPER}.6.2.1.7.4.1.1"] = 5  # of a peer that is not told
    assert batch(Field(objects).poll(), "bgp_prefixes") == {
        "10.0.0.2": {"prefixes_received": 120, "prefixes_accepted": 100}
    }


def test_ospf_neighbours_of_both_versions_stand_beside_each_other() -> None:
    v3 = f"4.0.{int.from_bytes(bytes((10, 255, 0, 3)), 'big')}"
    link_local = bytes.fromhex("fe80000000000000000000000000000a")
    field = Field(
        {
            OSPF_ROUTER_ID: bytes((10, 255, 0, 1)),
            f"{OSPF}.6.10.1.0.2.0": 8,
            f"{OSPF}.3.10.1.0.2.0": bytes((10, 255, 0, 2)),
            f"{OSPF}.6.0.0.0.0.17": 4,  # an unnumbered line
            f"{OSPF}.3.0.0.0.0.17": bytes((10, 255, 0, 9)),
            f"{OSPFV3}.8.{v3}": 8,
            f"{OSPFV3}.5.{v3}": link_local,
        }
    )
    said = field.poll()
    assert batch(said, "ospf_neighbour") == {
        "10.1.0.2": {"ospf_state": 8},
        "10.255.0.9 on 17": {"ospf_state": 4},
        "fe80::a": {"ospf_state": 8},
    }
    told = facts(said, "ospf")
    assert told["router_id"] == "10.255.0.1"
    assert {key: one["router_id"] for key, one in told["neighbours"].items()} == {
        "10.1.0.2": "10.255.0.2",
        "10.255.0.9 on 17": "10.255.0.9",
        "fe80::a": "10.255.0.3",
    }


def test_values_that_no_mib_knows_are_unknown() -> None:
    field = Field(bgp4("10.0.0.2", state=99, admin=0, remote_as=-1) | bgp4("10.0.0.3", since=-5))
    said = field.poll()
    assert all(isnan(value) for value in batch(said)["10.0.0.2"].values())
    assert isnan(batch(said)["10.0.0.3"]["established_s"])
    assert facts(said)["peers"]["10.0.0.2"]["remote_as"] == 4294967295, "a signed agent shows the upper half negative"


def test_rows_whose_index_is_no_peer_are_dropped_and_counted() -> None:
    rows = {f"{BGP4}.2.10.0.0": 6, f"{BGP4}.2.10.0.0.300": 6, f"{BGP4}.2.10.0.0.2.5": 6}
    field = Field(bgp4("10.0.0.2") | rows)
    assert set(batch(field.poll())) == {"10.0.0.2"}
    assert field.peers.dropped == 3


def test_a_failure_forgets_nothing() -> None:
    field = Field(bgp4("10.0.0.2") | {BGP_ROUTER_ID: bytes((10, 0, 0, 1))})
    field.poll()
    field.box.failure = NoAnswer("dod-pe-1")
    with pytest.raises(NoAnswer):
        field.poll()
    field.box.failure = None
    field.box.asked.clear()
    assert batch(field.poll())["10.0.0.2"]["bgp_state"] == 6
    assert field.box.kinds() == ["get"]


def test_a_forgotten_device_is_learnt_anew() -> None:
    field = Field({})
    field.poll()
    field.peers.forget("dod-pe-1")
    assert field.peers.wanted("dod-pe-1")


@pytest.mark.parametrize("index", ["1.1.10.0.0.2", "1.4.10.0.0.2"], ids=["as the draft", "as older FRR"])
def test_frr_is_read_in_both_forms_of_its_index(index: str) -> None:
    root = "1.3.6.1.3.5.1.1"
    six = (
        index.replace("10.0.0.2", "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1")
        .replace("1.4.", "2.16.")
        .replace("1.1.", "1.2.", 1)
    )
    field = Field(
        {f"{root}.2.1.13.{index}": 6, f"{root}.2.1.12.{index}": 2, f"{root}.2.1.13.{six}": 3} | bgp4("10.0.0.2")
    )
    said = batch(field.poll())
    assert {key: row["bgp_state"] for key, row in said.items()} == {"10.0.0.2": 6, "2001:db8::1": 3}


def test_a_vendor_that_numbers_states_in_its_own_way_is_read_as_the_others() -> None:
    root = "1.3.6.1.4.1.24693.100.179.1.1"
    objects: Objects = {}
    for last, state in ((1, 5), (2, 0), (3, 8), (4, 77)):
        objects |= {f"{root}.4.1.4.10.0.0.{last}": state, f"{root}.7.1.4.10.0.0.{last}": 60}
    said = batch(Field(objects).poll())
    told = {key: (row["bgp_state"], row["bgp_admin_status"], row["established_s"]) for key, row in said.items()}
    assert told["10.0.0.1"] == (6, 2, 60)
    assert told["10.0.0.2"][:2] == (1, 2)
    assert told["10.0.0.3"][:2] == (1, 1), "shut down by an operator"
    assert isnan(told["10.0.0.4"][0])


def test_a_device_that_said_unasked_that_a_peer_changed_has_its_new_peers_seen_with_the_next_poll() -> None:
    field = Field({})
    field.poll()
    field.objects |= bgp4("10.0.0.2")
    field.peers.nudge("dod-pe-1")
    assert set(batch(field.poll())) == {"10.0.0.2"}
    field.objects |= bgp4("10.0.0.3")
    field.peers.nudge("dod-pe-1")
    assert set(batch(field.poll())) == {"10.0.0.2", "10.0.0.3"}
    field.peers.nudge("never-asked")


def test_where_the_index_is_of_another_form_a_column_names_the_peer() -> None:
    root = "1.3.6.1.4.1.40310.7.3.1.1"
    objects: Objects = {}
    for vrf, state in ((254, 6), (1001, 3)):
        index = f"{vrf}.2.65024.4096.0.1.0.6146"
        objects |= {f"{root}.2.{index}": state, f"{root}.7.{index}": b"fe00::1", f"{root}.9.{index}": 64712}
    objects |= {f"{BGP4}.2.3.10.0.0.9": 6, f"{BGP4}.7.3.10.0.0.9": bytes((10, 0, 0, 9))}
    field = Field(objects)
    said = batch(field.poll())
    assert {key: row["bgp_state"] for key, row in said.items()} == {
        "fe00::1": 6,
        "fe00::1 (instance 1001)": 3,
        "10.0.0.9": 6,
    }
    assert field.peers.dropped == 0
    assert batch(field.poll())["10.0.0.9"]["bgp_state"] == 6, "asked by the index it has"
