"""Who speaks: an address belongs to one device of the inventory, or to a stranger who is counted and not heard."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collectors.contract import NameUnresolved
from collectors.snmp.resolver import Resolver
from inventory.model import Device

MOST_STRANGERS = 256


def plain(address: str) -> str:
    """An address as it is looked up: an IPv4 address that came through an IPv6 socket as IPv4, no zone behind it."""
    if address.startswith("::ffff:") and "." in address:
        return address[7:]
    return address.partition("%")[0]


def _literal(text: str) -> str | None:
    try:
        return plain(str(ipaddress.ip_address(text)))
    except ValueError:
        return None


class Sources:
    """Address -> device. An address that several devices claim belongs to none of them."""

    def __init__(self) -> None:
        self.devices: Mapping[str, Device] = {}
        self.ambiguous: frozenset[str] = frozenset()

    def keys(self) -> frozenset[str]:
        """Devices that can be told by an address."""
        return frozenset(device.key for device in self.devices.values())

    def set_devices(self, devices: Iterable[Device], named: Mapping[str, Iterable[str]] | None = None) -> None:
        """Take a new inventory in one step. `named`: device key -> addresses of those whose address is a host name."""
        found: dict[str, Device] = {}
        twice: set[str] = set()
        for device in devices:
            own = {_literal(text) for text in (device.address, *device.sources)} | set(
                (named or {}).get(device.key, ())
            )
            for address in own - {None}:
                if address in found:
                    twice.add(str(address))
                found[str(address)] = device
        for address in twice:
            del found[address]
        self.devices, self.ambiguous = found, frozenset(twice)


def is_named(device: Device) -> bool:
    """Its address, or one of its sources, is a host name."""
    return any(_literal(text) is None for text in (device.address, *device.sources))


async def resolved(devices: Iterable[Device], resolver: Resolver) -> dict[str, set[str]]:
    """Device key -> addresses, for those whose addresses are host names; what DNS does not know is left out."""
    found: dict[str, set[str]] = {}
    for device in devices:
        for text in (device.address, *device.sources):
            if _literal(text) is None:
                try:
                    address = (await resolver.resolve(text, 0))[0]
                except NameUnresolved:
                    continue
                found.setdefault(device.key, set()).add(plain(address))
    return found


@dataclass(slots=True)
class Stranger:
    """Somebody who sends and is not in the inventory."""

    count: int = 0
    last_at: float = 0.0


class Strangers:
    """The worst of them; a flood of invented addresses costs neither memory nor time."""

    def __init__(self, most: int = MOST_STRANGERS) -> None:
        self._most = most
        self._known: dict[str, Stranger] = {}

    def note(self, address: str, now: float) -> None:
        stranger = self._known.get(address)
        if stranger is None:
            if len(self._known) >= self._most:
                self._forget_the_least()
            stranger = self._known[address] = Stranger()
        stranger.count += 1
        stranger.last_at = now

    def _forget_the_least(self) -> None:
        """Half of them go at once, so that this is seldom."""
        worst = sorted(self._known.items(), key=lambda item: item[1].count, reverse=True)
        self._known = dict(worst[: self._most // 2])

    def worst(self, most: int = 10) -> list[tuple[str, Stranger]]:
        """(address, how often and when last), the loudest first."""
        return sorted(self._known.items(), key=lambda item: item[1].count, reverse=True)[:most]
