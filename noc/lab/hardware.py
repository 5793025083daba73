"""What the simulated routers are: makers, models, and the ports each one has, the same for the same name every time."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from inventory.model import Device, Inventory, Link
from noc.lab.curve import draw

PortKind = Literal["link", "member", "lan", "management", "loopback", "vlan", "unused"]
ETHERNET, LOOPBACK, L3_VLAN, LAG = 6, 24, 136, 161  # IANAifType
_TYPES = {"loopback": LOOPBACK, "vlan": L3_VLAN}
_GIGABIT = 1_000_000_000
_TIERS = (100_000_000, _GIGABIT, 10 * _GIGABIT, 40 * _GIGABIT, 100 * _GIGABIT, 400 * _GIGABIT)
_PORTS = {"core": (40, 48), "edge": (32, 48), "regional": (24, 32), "switch": (26, 48), "cpe": (8, 12)}
_ALIAS_OCTETS = 64  # ifAlias, RFC 2863
_LAN = (
    ("LAN ya ofisi", "Office LAN"),
    ("Simu za IP", "IP telephony"),
    ("Mikutano ya video", "Video meetings"),
    ("Kamera", "Cameras"),
    ("Seva", "Servers"),
    ("Wi-Fi ya wageni", "Guest Wi-Fi"),
)


@dataclass(frozen=True, slots=True)
class Model:
    """A make of router: how it calls itself and its ports. `full` are the long names behind ifName's short ones."""

    vendor: str
    description: str
    object_id: str
    first_index: int
    port: str
    management: str
    loopback: str
    full: tuple[tuple[str, str], ...] = ()

    def descr(self, name: str) -> str:
        """ifDescr of the interface whose ifName is `name`."""
        for short, long in self.full:
            if name.startswith(short) and name[len(short) : len(short) + 1].isdigit():
                return long + name[len(short) :]
        return name


_CISCO = (
    ("Gi", "GigabitEthernet"),
    ("Te", "TenGigabitEthernet"),
    ("Fa", "FastEthernet"),
    ("Po", "Port-channel"),
    ("Lo", "Loopback"),
)
MODELS = {
    "juniper": Model(
        "juniper",
        "Juniper Networks, Inc. mx204 internet router, kernel JUNOS 21.2R3-S2.9, Build date: 2022-09-01 (lab)",
        "1.3.6.1.4.1.2636.1.1.1.2.159",
        501,
        "ge-0/0/{}",
        "fxp0",
        "lo0",
    ),
    "cisco": Model(
        "cisco",
        "Cisco IOS Software, ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 15.5(3)S4b (lab)",
        "1.3.6.1.4.1.9.1.2068",
        1,
        "Gi0/{}",
        "Gi0",
        "Lo0",
        _CISCO,
    ),
    "huawei": Model(
        "huawei",
        "Huawei Versatile Routing Platform Software VRP (R) software, Version 8.180 (NE8000 M8) (lab)",
        "1.3.6.1.4.1.2011.2.62.66.4",
        3,
        "GigabitEthernet0/0/{}",
        "MEth0/0/0",
        "LoopBack0",
    ),
    "mikrotik": Model(
        "mikrotik", "RouterOS CCR1009-7G-1C-1S+ (lab)", "1.3.6.1.4.1.14988.1", 1, "ether{}", "ether0", "lo"
    ),
    "linux": Model("linux", "Linux router 6.1.0 (lab)", "1.3.6.1.4.1.8072.3.2.10", 1, "eth{}", "mgmt0", "lo"),
}
_SPEECH = (
    ("juniper", re.compile(r"^(ge|xe|et)-\d|^ae\d")),
    ("mikrotik", re.compile(r"^(ether|sfp|bonding)")),
    ("huawei", re.compile(r"^(X?GigabitEthernet|100GE|Eth-Trunk)\d")),
    ("cisco", re.compile(r"^(Gi|Te|Fa|Hu|Po|Bundle-Ether)")),
    ("linux", re.compile(r"^(eth|ens|enp|bond)\d")),
)
_LAG_NAME = re.compile(r"^(ae|Po|Port-channel|Bundle-Ether|Eth-Trunk|bond|bonding)\d+$")
_TEN_GIGABIT = re.compile(r"^(xe-|Te|XGig|sfp-sfpplus)")


@dataclass(frozen=True, slots=True)
class Port:
    """One interface as it was built.

    `served`: what is *in* on the link comes in here. `share`: of the router's LAN traffic, in thousandths.
    """

    name: str
    kind: PortKind
    speed_bps: int
    alias: str = ""
    link: str = ""
    served: bool = False
    share: int = 0
    members: int = 0  # of a LAG
    lag: str = ""  # of a member
    packet: int = 700  # octets in a mean packet
    point: str = ""  # measuring point of a VLAN

    @property
    def type(self) -> int:
        return LAG if self.members else _TYPES.get(self.kind, ETHERNET)

    @property
    def connected(self) -> bool:
        """Reads up while nothing is wrong."""
        return self.kind != "unused"


def model_of(device: Device, interfaces: Sequence[str]) -> Model:
    """The make whose way of naming the device's declared interfaces follow."""
    for interface in interfaces:
        for vendor, pattern in _SPEECH:
            if pattern.match(interface):
                return MODELS[vendor]
    return tuple(MODELS.values())[int(draw(device.key, "model") * len(MODELS))]


def alias_of(inventory: Inventory, link: Link, *, near: bool) -> str:
    """Who is at the other end, in both languages, cut to what ifAlias holds."""
    far = link.b if near else link.a
    if far.external:
        circuit = inventory.circuits.get(link.circuit)
        name = link.name or (circuit.name if circuit else None)
    else:
        name = inventory.site_of(far.device).name
    sw, en = (name.in_language("sw"), name.en) if name else (str(far), str(far))
    text = sw if sw == en else f"{sw} / {en}"
    return f"Kwenda / To {text} [{link.key}]".encode()[:_ALIAS_OCTETS].decode(errors="ignore")


def _speed(name: str, link: Link) -> int:
    least = max(link.in_bps, link.out_bps, 10 * _GIGABIT if _TEN_GIGABIT.match(name) else _GIGABIT)
    return next((tier for tier in _TIERS if tier >= least), least)


def _packet(*words: object) -> int:
    return 420 + int(draw(*words, "packet") * 480)


def _link_ports(inventory: Inventory, device: Device) -> Iterator[Port]:
    seen: set[str] = set()
    for link in inventory.links_of[device.key]:
        for end, near in ((link.a, True), (link.b, False)):
            if end.device != device.key or end.interface in seen:
                continue
            seen.add(end.interface)
            members = 2 if _LAG_NAME.match(end.interface) else 0
            yield Port(
                end.interface,
                "link",
                _speed(end.interface, link) * max(1, members),
                alias_of(inventory, link, near=near),
                link.key,
                end == link.served,
                members=members,
                packet=_packet(link.key),
            )


def _member_ports(ports: Sequence[Port], names: Iterator[str]) -> Iterator[Port]:
    for lag in ports:
        for number in range(lag.members):
            yield Port(
                next(names),
                "member",
                lag.speed_bps // lag.members,
                f"{lag.name} {number + 1}/{lag.members}",
                lag.link,
                lag.served,
                lag=lag.name,
                packet=lag.packet,
            )


def _other_ports(device: Device, model: Model, names: Iterator[str], room: int) -> Iterator[Port]:
    yield Port(model.loopback, "loopback", 0, "Anwani ya kifaa / Router address")
    if room > 1:
        yield Port(model.management, "management", _GIGABIT, "Usimamizi / Management", share=8, packet=300)
    for number in range(max(0, room - 2)):
        if number < len(_LAN) and (number == 0 or draw(device.key, "lan", number) < 0.6):
            sw, en = _LAN[number]
            share = 600 if number == 0 else 20 + int(draw(device.key, "share", number) * 60)
            yield Port(next(names), "lan", _GIGABIT, f"{sw} / {en}", share=share, packet=_packet(device.key, number))
        else:
            yield Port(next(names), "unused", _GIGABIT, "Haitumiki / Unused" if number % 3 else "")


def ports_of(inventory: Inventory, device: Device, model: Model) -> tuple[Port, ...]:
    """8 to 48 ports: those of declared links first, then LAG members, then what such a router has besides."""
    linked = tuple(_link_ports(inventory, device))
    taken = {port.name for port in linked} | {model.loopback, model.management}
    names = (name for number in count() if (name := model.port.format(number)) not in taken)
    members = tuple(_member_ports(linked, names))
    least, most = _PORTS.get(device.role, (8, 12))
    wanted = least + int(draw(device.key, "ports") * (most - least + 1))
    room = max(1, wanted - len(linked) - len(members))
    others = tuple(_other_ports(device, model, names, room))
    taken |= {port.name for port in (*members, *others)}
    return (*linked, *members, *others, *_vlans(inventory, device, taken))


def _vlans(inventory: Inventory, device: Device, taken: Collection[str]) -> Iterator[Port]:
    """Interfaces towards institutions whose use is measured there; behind all others, so that those keep their places."""
    for point in inventory.points.values():
        if point.device == device.key and point.interface and point.interface not in taken:
            name = inventory.institutions[point.institution].name
            alias = f"IRU: {name.en} [{point.institution}]".encode()[:_ALIAS_OCTETS].decode(errors="ignore")
            served = point.faces == "upstream"  # what goes to the institution comes in here
            yield Port(point.interface, "vlan", 10 * _GIGABIT, alias, served=served, point=point.key)
