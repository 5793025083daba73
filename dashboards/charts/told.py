"""What browsers draw a chart from: columns as short as they can be, lines, states, bands and marks beside them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from dashboards.charts.columns import Columns, deltas, short
from dashboards.charts.marks import Band, Mark
from dashboards.charts.ranked import Ranked
from dashboards.charts.strip import Part
from inventory.quantities import QUANTITIES

Told = dict[str, Any]
BANDLESS: Final = frozenset(
    {"error/s", "packet/s", "state", "code", "bits", "bool"}
)  # units whose extremes are not drawn


def panel_told(columns: Columns, label: Callable[[str], str]) -> Told:
    """`label`: a quantity as people call it."""
    return {
        "step": columns.step_s,
        "at": deltas(columns.at),
        "series": [series_told(columns, name, label(name)) for name in columns.quantities],
    }


def series_told(columns: Columns, name: str, label: str) -> Told:
    place, quantity = columns.quantities.index(name), QUANTITIES.get(name)
    unit = quantity.unit if quantity else ""
    found: Told = {"quantity": name, "unit": unit, "label": label, "mean": short(columns.mean[place], name)}
    if columns.least is not None and columns.most is not None and unit not in BANDLESS:
        found["least"] = short(columns.least[place], name)
        found["most"] = short(columns.most[place], name)
    return found


def ranked_told(ranked: Mapping[str, Sequence[Ranked]]) -> list[Told]:
    """One for each quantity and stretch of which there is a percentile."""
    return [
        {
            "quantity": name,
            "from": one.start,
            "to": one.end,
            "value": round(one.found.bps),
            "slots": [one.found.present, one.found.expected],
            "provisional": one.found.provisional,
        }
        for name, each in ranked.items()
        for one in each
        if one.found.bps is not None and not math.isnan(one.found.bps)
    ]


def strip_told(parts: Iterable[Part], reason: Callable[[str], str]) -> list[list[Any]]:
    """[start, end, state], and why where there is something to say."""
    return [[one.start, one.end, one.state, *([reason(one.reason)] if one.reason else [])] for one in parts]


def marks_told(marks: Iterable[Mark]) -> list[list[Any]]:
    return [list(one) for one in marks]


def bands_told(bands: Iterable[Band]) -> list[list[Any]]:
    return [list(one) for one in bands]
