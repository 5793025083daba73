"""What ails the NOC itself, as measurements that rules judge: disk, clock, store, ledger, queue, channels, InfluxDB."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from noc.channel_health import ChannelHealth

EVERY_S = 10.0
DISK_FREE = 500 << 20  # octets; below this a week of measurements no longer fits
STEP_S = 2.0  # the clock of the machine jumped by so much against the one that only goes forward
STEP_SHOWN_S = 300.0
QUEUE_S = 300.0  # a message waiting for so long is one that nobody got
CHANNEL_S = 120.0  # a channel failing for so long is not a hiccup
FAILING = ("failing",)


@dataclass(frozen=True, slots=True)
class Ailing:
    """Whether parts that keep things fail."""

    store: Callable[[], bool]
    ledger: Callable[[], bool]
    influxdb: Callable[[], bool | None] = lambda: None  # whether it fails; None where nothing is sent there


class OwnHealth:
    """Asked every EVERY_S; `failing` is 1 or 0 for every part that has a row."""

    def __init__(
        self,
        place: Path,
        ailing: Ailing,
        channels: Callable[[], Mapping[str, ChannelHealth]],
        *,
        clock: Callable[[], float],
        wall: Callable[[], float],
        steady: Callable[[], float],
    ) -> None:
        """`place`: a directory on the disk that matters. `wall`: the machine's own clock, which people and NTP set;
        `clock`: the daemon's, which hides that it was set back; `steady`: seconds that nobody sets (time.monotonic).
        """
        self._place, self._ailing, self._channels = place, ailing, channels
        self._clock, self._wall, self._steady = clock, wall, steady
        self._apart: float | None = None
        self._stepped_at: float | None = None
        self.step_s = 0.0  # the last one seen

    def batch(self) -> Batch:
        """Measurement "own": a row for each part."""
        now, channels = self._clock(), self._channels()
        found = {
            "clock": self._clock_stepped(),
            "disk": self._disk_full(),
            "ledger": self._ailing.ledger(),
            "queue": any(each.queued and each.oldest_s >= QUEUE_S for each in channels.values()),
            "store": self._ailing.store(),
        }
        influxdb = self._ailing.influxdb()
        if influxdb is not None:
            found["influxdb"] = influxdb
        for name, channel in sorted(channels.items()):
            since = channel.failing_since
            found[f"channel {name}"] = since is not None and now - since >= CHANNEL_S
        values = np.array([[float(failing) for failing in found.values()]])
        return Batch("own", "", int(now), tuple(found), FAILING, values)

    def _clock_stepped(self) -> bool:
        apart = self._wall() - self._steady()
        if self._apart is not None and abs(apart - self._apart) >= STEP_S:
            self.step_s, self._stepped_at = apart - self._apart, self._steady()
        self._apart = apart
        return self._stepped_at is not None and self._steady() - self._stepped_at < STEP_SHOWN_S

    def _disk_full(self) -> bool:
        try:
            return shutil.disk_usage(self._place).free < DISK_FREE
        except OSError:
            return True
