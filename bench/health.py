"""What health costs the poller: CPU and requests per poll of every shared recording, against the bare questions.

Needs ../shared (recordings and its replay agents); without it, it says so and ends.
"""

import argparse
import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HOME)]

from collectors.contract import CollectError, Target  # noqa: E402
from collectors.health import Health  # noqa: E402
from collectors.snmp.engine import Engine  # noqa: E402
from collectors.snmp.session import Session  # noqa: E402
from collectors.snmp.sessions import Sessions  # noqa: E402
from inventory.model import Device, Snmp  # noqa: E402

SHARED = HOME.parent / "shared"
NETWORK, EVERY_S = 185, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    if not (SHARED / "tools" / "replay.py").is_file():
        print("../shared is not here: nothing to measure")
        return
    with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.66.9.1", 0))
        port, inventory = int(sock.getsockname()[1]), Path(place) / "inventory.json"
        sock.close()
        files = [str(SHARED / "recordings" / "snmp"), "--port", str(port), "--base", "127.66.9.1", "--seconds", "120"]
        command = [sys.executable, str(SHARED / "tools" / "replay.py"), *files, "--inventory", str(inventory)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as agents:
            assert agents.stdout is not None
            agents.stdout.readline()
            rows = json.loads(inventory.read_text())
            rows = rows["devices"] if isinstance(rows, dict) else rows
            devices = [Device(row["name"], "s", row["address"], snmp=Snmp("2c", "public", row["port"])) for row in rows]
            asyncio.run(measure(devices, asked.rounds))
            agents.terminate()


async def measure(devices: Sequence[Device], rounds: int) -> None:
    async with Engine() as engine:
        sessions = Sessions(engine, lambda name: name)
        health = Health(sessions.of, time.time)
        living, finding = [], time.process_time()
        for device in devices:
            try:
                await health.collect(Target(device, "health", EVERY_S), 0)
                living.append(device)
            except CollectError:
                continue
        finding = (time.process_time() - finding) / len(devices)
        before = sum(_requests(sessions, device) for device in living)

        async def whole(device: Device) -> None:
            await health.collect(Target(device, "health", EVERY_S), 0)

        told = await _cost(living, rounds, whole)
        requests = (sum(_requests(sessions, device) for device in living) - before) / len(living) / rounds
        questions = {device.key: health.asks(device.key) for device in living}

        async def bare(device: Device) -> None:
            await sessions.of(device).get(questions[device.key])

        asked = await _cost(living, rounds, bare)
    print(f"{'':28}{'CPU us/poll':>12}{'ratio':>8}{f'  of a core, {NETWORK} devices / {EVERY_S} s':>36}")
    for name, cost in (("bare GETs of the columns", asked), ("health: asked and told", told)):
        print(f"{name:28}{cost * 1e6:12.0f}{cost / asked:8.2f}{100 * cost * NETWORK / EVERY_S:34.3f} %")
    print(
        f"finding the sensors, once a day: {finding * 1e3:.1f} ms a device; {len(living)} devices, {requests:.1f} requests a poll"
    )


def _requests(sessions: Sessions, device: Device) -> int:
    session = sessions.of(device)
    return session.pdus if isinstance(session, Session) else 0


async def _cost(devices: Sequence[Device], rounds: int, ask: Callable[[Device], Awaitable[None]]) -> float:
    """CPU seconds of one poll, over all devices and rounds."""
    began = time.process_time()
    for _ in range(rounds):
        await asyncio.gather(*(ask(device) for device in devices))
    return (time.process_time() - began) / rounds / len(devices)


if __name__ == "__main__":
    main()
