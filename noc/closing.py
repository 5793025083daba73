"""Months are closed: a day after its end each report of a month is kept in the ledger as it is then (SEMANTICS D).

The work is done in a process of its own, of low priority: seconds of computing are nothing for the daemon's loop.
"""

import asyncio
import logging
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from alerts.books import LedgerError
from dashboards.reports.document import REPORTS, NoData, Period, Report
from inventory.calendar import DAY_S, Month
from inventory.model import Inventory
from noc.config import Config
from noc.issuing import Issuer, issuer
from noc.ledger.closed import Closed, closed_reports, keep
from noc.ledger.ledger import open_ledger
from noc.ledger.report import look
from noc.store.file import StoreError

log = logging.getLogger(__name__)

LATE_S: Final = DAY_S  # data may come so late
MONTHS_BACK: Final = 3  # a daemon that was away closes what it missed
LOOK_EVERY_S: Final = 3600.0
LONGEST_S: Final = 900.0
WORKER: Final = ("-c", "from noc.closing import main; main()")


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


def due(now: float) -> list[Month]:
    """Months that should be closed by now, the oldest first."""
    found: list[Month] = []
    at = now - LATE_S
    for _ in range(MONTHS_BACK):
        month = Month.of(Month.of(at).start - 1)
        found.insert(0, month)
        at = month.start
    return found


class Closing:
    """The daemon's side: looks once an hour, and has what is due closed by a process of its own."""

    def __init__(self, config: Config, clock: Callable[[], float], worker: Sequence[str] = WORKER) -> None:
        self.failing_since: float | None = None
        self._config = config
        self._clock = clock
        self._worker = worker
        self._settled: Month | None = None  # the newest month that needs no look any more
        self._process: asyncio.subprocess.Process | None = None

    async def look(self) -> None:
        newest = due(self._clock())[-1]
        if newest == self._settled or self._process is not None:
            return
        try:
            code, said = await self._run()
        except OSError as error:
            code, said = 1, str(error)
        if code == 0:
            self._settled = newest
        self._told(code, said)

    async def _run(self) -> tuple[int, str]:
        pipe = asyncio.subprocess.PIPE
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, *self._worker, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT, env=environment
        )
        try:
            order = pickle.dumps((self._config, self._clock()))
            said, _ = await asyncio.wait_for(process.communicate(order), LONGEST_S)
            return process.returncode or 0, said.decode(errors="replace").strip()
        except TimeoutError:
            return 1, f"it took longer than {LONGEST_S:.0f} s"
        finally:
            await self.stop()

    def _told(self, code: int, said: str) -> None:
        if code and self.failing_since is None:
            self.failing_since = self._clock()
            log.error("months cannot be closed, it is tried again every hour: %s", said[-500:])
        elif not code:
            for line in said.splitlines():
                log.info("%s", line)
            if self.failing_since is not None:
                log.warning("months are closed again")
            self.failing_since = None

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


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
