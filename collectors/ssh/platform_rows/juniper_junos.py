"""Juniper Junos; `| display json` from 14.2 on."""

from collectors.ssh import values
from collectors.ssh.columns import facts, light, of, pattern, peers, routes, up
from collectors.ssh.question import Dialect, Json, Platform, Template, Way

ROW = Platform(
    os="JUNOS",
    dialect=Dialect(
        "juniper_junos",
        prompt=r"(?:\{[\w:]+\}[ \n]*)?[\w.\-@/: ]*\w[>#%]",
        prepare=("set cli screen-length 0", "set cli screen-width 0", "set cli complete-on-space off"),
        questions=((r"root@[\w.\-:~]*[%#] ?$", "cli"),),
    ),
    ways={
        "version": (
            Way(
                "show version",
                Template("show version"),
                facts(version="junos_version", hardware="model", serial="serial_number", hostname="hostname"),
            ),
        ),
        "hardware": (
            Way(
                "show chassis hardware",
                Template("show chassis hardware"),
                facts(hardware="chassis_description", serial="chassis_serial_number"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "show bgp summary | display json",
                Json(("bgp-information", "0", "bgp-peer", "*")),
                peers(
                    "peer-address.0.data",
                    "bgp-rib.*.received-prefix-count.0.data",
                    "bgp-rib.*.accepted-prefix-count.0.data",
                    vrf="peer-cfg-rti.0.data",
                    added=True,
                ),
                known=up("peer-state.0.data"),
            ),
            Way(
                "show bgp summary",
                pattern(
                    r"^(?P<peer>[\da-fA-F.:]*[.:][\da-fA-F.:]*(?:\+\d+)?) +\d+ +\d+ +\d+ +\d+ +\d+ +\S[^\n]*?"
                    r" (?P<ribs>[A-Z]\w+|\d+/\d+/\d+/\d+[\d/ ]*)(?P<more>(?:\n +[\w.\-]+: \d+/\d+/\d+/\d+)*)"
                ),
                {
                    "key": of(values.peer, "peer"),
                    "prefixes_received": of(values.ribs_received, "ribs|more", added=True),
                    "prefixes_accepted": of(values.ribs_accepted, "ribs|more", added=True),
                },
                counted=r"^[\da-fA-F.:]*[.:][\da-fA-F.:]*(?:\+\d+)? +\d+ +\d+ +\d+ +\d",
            ),
        ),
        "optical": (
            Way(
                "show interfaces diagnostics optics | display json",
                Json(("interface-information", "0", "physical-interface", "*")),
                light(
                    "name.0.data",
                    "optics-diagnostics.0.laser-rx-optical-power-dbm.0.data"
                    "|optics-diagnostics.0.rx-signal-avg-optical-power-dbm.0.data"
                    "|optics-diagnostics.0.optics-diagnostics-lane-values.*.laser-rx-optical-power-dbm.0.data",
                    "optics-diagnostics.0.laser-output-power-dbm.0.data"
                    "|optics-diagnostics.0.optics-diagnostics-lane-values.*.laser-output-power-dbm.0.data",
                    "optics-diagnostics.0.module-temperature.0.data",
                    "optics-diagnostics.0.laser-bias-current.0.data"
                    "|optics-diagnostics.0.optics-diagnostics-lane-values.*.laser-bias-current.0.data",
                ),
            ),
        ),
        "routes": (
            Way(
                "show route summary | display json",
                Json(("route-summary-information", "0", "route-table", "*")),
                routes("active-route-count.0.data", key="table-name.0.data"),
            ),
            Way("show route summary", Template("show route summary"), routes("active_routes", key="table_name")),
        ),
    },
    nothing=(r"BGP is not running", r"routing subsystem is not running"),
    unknown=(r"syntax error", r"unknown command", r"error: command is not valid"),
    denied=(r"permission denied", r"not authorized", r"no permission"),
)
