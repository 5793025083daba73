"""What lists and pages of incidents cost the processor in a bad hour: hundreds open, one with many alarms and a long story.

python bench/web_cases.py                      500 open, one of 50 alarms and 100 lines of timeline
python bench/web_cases.py --open 5000          ten bad hours at once
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from alerts.alarm import Alarm, Evidence, Phase, Severity  # noqa: E402
from alerts.cause import Impact, Role  # noqa: E402
from alerts.incident import Entry, Incident, IncidentState  # noqa: E402
from alerts.subject import Subject  # noqa: E402
from alerts.window import Window  # noqa: E402
from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import Keys, bare, cost, get  # noqa: E402
from dashboards.web.app import build  # noqa: E402
from noc.web.wiring import opened_house  # noqa: E402

MUST_MS, AIM_MS = 25.0, 8.0
LISTS = (
    "/incidents",
    "/incidents?severity=critical",
    "/incidents?q=region%3DDodoma",
    "/incidents?state=closed&state=open",
    "/windows",
    "/windows/1",
    "/oncall",
)


def wide(stage: Stage, alarms: int, lines: int) -> int:
    """One incident with so many alarms behind its root, and so long a story; its number."""
    now, devices = time.time(), [*stage.inventory.devices][:alarms]
    subjects = [Subject("device", key, key) for key in devices]
    fired = [
        Alarm("device-down", each, "reachability", Severity.MAJOR, Phase.FIRING, now - 900, now - 900, now - 880, now,
              evidence=Evidence("device-unreachable", {"device": each.key, "cause": devices[0]}))
        for each in subjects
    ]  # fmt: skip
    members = {one.key: Role.BEHIND if place else Role.ROOT for place, one in enumerate(fired)}
    impact = Impact(sites=tuple(stage.inventory.sites)[:alarms], devices=tuple(sorted(devices)))
    with stage.ledger.transaction() as books:
        books.put_alarms(fired)
        one = books.add(
            Incident(
                0, IncidentState.OPEN, Severity.CRITICAL, Severity.CRITICAL, "reachability", (subjects[0],),
                now - 900, now - 880, now - 880, members=members, impact=impact, told_at=now - 880,
                evidence=(Evidence("device-down", {"device": devices[0]}),),
            )
        )  # fmt: skip
        for place in range(lines):
            joined = {"alarm": fired[place % alarms].key, "role": "behind"}
            books.tell(Entry(one.number, now - 800 + place, "alarm", "", "joined", joined))
        books.add_window(Window(0, "silence", "region=Dodoma", "bench", "bench", now - 60, now + 3600))
    return one.number


def committed(stage: Stage) -> None:
    """The daemon wrote, so nothing that was read before counts."""
    with stage.ledger.transaction() as books:
        books.put_mark("bench", str(time.time()))


async def measure(stage: Stage, addresses: list[str], times: int) -> None:
    with opened_house(stage.config) as house:
        app = build(replace(house, keys=Keys(house.keys)))
        print(f"{'page':44} {'kB':>5} {'written':>8} {'again':>6} {'bare':>6} {'ratio':>6}   must / aim")
        for address in addresses:
            answer = await get(app, address)
            assert answer.status == 200, f"{address}: {answer.status}"
            writes: Callable[[], None] = lambda: committed(stage)
            written = await cost(app, address, times, writes)
            again = await cost(app, address, times)
            least = await cost(bare(answer.text), "/", times)
            over = "" if again <= MUST_MS else "  OVER"
            print(
                f"{address:44} {len(answer.text) / 1e3:5.0f} {written:8.1f} {again:6.1f} {least:6.2f} {again / least:5.1f}x"
                f"   {MUST_MS:g} / {AIM_MS:g}{over}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=500, help="open incidents")
    parser.add_argument("--alarms", type=int, default=50, help="of one of them")
    parser.add_argument("--lines", type=int, default=100, help="of its timeline")
    parser.add_argument("--sites", type=int, default=149)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, Stage(prepare(Path(scratch), asked.sites, 0)) as stage:
        stage.incidents(asked.open)
        number = wide(stage, asked.alarms, asked.lines)
        print(f"{asked.open} open incidents; CPU ms of an answer: right after a commit, again, bare")
        asyncio.run(measure(stage, [*LISTS, f"/incidents/{number}"], asked.times))


if __name__ == "__main__":
    main()
