"""What is owed to InfluxDB, on its way there: the newest first, hours of a day that is over together."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from inventory.batch import Batch
from noc.influx.backlog import Backlog, Block, Span
from noc.influx.owed import DAY_S, HOUR_S, RAW, Interval, Owed, Receipt, newest_first
from noc.influx.request import MOST_LINES, MOST_OCTETS, Request, cut
from noc.influx.source import Source
from noc.store.file import StoreError
from noc.store.frames import Frame

SETTLED_S: Final = 10.0  # what is owed again and again (a seal goes on) is sent when that is over
AVOIDED_S: Final = 600.0  # what cannot be read keeps nothing else from being sent


@dataclass(slots=True)
class Task:
    """Intervals on their way. `stained`: something newer went over what was read, so they stay owed."""

    owed: list[Owed]
    blocks: Iterator[Block]
    request: Request | None = None
    unsent: dict[int, int] = field(default_factory=dict)  # stream -> last instant of what was read and not yet sent
    stained: bool = False

    def gather(self) -> Request:
        """The next request; the last of them may be empty."""
        lines: list[bytes] = []
        values = size = 0
        self.unsent = dict([self.unsent.popitem()]) if self.unsent else {}
        for block in self.blocks:
            self.unsent[block.stream] = block.last_at
            lines += block.lines
            values += block.values
            size += sum(map(len, block.lines))
            if len(lines) >= MOST_LINES or size >= MOST_OCTETS:
                return Request(cut(lines), values, last=False)
        return Request(cut(lines), values)


class Older:
    """Remembers intervals only; where it was killed, the next one begins with the same."""

    def __init__(
        self,
        source: Source,
        backlog: Backlog,
        acknowledge: Callable[[Receipt], None],
        *,
        clock: Callable[[], float],
        steady: Callable[[], float],
    ) -> None:
        self._source, self._backlog, self._acknowledge = source, backlog, acknowledge
        self._clock, self._steady = clock, steady
        self._task: Task | None = None
        self._given: dict[Interval, int] = {}
        self._seen: dict[Owed, float] | None = None  # since when it is owed so; None: nothing was looked at yet
        self._avoided: dict[Interval, float] = {}

    @property
    def idle(self) -> bool:
        """Nothing is owed, nor on its way."""
        return self._task is None and not self._left()

    def next(self) -> Request | None:
        """Raises StoreError where something cannot be read; the rest goes on, and that is tried again much later."""
        if self._task is None:
            chosen = self._choose()
            if not chosen:
                return None
            self._task = Task(chosen, self._blocks(chosen))
        if self._task.request is None:
            try:
                self._task.request = self._task.gather()
            except StoreError:
                until = self._steady() + AVOIDED_S
                self._avoided |= dict.fromkeys((one.interval for one in self._task.owed), until)
                self._task = None
                raise
        return self._task.request

    def done(self) -> None:
        """The server has the request that was next."""
        task = self._task
        assert task is not None and task.request is not None
        last, task.request = task.request.last, None
        if last:
            self._task = None
            if not task.stained:
                given = dict(task.owed)
                self._given |= given
                self._acknowledge(Receipt(given=given))

    def stain(self, entries: Iterable[tuple[Frame, Batch]]) -> None:
        """These are sent before what was already read of their hour, which must not have the last word."""
        if self._task is not None:
            unsent = self._task.unsent
            self._task.stained |= any(batch.at <= unsent.get(frame.stream, -1) for frame, batch in entries)

    def _choose(self) -> list[Owed]:
        now = self._steady()
        left = [one for one in self._left() if self._ripe(one, now)]
        if not left or left[0].interval.layer != RAW:
            return left[:1]
        first = left[0].interval.start
        if first // DAY_S == self._clock() // DAY_S:  # pieces: hours lie apart
            return left[:1]
        hours = {one.interval.start: one for one in left if one.interval.layer == RAW}
        day, last = [left[0]], first
        while last - HOUR_S in hours and (last - HOUR_S) // DAY_S == first // DAY_S:
            last -= HOUR_S
            day.append(hours[last])
        return day

    def _left(self) -> list[Owed]:
        """All that is owed, the newest first, but for what was given and is not yet kept so."""
        found, now = self._source.run(lambda db: [*newest_first(db)]), self._steady()
        there = dict(found)
        self._given = {interval: mark for interval, mark in self._given.items() if there.get(interval) == mark}
        seen, first_at = self._seen or {}, now if self._seen is not None else float("-inf")
        self._seen = {one: seen.get(one, first_at) for one in found}
        return [one for one in found if one.interval not in self._given]

    def _ripe(self, one: Owed, now: float) -> bool:
        settled = (self._seen or {}).get(one, now) + SETTLED_S <= now
        return settled and self._avoided.get(one.interval, now) <= now

    def _blocks(self, chosen: list[Owed]) -> Iterator[Block]:
        newest, oldest = chosen[0].interval, chosen[-1].interval
        if newest.layer != RAW:
            return self._backlog.rolled(newest.layer, newest.start)
        return self._backlog.raw(Span(oldest.start, newest.start + HOUR_S))
