"""Servers, storage and general systems: asked last, for many devices are one of these underneath."""

from collectors.identity.rule import (
    MODEL,
    Rule,
    chassis,
    descr,
    scalar,
)

_LINUX = ("8072.3.2.10", "2021.250.10")


SYSTEM_RULES: tuple[Rule, ...] = (
    Rule(
        "vyos",
        ("44641", "30803", "8072"),
        r"(?i)VyOS",
        vendor="VyOS",
        version=(descr(r"(?i)VyOS (?:version )?(\S+)"),),
    ),
    Rule(
        "vyatta",
        ("30803", "8072"),
        r"(?i)Vyatta",
        vendor="Vyatta",
        version=(descr(r"(?i)Vyatta (?:VSE )?v?(\S*\d\S*)"),),
    ),
    Rule(
        "pfsense",
        ("12325", "8072"),
        r"(?i)pfSense",
        vendor="Netgate",
        version=(descr(r"pfSense (?:\S+ )??(\d\S*)"),),
        hardware=(descr(r"(\S+)$"),),
    ),
    Rule(
        "opnsense",
        ("12325", "8072"),
        r"(?i)OPNsense",
        vendor="Deciso",
        version=(descr(r"(?i)OPNsense ([\d.]+\S*)"), descr(r"FreeBSD ([\w.\-]+)")),
        hardware=(descr(r"(\S+)$"),),
    ),
    Rule(
        "truenas",
        ("50536", "8072", "12325"),
        r"(?i)TrueNAS|FreeNAS",
        vendor="iXsystems",
        version=(descr(r"(?i)(?:TrueNAS|FreeNAS)-([\w.\-]+)"),),
    ),
    Rule("openbsd", ("30155",), version=(descr(r"OpenBSD \S+ (\S+)"),), hardware=(descr(r"(\S+)$"),)),
    Rule(
        "freebsd",
        ("12325", "8072"),
        r"FreeBSD",
        version=(descr(r"FreeBSD (?:\S+ )??(\d\S*)"),),
        hardware=(descr(r"(amd64|i386|arm64|aarch64)"),),
    ),
    Rule(
        "windows",
        ("311",),
        vendor="Microsoft",
        version=(descr(r"(?:Windows )?Version ([\d.]+ \(Build \d+)", "{})"),),
        hardware=(descr(r"Hardware: (.+?) - Software"),),
    ),
    Rule(
        "vmware-esxi",
        ("6876",),
        version=(scalar("6876.1.2.0"), descr(r"ESXi? ([\d.]+)")),
        hardware=(scalar("6876.1.1.0"), MODEL),
    ),
    Rule(
        "dsm",
        ("6574", "8072"),
        proof=("6574.1.5.1.0",),
        vendor="Synology",
        enterprises=(6574,),
        version=(scalar("6574.1.5.3.0", r"(?:DSM )?(\S+)"),),
        hardware=(scalar("6574.1.5.1.0"),),
        serial=(scalar("6574.1.5.2.0"),),
    ),
    Rule(
        "qnap",
        ("24681", "55062", "8072"),
        proof=("24681.1.2.12.0", "24681.1.4.1.1.1.1.1.2.1.3.1"),
        vendor="QNAP",
        enterprises=(24681,),
        hardware=(scalar("24681.1.2.12.0"), MODEL),
    ),
    Rule(
        "qnap",
        ("24681", "55062"),
        version=(chassis("firmware"), descr(r"(\d+\.\d+\.\d+)")),
        hardware=(scalar("24681.1.2.12.0"), MODEL),
    ),
    Rule(
        "netapp",
        ("789",),
        version=(descr(r"Release ([\w.]+)"),),
        hardware=(scalar("789.1.1.5.0"),),
        serial=(scalar("789.1.1.9.0"),),
    ),
    Rule("solaris", ("42",), version=(descr(r"SunOS \S+ (\S+)"),)),
    Rule(
        "linux",
        _LINUX,
        version=(descr(r"^Linux \S+ (\S+)"),),
        hardware=(descr(r"(x86_64|aarch64|armv\w+|mips\w*|i[3-6]86|ppc\w*)\s*$"),),
    ),
    Rule(
        "linux",
        ("8072",),
        r"^Linux ",
        version=(descr(r"^Linux \S+ (\S+)"),),
        hardware=(descr(r"(x86_64|aarch64|armv\w+|mips\w*|i[3-6]86|ppc\w*)\s*$"),),
    ),
)
