"""Every table of routes below /api, and what they keep beside them."""

import secrets
from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI

from dashboards.web.api import (
    access,
    capacity,
    capacity_acts,
    document,
    incident_acts,
    incidents,
    network,
    own,
    page,
    places,
    reports,
    roster,
    search,
    series,
    windows,
)
from dashboards.web.route import Route

TABLES: Final[Sequence[Sequence[Route]]] = (
    places.ROUTES,
    capacity.ROUTES,
    network.ROUTES,
    series.ROUTES,
    incidents.ROUTES,
    incident_acts.ROUTES,
    windows.ROUTES,
    roster.ROUTES,
    capacity_acts.ROUTES,
    reports.ROUTES,
    own.ROUTES,
    access.ROUTES,
    search.ROUTES,
    page.ROUTES,
    document.ROUTES,
)


def prepare(app: FastAPI) -> None:
    """`epoch`: versions begin anew with every start, ETags must not mean the same again."""
    app.state.epoch = secrets.token_hex(8)
    app.state.description = document.Description()
