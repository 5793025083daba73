"""The regions as a small map to go by: a tile each, in the colour of the worst of its sites, with how many are not well."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.status import RANK, Age
from dashboards.wall.tiles import Place, places
from inventory.model import Inventory, Name
from inventory.status import StatusRow


@dataclass(frozen=True, slots=True)
class Tile:
    """`worst`: the worst state of its sites that is believed; "unknown" where all is old; "" where there is no site."""

    place: Place
    name: Name
    sites: int
    worst: str
    counts: Mapping[str, int]
    stale: int

    @property
    def wrong(self) -> int:
        return self.sites - self.counts.get("up", 0)


def tiles(inventory: Inventory, rows: Mapping[str, StatusRow], age: Age) -> Sequence[Tile]:
    """One a region, those without sites too, in the order of the map."""
    sites: dict[str, list[StatusRow]] = {}
    for key, site in inventory.sites.items():
        sites.setdefault(site.region, []).append(rows.get(key) or StatusRow("site", key))
    return [_tile(place, inventory, sites.get(place.region, ()), age) for place in places([*inventory.regions, *sites])]


def _tile(place: Place, inventory: Inventory, rows: Sequence[StatusRow], age: Age) -> Tile:
    states = ["unknown" if age.stale(row) else row.state for row in rows]
    worst = min(states, key=lambda state: RANK[state], default="")
    return Tile(
        place=place,
        name=inventory.regions.get(place.region) or Name(place.region),
        sites=len(rows),
        worst=worst,
        counts=Counter(states),
        stale=sum(age.stale(row) for row in rows),
    )
