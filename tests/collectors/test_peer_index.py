"""Indexes and octets as any device may send them: what is an address is read, everything else is none."""

from ipaddress import ip_address

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.announcements import TABLES as ANNOUNCEMENTS
from collectors.announcements import management_addresses
from collectors.contract import Value
from collectors.inet import address_of, sized, unsized
from collectors.neighbour import chassis_id, mac, port_id
from collectors.peer_index import Field, peer_index
from collectors.peer_list import build
from collectors.peer_tables import TABLES
from collectors.text import text

ARCS = st.lists(st.one_of(st.integers(0, 260), st.integers(0, 2**32)), max_size=30).map(tuple)
OCTETS = st.one_of(st.binary(min_size=4, max_size=4), st.binary(min_size=16, max_size=16))
VALUES = st.one_of(st.none(), st.integers(-(2**63), 2**64), st.binary(max_size=40), st.text(max_size=20))
FORMS: list[tuple[Field, ...]] = sorted({table.index for table in TABLES})


@settings(deadline=None, max_examples=60)
@given(OCTETS, OCTETS, st.integers(0, 2**31))
def test_an_address_in_an_index_is_found_with_its_length_and_without(ours: bytes, theirs: bytes, instance: int) -> None:
    def inet(octets: bytes, *, length: bool) -> tuple[int, ...]:
        return (1 if len(octets) == 4 else 2, *((len(octets),) if length else ()), *octets)

    wanted = str(ip_address(theirs))
    with_length = (instance, *inet(ours, length=True), *inet(theirs, length=True))
    without = (instance, *inet(ours, length=False), *inet(theirs, length=False))
    for index in (with_length, without):
        found = peer_index(index, ("instance", "local", "inet"))
        assert found is not None and found.address is not None
        if index is with_length:
            assert (found.address.short, found.instance) == (wanted, instance)
    found = peer_index((*inet(theirs, length=True),), ("inet",))
    assert found is not None and found.address is not None and found.address.short == wanted
    assert ip_address(found.address.full) == ip_address(theirs)


@settings(deadline=None, max_examples=200)
@given(ARCS)
def test_no_index_however_strange_raises(index: tuple[int, ...]) -> None:
    for form in FORMS:
        found = peer_index(index, form)
        assert found is None or len(index) >= len(form)
    sized(index, 0), unsized(index, 0)
    for table in ANNOUNCEMENTS:
        table.parse(index, (None,) * len(table.columns))
        assert all("%" in at or ip_address(at) for at in management_addresses((index,), table.lengths).values())


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(ARCS, st.lists(VALUES, min_size=11, max_size=11), max_size=6))
def test_no_table_however_strange_makes_a_peer_whose_key_breaks_a_line(
    rows: dict[tuple[int, ...], list[Value]],
) -> None:
    for table in TABLES:
        told = {index: dict(zip(table.columns, values, strict=False)) for index, values in rows.items()}
        found = build([(table, told)], None)
        keys = [peer.key for peer in found.peers]
        assert len(set(keys)) == len(keys) == len(found.values)
        assert all(text(key) == key for key in keys)
        assert len(keys) + found.dropped <= len(rows) + 1


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 9), VALUES)
def test_no_announced_identifier_raises_or_breaks_a_line(subtype: int, value: Value) -> None:
    for found in (chassis_id(subtype, value), port_id(subtype, value)):
        assert found is None or (found and "\n" not in found and len(found) <= 255)
    address_of(value)


def test_identifiers_read_as_their_subtype_says() -> None:
    assert chassis_id(4, bytes.fromhex("001b21bbe6f0")) == "00:1b:21:bb:e6:f0"
    assert chassis_id(4, b"64:D1:54:F2:A4:16") == "64:d1:54:f2:a4:16", "RouterOS writes it out"
    assert chassis_id(4, b"d4 c1 c8 18 86 50") == "d4:c1:c8:18:86:50"
    assert chassis_id(5, bytes((1, 10, 0, 0, 1))) == "10.0.0.1"
    assert chassis_id(7, b"dod-core-1") == "dod-core-1"
    assert port_id(3, bytes.fromhex("001b21bbe6f0")) == "00:1b:21:bb:e6:f0"
    assert port_id(5, b"Te1/3\0") == "Te1/3"
    assert port_id(7, b"") is None
    assert mac(b"not one") is None
