"""Which port of a simulated router hangs on which port of another, and who hears whom over it at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2s
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, NamedTuple

from inventory.model import End, Inventory

if TYPE_CHECKING:
    from noc.lab.router import Router

Four = tuple[int, int, int, int]

_ROUTED = ("core", "ring")  # links on which OSPF is spoken
_FIRST_NET = int(IPv4Address("172.31.0.0"))


@dataclass(frozen=True, slots=True, eq=False)
class Wire:
    """One physical port of ours and the port at its other end, which announce themselves to each other (LLDP)."""

    number: int
    far: "Router"
    far_number: int


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """An OSPF neighbour over a link, whether a port or an aggregate carries it; `address` is the neighbour's."""

    number: int
    far: "Router"
    far_number: int
    address: Four


class Heard(NamedTuple):
    """Those over which somebody is heard."""

    wires: tuple[Wire, ...] = ()
    adjacencies: tuple[Adjacency, ...] = ()


@dataclass(frozen=True)
class Identity:
    """How a router calls itself in protocols."""

    key: str
    address: str

    @cached_property
    def chassis(self) -> bytes:
        """A MAC address of its own, locally administered."""
        return b"\x02" + blake2s(self.key.encode(), digest_size=5).digest()

    @cached_property
    def router_id(self) -> bytes:
        """Its address where that is IPv4, else four octets out of its name."""
        try:
            packed = ip_address(self.address).packed
        except ValueError:
            packed = b""
        return packed if len(packed) == 4 else blake2s(self.key.encode(), digest_size=4).digest()


def connect(inventory: Inventory, routers: Mapping[str, "Router"]) -> None:
    """Lay every declared link between two of our routers."""
    lay(inventory, routers, {})
    adjacencies: dict[str, list[Adjacency]] = {key: [] for key in routers}
    routed = (link for link in inventory.links.values() if link.role in _ROUTED and len(link.ends) == 2)
    for place, link in enumerate(routed):
        near, far = _net(place)
        a, b = _ports(routers, link.a)[0], _ports(routers, link.b)[0]
        adjacencies[link.a.device].append(Adjacency(a, routers[link.b.device], b, far))
        adjacencies[link.b.device].append(Adjacency(b, routers[link.a.device], a, near))
    for key, router in routers.items():
        router.adjacencies = tuple(sorted(adjacencies[key], key=lambda adjacency: adjacency.address))
    for router in routers.values():
        router.begin_hearing(heard_by(router, router.start))


def lay(inventory: Inventory, routers: Mapping[str, "Router"], recabled: Mapping[str, str]) -> None:
    """Plug every cable in. `recabled`: link -> the link whose far (b) end its cable is plugged into instead."""
    wires: dict[str, list[Wire]] = {key: [] for key in routers}
    for link in inventory.links.values():
        near, far = link.a, inventory.links[recabled.get(link.key, link.key)].b
        if near.external or far.external:
            continue
        a, b = _ports(routers, near), _ports(routers, far)
        pairs = zip(a[1:] or a, b[1:] or b, strict=False)  # members where there are any, the rest hangs in the air
        for number, far_number in pairs:
            wires[near.device].append(Wire(number, routers[far.device], far_number))
            wires[far.device].append(Wire(far_number, routers[near.device], number))
    for key, router in routers.items():
        router.wires = tuple(sorted(wires[key], key=lambda wire: wire.number))


def _ports(routers: Mapping[str, "Router"], end: End) -> list[int]:
    """The port of a link's end, and the members behind it where it is an aggregate."""
    router = routers[end.device]
    number = router.number_of[end.interface]
    return [number, *(place for place, port in enumerate(router.ports) if port.lag == end.interface)]


def _net(place: int) -> tuple[Four, Four]:
    """Both addresses of the link's own /31."""
    first = _FIRST_NET + 2 * place
    near, far = (tuple((first + each).to_bytes(4, "big")) for each in (0, 1))
    return near, far  # type: ignore[return-value]  # four octets each


def heard_by(router: "Router", at: float) -> Heard:
    """Nothing is heard through a port that is down at either end, nor from a box that is dark."""
    return Heard(
        tuple(wire for wire in router.wires if _lives(router, wire, at)),
        tuple(adjacency for adjacency in router.adjacencies if _lives(router, adjacency, at)),
    )


def _lives(router: "Router", line: Wire | Adjacency, at: float) -> bool:
    return router.up(line.number, at) and line.far.up(line.far_number, at) and not line.far.life.at(at).dark
