"""Firewalls and load balancers: what they run, and where they say so."""

from collectors.identity.rule import (
    MODEL,
    SERIAL,
    SOFTWARE,
    VERSION,
    Rule,
    chassis,
    descr,
    scalar,
)

FIREWALL_RULES: tuple[Rule, ...] = (
    Rule(
        "fortigate",
        ("12356.101", "12356.15"),
        version=(scalar("12356.101.4.1.1.0"), SOFTWARE),
        hardware=(MODEL, chassis("name")),
        serial=(scalar("12356.100.1.1.1.0"), SERIAL),
    ),
    Rule(
        "fortiswitch",
        ("12356.106",),
        version=(scalar("12356.106.4.1.1.0"),),
        serial=(scalar("12356.100.1.1.1.0"), SERIAL),
    ),
    Rule(
        "fortios",
        ("12356",),
        version=(scalar("12356.103.2.1.5.0"), SOFTWARE),
        serial=(scalar("12356.100.1.1.1.0"), SERIAL),
    ),
    Rule(
        "panos",
        ("25461",),
        version=(scalar("25461.2.1.2.1.1.0"), SOFTWARE),
        hardware=(MODEL, chassis("name"), scalar("25461.2.1.2.2.1.0"), descr(r"(PA-\S+|VM-\S+|Panorama)")),
        serial=(scalar("25461.2.1.2.1.3.0"), SERIAL),
    ),
    Rule(
        "gaia",
        ("2620.1.6.123",),
        version=(scalar("2620.1.6.4.1.0"),),
        hardware=(scalar("2620.1.6.16.7.0"),),
        serial=(scalar("2620.1.6.16.3.0"),),
    ),
    Rule(
        "sonicwall",
        ("8741",),
        version=(scalar("8741.2.1.1.3.0"), descr(r"\(SonicOS \w+ ([\w.\-]+)\)")),
        hardware=(scalar("8741.2.1.1.1.0"), descr(r"SonicWALL (.+?) \(")),
        serial=(scalar("8741.2.1.1.2.0"),),
    ),
    Rule("firebox", ("3097",), version=(scalar("3097.6.3.1.0"), VERSION), hardware=(descr(r"^(\S+)"),)),
    Rule(
        "stormshield",
        ("11256",),
        version=(scalar("11256.1.0.2.0"),),
        hardware=(scalar("11256.1.0.1.0"),),
        serial=(scalar("11256.1.0.3.0"),),
    ),
    Rule(
        "f5",
        ("3375",),
        version=(scalar("3375.2.1.4.2.0"),),
        hardware=(scalar("3375.2.1.3.5.2.0"),),
        serial=(scalar("3375.2.1.3.3.3.0"),),
    ),
    Rule("netscaler", ("5951",), version=(descr(r"NetScaler NS([\d.]+)"),), serial=(scalar("5951.4.1.1.14.0"),)),
    Rule("acos", ("22610",), version=(descr(r"ACOS ([\w.\-]+)"),)),
    Rule(
        "pepwave",
        ("23695",),
        version=(scalar("23695.200.1.1.1.1.3.0"),),
        hardware=(scalar("23695.200.1.1.1.1.1.0"), descr(r"^(.+)$")),
        serial=(scalar("23695.200.1.1.1.1.2.0"),),
    ),
)
