"""Which way packets take through the simulated network: live paths, their latency and loss, and who is cut off."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inventory.model import Inventory, Link
from noc.lab.curve import draw
from noc.lab.damage import Damage

_BACKUP_COST_MS = 5_000.0  # a backup is taken only when nothing else is left
_THROUGH_SITE_COST_MS = 20_000.0  # nor do packets pass through somebody's site while there is another way
_SATELLITE_MS = 300.0
_ONE_WAY_MS = {  # least and most, one way
    "core": (3.0, 4.5),
    "ring": (1.5, 4.5),
    "access": (0.8, 6.0),
    "backup": (4.0, 12.0),
    "datacentre": (0.1, 0.3),
    "lan": (0.05, 0.1),
}
_BEYOND_MS = {"iru": (68.0, 88.0), "exchange": (0.4, 0.8)}


@dataclass(frozen=True, slots=True)
class Way:
    """How a device is reached: latency one way in ms, loss ratio one way, and the link it is reached over."""

    latency_ms: float
    loss: float
    link: str = ""
    via: str = ""


def latency_of(inventory: Inventory, link: Link) -> float:
    """One way over a link, ms: by its role, for some backups the height of a satellite."""
    words = f"{link.provider} {link.circuit} {link.key}".lower()
    if "vsat" in words or "satel" in words or (link.role == "backup" and draw(link.key, "sky") < 0.3):
        return _SATELLITE_MS
    circuit = inventory.circuits.get(link.circuit)
    least, most = _ONE_WAY_MS.get(link.role, (1.0, 3.0))
    if link.role == "upstream":
        least, most = _BEYOND_MS.get(circuit.kind if circuit else "", (5.0, 15.0))
    return least + draw(link.key, "length") * (most - least)


def _beside(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    bundles: dict[tuple[frozenset[str], str], list[str]] = {}
    for link in inventory.links.values():
        bundles.setdefault((frozenset((link.a.device, link.b.device)), link.role), []).append(link.key)
    return {key: tuple(bundle) for bundle in bundles.values() for key in bundle}


@dataclass
class Plant:
    """The network as it was laid: who is joined to whom by what. Devices without links hang on their site's first."""

    inventory: Inventory
    attached_to: str
    latency_ms: dict[str, float] = field(init=False)
    joined: dict[str, list[tuple[str, str]]] = field(init=False)
    beside: dict[str, tuple[str, ...]] = field(init=False)  # link -> links of its role between the same two devices

    def __post_init__(self) -> None:
        links = self.inventory.links
        self.latency_ms = {key: latency_of(self.inventory, link) for key, link in links.items()}
        self.joined = {key: [] for key in self.inventory.devices}
        for link in links.values():
            if not (link.a.external or link.b.external):
                self.joined[link.a.device].append((link.b.device, link.key))
                self.joined[link.b.device].append((link.a.device, link.key))
        self.beside = _beside(self.inventory)
        for device, place in tuple(self._loose()):
            self.joined[device].append((place, ""))
            self.joined[place].append((device, ""))

    def _loose(self) -> Iterator[tuple[str, str]]:
        for device in self.inventory.devices.values():
            if self.joined[device.key] or device.key == self.attached_to:
                continue
            others = (d.key for d in self.inventory.devices_at[device.site] if self.joined[d.key])
            yield device.key, next(others, self.attached_to)

    def hub(self, damage: Damage) -> str:
        """Where all traffic comes together: the first core that lives, else where the poller hangs."""
        cores = (key for key, device in self.inventory.devices.items() if device.role == "core")
        return next((key for key in cores if key not in damage.dark), self.attached_to)

    def ways(self, damage: Damage, sources: Iterable[str]) -> Mapping[str, Way]:
        """Every device that can be reached from the sources, nearest first, with its best way."""
        found: dict[str, Way] = {}
        heap = [(0.0, source, Way(0.0, 0.0)) for source in sources if source not in damage.dark]
        while heap:
            cost, device, way = heapq.heappop(heap)
            if device in found:
                continue
            found[device] = way
            through = _THROUGH_SITE_COST_MS if self._member_edge(device) and cost else 0.0
            for other, link in self.joined[device]:
                if other not in found and other not in damage.dark and not self.dead(damage, link):
                    step = self._step(damage, link)
                    heapq.heappush(heap, (cost + step + through, other, self._onward(damage, device, way, link)))
        return found

    def _member_edge(self, device: str) -> bool:
        return self.inventory.devices[device].role == "cpe"

    def dead(self, damage: Damage, link: str) -> bool:
        """Nothing passes over it."""
        return link != "" and damage.dead(link, self.inventory.links[link].circuit)

    def _step(self, damage: Damage, link: str) -> float:
        if not link:
            return 0.1
        backup = self.inventory.links[link].role == "backup"
        return self.latency_ms[link] + damage.latency.get(link, 0.0) / 2 + (_BACKUP_COST_MS if backup else 0.0)

    def _onward(self, damage: Damage, device: str, way: Way, link: str) -> Way:
        return Way(
            way.latency_ms + self.latency_ms.get(link, 0.05) + damage.latency.get(link, 0.0) / 2,
            1.0 - (1.0 - way.loss) * (1.0 - damage.loss.get(link, 0.0)),
            link,
            device,
        )

    def beyond(self, damage: Damage, ways: Mapping[str, Way], link: Link) -> Way | None:
        """The way to what lies behind an external link; None when there is none."""
        near = link.ends[0].device
        if near not in ways or self.dead(damage, link.key):
            return None
        return self._onward(damage, near, ways[near], link.key)
