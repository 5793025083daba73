"""Sends to InfluxDB what it does not have: what is measured now first, what is owed newest first, in bounded requests.

Nothing is remembered but where it stands: the queue is the metric store itself. A receipt that is lost in a crash means that
something is sent twice, which leaves one value in the server (SEMANTICS 33, 34).
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from noc.influx.backlog import Backlog, Block, Span
from noc.influx.contract import Denied, Refused, Server, Unreachable
from noc.influx.figures import Figures, State
from noc.influx.lines import Lines
from noc.influx.owed import DAY_S, HOUR_S, RAW, Interval, Owed, Receipt, counted, cursor, newest_first
from noc.influx.refused import SetAside
from noc.influx.source import Source

log = logging.getLogger(__name__)

MOST_LINES: Final = 5_000
MOST_OCTETS: Final = 1_000_000
LIVE_EVERY_S: Final = 5.0
JUMP_COMMITS: Final = 120  # so far behind, what is measured now goes first and the rest is owed
LONGEST_DELAY_S: Final = 60.0
LONGEST_ASKED_S: Final = 3600.0  # of a Retry-After
DENIED_S: Final = 60.0
TELL_EVERY_S: Final = 5.0
MOST_TRIES: Final = 400  # requests to find the bad lines of one that was refused; then what is left goes aside whole


@dataclass(slots=True)
class Request:
    """`parts` are what is still to be sent of it, halved where the server refused them."""

    parts: list[list[bytes]]
    values: int
    last: bool = True  # of its task
    tries: int = 0


@dataclass(slots=True)
class Task:
    """Intervals on their way. `stained`: something newer went over what was read, so they stay owed."""

    owed: list[Owed]
    blocks: Iterator[Block]
    request: Request | None = None
    unsent: dict[int, int] = field(default_factory=dict)  # stream -> last instant of what was read and not yet sent
    stained: bool = False


class Shipper:
    """`step` sends one request at most; all clocks are UTC seconds. `acknowledge` keeps a receipt, sooner or later."""

    def __init__(
        self,
        source: Source,
        server: Server,
        acknowledge: Callable[[Receipt], None],
        aside: SetAside,
        *,
        clock: Callable[[], float],
        share: float = 0.5,
    ) -> None:
        """`share`: most of the time that older data may take while newer data waits."""
        self.figures = Figures(since=clock())
        self._source, self._server, self._acknowledge, self._aside = source, server, acknowledge, aside
        self._clock = clock
        self._lines = Lines()
        self._backlog = Backlog(source, self._lines)
        self._earned = min(share, 0.95) / (1 - min(share, 0.95))
        self._credit = 0.0
        self._cursor: int | None = None
        self._live: deque[Request] = deque()
        self._live_commit = 0
        self._live_at = self._told_at = float("-inf")
        self._fresh_at = clock()
        self._held = False
        self._task: Task | None = None
        self._given: dict[Interval, int] = {}
        self._resume_at = float("-inf")
        self._delay_s = 0.0

    def step(self) -> float:
        """Seconds until it is worth calling again. Raises StoreError only."""
        now = self._clock()
        if now < self._resume_at:
            self._tell(now)
            return self._resume_at - now
        request, older = self._next(now)
        if request is None:
            self._tell(now)
            return max(0.1, min(1.0, self._live_at + LIVE_EVERY_S - now))
        self._send(request)
        took = self._clock() - now
        self._credit = min(5.0, self._credit - took if older else self._credit + took * self._earned)
        self._tell(now)
        return max(0.0, self._resume_at - self._clock())

    @property
    def idle(self) -> bool:
        """Nothing is on its way, all that is hot was looked at, and nothing is owed."""
        looked = self._live_at > float("-inf")
        return looked and self._task is None and not self._live and self._choose() is None

    def _next(self, now: float) -> tuple[Request | None, bool]:
        """What to send, and whether it is older data."""
        live = self._next_live(now)
        if live is None:
            self._credit = 0.0
        if live is None or self._credit > 0:
            older = self._next_older()
            if older is not None:
                return older, True
        return live, False

    def _next_live(self, now: float) -> Request | None:
        if self._held:  # more may have come than is worth sending in its order
            self._held = False
            if self._source.newest_commit() - (self._cursor or 0) > JUMP_COMMITS:
                self._live.clear()
                self._live_at = float("-inf")
        while not self._live:
            if now - self._live_at < LIVE_EVERY_S:
                return None
            self._take(now)
        return self._live[0]

    def _take(self, now: float) -> None:
        """What was committed since; where that is much, it becomes owed, and only what comes from now on is new."""
        if self._cursor is None:
            self._cursor = self._source.run(cursor)
        newest = self._source.newest_commit()
        if newest - self._cursor > JUMP_COMMITS:
            hours = self._source.hours(self._cursor, newest)
            self._acknowledge(Receipt(commit=newest, owed={Interval(RAW, hour) for hour in hours}))
            self._cursor = newest
        taken = self._source.take(self._cursor)
        self._live_commit = taken.commit
        made = [(self._lines.of(batch), batch) for _, batch in taken.entries]
        if self._task is not None:
            unsent = self._task.unsent
            self._task.stained |= any(batch.at <= unsent.get(frame.stream, -1) for frame, batch in taken.entries)
        lines = [line for found, _ in made for line in found]
        values = sum(int((batch.values == batch.values).sum()) for _, batch in made)
        self._live.extend(_requests(lines, values))
        if taken.commit == taken.newest:
            self._live_at = self._fresh_at = now
        if not lines:
            self._settle_live()

    def _settle_live(self) -> None:
        if self._live_commit != self._cursor:
            self._cursor = self._live_commit
            self._acknowledge(Receipt(commit=self._live_commit))

    def _next_older(self) -> Request | None:
        if self._task is None:
            chosen = self._choose()
            if chosen is None:
                return None
            self._task = Task(chosen, self._blocks(chosen))
        if self._task.request is None:
            self._task.request = _gathered(self._task)
        return self._task.request

    def _choose(self) -> list[Owed] | None:
        """The newest that is owed; of a day that is over all hours of raw data, which lie together."""

        def look(db: object) -> list[Owed]:
            return [*newest_first(db)]  # type: ignore[arg-type]

        found = self._source.run(look)
        there = dict(found)
        self._given = {interval: mark for interval, mark in self._given.items() if there.get(interval) == mark}
        left = [one for one in found if one.interval not in self._given]
        if not left or left[0].interval.layer != RAW:
            return left[:1] or None
        first = left[0].interval.start
        if first // DAY_S == self._clock() // DAY_S:
            return left[:1]
        hours = {one.interval.start: one for one in left if one.interval.layer == RAW}
        day, last = [left[0]], first
        while last - HOUR_S in hours and (last - HOUR_S) // DAY_S == first // DAY_S:
            last -= HOUR_S
            day.append(hours[last])
        return day

    def _blocks(self, chosen: list[Owed]) -> Iterator[Block]:
        newest, oldest = chosen[0].interval, chosen[-1].interval
        if newest.layer != RAW:
            return self._backlog.rolled(newest.layer, newest.start)
        return self._backlog.raw(Span(oldest.start, newest.start + HOUR_S))

    def _send(self, request: Request) -> None:
        """One part of it, if the server is there."""
        part = request.parts[-1] if request.parts else []
        try:
            if part:
                self._server.write(part)
        except Unreachable as error:
            self.figures.unreachable += 1
            self._delay_s = min(LONGEST_DELAY_S, max(1.0, 2 * self._delay_s))
            self._hold("unreachable", error, min(LONGEST_ASKED_S, max(self._delay_s, error.after_s or 0.0)))
        except Denied as error:
            self.figures.denied += 1
            self._hold("denied", error, DENIED_S)
        except Refused as error:
            self.figures.refused += 1
            self._enter("sending")
            self._delay_s = 0.0
            self._divide(request, request.parts.pop(), str(error))
        else:
            self._enter("sending")
            self._delay_s = 0.0
            self._taken(request, part)
        if not request.parts:
            self._done(request)

    def _taken(self, request: Request, part: list[bytes]) -> None:
        if part:
            request.parts.pop()
            self.figures.requests += 1
            self.figures.lines += len(part)

    def _divide(self, request: Request, part: list[bytes], reason: str) -> None:
        request.tries += 1
        if len(part) == 1 or request.tries > MOST_TRIES:
            self._aside.put(part, reason)
            self.figures.refused_lines += len(part)
            self.figures.error = reason
            return
        middle = len(part) // 2
        request.parts += [part[middle:], part[:middle]]

    def _done(self, request: Request) -> None:
        self.figures.values += request.values
        if self._live and request is self._live[0]:
            self._live.popleft()
            if not self._live:
                self._settle_live()
            return
        task = self._task
        assert task is not None
        task.request = None
        if request.last:
            self._task = None
            given = dict(task.owed)
            if not task.stained:
                self._given |= given
                self._acknowledge(Receipt(given=given))

    def _hold(self, state: State, error: Exception, delay_s: float) -> None:
        self.figures.error = str(error)
        self._enter(state)
        self._resume_at, self._held = self._clock() + delay_s, True

    def _enter(self, state: State) -> None:
        """Said once when it breaks and once when it heals."""
        figures, now = self.figures, self._clock()
        if state == figures.state:
            return
        if state == "sending" and figures.state != "starting":
            log.warning("InfluxDB takes data again, after %.0f s", now - figures.since)
        elif state != "sending":
            log.error("InfluxDB: %s; what is measured waits in the metric store", figures.error)
        figures.state, figures.since = state, now

    def _tell(self, now: float) -> None:
        if now - self._told_at < TELL_EVERY_S:
            return
        self._told_at = now
        figures, owed = self.figures, self._source.run(counted)
        figures.at, figures.commit = now, self._cursor or 0
        figures.owed_hours = owed.get(RAW, 0)
        figures.owed_rollups = sum(owed.values()) - figures.owed_hours
        behind_s = now - self._fresh_at
        figures.behind_s = behind_s if behind_s > 2 * LIVE_EVERY_S else 0.0
        self._acknowledge(Receipt(figures=figures.as_dict()))


def _gathered(task: Task) -> Request:
    """The next request of a task; the last of them may be empty."""
    lines: list[bytes] = []
    values = size = 0
    task.unsent = dict([task.unsent.popitem()]) if task.unsent else {}
    for block in task.blocks:
        task.unsent[block.stream] = block.last_at
        lines += block.lines
        values += block.values
        size += sum(map(len, block.lines))
        if len(lines) >= MOST_LINES or size >= MOST_OCTETS:
            return Request(_cut(lines), values, last=False)
    return Request(_cut(lines), values)


def _requests(lines: list[bytes], values: int) -> list[Request]:
    parts = _cut(lines)
    return [Request([part], 0 if number else values) for number, part in enumerate(reversed(parts))]


def _cut(lines: list[bytes]) -> list[list[bytes]]:
    """In pieces of bounded size, the first one last, as they are taken from the end."""
    parts: list[list[bytes]] = []
    size = MOST_OCTETS
    for line in lines:
        if size + len(line) > MOST_OCTETS or len(parts[-1]) >= MOST_LINES:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return parts[::-1]
