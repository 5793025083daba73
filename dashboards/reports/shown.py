"""Figures as people read them in a report: 99.900 %, 718:00:00, 2026-11-02 02:14 EAT; the same in every language."""

import time
from collections.abc import Mapping
from typing import Any

from dashboards.figures import EAT_S, ZONE
from dashboards.reports.document import instant

NOTHING = "–"


def span_of(seconds: float) -> str:
    """Hours, minutes and seconds: 718:00:00."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def rate(bps: float) -> str:
    """Always in Mb/s (which its column says), so that a column can be compared."""
    return f"{bps / 1e6:,.2f}".replace(",", "\u202f")


def percent(ratio: float) -> str:
    """Three decimals: a minute of a month is 0.002 %."""
    return f"{ratio * 100:.3f} %"


def moment(iso: str) -> str:
    """UTC as machines write it, as the clock on the wall shows it."""
    return time.strftime(f"%Y-%m-%d %H:%M {ZONE}", time.gmtime(instant(iso) + EAT_S))


def shown(field: str, value: Any, words: Mapping[str, str]) -> str:
    """One figure by the name of its field; what is not known is a dash, never zero."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return words[f"{field}: {'yes' if value else 'no'}"]
    if field in ("availability", "utilisation", "level"):
        return percent(value)
    if field.endswith("_s"):
        return span_of(value)
    if field.endswith("_bps"):
        return rate(value)
    if field in ("from", "to", "at", "peak_at"):
        return moment(value)
    if field in ("direction", "state"):
        return words.get(f"{field}: {value}", str(value))
    return str(value)
