"""How long an inventory takes to read and check, against PyYAML's own C loader on the same files (no lines, no checks).

python bench/inventory_load.py --sites 10000
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from inventory.difference import diff
from inventory.reading import load
from inventory.sample_network import generate
from inventory.writing import write


def cpu_s(act: Callable[[], object], runs: int) -> float:
    """Best CPU seconds of some runs."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def plain_load(directory: Path) -> list[object]:
    return [yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) for path in sorted(directory.glob("*.yaml"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    wishes = parser.parse_args()
    network = generate(wishes.sites)
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        write(network, directory)
        size = sum(path.stat().st_size for path in directory.iterdir())
        baseline = cpu_s(lambda: plain_load(directory), wishes.runs)
        whole = cpu_s(lambda: load(directory), wishes.runs)
        writing = cpu_s(lambda: write(network, directory), 1)
        read = load(directory)
    comparing = cpu_s(lambda: diff(network, read), wishes.runs)
    assert read == network
    print(
        f"{wishes.sites} member sites, {len(network.devices)} devices, {size / 1e6:.1f} MB of YAML; best of {wishes.runs}"
    )
    print(f"{'':34}{'CPU s':>8}{'of baseline':>13}")
    for name, seconds in (
        ("baseline: yaml.CSafeLoader alone", baseline),
        ("read with lines, and all checks", whole),
        ("write", writing),
        ("difference of two", comparing),
    ):
        print(f"{name:34}{seconds:8.2f}{seconds / baseline:12.2f}x")
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
