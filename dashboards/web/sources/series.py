"""Time series for charts, from whichever layer of the store answers best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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
