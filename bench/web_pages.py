"""What every page of the web costs: with everything, right after the daemon wrote, against a bare answer of its bytes.

python bench/web_pages.py                      149 sites with 30 days of data (a minute to make them, once)
python bench/web_pages.py --only /links        pages whose address begins so
python bench/web_pages.py --many 10000         lists of so many devices, without a past
"""

import asyncio
import html
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import numpy as np  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import App, Keys, bare, cost, get, options  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from inventory.batch import Batch, Facts  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

REST_S = 0.1  # nobody rests any more from the look before
PORTS = 48
TOGETHER = 12
SWITCH, LINK, SITE = "noc-sw-1", "core-dar-dod-1", "core-dod"
MUST_MS, AIM_MS = 25.0, 8.0
IRU = (40.0, 15.0)
LISTS = (
    "/devices",
    "/devices?page=40",
    "/devices?q=region%3DDodoma+role%3Dcpe",
    "/devices?state=down",
    "/sites",
    "/links",
)


@dataclass(frozen=True, slots=True)
class Page:
    """`must` and `aim`: CPU ms."""

    path: str
    must: float = MUST_MS
    aim: float = AIM_MS


PAGES = (
    Page("/"),
    Page("/wall"),
    Page("/regions"),
    Page("/regions/Dodoma"),
    Page("/sites"),
    Page(f"/sites/{SITE}?range=30d"),
    Page("/devices"),
    Page("/devices/dod-core-1"),
    Page(f"/devices/{SWITCH}"),
    Page(f"/devices/{SWITCH}/interfaces/port-7"),
    Page("/services"),
    Page("/services/gepg"),
    Page("/inventory"),
    Page("/links"),
    Page(f"/links/{LINK}?range=24h"),
    Page("chart"),
    Page("/circuits"),
    Page("/circuits/iru-seacom-1"),
    Page("/providers/seacom"),
    Page("/iru", *IRU),
    Page("/iru/seacom-iru", *IRU),
    Page("/iru/ledger"),
    Page("/iru/requests"),
    Page("/iru/what-if?lose=eassy&growth=3%25/month"),
    Page("/incidents"),
    Page("/incidents/1"),
    Page("/maintenance"),
    Page("/silences"),
    Page("/oncall"),
    Page("/notices"),
    Page("/reports"),
    Page("/noc"),
    Page("/search?q=core"),
    Page("/accounts"),
    Page("/audit"),
)


def changed(stage: Stage) -> None:
    stage.second()
    time.sleep(REST_S)


def switch(stage: Stage) -> None:
    """A switch with many ports tells all that one can."""
    now = int(time.time())
    names = tuple(f"port-{number}" for number in range(PORTS))
    ports = [
        {
            "key": name,
            "ifName": name,
            "ifIndex": place,
            "ifAlias": f"to room {place}",
            "admin": 1,
            "oper": 1,
            "speed_bps": 1e9,
        }
        for place, name in enumerate(names)
    ]
    heard = [{"interface": name, "system": f"box-{name}", "port": "eth0", "protocol": "lldp"} for name in names]
    rates = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")
    polled = ("answered", "duration_ms", "late_ms", "reason")
    stage.store.put_facts(Facts(SWITCH, "system", now, {"sysName": SWITCH, "vendor": "Cisco", "hardware": "C9300"}))
    stage.store.put_facts(Facts(SWITCH, "interfaces", now, {"interfaces": ports}))
    stage.store.put_facts(Facts(SWITCH, "neighbours", now, {"neighbours": heard, "protocols": ["lldp"]}))
    rows = [
        Batch("interface", SWITCH, at, names, rates, np.full((6, PORTS), 4e6)) for at in range(now - 86400, now, 300)
    ]
    rows += [
        Batch("ping", SWITCH, at, ("ping",), ("loss_ratio", "rtt_ms"), np.array([[0.0], [12.0]]))
        for at in range(now - 86400, now, 60)
    ]
    rows += [
        Batch("poll", SWITCH, at, (name,), polled, np.array([[1.0], [40.0], [1.0], [0.0]]))
        for at in range(now - 3600, now, 30)
        for name in ("interfaces", "ping")
    ]
    rows += [Batch("temperature", SWITCH, now, ("inlet",), ("temperature_c",), np.array([[31.0]]))]
    rows += [Batch("cpu", SWITCH, now, ("cpu 0",), ("cpu_ratio",), np.array([[0.2]]))]
    for first in range(0, len(rows), TOGETHER):  # as they come: a few in every commit
        stage.store.append(rows[first : first + TOGETHER])
        stage.store.commit()


def addressed(pages: Iterator[Page], chart: str) -> list[tuple[Page, str]]:
    """The chart's data are asked for at the address that the link's page names."""
    return [(page, chart if page.path == "chart" else page.path) for page in pages]


async def chart_of(app: App) -> str:
    return f"/charts/data?{await asked_by(app, f'/links/{LINK}')}&range=24h"


async def asked_by(app: App, page: str) -> str:
    """What the charts of a page ask for."""
    found = re.search(r'data-about="([^"]*)"', (await get(app, page)).text.decode())
    assert found, page
    return html.unescape(found[1])


async def measure(stage: Stage, pages: list[Page], times: int) -> None:
    with opened_house(stage.config) as house:
        app = build(replace(house, keys=Keys(house.keys)))
        await get(app, "/iru")
        await asyncio.sleep(3)  # figures that are computed beside are there then
        chart = await chart_of(app)
        print(f"{'page':44} {'kB':>5} {'written':>8} {'again':>6} {'bare':>6} {'ratio':>6}   must / aim")
        for page, address in addressed(iter(pages), chart):
            answer = await get(app, address)
            if answer.status != 200:
                print(f"{page.path:44} {answer.status}")
                continue
            await cost(app, address, 2, lambda: changed(stage))
            written = await cost(app, address, times, lambda: changed(stage))
            again = await cost(app, address, times)
            least = await cost(bare(answer.text), "/", times)
            name = "its chart's data, 24 h" if page.path == "chart" else page.path
            over = "" if written <= page.must else "  OVER"
            print(
                f"{name:44} {len(answer.text) / 1e3:5.0f} {written:8.1f} {again:6.1f} {least:6.2f} {written / least:5.1f}x"
                f"   {page.must:g} / {page.aim:g}{over}"
            )


def main() -> None:
    parser = options(__doc__, sites=149, days=30, times=15)
    parser.add_argument("--only", default="")
    parser.add_argument("--many", type=int, default=0, metavar="DEVICES")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        config = prepare(home, asked.many or asked.sites, 0 if asked.many else asked.days)
        with Stage(config) as stage:
            stage.incidents(20)
            switch(stage)
            stage.second()
            pages = [Page(path, 60.0, 60.0) for path in LISTS] if asked.many else list(PAGES)
            print(
                f"{len(stage.inventory.devices)} devices; CPU ms of an answer: right after the daemon wrote, again, bare"
            )
            asyncio.run(measure(stage, [page for page in pages if page.path.startswith(asked.only)], asked.times))


if __name__ == "__main__":
    main()
