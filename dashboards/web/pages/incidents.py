"""Incidents: what is broken, worst first, and one of them whole with its story."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams

from alerts.incident import Incident, IncidentState
from alerts.words.phrases import explain, language_of, title
from alerts.words.seller import seller_of
from dashboards.addresses import Addresses
from dashboards.cases.asked import CHOICES, PAST, asked
from dashboards.cases.capacity import told_of
from dashboards.cases.charted import charted, stretch_of
from dashboards.cases.happened import beginning, messages, timeline
from dashboards.cases.seen import cut_off, members, reasons, sure
from dashboards.cases.trail import Trail
from dashboards.incident_story import impact_names, state_sentences
from dashboards.incidents import row
from dashboards.text import one_line
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.marks import severities
from dashboards.web.pages.boards import OWN, Shown, board_of
from dashboards.web.refusal import Away, Unseen
from dashboards.web.route import Route
from dashboards.web.sight.cases import Case
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

PAGE: Final = 100  # rows


@dataclass(frozen=True, slots=True)
class Pages:
    """`query`: the filters as the address has them, without the page."""

    number: int
    last: int
    total: int
    path: str
    query: Sequence[tuple[str, str]]

    def address(self, number: int) -> str:
        return f"{self.path}?{urlencode([*self.query, ('page', str(number))])}"


def pages_of(params: QueryParams, number: int, total: int) -> Pages:
    kept = [(name, value) for name, value in params.multi_items() if name != "page" and value]
    return Pages(number, max(1, math.ceil(total / PAGE)), total, "/incidents", kept)


def incidents(frame: Framed) -> Response:
    return listed(frame, frame.request.query_params)


def listed(
    frame: Frame, params: QueryParams, *, status: int = 200, refused: Sequence[str] = (), chosen: Sequence[int] = ()
) -> Response:
    """Filters that mean nothing are answered with the form and what is wrong: 422. `refused`: why an act was not done."""
    meant = asked(params)
    sight = frame.sight
    found = [] if meant.problems else sight.cases.found(meant)
    view = sight.cases.view(frame.language.key)
    place = pages_of(params, meant.page, len(found))
    shown = found[(meant.page - 1) * PAGE : meant.page * PAGE]
    inventory = sight.inventory
    return frame.page(
        "cases/incidents.html",
        title=frame.gettext("Incidents"),
        crumbs=[Crumb(frame.gettext("Incidents"))],
        status=422 if meant.problems else status,
        asked=meant,
        rows=[row(one, view) for one in shown],
        words=view.words,
        page=place,
        counts=counted(found),
        states=language_of(view.language).states,
        severities=severities(frame.gettext),
        spans=[
            (span, frame.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}) for span, days in PAST.items()
        ],
        back=str(params),
        regions=[(key, name.in_language(view.language)) for key, name in inventory.regions.items()],
        providers=[(key, one.name.in_language(view.language)) for key, one in inventory.providers.items()],
        families=families(frame.gettext),
        owners=[(key, one.name) for key, one in inventory.contacts.items()],
        more=bool(meant.labels) or meant.past,
        takes=any(one.state is IncidentState.OPEN for one in shown),
        refused=refused,
        chosen=frozenset(chosen),
        may_act=sight.viewer.may(Right.ACT),
        whole=sight.scope.whole,
    )


def families(gettext: Callable[[str], str]) -> Sequence[tuple[str, str]]:
    """(key, text) of every family of incidents."""
    return (
        ("reachability", gettext("reachability")),
        ("agent", gettext("agent")),
        ("routing", gettext("routing")),
        ("quality", gettext("quality")),
        ("capacity", gettext("capacity")),
        ("health", gettext("health")),
        ("restart", gettext("restart")),
        ("poller", gettext("poller")),
        ("own", gettext("the NOC itself")),
    )


def counted(found: Sequence[Incident]) -> Mapping[str, int]:
    """How many in each state, in the order of states."""
    counts = dict.fromkeys(CHOICES["state"], 0)
    for one in found:
        counts[one.state] += 1
    return {state: count for state, count in counts.items() if count}


def back() -> Response:
    """The list that says why rows could not be taken is read again as the list."""
    return RedirectResponse("/incidents", 303)


def incident(frame: Framed, number: str) -> Response:
    return shown(frame, whole_number(number))


def whole_number(text: str) -> int:
    """Of an address; Unseen where no incident can have it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Unseen(Sentence("incident-unknown", "there is no incident {number}", number=repr(text[:40])))
    return int(text)


def shown(
    frame: Frame, number: int, *, status: int = 200, typed: Mapping[str, str] | None = None, refused: str = ""
) -> Response:
    """The page of one incident; `typed` is what stands in its forms again, `refused` why an act was not done."""
    case = frame.sight.cases.case(number, _page(frame.request.query_params.get("page", "")))
    view = frame.sight.cases.view(frame.language.key)
    one = case.story.incident
    what = one_line(title(one, view.language, view.names))
    return frame.page(
        "cases/incident.html",
        title=f"{number} {what}",
        crumbs=[Crumb(frame.gettext("Incidents"), "/incidents"), Crumb(str(number))],
        status=status,
        incident=one,
        what=what,
        row=row(one, view),
        states=language_of(view.language).states,
        sentences=state_sentences(one, view),
        explained=explain(one, view.language, view.names, view.now),
        sure=sure(one, view),
        view=view,
        words=view.words,
        **_parts(frame, case, view),
        typed={**dict.fromkeys(("text", "owner", "ticket", "check", "cause"), ""), **(typed or {})},
        refused=refused,
        board=_board(frame, one),
    )


def _page(text: str) -> int:
    """Of the timeline; 0, the last, where the address names none."""
    if text and not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text)):
        raise Unseen(Sentence("page-unknown", "there is no such page"))
    return int(text or 0)


def _parts(frame: Frame, case: Case, view: Any) -> Mapping[str, Any]:
    story, sight = case.story, frame.sight
    everything = bool(frame.request.query_params.get("all"))
    trail = Trail(view.names, view.language, view.now, sight.scope.whole)
    why = reasons(story, view, trail)
    rows, hidden = members(story, view, trail, everything=everything)
    names = dict(impact_names(story.incident, view))
    names.pop("sites")
    return {
        "reasons": why,
        "polls_at": next((place for place, one in enumerate(why) if any(way.sort == "polls" for way in one.ways)), -1),
        "heard": beginning(case.heard, story.incident, view.now),
        "impact": {kind: found for kind, found in names.items() if found},
        "cut": cut_off(story.incident, view.names, view.language),
        "members": rows,
        "hidden": hidden,
        "messages": messages(story, view, Addresses(sight.inventory)),
        "timeline": timeline(story, case.heard, view, case.leaf),
        "leaf": case.leaf,
        "before": [row(each, view) for each in case.before],
        "linked": [row(each, view) for each in case.linked],
        "seller": seller_of(story.incident, view.names),
        "coming": view.next_step(story.incident),
        "capacity": told_of(story.incident, sight.inventory, frame.gettext, sight.cases.book(story.incident)),
        "contacts": list(sight.inventory.contacts.values()),
        "may_act": sight.viewer.may(Right.ACT),
        "whole": sight.scope.whole,
    }


def _board(frame: Frame, one: Incident) -> Shown | None:
    """A chart of what it is about, around that time unless the address asks for another; the page goes on without."""
    (panels, about), asked_of = charted(one, frame.sight.inventory, frame.gettext), frame.request
    if not panels:
        return None
    if not any(name in asked_of.query_params for name in OWN):
        begins, ends = stretch_of(one, frame.sight.now)
        query = urlencode({"from": begins, "to": ends}).encode()
        asked_of = Request({**asked_of.scope, "query_string": query})
    try:
        return board_of(frame, asked_of, panels, about)
    except (Away, Unseen):
        return None


ROUTES: Final = (
    Route("/incidents", incidents, Right.SEE),
    Route("/incidents/ack", back, Right.SEE),
    Route("/incidents/{number}", incident, Right.SEE),
)
