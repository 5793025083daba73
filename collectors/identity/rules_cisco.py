"""Cisco: what its many systems call themselves, and where version, model and serial number stand."""

from collectors.identity.rule import (
    MODEL,
    SERIAL,
    SOFTWARE,
    VERSION,
    Rule,
    descr,
    first_row,
    scalar,
)

_IOS_VERSION = (descr(r"Version ([^,\s\[]+)"), SOFTWARE)
_IOS_HARDWARE = (MODEL, descr(r", (?:Catalyst )?(\S+)(?: L3 Switch)? Software \("))
_IOS_SERIAL = (SERIAL, scalar("9.5.1.2.19.0"), scalar("9.3.6.3.0"))

CISCO_RULES: tuple[Rule, ...] = (
    Rule("iosxr", ("9",), r"IOS XR", version=(descr(r"Version (\S+?)(?:\[|$|\s)"), SOFTWARE)),
    Rule("nxos", ("9",), r"NX-OS", version=(descr(r"Version ([^,\s]+)"), SOFTWARE)),
    Rule("asa", ("9",), r"Adaptive Security Appliance|PIX Security|^Cisco Firewall", version=(SOFTWARE, *_IOS_VERSION)),
    Rule("ftd", ("9",), r"Firepower Threat Defense", version=_IOS_VERSION),
    Rule("fxos", ("9",), r"\bFX-?OS\b|Firepower"),
    Rule(
        "iosxe",
        ("9",),
        r"IOS[- ]XE|LINUX_IOSD|_IOSXE|IOS-XE|CAT[349]K_(CAA|LITE|IOSXE)|cat4500es|CSR1000V|\[[A-Z][a-z]+\].*Version 1[67]\.",
        version=_IOS_VERSION,
        hardware=_IOS_HARDWARE,
        serial=_IOS_SERIAL,
    ),
    Rule("ciscowlc", ("9.1", "14179"), r"Cisco Controller|Wireless LAN Controller", version=(SOFTWARE, VERSION)),
    Rule("cucm", ("9",), r"VOS|Unified Communications", vendor="Cisco"),
    Rule("catos", ("9",), r"Catalyst Operating System|CatOS"),
    Rule(
        "ciscosb",
        ("9.6.1",),
        version=(first_row("9.6.1.101.53.14.1.2"), first_row("9.6.1.101.2.4"), SOFTWARE),
        hardware=(MODEL, descr(r"^(\S+)")),
        serial=(first_row("9.6.1.101.53.14.1.5"), SERIAL),
    ),
    Rule("meraki", ("29671",), version=(VERSION,), hardware=(descr(r"Meraki (\S+)"),)),
    Rule("viptela", ("41916",), version=(scalar("41916.11.1.18.0"), VERSION)),
    Rule(
        "asyncos",
        ("15497",),
        r"AsyncOS",
        version=(descr(r"AsyncOS Version: ([\w.-]+)"),),
        hardware=(descr(r"Model:? (\w+)"),),
    ),
    Rule(
        "ios",
        ("9",),
        r"IOS|Internetwork Operating System|Cisco",
        version=_IOS_VERSION,
        hardware=_IOS_HARDWARE,
        serial=_IOS_SERIAL,
    ),
)
