"""Cisco IOS XR. Its optics are told by ENTITY-SENSOR-MIB: it has no command for all of them."""

from collectors.ssh.columns import (
    CISCO_DENIED,
    CISCO_PAGES,
    CISCO_PEERS,
    CISCO_UNKNOWN,
    PEER_LINE,
    facts,
    pattern,
    peers,
    routes,
)
from collectors.ssh.question import Dialect, Platform, Template, Way

ROW = Platform(
    os="IOS XR",
    dialect=Dialect("cisco_xr", prepare=CISCO_PAGES),
    ways={
        "version": (
            Way(
                "show version",
                Template("show version"),
                facts(version="version", hardware="hardware", uptime_s="uptime"),
            ),
        ),
        "hardware": (Way("show inventory", Template("show inventory"), facts(hardware="pid", serial="sn")),),
        "bgp_prefixes": (
            Way(
                "show bgp instance all summary",
                Template("show bgp instance all summary"),
                peers("bgp_neigh", "state_pfxrcd", vrf="instance_name"),
                counted=PEER_LINE,
            ),
            Way(
                "show bgp summary",
                Template("show ip bgp summary"),
                peers("bgp_neigh", "state_pfxrcd"),
                counted=PEER_LINE,
            ),
            Way("show bgp instance all summary", CISCO_PEERS, peers("peer", "received"), counted=PEER_LINE),
        ),
        "routes": (Way("show route summary", pattern(r"^Total +(?P<routes>\d+) "), routes("routes")),),
    },
    nothing=(r"% ?BGP instance '?\S+'? not active", r"% None of the requested address families are configured"),
    unknown=CISCO_UNKNOWN,
    denied=CISCO_DENIED,
)
