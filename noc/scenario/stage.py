"""Everything that outlasts the daemon while a scenario plays: the network, the ledger, gateways, clock and disk."""

import asyncio
from dataclasses import dataclass, field
from math import inf
from random import Random

from alerts.incident import Incident
from noc.lab.world import World
from noc.ledger.ledger import SqlLedger, open_ledger
from noc.scenario.books import WatchedLedger
from noc.scenario.channels import Gateway, gateways
from noc.scenario.file import Play
from noc.scenario.network import Ether
from noc.scenario.record import Recorder
from noc.scenario.store import MemoryStore

ROWS_WANTED = ("kill", "silence", "maintenance")  # acts after which somebody reads the rows of status
RESTART_S = 5.0  # the service is started again


class Killed(SystemExit):
    """The daemon dies: nothing between here and the loop catches this."""

    def __init__(self, restart_s: float) -> None:
        super().__init__("killed")
        self.restart_s = restart_s


@dataclass
class Stretch:
    """A while, in seconds since the start; `to_s` is inf while it lasts."""

    from_s: float
    to_s: float = inf


@dataclass
class Stage:
    """`now_s` is seconds since the start, of the network; the daemon's own clock is `offset_s` ahead of it."""

    play: Play
    seed: int
    loss: float
    recorder: Recorder
    world: World
    ether: Ether
    gateways: dict[str, Gateway]
    chance: Random
    loop: asyncio.AbstractEventLoop | None = None  # of the daemon that lives now
    passed_s: float = 0.0  # while none does
    stirred_s: float = 0.0  # when something changed, or somebody acted
    offset_s: float = 0.0
    disk_full: bool = False
    trap_loss: float = 0.0
    doomed: tuple[str, float] | None = None  # the moment the daemon dies at next, and for how long
    steps: int = 0  # of the daemon that somebody outside could notice: transactions begun, ended and kept, sends
    dies_at: int | None = None  # the step it dies at
    deaf: dict[str, list[Stretch]] = field(default_factory=dict)  # gateway, daemon, poller
    quiet: list[tuple[Stretch, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        wanted = any(act.do in ROWS_WANTED for act in self.play.house)
        self.store = MemoryStore(lambda: self.disk_full, lambda: wanted or self.dies_at is not None)
        self.raw_ledger: SqlLedger = open_ledger(
            "sqlite://", migrate=True, clock=lambda: self.now + self.offset_s, source=Random(self.seed)
        )
        self.ledger = WatchedLedger(self.raw_ledger, lambda: self.disk_full, self.moment, self._keep)

    @property
    def now_s(self) -> float:
        return self.passed_s if self.loop is None else self.loop.time()

    @property
    def now(self) -> float:
        """UTC seconds, as they truly are."""
        return self.play.start + self.now_s

    def moment(self, what: str) -> None:
        """The daemon gets to `what`; if it was to die there, it does."""
        self.steps += 1
        if self.steps == self.dies_at:
            self.say("kill", f"the daemon dies at step {self.steps}: {what}")
            raise Killed(RESTART_S)
        if self.doomed is not None and self.doomed[0] == what:
            restart_s, self.doomed = self.doomed[1], None
            self.say("kill", f"the daemon dies {what.replace('-', ' ')}")
            raise Killed(restart_s)

    def fill_disk(self, *, full: bool) -> None:
        """The ledger goes on in memory then, as the daemon's does."""
        self.disk_full = full
        self.raw_ledger.rehearse_full_disk(full)

    def _keep(self, incident: Incident) -> None:
        self.recorder.kept(self.now, incident)

    def say(self, kind: str, words: str) -> None:
        self.recorder.line(self.now, kind, words)

    def begin(self, what: str) -> None:
        """From now on nothing is heard, or nothing goes out."""
        stretches = self.deaf.setdefault(what, [])
        if not stretches or stretches[-1].to_s < inf:
            stretches.append(Stretch(self.now_s))

    def end(self, what: str) -> None:
        stretches = self.deaf.get(what)
        if stretches and stretches[-1].to_s == inf:
            stretches[-1].to_s = self.now_s


def set_stage(play: Play, *, seed: int, loss: float) -> Stage:
    """Everything as it is at the start of a run."""
    world = play.world(seed)
    return Stage(
        play=play,
        seed=seed,
        loss=loss,
        recorder=Recorder(play.start),
        world=world,
        ether=Ether(world, seed=seed, loss=loss),
        gateways=dict(gateways(play.channels)),
        chance=Random(seed ^ 0x747261),
        trap_loss=play.traps,
    )
