"""When things happen: APScheduler fires one cohort a second, and the starts are spread inside it.

This is the only place that knows APScheduler. A target has no job of its own: its phase is a hash of its key, so
a restart or a reload moves nobody, and 10,000 devices cost one timer.
"""

import asyncio
import inspect
import logging
import math
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

Item = TypeVar("Item", bound=Hashable)
Phase = Callable[[str, float], float]  # (name, interval) -> seconds into the interval

SLOT_S = 0.05  # starts are grouped in slots of this length where there are many,
WIDE_SLOT_S = 0.25  # and of this where there are few: every slot wakes the machine
FEW = 1000


def phase_s(name: str, every_s: float) -> float:
    """Where in its interval a name stands: 0 <= phase < every_s, the same on every machine and in every run."""
    return zlib.crc32(name.encode()) / 2**32 * every_s


def slot_for(devices: int) -> float:
    """Length in seconds of the slots for so many devices."""
    return WIDE_SLOT_S if devices <= FEW else SLOT_S


class Cohorts(Generic[Item]):
    """Who is due in which slot of a repeating interval of `every_s` seconds."""

    def __init__(self, every_s: float, slot_s: float = SLOT_S, phase: Phase = phase_s) -> None:
        self.every_s = every_s
        self._phase = phase
        self._slot_s = slot_s
        self._slots: dict[int, dict[str, Item]] = defaultdict(dict)

    def _slot(self, name: str) -> int:
        return int(self._phase(name, self.every_s) / self._slot_s)

    def put(self, name: str, item: Item) -> None:
        self._slots[self._slot(name)][name] = item

    def drop(self, name: str) -> None:
        slot = self._slots.get(self._slot(name), {})
        slot.pop(name, None)
        if not slot:
            self._slots.pop(self._slot(name), None)

    def holds(self, name: str, item: Item) -> bool:
        """Whether that name still stands for that item."""
        found = self._slots.get(self._slot(name), {}).get(name)
        return found is item or found == item

    def __len__(self) -> int:
        return sum(map(len, self._slots.values()))

    def due(self, start: float, end: float) -> Iterable[tuple[float, list[Item]]]:
        """(UTC seconds, items) of every slot that begins in [start, end) and has somebody in it, in order."""
        if not self._slots:
            return
        first = math.ceil(round(start / self._slot_s, 6))
        last = math.ceil(round(end / self._slot_s, 6))
        length = round(self.every_s / self._slot_s)
        for number in range(first, last):
            items = self._slots.get(number % length)
            if items:
                yield number * self._slot_s, list(items.values())


class Schedule:
    """The house's clockwork: calls that repeat, on whole seconds of UTC."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(
            logging.ERROR
        )  # health says what stands still, not each turn left out
        logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)  # what fails is said once, below
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(_log_error, EVENT_JOB_ERROR)
        self._stopped = False

    def every(self, seconds: float, call: Callable[[], object], *, name: str) -> None:
        """Call (a plain function or a coroutine function) every so many seconds, first at the next whole second."""
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        trigger = IntervalTrigger(seconds=seconds, start_date=first, timezone=UTC)
        self._scheduler.add_job(self._in_the_loop(call), trigger, id=name, name=name, replace_existing=True)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """What is under way is given up."""
        self._stopped = True
        self._scheduler.shutdown(wait=False)

    def _in_the_loop(self, call: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        """APScheduler would run a plain function in a thread; ours belong to the event loop."""

        async def step() -> None:
            try:
                done = call()
                if inspect.isawaitable(done):
                    await done
            except asyncio.CancelledError:
                if not self._stopped:  # else it is no failure, and nothing to log
                    raise

        return step


def _log_error(event: JobExecutionEvent) -> None:
    logging.getLogger(__name__).error("%s failed", event.job_id, exc_info=event.exception)
