"""What the rows of the platform table have in common: columns by purpose, and words that several vendors share."""

import re
from collections.abc import Callable

from collectors.ssh import values
from collectors.ssh.question import Column, Pattern, Reader, Record

CISCO_PAGES = ("terminal length 0", "terminal width 511")
CISCO_UNKNOWN = (r"% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized) (?:input|command)",)
CISCO_DENIED = (r"authorization failed", r"permission denied", r"not authorized")
HUAWEI_UNKNOWN = (r"(?:%|Error:) ?(?:Unrecognized|Unrecognised|Incomplete|Ambiguous|Wrong|Too many) ",)
HUAWEI_DENIED = (r"permission denied", r"no permission", r"insufficient (?:rights|privilege)", r"not authorized")
PEER_LINE = r"^ *\*?\d{1,3}(?:\.\d{1,3}){3} +\d+ +\d"  # of a BGP summary; a wrapped line has nothing behind the AS


def of(read: Reader, names: str, *, added: bool = False) -> Column:
    """`names`: alternatives, the first that is there counts."""
    return Column(tuple(names.split("|")), read, added)


def facts(**fields: str) -> dict[str, Column]:
    """Our word -> the field that tells it."""
    return {ours: of(values.span if ours == "uptime_s" else values.name, theirs) for ours, theirs in fields.items()}


def peers(key: str, received: str, accepted: str = "", vrf: str = "", *, added: bool = False) -> dict[str, Column]:
    """A peer and its prefixes."""
    found = {"key": of(values.peer, key), "prefixes_received": of(values.count, received, added=added)}
    if accepted:
        found["prefixes_accepted"] = of(values.count, accepted, added=added)
    if vrf:
        found["vrf"] = of(values.vrf, vrf)
    return found


def routes(routes: str, key: str = "", vrf: str = "", *, added: bool = False) -> dict[str, Column]:
    """Routes in a table; where the device names none, it is its IPv4 table."""
    found = {"routes": of(values.count, routes, added=added)}
    if key:
        found["key"] = of(values.name, key)
    if vrf:
        found["vrf"] = of(values.vrf, vrf)
    return found


def light(key: str, rx: str, tx: str, temperature: str, current: str = "") -> dict[str, Column]:
    """A port and its optics; of several lanes the worst."""
    found = {
        "key": of(values.interface, key),
        "rx_dbm": of(values.dbm, rx),
        "tx_dbm": of(values.dbm, tx),
        "temperature_c": of(values.number, temperature),
    }
    if current:
        found["current_a"] = of(values.milliampere, current)
    return found


def up(name: str) -> Callable[[Record], bool]:
    """A session that is up; of others the device prints zeros that mean nothing."""
    return lambda record: str(record(name) or "").lower().startswith("estab")


def pattern(expression: str) -> Pattern:
    return Pattern(re.compile(expression, re.M))


# a summary of BGP as Cisco prints it, also where the AS is written with a dot, or the line is wrapped at the address or the AS
CISCO_PEERS = pattern(
    r"^\*?(?P<peer>\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]*:[\da-fA-F:]+)\s+\d+ +[\d.]+\s+\d+(?: +\d+){4} +\S+ +(?P<received>\S+)"
)
