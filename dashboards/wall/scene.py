"""Everything that one look at the wall is made of, handed in; nothing here reads or waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alerts.incident import Incident
from alerts.oncall.plan import Plan
from alerts.roster import Override
from alerts.window import Window
from alerts.words.names import Names
from dashboards.status import Age, age_of
from dashboards.wall.memory import Memory
from dashboards.web.sources.own import Health
from inventory.model import Inventory
from inventory.status import DaemonMark, StatusRow

Rows = Mapping[str, StatusRow]
Course = tuple[float | None, ...]  # of 24 hours: shares of the contract, the worse way; None where nothing is known


@dataclass(frozen=True, slots=True)
class Beside:
    """What is too dear for every look: p95 of the month so far by circuit (bit/s), 24 hours by link.

    `until`: UTC seconds that it reaches to.
    """

    until: float
    p95: Mapping[str, float] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """`sites`, `links` None: the store cannot be read. `incidents`, `windows` None: the ledger cannot. `now`: UTC seconds."""

    now: float
    inventory: Inventory
    language: str = "en"
    mark: DaemonMark | None = None
    sites: Rows | None = None
    links: Rows | None = None
    incidents: Sequence[Incident] | None = None
    windows: Sequence[Window] | None = None
    overrides: Sequence[Override] = ()
    plan: Plan | None = None
    beside: Beside | None = None
    health: Health | None = None
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def age(self) -> Age:
        return age_of(self.mark, self.now)

    @cached_property
    def states(self) -> Mapping[str, str]:
        """How each site stands; nothing that is old is said to be so still (SEMANTICS 22)."""
        rows = self.sites or {}
        known, stale = rows.get, self.age.stale_among(rows)
        found = {
            key: "unknown" if (row := known(key)) is None or key in stale else row.state for key in self.inventory.sites
        }
        return self.memory.same("states", found)

    @cached_property
    def names(self) -> Names:
        return Names(self.inventory)
