"""The last wall: whatever nobody expected is written to the log once, under a number that the page shows."""

import logging
import secrets
from html import escape
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.web.entrance import errors
from dashboards.web.entrance.doorstep import TooMuch

log = logging.getLogger(__name__)

PLAIN: Final = "<!doctype html><meta charset=utf-8><title>GovNet NOC</title><h1>500</h1><p>{reference}</p>"


class Shelter:
    """An ASGI middleware; what has begun to be answered cannot be answered otherwise, and is left to the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except ClientDisconnect:
            return
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            request = Request(scope, receive)
            answer = await run_in_threadpool(errors.answered if isinstance(error, TooMuch) else failed, request, error)
            await answer(scope, receive, send)


def failed(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("%s %r failed, reference %s", request.method, request.url.path[:200], reference, exc_info=error)
    try:
        return errors.answered(request, error, reference)
    except Exception:
        log.exception("the page about reference %s failed, too", reference)
        return HTMLResponse(PLAIN.format(reference=escape(reference)), 500)
