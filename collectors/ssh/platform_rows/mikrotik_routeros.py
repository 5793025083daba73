"""MikroTik RouterOS, 6 and 7."""

import re

from collectors.ssh.columns import facts, light, pattern, peers, routes, up
from collectors.ssh.question import Blocks, Dialect, Platform, Template, Way

_NONE = r"\A\s*(?:Flags:[^\n]*\s*(?:[A-Z] - [^\n]*\s*)*)?\Z"  # the heads of a list, or not even those
_ITEM = re.compile(r"^ *\d+ ", re.M)

ROW = Platform(
    os="RouterOS",
    dialect=Dialect(
        "mikrotik_routeros",
        prompt=r"\[[^\]\n]+\] (?:/[\w/ ]+)?>",
        questions=(
            (r"see the software license.*$", "n"),
            (r"press \"?Enter\"? to continue!?.*$", "\n"),
            (r"new password> *$", "\x03"),
            (r"remove this default configuration type \"r\".*$", "\n"),
        ),
        enter="\r\n",
        suffix="+ct511w4098h",  # no colours, no terminal guessing, 511 columns, 4098 lines
    ),
    ways={
        "version": (
            Way(
                "/system resource print",
                Template("system resource print"),
                facts(version="version", hardware="board_name", uptime_s="uptime"),
            ),
        ),
        "hardware": (
            Way(
                "/system routerboard print",
                Template("system routerboard print"),
                facts(hardware="hardware_model", serial="serial_number"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "/routing bgp session print detail without-paging",
                Blocks(
                    _ITEM,
                    {
                        "remote": re.compile(r"\bremote\.address=([^\s@]+)"),
                        "prefixes": re.compile(r"\bprefix-count=(\d+)"),
                    },
                ),
                peers("remote", "prefixes"),
                nothing=_NONE,
            ),
            Way(
                "/routing bgp peer print status without-paging",
                Blocks(
                    _ITEM,
                    {
                        "remote": re.compile(r"\bremote-address=(\S+)"),
                        "prefixes": re.compile(r"\bprefix-count=(\d+)"),
                        "state": re.compile(r"\bstate=(\S+)"),
                    },
                ),
                peers("remote", "prefixes"),
                nothing=_NONE,
                known=up("state"),
            ),
        ),
        "optical": (
            Way(
                ":foreach i in=[/interface ethernet find] do={/interface ethernet monitor $i once}",
                Template("interface ethernet monitor ether1 once", split=r"^ *name:"),
                light("name", "sfp_rx_power", "sfp_tx_power", "sfp_temperature", "sfp_tx_bias_current"),
            ),
        ),
        "routes": (Way("/ip route print count-only", pattern(r"^\s*(?P<routes>\d+)\s*$"), routes("routes")),),
    },
    unknown=(r"bad command name", r"expected end of command", r"syntax error", r"no such command"),
    denied=(r"not enough permissions",),
)
