"""How templates write numbers and times: `{{ row.figures.in_bps | rate }}`; one way for every page."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from dashboards import figures

DASH: Final = "–"


def or_dash(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """What is not known is a dash, never nothing and never zero."""

    def written(value: Any) -> str:
        return DASH if value is None or math.isnan(value) else write(value)

    return written


def clock(at: float | None, now: float) -> str:
    """ "02:14 EAT", with the day where it is another one."""
    return DASH if at is None else f"{figures.clock(at, now)} {figures.ZONE}"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "rate": or_dash(figures.rate),
    "percent": or_dash(figures.percent),
    "share": or_dash(figures.share),
    "per_second": or_dash(figures.per_second),
    "octets": or_dash(figures.octets),
    "iso": or_dash(figures.iso),
    "clock": clock,
}
