"""Pages of places before a small store as a daemon left it; see tests/dashboards/web/api/front.py for what is in it."""

import csv
import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from alerts.board import STATE_CODES
from inventory.batch import Batch, Facts
from inventory.states import State
from noc.config import load
from noc.store.writer import MetricStore
from noc.watching import QUANTITIES
from tests.dashboards.web.api.front import MINE, opened
from tests.dashboards.web.test_search import Locked
from tests.dashboards.web.visits import Visits

EVIL = "<script>alert('x')</script>\n=cmd() \u202e Nätet 中文"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """The same with a router that tells much: hostile texts, many ports, peers, polls, a day of states."""
    with opened(tmp_path_factory.mktemp("places")) as front:
        _tell(load(front.home / "noc.toml").metrics_file)
        yield Visits(front)


def _tell(path) -> None:  # type: ignore[no-untyped-def]
    now = int(time.time())
    device, names = f"{MINE}-r1", [f"ge-0/0/{number}" for number in range(48)]
    ports = [
        {"key": name, "ifName": name, "ifIndex": place, "ifAlias": EVIL, "admin": 1, "oper": 1, "speed_bps": 1e9}
        for place, name in enumerate(names)
    ]
    rates = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")
    facts = {
        "system": {"sysName": EVIL, "sysDescr": EVIL, "vendor": "Juniper", "serial": "S1"},
        "interfaces": {"interfaces": ports},
        "neighbours": {"neighbours": [{"interface": "ge-0/0/0", "system": EVIL, "port": "x", "protocol": "lldp"}]},
        "bgp": {"peers": {"10.0.0.1": {"peer": "10.0.0.1", "remote_as": 65000, "description": EVIL}}},
        "polls": {"failing": {"health": {"reason": "no answer", "text": EVIL, "since": now - 60}}},
    }
    states = ("site_state", "", now - 7200, (MINE,), QUANTITIES, np.array([[STATE_CODES[State.DOWN]], [3600.0], [0.0]]))
    with MetricStore(path) as store:
        for part, content in facts.items():
            store.put_facts(Facts(device, part, now, content))
        store.append(
            [
                Batch("interface", device, now - 10, tuple(names), rates, np.full((6, 48), 4e6)),
                Batch("poll", device, now - 20, ("health",), ("answered", "duration_ms", "late_ms", "reason"),
                      np.array([[0.0], [2000.0], [3.0], [2.0]])),
                Batch("cpu", device, now - 20, ("RE 0",), ("cpu_ratio",), np.array([[0.41]])),
                Batch("ping", device, now - 20, ("ping",), ("loss_ratio", "rtt_ms"), np.array([[0.5], [12.3]])),
                Batch("ping", device, now - 4000, ("ping",), ("loss_ratio", "rtt_ms"), np.array([[1.0], [np.nan]])),
                Batch("poll", device, now - 4000, ("ping",), ("answered", "duration_ms", "late_ms", "reason"),
                      np.array([[1.0], [1900.0], [1.0], [0.0]])),
                Batch(*states),
                Batch("watch_state", "", now - 7200, ("poller",), QUANTITIES,
                      np.array([[STATE_CODES[State.UP]], [86400.0], [0.0]])),
            ]
        )  # fmt: skip
        store.commit()


PAGES = [
    "/regions",
    "/regions/Dodoma",
    "/sites",
    "/devices",
    "/links",
    f"/sites/{MINE}",
    f"/sites/{MINE}?range=30d",
    "/sites/core-dod",
    f"/devices/{MINE}-r1",
    f"/devices/{MINE}-r1/interfaces/ge-0/0/7",
    "/services",
    "/services/gepg",
    "/inventory",
]


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("path", PAGES)
def test_given_a_page_of_places_then_it_is_there_in_both_languages(places: Visits, path: str, language: str) -> None:
    said = places.main(path, cookies={"noc_language": language})
    assert len(said) > 40 and "None" not in said and "Undefined" not in said


def test_given_hostile_texts_then_they_are_text_on_every_page_that_shows_them(places: Visits) -> None:
    for path in (f"/devices/{MINE}-r1", f"/devices/{MINE}-r1/interfaces/ge-0/0/7", "/inventory"):
        page = places.get(path).text
        assert "<script>alert" not in page and "\u202e" not in page
    assert "&lt;script&gt;alert(" in places.get(f"/devices/{MINE}-r1").text


def test_given_a_device_page_then_it_says_all_that_it_told_with_ages_and_units(places: Visits) -> None:
    said = places.main(f"/devices/{MINE}-r1")
    for wanted in ("4 Mb/s", "1 Gb/s", "41 %", "12.3 ms", "Juniper", "10.0.0.1", "no answer", "2000 ms", "ge-0/0/47"):
        assert wanted in said, wanted


def test_given_a_time_then_the_polls_of_that_time_stand_on_a_devices_page(places: Visits) -> None:
    def of(past_s: int) -> str:
        start, end = (int(time.time()) - past_s + by for by in (0, 120))
        return places.main(f"/devices/{MINE}-r1?from={start}&to={end}")

    assert "2000 ms" in of(60) and "those of now" in of(60)
    assert "no answer" in of(4060) and "1900 ms" in of(4060), "that probes were sent is no answer"
    assert "not asked then" in of(7200) and "2000 ms" not in of(7200)
    assert "those of now" not in places.main(f"/devices/{MINE}-r1?range=6h")


def test_given_a_device_that_never_told_anything_then_it_is_said_what_to_do(places: Visits) -> None:
    said = places.main("/devices/dod-core-1")
    assert "noc poll dod-core-1 --why" in said and "it has told of no interface yet" in said


def test_given_a_site_then_state_history_and_availability_stand_on_its_page(places: Visits) -> None:
    page = places.get(f"/sites/{MINE}").text
    assert 'class="strip"' in page and "span-down" in page and "unknown" in page
    said = places.main(f"/sites/{MINE}")
    assert "Down since" in said and "Availability" in said and f"{MINE}-r1" in said


def test_given_a_site_that_others_hang_on_then_they_are_named(places: Visits) -> None:
    said = places.main("/sites/core-dod")
    assert "lose" in said and "last way" in said


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/sites/lga-chamwin", "lga-chamwino"),
        (f"/devices/{MINE}-r9", f"{MINE}-r1"),
        ("/regions/Dodomma", "Dodoma"),
        ("/services/gepgg", "gepg"),
        (f"/devices/{MINE}-r1/interfaces/ge-0/0/99", "ge-0/0/9"),
        ("/sites/" + "x" * 300, ""),
        ("/devices/%E4%B8%AD%E6%96%87", ""),
        ("/sites/%00", ""),
    ],
)
def test_given_an_unknown_key_then_it_is_not_there_and_the_nearest_is_named(
    places: Visits, path: str, hint: str
) -> None:
    answer = places.get(path)
    assert answer.status_code == 404 and hint in answer.text


def test_given_a_selector_with_a_mistake_then_the_page_says_it_beside_the_field(places: Visits) -> None:
    answer = places.get("/sites?q=regoin%3DDodoma&state=dwn")
    assert answer.status_code == 422
    assert "did you mean &#39;region&#39;?" in answer.text and "did you mean &#39;down&#39;?" in answer.text
    assert 'value="regoin=Dodoma"' in answer.text and "<tbody" not in answer.text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=1e9", "format=xls", "sort=no", "q=" + "x" * 600])
def test_given_a_part_that_means_nothing_then_it_is_refused(places: Visits, query: str) -> None:
    assert places.get(f"/devices?{query}").status_code == 422


def test_given_a_range_that_there_is_not_then_it_is_refused(places: Visits) -> None:
    assert places.get(f"/sites/{MINE}?range=200y").status_code == 422


@pytest.mark.parametrize("path", ["/sites.csv?q=kind%3Dlga", "/sites?q=kind%3Dlga&format=csv"])
def test_given_a_list_then_its_sheet_holds_the_same_rows(places: Visits, path: str) -> None:
    answer = places.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    shown = re.findall(r'<tr data-href="/sites/([^"]+)"', places.get("/sites?q=kind%3Dlga").text)
    assert [row["key"] for row in rows] == shown and rows[0]["key"] == MINE and rows[0]["state"] == "down"


@pytest.mark.parametrize("kind", ["sites", "links", "devices"])
def test_given_a_list_then_the_sheet_that_it_offers_is_there(places: Visits, kind: str) -> None:
    offered = re.search(r'<a href="([^"]+)" download>CSV', places.get(f"/{kind}?sort=name").text)
    assert offered and places.get(offered[1]).text.startswith("\ufeffkey,state")


def test_given_an_institution_viewer_then_only_its_own_places_are_there(places: Visits) -> None:
    rows = list(csv.DictReader(io.StringIO(places.get("/sites.csv", "own").text.removeprefix("\ufeff"))))
    assert [row["key"] for row in rows] == [MINE]
    for path in ("/sites/core-dod", "/devices/dod-core-1", "/regions/Mbeya"):
        assert places.get(path, "own").status_code == 404
    assert places.get("/inventory", "own").status_code == 403
    assert "dod-core-1" not in places.get(f"/devices/{MINE}-r1", "own").text


def test_rule_22_given_data_that_is_old_then_no_page_says_that_all_is_well(places: Visits) -> None:
    later = places.later(3 * 86400)
    for path in ("/sites", f"/devices/{MINE}-r1", "/sites/core-dod", "/regions"):
        page = later.get(path).text
        assert "stale" in page and 'class="badge state-up"' not in page, path


def test_given_services_then_it_is_said_declared_and_never_that_one_is_down(places: Visits) -> None:
    for path in ("/services", "/services/gepg"):
        said = places.main(path)
        assert "declared to depend on" in said and "GePG down" not in said and "not asked here" in said


def test_given_a_mistake_in_the_files_then_the_check_says_it_and_the_pages_stay(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with opened(tmp_path) as front:
        visits = Visits(front)
        assert "The files are sound" in visits.main("/inventory")
        (tmp_path / "inventory" / "zz.yaml").write_text("sites:\n  bad:\n    name: Bad\n    kind: lgaa\n")
        said = ""
        for _ in range(100):
            said = visits.main("/inventory")
            if "zz.yaml" in said:
                break
            time.sleep(0.1)
        assert "zz.yaml:4" in said and "stays in use" in said
        assert visits.get(f"/sites/{MINE}").status_code == 200


def test_given_no_store_yet_then_the_page_says_what_to_do(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with opened(tmp_path) as front:
        path = load(tmp_path / "noc.toml").metrics_file
        for each in path.parent.glob(path.name + "*"):
            each.unlink()
        answer = Visits(front).get("/sites")
        assert answer.status_code == 503 and "noc run" in answer.text and "Traceback" not in answer.text


def test_given_no_daemon_ever_then_rows_are_unknown_and_the_page_says_what_to_do(places: Visits) -> None:
    status = places.front.house.status
    empty = replace(status.picture(), mark=None, rows={"site": {}, "link": {}, "device": {}})

    class Never:
        def picture(self):  # type: ignore[no-untyped-def]
            return empty

        def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
            return getattr(status, name)

    never = places.otherwise(status=Never())
    assert "noc run" in never.get("/sites").text
    assert "nothing has been heard of it yet" in never.main(f"/sites/{MINE}")


@pytest.mark.parametrize("path", [f"/sites/{MINE}", f"/devices/{MINE}-r1", "/regions/Dodoma"])
def test_given_a_locked_ledger_then_how_a_place_stands_is_shown_none_the_less(places: Visits, path: str) -> None:
    said = places.otherwise(cases=Locked()).main(path)
    assert "The incidents cannot be read now." in said and "none open here" not in said


@pytest.mark.parametrize(
    "path", ["/", "/sites", "/sites.csv", "/regions", "/services", "/wall", "/incidents", "/api/v1/sites"]
)
def test_given_a_site_that_left_the_inventory_while_the_daemon_watches_it_then_no_page_breaks(
    places: Visits, path: str
) -> None:
    status = places.front.house.status
    whole = status.inventory()
    rest = {key: site for key, site in whole.sites.items() if key != MINE}
    left = replace(
        whole,
        sites=rest,
        devices={key: one for key, one in whole.devices.items() if one.site in rest},
        institutions={key: one for key, one in whole.institutions.items() if one.site in rest},
        services={},
        links={},
    )
    row = replace(status.picture().rows["site"][MINE], state="down")
    picture = status.picture()
    down = replace(picture, rows={**picture.rows, "site": {**picture.rows["site"], MINE: row}})

    class Left:
        def inventory(self):  # type: ignore[no-untyped-def]
            return left

        def picture(self):  # type: ignore[no-untyped-def]
            return down

        def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
            return getattr(status, name)

    assert places.otherwise(status=Left()).get(path).status_code == 200
