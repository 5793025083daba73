"""Cisco NX-OS."""

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
    up,
)
from collectors.ssh.question import Dialect, Json, Platform, Template, Way

ROW = Platform(
    os="NX-OS",
    dialect=Dialect("cisco_nxos", prepare=CISCO_PAGES),
    ways={
        "version": (
            Way(
                "show version",
                Template("show version"),
                facts(version="os", hardware="platform", serial="serial", hostname="hostname", uptime_s="uptime"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "show ip bgp summary vrf all | json",
                Json(
                    (
                        "TABLE_vrf",
                        "ROW_vrf",
                        "+",
                        "TABLE_af",
                        "ROW_af",
                        "+",
                        "TABLE_saf",
                        "ROW_saf",
                        "+",
                        "TABLE_neighbor",
                        "ROW_neighbor",
                        "+",
                    )
                ),
                peers("neighborid", "prefixreceived", vrf="^.^.^.vrf-name-out"),
                known=up("state"),
            ),
            Way(
                "show ip bgp summary",
                Template("show ip bgp summary"),
                peers("bgp_neigh", "state_pfxrcd", vrf="vrf"),
                counted=PEER_LINE,
            ),
            Way("show ip bgp summary", CISCO_PEERS, peers("peer", "received"), counted=PEER_LINE),
        ),
        "optical": (
            Way(
                "show interface transceiver details | json",
                Json(("TABLE_interface", "ROW_interface", "+")),
                light(
                    "interface",
                    "rx_pwr|TABLE_lane.ROW_lane.rx_pwr|TABLE_lane.ROW_lane.*.rx_pwr",
                    "tx_pwr|TABLE_lane.ROW_lane.tx_pwr|TABLE_lane.ROW_lane.*.tx_pwr",
                    "temperature|TABLE_lane.ROW_lane.temperature|TABLE_lane.ROW_lane.*.temperature",
                    "current|TABLE_lane.ROW_lane.current|TABLE_lane.ROW_lane.*.current",
                ),
            ),
            Way(
                "show interface transceiver details",
                Template("show interface transceiver details"),
                light("interface", "rx_value", "tx_value", "temperature_value", "amps_value"),
            ),
        ),
        "routes": (
            Way(
                "show ip route summary | json",
                Json(
                    ("TABLE_vrf", "ROW_vrf", "+", "TABLE_addrf", "ROW_addrf", "+", "TABLE_summary", "ROW_summary", "+")
                ),
                routes("routes", key="^.addrf", vrf="^.^.vrf-name-out"),
            ),
            Way("show ip route summary", pattern(r"^Total number of routes: (?P<routes>\d+)"), routes("routes")),
        ),
    },
    nothing=(r"BGP (?:is )?not running", r"Note: ? process currently not running", r"No transceiver"),
    unknown=CISCO_UNKNOWN,
    denied=CISCO_DENIED,
)
