"""The way of one datum, told from top to bottom: collect, rates, name, judge, store."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from alerts.transition import Transition
from collectors.contract import CollectError, Reading, Said, Target
from collectors.rates import RateMeter
from inventory.batch import Batch, Facts
from noc.naming import LinkFigures
from noc.outcomes import Outcomes
from noc.points import PointFigures
from noc.store.writer import MetricStore

TICK_S = 0.05
POLL = ("answered", "duration_ms", "late_ms", "reason")


class Collects(Protocol):
    """What the pipeline asks of a collector; `due` is UTC seconds and becomes the time of what was measured."""

    async def collect(self, target: Target, due: int) -> Sequence[Said]: ...


@dataclass(slots=True)
class PipelineCounters:
    """Counted since the start of the daemon."""

    answered: int = 0
    failed: int = 0
    batches: int = 0
    values: int = 0
    ticks: int = 0


class Pipeline:
    """Polls end here. What they said waits for the tick, so that rates run once over all who answered in it."""

    def __init__(
        self,
        collectors: Mapping[str, Collects],
        meter: RateMeter,
        links: LinkFigures,
        points: PointFigures,
        store: MetricStore,
        *,
        clock: Callable[[], float],
        tell: Callable[[Iterable[Transition]], None],
    ) -> None:
        self.counters = PipelineCounters()
        self.links = links
        self.points = points
        self._collectors = collectors
        self._meter = meter
        self._store = store
        self._clock = clock
        self._tell = tell
        self._said: list[Said] = []
        self._polls: list[Batch] = []
        self._rows = {name: (name,) for name in collectors}
        self.outcomes = Outcomes(clock)
        self._armed = False
        self.on_said: Callable[[Target, Sequence[Said]], None] = lambda target, said: None
        self.on_uptime: Callable[[str, float, int | None], None] = lambda device, at, ticks: None
        self.on_measured: Callable[[Sequence[Batch]], None] = lambda batches: None

    async def poll(self, target: Target, due: float) -> None:
        """Collect: ask once; an expected failure becomes data."""
        began = self._clock()
        try:
            said = await self._collectors[target.collector].collect(target, int(due))
        except CollectError as error:
            self._failed(target, due, began, error)
        else:
            self._answered(target, due, began, said)
        if not self._armed:
            self._armed = True
            asyncio.get_running_loop().call_later(TICK_S, self.tick)

    def _answered(self, target: Target, due: float, began: float, said: Sequence[Said]) -> None:
        self.counters.answered += 1
        self._said.extend(said)
        self.on_said(target, said)
        self._polls.append(self._poll_batch(target, due, began, 0))
        self._note(self.outcomes.answered(target))

    def _failed(self, target: Target, due: float, began: float, error: CollectError) -> None:
        self.counters.failed += 1
        self._said.extend(error.said)
        self._polls.append(self._poll_batch(target, due, began, error.code))
        self._note(self.outcomes.failed(target, error))

    def _note(self, facts: Facts | None) -> None:
        if facts is not None:
            self._said.append(facts)

    def _poll_batch(self, target: Target, due: float, began: float, code: int) -> Batch:
        values = ((not code,), ((self._clock() - began) * 1e3,), ((began - due) * 1e3,), (code,))
        rows = self._rows[target.collector]
        return Batch("poll", target.device.key, int(due), rows, POLL, np.array(values, dtype=np.float64))

    def tick(self) -> None:
        """Rates over everything that was said, then names, judgement, store."""
        self._armed = False
        said, self._said = self._said, []
        polls, self._polls = self._polls, []
        self.counters.ticks += 1
        readings = [one for one in said if isinstance(one, Reading)]
        batches = self._meter.feed(readings)
        self._judge(batches)
        for reading in readings:
            self.on_uptime(reading.device, reading.at, reading.uptime_ticks)
        for one in said:
            if isinstance(one, Facts):
                self._store.put_facts(one)
            elif isinstance(one, Batch):
                batches += self._taken(one)
        self.keep([*batches, *polls])

    def _taken(self, batch: Batch) -> list[Batch]:
        """What of it is kept as it is: points are kept together, when all of them are closed."""
        if batch.measurement == "point":
            self.points.feed_counted(batch, self._clock())
            return []
        if batch.measurement == "aggregate":
            self.links.feed_speeds(batch, self._clock())
        return [batch]

    def _judge(self, batches: Iterable[Batch]) -> None:
        """Name what belongs to a link, and let the board see the ports."""
        now = self._clock()
        transitions: list[Transition] = []
        for batch in batches:
            if batch.measurement == "interface":
                transitions += self.links.feed(batch, now)
                self.points.feed(batch, now)
        if transitions:
            self._tell(transitions)

    def keep(self, batches: Sequence[Batch]) -> None:
        """Rules judge everything that is measured, before it is stored."""
        self.on_measured(batches)
        self.counters.batches += len(batches)
        self.counters.values += sum(batch.values.size for batch in batches)
        self._store.append(batches)

    def forget(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        self._meter.forget(device)
        self.outcomes.forget(device)
