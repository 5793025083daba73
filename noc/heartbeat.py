"""A sign of life that leaves the house: whoever keeps it, elsewhere, pages when it stays away (SEMANTICS 35).

It stays away on purpose when the daemon runs but nobody could be told anything: that, too, must page from outside.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from alerts.notification import NotifyError

log = logging.getLogger(__name__)

LIMIT_S = 10.0

Beat = Callable[[], Awaitable[None]]  # reaches out once; NotifyError


class Heartbeat:
    """Counts; `run` until cancelled."""

    def __init__(self, beat: Beat, every_s: float, well: Callable[[], str]) -> None:
        """`well`: what forbids a sign of life now, in words; "" when nothing does."""
        self.sent = 0
        self.failed = 0
        self.withheld = 0
        self._beat, self._every_s, self._well = beat, every_s, well
        self._said = ""

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(self._every_s)

    async def once(self) -> None:
        """Send one, or say once why not."""
        wrong = self._well()
        if wrong:
            self.withheld += 1
            self._say(f"no heartbeat is sent: {wrong}")
            return
        try:
            await self._beat()
        except NotifyError as error:
            self.failed += 1
            self._say(f"the heartbeat does not go out: {error}")
        else:
            self.sent += 1
            self._say("")

    def _say(self, words: str) -> None:
        kind = words.partition(":")[0]
        if kind != self._said:
            log.log(logging.ERROR if words else logging.INFO, "%s", words or "the heartbeat goes out again")
            self._said = kind
