"""What a browser waits for before the wallboard stands: octets and largest contentful paint, on a slow machine and line.

Chromium, its processor four times slower, a line of 1 Mb/s with 40 ms of round trip; cold and with a warm cache, while a
daemon writes every second.

    python bench/web_paint.py
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from playwright.async_api import Browser, BrowserContext, async_playwright  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import options  # noqa: E402
from bench.web_live import cookie_of, served, token  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
LINE_BPS, ROUND_TRIP_MS, SLOWER = 1_000_000, 40, 4
PAINTED = """() => new Promise((done) => {
  let last = 0, what = "";
  new PerformanceObserver((list) => { for (const one of list.getEntries()) { last = one.startTime;
    what = one.element ? one.element.tagName + "." + (one.element.className.baseVal ?? one.element.className) : ""; } })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done([last, what]), 1500);
})"""


async def visit(context: BrowserContext, address: str) -> tuple[float, int, str]:
    """Milliseconds to the largest paint, octets of all that was asked for by then (headers too), what was painted."""
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    await wire.send("Network.enable")
    limits = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": LINE_BPS / 8}
    await wire.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": LINE_BPS / 8})
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    asked: dict[str, float] = {}
    whole: dict[str, float] = {}
    wire.on("Network.requestWillBeSent", lambda event: asked.setdefault(event["requestId"], event["timestamp"]))
    wire.on("Network.loadingFinished", lambda event: whole.update({event["requestId"]: event["encodedDataLength"]}))
    await page.goto(address, wait_until="load")
    painted, what = await page.evaluate(PAINTED)
    until = min(asked.values()) + painted / 1e3
    octets = sum(size for key, size in whole.items() if asked[key] <= until)
    await page.close()
    return painted, round(octets), what


async def paint(browser: Browser, port: int, cookie: str, times: int) -> None:
    address = f"http://127.0.0.1:{port}"
    name, _, value = cookie.partition("=")
    cold, warm, what = [], [], ""
    for _ in range(times):
        context = await browser.new_context(viewport={"width": 1920, "height": 1080})
        await context.add_cookies([{"name": name, "value": value, "url": address}])
        cold.append(await visit(context, f"{address}/wall"))
        warm.append(await visit(context, f"{address}/wall"))
        what = cold[-1][2]
        await context.close()
    for word, found in (("cold", cold), ("warm", warm)):
        middle, octets = (statistics.median(one[place] for one in found) for place in (0, 1))
        most = max(one[0] for one in found)
        print(
            f"{word}: largest paint after {middle / 1e3:.2f} s (most {most / 1e3:.2f}), {octets / 1e3:.1f} kB by then"
        )
    print(f"the largest thing painted: {what}")


async def measure(home: Path, asked: argparse.Namespace) -> None:
    with Stage(prepare(home, asked.sites, asked.days)) as stage:
        stage.incidents(asked.incidents)
        stage.second()
        word = token(home / "noc.toml")
        with served(home / "noc.toml", home / "web.log") as (_, port):
            cookie = await cookie_of(port, word)
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                print(f"{asked.sites} sites, {asked.incidents} incidents; {SLOWER}x slower, 1 Mb/s, {ROUND_TRIP_MS} ms")
                writing = asyncio.create_task(written(stage))
                await paint(browser, port, cookie, asked.times)
                writing.cancel()
                await browser.close()


async def written(stage: Stage) -> None:
    """As a daemon does: a wall without one is another picture."""
    while True:
        await asyncio.to_thread(stage.second)
        await asyncio.sleep(1)


def main() -> None:
    parser = options(__doc__, sites=149, days=30, incidents=20, times=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(asked.home or Path(directory) / "net", asked))


if __name__ == "__main__":
    main()
