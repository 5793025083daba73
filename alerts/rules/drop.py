"""Rules about what has become less than it was: an aggregate that lost a member is up, and carries a part of its rate."""

import numpy as np

from alerts.alarm import Alarm
from alerts.rules.kernel import Figures, Outcomes, grown, outcome_of
from alerts.rules.rule import DropSpec
from alerts.rules.table import Bools, Floats, Index, Table, Tick
from inventory.model import Inventory


def promised_bps(inventory: Inventory, link: str) -> float:
    """What a link carries by contract in its greater direction, bit/s; 0 where it is not known."""
    known = inventory.links.get(link)
    return float(max(known.in_bps, known.out_bps)) if known is not None else 0.0


class Drop:
    """Bad below a share of the most that was seen, of several quantities each for itself.

    Where a speed of a link is looked at the most is no less than its committed rate: what was lost before anybody looked
    is seen so, at least in part.
    """

    def __init__(self, spec: DropSpec, table: Table) -> None:
        self._spec = spec
        self._table = table
        self._labelled = table.labelled  # of whose inventory the promises are
        size = len(spec.quantities)
        self._promising = table.measurement.one == "link" and all(name.endswith("_bps") for name in spec.quantities)
        self._promised: Floats = np.zeros(0)  # -1: not looked up
        self._most: Floats = np.zeros((size, 0))
        self._most_at: Floats = np.zeros((size, 0))  # when it was last as much, UTC seconds
        self._last: Floats = np.zeros((size, 0))  # NaN: never told
        self._fell_at: Floats = np.zeros((size, 0))
        self._bad: Bools = np.zeros((size, 0), np.bool_)

    def grow(self, size: int) -> None:
        self._promised = grown(self._promised, size, -1.0)
        self._most, self._most_at = grown(self._most, size), grown(self._most_at, size)
        self._last, self._fell_at = grown(self._last, size, np.nan), grown(self._fell_at, size, np.nan)
        self._bad = grown(self._bad, size)

    def judge(self, tick: Tick) -> Outcomes:
        spec, index = self._spec, tick.index
        values = tick.all_of(spec.quantities)
        known = ~np.isnan(values)
        self._learn(tick, values)
        level = np.maximum(self._most[:, index], self._promises(index))
        before = self._bad[:, index]
        fallen = (values <= level * spec.raise_at) | (before & (values < level * spec.clear_at))
        bad = self._bad[:, index] = np.where(known, fallen, before)
        fell_at = np.where(before, self._fell_at[:, index], tick.at)
        self._fell_at[:, index] = np.where(bad, fell_at, np.nan)
        last = self._last[:, index] = np.where(known, values, self._last[:, index])
        never = np.isnan(last)  # one end of a link may have no aggregate
        return outcome_of(bad, ~known & ~(never & known.any(axis=0)))

    def _learn(self, tick: Tick, values: Floats) -> None:
        """As much as ever is the most; what has been less for `learn_s` is what there is now."""
        index = tick.index
        most, most_at = self._most[:, index], self._most_at[:, index]
        again = values >= most * self._spec.clear_at
        forgotten = ~again & (tick.at - most_at > self._spec.learn_s) & (values > 0.0)
        self._most[:, index] = np.where(forgotten, values, np.fmax(most, values))
        self._most_at[:, index] = np.where(again | forgotten, tick.at, most_at)

    def _promises(self, index: Index) -> Floats:
        if self._labelled is not self._table.labelled:
            self._labelled = self._table.labelled
            self._promised.fill(-1.0)
        for number in index[self._promised[index] < 0.0].tolist():
            inventory, key = self._labelled.inventory, self._table.rows[number][1]
            self._promised[number] = promised_bps(inventory, key) if self._promising else 0.0
        return self._promised[index]

    def evidence(self, number: int) -> Figures:
        level = np.maximum(self._most[:, number], self._promised[number])
        place = int(np.nanargmin(np.where(self._bad[:, number], self._last[:, number] / level, np.inf)))
        return {
            "quantity": self._spec.quantities[place],
            "value": float(self._last[place, number]),
            "level": float(level[place]),
            "window_s": 0.0,
        }

    def since(self, number: int) -> float | None:
        fell_at = self._fell_at[:, number]
        return None if np.isnan(fell_at).all() else float(np.nanmin(fell_at))

    def resume(self, number: int, alarm: Alarm) -> None:
        """The most that there was is in the evidence: it cannot be learnt anew while it is not there."""
        quantity, most = alarm.evidence.figures.get("quantity"), alarm.evidence.figures.get("level")
        if quantity in self._spec.quantities and isinstance(most, (int, float)):
            place = self._spec.quantities.index(str(quantity))
            self._most[place, number], self._most_at[place, number] = float(most), alarm.at
            self._bad[place, number] = alarm.good_since is None
            self._fell_at[place, number] = alarm.bad_since if alarm.good_since is None else np.nan
