"""Syslog lines of every kind of router: name, severity, text and what they speak of; and any bytes at all."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.notices.mnemonics import same_interface
from collectors.notices.said import notice_of_line
from collectors.notices.syslog import MOST_TEXT, Line, SyslogError, parse_syslog

STAMP = "Nov 21 10:00:01"
# as written; name, severity, about, state, subject
LINES = {
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick": ("su", 2, "", "", ""),
    "<189>45: *Mar  1 00:01:23.456: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down": (
        "%LINK-3-UPDOWN", 3, "link", "down", "GigabitEthernet0/1"),
    "<189>123: dar-pe-1: 456: Nov 21 10:00:01.123 EAT: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed "
    "state to up": ("%LINEPROTO-5-UPDOWN", 5, "link", "up", "Gi0/1"),
    "<189>: 2026 Nov 21 10:00:01 EAT: %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down (Link failure)": (
        "%ETHPORT-5-IF_DOWN_LINK_FAILURE", 5, "link", "down", "Ethernet1/1"),
    "<187>44: RP/0/RSP0/CPU0:Nov 21 10:00:01.344 : ifmgr[219]: %PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/0/0/1, "
    "changed state to Down": ("%PKT_INFRA-LINK-3-UPDOWN", 3, "link", "down", "TenGigE0/0/0/1"),
    f"<28>{STAMP} mx1 mib2d[12]: SNMP_TRAP_LINK_DOWN: ifIndex 531, ifOperStatus down(2), ifName ge-0/0/1": (
        "SNMP_TRAP_LINK_DOWN", 4, "link", "down", "ge-0/0/1"),
    '<28>1 2026-11-21T10:00:01.123Z mx1 mib2d 12 SNMP_TRAP_LINK_UP [junos@2636.1 snmp-interface-index="531"] ifIndex 531, '
    "ifOperStatus up(1), ifName ge-0/0/1": ("SNMP_TRAP_LINK_UP", 4, "link", "up", "ge-0/0/1"),
    "<187>Nov 21 2026 10:00:01 NE40 %%01IFNET/4/IF_STATE(l)[5]:Interface GigabitEthernet0/0/1 has turned into DOWN state.": (
        "%IFNET-4-IF_STATE", 4, "link", "down", "GigabitEthernet0/0/1"),
    "<189>Nov 21 10:00:01 2026 HP %%10IFNET/3/PHY_UPDOWN: Physical state on the interface GigabitEthernet1/0/1 changed to "
    "down.": ("%IFNET-3-PHY_UPDOWN", 3, "link", "down", "GigabitEthernet1/0/1"),
    "<30>interface,info ether1 link down": ("interface,info", 6, "link", "down", "ether1"),
    f"<30>{STAMP} MikroTik interface,info ether1 link up (speed 1G)": ("interface,info", 6, "link", "up", "ether1"),
    f"<189>{STAMP} sw Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1 (uplink), changed state to down": (
        "%LINEPROTO-5-UPDOWN", 5, "link", "down", "Ethernet1"),
    f"<30>{STAMP} frr-1 bgpd[7]: %ADJCHANGE: neighbor 10.0.0.1(dar) in vrf default Down BGP Notification send": (
        "%ADJCHANGE", 6, "peer", "down", "10.0.0.1"),
    f"<189>{STAMP}.000: %BGP-5-ADJCHANGE: neighbor 10.1.1.1 Up": ("%BGP-5-ADJCHANGE", 5, "peer", "up", "10.1.1.1"),
    f"<28>{STAMP} mx1 rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.9 (External AS 6) changed state from "
    "Established to Idle (event HoldTime)": ("RPD_BGP_NEIGHBOR_STATE_CHANGED", 4, "peer", "down", "10.0.0.9"),
    f"<28>{STAMP} mx1 rpd[1]: RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0.2 (realm ospf-v2 ge-0/0/1.0) state changed": (
        "RPD_OSPF_NBRDOWN", 4, "peer", "down", "10.0.0.2"),
    f"<189>{STAMP}: %OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on GigabitEthernet0/0 from LOADING to FULL, Loading Done": (
        "%OSPF-5-ADJCHG", 5, "peer", "up", "10.0.0.2"),
    f"<189>{STAMP}: %SYS-5-CONFIG_I: Configured from console": ("%SYS-5-CONFIG_I", 5, "configuration", "", ""),
    f"<189>{STAMP}: %ENVMON-3-FAN_FAILED: Fan 2 failed": ("%ENVMON-3-FAN_FAILED", 3, "health", "", ""),
    "<13>1 2026-11-21T13:00:00+00:00 host app - - - hello": ("app", 5, "", "", ""),
    "hello world": ("", 5, "", "", ""),
    "<999>x: y": ("", 5, "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_given_a_line_of_a_router_then_its_name_severity_and_subject_are_told(line: str) -> None:
    found = notice_of_line(parse_syslog(line.encode()), "r1", "10.0.0.1", 0.0)
    said = (found.name, found.severity, found.content["about"], found.content["state"], found.subject)
    assert said == LINES[line]
    assert found.text and found.text.isprintable()


def test_given_structured_data_then_its_parameters_are_kept_and_unescaped() -> None:
    line = parse_syslog(
        b"<165>1 2003-10-11T22:14:15.003Z host.example.com evntslog 77 ID47 "
        b'[exampleSDID@32473 iut="3" eventSource="Appl\\]ic"][second@1 a="b"] \xef\xbb\xbfAn application event'
    )
    assert line.structured == {
        "exampleSDID@32473.iut": "3",
        "exampleSDID@32473.eventSource": "Appl]ic",
        "second@1.a": "b",
    }
    assert (line.host, line.process, line.text) == ("host.example.com", "77", "An application event")


@pytest.mark.parametrize("data", [b"", b"<5>", b"\n\n", b"\0\0", b"<13>   ", b"<13>1 - - - - - -"])
def test_given_no_text_then_it_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(SyslogError):
        parse_syslog(data)


def sound(line: Line) -> bool:
    short = len(line.text) <= MOST_TEXT and len(line.name) <= 64 and len(line.structured) <= 32
    return short and bool(line.text) and 0 <= line.severity <= 7


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_rule_40_given_any_bytes_then_one_safe_line_or_a_refusal(data: bytes) -> None:
    try:
        found = parse_syslog(data)
    except SyslogError:
        return
    assert sound(found) and "\n" not in found.text and "\x1b" not in found.text


def test_given_mutated_lines_then_each_is_understood_or_refused_in_no_time() -> None:
    dice = random.Random(14)
    seeds = [line.encode() for line in LINES]
    for _ in range(20_000):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 5)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.1:
            data *= 40
        try:
            found = parse_syslog(bytes(data))
        except SyslogError:
            continue
        assert sound(found)
        notice_of_line(found, "r1", "10.0.0.1", 0.0)


@pytest.mark.parametrize("sign", [*list('<>:%[]"=,. -(/aA1'), "a,", "x: ", "[a ", '="', "%A-", " <1>"])
def test_given_a_long_line_made_to_hurt_then_it_takes_no_longer_than_others(sign: str) -> None:
    for lead in ("", "<13>", "<13>1 - h a p i ", f"<13>{STAMP} h ", "<13>%%01"):
        line = parse_syslog(
            (lead + sign * 8000).encode() + b"x"
        )  # quadratic matching would not end within the test run
        notice_of_line(line, "r1", "10.0.0.1", 0.0)


@pytest.mark.parametrize(
    ("said", "known", "same"),
    [
        ("GigabitEthernet0/1", "Gi0/1", True),
        ("Gi0/1", "GigabitEthernet0/1", True),
        ("TenGigE0/0/0/1", "Te0/0/0/1", True),
        ("ge-0/0/1", "ge-0/0/1", True),
        ("GigabitEthernet0/1", "Gi0/11", False),
        ("GigabitEthernet0/1", "Te0/1", False),
        ("Vlan5", "Vl5", True),
        ("ether1", "ether2", False),
        ("e1", "ether1", False),
    ],
)
def test_given_two_spellings_then_they_are_one_interface_or_not(said: str, known: str, same: bool) -> None:
    assert same_interface(said, known) is same
