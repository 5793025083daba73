"""Lives of circuits whose end is known: traffic in five-minute slots that grows, jumps, saturates and goes missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAY = 288
AHEAD = 180  # days held back
KINDS = ("linear", "exponential", "steps", "saturating", "upgraded", "shifted", "wandering", "flat")
_YEARLY = {"linear": (0.08, 0.5), "exponential": (0.1, 0.8), "saturating": (0.2, 0.9), "upgraded": (0.2, 0.8)}


@dataclass(frozen=True)
class Life:
    """One circuit: `seen` is what was measured (NaN: missing) up to now, `truth` all that it carried, future included."""

    kind: str
    seen: Floats
    truth: Floats
    capacity: Floats  # of each day, future included
    level: float

    @property
    def days(self) -> int:
        return len(self.seen) // DAY


def life(seed: int, kind: str = "") -> Life:
    """The same for the same seed; rates in Mb/s."""
    rng = np.random.default_rng([seed, 20261122])
    kind = kind or KINDS[seed % len(KINDS)]
    past = int(rng.integers(120, 731))
    days = past + AHEAD
    level = 0.95 if rng.random() < 0.3 else 0.8
    capacity = np.full(days, float(rng.choice([155.0, 775.0, 1000.0])))
    height = _height(rng, kind, past, days)
    now = float(rng.uniform(0.55, 1.0)) * level
    if kind == "saturating":
        now = float(rng.uniform(0.85, 1.1)) * level
    height = height / height[past - 1] * now * capacity[-1]
    if kind == "upgraded":
        raised = int(rng.integers(past // 4, past - 20))
        capacity[:raised] = np.minimum(capacity[:raised], height[raised] * rng.uniform(0.85, 1.05))
        height[raised:] *= rng.uniform(1.0, 1.15)
    demand = _slots(rng, height)
    truth = np.minimum(demand, np.repeat(capacity, DAY) * rng.uniform(0.985, 1.0, len(demand)))
    truth = _outages(rng, truth)
    return Life(kind, _missing(rng, truth[: past * DAY].copy()), truth, capacity, level)


def _height(rng: np.random.Generator, kind: str, past: int, days: int) -> Floats:
    """The busy hours of each day, without noise, in any unit."""
    at = np.arange(days) / 365.0
    if kind in ("exponential", "saturating", "upgraded"):
        return np.asarray(np.exp(np.log1p(rng.uniform(*_YEARLY[kind])) * at))
    if kind == "linear":
        return np.asarray(1.0 + rng.uniform(*_YEARLY[kind]) * at)
    if kind == "steps":
        jumps = np.where(rng.random(days) < 1 / rng.uniform(40, 120), rng.uniform(0.02, 0.12, days), 0.0)
        return np.asarray(np.exp(np.cumsum(jumps)))
    if kind == "shifted":
        trend = np.exp(np.log1p(rng.uniform(0.0, 0.5)) * at)
        trend[int(rng.integers(past // 5, past)) :] *= rng.choice([0.7, 0.85, 1.2, 1.4])
        return np.asarray(trend)
    if kind == "wandering":
        return np.asarray(np.exp(np.cumsum(rng.normal(rng.uniform(0, 0.001), 0.008, days))))
    return np.asarray(np.exp(np.log1p(rng.uniform(-0.1, 0.05)) * at))


def _slots(rng: np.random.Generator, height: Floats) -> Floats:
    """Five-minute means: the course of a day and a week, holidays, days that differ, noise."""
    days = len(height)
    hour = np.arange(DAY) / 12
    evening, office = rng.uniform(0.2, 0.9), rng.uniform(0.5, 1.0)
    course = 0.25 + office * np.exp(-(((hour - 11.5) / 3.2) ** 2)) + evening * np.exp(-(((hour - 20.5) / 2.0) ** 2))
    course /= np.quantile(course, 0.95)
    weekday = np.r_[rng.uniform(0.93, 1.05, 5), rng.uniform(0.55, 0.95, 2)][(np.arange(days) + rng.integers(7)) % 7]
    season, born = np.ones(days), int(rng.integers(365))
    of_year = (np.arange(days) + born) % 365
    season[(of_year > 352) | (of_year < 3)] = rng.uniform(0.55, 0.85)
    season[np.isin(of_year, rng.choice(350, 12, replace=False))] = rng.uniform(0.5, 0.85)
    daily = _drifting(rng, days, rng.uniform(0.02, 0.06), 0.5)
    noise = _drifting(rng, days * DAY, rng.uniform(0.02, 0.08), 0.8).reshape(days, DAY)
    every = (height * weekday * season * np.exp(daily))[:, None] * course * np.exp(noise)
    return np.asarray(every.reshape(-1))


def _drifting(rng: np.random.Generator, number: int, sigma: float, memory: float) -> Floats:
    """Noise of standard deviation `sigma` that remembers, without a loop."""
    shock = rng.normal(0, sigma * np.sqrt(1 - memory**2), number)
    reach = np.minimum(60, number)
    return np.convolve(shock, memory ** np.arange(reach))[:number]


def _outages(rng: np.random.Generator, slots: Floats) -> Floats:
    for _ in range(int(rng.poisson(3 * len(slots) / DAY / 365))):
        first = int(rng.integers(len(slots)))
        slots[first : first + int(rng.exponential(100))] = 0.0
    if rng.random() < 0.15:
        first = int(rng.integers(len(slots)))
        slots[first : first + DAY * int(rng.integers(3, 10))] = 0.0  # a cable cut at sea
    return slots


def _missing(rng: np.random.Generator, slots: Floats) -> Floats:
    for _ in range(int(rng.poisson(6))):
        first = int(rng.integers(len(slots)))
        slots[first : first + int(rng.exponential(rng.choice([12, 100, 600])))] = np.nan
    slots[rng.random(len(slots)) < rng.choice([0.0, 0.002, 0.02])] = np.nan
    return slots
