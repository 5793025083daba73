"""Every table of routes below /api, and what they keep beside them."""

import secrets
from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI

from dashboards.web.api import (
    access,
    access_acts,
    capacity,
    capacity_acts,
    catalogue,
    document,
    incident_acts,
    incidents,
    network,
    oncall,
    own,
    page,
    places,
    reports,
    reports_acts,
    roster,
    search,
    series,
    summary,
    windows,
)
from dashboards.web.api.acting import Flights
from dashboards.web.route import Route

TABLES: Final[Sequence[Sequence[Route]]] = (
    summary.ROUTES,
    places.ROUTES,
    capacity.ROUTES,
    network.ROUTES,
    catalogue.ROUTES,
    series.ROUTES,
    incidents.ROUTES,
    incident_acts.ROUTES,
    windows.ROUTES,
    roster.ROUTES,
    oncall.ROUTES,
    capacity_acts.ROUTES,
    reports.ROUTES,
    reports_acts.ROUTES,
    own.ROUTES,
    access.ROUTES,
    access_acts.ROUTES,
    search.ROUTES,
    page.ROUTES,
    document.ROUTES,
)


def prepare(app: FastAPI) -> None:
    """`epoch`: versions begin anew with every start, ETags must not mean the same again."""
    app.state.epoch = secrets.token_hex(8)
    app.state.description = document.Description()
    app.state.flights = Flights()
