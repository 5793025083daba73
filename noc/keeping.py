"""What is kept, and when it is durable: status rows, minutes, links, transitions; one commit a second."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from alerts.transition import Transition
from inventory.states import Reason, State
from inventory.status import DaemonMark, StatusRow
from noc.diversity import diversity_batch
from noc.store.file import StoreError, StoreMissing
from noc.store.status import read_mark, read_status
from noc.store.writer import MetricStore
from noc.watching import Watch, restated, told
from noc.wiring import Clock, House

log = logging.getLogger(__name__)

MARK_EVERY_S = 1.0


def previous_rows(path: Path) -> list[StatusRow]:
    """The rows of the daemon's life before; none where there was none."""
    try:
        return [row for kind in ("device", "link", "site") for row in read_status(path, kind)]
    except StoreMissing:
        return []


def previous_mark(path: Path) -> DaemonMark | None:
    """The last line of the daemon's life before; None where there was none."""
    try:
        return read_mark(path)
    except StoreMissing:
        return None


def end_of(mark: DaemonMark | None) -> float | None:
    """When that life ended, as far as it was kept: UTC seconds."""
    return None if mark is None else mark.stopped or mark.at


class Keeper:
    """Hands to the store what the house knows, and sees that it becomes durable."""

    def __init__(self, house: House, store: MetricStore, mark: DaemonMark, clock: Clock) -> None:
        self.committed_at = clock()
        self.failing_since: float | None = None
        self.seal_failing_since: float | None = None
        self.transitions = 0
        self.watch = Watch()
        self._noted: dict[tuple[str, str], int] = {}  # when each last changed: two changes in a second are two
        self._house = house
        self._store = store
        self._mark = mark
        self._clock = clock

    def note(self, transitions: Iterable[Transition]) -> None:
        """A change of state is kept to the second, beside the minutes."""
        batches = []
        for one in transitions:
            self.transitions += 1
            subject = one.kind, one.key
            at = self._noted[subject] = max(int(one.at), self._noted.get(subject, -1) + 1)
            now = (one.key, State(one.after), one.since, Reason(one.reason))
            batches.append(told(f"{one.kind}_state", one.key, at, [now]))
        self._store.append(batches)

    def close_minute(self) -> None:
        network, now = self._house.network, int(self._clock())
        minutes = [network.minute.close(now, network.board.state_codes())]
        if network.circuits.rows:
            minutes.append(network.circuits.close_circuits(now))
        diverse = diversity_batch(network, now)
        if diverse is not None:
            minutes.append(diverse)
        self._house.pipeline.keep(minutes)

    def close_links(self) -> None:
        now, every_s = self._clock(), self._house.config.poll.counters_s
        network = self._house.network
        links = network.links.close(int(now), now - every_s)
        kept = [links]
        if network.traffic.rows:
            kept.append(network.traffic.close(links))
        if network.points.rows:
            kept.append(network.points.close(int(now), now - every_s))
        self._house.pipeline.keep(kept)

    def committing(self, commit: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def step() -> None:
            self._hand_over()
            done = commit()
            assert isinstance(done, Awaitable)
            await done

        return step

    def _hand_over(self) -> None:
        board, now = self._house.network.board, self._clock()
        self._store.put_status(board.changed_rows())
        self._store.append(self.watch.look(now, board.blind_since))
        if self.watch.restates(now):
            self._store.append(restated(int(now), board.standings()))
        self._mark = replace(self._mark, at=now, blind_since=board.blind_since)
        self._store.mark(self._mark)

    def commit(self) -> None:
        """In a thread of its own: nobody who polls waits for a disk."""
        try:
            self._store.commit()
        except StoreError as error:
            if self.failing_since is None:
                self.failing_since = self._clock()
                log.error("%s", error)
            return
        self.committed_at = self._clock()
        if self.failing_since is not None:
            log.warning("the metric store takes writes again, after %.0f s", self.committed_at - self.failing_since)
            self.failing_since = None

    def sealing(self, executor: Executor) -> Callable[[], Awaitable[None]]:
        async def step() -> None:
            await asyncio.get_running_loop().run_in_executor(executor, self._seal)

        return step

    def _seal(self) -> None:
        now = self._clock()
        try:
            self._store.seal(now)
        except StoreError as error:
            if self.seal_failing_since is None:
                self.seal_failing_since = now
                log.error("sealing failed, it will be tried again: %s", error)
        else:
            self.seal_failing_since = None

    def close(self) -> None:
        """The last words of a clean stop."""
        self._hand_over()
        self._store.append(self.watch.end(self._clock()))
        self._mark = replace(self._mark, stopped=self._clock())
        self._store.mark(self._mark)
