"""A scenario in real time: the lab in a process of its own, real packets on loopback, the same house and the same outcome."""

import asyncio
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from collectors.probes import Probes
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from inventory.credentials import SnmpUser
from inventory.model import Inventory, Probe
from inventory.sample_credentials import COMMUNITY, USER
from noc.lab.actions import Act
from noc.lab.doors import Door, LabError, Reply, opened
from noc.lab.front import doors_of
from noc.lab.server import Server
from noc.lab.session import steady_clock
from noc.lab.world import World
from noc.scenario.file import Play
from noc.scenario.player import Player
from noc.scenario.scoring import scored
from noc.scenario.stage import Stage
from noc.schedule import Phase
from noc.wiring import Means

READY_S = 60.0  # until the lab of a large network has opened its doors
AHEAD_S = 3.0  # what a small one needs


class RealLoop(asyncio.SelectorEventLoop):
    """`time()` is seconds since the scenario's start, and passes as it does."""

    def __init__(self, began: float) -> None:
        """`began`: `time.monotonic()` of the start."""
        self._began = began
        super().__init__()

    def time(self) -> float:
        return time.monotonic() - self._began


class RealSurroundings:
    """Sockets instead of the simulated cable (`noc.scenario.means.Surroundings`)."""

    def __init__(self, began: float, lab: Connection) -> None:
        self._began = began
        self._lab = lab

    def loop(self, now_s: float) -> asyncio.AbstractEventLoop:
        wait_s = now_s - (time.monotonic() - self._began)
        if wait_s > 0:
            time.sleep(wait_s)
        return RealLoop(self._began)

    def means(self, stage: Stage, phase: Phase) -> Means:
        engine = Engine()
        sessions = Sessions(engine, lambda _: COMMUNITY, user=_user)
        return Means(engine, Probes(), sessions, phase)

    async def open(self, means: Means, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(means.engine)
        await stack.enter_async_context(means.probes)
        stack.callback(means.sessions.close)

    def close(self, loop: asyncio.AbstractEventLoop, stack: AsyncExitStack) -> None:
        loop.run_until_complete(stack.aclose())
        loop.run_until_complete(asyncio.sleep(0))  # transports give their sockets back on the turn after

    def cut(self, *, pulled: bool) -> None:
        self._lab.send(pulled)


def _user(_: str) -> SnmpUser:
    return USER


def play_real(play: Play, *, seed: int | None = None) -> tuple[dict[str, Any], list[str]]:
    """(the outcome with its score, the lines of the log). LabError where the lab's doors cannot be opened."""
    play = replace(_on_free_ports(play), start=float(int(time.time() + AHEAD_S)))
    if seed is not None:
        play = replace(play, seed=seed)
    with _lab(play) as lab:
        began = time.monotonic() - (time.time() - play.start)
        player = Player(play, seed=play.seed, surroundings=RealSurroundings(began, lab))
        outcome, _, lines = scored(player)
    return outcome, lines


@contextmanager
def _lab(play: Play) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    asked = (play.inventory, play.config.poller.attached_to, play.start, play.seed, play.acts)
    process = context.Process(target=serve, args=(theirs, asked, play.lasts_s), daemon=True)
    process.start()
    try:
        said = ours.recv() if ours.poll(READY_S) else "the lab does not start"
        if said:
            raise LabError(said)
        yield ours
    finally:
        process.terminate()
        process.join()


def serve(pipe: Connection, asked: tuple[Inventory, str, float, int, Iterable[Act]], lasts_s: float) -> None:
    """The lab, in its own process; True over the pipe pulls the poller's cable, False plugs it in."""
    inventory, attached_to, start, seed, acts = asked
    acts = [replace(act, at=act.at + start) for act in acts]
    world = World(inventory, attached_to=attached_to, start=start, seed=seed, acts=acts)
    cut = [False]

    def behind(door: Door) -> Door:
        def answer(data: bytes, now: float) -> Reply | None:
            return None if cut[0] else door.answer(data, now)

        return replace(door, answer=answer)

    try:
        server = Server(opened(map(behind, doors_of(world))), steady_clock())
    except LabError as error:
        pipe.send(str(error))
        return
    pipe.send("")

    def listen(_: float) -> None:
        while pipe.poll():
            cut[0] = pipe.recv()

    try:
        server.run(start + lasts_s + 5.0, listen)
    except (EOFError, OSError):  # whoever played is gone
        return
    finally:
        server.close()


def _on_free_ports(play: Play) -> Play:
    """Nobody else's lab is in the way, and no port needs root."""
    snmp, echo = (_free_port() for _ in range(2))
    inventory = play.inventory
    devices = {
        key: replace(
            device,
            snmp=replace(device.snmp, port=snmp),
            probes=tuple(_echoed(probe, echo) for probe in device.probes),
        )
        for key, device in inventory.devices.items()
    }
    circuits = {
        key: replace(circuit, anchor_probe=_echoed(circuit.anchor_probe, echo))
        for key, circuit in inventory.circuits.items()
    }
    return replace(play, inventory=replace(inventory, devices=devices, circuits=circuits))


def _echoed(probe: Probe, port: int) -> Probe:
    return Probe("udp-echo", port) if probe.method != "snmp" else probe


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
