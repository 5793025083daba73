"""HPE and H3C Comware, 5 and 7."""

import re

from collectors.ssh.columns import HUAWEI_DENIED, HUAWEI_UNKNOWN, PEER_LINE, facts, light, pattern, peers, routes, up
from collectors.ssh.question import Blocks, Dialect, Platform, Template, Way

_LIGHT = r"Bias\(mA\) +RX power\(d[Bb][Mm]\) +TX power\(d[Bb][Mm]\) *\n\s*{}"  # the line below these heads

ROW = Platform(
    os="Comware",
    dialect=Dialect(
        "hp_comware",
        prompt=r"<[\w.\-@/:()~ ]+>",
        prepare=("screen-length disable",),
        questions=((r"to continue.*$", "\n"), (r"\[Y/N\]:? *$", "N")),
    ),
    ways={
        "version": (
            Way(
                "display version",
                pattern(
                    r"Comware (?:Platform )?Software, Version (?P<version>[^,\n]+(?:, (?:Release|Feature|ESS|Alpha|Beta) ?\S+)?)"
                    r"(?s:.*?)^(?P<hardware>\S[^\n]*?) uptime is (?P<uptime>[^\n]+)"
                ),
                facts(version="version", hardware="hardware", uptime_s="uptime"),
            ),
        ),
        "hardware": (
            Way(
                "display device manuinfo",
                Template("display device manuinfo"),
                facts(hardware="device_name", serial="device_serial_number"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "display bgp peer ipv4",
                Template("display bgp peer ipv4"),
                peers("peer", "prefixes_received"),
                known=up("state"),
                counted=PEER_LINE,
            ),
        ),
        "optical": (
            Way(
                "display transceiver diagnosis interface",
                Blocks(
                    re.compile(r"^(?P<interface>\S+) transceiver diagnostic information:", re.M),
                    {
                        "temperature": re.compile(_LIGHT.format(r"(\S+) +\S+ +\S+ +\S+ +\S+")),
                        "current": re.compile(_LIGHT.format(r"\S+ +\S+ +(\S+) +\S+ +\S+")),
                        "rx": re.compile(_LIGHT.format(r"\S+ +\S+ +\S+ +(\S+) +\S+")),
                        "tx": re.compile(_LIGHT.format(r"\S+ +\S+ +\S+ +\S+ +(\S+)")),
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
        r"The transceiver is absent",
    ),
    unknown=HUAWEI_UNKNOWN,
    denied=HUAWEI_DENIED,
)
