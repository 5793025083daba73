"""The sheet on which the sample network is drawn: it hands out addresses and ports, and binds up the inventory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any
from zlib import crc32

from inventory.model import (
    Circuit,
    CircuitKind,
    Device,
    DeviceRole,
    End,
    Inventory,
    Link,
    LinkRole,
    Name,
    Probe,
    Site,
    SiteKind,
    Snmp,
)
from inventory.sample_credentials import OLD, ROUTERS

NOTICE = "Invented: a sample network in the shape of GovNet. Regions and councils are real; nothing else is."
SNMP_PORT = 16161
ECHO_PORT = 16107
INFRASTRUCTURE = IPv4Address("127.20.0.0")
MEMBERS = IPv4Address("127.21.0.0")
ANCHORS = IPv4Address("127.23.0.0")
ONE_ADDRESS = "127.0.0.1"
FIRST_PORT = 10_000
ANCHOR_PORTS = 20  # ports from FIRST_PORT on that are kept for anchors
PORTS_PER_SLOT = 48
OLD_ONE_IN = 12  # routers of members that speak v2c


@dataclass(slots=True)
class Plan:
    """What has been drawn so far. `one_address`: all on 127.0.0.1, told apart by port, where 127/8 is not whole."""

    one_address: bool = False
    sites: dict[str, Site] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    circuits: dict[str, Circuit] = field(default_factory=dict)
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    anchors: int = 0
    members: int = 0

    def site(self, key: str, name: Name, kind: SiteKind, *, region: str, parent: str | None = None) -> None:
        self.sites[key] = Site(key, name, kind, region, parent)

    def device(self, key: str, site: str, role: DeviceRole, name: str = "") -> None:
        """Asked over SNMPv3, but for switches and a few old routers, which only know a community."""
        address, snmp_port, echo_port = self._address(self.sites[site].member)
        probes = (Probe("udp-echo", echo_port), Probe("snmp"))
        old = role == "switch" or (role == "cpe" and crc32(f"{key} is old".encode()) % OLD_ONE_IN == 0)
        snmp = Snmp("2c", OLD, snmp_port) if old else Snmp("3", ROUTERS, snmp_port)
        self.devices[key] = Device(key, site, address, role, snmp, probes, name)

    def _address(self, member: bool) -> tuple[str, int, int]:
        if self.one_address:
            port = FIRST_PORT + ANCHOR_PORTS + 2 * len(self.devices)
            return ONE_ADDRESS, port, port + 1
        number = self.members if member else len(self.devices) - self.members
        self.members += member
        return _numbered(MEMBERS if member else INFRASTRUCTURE, number), SNMP_PORT, ECHO_PORT

    def anchor_pair(self) -> tuple[str, ...]:
        """Two addresses that are to be reached only through one circuit."""
        first = self.anchors
        self.anchors += 2
        if self.one_address:
            return tuple(f"{ONE_ADDRESS}:{FIRST_PORT + number}" for number in (first, first + 1))
        return tuple(_numbered(ANCHORS, number) for number in (first, first + 1))

    def port(self, device: str, kind: str) -> End:
        """The next free port: `access` ge-0/0/1 and on, `trunk` xe-0/1/0, `wan` xe-0/0/0, `lag` (of two) ae0 and on."""
        number = self.used.get((device, kind), 0)
        self.used[device, kind] = number + 1
        if kind == "lag":
            return End(device, f"ae{number}")
        if kind == "access":
            slot, place = divmod(number + 1, PORTS_PER_SLOT)
            return End(device, f"ge-{slot}/0/{place}")
        return End(device, f"xe-0/{1 if kind == 'trunk' else 0}/{number}")

    def link(self, key: str, ends: tuple[End, End], role: LinkRole, circuit: Circuit, name: Name) -> None:
        """A link that carries a circuit of its own; the committed rates are the circuit's."""
        self.circuits[circuit.key] = circuit
        rates = (circuit.in_bps, circuit.out_bps)
        self.links[key] = Link(key, ends[0], ends[1], role, circuit.provider, circuit.key, *rates, name)

    def inventory(self, rest: Mapping[str, Any]) -> Inventory:
        return Inventory(
            sites=self.sites,
            devices=self.devices,
            links=self.links,
            circuits=self.circuits,
            notice=NOTICE,
            **rest,
        )


def hired(link: str, reference: str, rates: tuple[int, int], kind: CircuitKind = "leased") -> Circuit:
    """A circuit of the national backbone's owner on a link: rates (in, out) in bit/s."""
    return Circuit(f"nictbb-{link}", "ttcl", reference, kind, *rates)


def own(link: str, bps: int) -> Circuit:
    """A cable of one's own inside a building or a town."""
    return Circuit(f"own-{link}", "ega", f"EGA/{link}", "own", bps, bps)


def keyed(entities: Iterable[Any]) -> dict[str, Any]:
    return {entity.key: entity for entity in entities}


def _numbered(network: IPv4Address, number: int) -> str:
    """Address of the n-th host: .1 to .250 of each /24."""
    third, fourth = divmod(number, 250)
    return str(network + 256 * third + fourth + 1)
