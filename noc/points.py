"""What institutions use of the cables: measuring points on interfaces and on counters become one batch of all points."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from inventory.batch import Batch
from inventory.model import Inventory, MeasuringPoint

MEASUREMENT: Final = "point"
QUANTITIES: Final = ("in_bps", "out_bps")
_WAYS: Final = {"upstream": QUANTITIES, "institution": QUANTITIES[::-1]}  # what a port sends to whom it faces is in


@dataclass(slots=True)
class _Measured:
    at: float
    bps: tuple[float, float]


@dataclass(slots=True)
class _Layout:
    """Where the points of one device stand in its interface rows; good while the rows are the same object."""

    rows: tuple[str, ...]
    places: tuple[tuple[int, MeasuringPoint], ...]


class PointFigures:
    """Keeps the newest of each point; *in* is towards the institution."""

    def __init__(self, inventory: Inventory) -> None:
        self.rows = tuple(inventory.points)
        self._points = inventory.points
        self._on_interfaces: dict[str, list[MeasuringPoint]] = {}
        for point in inventory.points.values():
            if point.interface:
                self._on_interfaces.setdefault(point.device, []).append(point)
        self._layouts: dict[str, _Layout] = {}
        self._measured: dict[str, _Measured] = {}

    def take_over(self, before: "PointFigures") -> None:
        """After a reload: what was measured of points that are what they were."""
        same = (key for key, point in self._points.items() if before._points.get(key) == point)
        self._measured = {key: before._measured[key] for key in same if key in before._measured}

    def feed(self, batch: Batch, now: float) -> None:
        """One device's "interface" batch."""
        if batch.scope not in self._on_interfaces:
            return
        layout = self._layouts.get(batch.scope)
        if layout is None or layout.rows is not batch.rows:
            layout = self._layouts[batch.scope] = self._lay_out(batch)
        for place, point in layout.places:
            bps = [float(batch.of(name)[place]) for name in _WAYS[point.faces]]
            self._note(point.key, (bps[0], bps[1]), now)

    def feed_counted(self, batch: Batch, now: float) -> None:
        """One device's "point" batch, of counters."""
        into, out = (batch.of(name) for name in QUANTITIES)
        for place, key in enumerate(batch.rows):
            if key in self._points:
                self._note(key, (float(into[place]), float(out[place])), now)

    def close(self, at: int, newer_than: float) -> Batch:
        """All points as one batch, NaN where nothing newer was measured."""
        table = np.full((len(QUANTITIES), len(self.rows)), np.nan)
        for place, key in enumerate(self.rows):
            measured = self._measured.get(key)
            if measured is not None and measured.at > newer_than:
                table[:, place] = measured.bps
        return Batch(MEASUREMENT, "", at, self.rows, QUANTITIES, table)

    def _lay_out(self, batch: Batch) -> _Layout:
        places = {key: place for place, key in enumerate(batch.rows)}
        points = self._on_interfaces[batch.scope]
        return _Layout(batch.rows, tuple((places[one.interface], one) for one in points if one.interface in places))

    def _note(self, key: str, bps: tuple[float, float], now: float) -> None:
        if not np.isnan(bps).all():
            self._measured[key] = _Measured(now, bps)
