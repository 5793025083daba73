"""Somebody at the door with a cookie, as a browser that follows nothing by itself."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import httpx

from dashboards.web.app import build
from tests.dashboards.web.api.front import Front

PAGE = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Visits:
    """`get` and `post` as one of `VIEWERS` of the front; "" as nobody."""

    front: Front
    app: Any = field(default=None)

    def __post_init__(self) -> None:
        self.app = self.app or self.front.app

    def get(self, path: str, who: str = "read", **more: Any) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, who, more))

    def ask(self, method: str, path: str, who: str = "read", **more: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, who, more))

    def main(self, path: str, who: str = "read", **more: Any) -> str:
        answer = self.get(path, who, **more)
        assert answer.status_code == 200, answer.text
        return words(answer)

    def later(self, seconds: float) -> "Visits":
        """The same house when it is so much later, and nobody wrote anything."""
        house = self.front.house
        return Visits(self.front, build(replace(house, clock=lambda: house.clock() + seconds)))

    def otherwise(self, **sources: Any) -> "Visits":
        """The same house with other sources."""
        return Visits(self.front, build(replace(self.front.house, **sources)))

    async def _ask(self, method: str, path: str, who: str, more: dict[str, Any]) -> httpx.Response:
        cookies = {**({"noc_session": who} if who else {}), **more.pop("cookies", {})}
        headers = {**PAGE, **more.pop("headers", {})}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://noc.test", cookies=cookies) as client:
            return await client.request(method, path, headers=headers, **more)


def words(answer: httpx.Response) -> str:
    """What stands in the main part of a page, without marks."""
    main = re.search(r"<main.*?>(.*)</main>", answer.text, re.DOTALL)
    assert main, answer.text[:200]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main[1]))).strip()
