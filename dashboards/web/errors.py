"""What goes wrong, in words: a page for people, a problem document (RFC 9457) for programs; never a traceback."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from dashboards.web.gate import NotAllowed, NotKnown
from dashboards.web.refusal import Refusal


def answer(app: FastAPI) -> None:
    """Every expected failure has its answer."""
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(NotKnown, unknown)
    app.add_exception_handler(NotAllowed, forbidden)


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return problem(error.status, str(error))


async def unknown(request: Request, error: Exception) -> Response:
    return RedirectResponse("/login", 303)


async def forbidden(request: Request, error: Exception) -> Response:
    return problem(403, "you may not do this")


def problem(status: int, detail: str) -> Response:
    return JSONResponse({"status": status, "detail": detail}, status, media_type="application/problem+json")
