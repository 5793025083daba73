"""The traffic on a line in one direction, as the exact integral of its rate, and values that hold until they change."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from noc.lab.curve import Curve

T = TypeVar("T")
OCTET = 8_000_000  # bit/s x thousandths x milliseconds in one octet
_MILLION = 1_000_000


class Steps(Generic[T]):
    """A value over time: what holds from an instant on. Before the first instant the first value holds."""

    __slots__ = ("times", "values")

    def __init__(self, at: float, value: T) -> None:
        self.times = [at]
        self.values = [value]

    def put(self, at: float, value: T) -> None:
        """From `at` on it is `value`; instants must not go back."""
        if at < self.times[-1]:
            raise ValueError("steps go forward in time")
        if at == self.times[-1]:
            self.values[-1] = value
        else:
            self.times.append(at)
            self.values.append(value)

    def at(self, t: float) -> T:
        if t >= self.times[-1]:
            return self.values[-1]
        return self.values[max(0, bisect_right(self.times, t) - 1)]

    @property
    def last(self) -> T:
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a line has carried, dropped and damaged since the lab began; octets x OCTET, exact."""

    bits: int = 0
    dropped: int = 0
    damaged: int = 0


NOTHING = Carried()


@dataclass(frozen=True, slots=True)
class Load:
    """How a line is used: `level` bit/s times a curve; of a million octets so many are dropped or damaged."""

    level: int
    curve: Curve
    dropped_ppm: int = 0
    damaged_ppm: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    area: int
    carried: Carried
    load: Load


class Flow:
    """One direction of a line. `phase` makes its ripples its own."""

    __slots__ = ("_steps", "phase")

    def __init__(self, at_ms: int, load: Load, phase: int = 0) -> None:
        self.phase = phase
        self._steps = Steps(at_ms, _Step(load.curve.area(at_ms, phase), NOTHING, load))

    @property
    def load(self) -> Load:
        """How it is used now."""
        return self._steps.last.load

    @property
    def first_level(self) -> int:
        """bit/s at the peak when the lab began."""
        return self._steps.values[0].load.level

    def change(self, at_ms: int, load: Load) -> None:
        """From `at_ms` on it is used otherwise."""
        if load != self.load:
            self._steps.put(at_ms, _Step(load.curve.area(at_ms, self.phase), self.carried(at_ms), load))

    def bps(self, ms: NDArray[np.int64]) -> NDArray[np.float64]:
        """Mean bit/s from each of the moments (ascending) to the next."""
        total = np.zeros(len(ms) - 1)
        for (begin, end), step in zip(pairwise([*self._steps.times, np.inf]), self._steps.values, strict=True):
            within = np.clip(ms, begin, end).astype(np.int64)
            total += np.diff(step.load.curve.areas(within, self.phase)) * float(step.load.level)
        return total / (np.diff(ms) * 1000.0)

    def carried(self, ms: int) -> Carried:
        """All that passed until `ms`; it never falls as `ms` grows."""
        step = self._steps.at(ms)
        load, sum_ = step.load, step.carried
        more = load.level * max(0, load.curve.area(ms, self.phase) - step.area)
        return Carried(
            sum_.bits + more,
            sum_.dropped + more * load.dropped_ppm // _MILLION,
            sum_.damaged + more * load.damaged_ppm // _MILLION,
        )
