"""A storm: 10,000 interface changes in ten seconds on the declared links of 10,000 devices, in real time, to the telephone.

    python bench/storm.py --devices 10000 --stay 500

Board, rules, machine, causes, desk, outbox and a ledger on disk are the daemon's own, on one loop and one thread for the
ledger as in the daemon; answers of devices are made up: a liveness round of every device each 5 s, its counters each
30 s. Links go down and come up again 5 s later; `--stay` of them do not, and the sites behind them fall silent. CPU is
of all threads. Baseline: the same seconds before the storm, in which nothing changes.
"""

import argparse
import asyncio
import gc
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from alerts.notification import Notification, Receipt  # noqa: E402
from collectors.pulse import Pulse  # noqa: E402
from inventory.batch import Batch  # noqa: E402
from inventory.model import Link  # noqa: E402
from inventory.sample_network import ATTACHED_TO, GATEWAY, generate  # noqa: E402
from noc.alerting import Alerting, read_orders  # noqa: E402
from noc.config import Config, DataSection, PollerSection  # noqa: E402
from noc.ledger.ledger import open_ledger  # noqa: E402
from noc.rounds import MOST_KEEN  # noqa: E402
from noc.wiring import build_network  # noqa: E402

TICK_S, LIVENESS_S, COUNTERS_S, DOWN_S = 0.05, 5.0, 30.0, 5.0
UP, DOWN = 1, 2
QUANTITIES = ("in_bps", "out_bps", "in_util_ratio", "out_util_ratio", "oper_status", "admin_status")


class Telephone:
    """A channel that takes everything at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[Notification] = []

    async def send(self, notification: Notification, address: str) -> Receipt:
        self.taken.append(notification)
        return Receipt(notification.key)


class Storm:
    """The network as it is, and the loop that asks it."""

    def __init__(self, devices: int, home: Path, threads: ThreadPoolExecutor) -> None:
        self.inventory = generate(devices)
        config = Config(poller=PollerSection(attached_to=ATTACHED_TO, gateway=GATEWAY), data=DataSection(dir=home))
        self.network = build_network(config, self.inventory)
        self.board = self.network.board
        self.ledger = open_ledger(config.ledger_url, migrate=True, clock=time.time)
        self.channels = {name: Telephone(name) for name in ("sms", "mail")}
        loop = asyncio.get_running_loop()
        self.alerting = Alerting(
            config,
            self.network,
            read_orders(config, self.inventory),
            self.ledger,
            self.channels,
            clock=time.time,
            run=lambda call: loop.run_in_executor(threads, call),
        )
        self.names = list(self.inventory.devices)
        self.read: dict[str, dict[str, int]] = {}  # device -> what its ports read
        for link in self.inventory.links.values():
            for end in link.ends:
                self.read.setdefault(end.device, {})[end.interface] = UP
        self.gone: set[str] = set()  # devices behind those that stay down
        self.late: list[float] = []
        self.keen: dict[str, None] = {}
        self.asked = 0
        self.changes: list[tuple[float, Link, bool]] = []

    def ports(self, device: str) -> Mapping[str, int]:
        return self.read.setdefault(device, {})

    def ask(self, device: str, now: float) -> None:
        """One liveness round, answered at once, or given up a second ago."""
        self.asked += 1
        probes = self.inventory.devices[device].probes
        if device in self.gone:
            pulse = Pulse(device, now - 1.0, now, dict.fromkeys(probes))
        else:
            pulse = Pulse(
                device, now - 0.01, now, dict.fromkeys(probes, 10.0), int(now * 100) % 2**32, self.ports(device)
            )
        self.tell(self.board.feed_pulse(pulse))
        if self.board.next_due(device) < LIVENESS_S:
            self.keen.setdefault(device)
        else:
            self.keen.pop(device, None)

    def tell(self, transitions) -> None:  # type: ignore[no-untyped-def]
        if transitions:
            self.alerting.duty.moved(transitions)

    def measure(self, device: str, now: float) -> None:
        rows = tuple(self.ports(device))
        if rows:
            values = np.repeat(np.array([1e6, 1e6, 0.3, 0.3, 1.0, 1.0])[:, None], len(rows), axis=1)
            self.alerting.duty.measured([Batch("interface", device, int(now), rows, QUANTITIES, values)])

    def sweep(self, now: float) -> None:
        self.tell(self.board.sweep(now))
        for device in self.board.hurried():
            self.ask(device, now)
        self.alerting.duty.second()

    async def run(self, seconds: float) -> None:
        """Ticks: who is due is asked, who is in doubt is asked again, what is urgent is judged."""
        loop = asyncio.get_running_loop()
        share = {LIVENESS_S: self.cohorts(LIVENESS_S), COUNTERS_S: self.cohorts(COUNTERS_S)}
        begin, swept = loop.time(), 0.0
        for number in range(int(seconds / TICK_S)):
            due = begin + number * TICK_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            self.late.append(loop.time() - due)
            now = time.time()
            self.change(number * TICK_S)
            for device in share[LIVENESS_S][number % len(share[LIVENESS_S])]:
                self.ask(device, now)
            for device in share[COUNTERS_S][number % len(share[COUNTERS_S])]:
                self.measure(device, now)
            if number % 10 == 0:
                for device in list(self.keen)[:MOST_KEEN]:
                    del self.keen[device]
                    self.ask(device, now)
            if self.board.urgent or loop.time() - swept >= 0.5:
                swept = loop.time()
                self.sweep(now)

    def cohorts(self, every_s: float) -> list[list[str]]:
        slots = round(every_s / TICK_S)
        return [self.names[place::slots] for place in range(slots)]

    def change(self, at: float) -> None:
        """What happens now; the routers at the near ends say so unasked, and are asked: once each, as long as that takes."""
        now, heard = time.time(), set()
        while self.changes and self.changes[0][0] <= at:
            _, link, down = self.changes.pop(0)
            for end in link.ends:
                self.read[end.device][end.interface] = DOWN if down else UP
            self.board.claim_port(link.a.device, link.a.interface, now, down=down)
            heard.add(link.a.device)
        for device in sorted(heard):
            self.ask(device, now)


async def storm(asked: argparse.Namespace, home: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        one = Storm(asked.devices, home, threads)
        leaves = [link for link in one.inventory.links.values() if link.role == "access" and len(link.ends) == 2]
        ends = Counter(end.device for link in one.inventory.links.values() for end in link.ends)
        leaves = [link for link in leaves if ends[link.b.device] == 1]
        going, stay = leaves[: (asked.changes - asked.stay) // 2], leaves[::-1][: asked.stay]
        changes = [(5.0 * place / len(going), link, True) for place, link in enumerate(going)]
        changes += [(at + DOWN_S, link, False) for at, link, _ in changes]
        changes += [(10.0 * place / max(1, len(stay)), link, True) for place, link in enumerate(stay)]
        async with AsyncExitStack() as stack:
            stack.enter_context(one.ledger)
            await one.alerting.open(stack)
            await one.run(6.0)
            gc.collect()
            gc.freeze()
            await phase(one, "quiet (baseline)", 10.0)
            one.changes = sorted(changes, key=lambda each: each[0])
            one.gone = {link.b.device for link in stay}
            await phase(one, f"storm, {len(changes)} changes", 10.0)
            await phase(one, "the minute after", 60.0)
            with one.ledger.reading() as books:
                from alerts.incident import IncidentState

                opened = len(books.incidents(tuple(IncidentState)))
            pages = [each for each in one.channels["sms"].taken if each.page]
            print(f"{opened} incidents, {len(pages)} pages, {len(one.channels['mail'].taken)} mails")
            await one.alerting.duty.stop()


async def phase(one: Storm, name: str, seconds: float) -> None:
    one.late.clear()
    settled, asked = one.alerting.duty.counters.settled, one.asked
    began, cpu, loop_cpu = time.monotonic(), time.process_time(), time.thread_time()
    await one.run(seconds)
    spent, share = time.monotonic() - began, time.process_time() - cpu
    late = sorted(one.late)
    print(
        f"{name:24} {share:5.1f} CPU-s for {seconds:g} s, loop {time.thread_time() - loop_cpu:.1f}, in {spent:.0f} s;"
        f" late ms: median {1e3 * late[len(late) // 2]:.1f}, 99 % {1e3 * late[int(len(late) * 0.99)]:.0f},"
        f" worst {1e3 * late[-1]:.0f}; {one.asked - asked} rounds, {one.alerting.duty.counters.settled - settled} settled"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--stay", type=int, default=500, help="links that stay down")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(storm(asked, Path(home)))


if __name__ == "__main__":
    main()
