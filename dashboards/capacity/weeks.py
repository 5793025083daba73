"""Weeks of traffic as a forecast needs them: gaps closed by the usual hours of the week, odd weeks left out, jumps found.

Only forecasts rest on slots that are closed here; what is billed and reported never does.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from dashboards.capacity.percentile import Floats, rank
from dashboards.capacity.use import TOP

DAY: Final = 288  # slots of five minutes
WEEK: Final = 7
MONTH: Final = 30  # days that a running percentile is over
HALF: Final = 0.5  # of the slots must be there for a day, week or running month to be spoken of
_HOURS: Final = 24
_USUAL: Final = 26  # weeks that the usual course is taken from
_MIDDLE: Final = slice(2, 6)  # of a week's days in rising order: holidays and cuts are lower, a feast is higher
_ODD: Final = 3.5  # deviations under its neighbours: holidays, cuts
_ODD_LEAST: Final = 0.06
_JUMP: Final = 0.15  # of the logarithm between the months before and after: a move of load, not growth


@dataclass(frozen=True)
class Weeks:
    """How busy each whole week was, ending with the last day: `log` of bit/s (a usual day's p95), NaN where unknown or odd.

    `topped`: the ceiling held it down, it is a least value only. `jumped`: since that week it is on another level.
    """

    log: Floats
    topped: NDArray[np.bool_]
    jumped: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.log)


def moving_p95(slots: Floats) -> Floats:
    """For each day the p95 of the 30 days that end with it, bit/s; NaN where fewer than half of their slots are there."""
    days = len(slots) // DAY
    found = np.full(days, np.nan)
    for day in range(MONTH - 1, days):
        part = slots[(day - MONTH + 1) * DAY : (day + 1) * DAY]
        found[day] = _p95(part)
    return found


def _p95(part: Floats) -> float:
    present = int(np.count_nonzero(~np.isnan(part)))
    if present < HALF * len(part):
        return np.nan
    place = rank(present) - 1
    return float(np.partition(part, place)[place])


def closed(slots: Floats) -> Floats:
    """(days, 288) with absent slots as the hour of the week usually is, at the height of their day.

    A day of which less than half is known stays absent as a whole.
    """
    days = slots[: len(slots) // DAY * DAY].reshape(-1, DAY)
    absent = np.isnan(days)
    if not absent.any():
        return days
    usual = np.repeat(_usual(days)[np.arange(len(days)) % WEEK], DAY // _HOURS, axis=1)
    known = np.where(absent, 0.0, usual).sum(axis=1)
    height = np.where(absent, 0.0, days).sum(axis=1) / np.maximum(known, 1e-9)
    full = np.where(absent, usual * height[:, None], days)
    full[absent.mean(axis=1) > HALF] = np.nan
    return full


def _usual(days: Floats) -> Floats:
    """(7, 24): an hour as a share of its day, the median of half a year's whole days; alike where none was whole."""
    hours = days.reshape(len(days), _HOURS, -1)
    whole = ~np.isnan(days).any(axis=1) & (days.sum(axis=1) > 0)
    course = np.ones((WEEK, _HOURS))
    mean = hours.mean(axis=2)
    share = np.divide(mean, mean.mean(axis=1, keepdims=True), out=np.full(mean.shape, np.nan), where=whole[:, None])
    if whole.any():
        course[:] = np.median(share[whole][-_USUAL * WEEK :], axis=0)
    for weekday in range(WEEK):
        mine = share[weekday::WEEK][whole[weekday::WEEK]][-_USUAL:]
        if len(mine):
            course[weekday] = np.median(mine, axis=0)
    return course


def weeks(slots: Floats, ceiling: Floats) -> Weeks:
    """`slots` end with a whole day; `ceiling` bit/s of each day."""
    days = closed(slots)
    first = len(days) % WEEK
    tops = ceiling[first : len(days)].reshape(-1, WEEK)
    value = np.array([_p95(week) for week in days[first:].reshape(-1, WEEK * DAY)])
    log = _usual_day(days[first:])
    raised = np.r_[False, tops[1:, -1] != tops[:-1, -1]]
    odd = _odd(log)
    kept = np.where(odd & (np.count_nonzero(~odd) >= 8), np.nan, log)
    return Weeks(kept, value >= TOP * tops.max(axis=1), _jumped(kept, raised))


def _usual_day(days: Floats) -> Floats:
    """Of whole weeks the logarithm of a day's p95: weekdays made alike, the mean of the middle days.

    A week's own p95 rests on its busiest days alone, and wavers more. NaN with fewer than four days known.
    """
    place = rank(DAY) - 1
    p95 = np.partition(days, place, axis=1)[:, place]
    log = np.log(p95, out=np.full(len(p95), np.nan), where=p95 > 0)
    off = (log - _medians(log, WEEK // 2, WEEK // 2 + 1)).reshape(-1, WEEK)
    alike = log.reshape(-1, WEEK) - np.nan_to_num(_nanmedian(off[-_USUAL:].T))
    known = np.count_nonzero(~np.isnan(alike), axis=1) > WEEK // 2
    found = np.full(len(alike), np.nan)
    found[known] = np.nanmean(np.sort(alike[known], axis=1)[:, _MIDDLE], axis=1)
    return found


def _medians(log: Floats, before: int, after: int) -> Floats:
    """The median of so many weeks before and after each, itself among them where `after` is not 0."""
    wide = np.pad(log, (before, max(0, after - 1)), constant_values=np.nan)
    return _nanmedian(sliding_window_view(wide, before + after)[: len(log)])


def _nanmedian(lines: Floats) -> Floats:
    """Without a word about lines that are all unknown."""
    known = ~np.isnan(lines).all(axis=1)
    found = np.full(len(lines), np.nan)
    if known.any():
        found[known] = np.nanmedian(lines[known], axis=1)
    return found


def _odd(log: Floats) -> NDArray[np.bool_]:
    """Weeks far under their neighbours, and up to three at the end far under those before."""
    off = log - _medians(log, 4, 5)
    known = off[~np.isnan(off)]
    bound = max(_ODD_LEAST, _ODD * 1.48 * float(np.median(np.abs(known)))) if len(known) else _ODD_LEAST
    odd = np.isnan(log) | (off < -bound)
    for last in (3, 2, 1):
        before = log[-last - 6 : -last]
        if len(log) > last + 6 and not np.isnan(before).all():
            odd[-last:] |= bool((log[-last:] < np.nanmedian(before) - bound).all())
    return odd


def _jumped(log: Floats, raised: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """First weeks of another level: the ceiling was moved, or four weeks lie much higher or lower than the four before."""
    found = raised.copy()
    moved = np.abs(np.nan_to_num(_medians(log, 0, 4) - _medians(log, 4, 0)))
    moved[:3] = moved[-2:] = 0.0
    for week in np.flatnonzero(raised).tolist():
        moved[max(0, week - 5) : week + 6] = 0.0  # one reason is enough
    while len(moved) and moved.max() >= _JUMP:
        place = int(moved.argmax())
        first = max(1, place - 2)
        steps = np.nan_to_num(np.abs(np.diff(log[first - 1 : place + 3])))
        found[first + int(steps.argmax())] = True
        moved[max(0, place - 5) : place + 6] = 0.0
    return found
