"""The page after an act that was not carried out because nobody knows whose it was; what was typed is not lost."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from dashboards.web.entrance import doorstep
from dashboards.web.entrance.gate import FORM_KEY
from dashboards.web.frame import Frame

SECRET: Final = frozenset({FORM_KEY, "password", "old", "again", "key", "back", "next"})
MOST: Final = 20
LONGEST: Final = 5_000


def page(request: Request, *, foreign: bool) -> Response:
    """403. What another site's page sent is not shown: it may be anything."""
    frame = Frame(request)
    form: FormData = getattr(request.state, "form", FormData())
    mine = [] if foreign else [(name, text) for name, text in form.multi_items() if name not in SECRET]
    written = [(name[:64], text[:LONGEST]) for name, text in mine[:MOST] if isinstance(text, str) and text.strip()]
    return frame.page(
        "access/unsent.html",
        title=frame.gettext("Nothing was done"),
        status=403,
        known=bool(frame.sight.viewer.rights),
        written=written,
        back=_back(request),
    )


def _back(request: Request) -> str:
    """The page of ours that it was sent from."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    same = parts.netloc == request.headers.get("host", "")
    return doorstep.local(parts.path + (f"?{parts.query}" if parts.query else "")) if same else "/"
