"""A simulated router as it stands at one instant: what every value of one answer is read from."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from collectors.snmp import ber
from noc.lab.hardware import Port
from noc.lab.objects import Arcs
from noc.lab.router import Counts, Life, Peer, Router, Session, Status
from noc.lab.wires import Adjacency, Wire

FULL32 = 0xFFFF_FFFF
NO_TICKS = ber.unsigned(0, ber.TIMETICKS)


class Shape(NamedTuple):
    """Routers of one shape have the same objects: ifIndexes, BGP peers, LLDP ports with a neighbour, OSPF neighbours,
    class counters."""

    indexes: tuple[int, ...]
    peers: tuple[Peer, ...] = ()
    lldp_ports: tuple[int, ...] = ()
    ospf_addresses: tuple[Arcs, ...] = ()
    ospf: bool = False
    counted: tuple[Arcs, ...] = ()  # names of class counters: in and out of each


class View:
    """A router as it stands at one instant: what every value of one answer is read from."""

    __slots__ = ("__dict__", "_counts", "life", "router", "t")

    def __init__(self, router: Router, t: float) -> None:
        self.router = router
        self.t = t
        self.life: Life = router.life.at(t)
        self._counts: dict[int, Counts] = {}

    def number(self, row: int) -> int:
        """Which port stands in a row of the interface table today."""
        return (row + self.life.turn) % len(self.router.ports)

    def port(self, row: int) -> Port:
        return self.router.ports[self.number(row)]

    def status(self, row: int) -> Status:
        return self.router.status(self.number(row), self.t)

    def counts(self, row: int) -> Counts:
        found = self._counts.get(row)
        if found is None:
            found = self._counts[row] = self.router.counts(self.number(row), self.t)
        return found

    def speed(self, row: int) -> int:
        speed = self.status(row).speed_bps
        return self.port(row).speed_bps if speed is None else speed

    def session(self, row: int) -> Session:
        return self.router.sessions[row].at(self.t)

    def row(self, number: int) -> int:
        """Where a port stands in the interface table today."""
        return (number - self.life.turn) % len(self.router.ports)

    @cached_property
    def wires(self) -> Sequence[Wire]:
        """Those over which somebody is heard, in the order of their rows."""
        return sorted(self.router.hearing.at(self.t).wires, key=lambda wire: self.row(wire.number))

    @cached_property
    def adjacencies(self) -> Sequence[Adjacency]:
        return self.router.hearing.at(self.t).adjacencies

    def far_port(self, wire: int) -> Port:
        """The port at the other end of a wire."""
        found = self.wires[wire]
        return found.far.ports[found.far_number]

    def aggregate(self, row: int, indexes: Sequence[int]) -> int:
        """ifIndex of the aggregate that the port in a row is a member of; 0 for none."""
        lag = self.port(row).lag
        return indexes[self.row(self.router.number_of[lag])] if lag else 0

    def shape(self, first_index: int) -> Shape:
        """What decides which objects there are."""
        return Shape(
            tuple(range(first_index, first_index + len(self.router.ports))),
            self.router.peers,
            tuple(self.row(wire.number) + 1 for wire in self.wires),
            tuple(adjacency.address for adjacency in self.adjacencies),
            bool(self.router.adjacencies),
            tuple(name for each in self.router.counted for name in each.names),
        )

    def ticks(self, moment: float) -> bytes:
        """A moment as sysUpTime would have told it; 0 for what was before the boot."""
        if moment <= self.life.boot_at:
            return NO_TICKS
        return ber.unsigned(int((moment - self.life.boot_at) * 100) & FULL32, ber.TIMETICKS)
