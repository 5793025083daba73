"""How many bytes a measured value takes on disk, all told, and what sealing costs.

Thirty days of synthetic interface samples (generator of ../shared/tools/storebench) go through the store as the daemon
does it: batches appended, committed, sealed hour by hour and day by day with their rollups. Counted is the whole file
after a clean stop, indexes and free pages included. Baseline: the same values as 8-byte integers.
"""

import argparse
import importlib
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore

TOOLS = Path(__file__).resolve().parents[1].parent / "shared" / "tools" / "storebench"
QUANTITIES = (
    "in_bps",
    "out_bps",
    "in_pps",
    "out_pps",
    "pdus",  # non-unicast packets, in
    "octets",  # and out
    "in_errors_ps",
    "out_errors_ps",
    "in_discards_ps",
    "out_discards_ps",
    "oper_status",
    "uptime_s",  # speed
)
ROWS = tuple(f"xe-0/0/{port}" for port in range(24))
TIERS = ("pieces", "days", "5-minute", "hourly", "daily", "monthly")


def cpu() -> tuple[float, float]:
    """CPU-seconds of this process, and of worker processes that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), children.ru_utime + children.ru_stime


def feed(path: Path, days: int, devices: int, fast: bool) -> tuple[float, float, int]:
    """Returns CPU-seconds of ingest and of sealing (both sides), and the number of values."""
    gen = importlib.import_module("gen")
    at = gen.T0 + 60 * np.arange(days * 1440)
    cube = [gen.gen(range(24 * device, 24 * device + 24), at, device) for device in range(devices)]
    sealing = 0.0
    with MetricStore(path, fast=fast) as store:
        began = sum(cpu())
        for minute, now in enumerate(at.tolist()):
            store.append(
                Batch("interface", f"d{device}", now, ROWS, QUANTITIES, cube[device][:, minute].astype(float))
                for device in range(devices)
            )
            if minute % 60 == 59:
                store.commit()
            if minute % 360 == 359:
                before = sum(cpu())
                store.seal(now + 121)
                sealing += sum(cpu()) - before
        before = sum(cpu())
        store.seal(int(at[-1]) + 2 * 86400)
        sealing += sum(cpu()) - before
        ingest = sum(cpu()) - began - sealing
    return ingest, sealing, sum(block.size for block in cube)


def reading(reader: MetricReader, days: int) -> None:
    """Wall time of all days of one link, of five links; as another process would ask."""
    start = importlib.import_module("gen").T0
    asked = (("batches", None, True), ("5-minute", 300, True), ("5-min means", 300, False), ("hourly", 3600, True))
    for name, step, extremes in asked:
        took = []
        for row in ROWS[:5]:
            began = time.perf_counter()
            span = {"start": start, "end": start + 86400 * days}
            reader.read("interface", "d0", row, ("in_bps", "out_bps"), **span, step=step, extremes=extremes)
            took.append(time.perf_counter() - began)
        print(
            f"read {name:12} {1e3 * min(took):7.1f} to {1e3 * max(took):.1f} ms for two quantities of one link, {days} days"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--devices", type=int, default=6)
    parser.add_argument("--floor", action="store_true", help="zlib alone, as without the extra 'fast'")
    options = parser.parse_args()
    if not TOOLS.exists():
        raise SystemExit("needs ../shared/tools/storebench (the generator of samples)")
    sys.path.insert(0, str(TOOLS))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "metrics.db"
        ingest, sealing, values = feed(path, options.days, options.devices, not options.floor)
        with MetricReader(path) as reader:
            stats = reader.stats()
            reading(reader, options.days)
        size = sum(file.stat().st_size for file in Path(place).iterdir())
    print(f"{values:,} values, {options.days} days, {options.devices} devices x 24 interfaces x 12 quantities")
    print(
        f"{'whole file':12} {size:13,} B  {size / values:6.3f} B/value  {8 * values / size:6.1f}x less than 8-byte integers"
    )
    for tier, chunks, bytes_ in zip(TIERS, stats.chunks, stats.chunk_bytes, strict=True):
        print(f"{tier:12} {bytes_:13,} B  {bytes_ / values:6.3f} B/value  in {chunks} chunks")
    print(f"{'free pages':12} {stats.free_bytes:13,} B")
    for name, spent in (("ingest", ingest), ("sealing", sealing)):
        share = 240_000 * spent / values
        print(
            f"{name:12} {spent:9.2f} CPU-s  {values / spent / 1e6:6.1f} M values/CPU-s  {share:.3f} core at 240,000 values/s"
        )


if __name__ == "__main__":
    main()
