"""Neighbours: every announced box at our own interface, whatever the device calls its ports."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from collectors.contract import NoAnswer, Oid, Reading, Row, Value
from collectors.interfaces import Standing
from collectors.local_ports import BRIDGE_PORT, BUNDLE, LLDP_LOCAL
from collectors.neighbours import KEEP_S, MOST, Neighbours
from collectors.oids import OIDS
from tests.collectors.box import Box, Clock, target

LLDP = "1.0.8802.1.1.2.1.4"
LLDP_V2 = "1.3.111.2.802.1.1.13.1.4"
CDP = "1.3.6.1.4.1.9.9.23.1.2.1.1"
MNDP = "1.3.6.1.4.1.14988.1.1.11.1.1"
Objects = dict[Oid, Value]
MAC = bytes.fromhex("020000000001")


def lldp(index: str, *, system: bytes = b"dod-core-1", port: bytes = b"xe-0/0/0", chassis: bytes = MAC) -> Objects:
    told: dict[int, Value] = {4: 4, 5: chassis, 6: 5, 7: port, 8: b"to us", 9: system}
    return {f"{LLDP}.1.1.{column}.{index}": value for column, value in told.items()}


def interface(index: int, name: bytes, descr: bytes = b"", alias: bytes = b"") -> Objects:
    return {
        f"{OIDS['ifName']}.{index}": name,
        f"{OIDS['ifDescr']}.{index}": descr or name,
        f"{OIDS['ifAlias']}.{index}": alias,
    }


def local(number: int, said: bytes, subtype: int = 5, description: bytes = b"") -> Objects:
    return {
        f"{LLDP_LOCAL}.2.{number}": subtype,
        f"{LLDP_LOCAL}.3.{number}": said,
        f"{LLDP_LOCAL}.4.{number}": description,
    }


def content(objects: Mapping[Oid, Value], standing: Standing | None = None) -> dict[str, Any]:
    box = Box(lambda: {OIDS["sysUpTime"]: 1, **objects})
    collector = Neighbours(lambda _: box, lambda _: standing, Clock())
    [facts] = asyncio.run(collector.collect(target(collector="neighbours"), 0))
    assert facts.part == "neighbours"
    return dict(facts.content)


def heard(objects: Mapping[Oid, Value], standing: Standing | None = None) -> list[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = content(objects, standing)["neighbours"]
    return list(found)


def test_an_lldp_neighbour_is_told_with_everything_it_announced() -> None:
    index = "8626.3.1"
    objects = lldp(index) | interface(3, b"ge-0/0/1") | {f"{LLDP}.2.1.3.{index}.1.4.10.0.0.9": 2}
    assert heard(objects) == [
        {
            "interface": "ge-0/0/1",
            "protocol": "lldp",
            "chassis": "02:00:00:00:00:01",
            "port": "xe-0/0/0",
            "port_description": "to us",
            "system": "dod-core-1",
            "address": "10.0.0.9",
            "platform": None,
            "bundle": None,
            "ifIndex": 3,
        }
    ]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (local(5, b"Gi0/2"), "its id is an ifName"),
        (local(5, b"GigabitEthernet0/2"), "its id is an ifDescr"),
        (local(5, b"gigabitethernet0/2"), "in another case"),
        (local(5, b"To Tanga", subtype=1), "its id is an ifAlias"),
        (local(5, b"516", subtype=7, description=b"Gi0/2"), "its description is one"),
        (
            local(5, b"02:aa:00:00:00:02", subtype=3) | {"1.3.6.1.2.1.2.2.1.6.10102": bytes.fromhex("02aa00000002")},
            "mac",
        ),
        ({f"{BRIDGE_PORT}.5": 10102}, "its number is a bridge port"),
        (local(5, b"slot 1 port 5") | {f"{BRIDGE_PORT}.5": 10102}, "nothing is called so, and the bridge knows it"),
    ],
)
def test_a_local_port_whose_number_is_no_ifindex_is_found_by(told: Objects, why: str) -> None:
    names = interface(10101, b"Gi0/1", b"GigabitEthernet0/1", b"To Dodoma")
    names |= interface(10102, b"Gi0/2", b"GigabitEthernet0/2", b"To Tanga") | interface(5, b"Vlan1")
    [one] = heard(lldp("0.5.1") | names | told)
    assert (one["interface"], one["ifIndex"]) == ("Gi0/2", 10102), why


def test_a_local_port_that_nothing_names_is_an_ifindex_if_there_is_one() -> None:
    [one] = heard(lldp("0.5.1") | interface(5, b"eth5"))
    assert (one["interface"], one["ifIndex"]) == ("eth5", 5)


def test_a_local_port_that_cannot_be_placed_keeps_its_own_name() -> None:
    [one] = heard(lldp("0.5.1") | local(5, b"slot 1") | interface(9, b"eth9"))
    assert (one["interface"], one["ifIndex"]) == ("slot 1", None)
    [bare] = heard(lldp("0.5.1"))
    assert bare["interface"] == "port 5"


def test_an_alias_that_two_interfaces_carry_names_neither() -> None:
    names = interface(1, b"a", alias=b"uplink") | interface(2, b"b", alias=b"uplink") | interface(5, b"c")
    [one] = heard(lldp("0.5.1") | names | local(5, b"uplink", subtype=1))
    assert one["interface"] == "c"


def test_interfaces_are_named_as_their_counters_are() -> None:
    rows = (Row("1 (slot 2)", 5, 1e9),)
    standing = Standing(rows, None, 0.0, None)
    [one] = heard(lldp("0.5.1") | interface(5, b"1"), standing)
    assert one["interface"] == "1 (slot 2)"
    reading = Reading("x", 0.0, 0, None, rows, (), np.empty((0, 1), np.uint64))
    assert reading.rows is standing.rows


def test_a_member_of_an_aggregate_names_the_aggregate() -> None:
    objects = lldp("0.5.1") | interface(5, b"xe-0/0/0") | interface(90, b"ae0") | {f"{BUNDLE}.5": 90}
    [one] = heard(objects)
    assert (one["interface"], one["bundle"]) == ("xe-0/0/0", "ae0")
    [alone] = heard(objects | {f"{BUNDLE}.5": 0})
    assert alone["bundle"] is None


def test_cdp_neighbours_stand_at_their_ifindex_and_are_called_as_they_call_themselves() -> None:
    told: dict[int, Value] = {
        3: 1,
        4: bytes((10, 0, 0, 9)),
        6: b"core-1(FOC1234)",
        7: b"Ethernet1/1",
        8: b"N9K",
        17: b"core-1",
    }
    objects: Objects = {f"{CDP}.{column}.10103.1": value for column, value in told.items()}
    objects |= interface(10103, b"Gi0/3")
    [one] = heard(objects)
    assert (one["interface"], one["system"], one["port"]) == ("Gi0/3", "core-1", "Ethernet1/1")
    assert (one["protocol"], one["address"], one["platform"]) == ("cdp", "10.0.0.9", "N9K")


def test_lldp_version_two_is_read_where_only_that_exists() -> None:
    told: dict[int, Value] = {5: 4, 6: MAC, 7: 5, 8: b"1/1/1", 9: b"", 10: b"aruba"}
    index = "100.7.1.3"
    objects: Objects = {f"{LLDP_V2}.1.1.{column}.{index}": value for column, value in told.items()}
    objects |= interface(7, b"1/1/7") | {f"{LLDP_V2}.2.1.3.{index}.1.4.10.0.0.9": 2}
    [one] = heard(objects)
    assert (one["interface"], one["system"], one["address"]) == ("1/1/7", "aruba", "10.0.0.9")
    both = heard(objects | lldp("0.7.1"))
    assert [each["system"] for each in both] == ["dod-core-1"], "version one is enough"


def test_routeros_leaves_the_port_to_its_own_table() -> None:
    mndp: dict[int, Value] = {8: 3, 2: bytes((10, 0, 0, 9)), 3: MAC, 5: b"MikroTik", 6: b"far"}
    objects: Objects = {f"{MNDP}.{column}.12": value for column, value in mndp.items()}
    objects |= {f"{MNDP}.{column}.13": value for column, value in (mndp | {6: b"other"}).items()}
    names = interface(3, b"ether3") | interface(12, b"vlan12")
    for index in ("12", "0.0.12"):
        one, other = heard(objects | names | lldp(index, system=b"far"))
        assert (one["interface"], one["protocol"], one["address"]) == ("ether3", "lldp", "10.0.0.9")
        assert (other["system"], other["protocol"]) == ("other", "mndp"), "heard by MNDP alone"


def test_who_hears_nobody_says_that_it_listens_and_who_cannot_says_so_too() -> None:
    speaks = content({"1.0.8802.1.1.2.1.3.2.0": MAC, "1.0.8802.1.1.2.1.3.1.0": 4, "1.3.6.1.4.1.9.9.23.1.3.1.0": 1})
    assert speaks == {"protocols": ["cdp", "lldp"], "chassis": "02:00:00:00:00:01", "neighbours": []}
    assert content({"1.3.6.1.4.1.9.9.23.1.3.1.0": 2}) == {"protocols": [], "chassis": None, "neighbours": []}


def test_it_asks_hourly_after_a_restart_and_when_nudged() -> None:
    box, clock = Box(lambda: {OIDS["sysUpTime"]: 1}), Clock()
    collector = Neighbours(lambda _: box, lambda _: None, clock)

    def asks() -> bool:
        return bool(asyncio.run(collector.collect(target(), 0)))

    assert (asks(), asks()) == (True, False)
    collector.nudge("dod-pe-1")
    assert (asks(), asks()) == (True, False)
    collector.note("dod-pe-1", clock.now, 900_000)
    collector.note("dod-pe-1", clock.now + 30, 100)
    assert (asks(), asks()) == (True, False)
    clock.now += KEEP_S
    assert asks()
    collector.forget("dod-pe-1")
    box.failure = NoAnswer("dod-pe-1")
    with pytest.raises(NoAnswer):
        asks()
    assert collector.wanted("dod-pe-1")


def test_rows_that_are_no_neighbours_and_those_beyond_any_measure_are_counted() -> None:
    objects = {OIDS["sysUpTime"]: 1} | lldp("0.5") | {f"{CDP}.6.4.4.4": b"x"}
    for number in range(MOST + 5):
        objects |= lldp(f"0.5.{number + 1}", system=f"box {number}".encode())
    box = Box(lambda: objects)
    collector = Neighbours(lambda _: box, lambda _: None, Clock())
    [facts] = asyncio.run(collector.collect(target(), 0))
    assert len(facts.content["neighbours"]) == MOST
    assert collector.dropped == 7


def test_what_neighbours_announce_is_one_line_of_bounded_text() -> None:
    [one] = heard(lldp("0.5.1", system=b"evil\r\nname\x00\x1b[31m" + b"x" * 400, port=b"\xff\xfe\xe2\x80\xae"))
    assert one["system"].isprintable() and len(one["system"]) <= 255
    assert one["port"].isprintable()


def test_rule_45_only_ports_with_a_neighbour_are_looked_up() -> None:
    objects = {OIDS["sysUpTime"]: 1} | lldp("0.5.1") | interface(5, b"eth5")
    for number in range(1, 49):
        objects |= local(number, f"eth{number}".encode())
    box = Box(lambda: objects)
    asyncio.run(Neighbours(lambda _: box, lambda _: None, Clock()).collect(target(), 0))
    asked = [oid for kind, oids in box.asked if kind == "get" for oid in oids if oid.startswith(LLDP_LOCAL)]
    assert asked == [f"{LLDP_LOCAL}.{column}.5" for column in (2, 3, 4)]
