"""The interface list: joined, named, measured (SEMANTICS 36 to 41)."""

import asyncio
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.interface import believed_speed, said_speed
from collectors.interface_list import NOTHING_KNOWN, InterfaceList, Known, read_interfaces, read_marks
from collectors.oids import OIDS
from tests.collectors.box import Port, Router

MAX = 4294967295


def read(*ports: Port, known: Known = NOTHING_KNOWN) -> InterfaceList:
    async def ask() -> InterfaceList:
        router = Router(ports)
        return await read_interfaces(router, await read_marks(router), known)

    return asyncio.run(ask())


def keys(*ports: Port, known: Known = NOTHING_KNOWN) -> list[str]:
    return [row.key for row in read(*ports, known=known).rows]


@pytest.mark.parametrize(
    ("low", "high", "bps"),
    [
        (100_000_000, 100, 1e8),
        (64_000, 0, 64e3),  # ifHighSpeed rounds to nothing
        (7_750_000, 7, 7.75e6),  # net-snmp floors
        (MAX, 10_000, 1e10),
        (1_410_065_408, 10_000, 1e10),  # ifSpeed overflowed
        (0, 1000, 1e9),
        (None, 1000, 1e9),
        (1_000_000_000, None, 1e9),
        (1_000_000_000, 1_000_000_000, 1e9),  # bit/s in both
        (MAX, 0, math.nan),
        (0, 0, math.nan),
        (None, None, math.nan),
        (None, 1_000_000_000, math.nan),  # bit/s in ifHighSpeed and nothing to hold against it
        (100_000_000, 1_000_000_000, math.nan),
    ],
)
def test_rule_36_speed_is_believed_where_it_can_be(low: int | None, high: int | None, bps: float) -> None:
    assert believed_speed(low, high) == pytest.approx(bps, nan_ok=True)


def test_rule_36_what_a_device_says_is_kept_as_fact_even_when_it_is_not_believed() -> None:
    found = read(Port(1, "wlan0", speed=None, high_speed=1_000_000_000))
    assert math.isnan(found.rows[0].speed_bps)
    assert found.content["interfaces"][0]["speed_bps"] == 10**15
    assert said_speed(100_000_000, 1_000_000_000) == 1e8


def test_rule_37_rows_of_either_list_are_joined() -> None:
    only_table = Port(1, None, "Vlan1", alias=None, high_speed=None, in_octets=None, out_octets=None)
    only_table.wide_packets = False
    only_table.low_in_octets = only_table.low_out_octets = 5
    only_extension = Port(7, "lag1", None, kind=None, speed=None, admin=None, oper=None)
    found = read(only_table, Port(2, "ge1", "GigabitEthernet1"), only_extension)
    assert [(row.key, row.index) for row in found.rows] == [("Vlan1", 1), ("ge1", 2), ("lag1", 7)]
    facts = found.content["interfaces"]
    assert facts[0]["ifName"] is None
    assert facts[0]["in_octets"] == 5
    assert facts[2]["oper"] is None


def test_rule_37_disjoint_lists_lose_no_row() -> None:
    low = [Port(i, None, f"if{i}", None, high_speed=None, in_octets=None, out_octets=None) for i in (1, 2)]
    for port in low:
        port.wide_packets = False
    high = [Port(i, f"if{i}", None, kind=None, speed=None, admin=None, oper=None) for i in (11, 12)]
    assert [row.index for row in read(*low, *high).rows] == [1, 2, 11, 12]


def test_rule_38_wide_counters_that_stand_beside_moving_narrow_ones_are_not_believed() -> None:
    dead = Port(1, "a", in_octets=0, out_octets=0, low_in_octets=900, low_out_octets=7)
    sound = Port(2, "b", in_octets=2**40, out_octets=1, low_in_octets=0, low_out_octets=1)
    idle = Port(3, "c", in_octets=0, out_octets=0, low_in_octets=0, low_out_octets=0)
    found = read(dead, sound, idle)
    assert [row.wide for row in found.rows] == [False, True, True]
    assert [each["in_octets"] for each in found.content["interfaces"]] == [900, 2**40, 0]
    assert found.narrow is not None
    assert found.narrow.tolist() == [0]


def test_rule_38_narrow_counters_are_asked_only_where_some_row_needs_them() -> None:
    wide, narrow = Port(1, "a", in_octets=1), Port(2, "b", in_octets=None, out_octets=None, low_in_octets=1)
    assert len(read(wide).plan.columns) == 10
    assert OIDS["ifInOctets"] not in read(wide).plan.columns
    assert len(read(wide, narrow).plan.columns) == 12
    assert len(read(narrow).plan.columns) == 10
    assert OIDS["ifHCInOctets"] not in read(narrow).plan.columns


def test_rule_39_the_key_is_the_name_else_the_description_else_the_alias() -> None:
    assert keys(Port(1, "ge1", "Gigabit 1"), Port(2, "", "Gigabit 2"), Port(3, None, None, "uplink"), Port(4)) == [
        "ge1",
        "Gigabit 2",
        "uplink",
        "4",
    ]


def test_rule_39_a_repeated_name_takes_the_description_with_it() -> None:
    assert keys(Port(1, "1", "slot 1"), Port(2, "1", "slot 2"), Port(3, "2", "slot 1")) == [
        "1 (slot 1)",
        "1 (slot 2)",
        "2",
    ]


def test_rule_39_where_the_description_repeats_too_the_index_decides() -> None:
    assert keys(Port(4, "eth0", "eth0"), Port(9, "eth0", "eth0")) == ["eth0", "eth0 #9"]


def test_rule_39_an_index_is_unsigned() -> None:
    found = read(Port(4_194_316_032, "lag"))
    assert found.rows[0].index == 4_194_316_032
    assert found.plan.indexes == (4_194_316_032,)


def test_rule_05_of_two_rows_with_one_name_the_one_that_is_up_keeps_it() -> None:
    old, new = Port(4, "ppp0", "ppp0", oper=2), Port(9, "ppp0", "ppp0", oper=1)
    assert keys(old, new) == ["ppp0 #4", "ppp0"]


def test_rule_05_of_two_rows_that_are_up_the_one_that_stands_still_gives_its_name_away() -> None:
    old, new = Port(4, "ppp0", "ppp0", in_octets=500), Port(9, "ppp0", "ppp0", in_octets=3)
    known = Known({4: "ppp0"}, {4: (500, 0)})
    assert keys(old, new, known=known) == ["ppp0 #4", "ppp0"]
    assert keys(Port(4, "ppp0", "ppp0", in_octets=501), new, known=known) == ["ppp0", "ppp0 #9"]


def test_rule_41_all_states_are_kept_as_they_are() -> None:
    ports = [Port(i + 1, f"p{i}", oper=i, admin=i % 4) for i in range(8)]
    facts = read(*ports).content["interfaces"]
    assert [each["oper"] for each in facts] == list(range(8))
    assert [each["admin"] for each in facts] == [i % 4 for i in range(8)]


def test_rule_40_a_key_is_one_line_and_an_alias_breaks_nothing() -> None:
    found = read(Port(1, b"ge\n1\0", alias=b'to "Dodoma"\nline 2 \xff'))
    assert found.rows[0].key == "ge 1"
    assert found.content["interfaces"][0]["ifAlias"] == 'to "Dodoma" line 2 \\xff'


def test_rule_44_a_scale_is_applied_where_the_device_is_asked_and_bits_per_second_leave() -> None:
    found = read(Port(1, "xe1", speed=MAX, high_speed=40_000))
    assert found.rows[0].speed_bps == 40e9
    assert found.content["interfaces"][0]["speed_bps"] == 40_000_000_000


def test_a_device_without_interfaces_has_an_empty_list() -> None:
    found = read()
    assert found.rows == ()
    assert found.content == {"interfaces": []}


NAMES = st.sampled_from(["eth0", "eth0 #2", "1", "1 (a)", "", "a"])


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from([1, 2])), max_size=7))
def test_rule_39_keys_are_unique_and_the_same_list_gives_the_same_keys(rows: list[tuple[str, str, int]]) -> None:
    ports = [Port(at + 1, name, descr, oper=oper) for at, (name, descr, oper) in enumerate(rows)]
    named = keys(*ports)
    assert len(set(named)) == len(named)
    assert keys(*ports) == named
    assert all(named)
