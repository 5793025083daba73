"""The network at a glance: each region with how many of its sites stand how, and its worst."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.status import RANK, Age
from inventory.model import Inventory, Name
from inventory.states import State
from inventory.status import StatusRow


@dataclass(frozen=True, slots=True)
class RegionLine:
    """`stale`: none of its sites has been heard of lately, so that nothing is known of it now."""

    key: str
    name: str
    total: int
    counts: Mapping[str, int]
    worst: str
    stale: bool

    @property
    def up(self) -> int:
        return self.counts.get(State.UP, 0)


def regions(inventory: Inventory, rows: Mapping[str, StatusRow], age: Age, language: str) -> Sequence[RegionLine]:
    """Worst first, then by name; a region without sites is left out."""
    found: dict[str, list[StatusRow]] = {}
    for site in inventory.sites.values():
        if site.key in rows:
            found.setdefault(site.region, []).append(rows[site.key])
    lines = [_line(key, inventory, sites, age, language) for key, sites in found.items()]
    return sorted(lines, key=lambda line: (RANK[line.worst], line.up - line.total, line.name))


def _line(key: str, inventory: Inventory, sites: Sequence[StatusRow], age: Age, language: str) -> RegionLine:
    return RegionLine(
        key,
        inventory.regions.get(key, Name(key)).in_language(language),
        len(sites),
        Counter(row.state for row in sites),
        min((row.state for row in sites), key=lambda state: RANK[state]),
        all(age.stale(row) for row in sites),
    )


def not_up(rows: Sequence[StatusRow]) -> Sequence[StatusRow]:
    return [row for row in rows if row.state != State.UP]
