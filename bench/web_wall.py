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
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import Keys, bare, costs, get, options  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from dashboards.web.viewer import Role  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

REST_S = 0.4


def changed(stage: Stage) -> None:
    """Written, and long enough ago that nobody rests from the look before."""
    stage.second()
    time.sleep(REST_S)


async def measure(home: Path, asked: argparse.Namespace) -> None:
    with Stage(prepare(home, asked.sites, asked.days)) as stage, opened_house(stage.config) as house:
        stage.incidents(asked.incidents)
        app = build(replace(house, keys=Keys(role=Role.DISPLAY)))
        answer = await get(app, "/wall")
        assert answer.status == 200, answer.text[:400]
        await asyncio.sleep(3)  # figures that are computed beside are there then
        await costs(app, "/wall", 3, lambda: changed(stage))
        page = (await get(app, "/wall")).text
        runs = {
            "after a change": await costs(app, "/wall", asked.times, lambda: changed(stage)),
            "without a change": await costs(app, "/wall", asked.times),
            "bare FastAPI, same bytes": await costs(bare(page), "/wall", asked.times),
        }
    least = statistics.median(runs["bare FastAPI, same bytes"])
    print(f"{asked.sites} sites, {asked.days} days, {asked.incidents} incidents; {len(page) / 1e3:.0f} kB of page")
    for name, found in runs.items():
        middle, most = statistics.median(found), max(found)
        print(f"{name:26} {middle:6.2f} ms CPU (most {most:6.2f}) {middle / least:5.1f}x")


def main() -> None:
    parser = options(__doc__, sites=149, days=30, incidents=20, times=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(asked.home or Path(directory) / "net", asked))


if __name__ == "__main__":
    main()
