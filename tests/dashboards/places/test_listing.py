from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards.places.listing import PAGE_ROWS, Asked, listing, problems
from dashboards.places.sheet import sheet
from inventory.status import DaemonMark, Kind, StatusRow

NOW = 1_784_581_200.0
MARK = DaemonMark(at=NOW - 1, started=NOW - 3600)


def site(key: str, state: str = "up", region: str = "Dodoma", kind: str = "lga") -> StatusRow:
    labels = {"name": key.title(), "region": region, "kind": kind, "institutions": [key], "devices": [f"{key}-r1"]}
    return StatusRow("site", key, labels, state, since=NOW - 60, at=NOW - 2, figures={"devices": 1})


SITES = [
    site("bahi"),
    site("chamwino", "down"),
    site("temeke", "degraded", "Dar es Salaam"),
    site("ilala", region="Dar es Salaam", kind="mda"),
]


def keys(asked: Asked, kind: Kind = "site") -> list[str]:
    return [row.key for row in listing(kind, SITES, MARK, NOW, asked=asked).rows]


def test_given_nothing_asked_then_all_come_worst_first_with_counts_by_state() -> None:
    found = listing("site", SITES, MARK, NOW, asked=Asked())
    assert [row.key for row in found.rows][:2] == ["chamwino", "temeke"]
    assert {one.value: one.count for one in found.states} == {"down": 1, "degraded": 1, "up": 2}
    assert found.seen.heading[0].startswith("4 sites")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Asked(q="region=Dodoma"), ["chamwino", "bahi"]),
        (Asked(q='region="Dar es Salaam" kind=mda'), ["ilala"]),
        (Asked(q="CHAM"), ["chamwino"]),
        (Asked(q="state!=up"), ["chamwino", "temeke"]),
        (Asked(state="up", sort="name"), ["bahi", "ilala"]),
        (Asked(q="region=Nowhere"), []),
    ],
)
def test_given_a_question_then_the_rows_meant_are_listed(asked: Asked, wanted: list[str]) -> None:
    assert not problems("site", asked)
    assert keys(asked) == wanted


def test_given_a_state_filter_then_the_other_states_still_say_how_many() -> None:
    found = listing("site", SITES, MARK, NOW, asked=Asked(state="up"))
    assert {one.value: one.count for one in found.states} == {"down": 1, "degraded": 1, "up": 2}
    assert [one.value for one in found.states if one.chosen] == ["up"]


def test_given_a_facet_then_its_address_narrows_and_the_chosen_one_widens_again() -> None:
    found = listing("site", SITES, MARK, NOW, asked=Asked(sort="name"))
    choice = next(one for one in found.facets["region"] if one.value == "Dar es Salaam")
    address = choice.asked.address("/sites")
    asked = parse_qs(urlsplit(address).query)
    assert asked == {"q": ['region="Dar es Salaam"'], "sort": ["name"]}
    narrowed = listing("site", SITES, MARK, NOW, asked=choice.asked)
    assert [row.key for row in narrowed.rows] == ["ilala", "temeke"] and choice.count == 2
    (chosen,) = narrowed.facets["region"]
    assert chosen.chosen and chosen.asked == Asked(sort="name")


def test_given_a_value_with_quotes_then_its_facet_finds_it_again() -> None:
    rows = [site("a", region='N"goro'), site("b", region="Ng'ambo ya pili"), site("c")]
    found = listing("site", rows, MARK, NOW, asked=Asked())
    for one in found.facets["region"]:
        again = listing("site", rows, MARK, NOW, asked=one.asked)
        assert {row.labels["region"] for row in again.rows} == {one.value}


def test_given_more_rows_than_a_page_then_pages_hold_each_row_once() -> None:
    rows = [site(f"s-{number:05}") for number in range(PAGE_ROWS * 2 + 3)]
    seen = [
        row.key
        for page in (1, 2, 3)
        for row in listing("site", rows, MARK, NOW, asked=Asked(sort="name", page=page)).rows
    ]
    assert seen == [row.key for row in rows]
    last = listing("site", rows, MARK, NOW, asked=Asked(page=99))
    assert last.asked.page == last.pages == 3 and last.first == 401


@pytest.mark.parametrize(
    ("asked", "part", "said"),
    [
        (Asked(q="regoin=x"), "q", "did you mean 'region'"),
        (Asked(q='region="Dodoma'), "q", "quotation mark"),
        (Asked(q="x" * 501), "q", "at most 500"),
        (Asked(state="dwn"), "state", "did you mean 'down'"),
        (Asked(sort="fastest"), "sort", "worst, name, use, since"),
    ],
)
def test_given_a_mistake_then_it_is_said_with_a_hint(asked: Asked, part: str, said: str) -> None:
    assert said in problems("site", asked)[part]


def test_given_several_mistakes_then_all_are_said_at_once() -> None:
    assert set(problems("device", Asked(q="no=x", state="no", sort="no"))) == {"q", "state", "sort"}


def test_given_rows_then_their_sheet_has_units_in_heads_and_no_cell_that_is_a_formula() -> None:
    hostile = StatusRow(
        "device", "d-1", {"name": "=HYPERLINK(1)", "site": "@x", "address": "-1"}, figures={"rtt_ms": 2.5}
    )
    head, line = sheet("device", [hostile]).splitlines()
    assert head.startswith("key,state,reason,flags,since,at,name,site") and "rtt_ms" in head
    assert line == "d-1,unknown,,,,,'=HYPERLINK(1),'@x,,,,'-1,2.5,,,"
