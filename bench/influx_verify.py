"""What proving the copy in InfluxDB costs: counts and sums on both sides, against reading every value back (the baseline).

A store of some devices and hours is filled, sealed and sent to Debian's influxd, started here on loopback; CPU is that of
client and server together.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import psutil

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from inventory.batch import Batch  # noqa: E402
from noc.influx.access import Access, Place  # noqa: E402
from noc.influx.client import InfluxServer, open_server  # noqa: E402
from noc.influx.history import InfluxHistory  # noqa: E402
from noc.influx.lines import Lines  # noqa: E402
from noc.influx.source import Source  # noqa: E402
from noc.influx.verify import Verifier, plan  # noqa: E402
from noc.store.reader import MetricReader  # noqa: E402
from noc.store.writer import MetricStore  # noqa: E402
from tests.noc.influx.influxd import Influxd  # noqa: E402

START = 1_788_220_800
EVERY_S = 60
QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps"),
    *("in_discards_ps", "out_discards_ps", "oper_status", "admin_status", "span_s", "flags"),
)


def polls(devices: int, interfaces: int, at: int) -> Iterator[Batch]:
    rows = tuple(f"ge-0/0/{port}" for port in range(interfaces))
    random = np.random.default_rng(at)
    for device in range(devices):
        values = np.zeros((len(QUANTITIES), interfaces))
        values[:4] = random.integers(10**3, 10**9, (4, interfaces))
        values[8:10] = 1
        values[10] = EVERY_S
        yield Batch("interface", f"dod-pe-{device}", at, rows, QUANTITIES, values)


def fill(store: MetricStore, server: InfluxServer, options: argparse.Namespace) -> int:
    lines, end = Lines(), START + options.hours * 3600
    for at in range(START, end, EVERY_S):
        batches = [*polls(options.devices, options.interfaces, at)]
        store.append(batches)
        store.commit()
        server.write(lines.of_all(batches))
    store.seal(end + 7200)
    return end


def measured(pid: int, act: Callable[[], int]) -> tuple[float, float, int]:
    """CPU-seconds of both, wall seconds, and what the act says."""
    server = psutil.Process(pid)

    def spent() -> float:
        times = server.cpu_times()
        return time.process_time() + times.user + times.system

    cpu, wall = spent(), time.monotonic()
    told = act()
    return spent() - cpu, time.monotonic() - wall, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--interfaces", type=int, default=24)
    parser.add_argument("--hours", type=int, default=24)
    options = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        influxd = stack.enter_context(Influxd(place / "influxd"))
        server = stack.enter_context(closing(open_server(Place(influxd.url), Access())))
        store = stack.enter_context(MetricStore(place / "metrics.db"))
        end = fill(store, server, options)
        reader = stack.enter_context(MetricReader(place / "metrics.db"))
        source = stack.enter_context(Source(place / "metrics.db"))
        verifier, history, subjects = Verifier(reader, source, server), InfluxHistory(server), reader.subjects()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        def prove() -> int:
            days = plan(source, 0, end, end + 7200, everything=True).days
            found = [one for day in days for subject in subjects for one in verifier.day(day, subject)]
            assert not found, found[:3]
            return sum(account.values for account in verifier.accounts.values())

        def read_back() -> int:
            told = 0
            for measured_ in subjects:
                for row in measured_.rows:
                    _, values = history.full(
                        "interface", measured_.scope, row, measured_.quantities, start=START, end=end
                    )
                    told += values.size
            return told

        cpu, wall, values = measured(influxd.pid, prove)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        slow_cpu, slow_wall, same = measured(influxd.pid, read_back)
        assert values == same
    print(f"{values:,} values")
    for name, spent, took in (("every value read back", slow_cpu, slow_wall), ("counts and sums", cpu, wall)):
        rate = values / spent / 1e6
        print(f"{name:22} {spent:8.2f} CPU s {took:7.1f} s {rate:6.2f} M values/CPU s {slow_cpu / spent:5.1f}x")
    print(f"peak memory grew by {grown:.0f} MiB while comparing")


if __name__ == "__main__":
    main()
