"""The start page: what is wrong now, by region, and who goes elsewhere."""

from dashboards.overview import regions
from dashboards.status import age_of
from inventory.model import Inventory, Name, Site
from inventory.status import DaemonMark, StatusRow
from tests.dashboards.web.test_search import Locked
from tests.dashboards.web.visits import Visits


def test_given_a_display_then_its_wall_and_given_nobody_then_the_log_in(visits: Visits) -> None:
    assert visits.get("/", "wall").headers["location"] == "/wall"
    assert visits.get("/", "").headers["location"] == "/login"


def test_given_what_is_wrong_then_incidents_and_sites_with_ways_to_them(visits: Visits) -> None:
    text, said = visits.get("/").text, visits.main("/")
    assert 'href="/incidents/1"' in text
    assert 'href="/incidents/3"' not in text  # resolved
    assert 'href="/sites/lga-chamwino"' in text
    assert "critical" in said
    assert "Chamwino District Council" in said


def test_given_swahili_then_every_word_of_it_is(visits: Visits) -> None:
    said = visits.main("/?lang=sw")
    assert "Matukio yaliyo wazi" in said
    assert "Vituo ambavyo haviko juu" in said
    assert "vituo" in said
    assert "hatari" in said


def test_given_an_institution_then_its_own_site_alone(visits: Visits) -> None:
    text = visits.get("/", "own").text
    assert 'href="/sites/lga-chamwino"' in text
    assert "dod-core-1" not in text
    assert 'href="/incidents/2"' not in text
    assert "0/1" in text


def test_given_a_locked_ledger_then_the_sites_are_shown_none_the_less(visits: Visits) -> None:
    said = visits.otherwise(cases=Locked()).main("/")
    assert "The incidents cannot be read now." in said
    assert "Chamwino District Council" in said


def row(key: str, state: str, at: float) -> StatusRow:
    return StatusRow("site", key, state=state, at=at, since=at)


def test_rule_22_given_regions_then_the_worst_is_first_and_what_is_old_is_said_to_be() -> None:
    sites = {key: Site(key, Name(key), "lga", key[0]) for key in ("a1", "a2", "b1", "c1", "d1")}
    inventory = Inventory(regions={key: Name(key.upper()) for key in "abc"}, sites=sites)
    states = {"a1": "up", "a2": "up", "b1": "down", "c1": "up"}
    rows = {key: row(key, state, 10.0 if key == "c1" else 100.0) for key, state in states.items()}
    lines = regions(inventory, rows, age_of(DaemonMark(at=100.0), 101.0), "en")
    assert [(line.name, line.up, line.total, line.worst, line.stale) for line in lines] == [
        ("B", 0, 1, "down", False),
        ("A", 2, 2, "up", False),
        ("C", 1, 1, "up", True),
    ]


def test_rule_22_given_a_silent_daemon_then_nothing_of_the_start_is_said_as_of_now(visits: Visits) -> None:
    later = visits.later(5 * 86_400).get("/").text
    assert '<p class="lede stale" id="sum"' in later and '<p class="lede" id="sum"' in visits.get("/").text
    assert ">none<" not in later
