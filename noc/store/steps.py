"""Values as the store keeps them: whole multiples of each quantity's resolution, with one number for "not known"."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.quantities import QUANTITIES

Floats = NDArray[np.float64]
Steps = NDArray[np.int64]

NULL: Final = -(1 << 63)  # NaN; no value can reach it
LIMIT: Final = float(1 << 50)  # larger values are kept as this many steps; up to here steps survive being a double


def scales(quantities: Sequence[str]) -> Floats:
    """Steps per unit of each quantity, as a column. A quantity that the table lacks is kept in steps of 0.001."""
    found = (QUANTITIES.get(name) for name in quantities)
    per_unit = [1.0 / quantity.resolution if quantity else 1000.0 for quantity in found]
    return np.array([round(scale) if scale >= 1.0 else scale for scale in per_unit], np.float64).reshape(-1, 1)


def to_steps(values: Floats, scale: Floats) -> Steps:
    """Nearest steps of `values` (quantities x anything); NaN becomes NULL, infinities and giants the limit."""
    most = LIMIT / scale
    scaled = np.rint(np.clip(values, -most, most) * scale)
    np.copyto(scaled, float(NULL), where=np.isnan(scaled))
    return scaled.astype(np.int64)


def to_values(steps: Steps, scale: Floats) -> Floats:
    """The inverse: quantities x anything, NaN where not known."""
    values = steps / scale
    values[steps == NULL] = np.nan
    return values
