"""What a poll of many devices costs the store: CPU of appending and committing each second, and of sealing it all later.

Devices are polled every 10 s, 24 interfaces x 10 quantities; figures are given for 10,000 of them (240,000 values/s).
Baseline: what was polled arrives in that time, so 1.0 core would be the store keeping up with nothing to spare.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from noc.store.writer import MetricStore

QUANTITIES = (
    "in_bps",
    "out_bps",
    "in_pps",
    "out_pps",
    "in_errors_ps",
    "out_errors_ps",
    "in_discards_ps",
    "out_discards_ps",
    "oper_status",
    "span_s",
)
ROWS = tuple(f"xe-0/0/{port}" for port in range(24))
START = 1_788_220_800
BUSY = 10  # of 24 interfaces


def polls(devices: int, rng: np.random.Generator) -> list[list[np.ndarray]]:
    """A few rounds of values of every device, to be gone through again and again."""
    level = np.zeros((devices, 10, 24))
    level[:, :4, :BUSY] = rng.uniform(1e4, 1e8, (devices, 4, BUSY))
    level[:, 8], level[:, 9] = 1, 10
    return [[*np.where(level > 100, level * rng.normal(1, 0.1, level.shape), level)] for _ in range(7)]


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run(store: MetricStore, devices: int, hours: int) -> tuple[float, float, float, float]:
    """CPU-seconds of commits, of sealing hours, of sealing days; and the longest commit while nothing else runs."""
    rounds, names = polls(devices, np.random.default_rng(1)), [f"router-{number}" for number in range(devices)]
    commits = hourly = worst = 0.0
    for hour in range(hours):
        began = cpu()
        for second in range(3600):
            now = START + 3600 * hour + second
            store.append(
                Batch("interface", names[k], now, ROWS, QUANTITIES, rounds[second // 10 % 7][k])
                for k in range(second % 10, devices, 10)
            )
            store.commit()
            worst = max(worst, store.counters.last_commit_s)
        commits += cpu() - began
        began = cpu()
        store.seal(START + 3600 * hour + 3600 + 121)
        hourly += cpu() - began
    began = cpu()
    store.seal(START + 3 * 86400)
    return commits, hourly, cpu() - began, worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=256)
    parser.add_argument("--hours", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, MetricStore(Path(place) / "metrics.db") as store:
        commits, hourly, daily, worst = run(store, options.devices, options.hours)
        size = sum(file.stat().st_size for file in Path(place).iterdir())
        values = store.counters.values
    print(f"{values:,} values of {options.devices} devices in {options.hours} h; file {size / 1e6:.1f} MB")
    print(f"longest commit {1000 * worst:.0f} ms")
    for name, spent in (("append and commit", commits), ("seal hours", hourly), ("seal the day", daily)):
        share = 240_000 * spent / values
        print(
            f"{name:18} {spent:8.2f} CPU-s  {values / spent / 1e6:6.1f} M values/CPU-s  {share:6.3f} core at 240,000 values/s"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"memory: this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, sealing process {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
