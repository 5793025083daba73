"""One interface of a device: what it is, what it carries against its link, and its charts."""

from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.panel import Panel, Subject
from dashboards.places.interfaces import Interface, interfaces
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.boards import board_of
from dashboards.web.pages.devices import site_crumbs
from dashboards.web.pages.terms import terms
from dashboards.web.route import Route
from dashboards.web.sight.places import found
from dashboards.web.viewer import Right


def interface(frame: Framed, request: Request, key: str, name: str) -> Response:
    sight, places = frame.sight, frame.sight.places
    device = places.device(key)
    known = places.known(key)
    one = found({each.key: each for each in interfaces(sight.inventory, key, known)}, name, "interface")
    return frame.page(
        "places/interface.html",
        title=f"{key} {one.key}",
        crumbs=[*site_crumbs(frame, device.site), Crumb(key, f"/devices/{quote(key, safe='')}"), Crumb(one.key)],
        device=device,
        one=one,
        rates_at=known.get("at", {}).get("rates"),
        link=sight.inventory.links.get(one.link),
        link_row=places.row("link", one.link) if one.link in sight.inventory.links else None,
        drawn=board_of(frame, request, _panels(frame, key, one)),
        words=frame.words,
        data_age=places.age,
        terms=terms(frame.language),
    )


def _panels(frame: Frame, device: str, one: Interface) -> list[Panel]:
    rows = (
        (frame.gettext("Traffic"), ("in_bps", "out_bps")),
        (frame.gettext("Errors"), ("in_errors_ps", "out_errors_ps")),
        (frame.gettext("Discards"), ("in_discards_ps", "out_discards_ps")),
    )
    return [Panel(title, Subject("interface", device, one.key, quantities)) for title, quantities in rows]


ROUTES: Final = (Route("/devices/{key}/interfaces/{name:path}", interface, Right.SEE),)
