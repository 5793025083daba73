"""Asks the web as its server does, without a client's cost, and says what an answer costs the processor."""

import argparse
import gzip
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response

from dashboards.web.entrance.outfit import Outfit
from dashboards.web.viewer import RIGHTS, Role, Viewer

App = Callable[[Any, Any, Any], Awaitable[None]]
COOKIES = "noc_session=x; noc_display=x"
HTML, JSON = "text/html; charset=utf-8", "application/json"


class Keys:
    """Whoever comes, by whatever they come, has the role; the rest is asked of the house's own."""

    def __init__(self, real: Any = None, role: Role = Role.ADMIN) -> None:
        self._real, self._viewer = real, Viewer("bench", role, RIGHTS[role], form_key="bench")

    def of_session(self, cookie: str) -> Viewer:
        return self._viewer

    of_token = of_session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@dataclass(frozen=True)
class Answer:
    """`body`: as it was sent; `text`: unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


async def get(app: App, address: str, **headers: str) -> Answer:
    """As a browser that takes gzip; `headers` more or others, "" for none (`if_none_match="..."`, `accept_encoding=""`)."""
    path, _, query = address.partition("?")
    given = {"host": "noc", "accept": "text/html", "accept_encoding": "gzip", "cookie": COOKIES, **headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items() if value],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent))


async def costs(
    app: App, address: str, times: int, before: Callable[[], None] = lambda: None, **headers: str
) -> list[float]:
    """CPU milliseconds of every answer, all threads of this process together; what `before` costs is not in it."""
    found = []
    for _ in range(times):
        before()
        began = time.process_time()
        await get(app, address, **headers)
        found.append((time.process_time() - began) * 1e3)
    return found


async def cost(app: App, address: str, times: int, before: Callable[[], None] = lambda: None, **headers: str) -> float:
    """The median of `costs`."""
    return statistics.median(await costs(app, address, times, before, **headers))


def bare(content: bytes, kind: str = HTML) -> App:
    """The baseline: the same octets by the same framework and compression, without the NOC; at any address."""
    app = FastAPI(openapi_url=None)
    app.add_api_route("/{path:path}", lambda: Response(content, media_type=kind))
    app.add_middleware(Outfit)
    return app


def options(told: str | None, **numbers: int) -> argparse.ArgumentParser:
    """`told`: the bench's docstring; `numbers` are options with these defaults, `--home` is where its network is kept."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=usual, help=f"[default: {usual}]")
    parser.add_argument("--home", type=Path, help="where the network and its past are kept  [default: made anew]")
    return parser
