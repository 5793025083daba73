"""The map: a tile a region in the colour of the worst fault that lies in it, a dot a site in the size of its impact."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from alerts.alarm import Severity
from alerts.incident import Incident
from alerts.subject import Subject
from dashboards.wall.scene import Scene
from dashboards.wall.tiles import COLUMNS, ROWS, Place, places
from dashboards.wall.weights import weights
from inventory.model import Inventory, Site

TILE: Final = 100.0  # of the picture's own units, which are pixels on a wall of 1920 x 1080
INNER: Final = 96.0
LABEL: Final = 34.0
EDGE: Final = 5.0
LARGEST: Final = 19.0  # of one dot's place
RADII: Final = (0.20, 0.26, 0.32, 0.38, 0.45)  # of its place, by impact 1 to 5
WIDTH, HEIGHT = COLUMNS * TILE, ROWS * TILE


class Spot(NamedTuple):
    """Where the dot of a site is and how large; `name` in the wall's language."""

    key: str
    name: str
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A region's tile, which changes only with the inventory."""

    region: str
    code: str
    name: str
    x: float
    y: float
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """`mark`: the worst severity whose root lies here, "unknown" where nothing is known, "" where all is calm.

    `states`: of each spot: a state, or "maintenance".
    """

    plot: Plot
    mark: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Map:
    tiles: tuple[Tile, ...]


def map_of(scene: Scene) -> Map:
    plots = scene.memory.recall("plots", (scene.inventory, scene.language), lambda: plots_of(scene))
    states = states_of(scene)
    of = (scene.inventory, scene.incidents)
    marks = scene.memory.recall("marks", of, lambda: root_marks(scene.inventory, scene.incidents or ()))
    return scene.memory.recall("map", (plots, states, marks), lambda: _drawn(plots, states, marks))


def _drawn(plots: Sequence[Plot], states: Mapping[str, str], marks: Mapping[str, Severity]) -> Map:
    return Map(tuple(_tile(plot, states, marks.get(plot.region)) for plot in plots))


def plots_of(scene: Scene) -> tuple[Plot, ...]:
    inventory, weight = scene.inventory, weights(scene.inventory)
    sites: dict[str, list[Site]] = {}
    for site in inventory.sites.values():
        sites.setdefault(site.region, []).append(site)
    plots = []
    for place in places(sites):
        known = inventory.regions.get(place.region)
        name = known.in_language(scene.language) if known else place.region
        spots = _spots(place, sites.get(place.region, ()), weight, scene.language)
        plots.append(Plot(place.region, place.code, name, place.column * TILE, place.row * TILE, tuple(spots)))
    return tuple(plots)


def states_of(scene: Scene) -> Mapping[str, str]:
    """How each site is drawn: what people work on is told apart from what is broken."""
    rows = scene.sites or {}
    worked_on = {key for key, row in rows.items() if row.flags and "maintenance" in row.flags and row.state != "up"}
    if not worked_on:
        return scene.states
    found = {
        key: "maintenance" if key in worked_on and state != "unknown" else state for key, state in scene.states.items()
    }
    return scene.memory.same("drawn states", found)


def root_marks(inventory: Inventory, incidents: Iterable[Incident]) -> Mapping[str, Severity]:
    """Region -> worst severity of what is broken in it. What is only cut off behind it colours nothing."""
    found: dict[str, Severity] = {}
    for incident in incidents:
        if not incident.bad or incident.window is not None:
            continue
        for region in {region_of(inventory, root) for root in incident.roots} - {""}:
            found[region] = min(found.get(region, Severity.INFO), incident.severity, key=lambda each: each.rank)
    return {region: severity for region, severity in found.items() if severity is not Severity.INFO}


def region_of(inventory: Inventory, subject: Subject) -> str:
    """Where it stands; "" of what stands nowhere (a contract, the NOC itself). A link stands where it leads to."""
    if subject.kind == "region":
        return subject.key
    key = subject.device or _device_of(inventory, subject)
    if key in inventory.devices:
        return inventory.site_of(key).region
    site = inventory.sites.get(subject.key) if subject.kind == "site" else None
    return site.region if site else ""


def _device_of(inventory: Inventory, subject: Subject) -> str:
    if subject.kind == "link" and subject.key in inventory.links:
        return inventory.links[subject.key].served.device
    if subject.kind == "circuit":
        return next((link.served.device for link in inventory.links.values() if link.circuit == subject.key), "")
    return subject.key if subject.kind == "device" else ""


def _tile(plot: Plot, states: Mapping[str, str], severity: Severity | None) -> Tile:
    mine = tuple([states[spot.key] for spot in plot.spots])
    mark = str(severity or "")
    if not mark and "down" in mine:
        mark = "major"  # not told yet, and nobody should wait for that
    if not mark and set(mine) == {"unknown"}:
        mark = "unknown"
    return Tile(plot, mark, mine)


def _spots(place: Place, sites: Sequence[Site], weight: Mapping[str, int], language: str) -> Sequence[Spot]:
    """Side by side below the region's letters, the heaviest first, each always at the same place."""
    ordered = sorted(sites, key=lambda site: (-weight[site.key], site.key))
    step, columns = _steps(len(ordered))
    left, top = place.column * TILE + EDGE + step / 2, place.row * TILE + LABEL + step / 2
    return [
        Spot(
            site.key,
            site.name.in_language(language),
            round(left + number % columns * step, 1),
            round(top + number // columns * step, 1),
            round(step * RADII[weight[site.key] - 1], 1),
        )
        for number, site in enumerate(ordered)
    ]


def _steps(count: int) -> tuple[float, int]:
    """The largest place that a dot can have when so many share a tile, and how many stand side by side."""
    wide, high = INNER - 2 * EDGE, INNER - LABEL - EDGE
    columns = max(1, math.ceil(math.sqrt(count * wide / high)))
    while math.ceil(count / columns) * (wide / columns) > high:
        columns += 1
    columns = max(columns, int(wide // LARGEST))
    return wide / columns, columns
