"""Where ranges older than what is kept here are read: `[store] history = "influxdb"` puts InfluxDB behind this protocol."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inventory.slots import SlotTable
from noc.store.file import StoreError


class HistoryAway(StoreError):
    """The server that keeps what is older cannot be asked; the text says why. What is kept here is still answered."""


class History(Protocol):
    """Reads what the store let go. Not for two threads at once. Raises HistoryAway."""

    def table(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: int,
    ) -> SlotTable:
        """As `MetricReader.table` with "extremes" and "up": exactly the slots of [start, end), `step` 300, 3600 or 86400.

        `start` and `end` lie on the edges of slots, those of days at midnight in Dar es Salaam. NaN where it knows
        nothing; its `least`, `most` and `up_s` may be None.
        """

    def full(
        self, measurement: str, scope: str, row: str, quantities: Sequence[str], *, start: int, end: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Full resolution within [start, end): instants ascending, and quantities x instants."""
