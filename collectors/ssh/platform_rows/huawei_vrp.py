"""Huawei VRP, 5 and 8."""

import re

from collectors.ssh.columns import HUAWEI_DENIED, HUAWEI_UNKNOWN, PEER_LINE, facts, light, pattern, peers, routes, up
from collectors.ssh.question import Blocks, Dialect, Platform, Template, Way

ROW = Platform(
    os="VRP",
    dialect=Dialect(
        "huawei_vrp",
        prompt=r"(?:HRP_[MS])?<[\w.\-@/:()~ ]+>",
        prepare=("screen-length 0 temporary",),
        questions=(
            (r"change (?:now|the password)\?? *\[Y/N\]:? *$", "N"),
            (r"security risks[^\[]*\[Y/N\]:? *$", "N"),
            (r"\[Y/N\]:? *$", "N"),
        ),
    ),
    ways={
        "version": (
            Way(
                "display version",
                Template("display version"),
                facts(version="product_version|vrp_version", hardware="model", uptime_s="uptime"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "display bgp peer",
                Template("display bgp peer"),
                peers("peer", "pref_rcvd"),
                known=up("state"),
                counted=PEER_LINE,
            ),
        ),
        "optical": (
            Way(
                "display transceiver diagnosis interface",
                Blocks(
                    re.compile(r"^(?:Port )?(?P<interface>\S+) transceiver diagnostic information:", re.M),
                    {
                        "rx": re.compile(r"Rx ?Power *\(dBm\) *:? *(-?\d[\d.]*)", re.I),
                        "tx": re.compile(r"Tx ?Power *\(dBm\) *:? *(-?\d[\d.]*)", re.I),
                        "temperature": re.compile(r"^ *Temp\w*\.? *\([^)]*\) *:? *(-?\d[\d.]*)", re.I | re.M),
                        "current": re.compile(r"(?:Current|Bias\w*) *\(mA\) *:? *(\d[\d.]*)", re.I),
                    },
                ),
                light("interface", "rx", "tx", "temperature", "current"),
            ),
        ),
        "routes": (
            Way(
                "display ip routing-table statistics",
                pattern(r"^ *Total +(?P<all>\d+) +(?P<active>\d+) "),
                routes("active"),
            ),
        ),
    },
    nothing=(
        r"BGP (?:process |protocol )?(?:is not|has not been|does not|not) (?:running|enabled|configured|started|exist)",
        r"no (?:optical|transceiver|peer)",
    ),
    unknown=HUAWEI_UNKNOWN,
    denied=HUAWEI_DENIED,
)
