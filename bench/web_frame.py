"""What stands round every page costs: an empty page in its frame against a bare answer, and how hard pages are packed.

python bench/web_frame.py              149 member sites, CPU ms of an answer (median)
python bench/web_frame.py --times 300
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import httpx  # noqa: E402
from fastapi.responses import PlainTextResponse, Response  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import Keys  # noqa: E402
from dashboards.web.app import add, build  # noqa: E402
from dashboards.web.frame import Framed  # noqa: E402
from dashboards.web.route import Route  # noqa: E402
from dashboards.web.viewer import Right  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

BARE = "/bench/bare"
LEVELS = (1, 4, 6, 9)
PAGES = ("/", "/sites", "/incidents", "/wall")


def bare(frame: Framed) -> Response:
    return PlainTextResponse("as little as can be")


def framed(frame: Framed) -> Response:
    return frame.page("frame.html", title="empty")


async def cost(client: httpx.AsyncClient, path: str, times: int, **headers: str) -> tuple[float, int]:
    """CPU ms of an answer, and its octets."""
    found = []
    for _ in range(times):
        began = time.process_time()
        answer = await client.get(path, headers=headers)
        found.append((time.process_time() - began) * 1e3)
    return statistics.median(found), int(answer.headers.get("content-length", 0))


def packing(body: bytes, level: int, times: int) -> tuple[float, int]:
    found, size = [], 0
    for _ in range(times):
        began = time.process_time()
        packer = zlib.compressobj(level, zlib.DEFLATED, 31)
        size = len(packer.compress(body)) + len(packer.flush())
        found.append((time.process_time() - began) * 1e3)
    return statistics.median(found), size


async def measure(app: Any, times: int) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://noc", cookies={"noc_session": "x"}) as client:
        styles = app.state.stationery.assets.address("noc.css")
        base, _ = await cost(client, BARE, times, accept="text/html")
        print(f"{'answer':24} {'ms':>6} {'more':>6} {'times':>6} {'octets':>7}")
        for name, path in (
            ("bare, behind the gate", BARE),
            ("an asset, packed before", styles),
            ("an empty page", "/bench/framed"),
            ("a page that is not there", "/bench/nowhere"),
        ):
            ms, octets = await cost(client, path, times, accept="text/html")
            print(f"{name:24} {ms:6.2f} {ms - base:6.2f} {ms / base:6.1f} {octets:7}")
        print(f"\n{'packed at level':16}" + "".join(f"{level:>16}" for level in LEVELS))
        for path in PAGES:
            body = (await client.get(path)).content
            told = [packing(body, level, times // 5 or 1) for level in LEVELS]
            print(f"{path:16}" + "".join(f"{size:8} {ms:5.2f} ms" for ms, size in told))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=100)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        path = prepare(Path(home), 149, 0)
        with Stage(path) as stage, opened_house(stage.config) as house:
            app = build(replace(house, keys=Keys()))
            add(app, Route(BARE, bare, Right.SEE))
            add(app, Route("/bench/framed", framed, Right.SEE))
            asyncio.run(measure(app, asked.times))


if __name__ == "__main__":
    main()
