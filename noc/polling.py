"""Who is asked now: every due target is started once, spread inside its second; a target still running is skipped."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from collectors.contract import Target
from noc.schedule import SLOT_S, Cohorts, Phase, phase_s

log = logging.getLogger(__name__)

GIVE_WAY_S = 1.0  # so late there is more to do than this machine can: liveness goes first, the rest has its next turn


@dataclass(slots=True)
class PollCounters:
    """Counted since the start of the daemon."""

    started: int = 0
    ended: int = 0
    failed: int = 0
    skipped: int = 0  # due while the one before still ran
    spared: int = 0  # due, but the device is known silent: its liveness probe is enough (SEMANTICS 9)
    gave_way: int = 0  # due, but so late that only liveness was asked
    late_s_max: float = 0.0


class Polling:
    """One interval's worth of targets, and the runs in flight."""

    def __init__(
        self,
        every_s: float,
        poll: Callable[[Target, float], Awaitable[None]],
        wanted: Callable[[Target], bool],
        clock: Callable[[], float],
        *,
        slot_s: float = SLOT_S,
        gives_way: bool = False,
        phase: Phase = phase_s,
    ) -> None:
        """`gives_way`: what falls due while everything is late waits for its next turn; `phase`: whose turn is when."""
        self.counters = PollCounters()
        self.late_s = 0.0  # how late the newest start was
        self.every_s = every_s
        self._cohorts: Cohorts[Target] = Cohorts(every_s, slot_s, phase)
        self._poll = poll
        self._wanted = wanted
        self._clock = clock
        self._gives_way = gives_way
        self._running: dict[str, asyncio.Task[None]] = {}
        self._fired_to: float | None = None

    def __len__(self) -> int:
        return len(self._cohorts)

    @property
    def running(self) -> int:
        return len(self._running)

    def put(self, targets: Iterable[Target]) -> None:
        for target in targets:
            self._cohorts.put(target.key, target)

    def drop(self, targets: Iterable[Target]) -> None:
        for target in targets:
            self._cohorts.drop(target.key)
            running = self._running.get(target.key)
            if running:
                running.cancel()

    def fire(self) -> None:
        """Start what falls due until the next second; called once a second by the schedule.

        A second that the machine slept through is made up for only once per target: nothing is queued.
        """
        now = self._clock()
        end = float(int(now) + 1)
        start = max(self._fired_to if self._fired_to is not None else end - 1, end - self._cohorts.every_s)
        self._fired_to = end
        loop = asyncio.get_running_loop()
        for due, targets in self._cohorts.due(start, end):
            if due <= now:
                self._begin(targets, due)
            else:
                loop.call_later(due - now, self._begin, targets, due)

    def now(self, target: Target) -> None:
        """Start this target at once, outside its turn; not when it was dropped meanwhile."""
        if self._cohorts.holds(target.key, target):
            self._start(target, self._clock())

    def _begin(self, targets: list[Target], due: float) -> None:
        self.late_s = self._clock() - due
        self.counters.late_s_max = max(self.counters.late_s_max, self.late_s)
        if self._gives_way and self.late_s > GIVE_WAY_S:
            self.counters.gave_way += len(targets)
            return
        for target in targets:
            if not self._cohorts.holds(target.key, target):
                continue  # a new inventory came between
            if self._wanted(target):
                self._start(target, due)
            else:
                self.counters.spared += 1

    def _start(self, target: Target, due: float) -> None:
        key = target.key
        if key in self._running:
            self.counters.skipped += 1
            return
        self.counters.started += 1
        task = asyncio.get_running_loop().create_task(self._run(target, due))
        self._running[key] = task
        task.add_done_callback(lambda _: self._ended(key))  # also when it is cancelled before its first step

    def _ended(self, key: str) -> None:
        self.counters.ended += 1
        del self._running[key]

    async def _run(self, target: Target, due: float) -> None:
        try:
            await self._poll(target, due)
        except Exception:  # a defect of ours in one poll must not end the daemon: it is logged whole, and counted
            self.counters.failed += 1
            log.exception("poll of %s broke", target.key)

    async def drain(self, within_s: float) -> None:
        """Let what runs end; what does not end in time is cancelled."""
        tasks = list(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
