"""What it costs to rank a month of every link: nearest rank over 8,928 slots each; baseline: sorting every series."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from dashboards.capacity.percentile import ranked
from dashboards.capacity.use import Bounds, use


def cpu(act: Callable[[], object], times: int) -> float:
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=3576)
    parser.add_argument("--slots", type=int, default=8928)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    slots = np.random.default_rng(1).lognormal(18, 0.5, (given.links, given.slots))
    holed = np.where(np.random.default_rng(2).random(slots.shape) < 0.002, np.nan, slots)
    few = slots[:64]

    def by_use() -> None:
        for row in few:
            use(row, Bounds(1e9, 5e8), "in", start=0, step_s=300)

    base = cpu(lambda: np.sort(slots, axis=1), given.times)
    scale = given.links / len(few)
    print(f"| {given.links} links x {given.slots} slots | CPU s | of sorting |\n|---|---|---|")
    for word, seconds in (
        ("baseline: numpy sorts each", base),
        ("ranked, all slots there", cpu(lambda: ranked(slots), given.times)),
        ("ranked, 0.2 % absent", cpu(lambda: ranked(holed), given.times)),
        ("Python's sorted, by 64 links", scale * cpu(lambda: [sorted(row.tolist())[8481] for row in few], 1)),
        ("all figures of use, by 64 links", scale * cpu(by_use, given.times)),
    ):
        print(f"| {word} | {seconds:.2f} | {seconds / base:.2f}x |")


if __name__ == "__main__":
    main()
