"""What the web is made of, put together in one place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dashboards.web.house import House
from noc.config import Config
from noc.web.cases import LedgerCases
from noc.web.keys import LedgerKeys
from noc.web.pulse import Pulse
from noc.web.series import StoredSeries
from noc.web.status import StoredStatus


@contextmanager
def opened_house(config: Config) -> Iterator[House]:
    """Nothing is opened before it is asked for; everything is closed at the end."""
    series, cases = StoredSeries(config), LedgerCases(config.ledger_url, time.time)
    try:
        pulse = Pulse(config.metrics_file, cases, time.time)
        yield House(time.time, StoredStatus(config), series, cases, LedgerKeys(cases), pulse)
    finally:
        series.close()
        cases.close()
