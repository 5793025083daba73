"""What polling on a schedule costs: our engine against collectd and snmp_exporter on the same devices.

Ours and collectd poll 149 devices each second; snmp_exporter, as its adapter drives it, is scraped without a pause by 32
clients, so it is spared the idle time of a schedule. The pace reached is printed beside the cost.

One poll is sysUpTime and 10 columns of 24 interfaces; our starts are grouped in ticks of 50 ms.
Needs the agent and the adapters of ../shared/tools/snmpbench, a C compiler, collectd and prometheus-snmp-exporter.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.snmp_burst import COLUMNS, COMPILED, PLAIN, PORT, ROOT, ROWS, TOOLS, agents, build, last_line
from collectors.snmp.fast import available

TICK_S = 0.05
TARGETS = {"collectd": (1.5, 3), "snmp_exporter": (5, 10)}


async def schedule(arguments: argparse.Namespace) -> dict[str, Any]:
    """Every device once a second, in phase with its place; process CPU over all of it, the first 2 s left out."""
    from collectors.contract import Plan
    from collectors.snmp.engine import Engine
    from collectors.snmp.sessions import Sessions
    from inventory.model import Device, Snmp

    plan = Plan(("1.3.6.1.2.1.1.3.0",), COLUMNS, tuple(range(1, ROWS + 1)))
    ticks = int(1 / TICK_S)
    async with Engine(fast=arguments.compiled) as engine:
        of = Sessions(engine, lambda name: "public").of
        sessions = [
            of(Device(f"r{i}", "site", f"127.10.{(i + 1) >> 8}.{(i + 1) & 255}", snmp=Snmp(port=PORT)))
            for i in range(arguments.devices)
        ]
        loop = asyncio.get_running_loop()
        cohorts = [sessions[phase::ticks] for phase in range(ticks)]
        done = failed = 0
        running: set[asyncio.Task[Any]] = set()

        def finished(task: asyncio.Task[Any]) -> None:
            nonlocal done, failed
            running.discard(task)
            good = task.exception() is None and task.result().values.shape == (len(COLUMNS), ROWS)
            done, failed = done + good, failed + (not good)

        start = loop.time()
        cpu_s = 0.0
        for tick in range(ticks * (arguments.seconds + 2)):
            if tick == 2 * ticks:
                cpu_s, done = time.process_time(), 0
            await asyncio.sleep(start + tick * TICK_S - loop.time())
            for session in cohorts[tick % ticks]:
                task = loop.create_task(session.matrix(plan))  # type: ignore[arg-type]
                running.add(task)
                task.add_done_callback(finished)
        if running:
            await asyncio.wait(running)
        cpu_s = time.process_time() - cpu_s
        if failed:
            raise SystemExit(f"{failed} polls failed")
        return {"polls_cpu_s": done / cpu_s, "polls": done, "polls_s": done / arguments.seconds}


def peer(name: str, where: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    for tool in ("mkcfg.py", "common.py"):
        shutil.copy(TOOLS / tool, where / tool)
    os.environ |= {"PEERDIR": str(where), "REPLAY": str(where / "replay"), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, str(TOOLS / "peers.py"), name, str(arguments.devices), str(arguments.seconds)]
    return last_line(words, where)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--devices", type=int, default=149)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", action="store_true", help="run ours once and print its figures")
    parser.add_argument("--compiled", action="store_true", help="in that run, with the compiled parts")
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(asyncio.run(schedule(arguments))))
        return
    missing = [name for name in ("collectd", "prometheus-snmp-exporter", "gcc") if shutil.which(name) is None]
    if missing or not TOOLS.exists():
        print(f"not here, nothing measured: {', '.join(missing) or 'the bench tools of ../shared'}")
        return
    figures: dict[str, list[float]] = {}
    pace: dict[str, float] = {}
    own = [sys.executable, __file__, "--child", "-n", str(arguments.devices), "--seconds", str(arguments.seconds)]
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        build(where)
        for _ in range(arguments.repeat):
            said = {}
            for engine, words in ((PLAIN, own), (COMPILED, [*own, "--compiled"])):
                if engine == COMPILED and not available():
                    continue
                with agents(where, arguments.devices):
                    said[engine] = last_line(words, ROOT)
            said["collectd"] = peer("collectd-bulk", where, arguments)
            said["snmp_exporter"] = peer("snmp_exporter", where, arguments)
            for engine, told in said.items():
                figures.setdefault(engine, []).append(told["polls_cpu_s"])
                pace[engine] = told["polls_s"]
    ours = statistics.median(figures[PLAIN])
    print(f"{'engine':16} {'polls per CPU-s':>16} {'min..max':>16} {'polls/s':>8} {'ours is':>9}  must / aim")
    for engine, runs in figures.items():
        must = TARGETS.get(engine)
        middle, spread = statistics.median(runs), f"{min(runs):.0f}..{max(runs):.0f}"
        print(
            f"{engine:16} {middle:16.0f} {spread:>16} {pace[engine]:8.0f} {ours / middle:8.2f}x",
            end="  ",
        )
        print("" if must is None else f"{must[0]:g} / {must[1]:g}")


if __name__ == "__main__":
    main()
