"""InfluxDB 1.6.7 gone for a day: what is lost, what is double, what it costs to catch up while live data goes on.

A day of polls goes into the store as the daemon would commit and seal it, on a simulated clock, while nobody answers at the
server's address; the sending process is killed twice in it. Then the server comes back: live polls go on by the real clock, one
more kill falls into the catching up, and at last counts and sums of every field of every series and day are compared with what
was measured. Baselines: real time (catching up), and what the sender weighed when it had nothing to do (memory).
`--loop` runs the daemon against the lab instead, without InfluxDB and with one that hangs, and compares how put off start.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from inventory.skeleton import write_sample
from noc.influx import owed
from noc.influx.access import Access, Place
from noc.influx.client import open_server
from noc.influx.fields import TYPES
from noc.influx.pool import Limits
from noc.influx.sending import Order
from noc.influx.shipping import Shipping
from noc.store.file import Opening
from noc.store.writer import MetricStore

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from tests.noc.influx.influxd import PROGRAM, Influxd  # noqa: E402

QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps"),
    *("in_discards_ps", "out_discards_ps", "oper_status", "admin_status", "span_s", "flags"),
)
EVERY_S = 30
DAY_S = 86_400


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, field: str = "VmRSS") -> float:
    try:
        found = re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


class Polls:
    """What the devices say, and what the server must have of it: counts and sums by series and UTC day."""

    def __init__(self, devices: int, interfaces: int) -> None:
        self.names = [f"dod-pe-{number}" for number in range(devices)]
        self.rows = tuple(f"ge-0/0/{port}" for port in range(interfaces))
        self._random = np.random.default_rng(1)
        self._level = np.zeros((devices, len(QUANTITIES), interfaces))
        self._level[:, :4, : interfaces // 2] = self._random.integers(10**4, 10**8, (devices, 4, interfaces // 2))
        self._level[:, 8:10], self._level[:, 10] = 1, EVERY_S
        self.sums: dict[int, np.ndarray] = {}
        self.counts: dict[int, np.ndarray] = {}

    def batches(self, at: int) -> list[Batch]:
        values = self._level.copy()
        values[:, :4] = np.rint(values[:, :4] * self._random.uniform(0.9, 1.1, values[:, :4].shape))
        values[:, :, 0][self._random.random(values[:, :, 0].shape) < 0.01] = np.nan
        day = at - at % DAY_S
        self.sums[day] = self.sums.get(day, 0.0) + np.nan_to_num(values)
        self.counts[day] = self.counts.get(day, 0) + ~np.isnan(values)
        return [
            Batch("interface", name, at, self.rows, QUANTITIES, values[number])
            for number, name in enumerate(self.names)
        ]


class Weight(threading.Thread):
    """The most memory that the sending process had, looked at often."""

    def __init__(self, shipping: Shipping) -> None:
        super().__init__(daemon=True)
        self.most, self.cpu, self._shipping, self._done = 0.0, 0.0, shipping, threading.Event()
        self._ended, self._pid, self._last = 0.0, 0, 0.0

    def run(self) -> None:
        while not self._done.wait(0.1):
            pid = self._shipping.pid
            if pid is None:
                continue
            if pid != self._pid:
                self._ended, self._pid, self._last = self._ended + self._last, pid, 0.0
            try:
                self._last = cpu_s(pid)
            except OSError:
                continue
            self.most, self.cpu = max(self.most, memory_mb(pid)), self._ended + self._last

    def stop(self) -> None:
        self._done.set()
        self.join()


def kill(shipping: Shipping) -> None:
    if shipping.pid:
        os.kill(shipping.pid, signal.SIGKILL)


def outage(store: MetricStore, shipping: Shipping, polls: Polls, first: int, last: int) -> None:
    """The simulated time: a commit each poll, sealing each hour, two kills."""
    kills = {first + (last - first) // 3 // EVERY_S * EVERY_S, first + 2 * (last - first) // 3 // EVERY_S * EVERY_S}
    for at in range(first, last, EVERY_S):
        store.append(polls.batches(at))
        store.commit()
        if at % 3600 == 150:
            store.seal(at)
        if at in kills:
            kill(shipping)
            print(f"  sending process killed at {100 * (at - first) / (last - first):.0f} % of the outage")
            time.sleep(2.5)


def standing(store: MetricStore) -> tuple[int, int]:
    """Intervals owed, and the cursor."""
    store.commit()
    with Opening(store.path) as opening:
        return opening.run(lambda db: (sum(owed.counted(db).values()), owed.cursor(db)))


def wait(store: MetricStore, commit: int) -> None:
    """Until the server has everything up to that commit."""
    while standing(store) < (0, commit) or standing(store)[0]:
        time.sleep(0.2)


def catch_up(store: MetricStore, shipping: Shipping, polls: Polls, weight: Weight) -> tuple[float, float, float]:
    """Live polls by the real clock until nothing is owed: seconds from the first line taken, most seconds live was behind."""
    began = behind = 0.0
    at = int(time.time()) // EVERY_S * EVERY_S + EVERY_S
    killed, cpu = False, 0.0
    while True:
        if time.time() >= at:
            store.append(polls.batches(at))
            at += EVERY_S
        owing = standing(store)[0]
        store.seal(time.time())
        figures = shipping.figures
        if not began and figures.lines and figures.state == "sending":
            began, cpu = figures.since, weight.cpu
        if began:
            behind = max(behind, figures.behind_s)
            if not killed and time.time() - began > 8:
                kill(shipping)
                killed = True
                print("  sending process killed while it catches up")
            elif not owing:
                return time.time() - began, behind, weight.cpu - cpu
        time.sleep(0.5)


def compare(url: str, polls: Polls) -> tuple[int, int, int]:
    """Values measured, lost and double (or otherwise), by counts and sums of every field, series and day."""
    server = open_server(Place(url), Access(), Limits(answer_s=120))
    measured = lost = double = 0
    for day, counts in polls.counts.items():
        when = f"time >= {day}s AND time < {day + DAY_S}s"
        found = {
            (one.tags["device"], one.tags["interface"]): dict(zip(one.columns, one.values[0], strict=True))
            for name in range(0, len(polls.names), 10)
            for one in server.query(
                f"SELECT count(*), sum(*) FROM interface WHERE {when} AND device =~ "
                f"/^({'|'.join(polls.names[name : name + 10])})$/ GROUP BY device, interface"
            )
        }
        for number, device in enumerate(polls.names):
            for port, row in enumerate(polls.rows):
                there = found.get((device, row), {})
                for place, quantity in enumerate(QUANTITIES):
                    wanted, total = int(counts[number, place, port]), float(polls.sums[day][number, place, port])
                    count, summed = there.get(f"count_{quantity}") or 0, there.get(f"sum_{quantity}") or 0
                    measured += wanted
                    lost += max(0, wanted - count)
                    exact = 0 if TYPES[quantity] == "integer" else 1e-6 * max(1.0, total)
                    double += max(0, count - wanted) + (abs(summed - total) > exact)
    return measured, lost, double


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--devices", type=int, default=149)
    parser.add_argument("--interfaces", type=int, default=24)
    parser.add_argument("--verify", action="store_true", help="then 'noc store verify' too, rollups and all")
    parser.add_argument("--loop", type=float, metavar="SECONDS", help="only how late the daemon's polls start")
    options = parser.parse_args()
    if options.loop:
        loop(options.loop)
        return
    if PROGRAM is None:
        print("influxd is not installed here: nothing to compare with")
        return
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        run(Path(name), options, stack)


def run(home: Path, options: argparse.Namespace, stack: ExitStack) -> None:
    server = Influxd(home / "influx")
    server.start()
    store = stack.enter_context(MetricStore(home / "metrics.db"))
    shipping = Shipping(store, Order(store.path, Place(server.url), Access(), 0.5), time.time)
    shipping.open()
    stack.callback(shipping.close)
    weight = Weight(shipping)
    weight.start()
    stack.callback(weight.stop)
    polls = Polls(options.devices, options.interfaces)
    last = int(time.time()) // EVERY_S * EVERY_S
    first = last - 3600 * options.hours
    for at in range(first - 10 * EVERY_S, first, EVERY_S):
        store.append(polls.batches(at))
        wait(store, store.commit())
    idle = weight.most
    server.stop()
    print(f"{options.devices} devices x {options.interfaces} interfaces x {len(QUANTITIES)} values, {EVERY_S} s")
    began = time.monotonic()
    outage(store, shipping, polls, first, last)
    print(f"  {options.hours} h without InfluxDB, simulated in {time.monotonic() - began:.0f} s")
    gone = weight.most - idle
    stack.enter_context(server)
    took, behind, sender = catch_up(store, shipping, polls, weight)
    weighed, served = weight.most - idle, cpu_s(server.pid)
    print(f"  caught up in {took:.0f} s beside live data: {3600 * options.hours / took:.0f}x real time")
    print(f"  live data behind by at most {behind:.0f} s while catching up")
    print(f"  memory of the sender: idle {idle:.0f} MB, +{gone:.0f} MB in the outage, +{weighed:.0f} MB in all")
    print(f"  CPU-s of catching up: sender {sender:.0f}, influxd {served:.0f}")
    store.append(polls.batches(int(time.time()) + 60))
    wait(store, store.commit())
    shipping.close()
    measured, lost, double = compare(server.url, polls)
    print(f"  {measured:,} values measured: {lost} lost, {double} double or otherwise")
    if lost or double or (options.verify and not verified(home, server.url)):
        sys.exit(1)


def verified(home: Path, url: str) -> bool:
    """What `noc store verify` says of store and server."""
    place = home / "house"
    place.mkdir()
    write_sample(place, sites=1)
    config = place / "noc.toml"
    config.write_text(with_url(config.read_text(), url).replace('dir = "data"', f'dir = "{home}"'))
    words = ["-c", str(config), "store", "verify", "--target", "influx"]
    done = subprocess.run([sys.executable, "-m", "noc", *words], capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode == 0


def with_url(text: str, url: str) -> str:
    return re.sub(r'(\[influxdb\][^\[]*?\nurl = )""', rf'\1"{url}"', text)


def loop(seconds: float) -> None:
    """The daemon with the lab: without InfluxDB, and with one that takes connections and never answers."""
    print(f"{'':28}{'late max s':>12}{'put off':>12}{'stop s':>8}")
    with tempfile.TemporaryDirectory() as name, hanging() as url:
        for words, address in (("without InfluxDB", ""), ("with one that hangs", url)):
            home = Path(name) / words.replace(" ", "-")
            home.mkdir()
            print(f"{words:28}{lateness(home, address, seconds)}")


@contextmanager
def hanging() -> Iterator[str]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(64)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"


def lateness(home: Path, url: str, seconds: float) -> str:
    write_sample(home)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{sock.getsockname()[1]}"
    config = home / "noc.toml"
    text = config.read_text().replace("127.0.0.1:9116", listen)
    config.write_text(with_url(text, url))
    words = [sys.executable, "-m", "noc", "-c", str(config)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    lab = subprocess.Popen([*words, "lab"], **quiet)
    time.sleep(3)
    daemon = subprocess.Popen([*words, "run"], **quiet)
    try:
        time.sleep(seconds)
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=10) as answer:
            said = answer.read().decode()
        worst = max(map(float, re.findall(r"^noc_late_seconds_max\{.*\} (\S+)$", said, re.M)))
        late = sum(map(float, re.findall(r"^noc_polls_gave_way_total\{.*\} (\S+)$", said, re.M)))
        asked = time.monotonic()
        daemon.terminate()
        daemon.wait(30)
        return f"{worst:12.2f}{late:12.0f}{time.monotonic() - asked:8.1f}"
    finally:
        for process in (daemon, lab):
            if process.poll() is None:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
