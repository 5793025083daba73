"""What charts are drawn from, for browsers: columns of any subject over any range, and the same as a file."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.asked import Asked, AskedWrong, asked
from dashboards.charts.columns import Columns, deltas, short
from dashboards.charts.panel import Subject, subjects
from dashboards.web.frame import Framed
from dashboards.web.refusal import BadQuestion
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.quantities import QUANTITIES

PARTS: Final = ("measurement", "scope", "row", "quantities")


def data(frame: Framed, request: Request) -> Response:
    question = question_of(frame, request)
    wanted = subjects_of(*(request.query_params.getlist(name) for name in PARTS))
    panels = [_panel(frame, one, frame.sight.charts.course(one, question)) for one in wanted]
    head = {
        "from": question.start,
        "to": question.end,
        "now": int(frame.sight.now),
        "step": question.layer.word,
        "live": question.live,
        "query": question.query,
        "notes": [frame.gettext(note.text).format(**note.figures) for note in question.notes],
    }
    return told({**head, "panels": panels})


def question_of(frame: Framed, request: Request) -> Asked:
    """BadQuestion with all mistakes of the range."""
    try:
        return asked(request.query_params, frame.sight.now)
    except AskedWrong as wrong:
        problems = {name: frame.gettext(said.text).format(**said.figures) for name, said in wrong.problems.items()}
        raise BadQuestion("; ".join(problems.values()), problems) from wrong


def subjects_of(*given: Sequence[str]) -> list[Subject]:
    try:
        return subjects(*given)
    except ValueError as wrong:
        raise BadQuestion(str(wrong), {"measurement": str(wrong)}) from wrong


def _panel(frame: Framed, subject: Subject, columns: Columns) -> Mapping[str, Any]:
    return {
        "measurement": subject.measurement,
        "scope": subject.scope,
        "row": subject.row,
        "step": columns.step_s,
        "at": deltas(columns.at),
        "series": [_series(frame, columns, place) for place in range(len(columns.quantities))],
    }


def _series(frame: Framed, columns: Columns, place: int) -> Mapping[str, Any]:
    name = columns.quantities[place]
    quantity = QUANTITIES.get(name)
    found: dict[str, Any] = {"quantity": name, "unit": quantity.unit if quantity else ""}
    found["label"] = frame.gettext(quantity.label) if quantity else name
    found["mean"] = short(columns.mean[place], name)
    if columns.least is not None and columns.most is not None:
        found["least"] = short(columns.least[place], name)
        found["most"] = short(columns.most[place], name)
    return found


def told(content: Mapping[str, Any]) -> Response:
    return Response(json.dumps(content, separators=(",", ":"), ensure_ascii=False), media_type="application/json")


ROUTES: Final = (Route("/charts/data", data, Right.SEE),)
