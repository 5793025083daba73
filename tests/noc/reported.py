"""A small GovNet with a month behind it: store, ledger and inventory as commands find them."""

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from alerts.board import STATE_CODES
from alerts.window import Window
from inventory.batch import Batch
from inventory.calendar import Month
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from inventory.states import Reason, State
from inventory.status import DaemonMark
from noc.config import Config, load
from noc.ledger.ledger import open_ledger
from noc.store.writer import MetricStore
from noc.watching import Standing, restated, told

MONTH = Month(2026, 2)  # of 28 days
START = MONTH.start
MINUTE, HOUR, DAY = 60, 3600, 86_400
RATES = ("in_bps", "out_bps")
UP_CODE = STATE_CODES[State.UP]


class Reported:
    """A configuration in a directory of its own; `down` and `traffic` write what a daemon would have."""

    def __init__(self, home: Path, sites: int = 3) -> None:
        write_sample(home, sites=sites)
        self.home = home
        self.config: Config = load(home / "noc.toml")
        self.inventory: Inventory = load_inventory(self.config.inventory.path)
        self.config.data.dir.mkdir(parents=True, exist_ok=True)

    @property
    def command(self) -> list[str]:
        return ["-c", str(self.home / "noc.toml")]

    def write(self, batches: Iterable[Batch]) -> None:
        with MetricStore(self.config.metrics_file) as store:
            store.append(batches)
            store.mark(DaemonMark(at=float(MONTH.end + DAY)))

    def standings(self) -> list[Standing]:
        """All of it up, since long."""
        since = float(START - 30 * DAY)
        found: list[Standing] = [("site", key, State.UP, since, Reason.NONE) for key in self.inventory.sites]
        found += [("link", key, State.UP, since, Reason.NONE) for key in self.inventory.links]
        return found

    def watched(self, days: int = 28) -> Iterable[Batch]:
        """Everything is up and watched, all the month or only its first days."""
        for day in range(-1, days):
            at = START + day * DAY
            yield from restated(
                at, [(kind, key, state, since, reason) for kind, key, state, since, reason in self.standings()]
            )

    def fault(self, kind: str, key: str, at: int, for_s: int) -> Iterable[Batch]:
        """Down `for_s` seconds from `at` seconds after the month's start, judged 12 s late."""
        began, ended = START + at, START + at + for_s
        yield told(f"{kind}_state", key, began + 12, [(key, State.DOWN, float(began), Reason.NONE)])
        yield told(f"{kind}_state", key, ended + 2, [(key, State.UP, float(ended), Reason.NONE)])

    def traffic(self, days: int = 2) -> Iterable[Batch]:
        """Slots of so many days: links at half of what they are contracted for, circuits as well, points a little."""
        links, circuits = self.inventory.links, self.inventory.circuits
        delivering = [key for contract in self.inventory.contracts.values() for key in contract.circuits]
        tables = {
            "link": {key: (link.in_bps, link.out_bps) for key, link in links.items()},
            "circuit_traffic": {key: (circuits[key].in_bps, circuits[key].out_bps) for key in delivering},
            "point": dict.fromkeys(self.inventory.points, (4_000_000, 2_000_000)),
        }
        for number in range(1, days * 288 + 1):
            for measurement, rows in tables.items():
                if rows:
                    base = np.array(list(rows.values()), dtype=np.float64).T
                    wave = 0.5 + 0.4 * np.sin(number / 46) * np.array([[1.0], [0.5]])
                    yield Batch(measurement, "", START + 300 * number, tuple(rows), RATES, base * wave)

    def window(self, selector: str, at: int, for_s: int, *, reason: str = "fibre work", created: int = 0) -> None:
        """Planned work from `at` after the month's start, entered then at the latest unless `created` says otherwise."""
        window = Window(
            number=0,
            kind="maintenance",
            selector=selector,
            author="asha",
            reason=reason,
            from_at=float(START + at),
            to_at=float(START + at + for_s),
            created_at=float(START + created),
        )
        with (
            open_ledger(self.config.ledger_url, migrate=True, clock=time.time) as ledger,
            ledger.transaction() as books,
        ):
            books.add_window(window)
