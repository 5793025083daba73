"""What is measured now, on its way to InfluxDB: commit by commit, every few seconds."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from inventory.batch import Batch
from noc.influx.lines import Lines
from noc.influx.owed import RAW, Interval, Receipt, cursor
from noc.influx.request import Request, requests
from noc.influx.source import Source
from noc.store.frames import Frame

EVERY_S: Final = 5.0
JUMP_COMMITS: Final = 120  # so far behind, what is measured now goes first and the rest is owed

Stain = Callable[[Iterable[tuple[Frame, Batch]]], None]


class Live:
    """`stain` is told what was taken: it may lie over older data that is on its way at the same time."""

    def __init__(self, source: Source, lines: Lines, acknowledge: Callable[[Receipt], None], stain: Stain) -> None:
        self.looked_at = float("-inf")  # when all there is was last taken
        self.cursor = 0
        self._source, self._lines, self._acknowledge, self._stain = source, lines, acknowledge, stain
        self._known = False
        self._requests: deque[Request] = deque()
        self._commit = 0

    @property
    def waits(self) -> bool:
        return bool(self._requests)

    def next(self, now: float) -> Request | None:
        while not self._requests:
            if now - self.looked_at < EVERY_S:
                return None
            self._take(now)
        return self._requests[0]

    def done(self) -> None:
        """The server has the request that was next."""
        self._requests.popleft()
        if not self._requests:
            self._settle()

    def reconsider(self) -> None:
        """After a pause: more may have come than is worth sending in its order."""
        if self._known and self._source.newest_commit() - self.cursor > JUMP_COMMITS:
            self._requests.clear()
            self.looked_at = float("-inf")

    def _take(self, now: float) -> None:
        """What was committed since; where that is much, it becomes owed, and only what comes from now on is new."""
        if not self._known:
            self.cursor, self._known = self._source.run(cursor), True
        newest = self._source.newest_commit()
        if newest - self.cursor > JUMP_COMMITS:
            hours = self._source.hours(self.cursor, newest)
            self._acknowledge(Receipt(commit=newest, owed={Interval(RAW, hour) for hour in hours}))
            self.cursor = newest
        taken = self._source.take(self.cursor)
        self._commit = taken.commit
        self._stain(taken.entries)
        latest = {(frame.stream, batch.at): batch for frame, batch in taken.entries}  # one sent again counts alone
        lines = self._lines.of_all(latest.values())
        values = sum(int((batch.values == batch.values).sum()) for batch in latest.values())
        self._requests.extend(requests(lines, values))
        if taken.commit == taken.newest:
            self.looked_at = now
        if not lines:
            self._settle()

    def _settle(self) -> None:
        if self._commit != self.cursor:
            self.cursor = self._commit
            self._acknowledge(Receipt(commit=self._commit))
