"""What institutions carry over the cables in the lab: a part of what their own lines carry, seen at measuring points."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model import Inventory, MeasuringPoint
from noc.lab.curve import Curve, draw
from noc.lab.flow import Flow, Load

Line = tuple[Flow, Flow]  # in towards the institution, out from it
_WANTED_BPS = 20_000_000  # of an institution that has no line of ours
_PHASES = 40_000_000


@dataclass(frozen=True)
class Uses:
    """How much of its institution's lines each point sees. `lines`: point -> the links that its institution hangs on."""

    points: Mapping[str, MeasuringPoint]
    lines: Mapping[str, tuple[str, ...]]
    curve: Curve

    def of(self, links: Mapping[str, tuple[Load, Load]]) -> Mapping[str, tuple[Load, Load]]:
        """Point -> load towards the institution and from it, where `links` are loads of all links."""
        return {key: self._load(key, links) for key in self.points}

    def _load(self, key: str, links: Mapping[str, tuple[Load, Load]]) -> tuple[Load, Load]:
        found = self.lines[key]
        if not found:
            level = int(_WANTED_BPS * (0.5 + draw(key, "wants") / 2))
            return Load(level, self.curve), Load(level * 3 // 10, self.curve)
        share = 110 + int(draw(key, "abroad") * 60)  # thousandths
        into, out = (sum(links[link][way].level for link in found) * share // 1000 for way in (0, 1))
        return Load(into, links[found[0]][0].curve), Load(out, links[found[0]][1].curve)


def uses_of(inventory: Inventory, curve: Curve) -> Uses:
    """Of all measuring points; a link's *in* is towards its institution's site, which stands at its `b`."""
    lines: dict[str, tuple[str, ...]] = {}
    for key, point in inventory.points.items():
        site = inventory.institutions[point.institution].site
        lines[key] = tuple(
            link.key
            for link in inventory.links.values()
            if site is not None and not link.b.external and inventory.devices[link.b.device].site == site
        )
    return Uses(inventory.points, lines, curve)


def line_of(point: str, ms: int, loads: tuple[Load, Load], seed: int) -> Line:
    """A point's traffic from `ms` on."""
    phases = [int(draw(point, way, seed) * _PHASES) for way in ("in", "out")]
    return Flow(ms, loads[0], phases[0]), Flow(ms, loads[1], phases[1])
