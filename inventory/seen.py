"""What devices see of each other: every neighbour they tell of, brought back to a device and interface of the inventory."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.model import Device, Inventory

Content = Mapping[str, Any]

OLD_S = 86_400
AGGREGATE = 161  # ieee8023adLag, IANAifType
_SERIAL = re.compile(r"\([^()]*\)\Z")  # NX-OS puts it behind the name in CDP
_SUBINTERFACE = re.compile(r"[.:]\d+\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """What one device told: its Facts "neighbours", "system" and "interfaces", and when the first of these was told."""

    at: int  # UTC seconds
    neighbours: Content
    system: Content = field(default_factory=dict)
    interfaces: Sequence[Content] = ()

    @property
    def speaks(self) -> bool:
        """Whether it can hear neighbours at all: one that answers, but knows no such protocol, tells nothing."""
        return bool(self.neighbours.get("protocols"))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A neighbour heard. `far` is the device it is, None for a box that the inventory does not know."""

    device: str
    interface: str
    bundle: str | None  # the aggregate that the interface is a member of
    protocol: str
    called: str  # how the neighbour names itself
    far: str | None
    far_port: str  # as announced
    far_interface: str | None  # that port by its key, where the far device told its interfaces

    def at(self, interface: str) -> bool:
        """Whether it was heard on this declared interface: on it, on a member of it, or on what carries it."""
        return _same(interface, (self.interface, self.bundle))


def lately(told: Mapping[str, Told]) -> dict[str, Told]:
    """Without what is more than a day older than the newest of it: a device long dead no longer vouches for its cables.

    Held against the newest, not against the clock: a daemon that has been down for a week leaves a picture of one time.
    """
    newest = max((each.at for each in told.values()), default=0)
    return {key: each for key, each in told.items() if newest - each.at <= OLD_S}


def names_of(interface: str) -> frozenset[str]:
    """What it may be called elsewhere: in any case, and as the port beneath a subinterface."""
    name = interface.casefold()
    return frozenset((name, _SUBINTERFACE.sub("", name))) if name else frozenset()


def _same(declared: str, found: Iterable[str | None]) -> bool:
    """Or one is a subinterface of the other: LLDP speaks on the port, a link may be declared on its VLAN."""
    wanted = declared.casefold()
    names = [name.casefold() for name in found if name]
    whole = _SUBINTERFACE.sub("", wanted)
    return any(name in (wanted, whole) or _SUBINTERFACE.sub("", name) == wanted for name in names)


class Directory:
    """Devices of the inventory by everything a neighbour may call them: chassis, name, address."""

    def __init__(self, inventory: Inventory, told: Mapping[str, Told]) -> None:
        self._inventory = inventory
        self._chassis: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._first_labels: dict[str, set[str]] = {}
        self._addresses: dict[str, set[str]] = {}
        self._bundles: dict[str, dict[str, str]] = {}
        self._interfaces = {key: _Interfaces(each.interfaces) for key, each in told.items()}
        for device in inventory.devices.values():
            self._enter(device, told.get(device.key))

    def _enter(self, device: Device, told: Told | None) -> None:
        system = told.system if told else {}
        for name in {device.key, device.name, str(system.get("sysName") or "")} - {""}:
            self._names.setdefault(_plain(name), set()).add(device.key)
            self._first_labels.setdefault(_plain(name).partition(".")[0], set()).add(device.key)
        for address in (device.address, *device.sources):
            self._addresses.setdefault(address, set()).add(device.key)
        chassis = told.neighbours.get("chassis") if told else None
        if chassis:
            self._chassis.setdefault(str(chassis).casefold(), set()).add(device.key)
        for heard in told.neighbours.get("neighbours", ()) if told else ():
            if heard.get("bundle"):
                self._bundles.setdefault(device.key, {})[heard["interface"]] = heard["bundle"]

    def device(self, heard: Content) -> str | None:
        """The device that a neighbour is: by its chassis, its full name, its address, the first part of its name.

        What two devices have in common names neither.
        """
        name = _plain(str(heard.get("system") or ""))
        for where, what in (
            (self._chassis, str(heard.get("chassis") or "").casefold()),
            (self._names, name),
            (self._addresses, str(heard.get("address") or "")),
            (self._names, _plain(str(heard.get("chassis") or ""))),
            (self._first_labels, name.partition(".")[0]),
        ):
            found = where.get(what, set()) if what else set()
            if len(found) == 1:
                return next(iter(found))
        return None

    def sighting(self, device: str, heard: Content) -> Sighting:
        far = self.device(heard)
        port = str(heard.get("port") or "")
        interfaces = self._interfaces.get(far) if far else None
        return Sighting(
            device=device,
            interface=str(heard["interface"]),
            bundle=heard.get("bundle"),
            protocol=str(heard["protocol"]),
            called=str(heard.get("system") or heard.get("chassis") or heard.get("address") or "unnamed"),
            far=far,
            far_port=port or str(heard.get("port_description") or ""),
            far_interface=interfaces.key_of(port, str(heard.get("port_description") or "")) if interfaces else None,
        )

    def leads_to(self, sighting: Sighting, interface: str) -> bool | None:
        """Whether the far port is that interface; None where it cannot be told."""
        if sighting.far is None:
            return False
        found = sighting.far_interface
        if found is None:
            return True if _same(interface, (sighting.far_port,)) else None
        bundle = self._bundles.get(sighting.far, {}).get(found)
        if _same(interface, (found, bundle)):
            return True
        return None if bundle is None and self.aggregate(sighting.far, interface) else False

    def aggregate(self, device: str, interface: str) -> bool:
        """Whether it is one by its ifType: neighbours are heard on its members, which not every device can name."""
        interfaces = self._interfaces.get(device)
        return interfaces is not None and interface in interfaces.aggregates


class _Interfaces:
    """The interfaces of one device by every name they go by."""

    def __init__(self, interfaces: Sequence[Content]) -> None:
        self._names: dict[str, set[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._indexes: dict[str, set[str]] = {}
        self.aggregates = frozenset(str(each["key"]) for each in interfaces if each.get("ifType") == AGGREGATE)
        for each in interfaces:
            key = str(each["key"])
            for name in ("key", "ifName", "ifDescr"):
                if each.get(name):
                    self._names.setdefault(str(each[name]).casefold(), set()).add(key)
            if each.get("ifAlias"):
                self._aliases.setdefault(str(each["ifAlias"]).casefold(), set()).add(key)
            self._indexes.setdefault(str(each.get("ifIndex")), set()).add(key)

    def key_of(self, port: str, description: str) -> str | None:
        """The announced port, by its id, its description, or its id as an ifIndex (Junos)."""
        for where, what in (
            (self._names, port.casefold()),
            (self._names, description.casefold()),
            (self._indexes, port),
            (self._aliases, description.casefold()),
        ):
            found = where.get(what, set()) if what else set()
            if len(found) == 1:
                return next(iter(found))
        return None


def _plain(name: str) -> str:
    return _SERIAL.sub("", name.strip()).strip().rstrip(".").casefold()


def sightings(directory: Directory, told: Mapping[str, Told]) -> list[Sighting]:
    """Everything heard by devices of the inventory, each neighbour once where several protocols tell of it."""
    found: dict[tuple[str, str, str], Sighting] = {}
    for device, each in told.items():
        for heard in each.neighbours.get("neighbours", ()):
            one = directory.sighting(device, heard)
            there = found.setdefault((device, one.interface, one.far or one.called), one)
            if there.far_interface is None and one.far_interface is not None:
                found[device, one.interface, one.far or one.called] = one
    return list(found.values())
