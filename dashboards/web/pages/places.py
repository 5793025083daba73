"""Regions and sites: lists of them, and where everything about one of them is."""

from typing import Final
from urllib.parse import quote

from fastapi.responses import Response

from dashboards.status import sentence
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.listings import Question, listed
from dashboards.web.route import Route
from dashboards.web.viewer import Right


def regions(frame: Framed) -> Response:
    _ = frame.gettext
    return frame.page(
        "places/regions.html", title=_("Regions"), crumbs=[Crumb(_("Regions"))], regions=frame.sight.places.regions()
    )


def region(frame: Framed, key: str) -> Response:
    places = frame.sight.places
    name = places.region(key)
    return frame.page(
        "places/region.html",
        title=name.in_language(frame.language.key),
        crumbs=[Crumb(frame.gettext("Regions"), "/regions"), Crumb(name.in_language(frame.language.key))],
        region=places.region_page(key),
        words=places.words,
        age_of=places.age,
    )


def sites(frame: Framed, asked: Question) -> Response:
    return listed(frame, "site", asked)


def site(frame: Framed, key: str) -> Response:
    places = frame.sight.places
    one = places.site(key)
    language = frame.language.key
    row = places.row("site", key)
    return frame.page(
        "places/site.html",
        title=one.name.in_language(language),
        crumbs=[*region_crumbs(frame, one.region), Crumb(one.name.in_language(language))],
        site=one,
        row=row,
        sentence=sentence(row, frame.sight.now, places.words),
        institutions=places.inventory.institutions_at[key],
        devices=[places.row("device", each.key) for each in places.inventory.devices_at[key]],
        links=[places.row("link", each.key) for each in places.links_at(key)],
        words=places.words,
        age_of=places.age,
    )


def region_crumbs(frame: Frame, key: str) -> list[Crumb]:
    name = frame.sight.inventory.regions.get(key)
    return [Crumb(name.in_language(frame.language.key) if name else key, f"/regions/{quote(key)}")]


ROUTES: Final = (
    Route("/regions", regions, Right.SEE),
    Route("/regions/{key}", region, Right.SEE),
    Route("/sites", sites, Right.SEE),
    Route("/sites/{key}", site, Right.SEE),
)
