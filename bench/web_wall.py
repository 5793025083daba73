"""What the wallboard costs the web's processor: right after the daemon wrote, without a change, and against a bare answer.

python bench/web_wall.py                   149 sites with 30 days of data (a minute to make them, once)
python bench/web_wall.py --sites 1000 --days 1
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from fastapi import FastAPI  # noqa: E402
from fastapi.responses import HTMLResponse  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from dashboards.web.entrance.outfit import Outfit  # noqa: E402
from dashboards.web.viewer import RIGHTS, Role, Viewer  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

REST_S = 0.4
App = Callable[[Any, Any, Any], Awaitable[None]]


class Keys:
    """Whoever comes is a display."""

    def of_session(self, cookie: str) -> Viewer:
        return Viewer("bench", Role.DISPLAY, RIGHTS[Role.DISPLAY])

    of_token = of_session


async def get(app: App, path: str) -> tuple[int, bytes]:
    """Status and body (compressed), asked as a server asks, without a client's cost."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"noc"), (b"accept-encoding", b"gzip"), (b"cookie", b"noc_session=x; noc_display=x")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    status, body = 0, b""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body


async def cost(app: App, times: int, before: Callable[[], None]) -> list[float]:
    """CPU milliseconds of every answer."""
    found = []
    for _ in range(times):
        before()
        began = time.process_time()
        status, _ = await get(app, "/wall")
        found.append((time.process_time() - began) * 1e3)
        assert status == 200, status
    return found


def changed(stage: Stage) -> None:
    """Written, and long enough ago that nobody rests from the look before."""
    stage.second()
    time.sleep(REST_S)


async def measure(home: Path, asked: argparse.Namespace) -> None:
    with Stage(prepare(home, asked.sites, asked.days)) as stage, opened_house(stage.config) as house:
        stage.incidents(asked.incidents)
        app = build(replace(house, keys=Keys()))  # type: ignore[arg-type]
        status, body = await get(app, "/wall")
        assert status == 200, body[:400]
        await asyncio.sleep(3)  # figures that are computed beside are there then
        await cost(app, 3, lambda: changed(stage))
        import gzip

        page = gzip.decompress((await get(app, "/wall"))[1]).decode()
        bare = FastAPI()
        bare.get("/wall")(lambda: HTMLResponse(page))
        bare.add_middleware(Outfit)
        runs = {
            "after a change": await cost(app, asked.times, lambda: changed(stage)),
            "without a change": await cost(app, asked.times, lambda: None),
            "bare FastAPI, same bytes": await cost(bare, asked.times, lambda: None),
        }
    least = statistics.median(runs["bare FastAPI, same bytes"])
    print(f"{asked.sites} sites, {asked.days} days, {asked.incidents} incidents; {len(page) / 1e3:.0f} kB of page")
    for name, found in runs.items():
        middle, most = statistics.median(found), max(found)
        print(f"{name:26} {middle:6.2f} ms CPU (most {most:6.2f}) {middle / least:5.1f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--incidents", type=int, default=20)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--home", type=Path, help="where the network and its past are kept  [default: made anew]")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(asked.home or Path(directory) / "net", asked))


if __name__ == "__main__":
    main()
