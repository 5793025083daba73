"""Values as routers print them, read once into our units: counts, dBm, amperes, degrees, seconds. None: not known."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from collectors.text import text

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SPANS = re.compile(r"(\d+)\s*(year|week|day|hour|hr|minute|min|second|sec|[ywdhms](?![a-z]))", re.I)
_CLOCK = re.compile(r"(?<![\d:])(\d+):(\d{2})(?::(\d{2}))?(?![\d:])")
_SECONDS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
NO_LIGHT_DBM = -40.0  # what modules say when they see none; some print -inf


def one(_: Any) -> float:
    """Every record is one."""
    return 1.0


def count(said: Any) -> float | None:
    """551, "551", "0!" (no policy), "1,024"; None for "Idle", "Active", "" and so on."""
    found = re.fullmatch(r"\s*(\d[\d,]*)\s*[!*]?\s*", str(said))
    return float(found[1].replace(",", "")) if found else None


def number(said: Any) -> float | None:
    """The number it begins with, whatever unit follows: "-2.84dBm", "35.66 C"; None for N/A; of several the highest."""
    if isinstance(said, list):
        return max((value for value in map(number, said) if value is not None), default=None)
    found = _NUMBER.match(str(said).strip())
    return float(found[0]) if found else None


def dbm(said: Any) -> float | None:
    """Optical power; "-inf" is no light; of several lanes the weakest."""
    if isinstance(said, list):
        return min((value for value in map(dbm, said) if value is not None), default=None)
    if re.match(r"\s*-\s*inf", str(said), re.I):
        return NO_LIGHT_DBM
    return number(said)


def milliampere(said: Any) -> float | None:
    """mA -> A."""
    found = number(said)
    return None if found is None else found / 1000


def name(said: Any) -> str | None:
    """Text in one safe line; of a list its first that says something; None for nothing."""
    if isinstance(said, list):
        said = next((one for one in said if one), "")
    return text(said if isinstance(said, bytes) else str("" if said is None else said)) or None


def part(expression: str) -> Callable[[Any], str | None]:
    """A reader of the first group of an expression."""
    compiled = re.compile(expression)

    def found(said: Any) -> str | None:
        inside = compiled.search(str(said))
        return name(inside[1]) if inside else None

    return found


def span(said: Any) -> float | None:
    """ "2 years, 31 weeks", "6w5d11h55m45s", "123 day(s), 5 hour(s)", "22:01" (h:m), 3600 -> seconds; None where it is none."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said)
    words = str(said)
    total = sum(int(one[1]) * _SECONDS[one[2][0].lower()] for one in _SPANS.finditer(words))
    clock = _CLOCK.search(words)
    if clock:
        total += int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    return float(total) if total or clock or _SPANS.search(words) else None


_SHORT = {"Et": "Ethernet", "Ma": "Management", "Po": "Port-Channel"}


def interface(said: Any) -> str | None:
    """An interface as ifName spells it: EOS abbreviates in tables (Et6/1 -> Ethernet6/1)."""
    found = name(said)
    return re.sub(r"^(Et|Ma|Po)(?=\d)", lambda short: _SHORT[short[1]], found) if found else None


def _of_ribs(said: Any, place: int) -> float | None:
    ribs = re.findall(r"(?<![\d/])(\d+)/(\d+)/(\d+)/(\d+)(?![\d/])", str(said))
    return float(sum(int(rib[place]) for rib in ribs)) if ribs else None


def ribs_received(said: Any) -> float | None:
    """Junos prints active/received/accepted/damped for each table; None while the session is down."""
    return _of_ribs(said, 1)


def ribs_accepted(said: Any) -> float | None:
    return _of_ribs(said, 2)


def peer(said: Any) -> str | None:
    """A neighbour's address in its short form (RFC 5952), as SNMP's peers are keyed; Junos adds its port: 10.0.0.1+179."""
    found = name(said)
    if not found:
        return None
    address = found.lstrip("*").partition("+")[0]
    try:
        return str(ip_address(address))
    except ValueError:
        return address  # an interface, of unnumbered sessions


def vrf(said: Any) -> str:
    """The routing instance; "" for the default one, by all its names."""
    found = name(said) or ""
    return "" if found.lower() in ("default", "master", "main", "global", "default-vrf") else found
