"""The web application: every table of routes, behind the gate, with the errors in words."""

from collections.abc import Sequence
from typing import Final

from fastapi import Depends, FastAPI

from dashboards.languages import languages
from dashboards.web import live, preferences, static
from dashboards.web.api import tables as api
from dashboards.web.assets import Assets
from dashboards.web.entrance import errors
from dashboards.web.entrance.counted import Counted, Tally
from dashboards.web.entrance.doorstep import Doorstep
from dashboards.web.entrance.gate import gate
from dashboards.web.entrance.outfit import Outfit
from dashboards.web.entrance.shelter import Shelter
from dashboards.web.entrance.turns import Turns
from dashboards.web.frame import Stationery
from dashboards.web.house import House
from dashboards.web.live import Hub
from dashboards.web.pages import (
    access,
    access_keys,
    account,
    accounts,
    audit,
    charts,
    circuits,
    devices,
    incident_acts,
    incidents,
    interfaces,
    inventory,
    iru,
    iru_ledger,
    iru_requests,
    links,
    noc,
    notices,
    oncall,
    places,
    reports,
    search,
    services,
    start,
    wall,
    what_if,
    windows,
    windows_acts,
)
from dashboards.web.route import Route
from dashboards.web.wallboard import wallboards

TABLES: Final[Sequence[Sequence[Route]]] = (
    static.ROUTES,
    access.ROUTES,
    account.ROUTES,
    accounts.ROUTES,
    access_keys.ROUTES,
    audit.ROUTES,
    preferences.ROUTES,
    start.ROUTES,
    search.ROUTES,
    live.ROUTES,
    wall.ROUTES,
    places.ROUTES,
    devices.ROUTES,
    interfaces.ROUTES,
    services.ROUTES,
    inventory.ROUTES,
    incidents.ROUTES,
    incident_acts.ROUTES,
    windows.ROUTES,
    windows_acts.ROUTES,
    oncall.ROUTES,
    notices.ROUTES,
    links.ROUTES,
    circuits.ROUTES,
    charts.ROUTES,
    iru_ledger.ROUTES,
    iru_requests.ROUTES,
    what_if.ROUTES,
    iru.ROUTES,
    reports.ROUTES,
    noc.ROUTES,
    *api.TABLES,
)


def build(house: House) -> FastAPI:
    """Ready to be served; nothing is opened before the first request."""
    app = FastAPI(title="GovNet NOC", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.house = house
    app.state.hub = Hub(house.pulse)
    needs = {route.path: route.needs for table in TABLES for route in table if "GET" in route.methods}
    app.state.stationery = Stationery(languages(), Assets(), needs)
    app.state.wallboards = wallboards(house, app.state.stationery, app.state.hub)
    api.prepare(app)
    for table in TABLES:
        for route in table:
            add(app, route)
    errors.answer(app)
    app.add_middleware(Doorstep)
    app.add_middleware(Shelter)
    app.add_middleware(Outfit)
    app.add_middleware(Turns)
    app.state.tally = Tally(house.clock)
    app.add_middleware(Counted, tally=app.state.tally)
    return app


def add(app: FastAPI, route: Route) -> None:
    app.add_api_route(
        route.path,
        route.answer,
        methods=list(route.methods),
        dependencies=[Depends(gate(route))],
        **{"response_model": None, **route.more},
    )
