"""Rules about the course of a measurement: how long a link is full, and round trips against what is usual there."""

import math

import numpy as np

from alerts.alarm import Alarm
from alerts.rules.kernel import Figures, Outcomes, grown, outcome_of
from alerts.rules.rule import BaselineSpec, UseSpec
from alerts.rules.table import Bools, Floats, Table, Tick
from alerts.rules.window import COVERED, Window
from inventory.model import Inventory, Link

DIRECTIONS = ("in", "out")
USE = ("in_util_ratio", "out_util_ratio")
HIGHEST = 1.1  # of the contract; more is an error of data (SEMANTICS 29)
EXCHANGE_HIGH = 0.95  # an exchange port is bought to be full: TIX averages 0.85
LEAST_LEARNT = 3
SLOWLY = 0.1  # while it is bad, what is usual moves towards it this much slower


def own_level(inventory: Inventory, link: str) -> float:
    """The share of its contract above which a link counts as busy."""
    known = inventory.links.get(link)
    if known is None:
        return math.nan
    circuit = inventory.circuits.get(known.circuit)
    untold = known.high_ratio == Link.__dataclass_fields__["high_ratio"].default
    return EXCHANGE_HIGH if untold and circuit is not None and circuit.kind == "exchange" else known.high_ratio


class Use:
    """Bad once most of the window is above the level, in either direction; good once little of it is near it."""

    def __init__(self, spec: UseSpec, every_s: float, table: Table) -> None:
        self._spec = spec
        self._window = Window(len(USE), spec.over_s, every_s, covered=max(COVERED, spec.share))
        self._table = table
        self._labelled = table.labelled  # of whose inventory the levels are
        self._levels: Floats = np.zeros(0)  # -1: not looked up
        self._bad: Bools = np.zeros((len(USE), 0), np.bool_)
        self._mean: Floats = np.zeros((len(USE), 0))
        self._share: Floats = np.zeros((len(USE), 0))

    def grow(self, size: int) -> None:
        self._window.grow(size)
        self._levels = grown(self._levels, size, -1.0)
        self._bad = grown(self._bad, size)
        self._mean, self._share = grown(self._mean, size, np.nan), grown(self._share, size, np.nan)

    def judge(self, tick: Tick) -> Outcomes:
        spec, index = self._spec, tick.index
        values = tick.all_of(USE)
        values[values > HIGHEST] = np.nan
        self._window.push(tick, values)
        samples = self._window.samples(index, tick.at)
        level = self._level(tick)
        share = samples.share(samples.values >= level)
        near = samples.share(samples.values >= level - spec.margin)
        known = self._window.known(samples) & ~np.isnan(level)
        bad = self._bad[:, index]
        bad = np.where(known, (share >= spec.share) | (bad & (near > spec.clear_share)), bad)
        self._bad[:, index] = bad
        self._mean[:, index], self._share[:, index] = samples.mean(), share
        return outcome_of(bad, ~known)

    def _level(self, tick: Tick) -> Floats:
        if self._labelled is not self._table.labelled:
            self._labelled = self._table.labelled
            self._levels.fill(-1.0)
        levels = self._levels[tick.index]
        for place in np.flatnonzero(levels == -1.0).tolist():
            number = int(tick.index[place])
            levels[place] = self._levels[number] = self._own_level(number)
        return levels

    def _own_level(self, number: int) -> float:
        if self._spec.level is not None:
            return self._spec.level
        inventory, row = self._labelled.inventory, self._table.rows[number][1]
        if self._table.measurement.one == "circuit":
            row = next((link.key for link in inventory.links.values() if link.circuit == row), "")
        return own_level(inventory, row)

    def evidence(self, number: int) -> Figures:
        means = np.where(self._bad[:, number], self._mean[:, number], -1.0)
        place = int(np.argmax(means))
        return {
            "direction": DIRECTIONS[place],
            "value": float(self._mean[place, number]),
            "level": float(self._levels[number]),
            "share": float(self._share[place, number]),
            "window_s": self._window.over_s,
        }

    def since(self, number: int) -> float | None:
        level, bad = float(self._levels[number]), self._bad[:, number, None]
        return self._window.first(number, lambda values: (values >= level) & bad)

    def resume(self, number: int, alarm: Alarm) -> None:
        direction = alarm.evidence.figures.get("direction")
        for place, name in enumerate(DIRECTIONS):
            self._bad[place, number] = alarm.good_since is None and direction in (name, None)


class Baseline:
    """Bad when the mean of the window is far over what is usual there, learnt from what came before the window."""

    def __init__(self, spec: BaselineSpec, every_s: float) -> None:
        self._spec = spec
        self._window = Window(1, spec.over_s, every_s)
        self._least_weight = min(1.0, every_s / spec.learn_s)
        self._usual: Floats = np.zeros(0)
        self._learnt: Floats = np.zeros(0)
        self._mean: Floats = np.zeros(0)
        self._bad: Bools = np.zeros(0, np.bool_)

    def grow(self, size: int) -> None:
        self._window.grow(size)
        self._usual, self._learnt = grown(self._usual, size), grown(self._learnt, size)
        self._mean, self._bad = grown(self._mean, size, np.nan), grown(self._bad, size)

    def judge(self, tick: Tick) -> Outcomes:
        spec, index = self._spec, tick.index
        self._learn(tick, self._window.push(tick, tick.all_of((spec.quantity,)))[0])
        samples = self._window.samples(index, tick.at)
        mean = self._mean[index] = samples.mean()[0]
        known = self._window.known(samples)[0] & (self._learnt[index] >= LEAST_LEARNT)
        usual = self._usual[index]
        raised = (mean >= usual * spec.raise_at) & (mean - usual >= spec.least)
        cleared = (mean <= usual * spec.clear_at) | (mean - usual < spec.least / 2)
        bad = np.where(known, raised | (self._bad[index] & ~cleared), self._bad[index])
        self._bad[index] = bad
        return outcome_of(bad[None], ~known[None])

    def _learn(self, tick: Tick, passed: Floats) -> None:
        """A mean of all samples at first, later one that forgets what is older than `learn_s`."""
        fresh = ~np.isnan(passed)
        index, passed = tick.index[fresh], passed[fresh]
        learnt = self._learnt[index]
        weight = np.maximum(1.0 / (learnt + 1.0), self._least_weight)
        weight = np.where(self._bad[index] & (learnt > 0), weight * SLOWLY, weight)
        self._usual[index] += weight * (passed - self._usual[index])
        self._learnt[index] = learnt + 1.0

    def void(self, number: int, since: float) -> None:
        """What was sampled of this row from then on says nothing."""
        self._window.void(number, since)

    def evidence(self, number: int) -> Figures:
        return {
            "quantity": self._spec.quantity,
            "value": float(self._mean[number]),
            "usual": float(self._usual[number]),
            "window_s": self._window.over_s,
        }

    def since(self, number: int) -> float | None:
        risen = float(self._usual[number]) * self._spec.raise_at
        return self._window.first(number, lambda values: values >= risen)

    def resume(self, number: int, alarm: Alarm) -> None:
        """What was usual is in the evidence: it cannot be learnt anew while it is not as usual."""
        usual = alarm.evidence.figures.get("usual")
        if isinstance(usual, (int, float)):
            self._usual[number], self._learnt[number] = float(usual), self._spec.learn_s
            self._bad[number] = alarm.good_since is None
