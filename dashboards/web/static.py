"""Styles, scripts and pictures, each at an address that is never used for anything else."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.web.frame import Stationery
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.viewer import Right

FOR_EVER: Final = "public, max-age=31536000, immutable"


async def asset(request: Request, name: str) -> Response:
    stationery: Stationery = request.app.state.stationery
    found = stationery.assets.at.get(f"/static/{name}")
    if found is None:
        raise Unseen("there is no such file")
    return Response(found.content, media_type=found.kind, headers={"cache-control": FOR_EVER})


ROUTES: Final = (Route("/static/{name:path}", asset, Right.PUBLIC),)
