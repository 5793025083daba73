"""The headroom date: the first day when the 30-day p95 reaches a circuit's level, with the interval it lies in.

SEMANTICS D. The answer is a date with an 80 % interval, or that it is behind us, or beyond five years, or that there
is not enough history; never a guess in their place. The same slots give the same answer.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from dashboards.capacity.percentile import Floats
from dashboards.capacity.trend import Mixture, mixture, paths
from dashboards.capacity.weeks import DAY, HALF, MONTH, WEEK, Weeks, moving_p95, weeks

Answer = Literal["date", "exhausted", "beyond", "not enough history"]
HISTORY_DAYS: Final = 60  # with fewer days known no date is told
HORIZON_DAYS: Final = 5 * 365
EARLY, LATE = 0.1, 0.9  # of the paths: between them lie 80 %
_PATHS: Final = 500
_SEED: Final = 2627
_BACK: Final = (MONTH - WEEK) / 2 / WEEK  # weeks from the middle of the last week back to that of the last 30 days
_COMPARED: Final = 26


@dataclass(frozen=True, slots=True)
class Headroom:
    """When the level is reached. `early` and `late` bound 80 %; None: not within five years.

    `on` is the day itself ("date"), or since when ("exhausted"); None for the other answers.
    """

    answer: Answer
    level_bps: float
    p95_bps: float | None = None  # of the last 30 days
    on: date | None = None
    early: date | None = None
    late: date | None = None
    growth: float | None = None  # of the p95, a year, as it is now: 0.3 is 30 %
    days: int = 0  # known, that it rests on

    def days_left(self, today: date) -> int | None:
        """0 where it is exhausted, None where no day is known."""
        if self.answer == "exhausted":
            return 0
        return None if self.on is None else max(0, (self.on - today).days)


@dataclass(frozen=True)
class Outlook:
    """Ways that the 30-day p95 may go from `last` on: `bps` (paths, days ahead), each as likely as the others."""

    last: date
    p95_bps: float
    bps: Floats
    growth: float
    days: int

    def reaching(self, level_bps: float) -> Headroom:
        """First day on which a path reaches the level: the median of paths, and the days between which 80 % lie."""
        reached = self.bps >= level_bps
        first = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, HORIZON_DAYS + 1)
        early, middle, late = (
            self._day(float(np.quantile(first, share, method="lower"))) for share in (EARLY, 0.5, LATE)
        )
        answer: Answer = "date" if middle is not None else "beyond"
        return Headroom(answer, level_bps, self.p95_bps, middle, early, late, self.growth, self.days)

    def _day(self, ahead: float) -> date | None:
        return self.last + timedelta(days=int(ahead)) if ahead <= HORIZON_DAYS else None

    def quantiles(self, days: int) -> tuple[float, float, float]:
        """bit/s so many days ahead: early, middle, late."""
        low, middle, high = np.quantile(self.bps[:, days - 1], (EARLY, 0.5, LATE))
        return float(low), float(middle), float(high)


def headroom(slots: Floats, base: Floats, level: float, last: date) -> Headroom:
    """`slots`: five-minute means, bit/s, whole local days up to `last`; `base`: contracted rate of each day, bit/s."""
    month = moving_p95(slots)
    level_bps = level * float(base[-1]) if len(base) else 0.0
    known = days_known(slots)
    now = float(month[-1]) if len(month) else float("nan")
    since = _exhausted_since(month, level * base[: len(month)])
    if since is not None:
        on = last - timedelta(days=len(month) - 1 - since)
        return Headroom("exhausted", level_bps, now, on, days=known)
    found = outlook(slots, base, last, month)
    if found is None or level_bps <= 0:
        return Headroom("not enough history", level_bps, None if np.isnan(now) else now, days=known)
    return found.reaching(level_bps)


def outlook(slots: Floats, base: Floats, last: date, month: Floats | None = None) -> Outlook | None:
    """None under 60 days of history, and where the last 30 days are not known."""
    month = moving_p95(slots) if month is None else month
    known = days_known(slots)
    if known < HISTORY_DAYS or np.isnan(month[-1]):
        return None
    seen = weeks(slots, base)
    if np.count_nonzero(seen.known) < HISTORY_DAYS // WEEK:
        return None
    believed = mixture(seen)
    ways = _ways(believed, seen, month)
    return Outlook(last, float(month[-1]), ways, _growth(believed), known)


def days_known(slots: Floats) -> int:
    """Days of which at least half of the slots are there."""
    days = slots[: len(slots) // DAY * DAY].reshape(-1, DAY)
    return int(np.count_nonzero(np.isnan(days).mean(axis=1) <= HALF))


def _exhausted_since(month: Floats, levels: Floats) -> int | None:
    """First day of the stretch at the level that still lasts; a day that is not known does not end it."""
    if not len(month) or not month[-1] >= levels[-1] > 0:
        return None
    under = np.flatnonzero(month < levels)
    first = int(under[-1]) + 1 if len(under) else 0
    return first + int(np.flatnonzero(~np.isnan(month[first:]))[0])


def _ways(believed: Mixture, seen: Weeks, month: Floats) -> Floats:
    """The 30-day p95 on each day ahead: levels of weeks, moved by how the two usually differ."""
    rng = np.random.default_rng(_SEED)
    ahead = np.arange(1, HORIZON_DAYS // WEEK + 2, dtype=np.float64)
    level = np.log(paths(believed, ahead - _BACK, _PATHS, rng))
    differ, scatter = _difference(seen, month)
    level += differ + np.hypot(scatter, believed.noise / 2) * rng.standard_normal((_PATHS, 1))
    share = np.minimum(1.0, WEEK * ahead / MONTH)  # until then part of the 30 days is known already
    level = share * level + (1 - share) * np.log(month[-1])
    days = np.arange(1, HORIZON_DAYS + 1) / WEEK
    place = np.minimum(days.astype(int), len(ahead) - 1)
    before = np.concatenate([np.full((_PATHS, 1), np.log(month[-1])), level], axis=1)
    part = days - place
    return np.asarray(np.exp(before[:, place] * (1 - part) + before[:, place + 1] * part))


def _difference(seen: Weeks, month: Floats) -> tuple[float, float]:
    """Of the logarithms of the 30-day p95 and of the weeks in it: median and deviation over half a year."""
    found = []
    for back in range(min(_COMPARED, len(seen.log) - 4)):
        four = seen.log[len(seen.log) - 4 - back : len(seen.log) - back]
        whole = month[len(month) - 1 - WEEK * back]
        if np.count_nonzero(~np.isnan(four)) >= 3 and whole > 0:
            found.append(float(np.log(whole) - np.nanmean(four)))
    if not found:
        return 0.0, 0.03
    middle = float(np.median(found))
    return middle, 1.48 * float(np.median(np.abs(np.array(found) - middle))) if len(found) > 3 else 0.03


def _growth(believed: Mixture) -> float:
    """A year at today's pace, weighed over the mixture."""
    straight = believed.drift / np.maximum(believed.level, 0.02)
    weekly = np.where(believed.curved, believed.drift, straight)
    return float(np.expm1(np.clip(365 / WEEK * (believed.weight * weekly).sum(), -3, 3)))
