"""Styles, scripts and pictures, each at an address that is never used for anything else."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.web.frame import Stationery
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

FOR_EVER: Final = "public, max-age=31536000, immutable"


async def asset(request: Request, name: str) -> Response:
    """What is not in the table by its whole name does not exist: nothing is looked up in the file system."""
    stationery: Stationery = request.app.state.stationery
    found = stationery.assets.at.get(f"/static/{name}")
    if found is None:
        raise Unseen(Sentence("file-unknown", "there is no such file"))
    headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"}
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.kind, headers={**headers, "content-encoding": "gzip"})
    return Response(found.content, media_type=found.kind, headers=headers)


ROUTES: Final = (Route("/static/{name:path}", asset, Right.PUBLIC),)
