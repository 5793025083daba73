"""Months are closed: a day after its end each report of a month is kept in the ledger as it is then (SEMANTICS D).

`main` is the process that `noc.month_end` starts.
"""

import logging
import os
import pickle
import sys
import time
from collections.abc import Iterator, Sequence

from alerts.books import LedgerError
from dashboards.reports.document import REPORTS, NoData, Period, Report
from inventory.calendar import Month
from inventory.model import Inventory
from noc.config import Config
from noc.issuing import Issuer, issuer
from noc.ledger.closed import Closed, closed_reports, keep
from noc.ledger.ledger import open_ledger
from noc.ledger.report import look
from noc.month_end import due
from noc.store.file import StoreError

log = logging.getLogger(__name__)


class CannotClose(Exception):
    """The month is not over, is closed already, or there is nothing of it; nothing was kept."""


def close_month(config: Config, inventory: Inventory, month: Month, who: str, now: float) -> Sequence[str]:
    """Every report of it that is not closed yet, in one transaction; what was done, in words.

    CannotClose, LedgerError, StoreError: nothing was kept.
    """
    if now < month.end:
        raise CannotClose(f"{month} is not over: it can be closed from {month.next.first} on")
    looked = look(config.ledger_url, inventory, month, now, clock=time.time)
    left = [report for report in REPORTS if report not in looked.closed]
    if not left:
        raise CannotClose(f"{month} is closed already")
    with issuer(config, inventory, looked) as made:
        found = list(_computed(made, Period(month, month.end), left, (who, now)))
    if not found:
        raise CannotClose(f"there is nothing to close of {month}: no data of it were kept")
    with open_ledger(config.ledger_url, clock=time.time) as ledger, ledger.transaction() as books:
        if closed_reports(books, str(month)).keys() & {one.report for one in found}:
            raise CannotClose(f"{month} was closed by somebody else just now")
        for one in found:
            keep(books, one)
    return [f"{one.report} of {one.month} is closed: sha256 {one.sha256}" for one in found]


def _computed(made: Issuer, period: Period, left: Sequence[Report], by: tuple[str, float]) -> Iterator[Closed]:
    who, now = by
    for report in left:
        try:
            content = made.evidence.document(report, period).as_json()
        except NoData:
            continue
        yield Closed(str(period.month), report, now, who, content["sha256"]["result"], content)


def main() -> None:
    """In the worker: close what is due; exit status 1 and a sentence where that failed."""
    from inventory.mistakes import MistakesError
    from inventory.reading import load

    os.nice(10)
    config, now = pickle.load(sys.stdin.buffer)
    try:
        inventory = load(config.inventory.path)
        for month in due(now):
            try:
                for line in close_month(config, inventory, month, "", now):
                    sys.stdout.write(line + "\n")
            except CannotClose as error:
                log.debug("%s", error)
    except (LedgerError, StoreError, MistakesError) as error:
        sys.exit(str(error))
