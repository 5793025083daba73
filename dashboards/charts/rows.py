"""A chart as a table, for browsers without scripts and for whoever hears the page read: means of some dozen steps."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from dashboards.charts.asked import Asked
from dashboards.charts.columns import Columns, fewer
from dashboards.charts.steps import BY_WORD, HOUR_S, Layer
from inventory.calendar import DAY_S

_BY_SPAN: Final = (  # range up to, layer, slots of it in one row: some two dozen rows each
    (HOUR_S, "5min", 1),
    (6 * HOUR_S, "5min", 3),
    (30 * HOUR_S, "hour", 1),
    (8 * DAY_S, "hour", 6),
    (40 * DAY_S, "day", 1),
    (400 * DAY_S, "month", 1),
)


class Row(NamedTuple):
    """`at`: UTC seconds; means by quantity, None for what is not known."""

    at: int
    means: Sequence[float | None]


def layer_of(asked: Asked) -> tuple[Layer, int]:
    for span_s, word, times in _BY_SPAN:
        if asked.span_s <= span_s:
            return BY_WORD[word], times
    return BY_WORD["month"], 12


def rows(columns: Columns, times: int) -> list[Row]:
    few = fewer(columns, times) if columns.step_s < DAY_S else columns
    found = [Row(at, [None if np.isnan(one) else float(one) for one in few.mean[:, n]]) for n, at in enumerate(few.at)]
    return found[:: times if columns.step_s >= DAY_S else 1]
