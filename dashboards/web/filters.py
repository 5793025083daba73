"""How templates write numbers and times: `{{ row.figures.in_bps | rate }}`; one way for every page."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from dashboards import figures

DASH: Final = "–"


def _or_dash(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """What is not known is a dash, never nothing and never zero."""

    def written(value: Any) -> str:
        return DASH if value is None or math.isnan(value) else write(value)

    return written


def clock(at: float | None, now: float) -> str:
    """ "02:14 EAT", with the day where it is another one."""
    return DASH if at is None else f"{figures.clock(at, now)} {figures.ZONE}"


def age(at: float | None, now: float) -> str:
    return DASH if at is None else figures.short_duration(now - at)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "rate": _or_dash(figures.rate),
    "percent": _or_dash(figures.percent),
    "share": _or_dash(figures.share),
    "per_second": _or_dash(figures.per_second),
    "duration": _or_dash(figures.duration),
    "octets": _or_dash(figures.octets),
    "iso": _or_dash(figures.iso),
    "clock": clock,
    "age": age,
}
