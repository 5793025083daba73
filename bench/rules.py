"""What judging costs: the batches and rows of 10,000 devices through all default rules, and a storm of interface changes.

Baseline: the same rules on the same batches in plain Python, value by value, as bare levels: no windows, no verdicts.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from alerts.board import Board  # noqa: E402
from alerts.machine import Machine  # noqa: E402
from alerts.rules.judge import Judge  # noqa: E402
from alerts.rules.measurements import MEASUREMENTS  # noqa: E402
from alerts.rules.reading import read_rules  # noqa: E402
from alerts.view import View  # noqa: E402
from inventory.batch import Batch  # noqa: E402
from inventory.model import Inventory  # noqa: E402
from inventory.sample_network import generate  # noqa: E402
from inventory.topology import Topology  # noqa: E402

TICK_S = 0.05
PERIOD_S = 60
HEALTH = {"cpu": 2, "memory": 1, "temperature": 4, "fan": 2, "component": 4, "optical": 2}
PEERS_EACH = 2
POLLED = {"interfaces": 30, "ping": 60, "peers": 30, "health": 60}
USUAL = {"loss_ratio": 0.0, "rtt_ms": 20.0, "answered": 1.0, "reason": 0.0, "reboots": 0.0, "oper_status": 1.0}
USUAL |= {"admin_status": 1.0, "component_status": 1.0, "bgp_state": 6.0, "bgp_admin_status": 2.0, "rx_dbm": -9.0}
USUAL |= {"temperature_c": 41.0, "cpu_ratio": 0.2, "memory_ratio": 0.5, "in_util_ratio": 0.4, "out_util_ratio": 0.3}
USUAL |= {"in_errors_ps": 0.0, "out_errors_ps": 0.0, "in_discards_ps": 0.0, "out_discards_ps": 0.0}


def shape(name: str, rows: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    quantities = MEASUREMENTS[name].quantities
    return rows, quantities, np.array([[USUAL.get(each, 7.0)] * len(rows) for each in quantities])


def minute(
    inventory: Inventory, devices: list[str], at: int, shapes: dict[tuple[str, str], tuple]
) -> Iterator[list[Batch]]:
    """The batches of a minute, tick by tick; a device's polls are spread by its place."""
    due: list[list[Batch]] = [[] for _ in range(int(PERIOD_S / TICK_S))]

    def put(name: str, scope: str, rows: tuple[str, ...], when: float) -> None:
        one = shapes.get((name, scope)) or shapes.setdefault((name, scope), shape(name, rows))
        due[int(when / TICK_S)].append(Batch(name, scope, at + int(when), *one))

    for place, device in enumerate(devices):
        phase = 30.0 * place / len(devices)
        interfaces = inventory.link_interfaces[device][:4] or ("none",)
        for half in (0.0, 30.0):
            put("interface", device, interfaces, phase + half)
            put("device", device, (device,), phase + half)
            put("bgp_peer", device, tuple(f"10.0.0.{peer}" for peer in range(PEERS_EACH)), phase + half)
        put("ping", device, ("ping",), phase)
        for name, rows in HEALTH.items():
            put(name, device, tuple(f"{name} {row}" for row in range(rows)), phase)
        for collector, every_s in POLLED.items():
            for half in range(0, PERIOD_S, every_s):
                key = ("poll", f"{device} {collector}")
                one = shapes.get(key) or shapes.setdefault(key, shape("poll", (collector,)))
                due[int((phase + half) / TICK_S)].append(Batch("poll", device, at + half, *one))
    for half in (0.0, 30.0):
        put("link", "", tuple(inventory.links), half)
    yield from due


def naive(batches: list[Batch], rules_of: Counter[str], sides: dict[tuple[str, str, int, int], bool]) -> None:
    """Each rule of a measurement looks at one value of each row, and remembers on which side of its level it is."""
    for batch in batches:
        for rule in range(rules_of[batch.measurement]):
            line = batch.values[rule % len(batch.values)].tolist()
            for place, value in enumerate(line):
                if not math.isnan(value):
                    key = batch.measurement, batch.scope, rule, place
                    sides[key] = value > 1e12 or (value > 1e11 and sides.get(key, False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--minutes", type=int, default=3)
    asked = parser.parse_args()
    inventory = generate(asked.sites)
    devices = list(inventory.devices)
    topology = Topology(inventory, devices[0])
    board = Board(inventory, topology)
    view = View(inventory, topology, board)
    machine = Machine(read_rules(Path("/nonexistent")))
    judge = Judge(read_rules(Path("/nonexistent")), inventory, machine.alarms)
    rows = [replace(row, state="up", since=1.0) for row in view.rows().values()]
    judge.judge_rows(rows, view, 0.0)

    rules_of = Counter(rule.measurement for rule in read_rules(Path("/nonexistent")))
    sides: dict[tuple[str, str, int, int], bool] = {}
    shapes: dict[tuple[str, str], tuple] = {}
    judged, baseline, batches, values, first, said = 0.0, 0.0, 0, 0, 0.0, 0
    for number in range(asked.minutes + 1):
        now = number * PERIOD_S
        for tick, each in enumerate(minute(inventory, devices, now, shapes)):
            began = time.process_time()
            if each:
                verdicts = judge.judge(each, view)
                machine.feed(verdicts, now + tick * TICK_S)
                said += len(verdicts)
            if tick % 20 == 0:
                machine.feed(judge.tick(view, now + tick * TICK_S), now + tick * TICK_S)
                machine.tick(now + tick * TICK_S)
            spent = time.process_time() - began
            if number == 0:
                first += spent
                continue
            judged += spent
            batches += len(each)
            values += sum(batch.values.size for batch in each)
            began = time.process_time()
            naive(each, rules_of, sides)
            baseline += time.process_time() - began
    seconds = asked.minutes * PERIOD_S
    began = time.process_time()
    for turn in range(12):  # every row is younger every five seconds
        machine.feed(judge.judge_rows(rows, view, now + turn * 5.0), now + turn * 5.0)
    freshened = (time.process_time() - began) / 60
    share = 100 / seconds
    print(f"{len(devices)} devices, {len(inventory.links)} links", end=", ")
    print(f"{batches / seconds:.0f} batches/s, {values / seconds:.0f} values/s")
    print(
        f"batches        {judged * share:5.1f} % of a core, {1e6 * judged / batches:5.1f} us a batch, {said} verdicts"
    )
    print(f"baseline       {baseline * share:5.1f} % of a core: judging is {judged / baseline:.2f}x of it")
    print(f"rows           {100 * freshened:5.1f} % of a core")
    print(f"first minute   {100 * first / PERIOD_S:5.1f} % of a core, in which everything is seen for the first time")
    print(f"judging in all {judged * share + 100 * freshened:5.1f} % of a core (20 % must, 10 % aim)")
    storm(judge, machine, view, rows, now + 100.0)


def storm(judge: Judge, machine: Machine, view: View, rows: list, start: float) -> None:
    """10,000 links change in ten seconds: half of them down, half of those up again."""
    links = [row for row in rows if row.kind == "link"][:5000]
    changes = [(place, "down") for place in range(len(links))] + [(place, "up") for place in range(len(links))]
    began, changed = time.process_time(), 0
    for second in range(10):
        now = start + second
        part = changes[second * len(changes) // 10 : (second + 1) * len(changes) // 10]
        some = [replace(links[place], state=state, since=now) for place, state in part]
        changed += len(machine.feed(judge.judge_rows(some, view, now), now))
        machine.tick(now)
    spent = time.process_time() - began
    print(
        f"storm        {100 * spent / 10:5.1f} % of a core for {len(changes)} changes in 10 s ({changed} changes of alarms)"
    )


if __name__ == "__main__":
    main()
