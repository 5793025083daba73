"""What goes wrong, in words: a page for people, a problem document (RFC 9457) for programs; never a traceback."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboards.web.api import problems
from dashboards.web.doorstep import login_for
from dashboards.web.gate import Instead, NotAllowed, NotKnown, NotOurs
from dashboards.web.refusal import Refusal

EXPECTED = (Instead, Refusal, NotKnown, NotAllowed, NotOurs, RequestValidationError, HTTPException)


def answer(app: FastAPI) -> None:
    """Every failure has its answer; what was not expected has one, too, and its traceback in the log."""
    for kind in (*EXPECTED, Exception):
        app.add_exception_handler(kind, answered)


async def answered(request: Request, error: Exception) -> Response:
    if isinstance(error, Instead):
        return error.answer
    if problems.ours(request):
        return problems.answered(request, error)
    if isinstance(error, NotKnown):
        return RedirectResponse(login_for(request), 303)
    if isinstance(error, NotOurs):
        return problem(403, "nothing was done: this was not sent by a page of your session")
    if isinstance(error, NotAllowed):
        return problem(403, "you may not do this")
    if isinstance(error, Refusal):
        return problem(error.status, str(error))
    if isinstance(error, HTTPException):
        return problem(error.status_code, str(error.detail))
    return problem(422 if isinstance(error, RequestValidationError) else 500, "this cannot be answered")


def problem(status: int, detail: str) -> Response:
    return JSONResponse({"status": status, "detail": detail}, status, media_type="application/problem+json")
