"""What goes wrong, in words: a page for people, a problem document (RFC 9457) for programs; never a traceback."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboards.web import preferences
from dashboards.web.api import problems
from dashboards.web.entrance import apology, unsent
from dashboards.web.entrance.doorstep import DOORS, local, login_for
from dashboards.web.entrance.gate import SAFE, Instead, NotAllowed, NotKnown, NotOurs
from dashboards.web.refusal import Refusal
from dashboards.web.viewer import NOBODY

EXPECTED = (Instead, Refusal, NotKnown, NotAllowed, NotOurs, RequestValidationError, HTTPException)


def answer(app: FastAPI) -> None:
    """Every expected failure has its answer; what nobody expected is `dashboards.web.entrance.shelter`'s."""
    for kind in EXPECTED:
        app.add_exception_handler(kind, answered)


def answered(request: Request, error: Exception, reference: str = "") -> Response:
    """Runs beside the event loop: who looks may have to be read for it."""
    if isinstance(error, Instead):
        return error.answer
    if isinstance(error, HTTPException) and error.status_code == 404 and (way := _without_slash(request)):
        return RedirectResponse(way, 307)
    if program(request):
        found = problems.answered(request, _said(request, error) if isinstance(error, Refusal) else error)
        if reference:
            found.headers["x-reference"] = reference
        return found
    if isinstance(error, NotOurs) or (isinstance(error, NotKnown) and request.method not in SAFE):
        return unsent.page(request, foreign=isinstance(error, NotOurs) and error.foreign)
    if isinstance(error, NotKnown):
        return RedirectResponse(login_for(request), 303)
    return apology.page(request, error, reference)


def _said(request: Request, error: Refusal) -> Refusal:
    """In the language of our pages for their scripts; for programs English, unless they ask for another one."""
    language = _language(request)
    if language == "en":
        return error
    said = request.app.state.stationery.languages[language].said
    told = Refusal(said(str(error)), {name: said(what) for name, what in error.problems.items()}, error.hints)
    told.status, told.retry_s, told.code = error.status, error.retry_s, error.code
    return told


def _language(request: Request) -> str:
    if problems.ours(request):
        return preferences.accepted(request.headers.get("accept-language", ""))
    sight = getattr(request.state, "sight", None)
    return preferences.possible(request, sight.viewer if sight else NOBODY)


def _without_slash(request: Request) -> str:
    """The same address as we write it, for who wrote a slash behind it; "" where that leads nowhere of ours."""
    path = request.url.path.rstrip("/")
    if request.method not in SAFE or not path or path == request.url.path:
        return ""
    way = quote(path) + (f"?{request.url.query}" if request.url.query else "")
    return way if path in DOORS or local(way) == way else ""


def program(request: Request) -> bool:
    """Is it a program that asks, or a script of ours that wants data?"""
    accept = request.headers.get("accept", "")
    return problems.ours(request) or ("json" in accept and "text/html" not in accept)
