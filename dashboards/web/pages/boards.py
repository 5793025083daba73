"""A board of charts on any page: the range that the address asks for, and the same as a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from dashboards.charts.board import Board
from dashboards.charts.panel import Panel
from dashboards.web.frame import Frame
from dashboards.web.pages.charts import question_of
from dashboards.web.pages.numbers import Table, tables

OWN: Final = ("range", "from", "to", "step", "points")


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
    numbers = () if swapped else tables(frame, panels, question)
    return Shown(board, list(map(frame.said, question.notes)), numbers)
