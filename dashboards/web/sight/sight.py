"""Everything that one viewer can ask: pages and API ask here and nowhere else, so what may not be seen is never read."""

from functools import cached_property

from dashboards.web.house import House
from dashboards.web.sight.access import Access
from dashboards.web.sight.capacity import CapacitySight
from dashboards.web.sight.cases import Cases
from dashboards.web.sight.charts import Charts
from dashboards.web.sight.lines import Lines
from dashboards.web.sight.own import OwnSight
from dashboards.web.sight.past import Pasts
from dashboards.web.sight.places import Places
from dashboards.web.sight.planned import PlannedSight
from dashboards.web.sight.records import Records
from dashboards.web.sight.reports import ReportSight
from dashboards.web.sight.rota import RotaSight
from dashboards.web.sight.scope import Scope, scope_of
from dashboards.web.sight.search import Search
from dashboards.web.sight.wall import WallSight
from dashboards.web.sources.status import Picture
from dashboards.web.viewer import Viewer
from inventory.model import Inventory
from inventory.status import DaemonMark, Kind


class Sight:
    """Of one request; what was asked once is not asked again."""

    def __init__(self, house: House, viewer: Viewer) -> None:
        self._house = house
        self.viewer = viewer
        self.now = house.clock()

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.viewer, self._house.status.inventory())

    @property
    def inventory(self) -> Inventory:
        return self.scope.inventory

    @cached_property
    def cases(self) -> Cases:
        return Cases(self._house, self.scope, self.now)

    @cached_property
    def records(self) -> Records:
        return Records(self._house, self.scope)

    @property
    def wall(self) -> WallSight:
        return WallSight(self._house, self.inventory, self.now)

    @cached_property
    def rota(self) -> RotaSight:
        return RotaSight(self._house, self.scope, self.now)

    @cached_property
    def planned(self) -> PlannedSight:
        return PlannedSight(self._house, self.scope, self.now)

    @cached_property
    def places(self) -> Places:
        return Places(self, self._house)

    @cached_property
    def past(self) -> Pasts:
        return Pasts(self, self._house)

    @cached_property
    def access(self) -> Access:
        return Access(self._house, self.viewer, lambda: self.scope)

    @cached_property
    def search(self) -> Search:
        return Search(self, self._house)

    @cached_property
    def written(self) -> Picture:
        """How everything stands, whoever may see it: looked at once, so that a page is of one moment."""
        return self._house.status.picture()

    @property
    def mark(self) -> DaemonMark | None:
        """Who wrote the picture and when last; None before there was a daemon."""
        return self.written.mark

    @cached_property
    def picture(self) -> Picture:
        """How everything that may be seen stands."""
        found = self.written
        if self.scope.whole:
            return found
        kinds: dict[Kind, frozenset[str]] = {
            "site": frozenset(self.inventory.sites),
            "link": frozenset(self.inventory.links),
            "device": frozenset(self.inventory.devices),
        }
        rows = {
            kind: {key: self.scope.row(row) for key, row in found.rows[kind].items() if key in mine}
            for kind, mine in kinds.items()
        }
        return Picture(found.version, found.mark, rows)

    @cached_property
    def lines(self) -> Lines:
        return Lines(self, self._house)

    @cached_property
    def charts(self) -> Charts:
        return Charts(self.scope, self._house.series, self._house.kept, self.now)

    @cached_property
    def own(self) -> OwnSight:
        return OwnSight(self._house, self.scope)

    @cached_property
    def capacity(self) -> CapacitySight:
        return CapacitySight(self._house, self.scope, self.now)

    @cached_property
    def reports(self) -> ReportSight:
        return ReportSight(self._house, self.scope, self.now)
