"""What grouping alarms into causes costs: nothing wrong, one region dead, a storm; against reading all rows of the board.

python -m bench.causes --devices 10000 --gone 500
"""

import argparse
import json
import random
import time
from collections.abc import Callable

from alerts.alarm import Alarm, Evidence, Family, Phase, Severity
from alerts.board import Board
from alerts.causes.grouping import Causes
from alerts.subject import Subject
from alerts.view import View
from inventory.model import Inventory
from inventory.sample_network import ATTACHED_TO, GATEWAY, generate
from inventory.topology import Topology

T0 = 1_000_000.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--gone", type=int, default=500)
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    inventory = generate(asked.devices)
    topology = Topology(inventory, ATTACHED_TO)
    began = time.process_time()
    causes = Causes(inventory, topology)
    print(f"prepared for {len(inventory.devices)} devices in {time.process_time() - began:.2f} s")
    view = View(inventory, topology, Board(inventory, topology, gateway=GATEWAY))
    rows = _cost(view.rows, asked.times)
    print(f"baseline, all rows of the board: {rows * 1e3:.2f} ms")
    for title, alarms in _cases(inventory, topology, asked.gone):
        found = causes.group(alarms, view)
        cost = _cost(lambda alarms=alarms: causes.group(alarms, view), asked.times)  # type: ignore[misc]
        figures = {
            "alarms": len(alarms),
            "causes": len(found),
            "ms": round(cost * 1e3, 3),
            "of_baseline": round(cost / rows, 4),
        }
        print(f"{title}: {json.dumps(figures)}")


def _cost(work: Callable[[], object], times: int) -> float:
    """CPU-seconds of one, the least of all."""
    costs = []
    for _ in range(times):
        began = time.process_time()
        work()
        costs.append(time.process_time() - began)
    return min(costs)


def _cases(inventory: Inventory, topology: Topology, gone: int) -> list[tuple[str, dict[str, Alarm]]]:
    draw = random.Random(4)
    routers = sorted(key for key, each in inventory.devices.items() if each.role == "regional")
    lone = sorted(key for key, each in inventory.devices.items() if each.role == "cpe")
    region: set[str] = set()
    for router in routers:
        region |= {router, *topology.behind(router)} if len(region) < gone else set()
    sessions = [
        _alarm("peer", f"{key} 192.0.2.{n}", T0 + 40, "routing") for n in range(2) for key in sorted(region)[:gone]
    ]
    return [
        ("nothing wrong", {}),
        ("regions dead", _gone(inventory, region, lambda key: T0 + draw.random() * 5)),
        (
            "regions dead, with sessions",
            {**_gone(inventory, region, lambda key: T0), **{one.key: one for one in sessions}},
        ),
        ("as many routers dead, each by itself", _gone(inventory, draw.sample(lone, gone), lambda key: T0)),
        ("one after another behind dead regions", _gone(inventory, region, lambda key: T0 + 20 * draw.randrange(gone))),
    ]


def _gone(inventory: Inventory, devices: object, at: Callable[[str], float]) -> dict[str, Alarm]:
    found = {}
    for key in sorted(devices):  # type: ignore[call-overload]
        since = at(key)
        for one in (
            _alarm("device", key, since),
            *(_alarm("link", link.key, since) for link in inventory.links_of[key]),
        ):
            found[one.key] = one
    return found


def _alarm(kind: str, key: str, since: float, family: Family = "reachability") -> Alarm:
    device = key.split(maxsplit=1)[0] if kind in ("device", "peer") else ""
    subject = Subject(kind, key, device)  # type: ignore[arg-type]
    return Alarm(kind, subject, family, Severity.MINOR, Phase.FIRING, since, since, since, since, evidence=Evidence())


if __name__ == "__main__":
    main()
