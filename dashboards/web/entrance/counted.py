"""What this web process itself does: requests, by how they ended; answers that are open; how long they took."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SLOW_S: Final = 1.0


class Tally:
    """Counted since `started` (UTC seconds). `ended` by class of status ("2xx"); `octets` of bodies, as sent."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.started = clock()
        self.open = 0
        self.most_open = 0
        self.ended: Counter[str] = Counter()
        self.broken = 0  # ended without an answer
        self.octets = 0
        self.slow = 0  # took longer than SLOW_S until the first octet
        self.slowest_s = 0.0
        self.slowest = ""

    @property
    def requests(self) -> int:
        return sum(self.ended.values()) + self.broken


class Counted:
    """An ASGI middleware; runs in the event loop alone, so nothing of it needs a lock."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self._app, self._tally = app, tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tally, began, answered = self._tally, time.monotonic(), False

        async def counted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                tally.ended[f"{message['status'] // 100}xx"] += 1
                self._timed(scope["path"], time.monotonic() - began)
            else:
                tally.octets += len(message.get("body", b""))
            await send(message)

        tally.open += 1
        tally.most_open = max(tally.most_open, tally.open)
        try:
            await self._app(scope, receive, counted)
        finally:
            tally.open -= 1
            tally.broken += not answered

    def _timed(self, path: str, took_s: float) -> None:
        tally = self._tally
        tally.slow += took_s > SLOW_S
        if took_s > tally.slowest_s:
            tally.slowest_s, tally.slowest = took_s, path[:100]
