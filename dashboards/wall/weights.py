"""How much hangs on each site, in five sizes: the dots of the map."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Set
from typing import Final

from inventory.model import Inventory

SIZES: Final = 5
FROM_INSTITUTIONS: Final = (2, 3, 6, 20)  # institutions that lose their connection with it: from so many a size larger
LEAST: Final[Mapping[str, int]] = {"core": 5, "datacentre": 5, "upstream": 4, "noc": 4, "regional": 3}
WATCHED_FROM: Final = ("noc", "core", "datacentre")
Neighbours = Mapping[str, set[str]]


def weights(inventory: Inventory) -> Mapping[str, int]:
    """Site -> 1 to 5: by its kind, and by the institutions that would be cut off if it were gone."""
    return {
        key: max(LEAST.get(site.kind, 1), 1 + bisect_right(FROM_INSTITUTIONS, lost))
        for (key, site), lost in zip(inventory.sites.items(), _lost(inventory), strict=True)
    }


def _lost(inventory: Inventory) -> Iterable[int]:
    neighbours = _neighbours(inventory)
    served = {key: len(found) for key, found in inventory.institutions_at.items()}
    start = next((key for kind in WATCHED_FROM for key, site in inventory.sites.items() if site.kind == kind), "")
    for key in inventory.sites:
        own = served.get(key, 0)
        leaf = len(neighbours.get(key, ())) < 2
        yield (
            own if leaf or key == start else own + sum(served.get(each, 0) for each in _behind(neighbours, start, key))
        )


def _neighbours(inventory: Inventory) -> Neighbours:
    found: dict[str, set[str]] = {key: set() for key in inventory.sites}
    for link in inventory.links.values():
        ends = {inventory.devices[end.device].site for end in link.ends if end.device in inventory.devices}
        for one in ends:
            found[one] |= ends - {one}
    return found


def _behind(neighbours: Neighbours, start: str, gone: str) -> set[str]:
    """Sites joined to `gone` that cannot be reached from `start` without it."""
    reached = _reached(neighbours, [start], {gone})
    return _reached(neighbours, [gone], reached) - {gone}


def _reached(neighbours: Neighbours, starts: Iterable[str], closed: Set[str]) -> set[str]:
    found = set(starts)
    edge = found
    while edge:
        edge = {each for one in edge for each in neighbours.get(one, ())} - found - closed
        found |= edge
    return found
