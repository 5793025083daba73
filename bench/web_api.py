"""What answers of the API cost the web's processor: whole, to whoever has them already, and against a bare answer as long.

python bench/web_api.py                   149 sites with a day of data
python bench/web_api.py --sites 1000
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from fastapi import FastAPI  # noqa: E402
from fastapi.responses import Response  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from dashboards.web.entrance.outfit import Outfit  # noqa: E402
from dashboards.web.viewer import RIGHTS, Role, Viewer  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

PATHS = (
    "/sites",
    "/links",
    "/devices",
    "/sites?select=region=Dodoma",
    "/circuits",
    "/incidents",
    "/series?measurement=link&row=core-dar-dod-1&quantity=in_bps&quantity=out_bps",
    "/health",
    "/openapi.json",
)
App = Callable[[Any, Any, Any], Awaitable[None]]


class Keys:
    def of_token(self, token: str) -> Viewer:
        return Viewer("bench", Role.ADMIN, RIGHTS[Role.ADMIN])

    of_session = of_token


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


async def get(app: App, path: str, **headers: str) -> Answer:
    """Asked as a server asks, without a client's cost."""
    plain, _, query = path.partition("?")
    given = {
        "host": "noc",
        "authorization": "Bearer x",
        **{name.replace("_", "-"): one for name, one in headers.items()},
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), one.encode()) for name, one in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found = {name.decode(): one.decode() for name, one in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent))


async def cost_ms(app: App, path: str, times: int, **headers: str) -> float:
    """CPU of this process, all its threads, an answer; the median."""
    costs = []
    for _ in range(times):
        began = time.process_time()
        await get(app, path, **headers)
        costs.append(time.process_time() - began)
    return statistics.median(costs) * 1000


def bare(content: bytes) -> App:
    """The same octets by the same framework, without the NOC."""
    app = FastAPI(openapi_url=None)

    def answer() -> Response:
        return Response(content, media_type="application/json")

    app.add_api_route("/bare", answer)
    app.add_middleware(Outfit)
    return app


async def measure(app: App, times: int) -> list[dict[str, Any]]:
    rows = []
    for path in PATHS:
        whole = f"/api/v1{path}"
        first = await get(app, whole)
        if first.status != 200:
            raise SystemExit(f"{whole}: {first.status} {first.body[:200]!r}")
        row = {
            "path": path,
            "octets": len(first.body),
            "ms": await cost_ms(app, whole, times),
            "gzip_ms": await cost_ms(app, whole, times, accept_encoding="gzip"),
            "known_ms": await cost_ms(app, whole, times, if_none_match=(await get(app, whole)).headers["etag"]),
            "bare_ms": await cost_ms(bare(first.body), "/bare", times),
        }
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--home", type=Path, help="kept between runs  [default: a temporary one]")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        path = prepare(asked.home or Path(place), asked.sites, asked.days)
        with Stage(path) as stage:
            stage.incidents(8)
            with opened_house(stage.config) as house:
                rows = asyncio.run(measure(build(replace(house, keys=Keys())), asked.times))
    if asked.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'':80} {'octets':>8} {'ms':>7} {'gzip':>7} {'known':>7} {'bare':>7} {'times':>6}")
    for row in rows:
        ratio = row["ms"] / row["bare_ms"]
        print(
            f"{row['path']:80} {row['octets']:8} {row['ms']:7.2f} {row['gzip_ms']:7.2f} {row['known_ms']:7.2f}"
            f" {row['bare_ms']:7.2f} {ratio:5.1f}x"
        )


if __name__ == "__main__":
    main()
