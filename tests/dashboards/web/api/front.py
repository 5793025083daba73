"""A small GovNet with store, ledger and notices as a daemon left them a moment ago, and the API before it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from fastapi import FastAPI

from alerts.alarm import Alarm, Evidence, Phase, Severity
from alerts.cause import Impact, Role
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Notification
from alerts.standings import build as standings_of
from alerts.subject import Subject
from alerts.window import Window
from dashboards.web.app import build
from dashboards.web.house import House
from dashboards.web.viewer import NOBODY, RIGHTS, Right, Viewer
from dashboards.web.viewer import Role as Who
from inventory.batch import Batch, Facts
from inventory.model import Inventory
from inventory.notice import Notice
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from inventory.status import DaemonMark
from noc.config import load
from noc.ledger.ledger import open_ledger
from noc.notices.book import Book
from noc.notices.file import NAME
from noc.store.writer import MetricStore
from noc.web.wiring import opened_house
from tests.ports import free_port

MINE = "lga-chamwino"
READ = frozenset({Right.DISPLAY, Right.SEE, Right.WATCH})
VIEWERS = {
    "read": Viewer("vera", Who.VIEWER, RIGHTS[Who.VIEWER]),
    "act": Viewer("a-mushi", Who.OPERATOR, RIGHTS[Who.OPERATOR]),
    "admin": Viewer("ada", Who.ADMIN, RIGHTS[Who.ADMIN]),
    "own": Viewer("chamwino", Who.INSTITUTION, RIGHTS[Who.INSTITUTION], sites=frozenset({MINE})),
    "few": Viewer("a-mushi", Who.OPERATOR, READ),
    "wall": Viewer("wall", Who.DISPLAY, RIGHTS[Who.DISPLAY]),
}


class Keys:
    """Tokens by their names; sessions, of somebody who is logged in to the pages, too."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def of_token(self, token: str) -> Viewer | None:
        return VIEWERS.get(token) or self._real.of_token(token)

    def of_session(self, cookie: str) -> Viewer | None:
        found = VIEWERS.get(cookie, NOBODY)
        return replace(found, form_key="key-of-" + cookie) if found.rights else None


@dataclass
class Front:
    """`ask` as a program does, with the token of one of `VIEWERS`; "" sends none."""

    app: FastAPI
    house: House
    home: Path
    inventory: Inventory

    def ask(self, path: str, who: str = "read", method: str = "GET", **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {who}"} if who else {}
        headers |= more.pop("headers", {})
        return asyncio.run(self._ask(method, f"/api/v1{path}" if path.startswith("/") else path, headers, more))

    def post(self, path: str, said: Any = None, who: str = "act", **headers: str) -> httpx.Response:
        more = {} if said is None else {"json": said}
        return self.ask(
            path, who, "POST", headers={name.replace("_", "-"): one for name, one in headers.items()}, **more
        )

    def told(self, path: str, who: str = "read") -> Any:
        answer = self.ask(path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _ask(self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://noc.test") as client:
            return await client.request(method, path, headers=headers, **more)


@contextmanager
def opened(home: Path) -> Iterator[Front]:
    write_sample(home, sites=3)
    written = home / "noc.toml"
    nobody = f"127.0.0.1:{free_port()}"  # no daemon runs here, whoever runs one elsewhere
    written.write_text(written.read_text().replace("127.0.0.1:9116", nobody))
    config = load(written)
    inventory = load_inventory(config.inventory.path)
    config.data.dir.mkdir(exist_ok=True)
    now = time.time()
    _fill_store(config.metrics_file, inventory, now)
    _fill_notices(config.data.dir / NAME, inventory, now)
    with open_ledger(config.ledger_url, migrate=True, clock=time.time) as ledger, ledger.transaction() as books:
        _fill_ledger(books, now)
    with opened_house(config) as house:
        house = replace(house, keys=Keys(house.keys))
        yield Front(build(house), house, home, inventory)


def _fill_store(path: Path, inventory: Inventory, now: float) -> None:
    standings = standings_of(inventory)
    rows = [
        replace(standings.row(kind, key, one), state="up", since=now - 3600, at=now - 1)
        for kind, key, one in standings.each()
    ]
    rows = [replace(row, state="down") if row.key == MINE else row for row in rows]
    at = np.arange(int(now) - 3600, int(now), 30)
    link = next(iter(inventory.links))
    device = next(iter(inventory.devices))
    with MetricStore(path) as store:
        store.put_status(rows)
        store.mark(DaemonMark(at=now + 3600, started=now - 7200, pid=1, version="0.1.0", stale_after_s=86_400.0))
        store.put_facts(Facts(device, "system", int(now), {"sysName": device, "sysDescr": "<script>alert(1)</script>"}))
        interfaces = [{"key": "ge-0", "ifIndex": 7, "ifName": "ge-0", "ifAlias": "=cmd()", "admin": 1, "oper": 1}]
        store.put_facts(Facts(device, "interfaces", int(now), {"interfaces": interfaces}))
        store.append(
            [
                Batch("link", "", int(each), (link,), ("in_bps", "out_bps"), np.array([[5e6 + place], [2e6]]))
                for place, each in enumerate(at)
            ]
        )
        store.commit()


def _fill_notices(path: Path, inventory: Inventory, now: float) -> None:
    with Book(path, 30.0) as book:
        for place, device in enumerate([*inventory.devices][:5]):
            book.put(
                Notice(now - 300 + place, device, "127.0.0.1", "syslog", "sshd", "a line\u200b <b>", 4, "x", {"a": 1})
            )
        book.commit()


def _fill_ledger(books: Any, now: float) -> None:
    books.add_window(Window(0, "silence", "lga-chamwino", "asha", "power works", now - 60, now + 3600))
    books.add_window(
        Window(0, "maintenance", "key=dod-core-1", "asha", "upgrade", now + 60, now + 3600, target="device")
    )
    devices = (Subject("device", "lga-chamwino-r1", "lga-chamwino-r1"), Subject("device", "dod-core-1", "dod-core-1"))
    for place, (root, state) in enumerate(
        [(devices[0], IncidentState.OPEN), (devices[1], IncidentState.OPEN), (devices[1], IncidentState.RESOLVED)]
    ):
        alarm = Alarm(
            "device-down", root, "reachability", Severity.CRITICAL, Phase.FIRING, now - 600, now - 600, now - 500, now
        )
        hurt = Impact(sites=(MINE,) if place == 0 else ("core-dod",), devices=(root.key,))
        one = books.add(
            Incident(
                0, state, Severity.CRITICAL, Severity.CRITICAL, "reachability", (root,), now - 600 + place, now - 500, now - 500,
                members={alarm.key: Role.ROOT}, impact=hurt, told_at=now - 500, bad=state is IncidentState.OPEN,
                evidence=(Evidence("device-down", {}),), resolved_at=None if state is IncidentState.OPEN else now - 10,
            )
        )  # fmt: skip
        if state is IncidentState.OPEN:
            books.put_alarms([alarm])
        books.tell(Entry(one.number, now - 500, "opened", code="opened"))
        books.queue(
            Notification(f"k{place}", one.number, "opened", "a-mushi", ("sms",), "short", "subject", "body", now - 500)
        )
