"""How the simulated network is built from an inventory: its routers with their ports, and the traffic on every line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.model import Device, Inventory
from noc.lab.curve import Curves, draw
from noc.lab.damage import Damage
from noc.lab.flow import Flow, Load, Steps
from noc.lab.hardware import model_of, ports_of
from noc.lab.loads import Loads, demands_of
from noc.lab.objects import Arcs
from noc.lab.paths import Plant
from noc.lab.router import Counted, Peer, Router, session_of
from noc.lab.uses import Uses, line_of, uses_of
from noc.lab.wires import connect

Line = tuple[Flow, Flow]  # in towards the b end, out towards the a end
_PHASES = 40_000_000
_MEMBERS = 2


@dataclass
class Construction:
    """Everything that was built. `members` are the lines of LAG members by (link, number)."""

    plant: Plant
    routers: Mapping[str, Router]
    loads: Loads
    lines: Mapping[str, Line]
    members: Mapping[tuple[str, int], Line]
    lans: Mapping[str, Line]
    uses: Uses
    points: Mapping[str, Line]  # measuring point -> towards its institution and from it
    dark: set[str] = field(default_factory=set)

    def change_loads(self, at: float, damage: Damage) -> None:
        """From `at` on the lines carry what the damage leaves."""
        ms = int(at * 1000)
        carried = self.loads.of(damage, lost_of(damage))
        for lines, changed in ((self.lines, carried), (self.points, self.uses.of(carried))):
            for key, loads in changed.items():
                for flow, load in zip(lines[key], loads, strict=True):
                    flow.change(ms, load)
        for (link, number), line in self.members.items():
            alive = [n for n in range(_MEMBERS) if (link, n) not in damage.members]
            for flow, whole in zip(line, self.lines[link], strict=True):
                level = whole.load.level // len(alive) if number in alive else 0
                flow.change(ms, Load(level, whole.load.curve, whole.load.dropped_ppm, whole.load.damaged_ppm))
        dark = set(damage.dark)
        for device in dark ^ self.dark:
            for flow, load in zip(self.lans[device], _lan_loads(self.loads, device, dark=device in dark), strict=True):
                flow.change(ms, load)
        self.dark = dark


def lost_of(damage: Damage) -> Mapping[str, float]:
    """Link -> share of its capacity gone with LAG members."""
    return {link: sum(other == link for other, _ in damage.members) / _MEMBERS for link, _ in damage.members}


def build(inventory: Inventory, *, attached_to: str, start: float, seed: int) -> Construction:
    """KeyError when `attached_to` is neither a device nor a site with devices."""
    plant = Plant(inventory, attachment(inventory, attached_to))
    curves = Curves.of_seed(seed)
    models = {
        device.key: model_of(device, inventory.link_interfaces[device.key]) for device in inventory.devices.values()
    }
    ports = {device.key: ports_of(inventory, device, models[device.key]) for device in inventory.devices.values()}
    speeds: dict[str, int] = {}
    members: set[tuple[str, int]] = set()
    for of_device in ports.values():
        for port in of_device:
            if port.kind == "link":
                speeds[port.link] = min(speeds.get(port.link, port.speed_bps), port.speed_bps)
                members |= {(port.link, number) for number in range(port.members)}
    loads = Loads(plant, curves, demands_of(inventory), speeds)
    ms = int(start * 1000)
    carried = loads.of(Damage(), {})
    lines = {key: _line(ms, pair, key, seed) for key, pair in carried.items()}
    uses = uses_of(inventory, curves.office)
    points = {key: line_of(key, ms, pair, seed) for key, pair in uses.of(carried).items()}
    halves = {(key, n): _line(ms, _halved(lines[key]), f"{key} {n}", seed) for key, n in members}
    lans = {key: _line(ms, _lan_loads(loads, key), f"{key} lan", seed) for key in inventory.devices}
    routers = {}
    for device in inventory.devices.values():
        key = device.key
        router = Router(
            device=device,
            model=models[key],
            ports=ports[key],
            contact="NOC, GovNet <noc@lab.example>",
            location=_location(inventory, device),
            peers=_peers(inventory, device),
            lines=[],
            start=start,
        )
        router.lines = _lines_of(router, (lines, points), halves, lans[key])
        router.counted = tuple(
            Counted((_arcs(point.in_oid), _arcs(point.out_oid)), points[point.key])
            for point in inventory.points.values()
            if point.device == key and point.in_oid
        )
        router.sessions = {number: Steps(start, session_of(peer, start)) for number, peer in enumerate(router.peers)}
        routers[key] = router
    connect(inventory, routers)
    return Construction(plant, routers, loads, lines, halves, lans, uses, points)


def _arcs(oid: str) -> Arcs:
    return tuple(map(int, oid.split(".")))


def attachment(inventory: Inventory, attached_to: str) -> str:
    """The device that the poller hangs on, named by itself or by its site."""
    if attached_to in inventory.devices:
        return attached_to
    return inventory.devices_at[attached_to][0].key


def _line(ms: int, loads: tuple[Load, Load], name: str, seed: int) -> Line:
    phases = [int(draw(name, way, seed) * _PHASES) for way in ("in", "out")]
    return Flow(ms, loads[0], phases[0]), Flow(ms, loads[1], phases[1])


def _halved(line: Line) -> tuple[Load, Load]:
    first, second = (Load(flow.load.level // _MEMBERS, flow.load.curve) for flow in line)
    return first, second


def _lan_loads(loads: Loads, device: str, *, dark: bool = False) -> tuple[Load, Load]:
    """What the LAN ports of a router carry together; in is from the LAN into the router."""
    towards, back = loads.demands.get(device, (6_000_000.0, 4_000_000.0))
    scale = 0 if dark else 800
    curve = loads.curves.office
    return Load(int(back) * scale // curve.peak, curve), Load(int(towards) * scale // curve.peak, curve)


def _lines_of(
    router: Router,
    flows: tuple[Mapping[str, Line], Mapping[str, Line]],
    halves: Mapping[tuple[str, int], Line],
    lan: Line,
) -> list[Line | None]:
    """In and out as each port sees them: what is in on a link comes in at its served end and leaves the other.

    `flows` are those of links and those of measuring points.
    """
    lines, points = flows
    found: list[Line | None] = []
    seen: dict[str, int] = {}
    for port in router.ports:
        line: Line | None = None
        if port.kind == "link":
            line = lines[port.link]
        elif port.kind == "vlan":
            line = points[port.point]
        elif port.kind == "member":
            number = seen.get(port.lag, 0)
            seen[port.lag] = number + 1
            line = halves[port.link, number]
        elif port.share:
            found.append(lan)
            continue
        found.append(line if line is None or port.served else (line[1], line[0]))
    return found


def _location(inventory: Inventory, device: Device) -> str:
    site = inventory.sites[device.site]
    return f"{site.name.in_language('sw')}, {site.region}"


def _peers(inventory: Inventory, device: Device) -> tuple[Peer, ...]:
    links = [link for link in inventory.links_of[device.key] if link.role == "upstream"]
    found = []
    for link in links:
        third, fourth = int(draw(link.key, "net") * 256), int(draw(link.key, "host") * 64) * 4
        circuit = inventory.circuits.get(link.circuit)
        name = circuit.key if circuit else link.key
        found.append(
            Peer(link.key, (198, 18, third, fourth + 1), (198, 18, third, fourth + 2), 64_600 + int(draw(name) * 300))
        )
    return tuple(sorted(found, key=lambda peer: peer.address))
