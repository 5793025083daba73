"""What the web is made of, put together in one place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dashboards.web.house import House
from dashboards.web.sources.accounts import Outside
from noc.config import Config
from noc.web.accounts import LedgerAccounts
from noc.web.beside import Beside
from noc.web.capacity import StoredCapacity
from noc.web.cases import LedgerCases
from noc.web.history import StoredHistory
from noc.web.keys import LedgerKeys
from noc.web.life import Life
from noc.web.notices import StoredNotices
from noc.web.own import StoredOwn
from noc.web.pulse import Pulse
from noc.web.reports import StoredReports
from noc.web.roster import FiledRoster
from noc.web.series import StoredSeries
from noc.web.status import StoredStatus
from noc.web.wall import StoredWall


@contextmanager
def opened_house(config: Config) -> Iterator[House]:
    """Nothing is opened before it is asked for; everything is closed at the end."""
    series, cases = StoredSeries(config), LedgerCases(config.ledger_url, time.time)
    beside = Beside(config)
    own = StoredOwn(config, cases, time.time)
    life = Life(time.time, time.monotonic)
    status, notices = StoredStatus(config, series, life), StoredNotices(config)
    reports = StoredReports(config, cases, status.inventory, time.time)
    capacity = StoredCapacity(cases, status.inventory, beside, time.time)
    keys = LedgerKeys(cases, status.inventory, time.time)
    pulse = Pulse(config.metrics_file, cases, time.time, life, capacity.version)
    wall = StoredWall(series, status.inventory, time.time)
    try:
        yield House(
            clock=time.time,
            status=status,
            series=series,
            history=StoredHistory(series, cases, status),
            cases=cases,
            keys=keys,
            accounts=LedgerAccounts(keys, status.inventory, time.time),
            outside=Outside(config.web.url, config.web.proxies),
            pulse=pulse,
            roster=FiledRoster(config, status.inventory),
            wall=wall,
            notices=notices,
            own=own,
            capacity=capacity,
            reports=reports,
        )
    finally:
        wall.close()
        pulse.close()
        keys.close()
        status.close()
        beside.close()
        reports.close()
        own.close()
        notices.close()
        series.close()
        cases.close()
