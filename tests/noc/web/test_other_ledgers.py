"""`noc web` before a ledger of another version: an older one is brought up to date, of a newer one it is said what to do."""

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from dashboards.web.app import build
from inventory.skeleton import write_sample
from noc.config import Config, load
from noc.ledger import access
from noc.ledger.ledger import open_ledger
from noc.web.setup import setup_lines
from noc.web.wiring import opened_house
from tests.noc.ledger.stage import incident


@pytest.fixture
def config(tmp_path: Path) -> Config:
    write_sample(tmp_path, sites=1)
    found = load(tmp_path / "noc.toml")
    found.data.dir.mkdir()
    with open_ledger(found.ledger_url, migrate=True, clock=time.time) as ledger, ledger.transaction() as books:
        books.add(incident())
    return found


def stamped(config: Config, step: str, *gone: str) -> None:
    with sqlite3.connect(config.data.dir / "ledger.db") as db:
        for table in gone:
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE alembic_version SET version_num = ?", (step,))


def test_given_a_newer_ledger_then_terminal_pages_and_api_say_what_to_do(config: Config, tmp_path: Path) -> None:
    stamped(config, "0999")
    before = (config.data.dir / "ledger.db").read_bytes()
    [line] = setup_lines(config.ledger_url, "http://127.0.0.1:8080")  # what `noc web` prints where it starts
    assert line.startswith("nobody can log in yet: ")
    assert line.endswith("the ledger is of a newer version (step 0999); use that version of noc")
    asked = {
        "/login": {"method": "POST", "data": {"name": "ada", "password": "grey walls hum softly"}},
        "/api/v1/sites": {"headers": {"authorization": "Bearer noc_x"}},
    }
    for path, more in asked.items():
        answer = asyncio.run(ask(config, path, **more))
        assert (answer.status_code, "newer version" in answer.text) == (503, True), answer.text
        assert str(tmp_path) not in answer.text and int(answer.headers["retry-after"]) > 0
    assert (config.data.dir / "ledger.db").read_bytes() == before


def test_given_an_older_ledger_then_it_is_brought_up_to_date_with_what_is_in_it(config: Config) -> None:
    stamped(config, "0003", "account", "session", "token", "display", "invitation")
    [line] = setup_lines(config.ledger_url, "http://127.0.0.1:8080")
    assert line.startswith("no account yet; create the first admin here")
    with open_ledger(config.ledger_url, clock=time.time) as ledger, ledger.reading() as books:
        assert books.incident(1) is not None
        assert not access.accounts(books)


async def ask(config: Config, path: str, *, method: str = "GET", **more: object) -> httpx.Response:
    with opened_house(config) as house:
        transport = httpx.ASGITransport(build(house))
        async with httpx.AsyncClient(transport=transport, base_url="http://noc.test") as client:
            headers = {"sec-fetch-site": "same-origin", **more.pop("headers", {})}  # type: ignore[dict-item]
            return await client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]
