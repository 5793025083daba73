"""Is the headroom date right? Lives with a known end, cut off 180 days before it, forecast, and compared with it.

Baseline: the last 30-day p95 carried on by its drift (from the first to the last one known), and the same without
drift. Seeds from 10,000 on were never looked at while the method was made; those below were.
"""

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from forecast_lives import AHEAD, KINDS, Life, life  # noqa: E402

from dashboards.capacity.forecast import headroom, outlook  # noqa: E402
from dashboards.capacity.weeks import moving_p95  # noqa: E402

HORIZONS = (30, 60, 90, 120, 150, 180)
LAST = date(2026, 11, 21)
FULL = 0.97  # of the capacity: what lies there is held down by it, and no more is to be foretold


def judged(seed: int) -> dict[str, object]:
    """One life: errors as shares of the capacity by horizon, whether the interval held, the date, CPU seconds."""
    one = life(seed)
    base, capacity = one.capacity[: one.days], float(one.capacity[-1])
    began = time.process_time()
    told = headroom(one.seen, base, one.level, LAST)
    cpu = time.process_time() - began
    ahead = outlook(one.seen, base, LAST)
    truth = moving_p95(one.truth)[one.days :]
    found: dict[str, object] = {"kind": one.kind, "cpu": cpu, "days": one.days, "answer": told.answer}
    if ahead is None:
        return found
    drifted, last = _naive(one)
    rows = []
    for horizon in HORIZONS:
        low, middle, high = ahead.quantiles(horizon)
        true = float(truth[horizon - 1])
        top = FULL * capacity
        within = min(low, top) <= true and (true <= high or (true >= top and high >= top))
        naive = min(max(drifted[horizon - 1], 0.0), capacity)
        rows.append([abs(min(middle, capacity) - true), abs(naive - true), abs(last - true), within * capacity])
    found["rows"] = (np.array(rows) / capacity).tolist()
    if told.answer != "exhausted":
        found["date"] = _dates(one, told.on, (told.early, told.late), truth, drifted)
    return found


def _naive(one: Life) -> tuple[list[float], float]:
    month = moving_p95(one.seen)
    known = np.flatnonzero(~np.isnan(month))
    first, last = known[0], known[-1]
    drift = (month[last] - month[first]) / max(1, last - first)
    return [month[last] + drift * (day + one.days - 1 - last) for day in range(1, AHEAD + 1)], float(month[last])


def _dates(
    one: Life, on: date | None, bounds: tuple[date | None, date | None], truth: np.ndarray, drifted: list[float]
) -> list[float] | None:
    """True day, told day, naive day (all at most 181: not within the days held back), whether the interval held.

    None where both the truth and the whole interval lie beyond: nothing is learnt from them.
    """
    bound = one.level * float(one.capacity[-1])

    def first(values: np.ndarray) -> int:
        reached = values >= bound
        return int(reached.argmax()) + 1 if reached.any() else AHEAD + 1

    def ahead(day: date | None) -> int:
        return min(AHEAD + 1, (day - LAST).days) if day else AHEAD + 1

    true, early, late = first(truth), ahead(bounds[0]), ahead(bounds[1])
    if true > AHEAD and early > AHEAD:
        return None
    return [true, ahead(on), first(np.array(drifted)), float(early <= true <= late)]


def table(found: list[dict[str, object]]) -> list[str]:
    lines = [
        "| lives | error | of drift naive | of last p95 | 80 % holds | dates: error, days | of drift naive | 80 % holds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in ("all", *KINDS):
        mine = [one for one in found if kind in ("all", one["kind"])]
        rows = np.array([one["rows"] for one in mine if "rows" in one]).reshape(-1, 4)
        dates = np.array([one["date"] for one in mine if one.get("date")], dtype=float).reshape(-1, 4)
        if not len(rows):
            continue
        error, drift, last, held = rows.mean(axis=0)
        text = f"| {kind} ({len(mine)}) | {error:.2%} | {error / drift:.2f}x | {error / last:.2f}x | {held:.0%} |"
        if len(dates):
            off = np.abs(dates[:, 1] - dates[:, 0]).mean()
            naive = max(1e-9, np.abs(dates[:, 2] - dates[:, 0]).mean())
            text += f" {off:.0f} ({len(dates)}) | {off / naive:.2f}x | {dates[:, 3].mean():.0%} |"
        lines.append(text)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=240)
    parser.add_argument("--first", type=int, default=10_000, help="first seed; below 10000 are those it was made with")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = [judged(seed) for seed in range(given.first, given.first + given.lives)]
    if given.json:
        print(json.dumps(found))
        return
    print("\n".join(table(found)))
    cpu = np.array([one["cpu"] for one in found], dtype=float)
    print(
        f"\nerrors as shares of the capacity, mean of {', '.join(map(str, HORIZONS))} days ahead; {AHEAD} days held back"
    )
    print(f"one forecast: median {np.median(cpu) * 1000:.0f} ms, most {cpu.max() * 1000:.0f} ms of CPU")
    print(f"history: {min(one['days'] for one in found)} to {max(one['days'] for one in found)} days")


if __name__ == "__main__":
    main()
