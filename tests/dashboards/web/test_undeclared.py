"""A network of one router and nothing else: pages say what is not declared yet, and break nowhere."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.standings import build as standings_of
from dashboards.web.app import TABLES, build
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from inventory.status import DaemonMark
from noc.config import load
from noc.ledger.ledger import open_ledger
from noc.notices.book import Book
from noc.notices.file import NAME
from noc.store.writer import MetricStore
from noc.web.wiring import opened_house
from tests.dashboards.web.api.front import Front
from tests.dashboards.web.test_nothing_there import Whole
from tests.dashboards.web.visits import Visits

ONE = """
regions: {Dodoma: {name: Dodoma}}
sites:
  head-office: {name: Head office, kind: noc, region: Dodoma}
devices:
  dar-core-1:
    {site: head-office, address: 192.0.2.1, role: core, snmp: {version: 2c, credential: lab}, probes: [snmp]}
"""
PATHS = sorted(
    route.path
    for table in TABLES
    for route in table
    if "GET" in route.methods and "{" not in route.path and "live" not in route.path
)


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    home: Path = tmp_path_factory.mktemp("lone")
    write_sample(home, sites=3)
    for file in (home / "inventory").glob("*.yaml"):
        file.unlink()
    (home / "inventory" / "all.yaml").write_text(ONE)
    written = home / "noc.toml"
    written.write_text(re.sub(r'^gateway = "[^"]*"', 'gateway = "dar-core-1"', written.read_text(), flags=re.MULTILINE))
    (home / "oncall.yaml").unlink()
    config, now = load(written), time.time()
    inventory = load_inventory(config.inventory.path)
    config.data.dir.mkdir(exist_ok=True)
    standings = standings_of(inventory)
    with MetricStore(config.metrics_file) as store:
        store.put_status([replace(standings.row(*each), state="up", at=now) for each in standings.each()])
        store.mark(DaemonMark(at=now, started=now - 60, pid=1, version="0.1.0", stale_after_s=86_400.0))
        store.commit()
    with Book(config.data.dir / NAME, 30.0) as book:
        book.commit()
    with open_ledger(config.ledger_url, migrate=True, clock=time.time), opened_house(config) as house:
        house = replace(house, keys=Whole(house.keys))
        yield Visits(Front(build(house), house, home, inventory))


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/api")])
def test_given_one_router_alone_then_every_page_can_be_shown(lone: Visits, path: str) -> None:
    assert lone.get(path, "act").status_code < 500


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/links", "declares no link yet"),
        ("/circuits", "declares no circuit yet"),
        ("/providers", "declares no provider yet"),
        ("/services", "declares no service yet"),
        ("/iru", "declares no contract for capacity yet"),
        ("/iru/requests", "Nothing was asked for yet"),
        ("/iru/requests/new", "declares no contract for capacity yet"),
        ("/notices", "devices send traps and syslog to this machine"),
    ],
)
def test_given_nothing_declared_then_the_page_says_so_and_what_to_do(lone: Visits, path: str, said: str) -> None:
    page = lone.main(path, "act")
    assert said in page
    assert "being computed" not in page


def test_given_no_member_then_the_wall_counts_the_sites_that_there_are(lone: Visits) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", lone.get("/wall", "act").text))
    assert re.search(r"\b1 sites?\b", text)


def test_given_providers_then_their_list_tells_how_their_circuits_stand(visits: Visits) -> None:
    page = visits.main("/providers")
    assert "seacom" in visits.get("/providers").text
    assert "Circuits" in page and "up" in page
    assert "no provider yet" not in page
