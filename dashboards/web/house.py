"""Everything that the web asks of the house, handed over by `noc.web`; the web itself opens no file and no store."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards.web.kept import Kept
from dashboards.web.sources.accounts import AccountSource, Outside
from dashboards.web.sources.capacity import CapacitySource
from dashboards.web.sources.cases import CaseSource
from dashboards.web.sources.history import HistorySource
from dashboards.web.sources.keys import KeySource
from dashboards.web.sources.notices import NoticeSource
from dashboards.web.sources.own import OwnSource
from dashboards.web.sources.pulse import PulseSource
from dashboards.web.sources.reports import ReportSource
from dashboards.web.sources.roster import RosterSource
from dashboards.web.sources.series import SeriesSource
from dashboards.web.sources.status import StatusSource
from dashboards.web.sources.wall import WallSource


@dataclass(frozen=True, kw_only=True)
class House:
    """`clock`: UTC seconds."""

    clock: Callable[[], float]
    status: StatusSource
    series: SeriesSource
    history: HistorySource
    cases: CaseSource
    keys: KeySource
    accounts: AccountSource
    outside: Outside = field(default_factory=Outside)
    pulse: PulseSource
    roster: RosterSource
    wall: WallSource
    notices: NoticeSource
    own: OwnSource
    capacity: CapacitySource
    reports: ReportSource
    kept: Kept = field(default_factory=Kept)
