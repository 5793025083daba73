"""Five-minute slots (or coarser ones) of many subjects at once: what percentiles, reports and pages are computed from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

PRESENT: Final = 0.8  # share of a slot that values must speak of, for it to count (SEMANTICS 28)


@dataclass(frozen=True)
class SlotTable:
    """Slots of `step_s` seconds from `start` (UTC seconds), side by side without gaps; NaN where nothing is known.

    `mean`, `least` and `most` have the shape (quantities, rows, slots), weighted by time, so that octets are conserved
    (SEMANTICS 27); `covered_s` the same shape: seconds of the slot that values speak of; `up_s` (rows, slots): seconds
    up, NaN where none is known. `least`, `most` and `up_s` are None where they were not asked for.
    """

    start: int
    step_s: int
    rows: tuple[str, ...]
    quantities: tuple[str, ...]
    mean: NDArray[np.float64]
    covered_s: NDArray[np.float64]
    least: NDArray[np.float64] | None = None
    most: NDArray[np.float64] | None = None
    up_s: NDArray[np.float64] | None = None

    @property
    def count(self) -> int:
        return int(self.mean.shape[2])

    @property
    def end(self) -> int:
        return self.start + self.count * self.step_s

    @cached_property
    def at(self) -> NDArray[np.int64]:
        """When each slot begins."""
        return self.start + self.step_s * np.arange(self.count, dtype=np.int64)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """(quantities, rows, slots): which slots count."""
        return self.covered_s >= PRESENT * self.step_s

    def of(self, quantity: str) -> NDArray[np.float64]:
        """Means of one quantity, (rows, slots), NaN also where too little of the slot is known to count."""
        place = self.quantities.index(quantity)
        return np.where(self.present[place], self.mean[place], np.nan)
