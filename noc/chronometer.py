"""The daemon's clock: UTC that never runs backwards, so that no hold and no page waits until the time it was comes again."""

from collections.abc import Callable
from threading import Lock

SLOWER = 0.05  # of a second given back each second after the machine's clock was set back
LONGEST_S = 86_400.0  # set back by more, it was wrong before: followed at once


class Chronometer:
    """UTC seconds. Set forth, the machine's clock is followed at once; set back, this one runs slower until it agrees."""

    def __init__(self, wall: Callable[[], float], steady: Callable[[], float]) -> None:
        """`wall`: the machine's UTC seconds; `steady`: seconds that nobody sets (time.monotonic)."""
        self._wall, self._steady = wall, steady
        self._shown: float | None = None
        self._beat = 0.0
        self._lock = Lock()

    def __call__(self) -> float:
        with self._lock:
            return self._read()

    def _read(self) -> float:
        wall, beat = self._wall(), self._steady()
        passed, self._beat = max(0.0, beat - self._beat), beat
        if self._shown is None or wall >= self._shown or self._shown - wall > LONGEST_S:
            self._shown = wall
        else:
            self._shown = max(wall, self._shown + passed * (1 - SLOWER))
        return self._shown
