"""A stream ends with the right of who listens, not with the next connection."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from dashboards.web.refusal import Away
from dashboards.web.viewer import Right
from dashboards.web.vigil import while_allowed
from tests.dashboards.web.doors import Doors, doors


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with doors(tmp_path_factory.mktemp("doors")) as found:
        yield found


def listening(keys: Any, cookie: str) -> Request:
    app = SimpleNamespace(state=SimpleNamespace(house=SimpleNamespace(keys=keys)))
    return Request({"type": "http", "method": "GET", "headers": [(b"cookie", cookie.encode())], "app": app})


async def heard(request: Request, acts: dict[int, Any], every_s: float = 0.0) -> int:
    """How many of ten pieces of news get through; `acts` happen before the piece of that number."""
    closed = False

    async def news() -> AsyncGenerator[bytes, None]:
        nonlocal closed
        try:
            for number in range(10):
                acts.get(number, lambda: None)()
                yield b"news"
        finally:
            closed = True

    count = 0
    async for _ in while_allowed(request, Right.DISPLAY, news(), every_s):
        count += 1
    assert closed
    return count


def test_given_a_display_that_is_revoked_then_its_stream_ends_with_the_next_news(front: Doors) -> None:
    cookie = front.cards["display"]["cookie"]
    number = front.accounts.displays()[0].number
    revoke = {4: lambda: front.accounts.revoke_display("admin", number)}
    assert asyncio.run(heard(listening(front.keys, cookie), {})) == 10
    assert asyncio.run(heard(listening(front.keys, cookie), revoke)) == 4
    assert asyncio.run(heard(listening(front.keys, cookie), {})) == 0


def test_given_little_time_then_nobody_is_asked_for_again() -> None:
    class Nobody:
        def of_session(self, cookie: str) -> None:
            return None

    assert asyncio.run(heard(listening(Nobody(), "noc_session=x"), {}, every_s=60)) == 10


def test_given_a_ledger_that_is_away_then_the_stream_goes_on() -> None:
    class Locked:
        def of_session(self, cookie: str) -> None:
            raise Away("locked")

    assert asyncio.run(heard(listening(Locked(), "noc_session=x"), {})) == 10
