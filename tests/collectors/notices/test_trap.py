"""Traps and informs: what is well formed is understood whole, what is not is refused whole, and meanings are looked up."""

import random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.notices.meaning import MEANINGS, About, meaning_of
from collectors.notices.said import notice_of_trap
from collectors.notices.trap import TrapError, acknowledgement, parse_trap
from collectors.snmp import ber
from collectors.snmp.message import walk
from inventory.notice import Notice
from tests.collectors.notices.datagrams import INFORM, LINK_DOWN, REQUEST_ID, Variable, link, oid, v1, v2c


def notice(data: bytes) -> Notice:
    return notice_of_trap(parse_trap(data), "r1", "10.0.0.1", 1000.0)


def test_given_a_link_trap_then_the_index_names_the_interface() -> None:
    found = notice(v2c(LINK_DOWN, link(31)))
    assert (found.name, found.subject, found.kind) == ("linkDown", "31", "trap")
    assert found.text == "ifIndex 31, ifOperStatus down"
    assert (found.content["about"], found.content["state"], found.content["uptime_ticks"]) == (
        "link",
        "down",
        90_000_000,
    )


def test_given_a_link_trap_without_an_index_then_its_variable_has_to_do() -> None:
    assert notice(v2c(LINK_DOWN, [("1.3.6.1.2.1.2.2.1.1", ber.integer(4))])).subject == "4"


@pytest.mark.parametrize(
    ("generic", "specific", "enterprise", "name"),
    [
        (0, 0, "1.3.6.1.4.1.9.1.1", "coldStart"),
        (2, 0, "1.3.6.1.4.1.9.1.1", "linkDown"),
        (3, 0, "1.3.6.1.4.1.9.1.1", "linkUp"),
        (4, 0, "1.3.6.1.4.1.9.1.1", "authenticationFailure"),
        (6, 1, "1.3.6.1.2.1.15", "bgpEstablished"),
        (6, 2, "1.3.6.1.2.1.15.7", "bgpBackwardTransition"),
        (6, 1, "1.3.6.1.2.1.33.2", "upsTrapOnBattery"),
        (6, 99, "1.3.6.1.4.1.99999", "1.3.6.1.4.1.99999.0.99"),
    ],
)
def test_given_a_v1_trap_then_it_is_what_rfc_3584_makes_of_it(
    generic: int, specific: int, enterprise: str, name: str
) -> None:
    trap = parse_trap(v1(enterprise, generic, specific, link(2)))
    assert meaning_of(trap.oid).name == name
    assert (trap.version, trap.agent, trap.uptime_ticks) == ("1", "10.1.2.3", 500)
    assert trap.bindings[-1].value == enterprise


PEER = "10.20.30.40"
V6 = "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.2"


@pytest.mark.parametrize(
    ("name", "variable", "subject"),
    [
        ("1.3.6.1.2.1.15.0.2", f"1.3.6.1.2.1.15.3.1.2.{PEER}", PEER),
        ("1.3.6.1.2.1.15.7.1", f"1.3.6.1.2.1.15.3.1.14.{PEER}", PEER),
        ("1.3.6.1.4.1.9.9.187.0.1", f"1.3.6.1.2.1.15.3.1.2.{PEER}", PEER),
        ("1.3.6.1.4.1.9.9.187.0.6", f"1.3.6.1.4.1.9.9.187.1.2.5.1.3.1.4.{PEER}", PEER),
        ("1.3.6.1.4.1.9.9.187.0.5", f"1.3.6.1.4.1.9.9.187.1.2.5.1.3.2.16.{V6}", "2001:db8::2"),
        ("1.3.6.1.4.1.2636.5.1.1.1.0.2", f"1.3.6.1.4.1.2636.5.1.1.2.1.1.1.2.0.1.10.0.0.1.1.{PEER}", PEER),
        ("1.3.6.1.4.1.2636.5.1.1.1.0.1", f"1.3.6.1.4.1.2636.5.1.1.2.1.1.1.2.0.2.{V6}.2.{V6}", "2001:db8::2"),
        ("1.3.6.1.4.1.2011.5.25.177.1.3.10", f"1.3.6.1.4.1.2011.5.25.177.1.1.2.1.5.0.1.1.1.4.{PEER}", PEER),
        ("1.3.6.1.2.1.14.16.2.2", f"1.3.6.1.2.1.14.10.1.6.{PEER}.0", PEER),
        ("1.3.6.1.2.1.191.0.2", "1.3.6.1.2.1.191.1.9.1.8.3.0.169090600", PEER),
        ("1.3.6.1.4.1.9.9.91.2.0.1", "1.3.6.1.4.1.9.9.91.1.2.1.1.4.1006.2", "1006"),
    ],
)
def test_rule_47_given_a_notice_then_the_index_not_a_variable_names_its_subject(
    name: str, variable: str, subject: str
) -> None:
    misleading = ("1.3.6.1.2.1.15.3.1.7.9.9.9.9", ber.tlv(ber.IP_ADDRESS, bytes((9, 9, 9, 9))))
    found = notice(v2c(name, [(variable, ber.integer(1))]))
    assert (found.subject, found.name) == (subject, MEANINGS[name].name)
    if "1.3.6.1.2.1.15.3.1" in variable:
        assert notice(v2c(name, [(variable, ber.integer(1)), misleading])).subject == subject


def test_given_an_index_of_another_shape_then_there_is_no_subject_and_no_error() -> None:
    for tail in ("1", "300.300.300.300", "1.2.3", "4294967295.1.1.1"):
        assert notice(v2c("1.3.6.1.2.1.15.0.2", [(f"1.3.6.1.2.1.15.3.1.2.{tail}", ber.integer(1))])).subject == ""


def test_given_an_inform_then_its_acknowledgement_is_a_response_with_the_same_bindings() -> None:
    data = v2c(LINK_DOWN, link(3), tag=INFORM)
    trap = parse_trap(data)
    answer = walk(acknowledgement(data, trap), b"public")
    assert trap.confirmed and (answer.status, answer.index) == (0, 0)
    assert int.from_bytes(answer.data[answer.identity : answer.identity + 4]) == trap.request_id == REQUEST_ID
    assert len(answer.names) == 4


BROKEN = {
    "nothing": b"",
    "no message": b"\x00" * 40,
    "an endless length": b"\x30\x84\xff\xff\xff\xff",
    "an indefinite length": b"\x30\x80\x02\x01\x01\x00\x00",
    "a request": ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + ber.tlv(ber.GET, b"")),
    "no snmpTrapOID": v2c(LINK_DOWN).replace(oid("1.3.6.1.6.3.1.1.4.1.0"), oid("1.3.6.1.6.3.1.1.4.2.0")),
    "something behind": v2c(LINK_DOWN) + b"\x00",
    "a v3 message": ber.tlv(ber.SEQUENCE, ber.integer(3) + ber.tlv(ber.SEQUENCE, b"")),
    "version 2": ber.tlv(ber.SEQUENCE, ber.integer(2) + ber.tlv(ber.OCTETS, b"public")),
    "generic trap 9": v1("1.3.6.1.4.1.9", 9),
    "too many bindings": v2c(LINK_DOWN, [("1.3", b"\x05\x00")] * 600),
    "too long an OID": v2c(LINK_DOWN, [(".".join(["1"] * 200), b"\x05\x00")]),
    "an arc of 40 bits": v2c(LINK_DOWN, [(f"1.3.{1 << 40}", b"\x05\x00")]),
    "a type of nobody": v2c(LINK_DOWN, [("1.3.6", b"\x1f\x01\x00")]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_given_what_is_no_notification_then_it_is_refused_by_name(name: str) -> None:
    with pytest.raises(TrapError):
        parse_trap(BROKEN[name])


values = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(ber.integer),
    st.binary(max_size=40).map(lambda body: ber.tlv(ber.OCTETS, body)),
    st.binary(min_size=4, max_size=4).map(lambda body: ber.tlv(ber.IP_ADDRESS, body)),
    st.integers(0, 2**32 - 1).map(lambda n: ber.unsigned(n, ber.TIMETICKS)),
    st.integers(0, 2**64 - 1).map(lambda n: ber.unsigned(n, ber.COUNTER64)),
    st.just(b"\x05\x00"),
)
names = st.lists(st.integers(0, 2**32 - 1), max_size=12).map(lambda arcs: ".".join(map(str, (1, 3, *arcs))))
variables = st.lists(st.tuples(names, values), max_size=6)


@settings(deadline=None, max_examples=150)
@given(names, variables)
def test_given_any_well_formed_trap_then_nothing_of_it_is_lost(name: str, given_: list[Variable]) -> None:
    trap = parse_trap(v2c(name, given_))
    assert trap.oid == name
    assert [one.oid for one in trap.bindings] == [one for one, _ in given_]
    said = notice_of_trap(trap, "r1", "10.0.0.1", 0.0)
    assert said.text.isprintable() and len(said.text) <= 500


def test_given_mutated_and_random_datagrams_then_each_is_understood_or_refused() -> None:
    dice = random.Random(13)
    seeds = [
        v2c(LINK_DOWN, link(3)),
        v1("1.3.6.1.4.1.9", 6, 4, link(9)),
        v2c("1.3.6.1.2.1.15.0.2", link(1), tag=INFORM),
    ]
    understood = 0
    for _ in range(20_000):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.2:
            data = data[: dice.randrange(len(data))] if dice.random() < 0.5 else bytearray(dice.randbytes(60))
        try:
            found = notice_of_trap(parse_trap(bytes(data)), "r1", "10.0.0.1", 0.0)
        except TrapError:
            continue
        understood += 1
        assert found.text.isprintable()
    assert understood


def test_given_the_table_then_every_name_is_one_word_and_every_oid_is_one() -> None:
    for dotted, meaning in MEANINGS.items():
        assert ber.dotted_body(dotted)
        assert meaning.name.isalnum()
        assert meaning.about in get_args(About)
