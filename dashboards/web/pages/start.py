"""The start: what is wrong now, where, and how fresh that is; a display goes to its wall."""

from collections.abc import Sequence
from typing import Final

from fastapi.responses import RedirectResponse, Response

from dashboards.incidents import IncidentRow, row, worst_first
from dashboards.overview import not_up, regions
from dashboards.status import note, view
from dashboards.web.entrance.gate import NotKnown
from dashboards.web.frame import Frame, Framed
from dashboards.web.refusal import Away
from dashboards.web.route import Route
from dashboards.web.viewer import Right

MOST: Final = 25  # rows of a table; all of them are one step away


def start(frame: Framed) -> Response:
    sight = frame.sight
    if not sight.viewer.may(Right.SEE):
        if sight.viewer.may(Right.DISPLAY):
            return RedirectResponse("/wall", 303)
        raise NotKnown
    picture = sight.picture
    seen = view("site", picture.sites.values(), picture.mark, sight.now, words=frame.words)
    wrong = not_up(seen.rows)
    return frame.page(
        "start.html",
        title=frame.gettext("Now"),
        seen=seen,
        wrong=wrong[:MOST],
        more=len(wrong) - MOST,
        notes={row.key: note(row, frame.words) for row in wrong[:MOST]},
        names={row.key: _name(frame, row.key) for row in wrong[:MOST]},
        regions=regions(sight.inventory, picture.sites, seen.age, frame.language.key),
        incidents=_incidents(frame),
        most=MOST,
    )


def _name(frame: Frame, key: str) -> str:
    """Its key where the daemon still watches what the inventory no longer has."""
    site = frame.sight.inventory.sites.get(key)
    return site.name.in_language(frame.language.key) if site else key


def _incidents(frame: Frame) -> Sequence[IncidentRow] | None:
    """Unresolved ones; None where the ledger cannot be read: the sites are shown none the less."""
    cases, language = frame.sight.cases, frame.language.key
    try:
        standing = [one for one in cases.standing() if one.unresolved]
        shown = cases.view(language)
    except Away:
        return None
    return [row(one, shown) for one in worst_first(standing)]


ROUTES: Final = (Route("/", start, Right.PUBLIC),)
