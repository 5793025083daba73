"""The gate before every route: who asks, whether they may, and whether an act really comes from our own page."""

from collections.abc import Callable
from typing import Final

from fastapi import Request

from dashboards.web.house import House
from dashboards.web.route import Route
from dashboards.web.sight.sight import Sight
from dashboards.web.viewer import NOBODY, Viewer

SESSION: Final = "noc_session"


class NotKnown(Exception):
    """Nobody is logged in: pages send to /login, the API answers 401."""


class NotAllowed(Exception):
    """Known, but without the right: 403."""


def gate(route: Route) -> Callable[[Request], None]:
    """What runs before the route's answer; leaves the viewer's sight in `request.state.sight`."""

    def passing(request: Request) -> None:
        house: House = request.app.state.house
        viewer = known(request, house)
        if not viewer.may(route.needs):
            raise NotAllowed(route.needs) if viewer is not NOBODY else NotKnown
        request.state.sight = Sight(house, viewer)

    return passing


def known(request: Request, house: House) -> Viewer:
    given = request.headers.get("authorization", "")
    if given:
        return house.keys.of_token(given.removeprefix("Bearer ").strip()) or NOBODY
    cookie = request.cookies.get(SESSION, "")
    return (house.keys.of_session(cookie) if cookie else None) or NOBODY
