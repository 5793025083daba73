"""One neighbour as a device hears it announce itself over LLDP, CDP or MNDP, in text that people can read."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from collectors.contract import Value
from collectors.inet import address
from collectors.text import text

Protocol = Literal["lldp", "cdp", "mndp"]

MAC_CHASSIS, NETWORK_CHASSIS = 4, 5  # LldpChassisIdSubtype, IEEE 802.1AB
MAC_PORT, NETWORK_PORT = 3, 4  # LldpPortIdSubtype
LENGTH = 255  # what a TLV can hold

_SEPARATORS = re.compile(r"[\s:.\-]")
_TWELVE_DIGITS = re.compile(r"[0-9a-f]{12}\Z")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`interface` is our own end by its key; None fields were not announced."""

    interface: str
    if_index: int | None
    protocol: Protocol
    chassis: str | None = None
    port: str | None = None
    port_description: str | None = None
    system: str | None = None
    address: str | None = None  # management address
    platform: str | None = None
    bundle: str | None = None  # the aggregate that our interface is a member of, by its key

    def facts(self) -> dict[str, Any]:
        found = asdict(self)
        found["ifIndex"] = found.pop("if_index")
        return found


def words(value: Value) -> str | None:
    """One bounded line of text; None for nothing."""
    return text(value)[:LENGTH] or None


def mac(value: Value) -> str | None:
    """aa:bb:cc:dd:ee:ff from six octets, or from the same written out in any usual way."""
    if not isinstance(value, bytes):
        return None
    if len(value) == 6:
        return value.hex(":")
    digits = _SEPARATORS.sub("", value.decode("ascii", "replace").strip("\0")).lower()
    if not _TWELVE_DIGITS.match(digits):
        return None
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def chassis_id(subtype: Value, value: Value) -> str | None:
    """lldpRemChassisId in the form that its subtype says."""
    return _identifier(value, is_mac=subtype == MAC_CHASSIS, is_address=subtype == NETWORK_CHASSIS)


def port_id(subtype: Value, value: Value) -> str | None:
    """lldpRemPortId in the form that its subtype says."""
    return _identifier(value, is_mac=subtype == MAC_PORT, is_address=subtype == NETWORK_PORT)


def _identifier(value: Value, *, is_mac: bool, is_address: bool) -> str | None:
    if is_mac and (found := mac(value)):
        return found
    if is_address and isinstance(value, bytes) and len(value) in (5, 17):
        said = address(tuple(value[1:]))  # an IANA address family number stands before
        return None if said is None else said.short
    return words(value)
