"""What reading one subject over time gives, and what there is to read."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store.steps import Floats

MONTH: Final = "month"
Step = Literal[300, 3600, 86400, "month"]


class Subject(NamedTuple):
    """Whose values: a row (an interface, a circuit) of a measurement, of the device (or "") that was asked."""

    measurement: str
    scope: str
    row: str


@dataclass(frozen=True, slots=True)
class Series:
    """One subject over time. `values` and its sisters are quantities x instants, NaN where not known.

    At full resolution `at` is when each batch was due and only `values` is there. Of a rollup `at` is where a slot
    begins, `values` are means weighted by time; a value covers the time since the batch before it, except over gaps.
    Slots of which nothing is known are absent.
    """

    at: NDArray[np.int64]
    quantities: tuple[str, ...]
    values: Floats
    least: Floats | None = None
    most: Floats | None = None
    n: Floats | None = None  # values that ended in the slot
    covered_s: Floats | None = None  # seconds of the slot that values speak of
    up_s: Floats | None = (
        None  # a line: seconds up by oper_status, up_ratio, state or answered; NaN where none is known
    )
    p95: Floats | None = None  # of days and months: nearest rank over five-minute means (SEMANTICS 27)
    present: Floats | None = None  # of days and months: five-minute means that count (SEMANTICS 28)


class Measured(NamedTuple):
    """Where something was measured and what of it, over all the time that is kept."""

    measurement: str
    scope: str
    rows: tuple[str, ...]
    quantities: tuple[str, ...]
