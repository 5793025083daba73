"""What devices said unasked, as lines for people: when, who, what it is called, what it speaks of, and its words."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.figures import EAT_S, iso
from dashboards.layout import Column, Line, plain_table
from dashboards.text import one_line
from inventory.notice import Notice

SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")  # RFC 5424
COLUMNS = (
    Column("at"),
    Column("device", flexible=True),
    Column("notice", flexible=True),
    Column("of", flexible=True),
    Column("text", flexible=True),
)
_WIDTHS = (15, 16, 20, 10)  # of the columns before the text, where lines come one by one


def notice_lines(notices: Iterable[Notice], now: float, room: int) -> Sequence[str]:
    """A table of `room` columns, in the order given."""
    return list(plain_table(COLUMNS, [Line("", cells(one, now)) for one in notices], room))


def running_line(one: Notice, room: int) -> str:
    """One line by itself, for those who follow; columns have a fixed place, and only what is too long moves others."""
    *first, text = cells(one, 0.0)
    line = " ".join([*(f"{cell:<{width}}" for cell, width in zip(first, _WIDTHS, strict=True)), text])
    return line if len(line) <= room else line[: room - 1] + "…"


def cells(one: Notice, now: float) -> tuple[str, ...]:
    return when(one.at, now), one_line(one.device), one_line(one.name), one_line(one.subject), one_line(one.text)


def when(at: float, now: float) -> str:
    """Local time to the second; the day with it when it is another one."""
    then, today = time.gmtime(at + EAT_S), time.gmtime(now + EAT_S)
    clock = time.strftime("%H:%M:%S", then)
    return clock if then[:3] == today[:3] else f"{then.tm_mday} {time.strftime('%b', then)} {clock}"


def as_json(number: int, one: Notice) -> Mapping[str, Any]:
    """Stable keys; the time in UTC."""
    return {
        "number": number,
        "at": iso(one.at),
        "device": one.device,
        "source": one.source,
        "kind": one.kind,
        "name": one.name,
        "severity": SEVERITIES[one.severity] if 0 <= one.severity < len(SEVERITIES) else str(one.severity),
        "subject": one.subject,
        "text": one.text,
        "content": dict(one.content),
    }
