"""What browsers draw beside the columns of a chart: percentiles, states, bands and marks."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dashboards.charts.marks import Band, Mark
from dashboards.charts.ranked import Ranked
from dashboards.charts.strip import Part

Told = dict[str, Any]


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
