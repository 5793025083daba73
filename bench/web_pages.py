"""What every page of the web costs: with everything, right after the daemon wrote, against a bare answer of its bytes.

python bench/web_pages.py                      149 sites with 30 days of data (a minute to make them, once)
python bench/web_pages.py --only /links        pages whose address begins so
python bench/web_pages.py --many 10000         lists of so many devices, without a past
"""

import argparse
import asyncio
import gzip
import html
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import numpy as np  # noqa: E402
from fastapi import FastAPI  # noqa: E402
from fastapi.responses import Response  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from dashboards.web.entrance.outfit import Outfit  # noqa: E402
from dashboards.web.viewer import RIGHTS, Role, Viewer  # noqa: E402
from inventory.batch import Batch, Facts  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

App = Callable[[Any, Any, Any], Awaitable[None]]
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


class Keys:
    """Whoever comes is an administrator."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def of_session(self, cookie: str) -> Viewer:
        return Viewer("bench", Role.ADMIN, RIGHTS[Role.ADMIN])

    of_token = of_session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


async def get(app: App, address: str) -> tuple[int, bytes, str]:
    """Status, body (compressed) and its kind, asked as a server asks, without a client's cost."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (b"host", b"noc"),
            (b"accept-encoding", b"gzip"),
            (b"accept", b"text/html"),
            (b"cookie", b"noc_session=x"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    status, body, kind = 0, b"", ""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, body, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-encoding", b"").decode()
        body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body, kind


async def cost(app: App, address: str, times: int, before: Callable[[], None]) -> float:
    """Median of the CPU milliseconds of an answer, all threads together."""
    found = []
    for _ in range(times):
        before()
        began = time.process_time()
        await get(app, address)
        found.append((time.process_time() - began) * 1e3)
    return statistics.median(found)


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
    _, body, kind = await get(app, f"/links/{LINK}")
    page = (gzip.decompress(body) if kind == "gzip" else body).decode()
    found = re.search(r'data-about="([^"]*)"', page)
    return f"/charts/data?{html.unescape(found[1]) if found else ''}&range=24h"


async def measure(stage: Stage, pages: list[Page], times: int) -> None:
    with opened_house(stage.config) as house:
        app = build(replace(house, keys=Keys(house.keys)))  # type: ignore[arg-type]
        await get(app, "/iru")
        await asyncio.sleep(3)  # figures that are computed beside are there then
        chart = await chart_of(app)
        print(f"{'page':44} {'kB':>5} {'written':>8} {'again':>6} {'bare':>6} {'ratio':>6}   must / aim")
        for page, address in addressed(iter(pages), chart):
            status, body, kind = await get(app, address)
            if status != 200:
                print(f"{page.path:44} {status}")
                continue
            text = gzip.decompress(body) if kind == "gzip" else body
            await cost(app, address, 2, lambda: changed(stage))
            written = await cost(app, address, times, lambda: changed(stage))
            again = await cost(app, address, times, lambda: None)
            bare = await cost(_bare(text), "/", times, lambda: None)
            name = "its chart's data, 24 h" if page.path == "chart" else page.path
            over = "" if written <= page.must else "  OVER"
            print(
                f"{name:44} {len(text) / 1e3:5.0f} {written:8.1f} {again:6.1f} {bare:6.2f} {written / bare:5.1f}x"
                f"   {page.must:g} / {page.aim:g}{over}"
            )


def _bare(text: bytes) -> App:
    bare = FastAPI()
    bare.get("/")(lambda: Response(text, media_type="text/html; charset=utf-8"))
    bare.add_middleware(Outfit)
    return bare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--only", default="")
    parser.add_argument("--many", type=int, default=0, metavar="DEVICES")
    parser.add_argument("--home", type=Path, help="kept for the next time; else made anew")
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
