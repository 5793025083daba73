"""A board of charts in numbers, for browsers without scripts and for whoever hears the page read: one table a panel.

They are the same for all who look in one language, so they are written as HTML once and shown again as the curves are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from dashboards import figures
from dashboards.charts.asked import Asked
from dashboards.charts.labels import label_of, labels
from dashboards.charts.panel import Panel
from dashboards.charts.rows import layer_of, rows
from dashboards.page import sound
from dashboards.web import marks
from dashboards.web.filters import DASH
from dashboards.web.frame import Frame
from dashboards.web.sight.charts import Drawn
from inventory.calendar import DAY_S, EAT_S
from inventory.quantities import QUANTITIES

CELL, ROW = "\x1f", "\x1e"  # separators of ASCII, which no figure of ours has in it
NEXT_CELL, NEXT_ROW = '</td><td class="num">', "</td></tr>\n<tr><td>"
Write = Callable[[float], str]
UNITS: Final[Mapping[str, Write]] = {"bit/s": figures.rate, "ratio": figures.percent}


@dataclass(frozen=True, slots=True)
class Table:
    """One panel. `body`: HTML of its rows, the newest first. `ranked`: (what, percentile, slots there, slots expected), of
    the whole range."""

    title: str
    heads: Sequence[str]
    body: Any
    ranked: Sequence[tuple[str, float, int, int]]


def tables(frame: Frame, panels: Sequence[Panel], question: Asked) -> Sequence[Table]:
    """Raises as `Charts.drawn` does."""
    wanted, now = [panel.subject for panel in panels], frame.sight.now
    today = int(now + EAT_S) // DAY_S  # of other days rows say the day, too
    key = ("numbers", frame.language.key, tuple(panel.title for panel in panels), question.layer, today)
    asked = replace(question, layer=layer_of(question))
    return frame.sight.charts.made(wanted, asked, key, lambda drawn: list(_tables(frame, panels, question, drawn)))


def _tables(frame: Frame, panels: Sequence[Panel], question: Asked, drawn: Sequence[Drawn]) -> Iterator[Table]:
    known, now = labels(frame.gettext), frame.sight.now
    clocks: dict[int, str] = {}
    for panel, one in zip(panels, drawn, strict=True):
        names, found = one.columns.quantities, rows(one.columns, question)
        clocks |= {row.at: marks.clock_in(frame.language.key, row.at, now) for row in found if row.at not in clocks}
        writes = [_write_of(name) for name in names]
        lines = [
            [
                clocks[row.at],
                *(DASH if mean is None else write(mean) for write, mean in zip(writes, row.means, strict=True)),
            ]
            for row in reversed(found)
        ]
        heads = [label_of(name, known) for name in names]
        yield Table(panel.title, heads, sound(body(lines)), list(_ranked(one, known)))


def body(lines: Sequence[Sequence[str]]) -> str:
    """Rows of a table as HTML, escaped all at once; figures stand behind their instant."""
    if not lines:
        return ""
    text = escape(ROW.join(CELL.join(line) for line in lines))
    return f"<tr><td>{text.replace(CELL, NEXT_CELL).replace(ROW, NEXT_ROW)}</td></tr>"


def _ranked(drawn: Drawn, known: Mapping[str, str]) -> Iterator[tuple[str, float, int, int]]:
    for name, each in drawn.ranked.items():
        if len(each) == 1 and each[0].found.bps is not None:
            found = each[0].found
            yield label_of(name, known), each[0].found.bps, found.present, found.expected


def _write_of(name: str) -> Write:
    unit = QUANTITIES[name].unit if name in QUANTITIES else ""
    if unit in UNITS:
        return UNITS[unit]
    if unit.endswith("/s"):
        return lambda value: f"{figures.per_second(value)}/s"
    return lambda value: f"{value:.4g} {unit}".strip()
