"""A board of charts on any page: the range that the address asks for, and the same as a table beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fastapi import Request

from dashboards import figures
from dashboards.charts.asked import Asked
from dashboards.charts.board import Board
from dashboards.charts.labels import label_of, labels
from dashboards.charts.panel import Panel
from dashboards.charts.rows import Row, layer_of, rows
from dashboards.web.frame import Frame
from dashboards.web.pages.charts import question_of
from dashboards.web.sight.charts import Drawn
from inventory.quantities import QUANTITIES

OWN: Final = ("range", "from", "to", "step", "points")


@dataclass(frozen=True, slots=True)
class Table:
    """One panel in numbers. `ranked`: (what, percentile, slots there, slots expected), of the whole range."""

    title: str
    heads: Sequence[str]
    lines: Sequence[tuple[int, Sequence[str]]]
    ranked: Sequence[tuple[str, float, int, int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What templates/charts/chart.html draws."""

    board: Board
    notes: Sequence[str]
    tables: Sequence[Table]


def board_of(frame: Frame, request: Request, panels: Sequence[Panel], about: Sequence[tuple[str, str]] = ()) -> Shown:
    """`about`: ("link", key) or ("circuit", key), whose states, incidents and rates stand beside the curves.

    BadQuestion where the address asks for a range that means nothing.
    """
    question = question_of(frame, request)
    keep = [(name, value) for name, value in request.query_params.multi_items() if name not in OWN]
    board = Board(panels, question, [*about, ("lang", frame.language.key)], keep)
    swapped = request.headers.get("sec-fetch-dest") == "empty"  # a page that is open refreshes its live parts only
    tables = () if swapped else list(_tables(frame, panels, question))
    return Shown(board, list(map(frame.said, question.notes)), tables)


def _tables(frame: Frame, panels: Sequence[Panel], question: Asked) -> Iterator[Table]:
    layer = layer_of(question)
    drawn = frame.sight.charts.drawn([panel.subject for panel in panels], replace(question, layer=layer))
    known = labels(frame.gettext)
    for panel, one in zip(panels, drawn, strict=True):
        names = one.columns.quantities
        yield Table(
            panel.title,
            [label_of(name, known) for name in names],
            [(row.at, _written(names, row)) for row in reversed(rows(one.columns, question))],
            list(_ranked(one, known)),
        )


def _ranked(drawn: Drawn, known: Mapping[str, str]) -> Iterator[tuple[str, float, int, int]]:
    for name, each in drawn.ranked.items():
        if len(each) == 1 and each[0].found.bps is not None:
            found = each[0].found
            yield label_of(name, known), each[0].found.bps, found.present, found.expected


def _written(names: Sequence[str], row: Row) -> list[str]:
    return [_value(name, mean) for name, mean in zip(names, row.means, strict=True)]


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    unit = QUANTITIES[name].unit if name in QUANTITIES else ""
    if unit == "bit/s":
        return figures.rate(value)
    if unit == "ratio":
        return figures.percent(value)
    if unit.endswith("/s"):
        return f"{figures.per_second(value)}/s"
    return f"{value:.4g} {unit}".strip()
