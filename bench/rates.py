"""CPU cost of turning counters into rates, per device: one joined pass against a dict per interface (the baseline).

Each tick brings the readings of 50 devices with 24 interfaces and 10 columns; both make the same figures out of them,
and the joined pass its Batches as well.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from collectors.columns import COLUMNS, COUNTERS
from collectors.contract import Reading, Row
from collectors.rates import RateMeter

Values = NDArray[np.uint64]
EVERY_S = 30


class Naive:
    """A dict of counters per interface and a few ifs per value."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, str], tuple[float, dict[str, int]]] = {}

    def feed(self, readings: list[Reading]) -> list[dict[str, float]]:
        return [found for reading in readings for found in self._device(reading)]

    def _device(self, reading: Reading) -> list[dict[str, float]]:
        found = []
        for place, row in enumerate(reading.rows):
            counters = {name: int(reading.values[column, place]) for column, name in enumerate(reading.columns)}
            rates = {"oper_status": float(counters["oper_status"]), "admin_status": float(counters["admin_status"])}
            before = self.last.get((reading.device, row.key))
            if before is not None:
                seconds = reading.at - before[0]
                for name in COUNTERS:
                    step = counters[name] - before[1][name]
                    scale = 8 if name.endswith("octets") else 1
                    rates[name] = step * scale / seconds if step >= 0 else float("nan")
                rates["span_s"] = seconds
            self.last[reading.device, row.key] = reading.at, counters
            found.append(rates)
        return found


def ticks(devices: int, interfaces: int, polls: int) -> list[list[Reading]]:
    """Readings of `polls` rounds, in ticks of 50 devices."""
    random = np.random.default_rng(1)
    rows = [tuple(Row(f"ge-0/0/{port}", port + 1, 1e9) for port in range(interfaces)) for _ in range(devices)]
    counters = random.integers(0, 2**40, (devices, len(COLUMNS), interfaces), dtype=np.uint64)
    made = []
    for poll in range(polls):
        counters[:, :2] += random.integers(0, 10**8, (devices, 2, interfaces), dtype=np.uint64)
        counters[:, 2:4] += np.uint64(10**5)
        counters[:, 8:] = 1
        for first in range(0, devices, 50):
            made.append(
                [_reading(device, poll, rows[device], counters[device].copy()) for device in range(first, first + 50)]
            )
    return made


def _reading(device: int, poll: int, rows: tuple[Row, ...], values: Values) -> Reading:
    due = 1_000_000 + poll * EVERY_S
    return Reading(f"d{device}", due + 0.01, due, 100_000 + poll * EVERY_S * 100, rows, COLUMNS, values)


def cost_us(feed: Callable[[list[Reading]], object], rounds: list[list[Reading]], devices: int) -> float:
    """CPU microseconds per device; the first round, which only makes a start, is not counted."""
    first = devices // 50
    for tick in rounds[:first]:
        feed(tick)
    started = time.process_time()
    for tick in rounds[first:]:
        feed(tick)
    return (time.process_time() - started) * 1e6 / ((len(rounds) - first) * 50)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=500, help="a multiple of 50")
    parser.add_argument("--interfaces", type=int, default=24)
    parser.add_argument("--polls", type=int, default=4)
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    rounds = ticks(chosen.devices, chosen.interfaces, chosen.polls)
    alone = [[reading] for tick in rounds for reading in tick]
    costs: dict[str, list[float]] = {"a dict per interface (baseline)": [], "joined, 50 a tick": [], "one by one": []}
    for _ in range(chosen.repeat):
        costs["a dict per interface (baseline)"].append(cost_us(Naive().feed, rounds, chosen.devices))
        costs["joined, 50 a tick"].append(cost_us(RateMeter(EVERY_S).feed, rounds, chosen.devices))
        costs["one by one"].append(cost_us(RateMeter(EVERY_S).feed, alone, chosen.devices * 50) * 50)
    baseline = statistics.median(costs["a dict per interface (baseline)"])
    print(f"{chosen.devices} devices x {chosen.interfaces} interfaces, {chosen.polls} polls, median of {chosen.repeat}")
    for name, each in costs.items():
        cost = statistics.median(each)
        print(f"{name:34} {cost:9.1f} us CPU a device {baseline / cost:8.1f} x")


if __name__ == "__main__":
    main()
