"""Addresses as they stand in the index of a table row or in an octet string (InetAddress, RFC 4001)."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import NamedTuple

from collectors.contract import Value

SIZES = {1: 4, 2: 16, 3: 8, 4: 20}  # InetAddressType -> octets: ipv4, ipv6, and both with a zone of 4 octets behind


class Address(NamedTuple):
    """`short` as people write it (RFC 5952), `full` with every digit, so that texts compare; a zone stands behind %."""

    short: str
    full: str

    @property
    def unspecified(self) -> bool:
        return self.short in ("0.0.0.0", "::")  # an address to compare with, none to listen on


def address(octets: Sequence[int]) -> Address | None:
    """From 4 or 16 octets, or these with a zone of 4 behind; None where they are no address."""
    if len(octets) not in (4, 8, 16, 20) or not all(0 <= octet <= 255 for octet in octets):
        return None
    size = 16 if len(octets) >= 16 else 4
    found = ip_address(bytes(octets[:size]))
    zone = int.from_bytes(bytes(octets[size:]), "big")
    tail = f"%{zone}" if zone else ""
    return Address(f"{found}{tail}", f"{found.exploded}{tail}")


def address_of(value: Value) -> Address | None:
    """From an octet string of such a length; also from an address written as text, which some agents send."""
    if not isinstance(value, bytes):
        return None
    try:
        written = ip_address(value.decode("ascii").strip("\0 "))
    except ValueError:
        return address(tuple(value))
    return Address(str(written), written.exploded)


def sized(index: Sequence[int], at: int) -> tuple[Address, int] | None:
    """InetAddressType, length and octets from place `at` of an index; the address and the place behind it."""
    if len(index) < at + 2 or index[at + 1] not in (SIZES.get(index[at]), 4, 16):
        return None
    return _taken(index, at + 2, index[at + 1])


def unsized(index: Sequence[int], at: int) -> tuple[Address, int] | None:
    """The same where the agent leaves the length out, as Junos does."""
    if len(index) <= at or index[at] not in SIZES:
        return None
    return _taken(index, at + 1, SIZES[index[at]])


def _taken(index: Sequence[int], at: int, size: int) -> tuple[Address, int] | None:
    found = address(index[at : at + size]) if len(index) >= at + size else None
    return None if found is None else (found, at + size)
