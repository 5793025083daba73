"""Services as they are declared: on which sites they depend, and how those stand; nothing is claimed of the service itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.status import RANK
from inventory.model import Inventory, Service
from inventory.status import StatusRow


@dataclass(frozen=True, slots=True)
class Depending:
    """One service, and the rows of the sites that it is declared to depend on, worst first."""

    service: Service
    sites: Sequence[StatusRow]

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(row.state for row in self.sites)

    @property
    def well(self) -> int:
        return sum(row.state == "up" for row in self.sites)

    @property
    def worst(self) -> str:
        """State of the worst of its sites; unknown where it depends on none."""
        return self.sites[0].state if self.sites else "unknown"


def depending(inventory: Inventory, rows: Mapping[str, StatusRow]) -> list[Depending]:
    """All services, those with something wrong first."""
    found = [_of(service, rows) for service in inventory.services.values()]
    return sorted(found, key=lambda one: (RANK[one.worst] if one.sites else len(RANK), one.service.key))


def _of(service: Service, rows: Mapping[str, StatusRow]) -> Depending:
    sites = [rows.get(key) or StatusRow("site", key) for key in service.sites]
    return Depending(service, sorted(sites, key=lambda row: (RANK[row.state], row.key)))
