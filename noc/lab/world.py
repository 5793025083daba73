"""The simulated network as a whole: what every router answers at any moment, as a function of inventory, acts and time."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from zlib import crc32

from collectors.snmp import ber
from inventory.addresses import split_port
from inventory.credentials import SnmpUser
from inventory.model import Inventory, Link
from noc.lab import agent
from noc.lab.actions import ACTIONS, Act, unfolded
from noc.lab.construction import Construction, build
from noc.lab.damage import Damage
from noc.lab.deeds import DEEDS, link_on
from noc.lab.flow import Flow, Steps
from noc.lab.mib import layout_of
from noc.lab.objects import Layout
from noc.lab.paths import Way
from noc.lab.ports import settle_hearing, settle_ports, settle_sessions
from noc.lab.router import Router
from noc.lab.security import SPOKEN, Security
from noc.lab.view import Shape, View
from noc.lab.wires import Heard

_WRAP = 1 << 32  # where 32-bit counters begin again
_LAYOUTS = 1000  # kept; routers whose ports are alike and hear alike share one


@dataclass(frozen=True, slots=True)
class Epoch:
    """What holds between two changes: who can be reached from the poller, and how far what lies beyond is."""

    ways: Mapping[str, Way]
    beyond: Mapping[str, Way | None]  # circuit -> way to its anchors
    dark: frozenset[str]
    dead: frozenset[str]  # links that carry nothing


class World:
    """Built once; acts are added at any time, never before what has been asked already.

    `attached_to` is the device (or the site) that the poller's cable ends on. `start` is UTC seconds.
    `communities` and `users`: credential name -> what is obeyed; those of the sample where nothing is told.
    """

    def __init__(
        self,
        inventory: Inventory,
        *,
        attached_to: str,
        start: float,
        seed: int = 0,
        acts: Iterable[Act] = (),
        communities: Mapping[str, bytes] | None = None,
        users: Mapping[str, SnmpUser] | None = None,
    ) -> None:
        self.inventory = inventory
        self._security = Security(communities or {}, users or {}, devices=len(inventory.devices))
        self.start = start
        self.seed = seed
        self.asked_until = start
        self.damage = Damage()
        self._built: Construction = build(inventory, attached_to=attached_to, start=start, seed=seed)
        self.plant = self._built.plant
        self.routers: Mapping[str, Router] = self._built.routers
        self.done: list[Act] = []
        self._numbers = count()
        self._ahead: list[tuple[float, int, Act]] = []
        self._layouts: dict[Shape, Layout] = {}
        self._found: dict[str, tuple[tuple[int, int, Heard], Layout]] = {}  # device -> what it was found for, and it
        acts = tuple(acts)
        self._prepare_wraps([act for act in acts if act.do == "wrap32"], acts, attached_to)
        for act in acts:
            self.add(act)
        self.epochs: Steps[Epoch] = Steps(start, self._epoch())

    def _prepare_wraps(self, wraps: list[Act], acts: tuple[Act, ...], attached_to: str) -> None:
        """Let counters begin so that they wrap at the right moment: a rehearsal without wraps tells where they will be."""
        if not wraps:
            return
        rest = [act for act in acts if act.do != "wrap32"]
        rehearsal = World(self.inventory, attached_to=attached_to, start=self.start, seed=self.seed, acts=rest)
        for wrap in sorted(wraps, key=lambda act: act.at):
            rehearsal.advance(wrap.at)
            router, played = self.routers[wrap.on["device"]], rehearsal.routers[wrap.on["device"]]
            more = dict(router.ahead)
            for number, port in enumerate(router.ports):
                if wrap.on.get("interface") in (None, port.name):
                    counts, numbered = played.counts(number, wrap.at), played.zero(number, wrap.at).numbered
                    more[number, numbered] = (
                        -counts.in_octets % _WRAP,
                        -counts.out_octets % _WRAP,
                    )
            router.ahead = more

    def add(self, act: Act) -> None:
        """Let it happen at its time, with all that follows from it."""
        for step in unfolded(act):
            heapq.heappush(self._ahead, (step.at, next(self._numbers), step))

    @property
    def next_change(self) -> float | None:
        """When something will happen next, UTC seconds; None: nothing is planned."""
        return self._ahead[0][0] if self._ahead else None

    def advance(self, t: float) -> None:
        """Let everything happen that is due until `t`."""
        self.asked_until = max(self.asked_until, t)
        while self._ahead and self._ahead[0][0] <= t:
            at, moved = self._ahead[0][0], False
            while self._ahead and self._ahead[0][0] == at:
                _, _, act = heapq.heappop(self._ahead)
                DEEDS[act.do](self, act)
                self.done.append(act)
                moved = moved or ACTIONS[act.do].moves
            if moved:
                self._settle(at)

    def _settle(self, at: float) -> None:
        self.epochs.put(at, self._epoch())
        for key, router in self.routers.items():
            life = router.life.last
            if life.dark != (key in self.damage.dark):
                router.set_dark(at, dark=not life.dark)
        self._built.change_loads(at, self.damage)
        settle_ports(self.inventory, self.routers, self.damage, at)
        settle_sessions(self.inventory, self.routers, self.damage, at)
        settle_hearing(self.routers, at)

    def _epoch(self) -> Epoch:
        ways = self.plant.ways(self.damage, (self.plant.attached_to,))
        beyond = {
            link.circuit: self.plant.beyond(self.damage, ways, link)
            for link in self.inventory.links.values()
            if link.a.external or link.b.external
        }
        dead = frozenset(key for key in self.inventory.links if self.plant.dead(self.damage, key))
        return Epoch(ways, beyond, frozenset(self.damage.dark), dead)

    @property
    def points(self) -> Mapping[str, tuple[Flow, Flow]]:
        """What flows at each measuring point, towards its institution and from it."""
        return self._built.points

    @property
    def lines(self) -> Mapping[str, tuple[Flow, Flow]]:
        """What every link carries, in and out."""
        return self._built.lines

    def way(self, device: str, t: float) -> Way | None:
        """How the poller reaches the device at `t`; None: not at all."""
        self.advance(t)
        return self.epochs.at(t).ways.get(device)

    def layout(self, router: Router, offset: int, t: float | None = None) -> Layout:
        """The SNMP objects of the router at `t`, the last moment if none is told, with so much added to its ifIndexes."""
        t = self.asked_until if t is None else t
        key = (offset, router.life.at(t).turn, router.hearing.at(t))
        known = self._found.get(router.device.key)
        if known is not None and known[0] == key:
            return known[1]
        shape = View(router, t).shape(router.model.first_index + offset)
        found = self._layouts.get(shape)
        if found is None:
            if len(self._layouts) >= _LAYOUTS:
                self._layouts.clear()
            found = self._layouts[shape] = layout_of(shape)
        self._found[router.device.key] = key, found
        return found

    def answer(self, device: str, request: bytes, t: float) -> bytes | None:
        """What comes back for an SNMP message sent to the device at `t` (UTC seconds); None: silence."""
        way = self.way(device, t)
        router = self.routers[device]
        life = router.life.at(t)
        if way is None or life.hung or _lost(way, request, t):
            return None
        try:
            return self._said(router, request, t)
        except ber.BerError:
            return None

    def _said(self, router: Router, request: bytes, t: float) -> bytes | None:
        """Each router speaks the one version that the inventory says, as hardened ones do. BerError: no such message."""
        life, version = router.life.at(t), router.device.snmp.version
        layout, view = self.layout(router, life.offset, t), View(router, t)
        if version == "3":
            return self._security.answer(
                router,
                request,
                t,
                lambda pdu, around: agent.respond(layout, view, agent.parse_pdu(pdu, around)),
            )
        asked = agent.parse(request)
        if asked.version != SPOKEN[version] or asked.community != self._security.community(router.device, life):
            return None
        return agent.answer(layout, view, asked)

    def echo(self, device: str, payload: bytes, t: float) -> bytes | None:
        """What the device's UDP echo sends back."""
        way = self.way(device, t)
        return None if way is None or _lost(way, payload, t) else payload

    def anchor(self, circuit: str, payload: bytes, t: float) -> bytes | None:
        """What an anchor beyond the circuit sends back."""
        self.advance(t)
        way = self.epochs.at(t).beyond.get(circuit)
        return None if way is None or _lost(way, payload, t) else payload

    def delay_s(self, device: str, t: float, *, snmp: bool = False) -> float:
        """How long an answer of the device takes at `t`, there and back."""
        way = self.way(device, t)
        slow_ms = self.routers[device].life.at(t).slow_ms if snmp else 0.0
        return 0.0 if way is None else (_round_trip_ms(way, t) + slow_ms) / 1000

    def anchor_delay_s(self, circuit: str, t: float) -> float:
        """How long an answer of an anchor takes."""
        way = self.epochs.at(t).beyond.get(circuit)
        return 0.0 if way is None else _round_trip_ms(way, t) / 1000

    @cached_property
    def anchors(self) -> Mapping[tuple[str, int], str]:
        """(address, UDP echo port) -> circuit, of the anchors that the lab can play."""
        found = {}
        for circuit in self.inventory.circuits.values():
            for anchor in circuit.anchors:
                address, port = split_port(anchor)
                port = port or circuit.anchor_probe.port
                if circuit.anchor_probe.method == "udp-echo" and port:
                    found[address, port] = circuit.key
        return found

    def link_of(self, act: Act) -> Link | None:
        """The link an act is about, where there is one."""
        if "link" in act.on or "interface" in act.on:
            return self.inventory.links.get(link_on(self.inventory, act.on))
        return None


def _chance(payload: bytes, t: float) -> float:
    return crc32(payload, int(t * 1000) & 0xFFFF_FFFF) / 2**32


def _lost(way: Way, payload: bytes, t: float) -> bool:
    """Whether this very packet, or its answer, gets lost."""
    return way.loss > 0 and _chance(payload, t) >= (1.0 - way.loss) ** 2


def _round_trip_ms(way: Way, t: float) -> float:
    jitter = _chance(way.link.encode(), t)
    return 2 * way.latency_ms + 0.2 + jitter * jitter * (0.5 + way.latency_ms * 0.05)
