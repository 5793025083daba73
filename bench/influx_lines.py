"""CPU cost of line protocol, per value: whole matrices at once against influxdb-client's `Point` (the baseline) and an f-string.

Cycles of 149 devices with 24 interfaces and 12 quantities, as a counter poll leaves them, each of other values; all ways
write the same fields. Devices leave out whole rows or columns; values unknown at random are harder than that.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from math import isnan

import numpy as np
from influxdb_client import Point, WritePrecision

from inventory.batch import Batch
from noc.influx.fields import TYPES
from noc.influx.lines import Lines, Subject

QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps"),
    *("in_discards_ps", "out_discards_ps", "oper_status", "admin_status", "span_s", "flags"),
)
INTEGERS = tuple(TYPES[name] == "integer" for name in QUANTITIES)


Way = Callable[[Sequence[Batch]], list[bytes]]
GAPS: dict[str, tuple[float, str]] = {
    "all known": (0.0, "values"),
    "10 % of rows": (0.1, "rows"),
    "10 % of columns": (0.1, "columns"),
    "rows, columns": (0.1, "rows and columns"),
    "2 % at random": (0.02, "values"),
    "30 % at random": (0.3, "values"),
}  # what is unknown: share, of what; columns are quantities of one device


def cycle(devices: int, interfaces: int, gaps: tuple[float, str] = (0.0, "values"), seed: int = 1) -> list[Batch]:
    random = np.random.default_rng(seed)
    rows = tuple(f"ge-0/0/{port}" for port in range(interfaces))
    made = []
    for device in range(devices):
        values = np.zeros((len(QUANTITIES), interfaces))
        values[:2] = random.integers(10**5, 10**9, (2, interfaces))
        values[2:4] = random.integers(10**2, 10**5, (2, interfaces))
        values[4:8] = np.where(random.random((4, interfaces)) < 0.02, random.random((4, interfaces)), 0).round(3)
        values[8:10] = 1
        values[10] = 30.0 + random.integers(0, 3, interfaces) / 10
        share, what = gaps
        if "rows" in what:
            values[:, random.random(interfaces) < share] = np.nan
        if "columns" in what:
            values[random.random(len(QUANTITIES)) < share] = np.nan
        if what == "values":
            values[random.random(values.shape) < share] = np.nan
        made.append(Batch("interface", f"dod-pe-{device}", 1_790_000_000 + device % 30, rows, QUANTITIES, values))
    return made


def points(batches: Sequence[Batch]) -> list[bytes]:
    """The library's own way: a Point a row, a field a value."""
    said = []
    for batch in batches:
        for row, values in zip(batch.rows, batch.values.T.tolist(), strict=True):
            point = Point("interface").tag("device", batch.scope).tag("interface", row)
            for name, value, whole in zip(batch.quantities, values, INTEGERS, strict=True):
                if not isnan(value):
                    point.field(name, int(value) if whole else value)
            said.append(point.time(batch.at, WritePrecision.S).to_line_protocol().encode())
    return said


def plain(batches: Sequence[Batch]) -> list[bytes]:
    """An f-string a value, without escapes."""
    said = []
    for batch in batches:
        for row, values in zip(batch.rows, batch.values.T.tolist(), strict=True):
            fields = ",".join(
                f"{name}={int(value)}i" if whole else f"{name}={value}"
                for name, value, whole in zip(batch.quantities, values, INTEGERS, strict=True)
                if not isnan(value)
            )
            said.append(f"interface,device={batch.scope},interface={row} {fields} {batch.at}".encode())
    return said


def over_time(lines: Lines, batches: Sequence[Batch]) -> list[bytes]:
    """As what is owed is sent: each batch taken for one interface, its rows for as many instants."""
    said = []
    for batch in batches:
        at = batch.at + 30 * np.arange(len(batch.rows))
        said += lines.of_series(Subject("interface", batch.scope, "ge-0/0/1"), batch.quantities, at, batch.values)
    return said


def measured(act: Way, cycles: Sequence[Sequence[Batch]]) -> float:
    """CPU-seconds of one cycle, the median."""
    spent = []
    for batches in cycles:
        before = time.process_time()
        act(batches)
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def compared(name: str, cycles: Sequence[Sequence[Batch]], ways: dict[str, Way]) -> None:
    """Print what each way costs; the first is what the others are measured by."""
    values = statistics.fmean(sum(int((~np.isnan(batch.values)).sum()) for batch in batches) for batches in cycles)
    spent = {way: measured(act, cycles) for way, act in ways.items()}
    worst = next(iter(spent.values()))
    print(f"{name}: {values:,.0f} values a cycle")
    for way, seconds in spent.items():
        each = seconds / values * 1e9
        print(f"  {way:24} {seconds * 1e3:8.2f} CPU ms a cycle  {each:7.0f} ns a value  {worst / seconds:5.1f}x")


def library_cost() -> tuple[float, float]:
    """CPU-seconds and MiB that importing influxdb-client adds to a process that has numpy."""
    code = (
        "import numpy, re, time\n"
        "def used(): return int(re.search(r'VmRSS:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024\n"
        "cpu, memory = time.process_time(), used()\n"
        "import influxdb_client\n"
        "print(time.process_time() - cpu, used() - memory)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True) for _ in range(3)]
    cpu, memory = zip(*((float(word) for word in run.stdout.split()) for run in runs), strict=True)
    return min(cpu), statistics.median(memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=149)
    parser.add_argument("--interfaces", type=int, default=24)
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    lines = Lines()
    ways: dict[str, Way] = {
        "influxdb-client Point": points,
        "f-string": plain,
        "by batch": lambda batches: [line for batch in batches for line in lines.of(batch)],
        "all at once": lines.of_all,
    }
    seeds = range(options.times)
    for name, gaps in GAPS.items():
        cycles = [cycle(options.devices, options.interfaces, gaps, seed) for seed in seeds]
        compared(f"{name} unknown" if gaps[0] else name, cycles, ways)
    hours = [cycle(30, 120, seed=seed) for seed in seeds]
    series: dict[str, Way] = {"influxdb-client Point": points, "over time": lambda some: over_time(lines, some)}
    compared("30 interfaces for an hour, all known", hours, series)
    cpu, memory = library_cost()
    print(f"importing influxdb-client: {cpu * 1e3:.0f} CPU ms, {memory:.0f} MiB beside numpy")


if __name__ == "__main__":
    main()
