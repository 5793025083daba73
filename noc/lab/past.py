"""A past for the simulated network: what a daemon would have kept of it, had it watched all those weeks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from inventory.calendar import DAY_S, EAT_S
from inventory.model import Inventory, Link
from inventory.states import Reason, State
from inventory.status import Kind
from noc.carrying import CircuitTraffic
from noc.lab.curve import draw
from noc.lab.paths import Way
from noc.lab.world import Epoch, World
from noc.minute import COURSE
from noc.minute import QUANTITIES as LIVENESS
from noc.naming import QUANTITIES as LINK
from noc.points import MEASUREMENT as POINT
from noc.points import QUANTITIES as BPS
from noc.watching import MEASUREMENT, POLLER, restated, told

STEP_S: Final = 300
MONTH_S: Final = 30 * DAY_S
_PACKET_BITS: Final = 8 * 700.0
_JITTER_MS: Final = 0.4
_STATES: Final = {State.UP: 0.0, State.UNREACHABLE: 3.0, State.DOWN: 4.0}

Standings = Mapping[tuple[Kind, str], tuple[State, float]]  # and since when it is so


@dataclass(frozen=True)
class Growth:
    """How the traffic came to be what it is at `until`: so much more each month, a little different on every line."""

    until: float
    per_month: float

    def at(self, key: str, at: NDArray[np.int64]) -> NDArray[np.float64]:
        own = self.per_month * (0.5 + draw(key, "growth"))
        grown: NDArray[np.float64] = (1.0 + own) ** ((at - self.until) / MONTH_S)
        return grown


class Past:
    """Played once, forwards, from the world's start; batches come in the order of time, every five minutes.

    `until` is UTC seconds. States change when the world does; what nobody reaches is unreachable behind what is cut.
    """

    def __init__(self, world: World, *, until: float, growth: float) -> None:
        self._world, self._until = world, until
        self._growth = Growth(until, growth)
        self._inventory: Inventory = world.inventory
        self._traffic = CircuitTraffic(world.inventory)
        self._anchored = tuple(key for key, one in world.inventory.circuits.items() if one.anchors)
        self._rows = tuple(world.inventory.links), tuple(world.inventory.devices)
        self._points = tuple(world.inventory.points)
        self._chance = np.random.default_rng(world.seed)

    def days(self) -> Iterator[list[Batch]]:
        """Everything that was kept of one local day after another, until `until`."""
        start = int(self._world.start)
        known = self._standings(start, {})
        yield [told(MEASUREMENT, "", start, [(POLLER[0], State.UP, start, Reason.NONE)])]
        while start < self._until:
            end = int(min(start - (start + EAT_S) % DAY_S + DAY_S, self._until))
            self._world.advance(end)
            every = np.arange(start + STEP_S - start % STEP_S, end + 1, STEP_S, dtype=np.int64)
            batches = [*restated(start, _all(known)), *self._measured(every)]
            for at in [at for at in self._world.epochs.times if start < at <= end]:
                after = self._standings(at, known)
                batches += _changes(known, after, int(at))
                known = after
            yield sorted(batches, key=lambda batch: batch.at)
            start = end

    def _measured(self, every: NDArray[np.int64]) -> Iterator[Batch]:
        if not len(every):
            return
        links, points = self._links(every), self._uses(every)
        for place, at in enumerate(every.tolist()):
            epoch = self._world.epochs.at(at)
            batch = Batch("link", "", at, self._rows[0], LINK, np.ascontiguousarray(links[:, :, place]))
            yield batch
            yield self._traffic.close(batch)
            if self._points:
                values = np.ascontiguousarray(points[:, :, place])
                yield Batch(POINT, "", at, self._points, BPS, values)
            yield self._liveness(at, epoch)
            yield self._circuits(at, epoch)

    def _links(self, every: NDArray[np.int64]) -> NDArray[np.float64]:
        """Quantities x links x instants."""
        ms = np.concatenate([[every[0] - STEP_S], every]) * 1000
        found = np.full((len(LINK), len(self._rows[0]), len(every)), np.nan)
        for row, link in enumerate(self._inventory.links.values()):
            grown = self._growth.at(link.key, every)
            both = [flow.bps(ms) * grown for flow in self._world.lines[link.key]]
            found[:10, row] = _figures(link, *both)
        return found

    def _uses(self, every: NDArray[np.int64]) -> NDArray[np.float64]:
        """(in and out) x measuring points x instants."""
        ms = np.concatenate([[every[0] - STEP_S], every]) * 1000
        found = np.full((len(BPS), len(self._points), len(every)), np.nan)
        for row, key in enumerate(self._points):
            found[:, row] = [flow.bps(ms) * self._growth.at(key, every) for flow in self._world.points[key]]
        return found

    def _liveness(self, at: int, epoch: Epoch) -> Batch:
        state = np.array([_STATES[_state_of(epoch, key)] for key in self._rows[1]])
        course = self._course([epoch.ways.get(key) for key in self._rows[1]])
        return Batch("liveness", "", at, self._rows[1], LIVENESS, np.vstack([course, state]))

    def _circuits(self, at: int, epoch: Epoch) -> Batch:
        ways = [epoch.beyond.get(key) for key in self._anchored]
        return Batch("circuit", "", at, self._anchored, COURSE, self._course(ways))

    def _course(self, ways: list[Way | None]) -> NDArray[np.float64]:
        """Round trips (least, mean, most) and loss over five minutes, (4 x ways)."""
        there = np.array([np.nan if way is None else 2 * way.latency_ms + 0.2 for way in ways])
        lost = np.array([1.0 if way is None else 1.0 - (1.0 - way.loss) ** 2 for way in ways])
        unrest = self._chance.exponential(_JITTER_MS, len(ways)) * (1.0 + np.nan_to_num(there) / 40)
        return np.vstack([there, there + unrest, there + 4 * unrest, lost])

    def _standings(self, at: float, before: Standings) -> Standings:
        states = dict(_states(self._inventory, self._world.epochs.at(at)))
        same = {one for one, state in states.items() if one in before and before[one][0] == state}
        return {one: before[one] if one in same else (state, at) for one, state in states.items()}


def _states(inventory: Inventory, epoch: Epoch) -> Iterator[tuple[tuple[Kind, str], State]]:
    devices = {key: _state_of(epoch, key) for key in inventory.devices}
    yield from ((("device", key), state) for key, state in devices.items())
    for key in inventory.links:
        yield ("link", key), State.DOWN if key in epoch.dead else State.UP
    for key, there in inventory.devices_at.items():
        if there:
            yield ("site", key), min((devices[device.key] for device in there), key=list(_STATES).index)


def _state_of(epoch: Epoch, device: str) -> State:
    if device in epoch.ways:
        return State.UP
    return State.DOWN if device in epoch.dark else State.UNREACHABLE


def _figures(link: Link, into: NDArray[np.float64], out: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first ten quantities of a link over time: rates, packets, errors, discards, use of the committed rates."""
    packets, nothing = (into / _PACKET_BITS, out / _PACKET_BITS), np.zeros_like(into)
    return np.stack([into, out, *packets, *[nothing] * 4, into / link.in_bps, out / link.out_bps])


def _all(known: Standings) -> Iterator[tuple[Kind, str, State, float, Reason]]:
    return ((kind, key, state, since, Reason.NONE) for (kind, key), (state, since) in known.items())


def _changes(before: Standings, after: Standings, at: int) -> Iterator[Batch]:
    for (kind, key), (state, since) in after.items():
        if before[kind, key][0] != state:
            yield told(f"{kind}_state", key, at, [(key, state, since, Reason.NONE)])
