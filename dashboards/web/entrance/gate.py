"""The gate before every route: who asks, whether they may, and whether an act really comes from our own page."""

import hmac
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from dashboards.web.entrance import doorstep
from dashboards.web.house import House
from dashboards.web.route import Route
from dashboards.web.sight.sight import Sight
from dashboards.web.viewer import NOBODY, Right, Role, Viewer

SESSION: Final = "noc_session"
SCREEN: Final = "noc_display"  # a display's cookie: who logs in on that machine as well, loses neither
FORM_KEY: Final = "form_key"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WALL: Final = "/wall"
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class NotKnown(Exception):
    """Nobody is logged in: pages send to /login, the API answers 401."""


class NotAllowed(Exception):
    """Known, but without the right that it `needs`: 403."""

    def __init__(self, needs: Right) -> None:
        super().__init__(f"needs {needs}")
        self.needs = needs


class NotOurs(Exception):
    """An act that no page of ours sent for this session: 403, and nothing is done. `foreign`: another site's did."""

    def __init__(self, *, foreign: bool) -> None:
        super().__init__("not sent by a page of this session")
        self.foreign = foreign


class Instead(Exception):
    """The whole answer, in place of the route's own."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def gate(route: Route) -> Callable[..., Any]:
    """What runs before the route's answer; leaves the viewer's sight in `request.state.sight`.

    Of what changes something it also leaves the fields of the form, if it was one, in `request.state.form`.
    """

    def passing(request: Request) -> None:
        viewer = admitted(request, route)
        if viewer.role is Role.DISPLAY and viewer.rights and request.url.path == WALL:
            doorstep.keep(request, SCREEN, request.cookies.get(SCREEN, ""))

    def acting(request: Request, form: Annotated[FormData, Depends(typed)]) -> None:
        request.state.form = form
        by_token = bool(request.headers.get("authorization")) and route.needs is not Right.PUBLIC
        if not by_token and not doorstep.own(request):
            request.state.sight = Sight(request.app.state.house, NOBODY)
            raise NotOurs(foreign=True)
        viewer = admitted(request, route)
        if by_token and route.needs is Right.SEE:
            raise NotAllowed(
                route.needs
            )  # one's own password and sessions: nothing for a program, least for one that reads
        if not by_token and route.needs is not Right.PUBLIC and not keyed(request, viewer):
            raise NotOurs(foreign=False)

    return passing if SAFE.issuperset(route.methods) else acting


def admitted(request: Request, route: Route) -> Viewer:
    house: House = request.app.state.house
    viewer = known(request, house)
    request.state.sight = Sight(house, viewer)
    if route.path == WALL and (token := request.query_params.get("token")) is not None:
        raise Instead(doorstep.exchanged(request, token, SCREEN))
    if not viewer.may(route.needs):
        raise NotAllowed(route.needs) if viewer.rights else NotKnown
    return viewer


def known(request: Request, house: House) -> Viewer:
    """A token counts before a session, and a session before a display; a token that is no good is nobody."""
    given = request.headers.get("authorization", "")
    if given:
        kind, _, token = given.partition(" ")
        return (house.keys.of_token(token.strip()) if kind.lower() == "bearer" else None) or NOBODY
    for name in (SESSION, SCREEN):
        cookie = request.cookies.get(name, "")
        if cookie and (viewer := house.keys.of_session(cookie)):
            return viewer
    return NOBODY


def keyed(request: Request, viewer: Viewer) -> bool:
    """Whether the form, or a script of ours, carries the key of this session; once, and whole."""
    given = [*request.state.form.getlist(FORM_KEY), *request.headers.getlist("x-form-key")]
    if len(given) != 1 or not isinstance(given[0], str) or not viewer.form_key:
        return False
    return hmac.compare_digest(given[0].encode("utf-8", "replace"), viewer.form_key.encode())


async def typed(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form; none of anything else."""
    if not request.headers.get("content-type", "").lower().startswith(FORMS):
        yield FormData()
        return
    async with request.form() as form:
        yield form
