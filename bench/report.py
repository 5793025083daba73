"""CPU-seconds of a month's reports for the whole network: gathered, computed, written as a page, and verified again.

The baseline, in the same run, is reading that month's slots alone (`read`): a report may not cost many times what
reading its evidence costs. Usage: python bench/report.py --sites 149 --days 28
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboards.reports.document import REPORTS, Period
from dashboards.reports.page import page
from dashboards.reports.reading import read
from inventory.calendar import Month
from inventory.status import DaemonMark
from noc.issuing import issuer
from noc.ledger.report import look
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.reported import DAY, MONTH, Reported


def timed(what: str, act: Callable[[], Any], base: float = 0.0) -> tuple[Any, float]:
    began = time.process_time()
    found = act()
    took = time.process_time() - began
    print(f"{what:32} {took:8.2f} CPU-s" + (f" {took / base:8.1f}x of read" if base else ""))
    return found, took


def kept(home: Path, sites: int, days: int, *, sealed: bool) -> Reported:
    stage = Reported(home, sites=sites)
    members = [site.key for site in stage.inventory.members()]
    faults = [
        batch
        for number, key in enumerate(members)
        for batch in stage.fault("site", key, (number * 37_000) % (27 * DAY), 600 + number)
    ]
    with MetricStore(stage.config.metrics_file) as store:
        store.append([*stage.watched(), *faults])
        for number, batch in enumerate(stage.traffic(days)):
            store.append([batch])
            if number % 600 == 0:
                store.commit()
        store.mark(DaemonMark(at=float(MONTH.end + DAY)))
        store.commit()
        if sealed:
            store.seal(time.time())
    for number in range(8):
        stage.window(f"key={members[number]}", number * DAY, 7200)
    return stage


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sites", type=int, default=149)
    words.add_argument("--days", type=int, default=28, help="days of slots")
    words.add_argument("--hot", action="store_true", help="nothing is sealed")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        stage = kept(Path(name), asked.sites, asked.days, sealed=not asked.hot)
        measure(stage, MONTH)


def measure(stage: Reported, month: Month) -> None:
    config, inventory, period = stage.config, stage.inventory, Period(month, month.end)
    print(f"{len(inventory.sites)} sites, {len(inventory.links)} links, {month}")

    def slots() -> object:
        with MetricReader(config.metrics_file) as reader:
            return reader.table("link", "", None, ("in_bps", "out_bps"), start=month.start, end=month.end)

    _, base = timed("read: slots of all links", slots)
    looked, _ = timed("ledger", lambda: look(config.ledger_url, inventory, month, time.time(), clock=time.time), base)
    for report in REPORTS:
        with issuer(config, inventory, looked) as made:
            content, _ = timed(
                f"{report}: figures",
                lambda: made.content(report, period, "", now=looked.known, language="sw"),  # noqa: B023
                base,
            )
            text, _ = timed(f"{report}: page", lambda: page(content), base)  # noqa: B023
            claim, _ = timed(f"{report}: read again", lambda: read(text.encode()), base)  # noqa: B023
            found, _ = timed(f"{report}: verified", lambda: list(made.verify(claim)), base)  # noqa: B023
            assert not found, [str(one) for one in found[:5]]
            print(f"{report}: {len(text) / 1e6:.2f} MB, {len(content['figures'])} rows of figures")


if __name__ == "__main__":
    main()
