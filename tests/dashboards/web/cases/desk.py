"""A little Mbeya with a ledger and nothing else beside it, and browsers of several people before its pages."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import httpx
from fastapi import FastAPI

from alerts.alarm import Alarm, Evidence, Phase, Severity
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Notification
from alerts.subject import Subject
from dashboards.web.app import build
from dashboards.web.house import House
from dashboards.web.viewer import RIGHTS, Viewer
from dashboards.web.viewer import Role as Who
from noc.config import load
from noc.ledger.books import SqlBooks
from noc.ledger.ledger import open_ledger
from noc.web.wiring import opened_house
from tests.mbeya import PE

INVENTORY = """
regions: {Mbeya: {name: Mbeya}}
sites:
  hub: {name: Mbeya regional node, kind: regional, region: Mbeya}
  lga-a: {name: {en: Chunya District Council, sw: Halmashauri ya Wilaya ya Chunya}, kind: lga, region: Mbeya}
  lga-b: {name: "<script>alert('b')</script> District Council", kind: lga, region: Mbeya}
devices:
  mby-pe-1: {site: hub, address: 10.0.0.1}
  cpe-a: {site: lga-a, address: 10.0.0.2}
  cpe-b: {site: lga-b, address: 10.0.0.3}
institutions: {chunya: {name: Chunya District Council, kind: lga, site: lga-a}}
providers: {ttcl: {name: TTCL, telephone: '+255222142000'}}
circuits:
  c1: {provider: ttcl, reference: IRU-77/1}
  c2: {provider: ttcl, reference: T-2}
  c3: {provider: ttcl, reference: T-3}
links:
  up: {a: 'mby-pe-1:x0', b: external, role: upstream, provider: ttcl, circuit: c1, in_bps: 1G, out_bps: 1G}
  acc-a: {a: 'mby-pe-1:x1', b: 'cpe-a:x0', role: access, provider: ttcl, circuit: c2, in_bps: 10M, out_bps: 10M}
  acc-b: {a: 'mby-pe-1:x2', b: 'cpe-b:x0', role: access, provider: ttcl, circuit: c3, in_bps: 10M, out_bps: 10M}
contacts:
  asha: {name: Asha Mushi, telephone: '+255712345678', email: asha@example.go.tz, language: en, duties: [on-call]}
  juma: {name: Juma Said, telephone: '+255713345678', email: juma@example.go.tz, duties: [supervisor]}
"""
VIEWERS = {
    "asha": Viewer("asha", Who.OPERATOR, RIGHTS[Who.OPERATOR], form_key="k"),
    "juma": Viewer("JUMA", Who.OPERATOR, RIGHTS[Who.OPERATOR], form_key="k"),
    "eyes": Viewer("eyes", Who.VIEWER, RIGHTS[Who.VIEWER], form_key="k"),
    "swahili": Viewer("eyes", Who.VIEWER, RIGHTS[Who.VIEWER], language="sw", form_key="k"),
    "chunya": Viewer("chunya", Who.INSTITUTION, RIGHTS[Who.INSTITUTION], sites=frozenset({"lga-a"}), form_key="k"),
}
EMPTY = "empty.db"
HOSTILE = "<img src=x onerror=alert(1)>"


class Keys:
    def __init__(self, real: Any) -> None:
        self._real = real

    def of_session(self, cookie: str) -> Viewer | None:
        return VIEWERS.get(cookie)

    def of_token(self, token: str) -> Viewer | None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@dataclass
class Desk:
    """`get` and `post` as a browser of that person's does."""

    home: Path
    app: FastAPI
    house: House

    @property
    def ledger(self) -> Path:
        return self.home / "data" / "ledger.db"

    def clear(self) -> None:
        """As a daemon leaves it that has just made its ledger; the web notices by itself that it is another one."""
        for left in [*(self.home / "data").iterdir(), self.home / "oncall.yaml"]:
            if left.name != EMPTY:
                left.unlink(missing_ok=True)
        self.house.cases.close()  # type: ignore[attr-defined]
        self.house.notices.close()  # type: ignore[attr-defined]
        empty = self.home / "data" / EMPTY
        if not empty.exists():
            with open_ledger(f"sqlite:///{empty}", migrate=True, clock=time.time):
                pass
        copyfile(empty, self.ledger)

    def get(self, path: str, who: str = "asha") -> httpx.Response:
        return self._ask("GET", path, who)

    def text(self, path: str, who: str = "asha", status: int = 200) -> str:
        answer = self.get(path, who)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, who: str = "asha", **typed: Any) -> httpx.Response:
        return self._ask("POST", path, who, data={"form_key": "k", **typed})

    def _ask(self, method: str, path: str, who: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            cookies = {"noc_session": who} if who else None
            async with httpx.AsyncClient(transport=transport, base_url="http://noc.test", cookies=cookies) as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def fill(self, *acts: Callable[[SqlBooks], object]) -> None:
        with (
            open_ledger(f"sqlite:///{self.ledger}", clock=time.time) as opened,
            opened.transaction() as books,
        ):
            for act in acts:
                act(books)

    def kept(self, number: int) -> Incident:
        with open_ledger(f"sqlite:///{self.ledger}", clock=time.time) as opened, opened.reading() as books:
            found = books.incident(number)
            assert found is not None
            return found

    def lines(self, number: int) -> Sequence[Entry]:
        with open_ledger(f"sqlite:///{self.ledger}", clock=time.time) as opened, opened.reading() as books:
            return books.entries(number)

    def audit(self) -> list[tuple[str, str]]:
        """(who, act), in order."""
        with sqlite3.connect(self.ledger) as db:
            return db.execute("SELECT who, act FROM audit ORDER BY id").fetchall()


@contextmanager
def opened(home: Path) -> Iterator[Desk]:
    (home / "inventory").mkdir()
    (home / "inventory" / "all.yaml").write_text(INVENTORY)
    (home / "noc.toml").write_text('[poller]\nattached_to = "mby-pe-1"\ngateway = "mby-pe-1"\n')
    (home / "data").mkdir()
    with opened_house(load(home / "noc.toml")) as house:
        yield Desk(home, build(replace(house, keys=Keys(house.keys))), house)


def alarm(subject: Subject = PE, **changed: object) -> Alarm:
    now = time.time()
    made = Alarm(
        "device-down", subject, "reachability", Severity.MAJOR, Phase.FIRING, now - 320, now - 320, now - 300, now,
        evidence=Evidence("device-down"),
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def message(number: int, contact: str = "asha", **changed: object) -> Notification:
    made = Notification(
        f"k{number}{contact}", number, "opened", contact, ("sms",), "s", "s", "b", time.time() - 290, page=True
    )
    return replace(made, **changed)  # type: ignore[arg-type]


GOOD = {"bad": False, "members": {}}
RESOLVED = {**GOOD, "state": IncidentState.RESOLVED, "recovered_at": time.time() - 60, "resolved_at": time.time() - 50}
