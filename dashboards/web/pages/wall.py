"""The wallboard: the page, drawn from parts that all displays share, and the stream that brings newer parts."""

from typing import Annotated, Final

from fastapi import Header, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from dashboards.web import preferences
from dashboards.web.frame import Framed, Seen
from dashboards.web.live import hub_of, stream
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from dashboards.web.vigil import while_allowed
from dashboards.web.wallboard import Wallboard


def board_of(request: Request, language: str) -> Wallboard:
    found = request.app.state.wallboards[language]
    assert isinstance(found, Wallboard)
    return found


def wall(request: Request, frame: Framed) -> Response:
    seen, parts = board_of(request, frame.language.key).page()
    return frame.page("wall/page.html", title=frame.gettext("Wall"), parts=parts, seen=seen)


async def wall_live(
    request: Request, sight: Seen, seen: str = "", last_event_id: Annotated[str, Header()] = ""
) -> EventSourceResponse:
    board, hub = board_of(request, preferences.language(request, sight.viewer)), hub_of(request)
    news = while_allowed(request, Right.DISPLAY, board.follow(last_event_id or seen))
    return stream(hub, sight.viewer, news, hub.packs)


ROUTES: Final = (Route("/wall", wall, Right.DISPLAY), Route("/wall/live", wall_live, Right.DISPLAY))
