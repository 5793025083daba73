"""When months are to be closed: the daemon looks once an hour, and has it done by a process of its own, of low priority.

Seconds of computing are nothing for the daemon's loop; what it takes is imported by that process alone.
"""

import asyncio
import logging
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from inventory.calendar import DAY_S, Month
from noc.config import Config

log = logging.getLogger(__name__)

LATE_S: Final = DAY_S  # data may come so late
MONTHS_BACK: Final = 3  # a daemon that was away closes what it missed
LOOK_EVERY_S: Final = 3600.0
LONGEST_S: Final = 900.0
WORKER: Final = ("-c", "from noc.closing import main; main()")


def due(now: float) -> list[Month]:
    """Months that should be closed by now, the oldest first."""
    found: list[Month] = []
    at = now - LATE_S
    for _ in range(MONTHS_BACK):
        month = Month.of(Month.of(at).start - 1)
        found.insert(0, month)
        at = month.start
    return found


class MonthEnd:
    """One process at a time; what fails is tried again by the next look."""

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

    def ails(self) -> Iterator[str]:
        if self.failing_since is not None:
            yield "months cannot be closed"
