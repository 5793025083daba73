"""One run of the lab from its first socket to its last: doors, control, truth, heartbeat, and a clean end."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from noc.lab.control import attend, listen
from noc.lab.doors import Opened
from noc.lab.server import Server
from noc.lab.truth import write_truth
from noc.lab.world import World

_HEARTBEAT_S = 10.0
_WRITING_SHARE = 50

Say = Callable[[str], None]


@dataclass
class Stage:
    """What is served and told: a world, or recordings, which have none."""

    doors: list[Opened]
    world: World | None = None
    control: Path | None = None
    truth: Path | None = None


def serve(stage: Stage, *, for_s: float | None, ready: str, say: Say) -> None:
    """Serve until the time is over or somebody asks us to end.

    LabError when the control socket cannot be had, OSError when the truth cannot be written.
    """
    clock = steady_clock()
    server = Server(stage.doors, clock)
    try:
        ear = listen(stage.control) if stage.control and stage.world else None
        try:
            if ear and stage.world:
                world = stage.world
                server.watch(ear, lambda: attend(ear, world, clock))
            _tell_truth(stage, clock())  # a file that cannot be written is better known now
            with _ending(server):
                say(ready)
                began = clock()
                server.run(None if for_s is None else began + for_s, _Pulse(stage, server, say, began))
            _tell_truth(stage, clock())
            say(f"lab ended: {server.tally.asked} datagrams asked, {server.tally.answered} answered")
        finally:
            if ear and stage.control:
                server.forget(ear)
                ear.close()
                stage.control.unlink(missing_ok=True)
    finally:
        server.close()


def steady_clock() -> Callable[[], float]:
    """UTC seconds that only go forward, whatever is done to the machine's clock meanwhile."""
    wall, began = time.time(), time.monotonic()
    return lambda: wall + time.monotonic() - began


def _tell_truth(stage: Stage, now: float) -> None:
    if stage.truth and stage.world:
        write_truth(stage.world, now, stage.truth)


@dataclass
class _Pulse:
    """Says what happened since the last time, and every ten seconds that all is well."""

    stage: Stage
    server: Server
    say: Say
    beat: float
    told: int = 0
    asked: int = 0
    written: int = 0
    write_from: float = 0.0

    def __call__(self, now: float) -> None:
        if self.stage.world:
            self._tell(self.stage.world, now)
        if now - self.beat >= _HEARTBEAT_S:
            rate = (self.server.tally.asked - self.asked) / (now - self.beat)
            self.say(f"lab serving: {rate:.0f} datagrams/s, {self.server.tally.answered} answered in all")
            self.beat, self.asked = now, self.server.tally.asked

    def _tell(self, world: World, now: float) -> None:
        world.advance(now)
        for act in world.done[self.told :]:
            self.say(f"{act.at - world.start:8.1f} s  {act.do} {' '.join(act.on.values())}")
        self.told = len(world.done)
        if self.told > self.written and now >= self.write_from:
            began = time.monotonic()
            try:
                _tell_truth(self.stage, now)
            except OSError as error:
                self.say(f"the truth cannot be written: {error}")
            # the truth of 10,000 sites takes its time, and meanwhile nobody is answered
            self.write_from = now + _WRITING_SHARE * (time.monotonic() - began)
            self.written = self.told


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
