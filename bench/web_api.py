"""What answers of the API cost the web's processor: whole, to whoever has them already, and against a bare answer as long.

python bench/web_api.py                   149 sites with a day of data
python bench/web_api.py --sites 1000
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import JSON, App, Keys, bare, cost, get, options  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

PATHS = (
    "/summary",
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
PROGRAM = {"authorization": "Bearer x", "accept": "", "accept_encoding": "", "cookie": ""}


async def measure(app: App, times: int) -> list[dict[str, Any]]:
    rows = []
    for path in PATHS:
        whole = f"/api/v1{path}"
        first = await get(app, whole, **PROGRAM)
        if first.status != 200:
            raise SystemExit(f"{whole}: {first.status} {first.body[:200]!r}")
        packed, known = PROGRAM | {"accept_encoding": "gzip"}, PROGRAM | {"if_none_match": first.headers["etag"]}
        row = {
            "path": path,
            "octets": len(first.body),
            "ms": await cost(app, whole, times, **PROGRAM),
            "gzip_ms": await cost(app, whole, times, **packed),
            "known_ms": await cost(app, whole, times, **known),
            "bare_ms": await cost(bare(first.body, JSON), "/", times, **PROGRAM),
        }
        rows.append(row)
    return rows


def main() -> None:
    parser = options(__doc__, sites=149, days=1, times=30)
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
