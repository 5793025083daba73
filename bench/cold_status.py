"""How long `noc link status` takes from nothing, against a Python that starts and does nothing."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from bench.status_data import write  # noqa: E402


def cost(command: list[str], times: int) -> tuple[float, float]:
    """Median CPU and wall seconds of one run."""
    cpu, wall = [], []
    for _ in range(times):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "80"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - began)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(cpu), statistics.median(wall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--times", type=int, default=11)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        config = write(Path(directory) / "net", asked.sites)
        noc = [sys.executable, "-m", "noc", "-c", str(config)]
        on_terminal = "import pty,sys; sys.exit(pty.spawn(sys.argv[1:]))"
        runs = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "noc link status (pipe)": [*noc, "link", "status"],
            "noc link status (terminal)": [sys.executable, "-c", on_terminal, *noc, "link", "status"],
            "noc link status --json": [*noc, "link", "status", "--json"],
            "noc site status": [*noc, "site", "status"],
        }
        found = {name: cost(command, asked.times) for name, command in runs.items()}
    bare = found["python -c pass"][0]
    print(f"{asked.sites} sites, median of {asked.times}; must <= 15x, aim <= 8x of CPU")
    for name, (cpu, wall) in found.items():
        print(f"{name:30} {cpu * 1e3:7.1f} ms CPU {wall * 1e3:7.1f} ms {cpu / bare:6.1f}x")


if __name__ == "__main__":
    main()
