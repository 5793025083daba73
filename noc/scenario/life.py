"""One life of the simulated daemon: the real house on means that need no sockets, from its start to its end or death."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import cast

from alerts.transition import Transition
from inventory.allocation import Accounts
from inventory.model import Inventory
from inventory.notice import Notice
from inventory.secrets import Secrets
from noc.alerting import Alerting
from noc.chronometer import Chronometer
from noc.hearing import HouseActs
from noc.heart import Heart, OnDuty, first_mark
from noc.hints import Hints
from noc.hourly import LOOK_S as FIGURES_LOOK_S
from noc.hourly import Hourly
from noc.keeping import Keeper
from noc.outbox import inline
from noc.rounds import COLLECTOR
from noc.scenario.channels import RecordingChannel
from noc.scenario.loop import Clockwork
from noc.scenario.means import Surroundings
from noc.scenario.past import Past
from noc.scenario.stage import Stage
from noc.schedule import phase_s
from noc.store.writer import MetricStore
from noc.wiring import House, Network, build_house, build_network, targets

SLOW_S = 30.0  # rounds that take longer are for runs of days
LOOK_S = 600.0  # nobody else queues messages: whoever queues wakes the outbox
STIRRED_S = 300.0  # after a change of state everything is looked at every second for so long


class Life:
    """Inert until `begin`, which belongs into the running loop."""

    def __init__(
        self,
        stage: Stage,
        loop: asyncio.AbstractEventLoop,
        surroundings: Surroundings,
        channel: Callable[[str], RecordingChannel],
    ) -> None:
        """`channel` makes the channel of that name."""
        self.stack = AsyncExitStack()
        self._stage = stage
        self._surroundings = surroundings
        self._loop = loop
        self._channel = channel
        self.clock = Chronometer(self._wall, loop.time)
        self.house: House
        self.hints: Hints | None = None

    def _wall(self) -> float:
        """UTC seconds, as this machine believes."""
        return self._stage.play.start + self._loop.time() + self._stage.offset_s

    async def begin(self) -> None:
        """The house is built, goes on from what was kept, and beats."""
        stage, play = self._stage, self._stage.play
        network = build_network(play.config, play.inventory)
        store = cast(MetricStore, stage.store)
        means = self._surroundings.means(stage, self._phase)
        await self._surroundings.open(means, self.stack)
        heart = Heart(self.clock)
        self.house = build_house(
            play.config,
            network,
            Secrets({}),
            store,
            clock=self.clock,
            tell=heart.tell,
            means=means,
        )
        mark = first_mark(self.house, "simulated", 0, self.clock())
        keeper = Keeper(self.house, store, mark, self.clock)
        network.board.restore(stage.store.rows.values())
        self._switch_off()
        self._listen()
        alerting = self._alerting(network)
        heart.put_in(self.house, keeper, _Witness(stage, alerting.duty))
        self.house.pipeline.on_measured = alerting.duty.measured
        clockwork = Clockwork(self._loop, stride=self._stride, idle=self._idle)
        heart.arrange(clockwork)
        clockwork.every(FIGURES_LOOK_S, self._hourly().step, name="figures")
        clockwork.every(play.config.store.commit_s, keeper.committing(_at_once(keeper.commit)), name="commit")
        heart.warm_up()
        await alerting.open(self.stack)

    def _hourly(self) -> Hourly:
        """Figures of capacity from the past that the file tells of."""
        play = self._stage.play
        past = play.past or Past(play.inventory, play.start)

        async def accounts(inventory: Inventory, now: float) -> Accounts:
            return past

        return Hourly(
            self.house, clock=self.clock, accounts=accounts, reading=lambda call: call(past.table), run=inline
        )

    def _alerting(self, network: Network) -> Alerting:
        """The real one, on the stage's ledger and channels."""
        play = self._stage.play
        channels = {name: self._channel(name) for name in play.channels}
        return Alerting(
            play.config, network, play.orders, self._stage.ledger, channels, clock=self.clock, run=inline, look_s=LOOK_S
        )

    def hear(self, notice: Notice) -> None:
        """Something was said unasked."""
        if self.hints is not None:
            self.hints.take(replace(notice, at=self.clock()))

    def _phase(self, name: str, every_s: float) -> float:
        """Another seed, another moment for everybody's turn; in a slow run on a beat that is never left out."""
        phase = phase_s(f"{name} {self._stage.seed}", every_s)
        return phase if self._stride == 1 else phase // self._stride * self._stride

    @property
    def _stride(self) -> int:
        """Where rounds are slow, quiet times need no look every second."""
        slow = self._stage.play.config.poll.liveness_s
        return int(slow / 5) if slow >= SLOW_S else 1

    def _idle(self) -> bool:
        """Nothing is in doubt, and for a while nothing has changed."""
        return not self.house.rounds.keen and self._stage.now_s - self._stage.stirred_s > STIRRED_S

    def _switch_off(self) -> None:
        """What the scenario does not need is asked of nobody."""
        for device in self.house.network.inventory.devices.values():
            for polling, target in targets(self.house, device):
                if target.collector not in (COLLECTOR, *self._stage.play.collect):
                    polling.drop([target])

    def _listen(self) -> None:
        self.hints = hints = Hints(HouseActs(self.house, self.clock), self.clock)
        before = self.house.pipeline.on_uptime

        def both(device: str, at: float, ticks: int | None) -> None:
            before(device, at, ticks)
            hints.note_uptime(device, at, ticks)

        self.house.pipeline.on_uptime = both


class _Witness:
    """Writes down what the board says, and hands it on to whoever is on duty."""

    def __init__(self, stage: Stage, duty: OnDuty) -> None:
        self._stage = stage
        self._duty = duty

    def moved(self, transitions: Iterable[Transition]) -> None:
        transitions = tuple(transitions)
        self._stage.stirred_s = self._stage.now_s
        self._stage.recorder.moved(self._stage.now, transitions)
        self._duty.moved(transitions)

    def second(self) -> None:
        self._duty.second()


def _at_once(commit: Callable[[], None]) -> Callable[[], object]:
    """In simulated time nobody waits for a disk."""

    async def step() -> None:
        commit()

    return step
