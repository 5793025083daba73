"""A chart as a table, for browsers without scripts and for whoever hears the page read: means of some dozen steps."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from dashboards.charts.asked import MOST_S, Asked
from dashboards.charts.columns import Columns, fewer
from dashboards.charts.steps import BY_WORD, HOUR_S, MONTH_S, Layer
from inventory.calendar import DAY_S

MOST: Final = 60
_BY_SPAN: Final = (  # range up to, length of a row, layer that it is made of: some two dozen rows each
    (HOUR_S, 300, "5min"),
    (6 * HOUR_S, 900, "5min"),
    (30 * HOUR_S, HOUR_S, "5min"),
    (8 * DAY_S, 6 * HOUR_S, "5min"),
    (40 * DAY_S, DAY_S, "hour"),
    (MOST_S, MONTH_S, "month"),
)


class Row(NamedTuple):
    """`at`: UTC seconds; means by quantity, None for what is not known."""

    at: int
    means: Sequence[float | None]


def layer_of(asked: Asked) -> Layer:
    """What rows are made of; for most ranges that is what the chart is made of, too, and read once for both."""
    return BY_WORD[_wanted(asked)[1]]


def rows(columns: Columns, asked: Asked) -> list[Row]:
    length_s = _wanted(asked)[0]
    few = fewer(columns, length_s // columns.step_s) if columns.step_s < length_s else columns
    at, means = few.at[-MOST:].tolist(), few.mean[:, -MOST:].T.tolist()
    return [
        Row(*one)
        for one in zip(at, ([None if math.isnan(mean) else mean for mean in each] for each in means), strict=True)
    ]


def _wanted(asked: Asked) -> tuple[int, str]:
    return next((length_s, word) for span_s, length_s, word in _BY_SPAN if asked.span_s <= span_s)
