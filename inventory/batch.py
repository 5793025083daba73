"""The currency of the house: one measurement at one instant, and the facts that are text or change rarely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Batch:
    """One measurement at one instant. Rows are subjects, columns are quantities. NaN: not known, never zero.

    `values` has the shape (len(quantities), len(rows)); a quantity is a contiguous line of it.
    `rows` and `quantities` are the same tuple objects from poll to poll while nothing changed, so that
    whoever keeps something per subject may recognise them by identity.
    """

    measurement: str  # "interface", "device", "poll", ... = InfluxDB measurement
    scope: str  # the device asked; "" for derived batches (link, site), whose rows are their keys = tag
    at: int  # UTC seconds: the due time of a scheduled poll, the actual time of a forced one
    rows: tuple[str, ...]  # subject keys: interface names, peers, circuits = tag
    quantities: tuple[str, ...]  # names of `inventory.quantities` = fields
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.quantities), len(self.rows)):
            raise ValueError(
                f"{self.measurement}/{self.scope}: {self.values.shape} values for {len(self.quantities)} x {len(self.rows)}"
            )

    def of(self, quantity: str) -> NDArray[np.float64]:
        """One quantity over all rows, a view."""
        view: NDArray[np.float64] = self.values[self.quantities.index(quantity)]
        return view


@dataclass(frozen=True, slots=True)
class Facts:
    """What is text or changes rarely; kept only when changed, in the metric file, daemon up or down.

    `part` is "system" or "interfaces"; `content` is JSON-able and holds no bytes: text is decoded with
    backslash escapes where it is no UTF-8 (SEMANTICS 40).
    """

    device: str
    part: str
    at: int  # UTC seconds when asked
    content: Mapping[str, Any] = field(default_factory=dict)
