"""The 95th percentile of a month, in and out, of all 3,576 links: CPU-seconds of one reader, and of a reader in a new process.

Two devices are measured and sealed for a month as bench/store_queries.py does it; their five-minute chunks then stand for
those of all 149.
Baseline: DuckDB over the same five-minute means as a table of its own.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb
import numpy as np

from bench.store_data import DEVICES, PORTS, START, network
from bench.store_engines import MetricChunks
from noc.store.file import FIVE_MINUTES
from noc.store.ranks import nearest_rank
from noc.store.reader import MetricReader

NAMES = ("in_bps", "out_bps")
FRAMES = "SELECT f.id FROM frame f JOIN stream s ON s.id = f.stream WHERE s.measurement = 'interface' ORDER BY f.id"


def filled(place: Path, days: int, deep: int) -> Path:
    """The metric file with five-minute chunks of all devices; the last day, which is not sealed, is left out."""
    engine = MetricChunks(place, network(days, deep))
    engine.load()
    engine.close()
    path = place / "metrics.db"
    with sqlite3.connect(path) as db:
        frames = [number for (number,) in db.execute(FRAMES)]
        for number, frame in enumerate(frames[deep:]):
            model = frames[number % deep]
            sql = "INSERT OR REPLACE INTO chunk SELECT tier, ?, start, until, body FROM chunk WHERE tier = ? AND frame = ?"
            db.execute(sql, (frame, FIVE_MINUTES, model))
    db.close()
    return path


def ours(path: Path, span: tuple[int, int]) -> np.ndarray:
    """Links x in and out."""
    found = []
    with MetricReader(path) as reader:
        for device in range(DEVICES):
            slots = reader.table("interface", f"router-{device}", None, NAMES, start=span[0], end=span[1])
            found.append(nearest_rank(np.where(slots.present, slots.mean, np.nan)).p95.T)
    return np.concatenate(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--file", type=Path, help="a file that this bench made, instead of making it")
    options = parser.parse_args()
    span = START, START + 86400 * (options.days - 1)
    with tempfile.TemporaryDirectory(prefix="noc-bench-") as place:
        path = options.file or filled(Path(place), options.days, 2)
        began = time.process_time()
        percentiles = ours(path, span)
        spent = time.process_time() - began
        print(
            f"metric store: {spent:.2f} CPU-s for {percentiles.size:,} percentiles over {(span[1] - span[0]) // 300} slots"
        )
        db = duckdb.connect(str(Path(place) / "duck.db"))
        db.execute("CREATE TABLE m (link INTEGER, taken BIGINT, a BIGINT, b BIGINT)")
        with MetricReader(path) as reader:
            for device in range(DEVICES):
                slots = reader.table("interface", f"router-{device}", None, NAMES, start=span[0], end=span[1])
                links = np.repeat(np.arange(PORTS) + PORTS * device, slots.count)
                columns = [np.nan_to_num(part).ravel().astype(np.int64) for part in slots.mean]
                db.register("new", {"link": links, "taken": np.tile(slots.at, PORTS), "a": columns[0], "b": columns[1]})
                db.execute("INSERT INTO m SELECT * FROM new")
        db.execute("SET threads = 2")
        began = time.process_time()
        rows = db.execute(
            "SELECT quantile_disc(a, 0.95), quantile_disc(b, 0.95) FROM m GROUP BY link ORDER BY link"
        ).fetchall()
        theirs = time.process_time() - began
        same = bool(np.allclose(rows, percentiles, rtol=1e-6))
        print(
            f"DuckDB, from ready-made means: {theirs:.2f} CPU-s; {theirs / spent:.1f}x of ours; the same figures: {same}"
        )


if __name__ == "__main__":
    main()
