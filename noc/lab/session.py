"""One run of the lab from its first socket to its last: doors, control, truth, heartbeat, and a clean end."""

import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from noc.lab.control import attend, listen
from noc.lab.doors import Door, opened
from noc.lab.server import Server
from noc.lab.truth import write_truth
from noc.lab.world import World

_HEARTBEAT_S = 10.0

Say = Callable[[str], None]


@dataclass
class Stage:
    """What is served and told: a world, or recordings, which have none."""

    doors: list[tuple[socket.socket, Door]]
    world: World | None = None
    control: Path | None = None
    truth: Path | None = None


def serve(stage: Stage, *, for_s: float | None, ready: str, say: Say) -> None:
    """Serve until the time is over or somebody asks us to end; LabError when the control socket cannot be had."""
    server = Server(stage.doors)
    try:
        ear = listen(stage.control) if stage.control and stage.world else None
        try:
            if ear and stage.world:
                world = stage.world
                server.watch(ear, lambda: attend(ear, world, time.time))
            with _ending(server):
                say(ready)
                began = time.time()
                server.run(None if for_s is None else began + for_s, _pulse(stage, server, say))
            _tell_truth(stage)
            say(f"lab ended: {server.tally.asked} datagrams asked, {server.tally.answered} answered")
        finally:
            if ear and stage.control:
                server.forget(ear)
                ear.close()
                stage.control.unlink(missing_ok=True)
    finally:
        server.close()


def open_doors(doors: Iterable[Door]) -> list[tuple[socket.socket, Door]]:
    """All or none (LabError)."""
    return opened(doors)


def _tell_truth(stage: Stage) -> None:
    if stage.truth and stage.world:
        write_truth(stage.world, time.time(), stage.truth)


def _pulse(stage: Stage, server: Server, say: Say) -> Callable[[float], None]:
    """Says what happened since the last time, and every ten seconds that all is well."""
    told, beat, before = 0, time.time(), 0

    def pulse(now: float) -> None:
        nonlocal told, beat, before
        world = stage.world
        if world:
            world.advance(now)
            for act in world.done[told:]:
                say(f"{act.at - world.start:8.1f} s  {act.do} {' '.join(act.on.values())}")
            if len(world.done) > told:
                told = len(world.done)
                _tell_truth(stage)
        if now - beat >= _HEARTBEAT_S:
            rate = (server.tally.asked - before) / (now - beat)
            say(f"lab serving: {rate:.0f} datagrams/s, {server.tally.answered} answered in all")
            beat, before = now, server.tally.asked

    return pulse


@contextmanager
def _ending(server: Server) -> Iterator[None]:
    """SIGINT and SIGTERM end the loop; what was there before is put back."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.stopping = True

    kept = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, before)
