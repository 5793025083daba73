"""Pages of links, circuits and providers, as a browser without scripts reads them."""

import csv
import re
from contextlib import contextmanager
from typing import Any

import pytest

from dashboards.places.listing import PAGE_ROWS
from dashboards.web.kept import Kept
from dashboards.web.pages.numbers import body
from dashboards.web.refusal import Away
from tests.dashboards.web.lines.conftest import CIRCUIT, LINK, OWN
from tests.dashboards.web.visits import Visits


def test_given_a_link_then_its_page_says_where_it_is_how_it_is_whom_to_call_and_what_befell_it(watched: Visits) -> None:
    main = watched.main(f"/links/{LINK}")
    for text in (
        "SEACOM cable", "dar-edge-1:xe-0/0/0", "SEACOM/IRU/1", "Up for", "775 Mb/s", "+255", "Both ends",
        "Last incidents", "for 1 h", "Planned work ahead", "in numbers",
    ):  # fmt: skip
        assert text in main, text
    assert "none within a month" in main  # the splice is over


def test_given_no_scripts_then_a_day_is_two_dozen_rows_with_its_percentile(watched: Visits) -> None:
    text = watched.get(f"/links/{LINK}").text
    assert text.count("<tr><td>") >= 24
    assert "in p95" in text
    assert 'href="?range=7d"' in text
    assert "style=" not in text


def test_given_a_range_in_the_address_then_the_page_keeps_it(watched: Visits) -> None:
    text = watched.get(f"/links/{LINK}?from=2026-11-01T00:00&to=2026-11-02T00:00").text
    assert 'value="2026-11-01 00:00"' in text
    assert "from=2026-11-01T00:00&amp;to=2026-11-02T00:00" in text


def test_given_a_page_that_refreshes_its_live_parts_then_no_tables_are_read_for_it(watched: Visits) -> None:
    text = watched.get(f"/links/{LINK}", headers={"sec-fetch-dest": "empty"}).text
    assert 'id="ends"' in text
    assert "in p95" not in text


def test_given_two_languages_then_each_has_its_own_tables_though_they_are_kept(watched: Visits) -> None:
    english, swahili, again = (watched.get(f"/links/{LINK}?lang={key}").text for key in ("en", "sw", "en"))
    heads = [re.findall(r'<th scope="col" class="num">([^<]+)</th>', text)[:2] for text in (english, swahili, again)]
    assert heads[0] == heads[2] == ["in", "out"] != heads[1]


def test_given_rows_then_no_sign_in_them_is_markup() -> None:
    assert body([["<b>", "&"], ["02:14 EAT", "<.01/s"]]) == (
        '<tr><td>&lt;b&gt;</td><td class="num">&amp;</td></tr>\n<tr><td>02:14 EAT</td><td class="num">&lt;.01/s</td></tr>'
    )
    assert body([]) == ""


@pytest.mark.parametrize("query", ["from=nonsense", "range=200y", "from=2026-11-02T00:00&to=2026-11-01T00:00"])
def test_given_a_range_that_means_nothing_then_the_page_says_so(watched: Visits, query: str) -> None:
    for path in (f"/links/{LINK}", f"/circuits/{CIRCUIT}"):
        answer = watched.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert "Traceback" not in answer.text


def test_given_an_unknown_one_then_404_with_the_nearest(watched: Visits) -> None:
    for path, near in (
        ("/links/up-seacom-2", LINK),
        ("/circuits/iru-seacom-2", CIRCUIT),
        ("/providers/seacon", "seacom"),
    ):
        answer = watched.get(path)
        assert answer.status_code == 404
        assert near in answer.text


def test_given_a_circuit_then_its_page_says_what_was_agreed_and_what_stands_in(watched: Visits) -> None:
    main = watched.main(f"/circuits/{CIRCUIT}")
    for text in ("SEACOM/IRU/1", "775 Mb/s", "What stands in for it", "iru-eassy-1", "The month so far", "SEACOM IRU"):
        assert text in main, text


def test_given_a_provider_then_contact_contracts_and_circuits(watched: Visits) -> None:
    main = watched.main("/providers/seacom")
    for text in ("+255", "SEACOM IRU", "SEACOM/IRU/1", "Incidents of the month"):
        assert text in main, text


def test_given_circuits_then_they_are_chosen_by_the_selector_and_mistakes_are_said(watched: Visits) -> None:
    assert "EASSY/IRU/1" not in watched.main("/circuits?q=provider%3Dseacom")
    assert "nothing matches" in watched.main("/circuits?q=provider%3Dseacom&state=down")
    wrong = watched.get("/circuits?q=providr%3Dseacom&state=dwn&sort=size")
    assert wrong.status_code == 422
    assert all(word in wrong.text for word in ("provider", "down", "size"))


def test_given_a_page_of_circuits_then_all_are_on_one_of_them_and_none_twice(watched: Visits) -> None:
    first, beyond = watched.get("/circuits"), watched.get("/circuits?page=9999")
    keys = set(re.findall(r'data-href="/circuits/([^"]+)"', first.text))
    more = set(re.findall(r'data-href="/circuits/([^"]+)"', beyond.text))
    every = set(watched.front.inventory.circuits)
    assert keys <= every
    assert len(keys) == min(len(every), PAGE_ROWS)
    assert (more == keys) if len(every) <= PAGE_ROWS else not (more & keys)


@pytest.mark.parametrize("page", ["0", "-1", "two", "1" * 5000, "\u0663"])
def test_given_a_page_of_circuits_that_is_none_then_422(watched: Visits, page: str) -> None:
    assert watched.get("/circuits", params={"page": page}).status_code == 422


def test_given_circuits_as_a_file_then_a_line_each(watched: Visits) -> None:
    answer = watched.get("/circuits?format=csv")
    lines = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    found = next(line for line in lines if line["circuit"] == CIRCUIT)
    assert (found["provider"], found["in_agreed_bps"], found["links"]) == ("seacom", "775000000", LINK)
    assert watched.get("/circuits?format=xml").status_code == 422


def test_given_an_institution_then_its_links_and_circuits_and_nobody_elses(watched: Visits) -> None:
    main = watched.main(f"/links/{OWN}", "own")
    assert "dod-pe-1" not in main
    assert "+255" not in main
    listed = watched.main("/circuits", "own")
    assert "SEACOM" not in listed
    for path in (f"/links/{LINK}", f"/circuits/{CIRCUIT}", "/providers/seacom"):
        assert watched.get(path, "own").status_code == 404


def test_given_swahili_then_the_pages_speak_it(watched: Visits) -> None:
    for path, text in ((f"/links/{LINK}", "Ncha zote mbili"), (f"/circuits/{CIRCUIT}", "Mwezi hadi sasa")):
        assert text in watched.main(f"{path}?lang=sw")


def test_given_a_ledger_that_is_away_then_the_page_goes_on_and_says_so(watched: Visits) -> None:
    class Locked:
        def version(self) -> int:
            raise Away("the ledger is locked")

        @contextmanager
        def reading(self) -> Any:
            raise Away("the ledger is locked")
            yield

        def standing(self) -> Any:
            raise Away("the ledger is locked")

        unresolved = standing

    answer = watched.otherwise(cases=Locked(), kept=Kept()).get(f"/links/{LINK}")
    assert answer.status_code == 200
    assert "the ledger is locked" in answer.text
    assert "in p95" in answer.text
