"""UPS, rectifiers and power strips: what they run, and where they say so."""

from collectors.identity.rule import MODEL, SERIAL, VERSION, Rule, descr, first_row, scalar

_UPS_MODEL, _UPS_VERSION, _UPS_AGENT = (f"1.3.6.1.2.1.33.1.1.{column}.0" for column in (2, 3, 4))
_PLUG = tuple(scalar(f"318.1.1.{at}") for at in ("26.2.1.9.1", "12.1.6.0", "4.1.5.0", "8.1.6.0"))

POWER_RULES: tuple[Rule, ...] = (
    Rule("apc-mgeups", ("318.1.3.7", "318.1.3.20"), version=(VERSION,)),
    Rule(
        "apc",
        ("318",),
        version=(descr(r"AF1:v?([\w.]+)"), descr(r"PF:v?([\w.]+)"), scalar("318.1.1.1.1.2.1.0")),
        hardware=(
            scalar("318.1.1.1.1.1.1.0"),
            scalar("318.1.1.26.2.1.8.1"),
            scalar("318.1.1.12.1.5.0"),
            scalar("318.1.1.4.1.4.0"),
            scalar("318.1.1.8.1.5.0"),
            descr(r"MN: ?(\S+)"),
            descr(r"^(.+?) \("),
        ),
        serial=(scalar("318.1.1.1.1.2.3.0"), *_PLUG, descr(r"SN: ?(\w+)")),
    ),
    Rule(
        "eaton-mgeups",
        ("705",),
        version=(scalar("705.1.1.4.0"), scalar(_UPS_VERSION), scalar("705.1.12.12.0")),
        hardware=(descr(r"^(?!Linux)(\S.*)$"), scalar("705.1.1.1.0"), scalar(_UPS_MODEL)),
        serial=(scalar("705.1.1.7.0"),),
    ),
    Rule(
        "eaton-pdu",
        ("534.6.6",),
        version=(first_row("534.6.6.7.1.2.1.5"), VERSION),
        hardware=(first_row("534.6.6.7.1.2.1.3"), MODEL),
        serial=(first_row("534.6.6.7.1.2.1.4"),),
    ),
    Rule(
        "eaton-sc", ("1918",), vendor="Eaton", version=(descr(r"V(?:ersion)? ?([\d.]+)"),), hardware=(descr(r"^(\S+)"),)
    ),
    Rule(
        "powerware",
        ("534",),
        version=(scalar("534.1.1.3.0"), VERSION),
        hardware=(scalar("534.1.1.2.0"), descr(r"^(.+)$")),
        serial=(first_row("534.1.1.4"),),
    ),
    Rule("netman", ("5491",), version=(scalar(_UPS_AGENT), VERSION), hardware=(scalar(_UPS_MODEL), descr(r"^(.+)$"))),
    Rule(
        "netvision",
        ("4555",),
        version=(scalar("4555.1.1.7.1.1.5.0"), scalar(_UPS_VERSION), VERSION),
        hardware=(scalar("4555.1.1.7.1.1.1.0"), scalar("4555.1.1.1.1.1.1.0"), scalar(_UPS_MODEL), descr(r"^(.+)$")),
        serial=(scalar("4555.1.1.7.1.1.4.0"), scalar("4555.1.1.1.1.1.4.0")),
    ),
    Rule(
        "liebert",
        ("476.1.42",),
        version=(scalar("476.1.42.2.1.3.0"), scalar("476.1.42.2.4.1.0"), VERSION),
        hardware=(scalar("476.1.42.2.1.2.0"), scalar("476.1.42.2.4.2.1.2.1"), descr(r"^(.+)$")),
        serial=(scalar("476.1.42.2.1.4.0"), scalar("476.1.42.2.4.5.0")),
    ),
    Rule("liebert", ("476",), version=(VERSION,)),
    Rule(
        "netsure",
        ("6302",),
        vendor="Vertiv",
        version=(scalar("6302.2.1.1.3.0"), VERSION),
        hardware=(scalar("6302.2.1.1.2.0"),),
    ),
    Rule(
        "eltek-enexus",
        ("12148",),
        version=(scalar("12148.10.2.4.0"), VERSION),
        hardware=(scalar("12148.10.2.3.0"), descr(r"^(\S+)")),
    ),
    Rule(
        "cyberpower",
        ("3808",),
        version=(scalar("3808.1.1.1.1.2.1.0"), VERSION),
        hardware=(scalar("3808.1.1.1.1.1.1.0"), scalar("3808.1.1.3.1.5.0"), descr(r"^(.+)$")),
        serial=(scalar("3808.1.1.1.1.2.3.0"), scalar("3808.1.1.3.1.6.0")),
    ),
    Rule(
        "powerwalker",
        ("935.10",),
        vendor="PowerWalker",
        version=(scalar("935.10.1.1.1.6.0"),),
        hardware=(scalar("935.10.1.1.1.2.0"), descr(r"^(.+)$")),
    ),
    Rule(
        "raritan",
        ("13742",),
        version=(
            first_row("13742.6.3.2.3.1.6"),
            first_row("13742.6.3.2.4.1.6"),
            scalar("13742.4.1.1.1.0"),
            descr(r"(?i)Version ([\d.]+)"),
        ),
        hardware=(
            first_row("13742.6.3.2.1.1.3"),
            scalar("13742.4.1.1.12.0"),
            descr(r"^(?:Raritan )?(.+?) - Firmware"),
            descr(r"^(\S+)"),
        ),
        serial=(first_row("13742.6.3.2.1.1.4"), scalar("13742.4.1.1.2.0")),
    ),
    Rule(
        "sentry4",
        ("1718.4",),
        version=(scalar("1718.4.1.1.1.2.0", r"(\d\S*)"),),
        hardware=(first_row("1718.4.1.2.2.1.6"),),
        serial=(scalar("1718.4.1.1.1.5.0"),),
    ),
    Rule(
        "sentry3",
        ("1718",),
        version=(scalar("1718.3.1.1.0", r"(\d\S*)"),),
        hardware=(first_row("1718.3.2.1.1.10"),),
        serial=(scalar("1718.3.1.2.0"),),
    ),
    Rule(
        "geist-watchdog",
        ("21239",),
        version=(scalar("21239.5.2.1.2.0"), scalar("21239.5.1.1.2.0"), VERSION),
        hardware=(scalar("21239.5.2.1.1.0"), scalar("21239.5.1.1.1.0")),
        serial=(SERIAL, scalar("21239.5.1.1.10.0")),
    ),
)
