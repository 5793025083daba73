"""Durable ingest of one polling cycle of 149 sites: CPU-seconds of the metric store against SQLite rows, DuckDB and InfluxDB.

A cycle is 149 devices x 24 interfaces x 12 quantities = 42,912 values of the generator of ../shared/tools/storebench.
Every engine, in a process of its own, takes the same cycles in turn and commits each durably (WAL with synchronous
FULL; DuckDB and influxd 1.6.7 with logs of their own; of influxd client and server count, lines come from cached templates, and
before the first cycle it has all series); then comes a checkpoint, and of the metric store the sealing. Baseline: SQLite rows.
"""

import argparse
import importlib
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb
import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from noc.store.writer import MetricStore
from tests.noc.influx.influxd import PROGRAM, Influxd

TOOLS = Path(__file__).resolve().parents[1].parent / "shared" / "tools" / "storebench"
QUANTITIES = (
    "in_bps",
    "out_bps",
    "in_pps",
    "out_pps",
    "pdus",
    "octets",
    "in_errors_ps",
    "out_errors_ps",
    "in_discards_ps",
    "out_discards_ps",
    "oper_status",
    "uptime_s",
)
ROWS = tuple(f"xe-0/0/{port}" for port in range(24))
DEVICES, PORTS = 149, 24
Cycle = list[Batch]  # as the pollers hand them over


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def joined(cycle: Cycle) -> tuple[int, NDArray[np.int64]]:
    """The instant, and quantities x links as integers."""
    return cycle[0].at, np.concatenate([batch.values for batch in cycle], axis=1).astype(np.int64)


def cycle_of(at: int, values: NDArray[np.int64], names: list[str]) -> Cycle:
    floats = values.astype(np.float64)
    columns = [np.ascontiguousarray(floats[:, PORTS * k : PORTS * k + PORTS]) for k in range(DEVICES)]
    return [Batch("interface", name, at, ROWS, QUANTITIES, mine) for name, mine in zip(names, columns, strict=True)]


class Rows:
    """One row a link and instant, clustered by link, as one would write it down first."""

    name = "SQLite rows"

    def __init__(self, place: Path) -> None:
        self.db = sqlite3.connect(place / "rows.db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        columns = ", ".join(f"{name} INTEGER" for name in QUANTITIES)
        self.db.execute(f"CREATE TABLE s (link INTEGER, at INTEGER, {columns}, PRIMARY KEY (link, at)) WITHOUT ROWID")

    def take(self, cycle: Cycle) -> None:
        at, values = joined(cycle)
        table = np.vstack([np.arange(values.shape[1]), np.full(values.shape[1], at), values])
        self.db.execute("BEGIN")
        self.db.executemany(f"INSERT INTO s VALUES ({', '.join('?' * 14)})", table.T.tolist())
        self.db.execute("COMMIT")

    def close(self) -> None:
        self.db.close()

    def settle(self) -> None:
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Duck:
    name = "DuckDB"

    def __init__(self, place: Path) -> None:
        self.db = duckdb.connect(str(place / "duck.db"))
        self.db.execute("SET threads = 2")
        columns = ", ".join(f"{name} BIGINT" for name in QUANTITIES)
        self.db.execute(f"CREATE TABLE s (link INTEGER, taken BIGINT, {columns})")

    def take(self, cycle: Cycle) -> None:
        at, values = joined(cycle)
        count = values.shape[1]
        table = {"link": np.arange(count, dtype=np.int32), "taken": np.full(count, at)}
        table |= {name: np.ascontiguousarray(line) for name, line in zip(QUANTITIES, values, strict=True)}
        self.db.register("incoming", table)
        self.db.execute("INSERT INTO s SELECT * FROM incoming")
        self.db.unregister("incoming")

    def close(self) -> None:
        self.db.close()

    def settle(self) -> None:
        self.db.execute("CHECKPOINT")


class Chunks:
    name = "metric store"

    def __init__(self, place: Path) -> None:
        self.store = MetricStore(place / "metrics.db")
        self.store.__enter__()
        self.last = 0

    def take(self, cycle: Cycle) -> None:
        self.last = cycle[0].at
        self.store.append(cycle)
        self.store.commit()

    def close(self) -> None:
        self.store.__exit__()

    def settle(self) -> None:
        self.store.seal(self.last + 2 * 86400)


class Influx:
    """Debian's influxd on loopback, fed as its own documents advise: one request a cycle, lines from templates."""

    name = "InfluxDB"

    def __init__(self, place: Path) -> None:
        self.place = place
        self.server = Influxd(place / "influxd")
        self.server.start()
        self.connection = HTTPConnection(*self.server.url.removeprefix("http://").split(":"), timeout=60)
        self._send("/query?q=CREATE%20DATABASE%20noc", b"")
        fields = ",".join(f"{name}=%di" for name in QUANTITIES)
        links = range(DEVICES * PORTS)
        self.template = "\n".join(f"s,device=r{k // PORTS},port={k % PORTS} {fields} %d" for k in links)
        zeros = np.zeros((len(links), len(QUANTITIES) + 1), np.int64)
        self._send("/write?db=noc&precision=s", (self.template % tuple(zeros.ravel().tolist())).encode())
        time.sleep(2)

    def take(self, cycle: Cycle) -> None:
        at, values = joined(cycle)
        rows = np.vstack([values, np.full(values.shape[1], at)]).T
        self._send("/write?db=noc&precision=s", (self.template % tuple(rows.ravel().tolist())).encode())

    def _send(self, path: str, body: bytes) -> None:
        self.connection.request("POST", path, body)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"influxd: {answer.status} {said[:200]!r}")

    def cpu(self) -> float:
        tasks = Path(f"/proc/{self.server.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def settle(self) -> None:
        """Its compactions come when it likes; some are waited for."""
        time.sleep(20)

    def close(self) -> None:
        self.server.stop()


ENGINES = {"SQLite rows": Rows, "DuckDB": Duck, "metric store": Chunks} | ({"InfluxDB": Influx} if PROGRAM else {})


def serve(name: str, count: int, orders: Connection) -> None:
    """One engine in a process of its own, so that no other's threads are counted with it."""
    sys.path.insert(0, str(TOOLS))
    gen = importlib.import_module("gen")
    at = gen.T0 + 60 * np.arange(600, 600 + count)
    cube = gen.gen(range(DEVICES * PORTS), at, 1)
    names = [f"router-{number}" for number in range(DEVICES)]
    with tempfile.TemporaryDirectory() as place:
        engine = ENGINES[name](Path(place))
        orders.send(None)
        for cycle in range(count):
            data = cycle_of(int(at[cycle]), cube[:, cycle], names)
            orders.recv()
            orders.send(timed(lambda data=data: engine.take(data), engine))
        orders.recv()
        orders.send(timed(engine.settle, engine))
        engine.close()


def timed(act: Callable[[], None], engine: "Rows | Duck | Chunks | Influx") -> tuple[float, float]:
    """CPU-seconds, of the server too, and seconds."""
    spent = engine.cpu if isinstance(engine, Influx) else float
    began, there, clock = cpu(), spent(), time.perf_counter()
    act()
    if isinstance(engine, Influx):
        time.sleep(0.1)  # what it goes on doing after it answered is of this cycle
    return cpu() - began + spent() - there, time.perf_counter() - clock


def ask(engine: Connection) -> tuple[float, float]:
    engine.send(None)
    found: tuple[float, float] = engine.recv()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=120)
    options = parser.parse_args()
    if not TOOLS.exists():
        raise SystemExit("needs ../shared/tools/storebench (the generator of samples)")
    engines: dict[str, Connection] = {}
    for name in ENGINES:
        engines[name], theirs = get_context("spawn").Pipe()
        get_context("spawn").Process(target=serve, args=(name, options.cycles, theirs), daemon=False).start()
    for engine in engines.values():
        engine.recv()
    names = [*ENGINES]
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for cycle in range(options.cycles):
        for name in names[cycle % len(names) :] + names[: cycle % len(names)]:
            spent[name].append(ask(engines[name]))
    after = {name: ask(engine)[0] / options.cycles for name, engine in engines.items()}
    report(spent, after, options.cycles)


def report(spent: dict[str, list[tuple[float, float]]], after: dict[str, float], cycles: int) -> None:
    mean = {name: [sum(column) / cycles for column in zip(*found, strict=True)] for name, found in spent.items()}
    print(
        f"{cycles} cycles of {DEVICES * PORTS * len(QUANTITIES):,} values; mean of a cycle; ratios to the metric store"
    )
    print(f"{'':14}{'CPU ms':>9}{'':>8}{'wall ms':>9}{'after, CPU ms':>15}")
    for name, (cost, wall) in mean.items():
        ratio = cost / mean["metric store"][0]
        print(f"{name:14}{1e3 * cost:9.2f}{ratio:7.1f}x{1e3 * wall:9.2f}{1e3 * after[name]:15.2f}")
    print(
        "after: checkpoint of rows and DuckDB, 20 s of compactions of InfluxDB, sealing and rollups of the metric store"
    )


if __name__ == "__main__":
    main()
