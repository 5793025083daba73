"""The page for people when something cannot be answered: what it is, in their language, and what they can do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from dashboards.web import preferences
from dashboards.web.entrance.doorstep import login_for
from dashboards.web.entrance.gate import NotAllowed, NotOurs, known
from dashboards.web.frame import Frame, Stationery
from dashboards.web.house import House
from dashboards.web.refusal import Away, Missing, Refusal
from dashboards.web.sight.sight import Sight
from dashboards.web.viewer import NOBODY, Role, Viewer
from inventory.mistakes import nearest
from inventory.sentence import Sentence, code_of

AGAIN_S: Final = 10  # until a page that could not be read asks for itself again
LONGEST: Final = 300  # letters of what somebody asked for that are said back
MOST: Final = 20  # mistakes that are named
Text = Callable[[str], str]


@dataclass(frozen=True)
class Said:
    """`text` says in the reader's language what it is; `detail` what the machinery says, in English, where there is no more."""

    status: int
    detail: str = ""
    text: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    hints: Sequence[str] = ()
    near: tuple[str, str] = ("", "")  # what may be meant, and its address
    reference: str = ""
    door: str = ""  # where somebody who stands before a screen on the wall logs in to see it


class LastFrame(Frame):
    """A frame that can be had whatever else cannot."""

    def _language(self) -> str:
        return preferences.possible(self.request, self.sight.viewer)


def page(request: Request, error: Exception, reference: str = "") -> Response:
    """`reference`: of what stands in the log, when it is a mistake of ours."""
    if not hasattr(request.state, "sight"):
        request.state.sight = Sight(request.app.state.house, _viewer(request))
    frame = LastFrame(request)
    said = replace(_said(request, error, frame), reference=reference)
    title, advice = _words(frame.gettext).get(said.status, _words(frame.gettext)[400])
    if said.door:
        title = frame.gettext("This screen shows the wallboard only")
        advice = frame.gettext("Log in as yourself to see more; the screen stays known.")
    again = AGAIN_S if isinstance(error, Away) and request.method == "GET" else 0
    told: dict[str, Any] = {"fresh": None} if isinstance(error, Away) else {}  # the page says it, no banner need
    answer = frame.page("error.html", title=title, status=said.status, said=said, advice=advice, again_s=again, **told)
    if isinstance(error, Refusal) and error.retry_s:
        answer.headers["retry-after"] = str(error.retry_s)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


def _viewer(request: Request) -> Viewer:
    house: House = request.app.state.house
    try:
        return known(request, house)
    except Refusal:
        return NOBODY


def _said(request: Request, error: Exception, frame: Frame) -> Said:
    gettext = frame.gettext
    if isinstance(error, Missing):
        text = _missing(gettext).get(error.what, gettext("there is no {key}")).format(key=error.key[:LONGEST])
        way = request.url.path.replace(error.key, error.near) if error.near else ""
        return Said(404, str(error)[:LONGEST], text, near=(error.near, way))
    if isinstance(error, Refusal):
        return _refused(error, frame)
    if isinstance(error, RequestValidationError):
        return Said(422, problems={str(one["loc"][-1])[:LONGEST]: _mistaken(one) for one in error.errors()[:MOST]})
    if isinstance(error, NotOurs):
        return Said(403, text=gettext("Nothing was done: this was not sent by a page of your session. Try once more."))
    if isinstance(error, NotAllowed):
        screen = request.state.sight.viewer.role is Role.DISPLAY
        return Said(403, door=login_for(request) if screen and request.method == "GET" else "")
    if isinstance(error, HTTPException):
        return Said(error.status_code, near=_near(request) if error.status_code == 404 else ("", ""))
    return Said(500)


def _refused(error: Refusal, frame: Frame) -> Said:
    text = str(error)
    problems = {name[:LONGEST]: frame.said(what)[:LONGEST] for name, what in list(error.problems.items())[:MOST]}
    said = Said(error.status, problems=problems, hints=error.hints[:MOST])
    if problems and all(what in text for what in error.problems.values()):
        return said  # it says no more than what follows
    if code_of(text):
        return replace(said, text=frame.said(text)[:LONGEST])
    return replace(said, detail=text[:LONGEST])


def _mistaken(one: Mapping[str, Any]) -> str:
    """What a field is not, by the kinds that pydantic has."""
    most = one.get("ctx", {}).get("max_length", "")
    said = {
        "int_parsing": Sentence("no-number", "this is no whole number"),
        "float_parsing": Sentence("no-number", "this is no number"),
        "string_too_long": Sentence("too-long", "at most {most} letters", most=most),
        "missing": Sentence("needed", "this is needed"),
    }
    return said.get(one["type"], Sentence("not-understood", "this is not understood"))


def _near(request: Request) -> tuple[str, str]:
    """The page whose address is most like the one that was asked for."""
    stationery: Stationery = request.app.state.stationery
    plain = [path for path in stationery.needs if "{" not in path and not path.startswith("/api")]
    found = nearest(request.url.path[:LONGEST], plain)
    return found, found


def _words(gettext: Text) -> Mapping[int, tuple[str, str]]:
    """Status -> what it is, and what to do."""
    return {
        400: (gettext("This cannot be answered"), gettext("Go back and try it another way.")),
        403: (gettext("You may not do this"), gettext("Your account has no right to it. An admin can give it one.")),
        404: (gettext("There is no such page"), gettext("It may have another name by now: search for it above.")),
        405: (gettext("This cannot be done here"), gettext("Go back to the page and use its buttons.")),
        409: (gettext("Not as things stand"), gettext("Somebody may have been quicker: look at the page once more.")),
        410: (gettext("This is no more"), gettext("It was there, and has ended.")),
        413: (gettext("Too much was sent"), gettext("Nothing was done. At most 1 MiB is taken at once.")),
        422: (gettext("This was not understood"), gettext("Correct what is named here; nothing was done.")),
        429: (gettext("Too often"), gettext("Wait a little before you try again.")),
        500: (
            gettext("This is a mistake of ours"),
            gettext("It is in the log. Tell the one who runs the NOC its number."),
        ),
        503: (gettext("The data cannot be read now"), gettext("This page asks again by itself until it can be read.")),
    }


def _missing(gettext: Text) -> Mapping[str, str]:
    return {
        "site": gettext("there is no site {key}"),
        "device": gettext("there is no device {key}"),
        "link": gettext("there is no link {key}"),
        "region": gettext("there is no region {key}"),
        "circuit": gettext("there is no circuit {key}"),
        "provider": gettext("there is no provider {key}"),
        "service": gettext("there is no service {key}"),
        "institution": gettext("there is no institution {key}"),
        "incident": gettext("there is no incident {key}"),
        "contract": gettext("there is no contract {key}"),
    }
