"""How busy a line is at any moment: an office week in East Africa Time with ripples, in whole numbers that add up.

Activity is in thousandths of a line's level; its integral over time, the *area*, is in thousandths x milliseconds.
Everything is integer arithmetic, so that counters made of it are exact and never step back, in whatever order asked.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

HOUR_MS = 3_600_000
_WEEK_MS = 168 * HOUR_MS
_MONDAY_EAT_MS = 3 * HOUR_MS + 3 * 24 * HOUR_MS  # the Unix epoch was a Thursday, 03:00 in Dar es Salaam
_RIPPLE_STEPS = 128


def draw(*words: object) -> float:
    """A number in [0, 1) that is always the same for the same words."""
    digest = blake2b("|".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


@dataclass(frozen=True)
class Ripple:
    """Unrest round zero: steps of `step_ms` whose values repeat and sum to nothing over a period."""

    values: tuple[int, ...]
    step_ms: int

    @cached_property
    def _sums(self) -> tuple[int, ...]:
        return (0, *(value * self.step_ms for value in accumulate(self.values)))

    def area(self, ms: int) -> int:
        step, rest = divmod(ms, self.step_ms)
        step %= len(self.values)
        return self._sums[step] + self.values[step] * rest

    def areas(self, ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same at many moments."""
        step, rest = np.divmod(ms, self.step_ms)
        step %= len(self.values)
        total: NDArray[np.int64] = np.array(self._sums)[step] + np.array(self.values)[step] * rest
        return total


def _ripple(seed: int, amplitude: int, step_ms: int) -> Ripple:
    source = random.Random(seed)
    half = [source.randint(-amplitude, amplitude) for _ in range(_RIPPLE_STEPS // 2)]
    values = half + [-value for value in half]
    source.shuffle(values)
    return Ripple(tuple(values), step_ms)


@dataclass(frozen=True)
class Curve:
    """Activity by hour of the week from Monday 00:00 EAT, joined by straight lines, with a slow and a quick ripple."""

    name: str
    hours: tuple[int, ...]
    ripples: tuple[Ripple, ...] = ()

    @cached_property
    def peak(self) -> int:
        """Activity never exceeds this."""
        return max(self.hours) + sum(max(ripple.values) for ripple in self.ripples)

    @cached_property
    def mean(self) -> int:
        return sum(self.hours) // len(self.hours)

    @cached_property
    def _sums(self) -> tuple[int, ...]:
        following = (*self.hours[1:], self.hours[0])
        return (0, *accumulate((a + b) * HOUR_MS // 2 for a, b in zip(self.hours, following, strict=True)))

    def area(self, ms: int, phase: int) -> int:
        """Integral of the activity since a fixed moment; `ms` are Unix milliseconds, `phase` shifts the ripples."""
        week, rest = divmod(ms + _MONDAY_EAT_MS, _WEEK_MS)
        hour, rest = divmod(rest, HOUR_MS)
        now, then = self.hours[hour], self.hours[(hour + 1) % len(self.hours)]
        total = week * self._sums[-1] + self._sums[hour] + now * rest + (then - now) * rest * rest // (2 * HOUR_MS)
        for ripple in self.ripples:
            total += ripple.area(ms + phase)
        return total

    def areas(self, ms: NDArray[np.int64], phase: int) -> NDArray[np.int64]:
        """`area` at many moments."""
        week, rest = np.divmod(ms + _MONDAY_EAT_MS, _WEEK_MS)
        hour, rest = np.divmod(rest, HOUR_MS)
        hours, sums = np.array(self.hours), np.array(self._sums)
        now, then = hours[hour], hours[(hour + 1) % len(hours)]
        total: NDArray[np.int64] = (
            week * sums[-1] + sums[hour] + now * rest + (then - now) * rest * rest // (2 * HOUR_MS)
        )
        for ripple in self.ripples:
            total += ripple.areas(ms + phase)
        return total


def _week(workday: Sequence[int], weekend: Sequence[int]) -> tuple[int, ...]:
    return (*(tuple(workday) * 5), *(tuple(weekend) * 2))


_OFFICE_DAY = (170,) * 6 + (200, 380, 720, 900, 960, 950, 880, 760, 850, 900, 780, 560, 400, 330, 290, 250, 210, 180)
_OFFICE_END = (160,) * 7 + (180, 210, 250, 270, 280, 270, 260, 260, 250, 240, 230, 230, 220, 210, 200, 180, 170)
_STEADY_DAY = (420,) * 6 + (470, 580, 760, 880, 930, 940, 900, 860, 900, 920, 880, 800, 780, 800, 780, 700, 580, 480)
_STEADY_END = (400,) * 7 + (440, 500, 560, 600, 620, 620, 610, 610, 620, 640, 680, 720, 740, 720, 640, 540, 460)
_BUSY_DAY = (805,) * 6 + (818, 838, 868, 890, 898, 900, 896, 892, 897, 900, 894, 886, 882, 884, 876, 862, 838, 815)
_BUSY_END = (792,) * 7 + (800, 812, 822, 830, 834, 836, 836, 838, 840, 842, 846, 850, 854, 852, 838, 818, 802)


@dataclass(frozen=True)
class Curves:
    """The kinds of week: an office, a trunk that many share, an exchange port that is nearly full, and a test tone."""

    office: Curve
    steady: Curve
    busy: Curve
    flat: Curve

    @classmethod
    def of_seed(cls, seed: int) -> "Curves":
        lively = (_ripple(seed + 1, 80, 300_000), _ripple(seed + 2, 70, 7_000))
        calm = (_ripple(seed + 3, 18, 300_000), _ripple(seed + 4, 16, 7_000))
        return cls(
            office=Curve("office", _week(_OFFICE_DAY, _OFFICE_END), lively),
            steady=Curve("steady", _week(_STEADY_DAY, _STEADY_END), lively),
            busy=Curve("busy", _week(_BUSY_DAY, _BUSY_END), calm),
            flat=Curve("flat", _week((1000,) * 24, (1000,) * 24)),
        )
