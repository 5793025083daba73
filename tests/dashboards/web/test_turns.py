"""Whoever asks for very much at once holds up nobody but themselves."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dashboards.web.entrance.turns import AT_ONCE, Turns
from dashboards.web.live import MOST_OF_ONE, Hub, TooMany, stream
from dashboards.web.viewer import NOBODY


class Slow:
    """An application that answers when it is told to."""

    def __init__(self, kind: bytes = b"text/html") -> None:
        self.inside: list[str] = []
        self.leave = asyncio.Event()
        self._kind = kind

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        self.inside.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", self._kind)]})
        await self.leave.wait()
        if scope["path"] == "/broken":
            raise ZeroDivisionError
        await send({"type": "http.response.body", "body": b""})


async def asked(turns: Turns, path: str, headers: dict[str, str], times: int) -> list[asyncio.Task[None]]:
    async def nothing(*_: Any) -> Any:
        return None

    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "headers": lines}
    tasks = [asyncio.create_task(turns(dict(scope), nothing, nothing)) for _ in range(times)]
    await asyncio.sleep(0.01)
    return tasks


@pytest.mark.parametrize(
    "mine",
    [
        {"authorization": "Bearer abc"},
        {"cookie": "noc_session=abc"},
        {"cookie": "noc_display=abc; other=1"},
    ],
)
def test_given_very_much_at_once_then_it_waits_and_others_do_not(mine: dict[str, str]) -> None:
    async def run() -> None:
        app = Slow()
        turns = Turns(app)
        tasks = await asked(turns, "/charts/data", mine, 5 * AT_ONCE)
        assert len(app.inside) == AT_ONCE
        tasks += await asked(turns, "/wall", {"cookie": "noc_session=another"}, 1)
        tasks += await asked(turns, "/login", {}, 1)
        assert app.inside[AT_ONCE:] == ["/wall", "/login"]
        tasks[-3].cancel()  # gone while it waited
        app.leave.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(app.inside) == 5 * AT_ONCE + 1
        assert not turns._seats

    asyncio.run(run())


def test_given_the_same_token_written_otherwise_or_a_failure_then_its_turns_are_the_same() -> None:
    async def run() -> None:
        app = Slow()
        turns = Turns(app)
        tasks = await asked(turns, "/broken", {"authorization": "Bearer abc"}, AT_ONCE)
        tasks += await asked(turns, "/sites", {"authorization": "bearer   abc", "cookie": "noc_session=x"}, 1)
        assert "/sites" not in app.inside
        app.leave.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert app.inside[-1] == "/sites"
        assert not turns._seats

    asyncio.run(run())


def test_given_streams_then_they_take_nobodys_turn() -> None:
    async def run() -> None:
        app = Slow(b"text/event-stream; charset=utf-8")
        tasks = await asked(Turns(app), "/live", {"cookie": "noc_session=abc"}, 5 * AT_ONCE)
        assert len(app.inside) == 5 * AT_ONCE
        app.leave.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_given_more_streams_than_anybody_looks_at_then_no_more_are_begun_until_some_end() -> None:
    async def news() -> Any:
        yield b"news"
        await asyncio.sleep(10)

    async def run() -> None:
        hub = Hub(None)  # type: ignore[arg-type]
        viewer, other = replace(NOBODY, name="juma"), replace(NOBODY, name="neema")
        bodies = [aiter(stream(hub, viewer, news()).body_iterator) for _ in range(MOST_OF_ONE)]
        for body in bodies:
            assert await anext(body) == b"news"
        with pytest.raises(TooMany):
            stream(hub, viewer, news())
        assert await anext(aiter(stream(hub, other, news()).body_iterator)) == b"news"
        for body in bodies:
            await body.aclose()  # type: ignore[attr-defined]
        assert set(hub.open) == {"display neema"}
        stream(hub, viewer, news())

    asyncio.run(run())
