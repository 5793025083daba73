"""Arista EOS."""

from collectors.ssh.columns import CISCO_DENIED, CISCO_UNKNOWN, facts, light, pattern, peers, routes, up
from collectors.ssh.question import Dialect, Json, Platform, Template, Way

ROW = Platform(
    os="EOS",
    dialect=Dialect("arista_eos", prepare=("terminal length 0", "terminal width 32767"), enable="enable"),
    ways={
        "version": (
            Way(
                "show version | json",
                Json(()),
                facts(version="version", hardware="modelName", serial="serialNumber", uptime_s="uptime"),
            ),
            Way(
                "show version",
                Template("show version"),
                facts(version="image", hardware="model", serial="serial_number", uptime_s="uptime"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "show ip bgp summary vrf all | json",
                Json(("vrfs", "*", "peers", "*")),
                peers("@", "prefixReceived", "prefixAccepted", vrf="^.@"),
                known=up("peerState"),
            ),
            Way(
                "show ip bgp summary",
                Template("show ip bgp summary"),
                peers("bgp_neigh", "state_pfxrcd", "state_pfxacc", vrf="vrf"),
            ),
        ),
        "optical": (
            Way(
                "show interfaces transceiver | json",
                Json(("interfaces", "*")),
                light("@", "rxPower", "txPower", "temperature", "txBias"),
            ),
            Way(
                "show interfaces transceiver",
                Template("show interfaces transceiver"),
                light("port", "rx_power", "tx_power", "temp", "bias_current"),
            ),
        ),
        "routes": (
            Way("show ip route summary | json", Json(("vrfs", "*")), routes("totalRoutes", vrf="@")),
            Way("show ip route summary", pattern(r"^ *Total Routes +(?P<routes>\d+)"), routes("routes")),
        ),
    },
    nothing=(r"% ?BGP (?:is )?inactive", r"% ?BGP not active"),
    unknown=CISCO_UNKNOWN,
    denied=CISCO_DENIED,
)
