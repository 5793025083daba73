"""Regions and sites: lists of them, and where everything about one of them is."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar
from urllib.parse import quote

from fastapi.responses import Response

from alerts.incident import Incident
from dashboards.incidents import IncidentRow, row
from dashboards.places.strip import RANGES
from dashboards.places.tilemap import tiles
from dashboards.status import sentence
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.listings import Question, listed, sheet_of
from dashboards.web.pages.terms import terms
from dashboards.web.refusal import Away, mistaken
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.sentence import Sentence, noted

Found = TypeVar("Found")


def regions(frame: Framed) -> Response:
    title = frame.gettext("Regions")
    return frame.page(
        "places/regions.html",
        title=title,
        crumbs=[Crumb(title)],
        tiles=tiles(frame.sight.inventory, frame.sight.places.rows("site"), frame.sight.places.age),
        heading=frame.sight.places.view("site", frame.sight.inventory.sites, frame.words).heading,
        words=frame.words,
        data_age=frame.sight.places.age,
        terms=terms(frame.language),
    )


def region(frame: Framed, key: str) -> Response:
    places, sight = frame.sight.places, frame.sight
    name = places.region(key).in_language(frame.language.key)
    sites = [site.key for site in places.sites_in(key)]
    return frame.page(
        "places/region.html",
        title=name,
        crumbs=[Crumb(frame.gettext("Regions"), "/regions"), Crumb(name)],
        key=key,
        sites=places.view("site", sites, frame.words),
        links=places.view("link", [link.key for link in places.links_at(sites)], frame.words),
        institutions=[one for site in sites for one in sight.inventory.institutions_at[site]],
        incidents=readable(lambda: cases_of(frame, sight.past.standing("region", key))),
        tiles=tiles(sight.inventory, places.rows("site"), places.age),
        words=frame.words,
        data_age=places.age,
        terms=terms(frame.language),
    )


def sites(frame: Framed, asked: Question) -> Response:
    return listed(frame, "site", asked)


def sites_sheet(frame: Framed, asked: Question) -> Response:
    return sheet_of(frame, "site", asked)


def site(frame: Framed, key: str, range: str = "24h") -> Response:
    sight, places, words = frame.sight, frame.sight.places, frame.words
    one, standing, asked = places.site(key), places.row("site", key), range_of(range)
    name = one.name.in_language(frame.language.key)
    return frame.page(
        "places/site.html",
        title=name,
        crumbs=[*region_crumbs(frame, one.region), Crumb(name)],
        site=one,
        row=standing,
        sentence=sentence(standing, sight.now, words),
        cause=cause_address(frame, str(standing.figures.get("cause", ""))),
        institutions=sight.inventory.institutions_at[key],
        devices=places.view("device", [each.key for each in sight.inventory.devices_at[key]], words).rows,
        links=places.view("link", [each.key for each in places.links_at([key])], words).rows,
        dependants=places.dependants(key),
        services=places.services_on(key),
        incidents=readable(lambda: cases_of(frame, sight.past.standing("site", key))),
        closed=readable(lambda: cases_of(frame, sight.past.closed("site", key))),
        ahead=readable(lambda: sight.past.ahead("site", key)),
        past=readable(lambda: sight.past.of_site(key, asked)),
        words=words,
        data_age=places.age,
        terms=terms(frame.language),
    )


def range_of(text: str) -> str:
    if text not in RANGES:
        none = noted("there is no range {key!r}; there are {known}")
        raise mistaken({"range": Sentence("range-unknown", none, key=text[:20], known=", ".join(RANGES))})
    return text


def readable(read: Callable[[], Found]) -> Found | None:
    """None while the ledger cannot be read: how a place stands is shown none the less."""
    try:
        return read()
    except Away:
        return None


def cases_of(frame: Frame, incidents: Sequence[Incident]) -> list[IncidentRow]:
    view = frame.sight.cases.view(frame.language.key)
    return [row(one, view) for one in incidents]


def region_crumbs(frame: Frame, key: str) -> list[Crumb]:
    name = frame.sight.inventory.regions.get(key)
    return [
        Crumb(frame.gettext("Regions"), "/regions"),
        Crumb(name.in_language(frame.language.key) if name else key, f"/regions/{quote(key, safe='')}"),
    ]


def cause_address(frame: Frame, key: str) -> str:
    """Where the root of what it is behind has its page; "" where it has none that may be seen."""
    inventory = frame.sight.inventory
    for kind, things in (("devices", inventory.devices), ("links", inventory.links)):
        if key and key in things:
            return f"/{kind}/{quote(key, safe='')}"
    return ""


ROUTES: Final = (
    Route("/regions", regions, Right.SEE),
    Route("/regions/{key:path}", region, Right.SEE),
    Route("/sites", sites, Right.SEE),
    Route("/sites.csv", sites_sheet, Right.SEE),
    Route("/sites/{key}", site, Right.SEE),
)
