"""What the board costs: microseconds of CPU per ordinary liveness round, and the worst sweep while much is dying."""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from alerts.board import Board  # noqa: E402
from bench.status_data import Pulse  # noqa: E402
from inventory.sample_network import generate  # noqa: E402
from inventory.topology import Topology  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    inventory = generate(asked.sites)
    devices = list(inventory.devices.values())
    began = time.process_time()
    topology = Topology(inventory, devices[0].key)
    board = Board(inventory, topology)
    built = time.process_time() - began
    good = {d.key: (dict.fromkeys(d.probes, 12.0), dict.fromkeys(inventory.link_interfaces[d.key], 1)) for d in devices}

    def feed(at: float, dead: frozenset[str] = frozenset()) -> float:
        pulses = [
            Pulse(d.key, at, at, dict.fromkeys(d.probes, None))
            if d.key in dead
            else Pulse(d.key, at, at, good[d.key][0], ports=good[d.key][1])
            for d in devices
        ]
        began = time.process_time()
        for pulse in pulses:
            board.feed_pulse(pulse)
        return time.process_time() - began

    feed(0.0)
    board.sweep(0.0)
    nothing = time.process_time()
    for device in devices * asked.rounds:
        good[device.key]
    nothing = time.process_time() - nothing
    ordinary = sum(feed(5.0 * (number + 1)) for number in range(asked.rounds))
    began = time.process_time()
    behind = topology.behind(
        max((d.key for d in devices if d.role == "regional"), key=lambda k: len(topology.behind(k)))
    )
    asking = time.process_time() - began
    began = time.process_time()
    topology.reachable(behind)
    walking = time.process_time() - began
    at, worst, dead = (
        5.0 * (asked.rounds + 2),
        0.0,
        frozenset(random.Random(1).sample(list(behind), len(behind))) | {"x"},
    )
    began = time.process_time()
    for step in range(14):
        feed(at + step / 2, dead)
        swept = time.process_time()
        board.sweep(at + step / 2)
        worst = max(worst, time.process_time() - swept)
    began = time.process_time()
    rows = sum(1 for _ in board.changed_rows())
    writing = time.process_time() - began
    each = ordinary / (len(devices) * asked.rounds)
    print(f"{len(devices)} devices, {len(inventory.links)} links; CPU")
    print(f"{'build topology and board':42} {built * 1e3:9.1f} ms")
    print(f"{'ordinary round, with its ports':42} {each * 1e6:9.2f} us  ({each * len(devices) / 5:.2%} of a core)")
    print(f"{'a dictionary look-up, for comparison':42} {nothing / (len(devices) * asked.rounds) * 1e6:9.2f} us")
    print(f"{'behind(every regional router)':42} {asking * 1e3:9.1f} ms")
    print(f"{'reachable()':42} {walking * 1e3:9.1f} ms")
    print(f"{f'worst sweep, {len(dead) - 1} devices dying':42} {worst * 1e3:9.1f} ms")
    print(f"{f'changed_rows(), {rows} rows':42} {writing * 1e3:9.1f} ms")


if __name__ == "__main__":
    main()
