"""Rows of status: what the daemon pays each second to write those that changed, and a reader to see them.

python bench/store_status.py
python bench/store_status.py --sites 10000 --seconds 12
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from bench.status_data import judged  # noqa: E402
from inventory.sample_network import generate  # noqa: E402
from inventory.status import DaemonMark, StatusRow  # noqa: E402
from noc.store.standing import KINDS, Standing  # noqa: E402
from noc.store.status import read_mark, read_status  # noqa: E402
from noc.store.writer import MetricStore  # noqa: E402

LIVENESS_S, COUNTERS_S = 5, 30


class Daemon:
    """Rows as it hands them over: of a fifth the instant of each second, of a thirtieth of the links the figures too."""

    def __init__(self, sites: int) -> None:
        self.rows = list(judged(generate(sites), "dod-pe-1", time.time()).rows())

    def second(self, number: int) -> list[StatusRow]:
        chosen, now = [], time.time()
        for place in range(number % LIVENESS_S, len(self.rows), LIVENESS_S):
            row = replace(self.rows[place], at=now)
            if row.kind == "link" and place // LIVENESS_S % (COUNTERS_S // LIVENESS_S) == number % COUNTERS_S:
                row = replace(row, figures={**row.figures, "in_bps": now % 1e6, "measured_at": now})
            self.rows[place] = row
            chosen.append(row)
        return chosen


def spent(act: Callable[[], object]) -> float:
    """CPU milliseconds of this process."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1e3


def everything(path: Path) -> None:
    read_mark(path)
    for kind in KINDS:
        read_status(path, kind)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--seconds", type=int, default=40)
    asked = parser.parse_args()
    daemon = Daemon(asked.sites)
    found: dict[str, list[float]] = {"written": [], "read as it changed": [], "read by commands": []}
    with tempfile.TemporaryDirectory() as place, MetricStore(Path(place) / "metrics.db") as store:
        store.put_status(daemon.rows)
        store.commit()
        standing = Standing(store.path)
        standing.now()
        for number in range(asked.seconds):
            rows = daemon.second(number)

            def write(some: list[StatusRow] = rows) -> None:
                store.put_status(some)
                store.mark(DaemonMark(at=time.time()))
                store.commit()

            found["written"].append(spent(write))
            found["read as it changed"].append(spent(standing.now))
            found["read by commands"].append(spent(lambda: everything(store.path)))
        standing.close()
    least = statistics.median(found["read by commands"])
    print(f"{asked.sites} sites, {len(daemon.rows)} rows, {len(rows)} of them written each second; CPU ms, median")
    for name, some in found.items():
        print(
            f"{name:20} {statistics.median(some):8.2f}  (most {max(some):8.2f})  {statistics.median(some) / least:5.2f}x"
        )


if __name__ == "__main__":
    main()
