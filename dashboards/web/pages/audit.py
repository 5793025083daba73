"""The audit log for admins: who did what when, newest first, as far back as there is anything."""

from datetime import date, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from dashboards.deeds import Telling
from dashboards.web.frame import Crumb, Framed
from dashboards.web.marks import clock_in
from dashboards.web.refusal import mistaken
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Sought
from dashboards.web.viewer import Right
from inventory.calendar import midnight, parse_day
from inventory.sentence import Sentence

PAGE: Final = 100
LONGEST: Final = 100


def audit(frame: Framed, request: Request, who: str = "", act: str = "", q: str = "") -> Response:
    """`from` and `to` are local days, both included; `before` is the number of a line, for the next page."""
    asked = {name: request.query_params.get(name, "") for name in ("from", "to", "before")}
    problems: dict[str, str] = {
        name: Sentence("too-long", "at most {most} letters", most=LONGEST)
        for name, text in (("who", who), ("act", act), ("q", q))
        if len(text) > LONGEST
    }
    since, until = _day(asked, "from", problems), _day(asked, "to", problems)
    before = _number(asked, problems)
    if problems:
        raise mistaken(problems)
    sought = Sought(
        who.strip(),
        act.strip(),
        q.strip(),
        since=float(midnight(since)) if since else 0.0,
        until=float(midnight(until + timedelta(days=1))) if until else None,
        before=before,
        most=PAGE + 1,
    )
    found = frame.sight.access.everybody.deeds(sought)
    filters = {"who": who, "act": act, "q": q, "from": asked["from"], "to": asked["to"]}
    kept = {name: text for name, text in filters.items() if text}
    onward = f"/audit?{urlencode({**kept, 'before': found[PAGE - 1].number})}" if len(found) > PAGE else ""
    title = frame.gettext("Audit log")
    telling = Telling(frame.gettext, partial(clock_in, frame.language.key))
    return frame.page(
        "access/audit.html",
        title=title,
        crumbs=[Crumb(title)],
        deeds=[(one, telling.told(one.what, frame.sight.now)) for one in found[:PAGE]],
        acts=telling.acts,
        filters=filters,
        first="/audit" + (f"?{urlencode(kept)}" if kept else ""),
        paged=before is not None,
        onward=onward,
    )


def _day(asked: dict[str, str], name: str, problems: dict[str, str]) -> date | None:
    if not asked[name]:
        return None
    try:
        found = parse_day(asked[name])
    except ValueError as error:
        problems[name] = str(error)
        return None
    if not 1970 <= found.year < 9999:
        problems[name] = Sentence("day-far", "a year from 1970 to 9998")
    return found


def _number(asked: dict[str, str], problems: dict[str, str]) -> int | None:
    text = asked["before"]
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        problems["before"] = Sentence("no-number", "the number of a line")
        return None
    return int(text)


ROUTES: Final = (Route("/audit", audit, Right.ADMIN),)
