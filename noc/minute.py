"""Five-second liveness is judged raw and kept as one line a minute: RTT, loss and state of every device and circuit."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch

MINUTE_S = 60
COURSE = ("rtt_min_ms", "rtt_ms", "rtt_max_ms", "loss_ratio")
QUANTITIES = (*COURSE, "state")


class MinuteSummary:
    """Sums over the minute that runs; `rows` are keys of devices, or of circuits by their anchors, in the inventory's order.

    A method that answered counts with its RTT; loss is the share of all probes sent that came back with nothing.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.rows = tuple(keys)
        self._at = {key: place for place, key in enumerate(self.rows)}
        self._clear()

    def _clear(self) -> None:
        size = len(self.rows)
        self._sent, self._lost = np.zeros(size), np.zeros(size)
        self._sum = np.zeros(size)
        self._least, self._most = np.full(size, np.inf), np.full(size, -np.inf)

    def feed(self, key: str, rtts_ms: Iterable[float | None]) -> None:
        place = self._at.get(key)
        if place is None:
            return
        for rtt in rtts_ms:
            self._sent[place] += 1
            if rtt is None:
                self._lost[place] += 1
                continue
            self._sum[place] += rtt
            self._least[place] = min(self._least[place], rtt)
            self._most[place] = max(self._most[place], rtt)

    def close(self, at: int, states: Mapping[str, int]) -> Batch:
        """The minute of devices as a batch at `at`, and a new minute begins. Devices not asked are NaN."""
        state = np.array([states.get(key, np.nan) for key in self.rows], dtype=np.float64)
        return Batch("liveness", "", at, self.rows, QUANTITIES, np.vstack([*self._course(), state]))

    def close_circuits(self, at: int) -> Batch:
        """The minute of circuits, as their anchors answered."""
        return Batch("circuit", "", at, self.rows, COURSE, np.vstack(self._course()))

    def _course(self) -> list[NDArray[np.float64]]:
        answered = self._sent - self._lost
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(answered > 0, self._sum / answered, np.nan)
            loss = np.where(self._sent > 0, self._lost / self._sent, np.nan)
        least = np.where(answered > 0, self._least, np.nan)
        most = np.where(answered > 0, self._most, np.nan)
        self._clear()
        return [least, mean, most, loss]
