"""The whole pipeline at 10,000 devices: poll, rates, store, every 10 s, 5 % dead, round trips of 1 to 600 ms.

Devices are played by the C agent of ../shared/tools/snmpbench (24 interfaces each; 241 varbinds a poll). The parts
are the daemon's own: cohorts, engine, rates, store, commit each second. The clock stands so that an hour ends just
before the run, and a seal of the warm-up's values happens inside it. Baseline for lateness: a process beside it that
only sleeps 5 ms at a time and sees how late it wakes. CPU-seconds are of the daemon's process and of its sealing worker.
"""

import argparse
import asyncio
import gc
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from collectors.contract import Target
from inventory.model import Device, Inventory, Name, Probe, Site, Snmp
from inventory.secrets import Secrets
from noc.config import Config, DataSection, PollerSection, PollSection
from noc.polling import Polling
from noc.store.writer import MetricStore
from noc.wiring import House, build_house, build_network

TOOLS = Path(__file__).resolve().parents[1].parent / "shared" / "tools" / "snmpbench"
HOUR_S, LAG_S = 3600, 121
CONTROL = """
import json, sys, time
late, end = [], time.monotonic() + float(sys.argv[1])
while (now := time.monotonic()) < end:
    time.sleep(0.005)
    late.append(time.monotonic() - now - 0.005)
late.sort()
print(json.dumps([late[len(late) // 2], late[int(len(late) * 0.99)], late[-1]]))
"""


def address(number: int) -> str:
    value = (127 << 24 | 10 << 16) + 1 + number
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def network(devices: int, port: int) -> Inventory:
    site = Site("bench", Name("bench"), "other", "Dodoma")
    found = {
        f"router-{n}": Device(f"router-{n}", "bench", address(n), "cpe", Snmp("2c", "default", port), (Probe("snmp"),))
        for n in range(devices)
    }
    return Inventory(regions={"Dodoma": Name("Dodoma")}, sites={"bench": site}, devices=found)


@contextmanager
def agent(options: argparse.Namespace, place: Path, seconds: float) -> Iterator[None]:
    program = place / "replay"
    subprocess.run(["gcc", "-O2", "-pthread", "-o", program, TOOLS / "replay.c", "-lm"], check=True)
    words = [
        program,
        "-n",
        options.devices,
        "-p",
        options.port,
        "-d",
        options.dead,
        "-r",
        options.rtt,
        "-s",
        int(seconds),
    ]
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def sleeper(seconds: float) -> "subprocess.Popen[bytes]":
    """The control: how late a plain sleep ends on this machine while all this runs."""
    return subprocess.Popen([sys.executable, "-c", CONTROL, str(seconds)], stdout=subprocess.PIPE)


class Shifted:
    """UTC, moved so that the run begins just after an hour's lag."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset

    def put_hour_behind(self, warm_s: float) -> None:
        """After `warm_s` from now, an hour ended just now."""
        then = time.time() + warm_s
        self.offset = HOUR_S - then % HOUR_S + 1


class Run:
    """Warm up, then measure."""

    def __init__(self, options: argparse.Namespace, place: Path) -> None:
        self.options = options
        self.clock = Shifted()
        self.late: list[float] = []
        self.measuring = False
        config = Config(
            poller=PollerSection(attached_to="router-0", gateway="router-0"),
            data=DataSection(dir=place),
            poll=PollSection(counters_s=options.every),
        )
        self.store = MetricStore(config.metrics_file)
        inventory = network(options.devices, options.port)
        secrets = Secrets({("snmp", "default"): "public"})
        self.house: House = build_house(
            config, build_network(config, inventory), secrets, self.store, clock=self.clock, tell=lambda changes: None
        )
        self.polling = Polling(options.every, self.poll, lambda target: True, self.clock)
        self.polling.put(Target(device, "interfaces", options.every) for device in inventory.devices.values())

    async def poll(self, target: Target, due: float) -> None:
        if self.measuring:
            self.late.append(self.clock() - due)
        await self.house.pipeline.poll(target, due)

    async def every_second(self, writer: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.polling.fire()
            self.store.put_status(self.house.network.board.changed_rows())
            await loop.run_in_executor(writer, self.store.commit)
            now = self.clock()
            await asyncio.sleep(int(now) + 1 - now)

    async def run(self) -> dict[str, float]:
        options = self.options
        self.clock.put_hour_behind(options.warm)
        with self.store, ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as sealer:
            async with self.house.engine, self.house.probes:
                beat = asyncio.create_task(self.every_second(writer))
                await asyncio.sleep(options.warm)
                gc.collect()
                gc.freeze()
                found = await self.measure(sealer)
                beat.cancel()
                await self.polling.drain(3)
        return found

    async def measure(self, sealer: ThreadPoolExecutor) -> dict[str, float]:
        options, counters, pipeline = self.options, self.polling.counters, self.house.pipeline.counters
        before = (counters.started, counters.skipped, pipeline.answered, pipeline.failed, pipeline.values)
        control = sleeper(options.seconds)
        self.measuring = True
        cpu, wall = time.process_time(), time.monotonic()
        child = resource.getrusage(resource.RUSAGE_CHILDREN)
        seal = asyncio.get_running_loop().run_in_executor(sealer, self.store.seal, self.clock() + LAG_S)
        await asyncio.sleep(options.seconds)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        self.measuring = False
        after = (counters.started, counters.skipped, pipeline.answered, pipeline.failed, pipeline.values)
        chunks = await seal
        said, _ = control.communicate()
        worker = resource.getrusage(resource.RUSAGE_CHILDREN)
        started, skipped, answered, failed, values = (b - a for a, b in zip(before, after, strict=True))
        floor = json.loads(said)
        late = sorted(self.late)
        # the control's own CPU is in there too: it sleeps, and its share is measured by its wake-ups being few
        return {
            "core": cpu / wall,
            "worker_core": (worker.ru_utime + worker.ru_stime - child.ru_utime - child.ru_stime) / wall,
            "polls_per_s": started / wall,
            "answered": answered,
            "failed": failed,
            "skipped": skipped,
            "values_per_s": values / wall,
            "late_p50_ms": late[len(late) // 2] * 1e3,
            "late_p99_ms": late[int(len(late) * 0.99)] * 1e3,
            "floor_p99_ms": floor[1] * 1e3,
            "sealed_chunks": chunks,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def main() -> None:
    logging.disable(logging.ERROR)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=10.0)
    parser.add_argument("--warm", type=float, default=90.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--dead", type=float, default=5.0, help="percent of devices that never answer")
    parser.add_argument("--rtt", default="1:600", help="least and most round trip in ms, log-uniform")
    parser.add_argument("--port", type=int, default=1165)
    options = parser.parse_args()
    if not (TOOLS / "replay.c").exists():
        print(f"needs {TOOLS.name} of ../shared/tools; nothing measured")
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with agent(options, place, options.warm + options.seconds + 30):
            found = asyncio.run(Run(options, place).run())
    print(f"{options.devices} devices every {options.every:g} s, {options.dead:g} % dead, RTT {options.rtt} ms")
    for name, value in found.items():
        print(f"  {name:<14} {value:>12,.2f}")
    late = found["late_p99_ms"] - found["floor_p99_ms"]
    print(f"  daemon and worker {found['core'] + found['worker_core']:.2f} core; p99 {late:.1f} ms over the control")


if __name__ == "__main__":
    main()
