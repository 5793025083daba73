"""Devices: the list of them, and the page of one with all that it tells about itself."""

from typing import Final
from urllib.parse import quote

from fastapi.responses import Response

from dashboards.status import sentence
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.listings import Question, listed
from dashboards.web.pages.places import region_crumbs
from dashboards.web.route import Route
from dashboards.web.viewer import Right


def devices(frame: Framed, asked: Question) -> Response:
    return listed(frame, "device", asked)


def device(frame: Framed, key: str) -> Response:
    places = frame.sight.places
    one = places.device(key)
    row = places.row("device", key)
    return frame.page(
        "places/device.html",
        title=one.name or key,
        crumbs=[*site_crumbs(frame, one.site), Crumb(key)],
        device=one,
        row=row,
        sentence=sentence(row, frame.sight.now, places.words),
        known=places.known(key),
        words=places.words,
        age_of=places.age,
    )


def site_crumbs(frame: Frame, key: str) -> list[Crumb]:
    site = frame.sight.inventory.sites[key]
    return [
        *region_crumbs(frame, site.region),
        Crumb(site.name.in_language(frame.language.key), f"/sites/{quote(key)}"),
    ]


ROUTES: Final = (
    Route("/devices", devices, Right.SEE),
    Route("/devices/{key}", device, Right.SEE),
)
