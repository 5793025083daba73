"""The newest samples of each row: as many as a rule's window needs, judged together and never one alone (SEMANTICS 50)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.rules.table import Bools, Floats, Index, Tick

COVERED = 0.8  # share of the window that must be known
LEAST_SAMPLES = 3
MOST_SAMPLES = 512


@dataclass(frozen=True, slots=True)
class Samples:
    """(quantities x samples x rows), and which of them are known and within the window."""

    values: Floats
    valid: Bools
    counts: NDArray[np.intp]  # (quantities x rows)

    def mean(self) -> Floats:
        total = np.where(self.valid, self.values, 0.0).sum(axis=1)
        mean: Floats = total / np.maximum(self.counts, 1)
        return mean

    def share(self, chosen: Bools) -> Floats:
        share: Floats = (chosen & self.valid).sum(axis=1) / np.maximum(self.counts, 1)
        return share


class Window:
    """A ring of samples for each row. `every_s` is the interval at which they are to be expected."""

    def __init__(self, quantities: int, over_s: float, every_s: float, covered: float = COVERED) -> None:
        self.length = min(MOST_SAMPLES, max(LEAST_SAMPLES, math.ceil(over_s / every_s)))
        self.over_s = self.length * every_s
        self._reach_s = self.over_s - every_s / 2  # how long before the newest the oldest may be
        self._needed = max(2, math.floor(covered * self.length))
        self._values = np.full((quantities, self.length, 0), np.nan)
        self._times = np.full((self.length, 0), -np.inf)
        self._next = np.zeros(0, np.intp)
        self._newest = np.zeros(0)

    def grow(self, size: int) -> None:
        self._values = np.pad(self._values, ((0, 0), (0, 0), (0, size - self._next.size)), constant_values=np.nan)
        self._times = np.pad(self._times, ((0, 0), (0, size - self._next.size)), constant_values=-np.inf)
        self._newest = np.pad(self._newest, (0, size - self._next.size), constant_values=-np.inf)
        self._next = np.pad(self._next, (0, size - self._next.size))

    def push(self, tick: Tick, values: Floats) -> Floats:
        """Take the newest (quantities x rows); what they push out is returned. A time that was told already counts once."""
        newest = self._newest[tick.index]
        fresh = (tick.at > newest) | (tick.at < newest - self.over_s)  # the clock was set back
        index = tick.index[fresh]
        place = self._next[index]
        out = np.full(values.shape, np.nan)
        out[:, fresh] = self._values[:, place, index]
        self._values[:, place, index] = values[:, fresh]
        self._times[place, index] = self._newest[index] = tick.at[fresh]
        self._next[index] = (place + 1) % self.length
        return out

    def void(self, number: int, since: float) -> None:
        """What was sampled of this row from then on says nothing."""
        self._values[:, self._times[:, number] >= since, number] = np.nan

    def samples(self, index: Index, at: Floats) -> Samples:
        values = self._values[:, :, index]
        recent = self._times[:, index] > at - self._reach_s
        valid = ~np.isnan(values) & recent
        return Samples(values, valid, valid.sum(axis=1))

    def known(self, samples: Samples) -> Bools:
        """Of which enough is known, (quantities x rows)."""
        known: Bools = samples.counts >= self._needed
        return known

    def first(self, number: int, chosen: Callable[[Floats], Bools]) -> float | None:
        """Time of the oldest sample of a row within the window of which any quantity is such; None: none is.

        `chosen` takes (quantities x samples).
        """
        times = self._times[:, number]
        with np.errstate(invalid="ignore"):
            found = chosen(self._values[:, :, number]).any(axis=0) & (times > times.max() - self._reach_s)
        return float(times[found].min()) if found.any() else None
