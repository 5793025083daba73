"""How much of what a device says is listened to: a bucket for each, one for all, and a first word that always passes."""

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

    A flood of one device, or of all others together, never takes the first word from a device that was quiet.
    """

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self._burst = per_s * BURST_S
        self._all = _Bucket(self._burst * ALL_TIMES, 0.0)
        self._buckets: dict[str, _Bucket] = {}

    def admits(self, device: str, now: float) -> bool:
        """Whether one more of this device is listened to."""
        bucket = self._buckets.get(device)
        if bucket is None:
            bucket = self._buckets[device] = _Bucket(self._burst, now, now - QUIET_S)
        first = now - bucket.heard_at >= QUIET_S
        bucket.heard_at = now
        if not self._take(bucket, now, self.per_s, self._burst):
            bucket.refused += 1
            return False
        if self._take(self._all, now, self.per_s * ALL_TIMES, self._burst * ALL_TIMES) or first:
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
        loud = [(key, bucket.refused) for key, bucket in self._buckets.items() if bucket.refused]
        return sorted(loud, key=lambda item: item[1], reverse=True)[:most]

    def forget(self, device: str) -> None:
        self._buckets.pop(device, None)
