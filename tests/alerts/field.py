"""A network in virtual time: devices answer only over a live path, and a poller asks them as the daemon would."""

import heapq
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.board import Board
from alerts.transition import Transition
from inventory.model import Circuit, Device, End, Inventory, Link, LinkRole, Name, Probe, Provider, Site, SiteKind
from inventory.status import StatusRow
from inventory.topology import Topology

PING, SNMP = Probe("icmp"), Probe("snmp")
TIMEOUT_S = 1.0
UP, DOWN = 1, 2


@dataclass(frozen=True)
class Pulse:
    device: str
    asked_at: float
    at: float
    rtts_ms: Mapping[Probe, float | None] = field(default_factory=dict)
    uptime_ticks: int | None = None
    ports: Mapping[str, int] = field(default_factory=dict)
    refused: str = ""


def inventory_of(
    links: Iterable[tuple[str, str]],
    *,
    roles: Mapping[str, LinkRole] | None = None,
    anchors: Mapping[str, tuple[str, ...]] | None = None,
) -> Inventory:
    """One site per device; link `a=b`; a far end `external` is a circuit `up-<a>`."""
    pairs = list(links)
    names = list(dict.fromkeys(name for pair in pairs for name in pair if name != "external"))
    made = [_link(a, b, (roles or {}).get(f"{a}={b}", "access")) for a, b in pairs]
    kinds: dict[str, SiteKind] = {name: "core" if "core" in name else "lga" for name in names}
    return Inventory(
        regions={"Dodoma": Name("Dodoma")},
        sites={f"s-{name}": Site(f"s-{name}", Name(name.title()), kinds[name], "Dodoma") for name in names},
        devices={name: Device(name, f"s-{name}", "127.0.0.1") for name in names},
        links={link.key: link for link in made},
        circuits={key: Circuit(key, "ttcl", key, anchors=addresses) for key, addresses in (anchors or {}).items()},
        providers={"ttcl": Provider("ttcl", Name("TTCL"))},
    )


def _link(a: str, b: str, role: LinkRole) -> Link:
    far = End("external") if b == "external" else End(b, f"to-{a}")
    return Link(f"{a}={b}", End(a, f"to-{b}"), far, role, "ttcl", f"c-{a}={b}", 100_000_000, 50_000_000)


class Field:
    """Truth (`dead`, `cut`, `mute`), the poller's way of asking, and what the board said."""

    def __init__(
        self,
        inventory: Inventory,
        attached_to: str,
        *,
        seed: int = 1,
        gateway: str = "",
        loss: float = 0.0,
        rtt_s: float = 0.02,
    ) -> None:
        self.inventory = inventory
        self.topology = Topology(inventory, attached_to)
        self.board = Board(inventory, self.topology, gateway=gateway)
        self.dead: set[str] = set()
        self.cut: set[str] = set()  # links
        self.mute: set[str] = set()  # devices whose agent hangs
        self.dark: set[str] = set()  # devices whose death takes the neighbours' port light with it
        self.isolated = False  # the poller's own cable is out
        self.said: list[Transition] = []
        self.now = 0.0
        self.asked = 0
        self._loss, self._rtt_s = loss, rtt_s
        self._random = random.Random(seed)
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = 0
        self._turn: dict[str, int] = {}
        self._under_way: dict[str, int] = {}
        self._again: set[str] = set()  # to be asked when that is over
        self._truth: tuple[object, ...] = ()
        self._reached: frozenset[str] = frozenset()
        for device in inventory.devices:
            self._ask_in(device, self._random.random() * 5)
        self._at(1.0, self._sweep)

    def run(self, until: float) -> None:
        while self._queue and self._queue[0][0] <= until:
            self.now, _, act = heapq.heappop(self._queue)
            act()
        self.now = until

    def run_for(self, seconds: float) -> None:
        self.run(self.now + seconds)

    def renew(self, inventory: Inventory, attached_to: str, *, gateway: str = "") -> None:
        """Another inventory: a board of its own that goes on from the rows of the old one; who is gone is asked no more."""
        rows = self.board.rows()
        self.inventory, self.topology = inventory, Topology(inventory, attached_to)
        self.board = Board(inventory, self.topology, gateway=gateway)
        self.board.restore(rows)
        for device in dict.fromkeys((*self._turn, *inventory.devices)):
            self._turn[device] = self._turn.get(device, 0) + 1
            if device in inventory.devices:
                self._ask_in(device, self._random.random() * 5)

    def states(self) -> dict[str, str]:
        """`kind key` -> state, all of them."""
        return {f"{row.kind} {row.key}": row.state for row in self.board.rows()}

    def row(self, kind: str, key: str) -> StatusRow:
        return next(row for row in self.board.rows() if (row.kind, row.key) == (kind, key))

    def said_of(self, kind: str, key: str) -> Sequence[Transition]:
        return [each for each in self.said if (each.kind, each.key) == (kind, key)]

    def _at(self, when: float, act: Callable[[], None]) -> None:
        self._serial += 1
        heapq.heappush(self._queue, (when, self._serial, act))

    def _sweep(self) -> None:
        self.said.extend(self.board.sweep(self.now))
        self._hurry()
        self._at(self.now + 0.5, self._sweep)

    def _hurry(self) -> None:
        for device in self.board.hurried():
            if self._under_way.get(device, 0):
                self._again.add(device)
            else:
                self._ask_in(device, 0.0)

    def _ask_in(self, device: str, seconds: float) -> None:
        turn = self._turn[device] = self._turn.get(device, 0) + 1
        self._at(self.now + seconds, lambda: self._ask(device, turn))

    def _ask(self, device: str, turn: int) -> None:
        if self._turn[device] != turn:
            return  # asked meanwhile, outside its turn
        self.asked += 1
        pulse = self._pulse(device)
        self._under_way[device] = self._under_way.get(device, 0) + 1
        self._at(pulse.at, lambda: self._answered(pulse))
        self._ask_in(device, self.board.next_due(device))

    def _answered(self, pulse: Pulse) -> None:
        self._under_way[pulse.device] -= 1
        before = self.board.next_due(pulse.device)
        self.said.extend(self.board.feed_pulse(pulse))
        again = pulse.device in self._again and not self._under_way[pulse.device]
        if again:
            self._again.discard(pulse.device)
        if self.board.next_due(pulse.device) < before or (again and self.board.next_due(pulse.device) > 1):
            self._ask_in(pulse.device, 0.0)
        if self.board.urgent:
            self.said.extend(self.board.sweep(self.now))
        self._hurry()

    def _pulse(self, device: str) -> Pulse:
        lives = device in self._seen()
        ping = self._rtt_s * 1e3 if lives and not self._lost() else None
        snmp = self._rtt_s * 1e3 if lives and device not in self.mute and not self._lost() else None
        at = self.now + (self._rtt_s if ping is not None and snmp is not None else TIMEOUT_S)
        ports = {} if snmp is None else self._ports(device)
        ticks = None if snmp is None else int(self.now * 100)
        return Pulse(device, self.now, at, {PING: ping, SNMP: snmp}, ticks, ports)

    def _lost(self) -> bool:
        return self._loss > 0 and self._random.random() < self._loss

    def _seen(self) -> frozenset[str]:
        """Asked for at every pulse, and another only when the truth is."""
        if self.isolated:
            return frozenset()
        truth = (self.topology, frozenset(self.dead), frozenset(self.cut))
        if truth != self._truth:
            self._truth, self._reached = truth, frozenset(self.topology.reachable(self.dead, self.cut))
        return self._reached

    def _ports(self, device: str) -> dict[str, int]:
        found = {}
        for link in self.inventory.links_of[device]:
            dark = {end.device for end in link.ends} & self.dark & self.dead
            mine = next(end for end in link.ends if end.device == device)
            found[mine.interface] = DOWN if link.key in self.cut or dark else UP
        return found
