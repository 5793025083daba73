"""However much one asks for at the same time, others are answered: each has so many requests in work, the rest wait."""

import asyncio
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.web.entrance.gate import SCREEN, SESSION

AT_ONCE: Final = 16  # of the forty threads that answer


class _Seats:
    def __init__(self) -> None:
        self.room = asyncio.Semaphore(AT_ONCE)
        self.askers = 0


class Turns:
    """An ASGI middleware. Who shows nothing gets nothing that is dear, and is not counted; streams hold no thread."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._seats: dict[str, _Seats] = {}  # by what is shown; only while something is asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shown = _shown(scope) if scope["type"] == "http" else ""
        if not shown:
            await self._app(scope, receive, send)
            return
        seats = self._seats.setdefault(shown, _Seats())
        seats.askers += 1
        try:
            await self._seated(seats, scope, receive, send)
        finally:
            seats.askers -= 1
            if not seats.askers:
                self._seats.pop(shown, None)

    async def _seated(self, seats: _Seats, scope: Scope, receive: Receive, send: Send) -> None:
        await seats.room.acquire()
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                seats.room.release()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if kind.startswith("text/event-stream"):
                    leave()
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            leave()


def _shown(scope: Scope) -> str:
    """The token, session or display that a request shows, good or not, as `dashboards.web.entrance.gate` looks for it."""
    if scope["path"].startswith("/static/"):
        return ""
    asked = HTTPConnection(scope)
    given = asked.headers.get("authorization", "").split()
    return (given[-1] if given else asked.cookies.get(SESSION) or asked.cookies.get(SCREEN, ""))[:200]
