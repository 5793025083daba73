"""A small GovNet with a month of traffic and a capacity ledger, and the web before it, as people of four kinds."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

import httpx
from click.testing import CliRunner, Result

from dashboards.web.app import build
from dashboards.web.house import House
from dashboards.web.viewer import RIGHTS, Role, Viewer
from noc.cli.main import main
from noc.config import Config, HttpSection
from noc.web.wiring import opened_house
from tests.noc.reported import Reported
from tests.patience import HANGS_S

Found = TypeVar("Found")
OWN_SITE = "lga-chamwino"
PATIENCE_S = HANGS_S


def viewer(name: str, role: Role, language: str = "en", **more: Any) -> Viewer:
    return Viewer(name, role, RIGHTS[role], language=language, form_key=f"key-{name}", **more)


VIEWERS = {
    "vera": viewer("vera", Role.VIEWER),
    "kim": viewer("kim", Role.OPERATOR),
    "ali": viewer("ali", Role.OPERATOR),
    "sema": viewer("sema", Role.VIEWER, "sw"),
    "own": viewer("own", Role.INSTITUTION, sites=frozenset({OWN_SITE})),
}


class Keys:
    """Whoever says a name is that person."""

    def of_session(self, cookie: str) -> Viewer | None:
        return VIEWERS.get(cookie)

    def of_token(self, token: str) -> Viewer | None:
        return None


@dataclass
class Stage:
    config: Config
    file: Path
    house: House
    app: Any

    def get(self, path: str, who: str = "vera", method: str = "GET", **more: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, who, more))

    def post(self, path: str, who: str, **fields: str) -> httpx.Response:
        return self.get(path, who, "POST", data={"form_key": f"key-{who}", **fields})

    async def _ask(self, method: str, path: str, who: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        headers = {"accept": "text/html"}
        cookies = {"noc_session": who}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://noc.test", cookies=cookies, headers=headers
        ) as client:
            return await client.request(method, path, **more)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["-c", str(self.file), *words])


def waited(ask: Callable[[], Found | None]) -> Found:
    """What is computed beside, when it is there."""
    until = time.monotonic() + PATIENCE_S
    while (found := ask()) is None:
        assert time.monotonic() < until, "it was never computed"
        time.sleep(0.02)
    return found


def words(answer: httpx.Response) -> str:
    """What stands in the main part of a page, without marks."""
    found = re.search(r"<main.*?>(.*)</main>", answer.text, re.DOTALL)
    assert found, answer.text[:300]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", found[1]))).strip()


@contextmanager
def stage(home: Path) -> Iterator[Stage]:
    reported = Reported(home, sites=3)
    reported.write([*reported.watched(), *reported.traffic(days=2)])
    file = home / "noc.toml"
    done = CliRunner().invoke(
        main, ["-c", str(file), "iru", "request", "import", str(home / "requests.csv"), "--as", "sample"]
    )
    assert done.exit_code == 0, done.output
    config = reported.config.model_copy(update={"http": HttpSection(listen="127.0.0.1:9")})  # nobody is there
    with opened_house(config) as house:
        app = build(replace(house, keys=Keys()))  # type: ignore[arg-type]
        yield Stage(config, file, house, app)
