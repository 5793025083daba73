"""A daemon's files for benches of the web: the sample network with a past, rows written every second, open incidents."""

import random
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

from alerts.alarm import Severity
from alerts.cause import Impact
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject
from bench.status_data import judged
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from inventory.status import DaemonMark, StatusRow
from noc.config import Config, load
from noc.ledger.ledger import open_ledger
from noc.store.writer import MetricStore

LIVENESS_S, COUNTERS_S = 5, 30


def prepare(home: Path, sites: int, days: int) -> Path:
    """Configuration, inventory and a past of so many days, unless it is there already; the configuration's path."""
    config = home / "noc.toml"
    if not config.exists():
        write_sample(home, sites=sites)
        if days:
            command = [sys.executable, "-m", "noc", "-c", str(config), "lab", "history", "--days", str(days)]
            subprocess.run(command, check=True)
    return config


class Stage:
    """Writes as the daemon does: liveness of a fifth of everything each second, rates of a thirtieth, a mark, a commit."""

    def __init__(self, path: Path, seed: int = 1, dead: str = "dod-pe-1") -> None:
        self.config: Config = load(path)
        self.inventory: Inventory = load_inventory(self.config.inventory.path)
        self._chance = random.Random(seed)
        self._dead = dead
        self._turn = 0
        self._open = ExitStack()
        self._mark = DaemonMark(time.time(), time.time() - 3600, 1, "bench", None, 12.5, 30.0)

    def __enter__(self) -> Self:
        self.config.data.dir.mkdir(parents=True, exist_ok=True)
        self.store = self._open.enter_context(MetricStore(self.config.metrics_file))
        self.ledger = self._open.enter_context(open_ledger(self.config.ledger_url, migrate=True, clock=time.time))
        now = time.time()
        found = judged(self.inventory, self._dead, now)
        self.rows = [self._measured(row, now) for row in found.rows()]
        self.store.put_status(self.rows)
        self.commit(now)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _measured(self, row: StatusRow, now: float) -> StatusRow:
        """A network as it is most of the time: few links are busy."""
        figures = dict(row.figures)
        if row.kind == "link" and row.state == "up":
            ratio = 0.05 + 0.85 * self._chance.random() ** 3
            for way, share in (("in", ratio), ("out", ratio * 0.4)):
                committed = row.labels.get(f"{way}_committed_bps")
                figures |= {f"{way}_ratio": share, f"{way}_bps": share * float(committed or 0)}  # type: ignore[arg-type]
            figures["measured_at"] = now
        return replace(row, at=now, figures=figures)

    def second(self) -> None:
        now = time.time()
        self._turn += 1
        chosen = []
        for place, row in enumerate(self.rows):
            if row.kind == "link" and row.state == "up" and (place + self._turn) % COUNTERS_S == 0:
                row = self._drifted(row, now)
            elif (place + self._turn) % LIVENESS_S == 0 or row.state != "up":
                row = replace(row, at=now)
            else:
                continue
            self.rows[place] = row
            chosen.append(row)
        self.store.put_status(chosen)
        self.commit(now)

    def _drifted(self, row: StatusRow, now: float) -> StatusRow:
        factor = self._chance.uniform(0.97, 1.03)
        moved = {
            name: float(value) * factor
            for name, value in row.figures.items()
            if name in ("in_bps", "out_bps", "in_ratio", "out_ratio") and not isinstance(value, str)
        }
        return replace(row, at=now, figures={**row.figures, **moved, "measured_at": now})

    def commit(self, now: float) -> None:
        self._mark = replace(self._mark, at=now)
        self.store.mark(self._mark)
        self.store.commit()

    def toggle(self, key: str) -> str:
        """A site goes down or comes back: something that every wall shows. Its new state."""
        place = next(place for place, row in enumerate(self.rows) if row.kind == "site" and row.key == key)
        state = "down" if self.rows[place].state == "up" else "up"
        self.rows[place] = replace(self.rows[place], state=state, since=time.time(), at=time.time())
        self.store.put_status([self.rows[place]])
        self.commit(time.time())
        return state

    def incidents(self, count: int) -> None:
        """So many are open, and no others: all severities, some acknowledged, some waiting for a provider."""
        with self.ledger.transaction() as books:
            for old in books.incidents((IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.WAITING)):
                books.put(replace(old, state=IncidentState.CLOSED, closed_at=time.time()))
            for number in range(count):
                books.add(self._incident(number, count))

    def _incident(self, number: int, count: int) -> Incident:
        now, chance = time.time(), self._chance
        devices = [one.key for one in self.inventory.devices.values() if one.role in ("regional", "cpe")]
        sites = [site.key for site in self.inventory.members()]
        severity = list(Severity)[min(3, int(4 * (number / max(1, count)) ** 0.7))]
        since = now - chance.uniform(30, 9000)
        lost = tuple(chance.sample(sites, chance.randint(1, 9))) if severity.pages else ()
        device = chance.choice(devices)
        state = chance.choice(
            (IncidentState.OPEN, IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.WAITING)
        )
        had = {} if state is IncidentState.OPEN else {"acknowledged_by": "j-kimaro", "acknowledged_at": since + 60}
        ticket = {"ticket": "TTCL-88213", "next_check_at": now + 1800} if state is IncidentState.WAITING else {}
        return Incident(
            number=0,
            state=state,
            severity=severity,
            worst=severity,
            family="reachability",
            roots=(Subject("device", device, device),),
            since=since,
            opened_at=since + 8,
            changed_at=since + 8,
            impact=Impact(sites=lost, degraded=() if lost else (chance.choice(sites),)),
            told_at=now - chance.uniform(0, 590),
            **had,
            **ticket,
        )
