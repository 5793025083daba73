"""Regions, sites and devices: how they stand, and where everything about one of them is."""

from typing import Final

from fastapi.responses import Response

from dashboards.status import view
from dashboards.web.frame import Crumb, Framed
from dashboards.web.route import Route
from dashboards.web.viewer import Right


def sites(frame: Framed) -> Response:
    sight = frame.sight
    seen = view("site", sight.picture.sites.values(), sight.picture.mark, sight.now)
    return frame.page(
        "places/sites.html", title=frame.gettext("Sites"), crumbs=[Crumb(frame.gettext("Sites"))], seen=seen
    )


ROUTES: Final = (Route("/sites", sites, Right.SEE),)
