"""How many polls a CPU-second buys: our engine against pysnmp, gufo-snmp and what C can do, in one interleaved run.

One poll is sysUpTime and 10 columns of 24 interfaces, 241 values; ours counts with its numpy result in hand, once in
pure Python and once with the compiled parts, where they are built.
Needs the agent, the ceiling and the adapters of ../shared/tools/snmpbench, and a C compiler.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT.parent / "shared" / "tools" / "snmpbench"
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
COLUMNS = (
    *(f"{IFX}.{n}" for n in (6, 10)),
    *(f"{IF}.{n}" for n in (14, 20, 13, 19, 8, 7)),
    *(f"{IFX}.{n}" for n in (15, 18)),
)
PORT, ROWS = 11610, 24
PLAIN, COMPILED = "ours", "ours, compiled"
TARGETS = {"pysnmp-v3arch": (500, 700), "gufo-async-getmany": (6, 8), "ceiling": (0.20, 0.28)}


def build(where: Path) -> None:
    """The agent and the ceiling, compiled."""
    for name, extra in (("replay", ["-pthread", "-lm"]), ("blast", [])):
        source = TOOLS / f"{name}.c"
        subprocess.run(["gcc", "-O2", "-w", "-o", where / name, source, *extra], check=True)


@contextmanager
def agents(where: Path, devices: int) -> Iterator[None]:
    """`devices` routers on 127.10.0.1 and following."""
    command = [where / "replay", "-n", str(devices), "-p", str(PORT), "-s", "300"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.3)
        yield
    finally:
        process.terminate()
        process.wait()


async def polls(arguments: argparse.Namespace) -> dict[str, Any]:
    """Our engine: every device again as soon as it is done."""
    from collectors.contract import Plan
    from collectors.snmp.engine import Engine
    from collectors.snmp.sessions import Sessions
    from inventory.model import Device, Snmp

    plan = Plan(("1.3.6.1.2.1.1.3.0",), COLUMNS, tuple(range(1, ROWS + 1)))
    async with Engine(fast=arguments.compiled) as engine:
        of = Sessions(engine, lambda name: "public").of
        ring = [
            of(Device(f"r{i}", "site", f"127.10.{(i + 1) >> 8}.{(i + 1) & 255}", snmp=Snmp(port=PORT)))
            for i in range(arguments.devices)
        ]
        left = 0

        async def work() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                session = ring.pop(0)
                matrix = await session.matrix(plan)
                if matrix.values.shape != (len(COLUMNS), ROWS) or not matrix.scalars[0]:
                    raise SystemExit("a poll is not whole")
                ring.append(session)

        for budget in (8 * arguments.devices, arguments.polls):  # the first is warming up
            left = budget
            before = time.process_time(), time.perf_counter()
            await asyncio.gather(*(work() for _ in range(arguments.flight)))
            cpu_s, wall_s = time.process_time() - before[0], time.perf_counter() - before[1]
        return {
            "polls_cpu_s": arguments.polls / cpu_s,
            "polls_s": arguments.polls / wall_s,
            "counters": engine.figures(),
        }


def last_line(command: list[str], cwd: Path) -> dict[str, Any]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=180, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"{command[0]}: {done.stderr[-400:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def peer(name: str, count: int, arguments: argparse.Namespace) -> Callable[[Path], dict[str, Any]]:
    words = [sys.executable, "-B", str(TOOLS / "engines.py"), name, "-n", str(arguments.devices), "--port", str(PORT)]
    words += ["--polls", str(count), "--warm", str(max(count // 10, 20))]
    return lambda where: last_line(words, TOOLS)


def contestants(arguments: argparse.Namespace) -> dict[str, Callable[[Path], dict[str, Any]]]:
    from collectors.snmp.fast import available

    own = [sys.executable, __file__, "--child", "-n", str(arguments.devices), "--polls", str(arguments.polls)]
    own += ["--flight", str(arguments.flight)]
    return {
        PLAIN: lambda where: last_line(own, ROOT),
        **({COMPILED: lambda where: last_line([*own, "--compiled"], ROOT)} if available() else {}),
        "ceiling": lambda where: last_line(
            [str(where / "blast"), *f"-p {PORT} -n {arguments.devices} -q P -w 256 -T 3 -D".split()], where
        ),
        "gufo-async-getmany": peer("gufo-async-getmany", 4000, arguments),
        "lean-shape": peer("lean-shape", 20000, arguments),
        "pysnmp-v3arch": peer("pysnmp-v3arch", 100, arguments),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--devices", type=int, default=149)
    parser.add_argument("--polls", type=int, default=30_000, help="polls of ours per run")
    parser.add_argument("--flight", type=int, default=64, help="polls under way at once")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], help="leave out this engine")
    parser.add_argument("--child", action="store_true", help="run ours once and print its figures")
    parser.add_argument("--compiled", action="store_true", help="in that run, with the compiled parts")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if arguments.child:
        print(json.dumps(asyncio.run(polls(arguments))))
        return
    if not TOOLS.exists():
        print("the bench tools of ../shared are not here; nothing measured")
        return
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        build(where)
        for _ in range(arguments.repeat):
            for engine, run in contestants(arguments).items():
                if engine in arguments.without:
                    continue
                with agents(where, arguments.devices):
                    figures.setdefault(engine, []).append(run(where)["polls_cpu_s"])
    show(figures)


def show(figures: dict[str, list[float]]) -> None:
    ours = statistics.median(figures[PLAIN])
    compiled = statistics.median(figures.get(COMPILED, [0.0]))
    print(
        f"{'engine':20} {'polls per CPU-s':>16} {'min..max':>18} {'ours is':>10} {'compiled':>10}  must / aim of ours"
    )
    for engine, runs in sorted(figures.items(), key=lambda item: -statistics.median(item[1])):
        middle, must = statistics.median(runs), TARGETS.get(engine)
        spread = f"{min(runs):.0f}..{max(runs):.0f}"
        print(
            f"{engine:20} {middle:16.0f} {spread:>18} {told(ours / middle):>10} {told(compiled / middle):>10}", end="  "
        )
        print("" if must is None else f"{must[0]:g} / {must[1]:g}")


def told(ratio: float) -> str:
    if not ratio:
        return ""
    return f"{ratio:.2f}x" if ratio >= 0.995 else f"{100 * ratio:.1f} %"


if __name__ == "__main__":
    main()
