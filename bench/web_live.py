"""Two hundred open wallboards, live, while a daemon writes every second: processor time, and how soon all have a change.

python bench/web_live.py
python bench/web_live.py --displays 20 --sites 1000 --days 1
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import psutil  # noqa: E402

from bench.wall_stage import Stage, prepare  # noqa: E402
from bench.web_asked import options  # noqa: E402

SITE = "lga-chamwino"


@contextmanager
def served(config: Path, log: Path) -> Iterator[tuple[psutil.Process, int]]:
    """`noc web` on a port that is free, ready to be asked."""
    command = [sys.executable, "-m", "noc", "-c", str(config), "web", "--listen", "127.0.0.1:0"]
    port = _free()
    command[-1] = f"127.0.0.1:{port}"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            while "web ready" not in log.read_text():
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            yield psutil.Process(process.pid), port
        finally:
            process.terminate()


def _free() -> int:
    import socket

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def token(config: Path) -> str:
    command = [sys.executable, "-m", "noc", "-c", str(config), "display", "add", f"bench {time.time():.0f}"]
    told = subprocess.run([*command, "--as", "bench"], check=False, capture_output=True, text=True)
    found = re.search(r"token=(\S+)", told.stdout)
    assert found, told.stdout + told.stderr
    return found[1]


class Display:
    """One browser: the stream of /wall/live, and when each part came last."""

    def __init__(self, port: int, cookie: str, takes: str = "identity") -> None:
        self._port, self._cookie, self._takes = port, cookie, takes
        self.map_at = 0.0
        self.octets = 0
        self.events = 0

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        asked = f"Host: noc\r\nCookie: {self._cookie}\r\nAccept-Encoding: {self._takes}"
        self._writer.write(f"GET /wall/live HTTP/1.1\r\n{asked}\r\n\r\n".encode())
        assert b" 200 " in await self._reader.readline()
        while (await self._reader.readline()).strip():
            pass
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        unpacking = zlib.decompressobj(wbits=31)
        while size := int(await self._reader.readline() or b"0", 16):
            chunk = await self._reader.readexactly(size + 2)
            self.octets += len(chunk)
            told = chunk if self._takes == "identity" else unpacking.decompress(chunk[:-2])
            if b"\ndata: {" in told:
                self.events += 1
                if b'"map":' in told:
                    self.map_at = time.monotonic()

    async def close(self) -> None:
        self._task.cancel()
        self._writer.close()


async def cookie_of(port: int, word: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /wall?token={word} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    said = (await reader.read()).decode(errors="replace")
    writer.close()
    found = re.search(r"(?i)set-cookie: (noc_\w+=[^;]+)", said)
    assert found, said[:600]
    return found[1]


async def watch(
    stage: Stage, web: psutil.Process, displays: list[Display], asked: argparse.Namespace
) -> tuple[float, list[float], float]:
    """Share of a core, seconds until each display had each change, octets a display and second."""
    delays: list[float] = []
    for one in displays:
        await one.open()
    await asyncio.sleep(3)
    spent, began = sum(web.cpu_times()[:2]), time.monotonic()
    octets = sum(one.octets for one in displays)
    for second in range(asked.seconds):
        at = time.monotonic()
        if second % 5 == 2:
            await asyncio.to_thread(stage.toggle, SITE)
            at = time.monotonic()
            await asyncio.sleep(0.9)
            await asyncio.to_thread(stage.second)
            await asyncio.sleep(0.9)
            delays += [one.map_at - at if one.map_at > at else 9.0 for one in displays]
        else:
            await asyncio.to_thread(stage.second)
            await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - at)))
    passed = time.monotonic() - began
    share = (sum(web.cpu_times()[:2]) - spent) / passed
    sent = (sum(one.octets for one in displays) - octets) / passed / len(displays)
    for one in displays:
        await one.close()
    return share, delays, sent


async def measure(home: Path, asked: argparse.Namespace) -> None:
    with Stage(prepare(home, asked.sites, asked.days)) as stage:
        stage.incidents(asked.incidents)
        config = home / "noc.toml"
        word = token(config)
        with served(config, home / "web.log") as (web, port):
            cookie = await cookie_of(port, word)
            print(f"{asked.sites} sites, {asked.incidents} incidents, a daemon that writes every second")
            for count, takes in ((1, "identity"), (asked.displays, "identity"), (asked.displays, "gzip")):
                displays = [Display(port, cookie, takes) for _ in range(count)]
                share, delays, sent = await watch(stage, web, displays, asked)
                late = f"{statistics.median(delays):.2f} s, the last {max(delays):.2f} s"
                told = f"{share:6.1%} of a core, a change after {late}, {sent:6.0f} B/s each"
                print(f"{count:4} displays, {takes:8}  {told}, {sent * 3600 / 1e6:.1f} MB an hour")
                await asyncio.sleep(1)


def main() -> None:
    parser = options(__doc__, sites=149, days=30, displays=200, incidents=20, seconds=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(measure(asked.home or Path(directory) / "net", asked))


if __name__ == "__main__":
    main()
