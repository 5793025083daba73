"""Cisco IOS and IOS XE."""

from collectors.ssh.columns import (
    CISCO_DENIED,
    CISCO_PAGES,
    CISCO_PEERS,
    CISCO_UNKNOWN,
    PEER_LINE,
    facts,
    light,
    pattern,
    peers,
    routes,
)
from collectors.ssh.question import Dialect, Platform, Template, Way

ROW = Platform(
    os="IOS",
    dialect=Dialect("cisco_ios", prepare=CISCO_PAGES, enable="enable"),
    ways={
        "version": (
            Way(
                "show version",
                Template("show version"),
                facts(version="version", hardware="hardware", serial="serial", hostname="hostname", uptime_s="uptime"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "show ip bgp summary",
                Template("show ip bgp summary"),
                peers("bgp_neighbor|bgp_neigh", "state_or_prefixes_received|state_pfxrcd"),
                counted=PEER_LINE,
            ),
            Way("show ip bgp summary", CISCO_PEERS, peers("peer", "received"), counted=PEER_LINE),
        ),
        "optical": (
            Way(
                "show interfaces transceiver",
                Template("show interface transceiver"),
                light("interface", "rx_pwr", "tx_pwr", "temperature", "current"),
            ),
        ),
        "routes": (
            Way(
                "show ip route summary",
                pattern(r"^Total +(?P<networks>\d+) +(?P<subnets>\d+) "),
                routes("networks|subnets", added=True),
            ),
        ),
    },
    nothing=(r"% ?BGP not active", r"No transceiver present", r"% ?No (?:SFP|transceiver|optical)"),
    unknown=CISCO_UNKNOWN,
    denied=CISCO_DENIED,
)
