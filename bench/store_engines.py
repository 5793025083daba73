"""The engines that bench/store_queries.py compares: each loads the same network and answers the same seven questions."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np

from bench.store_data import DEVICES, FIELDS, PORTS, Network
from inventory.batch import Batch
from noc.store.ranks import nearest_rank
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore

MONTH_DAYS = 30
PORT_NAMES = tuple(f"xe-0/0/{port}" for port in range(PORTS))
UPLINKS = [PORTS * device for device in range(DEVICES)]

Answer = list[float]


def rank95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[-(-95 * len(ordered) // 100) - 1]


class Engine:
    """`ask(question, port, ports)` answers; `server` is the process that works for it, if there is one."""

    name = ""
    server: subprocess.Popen[bytes] | None = None
    made: Path | None = None  # a metrics.db that was made before of the same network

    def __init__(self, place: Path, network: Network) -> None:
        self.place, self.network = place, network

    def available(self) -> str:
        """Empty, or why not."""
        return ""

    def load(self) -> None: ...

    def close(self) -> None: ...

    def ask(self, question: str, port: int, ports: list[int]) -> Answer:
        answer: Answer = getattr(self, question)(ports if question == "p95_month" else port)
        return answer


class MetricChunks(Engine):
    name = "metric store"

    def load(self) -> None:
        path = self.made or self.place / "metrics.db"
        if self.made is None:
            self._fill(path)
        self.reader = MetricReader(path)

    def _fill(self, path: Path) -> None:
        net, names = self.network, [f"router-{number}" for number in range(DEVICES)]
        deep = net.deep_ports // PORTS
        with MetricStore(path) as store:
            for hour, at in enumerate(net.hour_at.tolist()):  # an hour's value ends with the hour
                means = net.year[0, hour].reshape(deep, 1, PORTS).astype(float)
                store.append(Batch("year", names[k], at + 3600, PORT_NAMES, ("in_bps",), means[k]) for k in range(deep))
                if (
                    hour % 24 == 23
                ):  # as it came: a year in one commit would be gone through again for each of its hours
                    store.commit()
            first_wide = len(net.at) - net.wide.shape[1]
            for minute, at in enumerate(net.at.tolist()):
                wide = minute >= first_wide
                values = (net.wide[:, minute - first_wide] if wide else net.deep[:, minute]).astype(float)
                store.append(
                    Batch("interface", names[k], at, PORT_NAMES, FIELDS, values[:, PORTS * k : PORTS * (k + 1)])
                    for k in range(DEVICES if wide else deep)
                )
                if wide or minute % 60 == 59:
                    store.commit()
                if minute % 1440 == 1439 and not wide:
                    store.seal(at)
            store.seal(net.now)

    def close(self) -> None:
        self.reader.close()

    def _subject(self, port: int, measurement: str = "interface") -> tuple[str, str, str]:
        return measurement, f"router-{port // PORTS}", PORT_NAMES[port % PORTS]

    def _read(self, port: int, days: int, step: Any, names: tuple[str, ...] = ("in_bps", "out_bps")) -> Any:
        now = self.network.now
        return self.reader.read_many(
            [self._subject(port)],
            names,
            start=now - 86400 * days + (step is None),
            end=now + (step is None),
            step=step,
            extremes=False,
        )[0]

    def newest(self, port: int) -> Answer:
        found = self.reader.newest("interface", ("in_bps", "out_bps", "oper_status"))
        return [float(line.sum()) for line in found.values]

    def day(self, port: int) -> Answer:
        found = self._read(port, 1, None)
        return [len(found.at), *found.values.sum(axis=1).tolist()]

    def month_5m(self, port: int) -> Answer:
        found = self._read(port, MONTH_DAYS, 300)
        return [len(found.at), *found.values.sum(axis=1).tolist()]

    def year_1h(self, port: int) -> Answer:
        net = self.network
        span = {"start": int(net.hour_at[0]), "end": net.now}
        found = self.reader.read_many([self._subject(port, "year")], ("in_bps",), **span, step=3600)[0]
        assert found.most is not None
        return [len(found.at), found.values.sum(), (found.most * 1.25).astype(int).sum()]

    def p95_month(self, ports: list[int]) -> Answer:
        now = self.network.now
        found = self.reader.read_many(
            [self._subject(port) for port in ports],
            ("in_bps", "out_bps"),
            start=now - 86400 * MONTH_DAYS,
            end=now,
            step=300,
            extremes=False,
        )
        return np.concatenate([nearest_rank(series.values).p95 for series in found]).tolist()

    def top20(self, port: int) -> Answer:
        found = self.reader.newest("interface", ("in_bps", "out_bps", "a_speed_bps"))
        used = np.maximum(found.values[0], found.values[1]) / found.values[2]
        return np.sort(used)[::-1][:20].tolist()

    def availability(self, port: int) -> Answer:
        now = self.network.now
        found = self.reader.whole(
            [self._subject(uplink) for uplink in UPLINKS], ("oper_status",), start=now - 86400 * MONTH_DAYS, end=now
        )
        return [one.up_s / one.covered_s[0] for one in found]


class Rows(Engine):
    name = "SQLite rows"

    def load(self) -> None:
        self.db = sqlite3.connect(self.place / "rows.db", isolation_level=None)
        for pragma in ("page_size = 8192", "journal_mode = WAL", "cache_size = -65536", "mmap_size = 1073741824"):
            self.db.execute(f"PRAGMA {pragma}")
        columns = ", ".join(f"{name} INTEGER" for name in FIELDS)
        self.db.execute(f"CREATE TABLE s (link INTEGER, at INTEGER, {columns}, PRIMARY KEY (link, at)) WITHOUT ROWID")
        self.db.execute(
            "CREATE TABLE y (link INTEGER, at INTEGER, mean INTEGER, most INTEGER, PRIMARY KEY (link, at)) WITHOUT ROWID"
        )
        self.db.execute("BEGIN")
        for block in blocks(self.network):
            self.db.executemany(f"INSERT INTO s VALUES ({', '.join('?' * 14)})", block.T.tolist())
        self.db.executemany("INSERT INTO y VALUES (?, ?, ?, ?)", year_rows(self.network).T.tolist())
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.db.close()

    def newest(self, port: int) -> Answer:
        sql = "SELECT in_bps, out_bps, oper_status FROM s WHERE link = ? ORDER BY at DESC LIMIT 1"
        found = [self.db.execute(sql, (link,)).fetchone() for link in range(DEVICES * PORTS)]
        return np.array(found).sum(axis=0).tolist()

    def day(self, port: int) -> Answer:
        found = self.db.execute(
            "SELECT at, in_bps, out_bps FROM s WHERE link = ? AND at > ?", (port, self.network.now - 86400)
        ).fetchall()
        return [len(found), *np.array(found)[:, 1:].sum(axis=0).tolist()]

    def _slots(self, port: int) -> np.ndarray:
        sql = "SELECT (at - 1) / 300, avg(in_bps), avg(out_bps) FROM s WHERE link = ? AND at > ? GROUP BY 1"
        return np.array(self.db.execute(sql, (port, self.network.now - 86400 * MONTH_DAYS)).fetchall())

    def month_5m(self, port: int) -> Answer:
        found = self._slots(port)
        return [len(found), *found[:, 1:].sum(axis=0).tolist()]

    def year_1h(self, port: int) -> Answer:
        found = np.array(self.db.execute("SELECT at, mean, most FROM y WHERE link = ?", (port,)).fetchall())
        return [len(found), *found[:, 1:].sum(axis=0).tolist()]

    def p95_month(self, ports: list[int]) -> Answer:
        return [value for port in ports for value in nearest_rank(self._slots(port)[:, 1:].T).p95.tolist()]

    def top20(self, port: int) -> Answer:
        sql = "SELECT max(in_bps, out_bps) * 1.0 / a_speed_bps FROM s WHERE link = ? ORDER BY at DESC LIMIT 1"
        found = [self.db.execute(sql, (link,)).fetchone()[0] for link in range(DEVICES * PORTS)]
        return np.sort(found)[::-1][:20].tolist()

    def availability(self, port: int) -> Answer:
        sql = "SELECT avg(oper_status = 1) FROM s WHERE link = ? AND at > ?"
        since = self.network.now - 86400 * MONTH_DAYS
        return [self.db.execute(sql, (link, since)).fetchone()[0] for link in UPLINKS]


def blocks(net: Network) -> Iterable[np.ndarray]:
    """Link, instant and fields as lines, a day or the last minutes at once, each instant with all its links together."""
    first_wide = len(net.at) - net.wide.shape[1]
    for start in range(0, first_wide, 1440):
        yield _block(net.deep[:, start : min(start + 1440, first_wide)], net.at[start : min(start + 1440, first_wide)])
    yield _block(net.wide, net.wide_at)


def _block(cube: np.ndarray, at: np.ndarray) -> np.ndarray:
    links = np.arange(cube.shape[2])
    fixed = [np.repeat(links, len(at)), np.tile(at, len(links))]
    return np.concatenate([fixed, cube.transpose(0, 2, 1).reshape(len(FIELDS), -1)])


def year_rows(net: Network) -> np.ndarray:
    links = np.arange(net.year.shape[2])
    return np.stack(
        [np.repeat(links, len(net.hour_at)), np.tile(net.hour_at, len(links)), *(part.T.ravel() for part in net.year)]
    )


class Duck(Engine):
    name = "DuckDB"

    def available(self) -> str:
        return _installed("duckdb")

    def load(self) -> None:
        import duckdb

        self.db = duckdb.connect(str(self.place / "duck.db"))
        self.db.execute("SET threads = 2")
        columns = ", ".join(f"{name} BIGINT" for name in FIELDS)
        self.db.execute(f"CREATE TABLE s (link INTEGER, taken BIGINT, {columns})")
        self.db.execute("CREATE TABLE y (link INTEGER, taken BIGINT, mean BIGINT, most BIGINT)")
        for block in blocks(self.network):
            self._insert("s", ("link", "taken", *FIELDS), block)
        self._insert("y", ("link", "taken", "mean", "most"), year_rows(self.network))
        self.db.execute("CHECKPOINT")

    def _insert(self, table: str, names: Sequence[str], block: np.ndarray) -> None:
        self.db.register(
            "incoming", {name: np.ascontiguousarray(line) for name, line in zip(names, block, strict=True)}
        )
        self.db.execute(f"INSERT INTO {table} SELECT * FROM incoming")
        self.db.unregister("incoming")

    def close(self) -> None:
        self.db.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.db.execute(sql).fetchall()

    def newest(self, port: int) -> Answer:
        parts = ", ".join(f"arg_max({name}, taken) {name}" for name in ("in_bps", "out_bps", "oper_status"))
        since = self.network.now - 600
        newest = f"SELECT {parts} FROM s WHERE taken > {since} GROUP BY link"
        sql = f"SELECT sum(in_bps), sum(out_bps), sum(oper_status) FROM ({newest})"
        return [float(value) for value in self._rows(sql)[0]]

    def _sums(self, sql: str, names: Sequence[str]) -> Answer:
        found = self.db.execute(sql).fetchnumpy()
        return [len(found[names[0]]), *(float(found[name].sum()) for name in names)]

    def day(self, port: int) -> Answer:
        since = self.network.now - 86400
        return self._sums(
            f"SELECT taken, in_bps, out_bps FROM s WHERE link = {port} AND taken > {since} ORDER BY taken",
            ("in_bps", "out_bps"),
        )

    def month_5m(self, port: int) -> Answer:
        since = self.network.now - 86400 * MONTH_DAYS
        return self._sums(
            f"SELECT (taken - 1) // 300 k, avg(in_bps) a, avg(out_bps) b FROM s WHERE link = {port} AND taken > {since} "
            "GROUP BY 1 ORDER BY 1",
            ("a", "b"),
        )

    def year_1h(self, port: int) -> Answer:
        return self._sums(f"SELECT taken, mean, most FROM y WHERE link = {port} ORDER BY taken", ("mean", "most"))

    def p95_month(self, ports: list[int]) -> Answer:
        since, links = self.network.now - 86400 * MONTH_DAYS, ", ".join(map(str, ports))
        found = self._rows(
            "SELECT link, quantile_disc(a, 0.95), quantile_disc(b, 0.95) FROM (SELECT link, (taken - 1) // 300 k, "
            f"avg(in_bps) a, avg(out_bps) b FROM s WHERE link IN ({links}) AND taken > {since} GROUP BY 1, 2) GROUP BY 1"
        )
        by_link = {link: values for link, *values in found}
        return [value for port in ports for value in by_link[port]]

    def top20(self, port: int) -> Answer:
        sql = (
            "SELECT arg_max(greatest(in_bps, out_bps) / a_speed_bps, taken) u FROM s "
            f"WHERE taken > {self.network.now - 600} GROUP BY link ORDER BY u DESC LIMIT 20"
        )
        return [value for (value,) in self._rows(sql)]

    def availability(self, port: int) -> Answer:
        since = self.network.now - 86400 * MONTH_DAYS
        sql = (
            "SELECT avg(CASE WHEN oper_status = 1 THEN 1 ELSE 0 END) FROM s "
            f"WHERE link % {PORTS} = 0 AND taken > {since} GROUP BY link ORDER BY link"
        )
        return [value for (value,) in self._rows(sql)]


class Polars(Engine):
    name = "Polars"

    def available(self) -> str:
        return _installed("polars")

    def load(self) -> None:
        import polars

        self.pl = polars
        for number, block in enumerate(blocks(self.network)):
            frame = polars.DataFrame(dict(zip(("link", "taken", *FIELDS), block, strict=True)))
            first = int(frame["taken"].min())
            frame.write_parquet(
                self.place / f"s-{number}-{first}.parquet", compression="zstd", row_group_size=1440 * 12
            )
        years = polars.DataFrame(dict(zip(("link", "taken", "mean", "most"), year_rows(self.network), strict=True)))
        years.write_parquet(self.place / "y.parquet", compression="zstd", row_group_size=35_040)

    def _scan(self, since: int) -> Any:
        files = sorted(self.place.glob("s-*.parquet"), key=lambda file: int(file.stem.split("-")[2]))
        later = [*(int(file.stem.split("-")[2]) for file in files[1:]), 1 << 40]
        wanted = [file for file, until in zip(files, later, strict=True) if until > since]
        return self.pl.scan_parquet(wanted).filter(self.pl.col("taken") > since)

    def _last(self) -> Any:
        col = self.pl.col
        names = ("in_bps", "out_bps", "oper_status", "a_speed_bps")
        return self._scan(self.network.now - 600).group_by("link").agg(col(*names).sort_by("taken").last())

    def newest(self, port: int) -> Answer:
        return [float(v) for v in self._last().select("in_bps", "out_bps", "oper_status").sum().collect().row(0)]

    def day(self, port: int) -> Answer:
        col = self.pl.col
        found = (
            self._scan(self.network.now - 86400)
            .filter(col("link") == port)
            .select("taken", "in_bps", "out_bps")
            .collect()
        )
        return [len(found), float(found["in_bps"].sum()), float(found["out_bps"].sum())]

    def _means(self, ports: list[int]) -> Any:
        col = self.pl.col
        since = self.network.now - 86400 * MONTH_DAYS
        chosen = self._scan(since).filter(col("link").is_in(ports))
        return chosen.group_by("link", (col("taken") - 1) // 300).agg(col("in_bps").mean(), col("out_bps").mean())

    def month_5m(self, port: int) -> Answer:
        found = self._means([port]).collect()
        return [len(found), float(found["in_bps"].sum()), float(found["out_bps"].sum())]

    def year_1h(self, port: int) -> Answer:
        found = self.pl.scan_parquet(self.place / "y.parquet").filter(self.pl.col("link") == port).collect()
        return [len(found), float(found["mean"].sum()), float(found["most"].sum())]

    def p95_month(self, ports: list[int]) -> Answer:
        col = self.pl.col
        ranks = [col(name).sort().get(-(-95 * self._count() // 100) - 1) for name in ("in_bps", "out_bps")]
        found = self._means(ports).group_by("link").agg(*ranks).collect()
        by_link = {link: values for link, *values in found.rows()}
        return [value for port in ports for value in by_link[port]]

    def _count(self) -> int:
        return min(MONTH_DAYS * 288, len(self.network.at) // 5)

    def top20(self, port: int) -> Answer:
        col = self.pl.col
        used = self.pl.max_horizontal("in_bps", "out_bps") / col("a_speed_bps")
        return self._last().select(used.alias("u")).top_k(20, by="u").collect()["u"].sort(descending=True).to_list()

    def availability(self, port: int) -> Answer:
        col = self.pl.col
        chosen = self._scan(self.network.now - 86400 * MONTH_DAYS).filter(col("link").is_in(UPLINKS))
        return (
            chosen.group_by("link")
            .agg((col("oper_status") == 1).mean())
            .sort("link")
            .collect()["oper_status"]
            .to_list()
        )


def _installed(module: str) -> str:
    import importlib.util

    return "" if importlib.util.find_spec(module) else "not installed"


class Server(Engine):
    """Talks HTTP to a process of its own on loopback."""

    program = ""

    def available(self) -> str:
        return "" if shutil.which(self.program) else "not installed"

    def started(self, words: Sequence[str], settings: dict[str, str], health: str) -> None:
        log = (self.place / "log").open("wb")
        self.server = subprocess.Popen([self.program, *words], stdout=log, stderr=log, env=os.environ | settings)
        log.close()
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{health}", timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or self.server.poll() is not None:
                    raise RuntimeError((self.place / "log").read_text()[-1000:]) from None
                time.sleep(0.1)
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=600)

    def close(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(30)

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self.connection.request(method, path, body)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{self.name}: {answer.status} {said[:200]!r}")
        return said

    def write(self, database: str = "") -> None:
        fields = ",".join(f"{name}=%di" for name in FIELDS)
        links = DEVICES * PORTS
        templates = [f"s,link={port},port={port % PORTS},device={port // PORTS} {fields} %d" for port in range(links)]
        for block in blocks(self.network):
            rows = block[[0, *range(2, 14), 1]].T.tolist()
            for first in range(0, len(rows), 20_000):
                lines = [templates[row[0]] % tuple(row[1:]) for row in rows[first : first + 20_000]]
                self.send("POST", f"/write?{database}precision=s", "\n".join(lines).encode())
        rows = year_rows(self.network).T.tolist()
        for first in range(0, len(rows), 20_000):
            lines = [
                f"y,link={link} mean={mean}i,most={most}i {at}" for link, at, mean, most in rows[first : first + 20_000]
            ]
            self.send("POST", f"/write?{database}precision=s", "\n".join(lines).encode())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Influx(Server):
    name = "InfluxDB"
    program = "influxd"

    def load(self) -> None:
        self.port, rpc = free_port(), free_port()
        (self.place / "influxdb.conf").write_text("")
        settings = {
            "INFLUXDB_REPORTING_DISABLED": "true",
            "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{rpc}",
            "INFLUXDB_META_DIR": str(self.place / "meta"),
            "INFLUXDB_DATA_DIR": str(self.place / "data"),
            "INFLUXDB_DATA_WAL_DIR": str(self.place / "wal"),
            "INFLUXDB_DATA_QUERY_LOG_ENABLED": "false",
            "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{self.port}",
            "INFLUXDB_HTTP_LOG_ENABLED": "false",
            "INFLUXDB_MONITOR_STORE_ENABLED": "false",
        }
        self.started(["-config", str(self.place / "influxdb.conf")], settings, "/ping")
        self.send("POST", "/query?" + urllib.parse.urlencode({"q": "CREATE DATABASE noc"}))
        self.write("db=noc&")
        time.sleep(15)  # it compacts what it was given

    def _ask(self, sql: str) -> list[dict[str, Any]]:
        words = urllib.parse.urlencode({"db": "noc", "epoch": "s", "q": sql})
        found = json.loads(self.send("GET", f"/query?{words}"))["results"][0]
        if "error" in found:
            raise RuntimeError(found["error"])
        return list(found.get("series", []))

    def _last(self, names: str) -> np.ndarray:
        since = self.network.now - 600
        found = self._ask(f"SELECT {names} FROM s WHERE time > {since}s GROUP BY link ORDER BY time DESC LIMIT 1")
        return np.array([series["values"][0][1:] for series in found])

    def newest(self, port: int) -> Answer:
        return self._last("in_bps, out_bps, oper_status").sum(axis=0).tolist()

    def day(self, port: int) -> Answer:
        since = self.network.now - 86400
        found = self._ask(f"SELECT in_bps, out_bps FROM s WHERE link = '{port}' AND time > {since}s")[0]["values"]
        return [len(found), *np.array(found)[:, 1:].sum(axis=0).tolist()]

    def _slots(self, ports: list[int]) -> str:
        since, links = self.network.now - 86400 * MONTH_DAYS, "|".join(map(str, ports))
        return (
            f"SELECT mean(in_bps) AS a, mean(out_bps) AS b FROM s WHERE link =~ /^({links})$/ AND time > {since}s "
            f"AND time <= {self.network.now}s GROUP BY time(5m, 1s), link fill(none)"
        )

    def month_5m(self, port: int) -> Answer:
        found = self._ask(self._slots([port]))[0]["values"]
        return [len(found), *np.array(found)[:, 1:].sum(axis=0).tolist()]

    def year_1h(self, port: int) -> Answer:
        found = self._ask(f"SELECT mean, most FROM y WHERE link = '{port}'")[0]["values"]
        return [len(found), *np.array(found)[:, 1:].sum(axis=0).tolist()]

    def p95_month(self, ports: list[int]) -> Answer:
        found = self._ask(f"SELECT percentile(a, 95), percentile(b, 95) FROM ({self._slots(ports)}) GROUP BY link")
        by_link = {int(series["tags"]["link"]): series["values"][0][1:] for series in found}
        return [value for port in ports for value in by_link[port]]

    def top20(self, port: int) -> Answer:
        found = self._last("in_bps, out_bps, a_speed_bps")
        return np.sort(np.maximum(found[:, 0], found[:, 1]) / found[:, 2])[::-1][:20].tolist()

    def availability(self, port: int) -> Answer:
        since = self.network.now - 86400 * MONTH_DAYS
        found = self._ask(f"SELECT mean(oper_status) FROM s WHERE port = '0' AND time > {since}s GROUP BY device")
        by_device = {int(series["tags"]["device"]): series["values"][0][1] for series in found}
        return [2 - by_device[device] for device in range(DEVICES)]


class Victoria(Server):
    name = "VictoriaMetrics"
    program = "victoria-metrics"

    def load(self) -> None:
        self.port = free_port()
        words = [
            f"-storageDataPath={self.place / 'data'}",
            f"-httpListenAddr=127.0.0.1:{self.port}",
            "-retentionPeriod=100y",
        ]
        self.started([*words, "-loggerLevel=ERROR", "-search.latencyOffset=0s"], {}, "/health")
        self.write()
        self.send("GET", "/internal/force_flush")
        self.send("GET", "/internal/force_merge")
        time.sleep(5)

    def _get(self, path: str, **words: Any) -> list[dict[str, Any]]:
        found = json.loads(self.send("GET", f"{path}?{urllib.parse.urlencode(words | {'nocache': 1})}"))
        return list(found["data"]["result"])

    def _now(self, query: str) -> list[dict[str, Any]]:
        return self._get("/api/v1/query", query=query, time=self.network.now)

    def newest(self, port: int) -> Answer:
        return [
            sum(float(one["value"][1]) for one in self._now(f"last_over_time(s_{name}[10m])"))
            for name in ("in_bps", "out_bps", "oper_status")
        ]

    def _export(self, name: str, port: int, since: int) -> np.ndarray:
        words = {"match[]": f'{name}{{link="{port}"}}', "start": since, "end": self.network.now, "reduce_mem_usage": 1}
        said = self.send("GET", "/api/v1/export?" + urllib.parse.urlencode(words))
        return np.concatenate([np.array(json.loads(line)["values"]) for line in said.splitlines()])

    def day(self, port: int) -> Answer:
        found = [self._export(f"s_{name}", port, self.network.now - 86400 + 1) for name in ("in_bps", "out_bps")]
        return [len(found[0]), *(float(values.sum()) for values in found)]

    def month_5m(self, port: int) -> Answer:
        net = self.network
        start = max(net.now - 86400 * MONTH_DAYS, int(net.at[0]) - 60) + 300
        found = []
        for name in ("in_bps", "out_bps"):
            query = f'avg_over_time(s_{name}{{link="{port}"}}[5m])'
            said = self._get("/api/v1/query_range", query=query, start=start, end=net.now, step=300)
            found.append([float(value) for _, value in said[0]["values"]])
        return [len(found[0]), *map(sum, found)]

    def year_1h(self, port: int) -> Answer:
        found = [self._export(f"y_{name}", port, int(self.network.hour_at[0])) for name in ("mean", "most")]
        return [len(found[0]), *(float(values.sum()) for values in found)]

    def p95_month(self, ports: list[int]) -> Answer:
        net, links = self.network, "|".join(map(str, ports))
        start = max(net.now - 86400 * MONTH_DAYS, int(net.at[0]) - 60) + 300
        by_link: dict[int, Answer] = {port: [] for port in ports}
        for name in ("in_bps", "out_bps"):  # its own quantile interpolates, so the means are ranked here
            query = f'avg_over_time(s_{name}{{link=~"{links}"}}[5m])'
            for one in self._get("/api/v1/query_range", query=query, start=start, end=net.now, step=300):
                values = np.array([value for _, value in one["values"]], float)
                by_link[int(one["metric"]["link"])].append(float(nearest_rank(values).p95))
        return [value for port in ports for value in by_link[port]]

    def top20(self, port: int) -> Answer:
        query = (
            'topk(20, (max by (link) (last_over_time({__name__=~"s_(in|out)_bps"}[10m])))'
            " / (max by (link) (last_over_time(s_a_speed_bps[10m]))))"
        )
        return sorted((float(one["value"][1]) for one in self._now(query)), reverse=True)

    def availability(self, port: int) -> Answer:
        found = self._now(f'avg_over_time(s_oper_status{{port="0"}}[{MONTH_DAYS}d])')
        by_device = {int(one["metric"]["device"]): 2 - float(one["value"][1]) for one in found}
        return [by_device[device] for device in range(DEVICES)]


ENGINES = {engine.name: engine for engine in (MetricChunks, Rows, Duck, Polars, Influx, Victoria)}
