"""A metric file as a daemon leaves it: all sites of the sample network judged once, one of them with a dead router."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alerts.board import Board
from inventory.model import Inventory, Probe
from inventory.sample_network import generate
from inventory.status import DaemonMark
from inventory.topology import Topology
from noc.store.writer import MetricStore

SERIES = 12  # rounds that prove a silence


@dataclass(frozen=True)
class Pulse:
    device: str
    asked_at: float
    at: float
    rtts_ms: Mapping[Probe, float | None]
    uptime_ticks: int | None = 1_234_567_89
    ports: Mapping[str, int] = field(default_factory=dict)
    refused: str = ""


def judged(inventory: Inventory, dead: str, now: float) -> Board:
    """A board on which everything is up but `dead`, and what hangs on it."""
    topology = Topology(inventory, next(iter(inventory.devices)))
    board = Board(inventory, topology)
    silent = {dead, *topology.behind(dead)}
    for step in range(SERIES + 2):
        at = now - (SERIES + 2 - step) * 0.5
        for device in inventory.devices.values():
            answers = step == 0 or device.key not in silent
            ports = dict.fromkeys(inventory.link_interfaces[device.key], 1) if answers else {}
            rtt = random.uniform(1, 60) if answers else None
            rtts = dict.fromkeys(device.probes, rtt)
            board.feed_pulse(Pulse(device.key, at, at, rtts, ports=ports))
    board.sweep(now)
    for link in inventory.links.values():
        in_ratio, out_ratio = random.random(), random.random() * 0.4
        figures = {
            "in_bps": in_ratio * link.in_bps,
            "out_bps": out_ratio * link.out_bps,
            "in_ratio": in_ratio,
            "out_ratio": out_ratio,
            "errors_ps": 0.0,
            "discards_ps": 0.0,
        }
        board.set_link_figures(link.key, figures, now)
    return board


def write(directory: Path, sites: int = 149) -> Path:
    """Configuration and metric file below `directory`; returns the configuration's path."""
    now = time.time()
    inventory = generate(sites)
    board = judged(inventory, "dod-pe-1" if "dod-pe-1" in inventory.devices else list(inventory.devices)[-1], now)
    (directory / "data").mkdir(parents=True)
    config = directory / "noc.toml"
    config.write_text('[poller]\nattached_to = "dar-core-1"\ngateway = "dar-core-1"\n')
    with MetricStore(directory / "data" / "metrics.db") as store:
        store.put_status(board.rows())
        store.mark(DaemonMark(at=now, started=now - 3600, pid=1, version="0.1.0"))
        store.commit()
    return config
