"""What a look leaves for the next changes what it costs, never what is seen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Severity
from dashboards.status import age_of
from dashboards.wall.memory import Memory
from dashboards.wall.view import wall_of
from inventory.status import StatusRow
from tests.dashboards.wall.scenery import MARK, NOW, carrying, incident, network, rows, scene

INVENTORY = network(6)
INCIDENTS = [incident(1, "dod-pe-1"), incident(2, "dod-pe-1", Severity.CRITICAL)]
SITES, LINKS = list(INVENTORY.sites), list(INVENTORY.links)
SITE_ROW = st.builds(
    StatusRow,
    kind=st.just("site"),
    key=st.sampled_from(SITES),
    state=st.sampled_from(["up", "down", "unreachable"]),
    at=st.sampled_from([None, NOW - 2, NOW + 8]),
    flags=st.sampled_from([(), ("maintenance",)]),
)
LINK_ROW = st.builds(
    carrying,
    st.sampled_from(LINKS),
    st.sampled_from([0.0, 0.4, 0.6, 0.99]),
    st.sampled_from([NOW - 400, NOW - 2, NOW + 8]),
    st.sampled_from(["up", "down", "unreachable"]),
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "sites": st.lists(SITE_ROW, max_size=4),
        "links": st.lists(LINK_ROW, max_size=4),
        "gone": st.lists(st.sampled_from(LINKS), max_size=3),
        "away": st.just(True),
        "incidents": st.sampled_from([(), INCIDENTS, None]),
        "now": st.sampled_from([NOW, NOW + 10, NOW + 100]),
    },
)


def changed(found: Mapping[str, StatusRow], some: list[StatusRow], gone: list[str]) -> dict[str, StatusRow]:
    return {key: row for key, row in {**found, **{one.key: one for one in some}}.items() if key not in gone}


@settings(max_examples=25, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=8))
def test_given_any_changes_then_the_wall_is_the_same_with_and_without_what_was_remembered(
    steps: list[dict[str, Any]],
) -> None:
    memory, sites = Memory(), rows("site", dict.fromkeys(SITES, "up"))
    links: dict[str, StatusRow] = {}
    for step in steps:
        sites = changed(sites, step.get("sites", []), [])
        links = changed(links, step.get("links", []), step.get("gone", []))
        known: dict[str, Any] = {"sites": None, "links": None} if "away" in step else {"sites": sites, "links": links}
        now = step.get("now", NOW)
        told = {"inventory": INVENTORY, "mark": replace(MARK, at=min(now, NOW + 10)), **known}
        looked = replace(scene(step.get("incidents", ()), memory=memory, **told), now=now)
        assert wall_of(looked) == wall_of(replace(looked, memory=Memory()))


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(SITES), SITE_ROW), st.sampled_from([0.0, 12.5, 12.6, 1e6]))
def test_given_any_rows_then_those_that_are_stale_are_so_each_by_itself(
    found: dict[str, StatusRow], later: float
) -> None:
    age = age_of(MARK, NOW + later)
    assert set(age.stale_among(found)) == {key for key, row in found.items() if age.stale(row)}


def test_given_one_row_that_is_another_then_only_that_is_made_again() -> None:
    memory, before = Memory(), rows("site", {"a": "up", "b": "up"})
    made: list[str] = []

    def state(row: StatusRow) -> str:
        made.append(row.key)
        return row.state

    assert memory.each("state", before, state) == {"a": "up", "b": "up"}
    after = {"b": replace(before["b"], state="down"), "c": replace(before["a"], key="c")}
    assert memory.each("state", after, state) == {"b": "down", "c": "up"}
    assert memory.each("state", after, state) == {"b": "down", "c": "up"} and made == ["a", "b", "b", "c"]
