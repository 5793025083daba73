"""The lab's routers speak SNMP as the RFCs have it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber
from noc.lab.agent import MOST_OCTETS
from noc.lab.world import World
from tests.noc.lab.asker import IF, IFX, UPTIME, get, message, read, walk, world
from tests.noc.lab.network import START

DESCR = "1.3.6.1.2.1.1.1.0"


@pytest.fixture(scope="module")
def lab() -> World:
    return world()


@pytest.fixture(scope="module")
def old() -> World:
    """p1 speaks version 1."""
    return world(versions={"p1": "1"})


def said(lab: World, data: bytes, device: str = "p1") -> tuple[int, int, list[tuple[str, object]]]:
    answer = lab.answer(device, data, START)
    assert answer is not None
    assert len(answer) <= MOST_OCTETS
    return read(answer)


def test_given_a_get_then_values_come_in_the_order_asked(lab: World) -> None:
    status, _, bindings = said(lab, message(ber.GET, [UPTIME, DESCR, "1.3.6.1.2.1.1.5.0"]))
    assert status == 0
    assert [oid for oid, _ in bindings] == [UPTIME, DESCR, "1.3.6.1.2.1.1.5.0"]
    assert bindings[2][1] == b"p1"


def test_given_unknown_names_then_each_gets_its_exception(lab: World) -> None:
    _, _, bindings = said(lab, message(ber.GET, ["1.3.6.1.9.9.0", "1.3.6.1.2.1.1.3.1", f"{IF}.8.999999", UPTIME]))
    assert [value for _, value in bindings[:3]] == ["noSuchObject", "noSuchInstance", "noSuchInstance"]
    assert isinstance(bindings[3][1], int)


def test_given_getnext_from_nothing_then_the_whole_mib_comes_in_order(lab: World) -> None:
    found = [oid for root in ("1.0", "1.2", "1.3.6.1") for oid in walk(lab, "c1", root)]
    arcs = [tuple(map(int, oid.split("."))) for oid in found]
    assert arcs == sorted(arcs)
    assert len(arcs) == len(set(arcs)) == len(lab.layout(lab.routers["c1"], 0))


def test_given_getbulk_then_it_says_what_getnext_says(lab: World) -> None:
    roots = [f"{IFX}.1", f"{IFX}.6", f"{IF}.8"]
    _, _, bulk = said(lab, message(ber.GETBULK, [UPTIME[:-2], *roots], (1, 4)))
    assert bulk[0][0] == UPTIME
    for place, root in enumerate(roots):
        column = [bulk[1 + 3 * step + place] for step in range(4)]
        assert column == list(walk(lab, "p1", root).items())[:4]


def test_given_getbulk_past_the_end_then_it_says_end_of_view_with_the_last_name(lab: World) -> None:
    last = list(walk(lab, "p1", "1.3.6.1"))[-1]
    _, _, bindings = said(lab, message(ber.GETBULK, [last[: last.rindex(".")]], (0, 50)))
    assert bindings[-2][0] == bindings[-1][0] == last
    assert bindings[-1][1] == "endOfMibView"
    _, _, beyond = said(lab, message(ber.GETNEXT, ["1.3.6.1.9"]))
    assert beyond == [("1.3.6.1.9", "endOfMibView")]


def test_given_a_bulk_that_does_not_fit_then_it_is_cut_to_the_frame(lab: World) -> None:
    status, _, bindings = said(lab, message(ber.GETBULK, [f"{IFX}.18", f"{IF}.2"], (0, 100)))
    assert status == 0
    assert 10 < len(bindings) < 200


def test_given_a_get_that_does_not_fit_then_too_big(lab: World, old: World) -> None:
    status, index, bindings = said(lab, message(ber.GET, [DESCR] * 40))
    assert (status, index, bindings) == (1, 0, [])
    status, _, bindings = said(old, message(ber.GET, [DESCR] * 40, version=0))
    assert status == 1
    assert len(bindings) == 40


def test_given_version_1_then_missing_names_are_errors_and_wide_counters_do_not_exist(lab: World, old: World) -> None:
    assert said(old, message(ber.GET, [UPTIME, "1.3.6.1.9.0"], version=0))[:2] == (2, 2)
    index = next(iter(walk(lab, "p1", f"{IFX}.6"))).rsplit(".", 1)[1]
    assert said(old, message(ber.GET, [f"{IFX}.6.{index}"], version=0))[:2] == (2, 1)
    _, _, bindings = said(old, message(ber.GETNEXT, [f"{IFX}.6"], version=0))
    assert bindings[0][0].startswith(f"{IFX}.14.")
    assert said(old, message(ber.GETNEXT, ["1.3.6.1.9"], version=0))[:2] == (2, 1)
    assert old.answer("p1", message(ber.GETBULK, [UPTIME], (0, 5), version=0), START) is None


def test_given_a_set_then_it_is_refused(lab: World, old: World) -> None:
    assert said(lab, message(ber.SET, [UPTIME]))[:2] == (17, 1)
    assert said(old, message(ber.SET, [UPTIME], version=0))[:2] == (2, 1)


def test_given_another_version_than_the_inventorys_then_silence(lab: World, old: World) -> None:
    assert lab.answer("p1", message(ber.GET, [UPTIME], version=0), START) is None
    assert old.answer("p1", message(ber.GET, [UPTIME]), START) is None
    assert world(versions={"p1": "3"}).answer("p1", message(ber.GET, [UPTIME]), START) is None


def test_given_a_wrong_community_then_silence(lab: World) -> None:
    assert lab.answer("p1", message(ber.GET, [UPTIME], community=b"private"), START) is None
    assert get(lab, "p1", UPTIME, 0.0) is not None


@given(cut=st.integers(0, 60), noise=st.binary(max_size=80), place=st.integers(0, 60))
@settings(deadline=None, max_examples=100)
def test_given_damaged_messages_then_silence_or_an_answer_never_a_fall(
    lab: World, cut: int, noise: bytes, place: int
) -> None:
    good = message(ber.GETBULK, [UPTIME, f"{IF}.8"], (0, 3))
    for data in (good[:cut], noise, good[:place] + noise + good[place + len(noise) :]):
        answer = lab.answer("p1", data, START)
        assert answer is None or len(answer) <= MOST_OCTETS


def test_given_any_router_then_its_interfaces_are_8_to_48_and_both_tables_agree(lab: World) -> None:
    for device in lab.inventory.devices:
        names, descrs = walk(lab, device, f"{IFX}.1"), walk(lab, device, f"{IF}.2")
        assert 8 <= len(names) == len(descrs) == get(lab, device, "1.3.6.1.2.1.2.1.0", 0.0) <= 48
        assert len(set(names.values())) == len(names)
        assert {name.encode() for name in lab.inventory.link_interfaces[device]} <= set(names.values())
        assert len(walk(lab, device, IF)) == 22 * len(names)


def test_given_a_link_interface_then_its_alias_speaks_both_languages(lab: World) -> None:
    aliases = [bytes(alias).decode() for alias in walk(lab, "p1", f"{IFX}.18").values()]
    assert any("Halmashauri 1 / Council 1 [s1-a]" in alias for alias in aliases)
    assert all(len(alias.encode()) <= 64 for alias in aliases)


def test_given_short_names_of_one_maker_then_descr_is_the_long_one(lab: World) -> None:
    assert next(iter(walk(lab, "s1-r1", f"{IF}.2").values())) == b"GigabitEthernet0/0"
    assert next(iter(walk(lab, "s1-r1", f"{IFX}.1").values())) == b"Gi0/0"


def test_given_narrow_counters_then_they_are_the_low_half_of_the_wide_ones(lab: World) -> None:
    for wide, narrow in ((f"{IFX}.6", f"{IF}.10"), (f"{IFX}.10", f"{IF}.16"), (f"{IFX}.7", f"{IF}.11")):
        wides, narrows = walk(lab, "c1", wide, 60.0), walk(lab, "c1", narrow, 60.0)
        assert [number & 0xFFFFFFFF for number in wides.values()] == list(narrows.values())


def test_given_packets_then_they_are_coherent_with_octets(lab: World) -> None:
    octets = list(walk(lab, "c1", f"{IFX}.6", 600.0).values())
    packets = list(walk(lab, "c1", f"{IFX}.7", 600.0).values())
    assert any(octets)
    for carried, count in zip(octets, packets, strict=True):
        assert count * 64 <= carried <= (count + 1) * 1518
