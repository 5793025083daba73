"""How a level grows: a line whose level may wander, fitted in several stiffnesses, straight and curved, and mixed.

A local level with drift (structural time series, Kalman filter). Each member of the mixture says how much of what is
seen is the level itself moving, from nothing to nearly all, and whether growth adds or multiplies; members weigh by
how well they foretold each week from those before it. Numpy alone; 104 weeks cost a few milliseconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboards.capacity.percentile import Floats
from dashboards.capacity.weeks import Weeks

RATIOS: Final = np.array([0.0, 0.05, 0.15, 0.4, 1.0, 2.5])  # deviation of the level's steps, of that of the noise
DRIFT: Final = 0.012  # deviation of growth a week before anything is seen: half in 40 weeks, up or down, is unusual
NOISE: Final = 0.02  # of a week, before anything is seen, worth so many weeks:
NOISE_WEEKS: Final = 6.0
CLIP: Final = 5.0  # deviations beyond which a week is no more surprising
TEMPER: Final = 0.5  # of the likelihood's logarithm: weeks are not quite independent
_UNKNOWN: Final = 1e6
_FREED: Final = 1e4
_LEAST: Final = 0.02


@dataclass(frozen=True)
class Mixture:
    """What is believed of the level at the last week, by member. Straight members are in units of `scale`.

    `spread`: variances of level and drift and their covariance; `step` the variance a week adds.
    """

    scale: float
    curved: np.ndarray
    weight: Floats
    level: Floats
    drift: Floats
    spread: tuple[Floats, Floats, Floats]
    step: Floats
    noise: float  # deviation of a week about its level, of the logarithm


def mixture(seen: Weeks) -> Mixture:
    """Of at least eight weeks that are known."""
    scale = float(np.exp(np.nanmedian(seen.log)))
    log = seen.log - np.log(scale)
    curved, straight = _Members(log, seen), _Members(np.exp(log), seen)
    curved.fitness -= np.nansum(log)  # likelihoods of a value and of its logarithm are made comparable
    fitness = np.concatenate([curved.fitness, straight.fitness])
    weight = np.exp(TEMPER * (fitness - fitness.max()))
    both = (curved, straight)

    def each(name: str) -> Floats:
        return np.concatenate([getattr(one, name) for one in both])

    return Mixture(
        scale,
        np.repeat([True, False], len(RATIOS)),
        weight / weight.sum(),
        each("level"),
        each("drift"),
        (each("p_level") * each("noise"), each("p_both") * each("noise"), each("p_drift") * each("noise")),
        each("noise") * np.tile(RATIOS, 2) ** 2,
        float(np.sqrt(curved.noise.min())),
    )


class _Members:
    """One Kalman filter for each ratio, side by side; variances are in units of the noise's until it is known."""

    def __init__(self, values: Floats, seen: Weeks) -> None:
        self._prior = DRIFT / _scatter(values[seen.known])
        self._run(values, seen, clip=np.full(len(RATIOS), np.inf))
        self._run(values, seen, clip=CLIP * np.sqrt(self.noise))

    def _run(self, values: Floats, seen: Weeks, clip: Floats) -> None:
        count = len(RATIOS)
        self.level, self.drift = np.zeros(count), np.zeros(count)
        self.p_level, self.p_both = np.full(count, _UNKNOWN), np.zeros(count)
        self.p_drift = np.full(count, self._prior**2)
        self._surprise, self._width, self._weeks = np.zeros(count), np.zeros(count), 0
        for week, known in enumerate(seen.known):
            if week:
                self._pass(freed=bool(seen.jumped[week]))
            if known:
                self._see(float(values[week]), clip, least_only=bool(seen.topped[week]))
        weeks = self._weeks + NOISE_WEEKS
        self.noise = (self._surprise + NOISE_WEEKS * NOISE**2) / weeks
        self.fitness = -0.5 * weeks * np.log(self.noise) - 0.5 * self._width

    def _pass(self, *, freed: bool) -> None:
        self.level = self.level + self.drift
        self.p_level = self.p_level + 2 * self.p_both + self.p_drift + RATIOS**2 + (_FREED if freed else 0.0)
        self.p_both = self.p_both + self.p_drift

    def _see(self, value: float, clip: Floats, *, least_only: bool) -> None:
        width = self.p_level + 1
        off = value - self.level
        told = np.where(least_only & (off <= 0), 0.0, 1.0)  # a ceiling under what is expected says nothing
        if self.p_level.min() < _FREED / 100:
            off = np.clip(off, -clip * np.sqrt(width), clip * np.sqrt(width))
            self._surprise = self._surprise + told * off**2 / width
            self._width = self._width + told * np.log(width)
            self._weeks += 1
        by_level, by_drift = told * self.p_level / width, told * self.p_both / width
        self.level, self.drift = self.level + by_level * off, self.drift + by_drift * off
        self.p_drift = self.p_drift - by_drift * self.p_both
        self.p_both, self.p_level = self.p_both * (1 - by_level), self.p_level * (1 - by_level)


def _scatter(values: Floats) -> float:
    """Deviation of a week about a smooth course, by the median of differences."""
    steps = np.diff(values)
    if len(steps) < 4:
        return 0.03
    return max(0.006, 1.48 / 1.41 * float(np.median(np.abs(steps - np.median(steps)))))


def paths(of: Mixture, weeks: Floats, number: int, rng: np.random.Generator) -> Floats:
    """(number, weeks): how the level may go on, `weeks` (rising) after the last one; in the unit of what was seen."""
    member = rng.choice(len(of.weight), size=number, p=of.weight)
    p_level, p_both, p_drift = (part[member] for part in of.spread)
    level = np.sqrt(np.maximum(p_level, 0)) * rng.standard_normal(number)
    slope = np.divide(p_both, p_level, out=np.zeros(number), where=p_level > 0)
    rest = np.sqrt(np.maximum(p_drift - slope * p_both, 0))
    drift = of.drift[member] + slope * level + rest * rng.standard_normal(number)
    spans = np.diff(np.maximum(weeks, 0), prepend=0.0)
    steps = rng.standard_normal((number, len(weeks))) * np.sqrt(spans * of.step[member][:, None])
    every = (of.level[member] + level)[:, None] + drift[:, None] * weeks + np.cumsum(steps, axis=1)
    found: Floats = of.scale * np.where(
        of.curved[member][:, None], np.exp(np.minimum(every, 20)), np.maximum(every, _LEAST)
    )
    return found
