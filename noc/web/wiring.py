"""What the web is made of, put together in one place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dashboards.web.house import House
from noc.config import Config
from noc.web.cases import LedgerCases
from noc.web.keys import LedgerKeys
from noc.web.own import StoredOwn
from noc.web.pulse import Pulse
from noc.web.roster import FiledRoster
from noc.web.series import StoredSeries
from noc.web.status import StoredStatus


@contextmanager
def opened_house(config: Config) -> Iterator[House]:
    """Nothing is opened before it is asked for; everything is closed at the end."""
    series, cases = StoredSeries(config), LedgerCases(config.ledger_url, time.time)
    own = StoredOwn(config, cases, time.time)
    status = StoredStatus(config)
    try:
        yield House(
            clock=time.time,
            status=status,
            series=series,
            cases=cases,
            keys=LedgerKeys(cases),
            pulse=Pulse(config.metrics_file, cases, time.time),
            roster=FiledRoster(config, status.inventory),
            own=own,
        )
    finally:
        status.close()
        own.close()
        series.close()
        cases.close()
