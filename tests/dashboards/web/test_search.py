"""Search: whatever somebody has at hand leads to the thing, and nobody finds what they may not see."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.search import LONGEST, MANY, MOST, PAGES, Thing, folded, found, known_by, things
from dashboards.web.app import TABLES
from dashboards.web.refusal import Away
from inventory.model import Inventory
from tests.dashboards.web.api.front import MINE
from tests.dashboards.web.visits import Visits

PATHS = {route.path for table in TABLES for route in table}


def thing(key: str, *more: str) -> Thing:
    return Thing("site", key, key, "", f"/sites/{key}", known_by(key, *more))


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        (MINE, f"/sites/{MINE}"),
        ("  LGA-Chamwino ", f"/sites/{MINE}"),
        ("lga-chamwino-r1", "/devices/lga-chamwino-r1"),
        ("lga-chamwino-a", "/links/lga-chamwino-a"),
        ("iru-seacom-1", "/circuits/iru-seacom-1"),
        ("SEACOM/IRU/1", "/circuits/iru-seacom-1"),
        ("1", "/incidents/1"),
        ("#1", "/incidents/1"),
        ("NOC 1", "/incidents/1"),
    ],
)
def test_given_one_exact_hit_then_its_page(visits: Visits, asked: str, way: str) -> None:
    answer = visits.get("/search", params={"q": asked})
    assert (answer.status_code, answer.headers["location"]) == (303, way)


def test_given_the_address_of_a_device_then_its_page(visits: Visits) -> None:
    device = visits.front.inventory.devices["lga-chamwino-r1"]
    assert visits.get(f"/search?q={device.address}").headers["location"] == f"/devices/{device.key}"


@pytest.mark.parametrize("asked", ["Chamwino District Council", "halmashauri chamwino"])
def test_given_a_name_in_either_language_then_the_site_is_found(visits: Visits, asked: str) -> None:
    hits = visits.get("/search/suggestions", params={"q": asked}).json()
    assert f"/sites/{MINE}" in [hit["address"] for hit in hits]


def test_given_several_hits_then_a_page_with_how_each_stands(visits: Visits) -> None:
    said = visits.main("/search?q=chamwino")
    assert "site Chamwino District Council Dodoma down" in said
    assert "device lga-chamwino-r1" in said


def test_given_an_incident_that_stands_then_its_words_find_it(visits: Visits) -> None:
    hits = visits.get("/search/suggestions?q=chamwino").json()
    assert "/incidents/1" in [hit["address"] for hit in hits]


def test_given_a_number_that_is_no_incident_then_it_is_looked_for_otherwise(visits: Visits) -> None:
    assert "Nothing has that name or number." in visits.main("/search?q=987654321")


def test_given_a_mistyped_name_then_what_may_be_meant(visits: Visits) -> None:
    assert "Did you mean lga-chamwino?" in visits.main("/search?q=lga-chamwinx").replace(" ?", "?")


def test_given_no_question_then_the_form_alone(visits: Visits) -> None:
    assert "Nothing has" not in visits.main("/search")
    assert visits.get("/search/suggestions?q=%20").json() == []


def test_given_too_long_a_question_then_422(visits: Visits) -> None:
    assert visits.get("/search?q=" + "x" * (LONGEST + 1)).status_code == 422
    assert visits.get("/search/suggestions?q=" + "x" * (LONGEST + 1)).status_code == 422


def test_given_an_institution_then_nothing_of_others_is_ever_found(visits: Visits) -> None:
    inventory = visits.front.inventory
    foreign = [key for key in inventory.sites if key != MINE][:5]
    foreign += [key for key, one in inventory.devices.items() if one.site != MINE][:5]
    foreign += ["2", *[one.reference for one in inventory.circuits.values() if MINE not in one.key][:3]]
    for asked in foreign:
        answer = visits.get("/search", "own", params={"q": asked})
        assert MINE in answer.headers.get("location", MINE)
        hits = visits.get("/search/suggestions", "own", params={"q": asked}).json()
        assert not [hit for hit in hits if asked in hit["text"] and MINE not in hit["address"]]
    assert visits.get(f"/search?q={MINE}", "own").status_code == 303
    near = visits.main("/search?q=dod-cor-1", "own")
    assert "dod-core-1" not in near


@pytest.mark.parametrize("path", ["/search?q=chamwino", "/search/suggestions?q=chamwino"])
def test_given_a_display_or_nobody_then_there_is_no_search(visits: Visits, path: str) -> None:
    assert visits.get(path, "wall").status_code == 403
    assert visits.get(path, "").status_code in (303, 401)


class Locked:
    """Cases in a ledger that cannot be read."""

    def __getattr__(self, name: str) -> Any:
        raise Away("ledger.db is locked")


def test_given_a_locked_ledger_then_sites_are_found_none_the_less(visits: Visits) -> None:
    assert visits.otherwise(cases=Locked()).get(f"/search?q={MINE}").status_code == 303


@given(st.text(max_size=LONGEST))
@settings(deadline=None, max_examples=40)
def test_given_any_question_then_there_is_an_answer(visits: Visits, asked: str) -> None:
    assert visits.get("/search", params={"q": asked}).status_code in (200, 303)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=10), max_size=20))
@settings(deadline=None, max_examples=100)
def test_given_any_things_then_each_hit_holds_every_word_and_a_whole_name_comes_first(
    asked: str, keys: list[str]
) -> None:
    known = [thing(key) for key in dict.fromkeys(keys)]
    hits = found(known, asked)
    assert hits.total >= len(hits.things)
    for one in hits.things:
        assert all(word in one.sought for word in folded(asked).split())
    words = " ".join(folded(asked).split())
    whole = [one for one in known if one.sought.startswith(f"\n{words}\n")]
    if whole and words:
        assert hits.things[0] in whole


def test_given_thousands_of_hits_then_some_are_named_and_all_counted() -> None:
    hits = found([thing(f"lga-{number}") for number in range(5 * MOST)], "lga")
    assert (len(hits.things), hits.total, hits.exact) == (MOST, 5 * MOST, "")


def test_given_thousands_of_things_and_a_slip_then_one_that_begins_alike_may_be_meant() -> None:
    known = [thing(f"lga-{number}") for number in range(MANY + 1)]
    assert found([*known, thing("core-dodoma")], "core-dodona").near == "core-dodoma"


class Renewed:
    """The same status, after somebody wrote in the inventory."""

    def __init__(self, status: Any, inventory: Inventory) -> None:
        self._status, self._inventory = status, inventory

    def inventory(self) -> Inventory:
        return self._inventory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._status, name)


def test_given_another_inventory_then_what_is_new_is_found(visits: Visits) -> None:
    assert visits.get("/search/suggestions?q=zebra").json() == []
    before = visits.front.inventory
    site = replace(before.sites[MINE], key="zebra-lga")
    status = Renewed(visits.front.house.status, replace(before, sites={**before.sites, site.key: site}))
    after = visits.otherwise(status=status)
    assert [hit["address"] for hit in after.get("/search/suggestions?q=zebra").json()] == ["/sites/zebra-lga"]
    assert visits.get("/search/suggestions?q=zebra").json() == []


def test_given_accents_and_capitals_then_they_do_not_matter() -> None:
    assert found([thing("a", "Éçole DODOMA"), thing("b")], "ecole dodoma").exact == "/sites/a"


def test_given_everything_that_is_found_then_it_has_a_page(visits: Visits) -> None:
    for kind, start in PAGES.items():
        assert any(path.startswith(start + "{") for path in PATHS), kind
    for language in ("en", "sw"):
        for one in things(visits.front.inventory, language):
            assert one.text
            assert one.sought
