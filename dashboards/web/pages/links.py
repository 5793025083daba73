"""Links: how they stand and what they carry, and everything about one of them on one time axis."""

from collections.abc import Iterable, Sequence
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.marks import Band
from dashboards.lines.link import owned, subjects_of, title_of
from dashboards.lines.panels import of_link
from dashboards.status import sentence
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.boards import board_of
from dashboards.web.pages.devices import site_crumbs
from dashboards.web.pages.listings import Question, listed, sheet_of
from dashboards.web.pages.places import cause_address
from dashboards.web.pages.terms import terms
from dashboards.web.refusal import Away
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.model import Link


def links(frame: Framed, question: Question) -> Response:
    return listed(frame, "link", question)


def links_sheet(frame: Framed, asked: Question) -> Response:
    return sheet_of(frame, "link", asked)


def link(frame: Framed, request: Request, key: str) -> Response:
    sight = frame.sight
    one = sight.lines.link(key)
    row = sight.places.row("link", key)
    told, away = _told(frame, one)
    return frame.page(
        "lines/link.html",
        terms=terms(frame.language),
        title=title_of(one, frame.language.key),
        crumbs=[*_crumbs(frame, one), Crumb(one.key)],
        link=one,
        row=row,
        sentence=sentence(row, sight.now, frame.words),
        stale=frame.age.stale(row),
        cause=_cause(frame, row.figures.get("cause")),
        owned=owned(one, sight.inventory),
        ends=sight.lines.ends(one),
        told=told,
        away=away,
        ahead=ahead(frame, [one]),
        drawn=board_of(frame, request, of_link(one, sight.inventory, frame.gettext), [("link", key)]),
    )


def ahead(frame: Frame, links: Sequence[Link]) -> Iterable[Band]:
    try:
        return frame.sight.lines.ahead(links)
    except Away:
        return ()


def _told(frame: Frame, link: Link) -> tuple[Sequence[object], str]:
    """Its last incidents, and what is wrong where they cannot be read: the page goes on without."""
    try:
        return frame.sight.lines.last(subjects_of(link), frame.language.key), ""
    except Away as error:
        return (), str(error)


def _cause(frame: Frame, key: object) -> str:
    """Address of what it is behind, where the viewer may go there."""
    return cause_address(frame, str(key)) if key else ""


def _crumbs(frame: Frame, link: Link) -> list[Crumb]:
    """Region and site of the end that is served, where the viewer may see it."""
    inventory = frame.sight.inventory
    device = inventory.devices.get(link.served.device)
    links = Crumb(frame.gettext("Links"), "/links")
    return [links] if device is None else [*site_crumbs(frame, device.site)]


ROUTES: Final = (
    Route("/links", links, Right.SEE),
    Route("/links.csv", links_sheet, Right.SEE),
    Route("/links/{key}", link, Right.SEE),
)
