"""What ails the NOC itself, as measurements that rules judge like any other: disk, clock, store, ledger, queue, channels."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from inventory.batch import Batch

EVERY_S = 10.0
DISK_FREE = 500 << 20  # octets; below this a week of measurements no longer fits
STEP_S = 2.0  # the clock of the machine jumped by so much against the one that only goes forward
STEP_SHOWN_S = 300.0
QUEUE_S = 300.0  # a message waiting for so long is one that nobody got
CHANNEL_S = 120.0  # a channel failing for so long is not a hiccup
FAILING = ("failing",)


class Channel(Protocol):
    """How one way of telling does; `noc.outbox` counts it."""

    @property
    def failing_since(self) -> float | None: ...


class Queue(Protocol):
    """The outbox, as far as its health is concerned."""

    @property
    def oldest_at(self) -> float | None:
        """When the oldest message that is still to go out was queued, UTC seconds."""

    @property
    def channels(self) -> Mapping[str, Channel]: ...


@dataclass(frozen=True, slots=True)
class Ailing:
    """Since when parts that keep things fail; None where they do not."""

    store: Callable[[], float | None]
    ledger: Callable[[], float | None]


class OwnHealth:
    """Asked every EVERY_S; `failing` is 1 or 0 for every part that has a row."""

    def __init__(
        self,
        place: Path,
        ailing: Ailing,
        queue: Queue,
        *,
        clock: Callable[[], float],
        steady: Callable[[], float],
    ) -> None:
        """`place`: a directory on the disk that matters; `steady`: seconds that only go forward (time.monotonic)."""
        self._place, self._ailing, self._queue = place, ailing, queue
        self._clock, self._steady = clock, steady
        self._apart: float | None = None
        self._stepped_at: float | None = None
        self.step_s = 0.0  # the last one seen

    def batch(self) -> Batch:
        """Measurement "own": a row for each part."""
        now = self._clock()
        found = {
            "clock": self._clock_stepped(now),
            "disk": self._disk_full(),
            "ledger": self._ailing.ledger() is not None,
            "queue": self._waiting(now),
            "store": self._ailing.store() is not None,
        }
        for name, channel in sorted(self._queue.channels.items()):
            found[f"channel {name}"] = _since(channel.failing_since, now, CHANNEL_S)
        values = np.array([[float(failing) for failing in found.values()]])
        return Batch("own", "", int(now), tuple(found), FAILING, values)

    def _clock_stepped(self, now: float) -> bool:
        apart = now - self._steady()
        if self._apart is not None and abs(apart - self._apart) >= STEP_S:
            self.step_s, self._stepped_at = apart - self._apart, self._steady()
        self._apart = apart
        return self._stepped_at is not None and self._steady() - self._stepped_at < STEP_SHOWN_S

    def _disk_full(self) -> bool:
        try:
            return shutil.disk_usage(self._place).free < DISK_FREE
        except OSError:
            return True

    def _waiting(self, now: float) -> bool:
        return _since(self._queue.oldest_at, now, QUEUE_S)


def _since(at: float | None, now: float, least_s: float) -> bool:
    return at is not None and now - at >= least_s
