"""What makes open pages live: one look at what changed for all of them, told over server-sent events.

Events of /live: one a topic of `Versions`, each with a word that is another one whenever something of it is new, and
"beat" when nothing is for a while. The browser asks again for the page that it shows; after a lost connection it hears
all words at once.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Final

import anyio
from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from dashboards.web.frame import Seen
from dashboards.web.packed import PackedEvents, Packs
from dashboards.web.refusal import Refusal
from dashboards.web.route import Route
from dashboards.web.sources.pulse import PulseSource, Versions
from dashboards.web.viewer import Right, Viewer
from dashboards.web.vigil import while_allowed

LOOK_S: Final = 0.5
HEARTBEAT_S: Final = 15.0
BEAT_S: Final = 10.0  # without news; a browser that hears nothing for longer knows that the line is dead
RETRY: Final = b"retry: 2000\n\n"  # milliseconds until a browser that lost us connects again
LONGEST_S: Final = 300.0  # then the browser connects again, and whoever is no longer allowed to does not
GRACE_S: Final = 1.0
MOST_OF_ONE: Final = 500  # streams of one account or display: each takes memory and a file
SLOW_S: Final = 20.0  # a browser that takes nothing for so long is gone


class Hub:
    """Of one application: looks while anybody listens, and wakes everybody at once when something changed."""

    def __init__(self, pulse: PulseSource, look_s: float = LOOK_S) -> None:
        self._pulse = pulse
        self._look_s = look_s
        self._news: asyncio.Future[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self.listeners = 0
        self.open: Counter[str] = Counter()  # streams, by who follows them
        self.packs = Packs()
        self.ending = anyio.Event()
        self.versions = Versions()

    async def follow(
        self, lasts_s: float | None = None, again_s: float | None = None
    ) -> AsyncGenerator[Versions, None]:
        """What stands now, then every change, the newest only; ends with the server, or after `lasts_s`.

        `again_s`: what stands is said again when nothing changed for so long.
        """
        self.listeners += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            loop, seen = asyncio.get_running_loop(), Versions()
            until = loop.time() + (lasting() if lasts_s is None else lasts_s)
            while not self.ending.is_set() and (left := until - loop.time()) > 0:
                if self.versions == seen:
                    changed, _ = await asyncio.wait([self._next()], timeout=min(left, again_s or left))
                    if changed or again_s is None or self.ending.is_set():
                        continue
                seen = self.versions
                yield seen
        finally:
            self.listeners -= 1

    def _next(self) -> asyncio.Future[None]:
        if self._news is None or self._news.done():
            self._news = asyncio.get_running_loop().create_future()
        return self._news

    async def _look(self) -> None:
        while self.listeners and not self.ending.is_set():
            found = await asyncio.to_thread(self._pulse.look)
            if found != self.versions:
                self.versions = found
                self._wake()
            with anyio.move_on_after(self._look_s):
                await self.ending.wait()
        self._wake()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


def lasting() -> float:
    """Seconds that a connection is kept; not the same for all, so that they do not come back all at once."""
    return LONGEST_S * random.uniform(0.8, 1.2)


class TooMany(Refusal):
    """More streams than anybody looks at: 429."""

    status = 429
    retry_s = 60


def stream(
    hub: Hub, viewer: Viewer, news: AsyncGenerator[bytes, None], packs: Packs | None = None
) -> EventSourceResponse:
    """`news` ends by itself when the hub does; a comment goes between, so that proxies keep the line open.

    `packs`: for news that are long enough to be packed, and the same for many.
    """
    whose = f"{viewer.role} {viewer.name}"
    if hub.open[whose] >= MOST_OF_ONE:
        raise TooMany(f"{viewer.name} has {MOST_OF_ONE} streams open already: close some")
    kind = EventSourceResponse if packs is None else partial(PackedEvents, packs)
    return kind(
        _counted(hub.open, whose, news),
        ping=HEARTBEAT_S,
        ping_message_factory=lambda: ServerSentEvent(comment="still here", sep="\n"),
        sep="\n",
        send_timeout=SLOW_S,
        shutdown_event=hub.ending,
        shutdown_grace_period=GRACE_S,
    )


async def _counted(counts: Counter[str], whose: str, news: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    counts[whose] += 1
    try:
        async with aclosing(news) as telling:
            async for each in telling:
                yield each
    finally:
        counts[whose] -= 1
        if not counts[whose]:
            del counts[whose]


def event(name: str, data: str) -> bytes:
    return ServerSentEvent(data, event=name, sep="\n").encode()


def hub_of(request: Request) -> Hub:
    found = request.app.state.hub
    assert isinstance(found, Hub)
    return found


async def live(request: Request, sight: Seen) -> EventSourceResponse:
    hub = hub_of(request)
    return stream(hub, sight.viewer, while_allowed(request, Right.SEE, topics(hub)))


BEAT: Final = event("beat", "")


async def topics(hub: Hub, beat_s: float = BEAT_S) -> AsyncGenerator[bytes, None]:
    yield RETRY
    seen = Versions()
    async with aclosing(hub.follow(again_s=beat_s)) as following:
        async for now in following:
            told = zip(Versions._fields, now, seen, strict=True)
            yield b"".join(event(topic, new) for topic, new, old in told if new != old) or BEAT
            seen = now


ROUTES: Final = (Route("/live", live, Right.SEE),)
