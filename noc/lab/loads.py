"""How busy every link is: what the sites ask for, carried over the paths that live, and never more than fits."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model import Inventory, Link
from noc.lab.curve import Curve, Curves, draw
from noc.lab.damage import Damage
from noc.lab.flow import Load
from noc.lab.paths import Plant, Way

_CHATTER_BPS = 4_000  # routing protocols and keepalives on a live link
_FULL = 0.97  # of the ceiling: from here on packets are dropped
_FULL_DROPS_PPM = 1_500
_EXCHANGE_MEAN, _UPSTREAM_MEAN = 0.85, 0.47  # of the committed rate

_ENDS_AT = ("datacentre", "noc", "other")

Demand = tuple[float, float]  # bit/s towards the site and from it, at the busiest hour


def demands_of(inventory: Inventory) -> Mapping[str, Demand]:
    """What each site's router asks of the network, by its best link. Data centres give more than they take."""
    found: dict[str, Demand] = {}
    for link in inventory.links.values():
        if link.role not in ("access", "datacentre"):
            continue
        share = 0.18 + 0.5 * draw(link.key, "demand")
        for end in link.ends:
            kind = inventory.site_of(end.device).kind
            if not (inventory.site_of(end.device).member or kind in _ENDS_AT):
                continue
            towards, back = (link.in_bps, link.out_bps) if end is link.b else (link.out_bps, link.in_bps)
            wanted = (towards * share, back * share * 0.6)
            if kind == "datacentre":
                wanted = (towards * share * 0.04, back * share * 0.08)
            found[end.device] = max(found.get(end.device, (0.0, 0.0)), wanted)
    return found


@dataclass(frozen=True)
class Loads:
    """Works out the load of every link from the demands, the ways and the damage."""

    plant: Plant
    curves: Curves
    demands: Mapping[str, Demand]
    speeds: Mapping[str, int]  # link -> line rate of its slower port, bit/s

    def of(self, damage: Damage, lost: Mapping[str, float]) -> Mapping[str, tuple[Load, Load]]:
        """Link -> load in and out. `lost` is the share of a link's capacity gone with LAG members."""
        ways = self.plant.ways(damage, (self.plant.hub(damage),))
        upstream = self._upstream(damage, lost, ways)
        carried = self._carried(damage, ways, upstream)
        found = {}
        for key, link in self.plant.inventory.links.items():
            if link.a.external or link.b.external:
                wanted, curve = upstream.get(key, (0.0, 0.0)), self._curve(link)
            else:
                wanted, curve = carried.get(key, (0.0, 0.0)), self._curve(link)
            found[key] = self._pair(link, damage, wanted, (curve, 1.0 - lost.get(key, 0.0)))
        return found

    def _curve(self, link: Link) -> Curve:
        circuit = self.plant.inventory.circuits.get(link.circuit)
        if circuit and circuit.kind == "exchange":
            return self.curves.busy
        return self.curves.office if link.role in ("access", "backup", "lan") else self.curves.steady

    def _alive(self, damage: Damage, link: Link) -> bool:
        return not self.plant.dead(damage, link.key) and not any(end.device in damage.dark for end in link.ends)

    def _carried(self, damage: Damage, ways: Mapping[str, Way], upstream: Mapping[str, Demand]) -> Mapping[str, Demand]:
        """Sum the demands from the leaves of the tree of best ways towards the hub; ways come nearest first.

        Links laid beside each other share what passes.
        """
        sums = {device: self.demands.get(device, (0.0, 0.0)) for device in ways}
        for key, pair in upstream.items():
            gate = self.plant.inventory.links[key].ends[0].device
            received, sent = pair
            if gate in sums:  # what is received from outside leaves the gate towards the hub
                sums[gate] = (sums[gate][0] + sent, sums[gate][1] + received)
        found: dict[str, Demand] = {}
        for device, way in reversed(list(ways.items())):
            down, up = sums[device]
            alive = [key for key in self.plant.beside.get(way.link, ()) if not self.plant.dead(damage, key)]
            for key in alive:
                towards_b = self.plant.inventory.links[key].b.device == device
                pair = (down, up) if towards_b else (up, down)
                found[key] = (pair[0] / len(alive), pair[1] / len(alive))
            if way.via:
                above = sums[way.via]
                sums[way.via] = (above[0] + down, above[1] + up)
        return found

    def _upstream(self, damage: Damage, lost: Mapping[str, float], ways: Mapping[str, Way]) -> Mapping[str, Demand]:
        """Links that leave the network; what a dead one carried moves to the others of its kind."""
        groups: dict[str, list[Link]] = {}
        for link in self.plant.inventory.links.values():
            if link.a.external or link.b.external:
                circuit = self.plant.inventory.circuits.get(link.circuit)
                groups.setdefault(circuit.kind if circuit else "", []).append(link)
        found: dict[str, Demand] = {}
        for kind, links in groups.items():
            mean = _EXCHANGE_MEAN if kind == "exchange" else _UPSTREAM_MEAN
            alive = [link for link in links if self._alive(damage, link) and link.ends[0].device in ways]
            capacity = sum(link.in_bps * (1.0 - lost.get(link.key, 0.0)) for link in alive)
            wanted = sum(link.in_bps for link in links) * mean
            ratio = min(1.0, wanted / capacity) if capacity else 0.0
            for link in alive:
                scale = ratio * 1000 / self._curve(link).mean
                found[link.key] = (link.in_bps * scale, link.out_bps * 0.4 * scale)
        return found

    def _pair(self, link: Link, damage: Damage, wanted: Demand, shape: tuple[Curve, float]) -> tuple[Load, Load]:
        curve, left = shape
        if not self._alive(damage, link):
            return Load(0, curve), Load(0, curve)
        speed = self.speeds.get(link.key, link.in_bps)
        set_by_hand = damage.traffic.get(link.key, (None, None))
        damaged = int(damage.loss.get(link.key, 0.0) * 1_000_000) or _wear(link.key)
        loads = []
        for committed, bps, level in zip((link.in_bps, link.out_bps), wanted, set_by_hand, strict=True):
            ceiling = min(committed or speed, speed) * left
            if level is not None:
                drops = _FULL_DROPS_PPM if level >= _FULL else 0
                loads.append(
                    Load(int(min(level * (committed or speed), speed * left)), self.curves.flat, drops, damaged)
                )
                continue
            most = ceiling * 1000 / curve.peak
            drops = _FULL_DROPS_PPM if bps > most else 0
            loads.append(Load(int(min(bps + _CHATTER_BPS, most)), curve, drops, damaged))
        return loads[0], loads[1]


def _wear(link: str) -> int:
    """Most lines are clean; one in eight damages a packet in a while, ppm."""
    wear = draw(link, "wear")
    return 0 if wear < 0.875 else 1 + int((wear - 0.875) * 100)
