"""Before there was a daemon, store and ledger are missing: every page and every list says so, and none breaks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.web.app import TABLES, build
from dashboards.web.refusal import Away
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from noc.config import load
from noc.web.wiring import opened_house
from tests.dashboards.web.api.front import Front, Keys
from tests.dashboards.web.visits import Visits, words

PATHS = sorted(
    {route.path for table in TABLES for route in table if "GET" in route.methods and "live" not in route.path}
)
EXAMPLE = {"key": "lga-chamwino", "number": "1", "name": "ge-0", "kind": "sla", "month": "2026-10", "form": "html"}


class Whole(Keys):
    """And whatever else real keys are asked."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    home: Path = tmp_path_factory.mktemp("bare")
    write_sample(home, sites=3)
    config = load(home / "noc.toml")
    with opened_house(config) as house:
        house = replace(house, keys=Whole(house.keys))
        yield Visits(Front(build(house), house, home, load_inventory(config.inventory.path)))


@pytest.mark.parametrize("path", PATHS)
def test_given_neither_store_nor_ledger_then_it_is_said_and_nothing_breaks(bare: Visits, path: str) -> None:
    for name, value in EXAMPLE.items():
        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
    answer = bare.get(path, "admin")
    assert answer.status_code in (200, 303, 404, 410, 422, 503)
    assert str(bare.front.home) not in answer.text or answer.status_code == 200


def test_given_no_store_then_the_start_says_what_to_do_and_asks_again(bare: Visits) -> None:
    answer = bare.get("/", "admin")
    assert answer.status_code == 503
    assert "no metric store at metrics.db; it is made by the first `noc run`" in words(answer)
    assert answer.headers["retry-after"]
    assert "http-equiv" in answer.text


def test_given_folders_in_a_reason_then_nobody_learns_where_our_files_lie(visits: Visits) -> None:
    class Lost:
        def of_session(self, cookie: str) -> None:
            raise Away("/var/lib/noc/data/ledger.db: locked; see https://noc.test/a/b")

    answer = visits.otherwise(keys=Lost()).get("/sites")
    assert "ledger.db: locked; see https://noc.test/a/b" in words(answer)
    assert "/var/lib" not in answer.text
