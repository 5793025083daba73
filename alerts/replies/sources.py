"""From where a reply may be posted: listed addresses alone, and forwarded ones only from named proxies."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
MOST_HOPS = 16


def networks(written: Iterable[str]) -> Networks:
    """ "192.0.2.7" and "192.0.2.0/24"; ValueError of anything else."""
    return tuple(ip_network(one.strip(), strict=False) for one in written)


def within(address: Address | None, among: Networks) -> bool:
    return address is not None and any(address in network for network in among)


def origin(peer: str, forwarded: Sequence[str], proxies: Networks) -> Address | None:
    """Who really posted: `peer`, or, where that is a proxy of ours, the last address it did not add itself.

    `forwarded`: values of X-Forwarded-For in their order; what an unknown peer writes there is not looked at. None where
    a proxy passes on something that is no address.
    """
    address = _address(peer)
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    for hop in reversed(hops[-MOST_HOPS:]):
        if not within(address, proxies):
            break
        address = _address(hop)
    return address


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
