"""Services: on which sites each is declared to depend, and how those stand; whether it works itself nobody here has asked."""

from typing import Final

from fastapi.responses import Response

from dashboards.web.frame import Crumb, Framed
from dashboards.web.pages.places import cases_of, readable
from dashboards.web.pages.terms import terms
from dashboards.web.route import Route
from dashboards.web.viewer import Right


def services(frame: Framed) -> Response:
    title = frame.gettext("Services")
    return frame.page(
        "places/services.html",
        title=title,
        crumbs=[Crumb(title)],
        services=frame.sight.places.services(),
        undeclared=frame.sight.scope.whole and not frame.sight.inventory.services,
        data_age=frame.sight.places.age,
        terms=terms(frame.language),
    )


def service(frame: Framed, key: str) -> Response:
    sight, places = frame.sight, frame.sight.places
    one = places.service(key)
    name = one.name.in_language(frame.language.key)
    sites = places.view("site", one.sites, frame.words).rows
    return frame.page(
        "places/service.html",
        title=name,
        crumbs=[Crumb(frame.gettext("Services"), "/services"), Crumb(name)],
        service=one,
        depends=next(each for each in places.services() if each.service.key == key),
        sites=sites,
        devices=places.view(
            "device", [each.key for site in one.sites for each in sight.inventory.devices_at[site]], frame.words
        ).rows,
        incidents=readable(lambda: cases_of(frame, sight.past.standing("service", key))),
        words=frame.words,
        data_age=places.age,
        terms=terms(frame.language),
    )


ROUTES: Final = (
    Route("/services", services, Right.SEE),
    Route("/services/{key}", service, Right.SEE),
)
