"""Incidents: what is broken, worst first, and one of them whole with its story."""

import math
from typing import Any, Final

from fastapi.responses import Response

from dashboards.cases.asked import asked
from dashboards.incident_story import impact_names, state_sentences
from dashboards.incidents import row
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.viewer import Right

PAGE: Final = 200  # rows


def incidents(frame: Framed) -> Response:
    """Filters that mean nothing are answered with the form and what is wrong: 422."""
    meant = asked(frame.request.query_params)
    found = [] if meant.problems else frame.sight.cases.found(meant)
    view = frame.sight.cases.view(frame.language.key)
    pages = max(1, math.ceil(len(found) / PAGE))
    shown = found[(meant.page - 1) * PAGE : meant.page * PAGE]
    return frame.page(
        "cases/incidents.html",
        title=frame.gettext("Incidents"),
        crumbs=[Crumb(frame.gettext("Incidents"))],
        status=422 if meant.problems else 200,
        asked=meant,
        rows=[row(one, view) for one in shown],
        total=len(found),
        pages=pages,
    )


def incident(frame: Framed, number: str) -> Response:
    return shown(frame, whole_number(number))


def whole_number(text: str) -> int:
    """Of an address; Unseen where no incident can have it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Unseen(f"there is no incident {text[:40]!r}")
    return int(text)


def shown(frame: Frame, number: int, *, status: int = 200, **more: Any) -> Response:
    """The page of one incident; `more` overrides what a form shows again."""
    sight = frame.sight
    story, view = sight.cases.story(number), sight.cases.view(frame.language.key)
    one = story.incident
    return frame.page(
        "cases/incident.html",
        title=f"{number} {row(one, view).what}",
        crumbs=[Crumb(frame.gettext("Incidents"), "/incidents"), Crumb(str(number))],
        status=status,
        story=story,
        row=row(one, view),
        sentences=state_sentences(one, view),
        impact=impact_names(one, view),
        view=view,
        **more,
    )


ROUTES: Final = (
    Route("/incidents", incidents, Right.SEE),
    Route("/incidents/{number}", incident, Right.SEE),
)
