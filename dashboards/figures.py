"""Numbers as people read them: 612 Mb/s, 79 %, 12 s, 3 d 4 h, 02:14 EAT. Storage knows only SI units and UTC."""

import math
import time
from collections.abc import Mapping
from typing import NamedTuple

EAT_S = 3 * 3600  # Africa/Dar_es_Salaam: UTC+3 since 1961, no summer time (SEMANTICS 31)
ZONE = "EAT"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Spans(NamedTuple):
    """How lengths of time are written; the number stands for {}."""

    second: str
    minute: str
    hour: str
    day: str


SPANS: Mapping[str, Spans] = {  # by language; `static/ages.js` counts on with the same
    "en": Spans("{} s", "{} min", "{} h", "{} d"),
    "sw": Spans("sek {}", "dk {}", "saa {}", "siku {}"),
}
_STEPS = ((1e9, "Gb/s"), (1e6, "Mb/s"), (1e3, "kb/s"))


def rate(bps: float) -> str:
    """Bits per second in three digits: 612 Mb/s, 1.55 Gb/s, 8.5 Mb/s."""
    for step, unit in _STEPS:
        if bps >= step * 0.9995:
            return f"{_three_digits(bps / step)} {unit}"
    return f"{bps:.0f} b/s"


def _three_digits(value: float) -> str:
    places = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def mbps(bps: float | None) -> str:
    """Megabits a second where the unit stands above the column: 775, 48.5, 0.25; a dash where it is not known."""
    if bps is None:
        return "–"
    value = bps / 1e6
    return f"{value:.0f}" if value == round(value) or abs(value) >= 99.95 else _three_digits(value)


def octets(value: float) -> str:
    """Memory in three digits: 512 MiB, 16 GiB."""
    for step, unit in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if value >= step:
            return f"{_three_digits(value / step)} {unit}"
    return f"{value:.0f} B"


def percent(ratio: float, sign: str = " %") -> str:
    """A ratio as whole percent; what is there but under one half is not shown as nothing."""
    if 0 < ratio < 0.005:
        return f"<1{sign}"
    return f"{ratio * 100:.0f}{sign}"


def share(ratio: float) -> str:
    """Availability, loss: three places, and never rounded up to all of it: 99.998 %, 0.021 %, 100 %."""
    return f"{math.floor(ratio * 1e5 + 1e-9) / 1e3:g} %"


def per_second(value: float) -> str:
    """Errors or discards: 0, 0.02, 3.1, 250."""
    if value == 0 or value >= 99.5:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2g}" if value >= 0.01 else "<.01"


def duration(seconds: float, spans: Spans = SPANS["en"]) -> str:
    """Two units at most: 12 s, 41 min, 3 h 20 min, 3 d 4 h, 120 d."""
    whole = max(0, round(seconds))
    if whole < _HOUR:
        return short_duration(whole, spans)
    if whole < _DAY:
        return _two(spans.hour, whole // _HOUR, spans.minute, whole % _HOUR // _MINUTE)
    days = whole // _DAY
    return _two(spans.day, days, spans.hour, whole % _DAY // _HOUR if days < 100 else 0)


def _two(unit: str, first: int, lesser: str, second: int) -> str:
    return f"{unit.format(first)} {lesser.format(second)}" if second else unit.format(first)


def short_duration(seconds: float, spans: Spans = SPANS["en"]) -> str:
    """One unit: 12 s, 41 min, 3 h, 12 d."""
    whole = max(0, round(seconds))
    for least, size, unit in ((_DAY, _DAY, spans.day), (_HOUR, _HOUR, spans.hour), (100, _MINUTE, spans.minute)):
        if whole >= least:
            return unit.format(whole // size)
    return spans.second.format(whole)


def clock(at: float, now: float) -> str:
    """Local time of day; the day with it when it is another one, the year when it is another one."""
    then, today = time.gmtime(at + EAT_S), time.gmtime(now + EAT_S)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M", then)
    if then.tm_year == today.tm_year:
        return f"{then.tm_mday} {time.strftime('%b %H:%M', then)}"
    return f"{then.tm_mday} {time.strftime('%b %Y', then)}"


def day_or_clock(at: float, now: float) -> str:
    """At most six characters: 02:14 today, 19 Nov before, 2025 before that."""
    text = clock(at, now)
    if ":" not in text:
        return text.rsplit(" ", 1)[1]
    return text if len(text) == 5 else text.rsplit(" ", 1)[0]


def iso(at: float) -> str:
    """UTC for machines: 2026-11-21T19:02:14Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
