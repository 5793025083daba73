"""Time series for charts, from whichever layer of the store answers best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from inventory.slots import SlotTable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """Of one subject: `at` (UTC seconds, rising) and quantities x instants; NaN where nothing is known.

    `least` and `most` are of the slot, None at full resolution. `step_s` 0: instants are polls as they were.
    """

    quantities: tuple[str, ...]
    step_s: int
    at: NDArray[np.int64]
    mean: Floats
    least: Floats | None = None
    most: Floats | None = None
    p95: Floats | None = None
    present: Floats | None = None  # of months: five-minute slots that count


class SeriesSource(Protocol):
    """Safe in several threads. Raises `Away` where the store cannot be read."""

    def course(
        self,
        measurement: str,
        scope: str,
        row: str,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step_s: int = 0,
    ) -> Course:
        """[start, end) in UTC seconds; `step_s` 0 (as polled), 300, 3600, 86400 (local days) or 2592000 (local months)."""
        ...

    def known(self, measurement: str, scope: str, row: str) -> bool:
        """Whether it was ever measured."""
        ...

    def slots(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step_s: Literal[300, 3600, 86400] = 300,
        extremes: bool = False,
    ) -> SlotTable:
        """Every slot that [start, end) touches, side by side; days are those of Dar es Salaam."""
        ...

    def newest(self, measurement: str, scope: str, row: str) -> Mapping[str, float]:
        """Quantity -> its value in the newest batch, "at" with it; empty where it is not named there."""
        ...
