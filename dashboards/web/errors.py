"""What goes wrong, in words: a page for people, a problem document (RFC 9457) for programs; never a traceback."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboards.web import apology, unsent
from dashboards.web.api import problems
from dashboards.web.doorstep import login_for
from dashboards.web.gate import SAFE, Instead, NotAllowed, NotKnown, NotOurs
from dashboards.web.refusal import Refusal

EXPECTED = (Instead, Refusal, NotKnown, NotAllowed, NotOurs, RequestValidationError, HTTPException)


def answer(app: FastAPI) -> None:
    """Every expected failure has its answer; what nobody expected is `dashboards.web.shelter`'s."""
    for kind in EXPECTED:
        app.add_exception_handler(kind, answered)


def answered(request: Request, error: Exception, reference: str = "") -> Response:
    """Runs beside the event loop: who looks may have to be read for it."""
    if isinstance(error, Instead):
        return error.answer
    if program(request):
        found = problems.answered(request, error)
        if reference:
            found.headers["x-reference"] = reference
        return found
    if isinstance(error, NotOurs) or (isinstance(error, NotKnown) and request.method not in SAFE):
        return unsent.page(request, foreign=isinstance(error, NotOurs) and error.foreign)
    if isinstance(error, NotKnown):
        return RedirectResponse(login_for(request), 303)
    return apology.page(request, error, reference)


def program(request: Request) -> bool:
    """Is it a program that asks, or a script of ours that wants data?"""
    accept = request.headers.get("accept", "")
    return problems.ours(request) or ("json" in accept and "text/html" not in accept)
