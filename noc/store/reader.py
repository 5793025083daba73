"""Reading metrics from any process: newest values, any range at full resolution, 5-minute and hourly rollups."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noc.store.file import Opening
from noc.store.steps import Floats


@dataclass(frozen=True, slots=True)
class Series:
    """One subject over time. `values` and its sisters are quantities x instants, NaN where not known.

    At full resolution `at` is when each batch was due and only `values` is there. Of a rollup `at` is where a slot
    begins, `values` are means weighted by time; a value covers the time since the batch before it, except over gaps.
    """

    at: NDArray[np.int64]
    quantities: tuple[str, ...]
    values: Floats
    least: Floats | None = None
    most: Floats | None = None
    n: Floats | None = None  # batches with a value that ended in the slot
    covered_s: Floats | None = None  # seconds of the slot that values speak of
    up_s: Floats | None = (
        None  # one line: seconds up, by oper_status, up_ratio, state or answered; NaN where none of them
    )


class MetricReader:
    """Read-only, for any process and user, daemon up or down. Raises StoreError."""

    def __init__(self, path: Path | str) -> None:
        self._opening = Opening(path)

    def __enter__(self) -> "MetricReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.close()
