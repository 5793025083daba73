"""The whole daemon at its defaults, 149 sites of the lab: share of a core and memory, after it has settled.

Nothing is left out: liveness every 5 s, counters of every interface every 30 s, judging, status rows, a commit a second.
CPU and memory are the kernel's own account of the daemon's process. Baseline: a Python that only runs an event loop with
one timer a second, beside it.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inventory.skeleton import write_sample

IDLE = """
import asyncio
async def main():
    while True: await asyncio.sleep(1)
asyncio.run(main())
"""


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


def start(config: Path, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "noc", "-c", str(config), *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument(
        "--version", choices=("2c", "3"), help="All devices speak this  [default: as the sample, mostly 3]"
    )
    parser.add_argument("--settle", type=float, default=45.0)
    parser.add_argument("--seconds", type=float, default=90.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        write_sample(home, sites=options.sites)
        if options.version:
            speak(home / "inventory" / "devices.yaml", options.version)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            listen = f"127.0.0.1:{sock.getsockname()[1]}"
        config = home / "noc.toml"
        config.write_text(config.read_text().replace("127.0.0.1:9116", listen))
        measure(config, options)


def speak(devices: Path, version: str) -> None:
    credential = "routers" if version == "3" else "default"
    said = f"snmp: {{version: {version}, credential: {credential}, "
    devices.write_text(re.sub(r"snmp: {(version: '3', credential: routers, )?", said, devices.read_text()))


def measure(config: Path, options: argparse.Namespace) -> None:
    running = [start(config, "lab")]
    time.sleep(3)
    running += [start(config, "run"), subprocess.Popen([sys.executable, "-c", IDLE])]
    names = ("lab", "daemon", "idle Python")
    try:
        time.sleep(options.settle)
        before = [cpu_s(process.pid) for process in running]
        time.sleep(options.seconds)
        print(f"{options.sites} sites at defaults, {options.seconds:g} s after {options.settle:g} s")
        print(f"{'':14}{'% of a core':>12}{'RSS MB':>9}{'most MB':>9}")
        for name, process, was in zip(names, running, before, strict=True):
            share = 100 * (cpu_s(process.pid) - was) / options.seconds
            print(f"{name:14}{share:12.2f}{memory_mb(process.pid, 'VmRSS'):9.1f}{memory_mb(process.pid, 'VmHWM'):9.1f}")
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
