"""The audit log for admins: who did what when, newest first, as far back as there is anything."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from dashboards import figures
from dashboards.web.filters import clock
from dashboards.web.frame import Crumb, Framed
from dashboards.web.refusal import mistaken
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Deed, Sought
from dashboards.web.viewer import Right
from inventory.calendar import midnight, parse_day
from inventory.sentence import Sentence

PAGE: Final = 100
LONGEST: Final = 100
EMPTY: Final[tuple[Any, ...]] = ("", None, [], {})
# by the end of a name: how its number is written
WRITTEN: Final[Mapping[str, Callable[[float, float], str]]] = {
    "_at": clock,
    "_bps": lambda bps, now: figures.rate(bps),
}


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
    return frame.page(
        "access/audit.html",
        title=title,
        crumbs=[Crumb(title)],
        deeds=[(one, told(one, frame.sight.now)) for one in found[:PAGE]],
        filters=filters,
        first="/audit" + (f"?{urlencode(kept)}" if kept else ""),
        paged=before is not None,
        onward=onward,
    )


def told(deed: Deed, now: float) -> str:
    """What it was done with, on one line: what is empty says nothing, times are clocks, rates have their unit."""
    return " · ".join(f"{_name(name)}: {_text(name, value, now)}" for name, value in _said(deed.what))


def _said(what: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in what.items() if value not in EMPTY)


def _name(name: str) -> str:
    return name.removesuffix("_bps").removesuffix("_at").replace("_", " ")


def _text(name: str, value: Any, now: float) -> str:
    if isinstance(value, list):
        return ", ".join(_text(name, each, now) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{_name(inner)} {_text(inner, each, now)}" for inner, each in _said(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        write = next((write for end, write in WRITTEN.items() if name.endswith(end)), None)
        return write(value, now) if write else str(value)
    return str(value)


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
