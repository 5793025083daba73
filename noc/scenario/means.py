"""What a life of the daemon stands in: the time that passes, the ways to reach devices, the cable between."""

import asyncio
from contextlib import AsyncExitStack
from typing import Protocol, cast

from collectors.probes import Probes
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from noc.scenario.loop import VirtualLoop
from noc.scenario.network import VirtualProbes
from noc.scenario.session import LabSessions
from noc.scenario.stage import Stage
from noc.schedule import Phase
from noc.wiring import Means


class Surroundings(Protocol):
    def loop(self, now_s: float) -> asyncio.AbstractEventLoop:
        """Its `time()` is seconds since the scenario's start, `now_s` when the life begins."""

    def means(self, stage: Stage, phase: Phase) -> Means: ...

    async def open(self, means: Means, stack: AsyncExitStack) -> None:
        """Whatever has to be opened, on the stack."""

    def close(self, loop: asyncio.AbstractEventLoop, stack: AsyncExitStack) -> None:
        """The life is over: let go of what the system would take back from a dead process."""

    def cut(self, *, pulled: bool) -> None:
        """The poller's own cable."""


class Simulated:
    """Time leaps, and packets are worked out."""

    def loop(self, now_s: float) -> asyncio.AbstractEventLoop:
        return VirtualLoop(now_s)

    def means(self, stage: Stage, phase: Phase) -> Means:
        start = stage.play.start
        probes = VirtualProbes(stage.ether, stage.play.inventory, start)
        sessions = LabSessions(stage.ether, start)
        return Means(cast(Engine, None), cast(Probes, probes), cast(Sessions, sessions), phase)

    async def open(self, means: Means, stack: AsyncExitStack) -> None:
        return

    def close(self, loop: asyncio.AbstractEventLoop, stack: AsyncExitStack) -> None:
        return

    def cut(self, *, pulled: bool) -> None:
        return  # the stage's ether knows
