"""How much of what a device says is listened to: a bucket for each, one for all, and a first word that always passes."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

BURST_S = 4.0  # a device may say so many seconds' worth at once
ALL_TIMES = 20  # all devices together may say so many times what one may
QUIET_S = 5.0  # who said nothing for so long says a first word


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float  # when it was last filled
    heard_at: float = -QUIET_S
    refused: int = 0


class Admission:
    """Token buckets; `now` is monotonic seconds.

    A flood of one device, or of all others together, never takes the first word from a device that was quiet. Each way of
    speaking is measured by itself: a router that restarts writes hundreds of lines just when its traps matter.
    """

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self._burst = per_s * BURST_S
        self._all: dict[Hashable, _Bucket] = {}
        self._buckets: dict[tuple[str, Hashable], _Bucket] = {}

    def admits(self, device: str, now: float, way: Hashable = None) -> bool:
        """Whether one more of this device is listened to, by this way of speaking."""
        bucket = self._buckets.get((device, way))
        if bucket is None:
            bucket = self._buckets[device, way] = _Bucket(self._burst, now, now - QUIET_S)
        first = now - bucket.heard_at >= QUIET_S
        bucket.heard_at = now
        if not self._take(bucket, now, self.per_s, self._burst):
            bucket.refused += 1
            return False
        everybody = self._all.get(way) or self._all.setdefault(way, _Bucket(self._burst * ALL_TIMES, now))
        if self._take(everybody, now, self.per_s * ALL_TIMES, self._burst * ALL_TIMES) or first:
            return True
        bucket.refused += 1
        return False

    @staticmethod
    def _take(bucket: _Bucket, now: float, per_s: float, burst: float) -> bool:
        tokens = min(burst, bucket.tokens + (now - bucket.at) * per_s)
        bucket.at = now
        if tokens < 1.0:
            bucket.tokens = tokens
            return False
        bucket.tokens = tokens - 1.0
        return True

    def refused(self, most: int = 10) -> list[tuple[str, int]]:
        """(device, how much of it was not listened to), the loudest first."""
        loud: Counter[str] = Counter()
        for (device, _), bucket in self._buckets.items():
            loud[device] += bucket.refused
        return [(device, refused) for device, refused in loud.most_common(most) if refused]

    def forget(self, device: str) -> None:
        for key in [key for key in self._buckets if key[0] == device]:
            del self._buckets[key]
