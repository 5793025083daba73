"""What a link's page and its charts cost the processor over a store that was polled every 30 seconds for 30 days.

A daemon writes meanwhile: the last hour or two are hot, in a commit each second, and before each question there is another.

python bench/web_charts.py                     makes the store once (some minutes), then asks
python bench/web_charts.py --days 5 --home /var/tmp/charts

Baseline: a bare answer of as many bytes, through the same server and compression.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import numpy as np  # noqa: E402

from bench.web_asked import JSON, Keys, bare, cost, get, options  # noqa: E402
from bench.web_pages import asked_by  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from dashboards.web.kept import Kept  # noqa: E402
from inventory.batch import Batch  # noqa: E402
from inventory.model import Inventory  # noqa: E402
from inventory.reading import load as load_inventory  # noqa: E402
from inventory.skeleton import write_sample  # noqa: E402
from inventory.states import Reason, State  # noqa: E402
from inventory.status import DaemonMark, StatusRow  # noqa: E402
from noc.config import load  # noqa: E402
from noc.ledger.ledger import open_ledger  # noqa: E402
from noc.store.writer import MetricStore  # noqa: E402
from noc.watching import told  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

POLL_S, HOUR_S, DAY_S = 30, 3600, 86_400
RATES = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")
PATH = ("rtt_min_ms", "rtt_ms", "rtt_max_ms", "loss_ratio")
LINK = "core-dar-dod-1"
RANGES = ("1h", "6h", "24h", "7d", "30d", "1y", "10y")
MUST_MS, AIM_MS = 25.0, 8.0


def fill(path: Path, inventory: Inventory, days: int) -> None:
    """Traffic of all links every 30 s, round trips of all devices every minute, states once a day; sealed as it would be."""
    links, devices = tuple(inventory.links), tuple(inventory.devices)
    end = int(time.time()) // POLL_S * POLL_S
    rng = np.random.default_rng(1)
    scale = rng.uniform(1e6, 4e8, len(links))
    with MetricStore(path) as store:
        hot = end - HOUR_S - end % HOUR_S
        for first in range(end - days * DAY_S, hot, HOUR_S):
            store.append(_hour(first, min(first + HOUR_S, hot), links, devices, scale, rng))
            if first // 3600 % 24 == 0:
                store.append(_states(first, links))
            store.commit()
            if first // 3600 % 24 == 2:
                store.seal(first)
        store.append([*_states(end - 7200, links), *_ports(end, inventory)])
        store.put_status(StatusRow("link", key, state="up", since=end - 9000.0, at=float(end)) for key in links)
        store.commit()
        store.seal(hot + HOUR_S // 2)
        for at in range(hot, end):
            store.append(_hour(at, at + 1, links, devices, scale, rng) if at % POLL_S == 0 else ())
            second(store, inventory, at)


def _hour(  # noqa: PLR0917
    first: int, end: int, links: tuple[str, ...], devices: tuple[str, ...], scale: np.ndarray, rng: np.random.Generator
) -> Iterator[Batch]:
    for at in range(first, end, POLL_S):
        day = 1.2 + np.sin(2 * np.pi * at / DAY_S)
        values = np.zeros((len(RATES), len(links)))
        values[:2] = np.round(scale * day * rng.uniform(0.8, 1.2, (2, len(links))))
        yield Batch("link", "", at, links, RATES, values)
        if at % 60 == 0:
            rtt = rng.uniform(10, 30, (1, len(devices)))
            loss = np.zeros_like(rtt)
            yield Batch("liveness", "", at, devices, PATH, np.vstack([rtt - 1, rtt, rtt + 3, loss]))


def second(store: MetricStore, inventory: Inventory, at: int) -> None:
    """What a daemon commits each second: a thirtieth of the devices were asked for their counters."""
    mine = [key for number, key in enumerate(inventory.devices) if number % POLL_S == at % POLL_S]
    store.append(Batch("interface", key, at, ("uplink", "lan"), RATES, np.full((len(RATES), 2), 4e6)) for key in mine)
    store.mark(DaemonMark(float(at), at - 9000.0, 1, "bench", None, 1e6, 30.0))
    store.commit()


def _states(at: int, links: tuple[str, ...]) -> Iterator[Batch]:
    yield told("link_state", "", at, [(key, State.UP, float(at), Reason.NONE) for key in links])
    yield told("watch_state", "", at, [("poller", State.UP, None, Reason.NONE)])


def _ports(end: int, inventory: Inventory) -> Iterator[Batch]:
    for one in inventory.links[LINK].ends:
        yield Batch("interface", one.device, end, (one.interface,), RATES, np.full((len(RATES), 1), 4e6))


async def run(config_path: Path, times: int) -> bool:
    config = load(config_path)
    with opened_house(config) as house, MetricStore(config.metrics_file) as store:
        kept, inventory = Kept(), house.status.inventory()
        seconds = count(int(time.time()))

        def anew() -> None:
            """Nobody asked a moment ago, and the daemon wrote since."""
            kept.clear()
            second(store, inventory, next(seconds))

        app = build(replace(house, keys=Keys(house.keys), kept=kept))

        page = f"/links/{LINK}"
        about = await asked_by(app, page)
        base = await cost(bare(b"x" * 30_000, JSON), "/", times)
        print(f"a bare answer of 30 kB: {base:.2f} ms CPU")
        whole = await both(app, page, f"/charts/data?{about}&range=24h", times, anew)
        others = await each(app, [key for key in inventory.links if key.startswith("core-")], about, anew)
        for name, address in ((page, page), *((word, f"/charts/data?{about}&range={word}") for word in RANGES)):
            answer = await get(app, address)
            assert answer.status == 200, (answer.status, address)
            await cost(app, address, 3, anew)
            alone = await cost(app, address, times, anew)
            again = await cost(app, address, times)
            print(
                f"{name:24} {alone:6.2f} ms alone ({alone / base:5.1f}x)   {again:6.2f} ms again   {len(answer.body):6} bytes"
            )
        print(f"of links that nobody looked at since the start: {others:.2f} ms")
        print(f"a link's page and then its day: {whole:.2f} ms (must {MUST_MS:g}, aim {AIM_MS:g})")
        return whole <= MUST_MS


async def both(app: Any, page: str, data: str, times: int, before: Callable[[], None]) -> float:
    """As a browser asks: the page, then what its charts are drawn from; nobody asked for either a moment ago."""
    took = []
    for _ in range(times):
        before()
        began = time.process_time()
        await get(app, page)
        await get(app, data)
        took.append((time.process_time() - began) * 1e3)
    return statistics.median(took)


async def each(app: Any, links: Sequence[str], about: str, before: Callable[[], None]) -> float:
    """The same of one link after the other."""
    took = [
        await both(app, f"/links/{key}", f"/charts/data?{about.replace(LINK, key)}&range=24h", 1, before)
        for key in links
    ]
    return statistics.median(took)


def main() -> int:
    parser = options(__doc__, days=30, times=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home = given.home or Path(place)
        config_path = home / "noc.toml"
        if not config_path.exists():
            write_sample(home, sites=149)
            config = load(config_path)
            config.data.dir.mkdir(parents=True, exist_ok=True)
            began = time.process_time()
            fill(config.metrics_file, load_inventory(config.inventory.path), given.days)
            with open_ledger(config.ledger_url, migrate=True, clock=time.time):
                pass
            print(f"{given.days} days made in {time.process_time() - began:.0f} s CPU")
        return 0 if asyncio.run(run(config_path, given.times)) else 1


if __name__ == "__main__":
    sys.exit(main())
