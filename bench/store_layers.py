"""What layers cost beside polling: how long commits take while days are sealed and let go, and rolling a month of all links.

Baselines: the same commits while nothing else runs; one pass of numpy.partition over the same five-minute means in memory.
"""

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from inventory.calendar import DAY_S, EAT_S, SLOT_S
from noc.store import chunk, months
from noc.store.codec import Codec
from noc.store.frames import Frame
from noc.store.retention import Lifetimes
from noc.store.steps import NULL
from noc.store.writer import MetricStore

START = 1_788_220_800
QUANTITIES = (
    "in_bps",
    "out_bps",
    "in_errors_ps",
    "out_errors_ps",
    "in_util_ratio",
    "out_util_ratio",
    "oper_status",
    "flags",
)
ROWS = tuple(f"xe-0/0/{port}" for port in range(24))
SHORT = Lifetimes(raw_days=2, five_minute_days=42, hourly_days=42)


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def batches(devices: int, at: int, rng: np.random.Generator) -> list[Batch]:
    values = rng.uniform(1e4, 1e8, (len(QUANTITIES), len(ROWS)))
    values[2:4], values[6], values[7] = 0, 1, 0
    return [Batch("interface", f"r-{number}", at, ROWS, QUANTITIES, values) for number in range(devices)]


def commits(store: MetricStore, devices: int, first: int, until: threading.Event, least: int) -> list[float]:
    """Seconds that each took, one a tenth of a second, until told (and so many at least)."""
    took, rng, at = [], np.random.default_rng(2), first
    while len(took) < least or not until.is_set():
        at += 1
        began = time.perf_counter()
        store.append(batches(max(1, devices // 10), at, rng))
        store.commit()
        took.append(time.perf_counter() - began)
        time.sleep(max(0.0, 0.1 - took[-1]))
    return took


def latency(devices: int, days: int, split: bool) -> None:
    with tempfile.TemporaryDirectory() as place, MetricStore(Path(place) / "metrics.db", lifetimes=SHORT) as store:
        store.split(split)
        rng, done = np.random.default_rng(1), threading.Event()
        for minute in range(0, days * 1440, 5):
            store.append(batches(devices, START + 60 * minute, rng))
            store.commit()
        store.seal(START + days * DAY_S)
        for minute in range(days * 1440, (days + 2) * 1440, 5):
            store.append(batches(devices, START + 60 * minute, rng))
            store.commit()
        done.set()
        alone = commits(store, devices, START + 90 * DAY_S, done, 100)
        done.clear()

        def tidy() -> None:
            store.seal(START + 59 * DAY_S)
            store.seal(START + 60 * DAY_S)
            done.set()

        began, tidying = time.perf_counter(), threading.Thread(target=tidy)
        tidying.start()
        beside = commits(store, devices, START + 91 * DAY_S, done, 1)
        tidying.join()
        took, counters = time.perf_counter() - began, store.counters
        gone = counters.retired_chunks
        print(
            f"{devices} devices, {'packs' if split else 'one file'}: sealed {counters.seal_chunks} chunks, let go {gone} "
            f"({counters.retired_bytes / 1e6:.1f} MB, {counters.reclaimed_bytes / 1e6:.1f} MB given back), last part {took:.1f} s"
        )
    base = float(np.percentile(alone, 50))
    for name, found in (("alone", alone), ("while sealing and letting go", beside)):
        p50, p99, most = np.percentile(found, (50, 99, 100))
        print(
            f"  commits {name:29} n {len(found):4}  p50 {1000 * p50:6.1f} ms  p99 {1000 * p99:6.1f} ms"
            f"  longest {1000 * most:6.1f} ms  p50 {p50 / base:.1f}x"
        )


def month(links: int, days: int) -> None:
    """Stored five-minute chunks as sealing leaves them, one stream with all links."""
    rng, codec = np.random.default_rng(3), Codec()
    frame = Frame(1, 1, "link", "", tuple(f"link-{n}" for n in range(links)), QUANTITIES, np.ones((len(QUANTITIES), 1)))
    shape = (len(QUANTITIES), links, 288)
    level = rng.uniform(1e6, 1e9, (2, links, 1))
    blobs = []
    for _ in range(3):
        mean = np.zeros(shape, np.int64)
        mean[:2] = level * rng.normal(1, 0.1, (2, links, 288))
        mean[4:6], mean[6] = mean[:2] // 100_000, 1
        steps = np.concatenate(
            [
                mean,
                np.full(shape, 10),
                np.full(shape, 300),
                mean * 9 // 10,
                mean * 11 // 10,
                np.full((1, links, 288), NULL),
            ]
        )
        blobs.append(chunk.encode(chunk.Content(START - EAT_S + SLOT_S * np.arange(288), steps), codec, 1024))
    began = cpu()

    def parts() -> Iterator[list[months.Part]]:
        for day in range(days):
            one = chunk.Chunk(blobs[day % 3], codec)
            one.at = one.at + DAY_S * day
            yield [months.Part(frame, one)]

    span = months.Span(START - EAT_S, START - EAT_S + days * DAY_S)
    ((_, lines),) = months.rolled([frame], parts, span)
    spent = cpu() - began
    assert lines[months.SEEN * len(QUANTITIES) :][: len(QUANTITIES)].min() == days * 288
    means = rng.uniform(0, 1e9, (links, days * 288))
    began = cpu()
    for _ in range(2):
        np.partition(means, days * 288 * 95 // 100, axis=1)
    ranking = cpu() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"a month of {links} links, {len(QUANTITIES)} quantities: {spent:.2f} CPU-s; ranking two of them in memory alone"
        f" {ranking:.2f} ({spent / ranking:.1f}x); memory {peak:.0f} MB, {sum(map(len, blobs)) / 3e6:.1f} MB a day"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=40)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--links", type=int, default=3576)
    options = parser.parse_args()
    for split in (False, True):
        latency(options.devices, options.days, split)
    month(options.links, 30)


if __name__ == "__main__":
    main()
