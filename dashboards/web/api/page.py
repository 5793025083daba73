"""The page of the API for people: every address, what it is for and which scope it needs; and what problems mean."""

from itertools import groupby
from typing import Any, Final, NamedTuple

from fastapi.responses import Response

from dashboards.web.api.document import Description
from dashboards.web.api.problems import CODES
from dashboards.web.api.reading import WORDS
from dashboards.web.frame import Crumb, Framed
from dashboards.web.route import Route
from dashboards.web.viewer import Right


class Row(NamedTuple):
    """`plain`: it can be followed as it stands."""

    tag: str
    method: str
    path: str
    summary: str
    scope: str
    plain: bool


def index(frame: Framed) -> Response:
    app = frame.request.app
    description: Description = app.state.description
    rows = [
        _row(path, method, one) for path, found in description.of(app)["paths"].items() for method, one in found.items()
    ]
    groups = [(tag, list(mine)) for tag, mine in groupby(sorted(rows, key=lambda row: row.tag), lambda row: row.tag)]
    title = frame.gettext("API")
    problems = [(status, CODES[status], text) for status, text in WORDS.items()]
    return frame.page("api/index.html", title=title, crumbs=[Crumb(title)], groups=groups, problems=problems)


def _row(path: str, method: str, one: dict[str, Any]) -> Row:
    needed = any(parameter["required"] for parameter in one.get("parameters", ()))
    scope = one["security"][0]["token"][0]
    return Row(one["tags"][0], method.upper(), path, one["summary"], scope, method == "get" and not needed)


ROUTES: Final = (Route("/api", index, Right.SEE, more={"include_in_schema": False}),)
