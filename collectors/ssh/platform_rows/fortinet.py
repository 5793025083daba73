"""Fortinet FortiOS. Its paging is a setting of the whole box, so the pager is answered instead."""

from collectors.ssh import values
from collectors.ssh.columns import PEER_LINE, facts, of, pattern, peers
from collectors.ssh.question import Dialect, Platform, Template, Way

ROW = Platform(
    os="FortiOS",
    dialect=Dialect("fortinet", prompt=r"[\w.\-]+(?: \([\w.\-]+\))? [#$]", questions=((r"to accept.*$", "a"),)),
    ways={
        "version": (
            Way(
                "get system status",
                Template("get system status"),
                {
                    "version": of(values.part(r" v(\d\S*?)(?:,| |$)"), "version"),
                    "hardware": of(values.part(r"^(\S+) v\d"), "version"),
                    **facts(serial="serial_number", hostname="hostname"),
                },
            ),
        ),
        "bgp_prefixes": (
            Way(
                "get router info bgp summary",
                pattern(
                    r"^(?P<peer>\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]*:[\da-fA-F:]+)(?: +\d+){7} +\S+ +(?P<state>\S+)"
                ),
                peers("peer", "state"),
                counted=PEER_LINE,
            ),
        ),
        "routes": (
            Way(
                "get router info routing-table all",
                pattern(r"^[A-Za-z*][\w* ]*? +(?P<route>\d{1,3}(?:\.\d{1,3}){3}/\d+) "),
                {"routes": of(values.one, "route")},
            ),
        ),
    },
    nothing=(r"BGP (?:instance )?(?:is )?not (?:found|enabled|running|configured)", r"Total number of neighbors 0"),
    unknown=(r"command parse error", r"unknown action", r"Command fail"),
    denied=(r"permission denied", r"no permission"),
)
