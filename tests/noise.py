"""A bad machine for a command: now and then all of it stops for seconds, as under a hypervisor that has others to serve.

python -m tests.noise --every 8 --lasts 8 -- taskset -c 0 python -m pytest tests/collectors
python -m tests.noise --every 0.7 --lasts 0.5 -- python -m pytest tests/alerts/notify
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path


def children() -> dict[int, list[int]]:
    """Of every process, by Linux's own list."""
    found: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1]) if each.name.isdigit() else 0
        except (OSError, IndexError):  # it has ended meanwhile
            continue
        if parent:
            found.setdefault(parent, []).append(int(each.name))
    return found


def family(root: int) -> list[int]:
    """It and all that came of it."""
    of, found = children(), [root]
    for pid in found:
        found += of.get(pid, [])
    return found


def signalled(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def stopped_for(root: int, seconds: float) -> None:
    stopped: list[int] = []
    try:
        for _ in range(3):  # who was started while the others were being stopped
            fresh = [pid for pid in family(root) if pid not in stopped]
            signalled(fresh, signal.SIGSTOP)
            stopped += fresh
        time.sleep(seconds)
    finally:
        signalled(stopped, signal.SIGCONT)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--every", type=float, default=8.0, help="seconds from one stall to the next, in the middle")
    asked.add_argument("--lasts", type=float, default=8.0, help="seconds that one lasts, in the middle")
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked.add_argument("command", nargs="+")
    given = asked.parse_args()
    draw = random.Random(given.seed)
    print(f"noise: seed {given.seed}", flush=True)
    process = subprocess.Popen(given.command)
    while True:
        try:
            return process.wait(draw.uniform(0.0, 2 * given.every))
        except subprocess.TimeoutExpired:
            stopped_for(process.pid, draw.uniform(0.5, 1.5) * given.lasts)


if __name__ == "__main__":
    sys.exit(main())
