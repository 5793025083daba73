"""Somebody of every role before the real gate: real accounts, tokens, sessions and displays in a real ledger."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import FastAPI

from alerts.alarm import Evidence, Severity
from alerts.cause import Impact
from alerts.cause import Role as Part
from alerts.desk import planned
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Notification
from alerts.subject import Subject
from alerts.window import Window
from dashboards.web.app import build
from dashboards.web.house import House
from inventory.accounts.acts import Ask
from inventory.accounts.request import Term
from inventory.batch import Batch, Facts
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from noc.accounts import acts
from noc.accounts.secret import digest
from noc.config import Config, load
from noc.ledger import access
from noc.ledger.capacity import begin_acts, keep
from noc.ledger.ledger import open_ledger
from noc.store.status import read_status
from noc.store.writer import MetricStore
from noc.web.accounts import LedgerAccounts
from noc.web.cases import LedgerCases
from noc.web.keys import LedgerKeys
from noc.web.passwords import Passwords
from noc.web.wiring import opened_house
from tests.dashboards.web.api.front import MINE, opened
from tests.patience import HANGS_S

PASSWORD = "grey walls hum softly"
ROLES = ("nobody", "display", "institution", "viewer", "operator", "admin")
NEIGHBOUR = "dod-pe-1"
SECRET_WORDS = ("Njombe exchange flooded", "pager of the night shift")


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Doors:
    """`now` moves only by hand. `cards`: role -> headers that show it."""

    app: FastAPI
    house: House
    keys: LedgerKeys
    accounts: LedgerAccounts
    config: Config
    inventory: Inventory
    clock: "Clock"
    loop: asyncio.Runner
    cards: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        role: str = "nobody",
        method: str = "GET",
        *,
        form: Any = None,
        whole: bool = True,
        client: str = "192.0.2.7",
        **headers: str,
    ) -> Answer:
        """`whole` False: the answer's beginning, for streams that do not end."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = b""
        if form is not None:
            body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        return self.loop.run(asked(self.app, method, path, {**self.cards.get(role, {}), **sent}, body, whole, client))

    def with_cookie(self, name: str = "admin") -> tuple[str, str]:
        """(cookie header, form key) of a new session."""
        cookie = self.keys.log_in(name, PASSWORD, acts_caller())
        viewer = self.keys.of_session(cookie)
        assert viewer is not None
        return f"noc_session={cookie}", viewer.form_key


def acts_caller() -> Any:
    from dashboards.web.sources.accounts import Caller

    return Caller("192.0.2.7", "a test")


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


async def asked(  # noqa: PLR0917
    app: Callable[..., Any], method: str, path: str, headers: Mapping[str, str], body: bytes, whole: bool, client: str
) -> Answer:
    """One request over ASGI; a stream is left when it has begun."""
    route, _, query = path.partition("?")
    begun, ended = asyncio.Event(), asyncio.Event()
    start: dict[str, Any] = {}
    parts: list[bytes] = []
    sent = False

    async def receive() -> Mapping[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.sleep(3600)
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            begun.set()
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                ended.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": route,
        "raw_path": route.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (b"host", b"noc.test"),
            (b"content-length", str(len(body)).encode()),
            *((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()),
        ],
        "client": (client, 4711),
        "server": ("noc.test", 80),
    }
    task = asyncio.create_task(app(scope, receive, send))
    waited = asyncio.create_task((ended if whole else begun).wait())
    await asyncio.wait({task, waited}, return_when=asyncio.FIRST_COMPLETED, timeout=HANGS_S)
    for each in (task, waited):
        if each.done():
            each.result()
        else:
            each.cancel()
    await asyncio.gather(task, waited, return_exceptions=True)
    lines = [(name.decode(), value.decode("latin-1")) for name, value in start.get("headers", [])]
    cookies = dict(value.partition(";")[0].partition("=")[::2] for name, value in lines if name == "set-cookie")
    return Answer(start.get("status", 0), dict(lines), b"".join(parts), cookies)


@contextmanager
def doors(home: Path) -> Iterator[Doors]:
    """Before it somebody of every role, and in it what an institution's viewer must not read."""
    with opened(home) as front:
        config = load(home / "noc.toml")
        inventory = load_inventory(config.inventory.path)
        _tell_more(config, inventory)
        clock = Clock()
        cases = LedgerCases(config.ledger_url, time.time)
        with opened_house(config) as house:
            keys = LedgerKeys(cases, house.status.inventory, clock, Passwords(1, 8))
            accounts = LedgerAccounts(keys, house.status.inventory, clock)
            house = replace(house, keys=keys, accounts=accounts)
            with asyncio.Runner() as loop:
                found = Doors(build(house), house, keys, accounts, config, front.inventory, clock, loop)
                yield replace(found, cards=_let_in(found))
        cases.close()


def _let_in(found: Doors) -> Mapping[str, Mapping[str, str]]:
    cards: dict[str, Mapping[str, str]] = {}
    hashed = found.keys.passwords.hashed(PASSWORD)
    with found.keys.held.acting() as books:
        hand = acts.Hand(books, "test", found.clock())
        for role in ROLES[2:]:
            acts.add_account(hand, role, role, [MINE], password=hashed)
            scopes = ("read", "act", "admin")
            cards[role] = {"authorization": f"Bearer {acts.add_token(hand, role, 'test', scopes)}"}
        screen = acts.add_display(hand, "wall")
    cookie = found.keys.exchange(screen, acts_caller())
    return {**cards, "nobody": {}, "display": {"cookie": f"noc_display={cookie}"}}


def _tell_more(config: Config, inventory: Inventory) -> None:
    """One incident that hurts a site of the institution's and another's; a device that names its neighbour."""
    now, mine = time.time(), inventory.devices_at[MINE][0].key
    others = tuple(key for key, site in inventory.sites.items() if site.member and key != MINE)
    root = Subject("device", NEIGHBOUR, NEIGHBOUR)
    impact = Impact(
        sites=tuple(sorted((MINE, *others))), institutions=tuple(sorted((MINE, *others))), devices=(mine, NEIGHBOUR)
    )
    with open_ledger(config.ledger_url, clock=time.time) as ledger, ledger.transaction() as books:
        one = books.add(
            Incident(
                0, IncidentState.OPEN, Severity.CRITICAL, Severity.CRITICAL, "reachability", (root,),
                now - 900, now - 800, now - 800,
                members={f"unreachable device {NEIGHBOUR}": Part.ROOT, f"unreachable device {mine}": Part.BEHIND},
                impact=impact, evidence=(Evidence("silent", {"probes": 5, "where": NEIGHBOUR}),), told_at=now - 700,
                owner="a-mushi", ticket="TT-1", closing=SECRET_WORDS[0],
            )
        )  # fmt: skip
        books.tell(Entry(one.number, now - 600, "note", "a-mushi", "noted", {}, SECRET_WORDS[0]))
        planned.keep(
            books,
            Window(0, "maintenance", f"key={MINE}", "a-mushi", SECRET_WORDS[0], now + 600, now + 4200, "site"),
            now,
        )
        asking = begin_acts(books, inventory, "juma", now)
        for place, institution in enumerate((MINE, *others)):
            term = Term(date(2026, 7, 1), None, (place + 1) * 1_000_000, 1_000_000)
            asking.add(Ask(f"REF-{institution}", institution, {"seacom-iru": 1}, term))
        keep(books, asking)
        books.queue(
            Notification("k9", one.number, "opened", "a-mushi", ("sms",), SECRET_WORDS[1], SECRET_WORDS[1], "b", now)
        )
    rows = {one.key: one for one in read_status(config.metrics_file, "device")}
    cut = replace(rows[mine], state="unreachable", figures={"cause": NEIGHBOUR})
    with MetricStore(config.metrics_file) as store:
        store.put_status([cut])
        name = inventory.link_interfaces[mine][0]
        port = {"key": name, "ifIndex": 1, "ifName": name, "ifAlias": f"to {NEIGHBOUR} ge-0/0/1", "admin": 1, "oper": 1}
        heard = {"interface": name, "system": NEIGHBOUR, "port": "ge-0/0/1", "protocol": "lldp", "chassis": "02:00"}
        peer = {"state": "established", "remote_as": 65001, "description": f"to {NEIGHBOUR}"}
        store.put_facts(Facts(mine, "system", int(now), {"sysName": mine, "sysDescr": "a router"}))
        store.put_facts(Facts(mine, "interfaces", int(now), {"interfaces": [port]}))
        store.put_facts(
            Facts(mine, "neighbours", int(now), {"chassis": "02:01", "neighbours": [heard], "protocols": ["lldp"]})
        )
        store.put_facts(
            Facts(mine, "bgp", int(now), {"local_as": 65000, "peers": {"10.0.0.1": peer}, "router_id": None})
        )
        store.put_facts(Facts(NEIGHBOUR, "interfaces", int(now), {"interfaces": [{**port, "key": "ge-0"}]}))
        at = int(now) - 30
        store.append([Batch("interface", NEIGHBOUR, at, ("ge-0",), ("in_bps", "out_bps"), np.array([[1e6], [2e6]]))])
        store.commit()


def hashed_in_ledger(found: Doors, secret: str) -> bool:
    """Whether the ledger knows it by its hash."""
    with found.keys.held.reading() as books:
        held = access.read_held(books)
    return digest(secret) in {**held.sessions, **held.tokens, **held.displays}
