"""The inventory check: what is wrong in the files, where a single thing carries many, and which links are not as declared."""

from typing import Final

from fastapi.responses import Response

from dashboards.web.frame import Crumb, Framed
from dashboards.web.pages.terms import sections, terms
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.cabling import DIFFERENT
from inventory.difference import KINDS


def check(frame: Framed) -> Response:
    places = frame.sight.places
    inspection, inventory, cabled = places.inspection(), places.inventory, places.cabled()
    title = frame.gettext("Inventory check")
    return frame.page(
        "places/inventory.html",
        title=title,
        crumbs=[Crumb(title)],
        inspection=inspection,
        inventory=inventory,
        counts={kind: len(getattr(inventory, kind)) for kind in KINDS},
        singles=places.singles(),
        cabled=cabled,
        different=[one for one in cabled.cabling.links if one.verdict in DIFFERENT],
        terms=terms(frame.language),
        kind_names=sections(frame.language),
        untold=sum(one.verdict == "not told" for one in cabled.cabling.links),
    )


ROUTES: Final = (Route("/inventory", check, Right.WATCH),)
