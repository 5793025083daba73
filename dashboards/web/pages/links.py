"""Links: how they stand and what they carry, and everything about one of them on one time axis."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.board import Board
from dashboards.charts.panel import Panel, Subject
from dashboards.status import view
from dashboards.web.frame import Crumb, Framed
from dashboards.web.pages.charts import question_of
from dashboards.web.route import Route
from dashboards.web.sight.scope import known
from dashboards.web.viewer import Right


def links(frame: Framed) -> Response:
    sight = frame.sight
    seen = view("link", sight.picture.links.values(), sight.picture.mark, sight.now)
    return frame.page(
        "lines/links.html", title=frame.gettext("Links"), crumbs=[Crumb(frame.gettext("Links"))], seen=seen
    )


def link(frame: Framed, request: Request, key: str) -> Response:
    one = known(frame.sight.inventory.links, key, "link")
    panels = [Panel(frame.gettext("Traffic"), Subject("link", "", one.key, ("in_bps", "out_bps")))]
    return frame.page(
        "lines/link.html",
        title=one.key,
        crumbs=[Crumb(frame.gettext("Links"), "/links"), Crumb(one.key)],
        shown=Board(panels, question_of(frame, request)),
    )


ROUTES: Final = (Route("/links", links, Right.SEE), Route("/links/{key:path}", link, Right.SEE))
