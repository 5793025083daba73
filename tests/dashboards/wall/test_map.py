from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Severity
from alerts.subject import Subject
from dashboards.wall.heading import counts_of
from dashboards.wall.map import HEIGHT, WIDTH, Tile, map_of
from dashboards.wall.tiles import COLUMNS, REGIONS, ROWS, places
from dashboards.wall.weights import weights
from inventory.model import Site
from inventory.status import StatusRow
from tests.dashboards.wall.scenery import MARK, NOW, incident, network, rows, scene

STATES = st.sampled_from(["up", "degraded", "down", "unreachable", "unknown"])


def tiles(found: object) -> dict[str, Tile]:
    return {tile.plot.region: tile for tile in map_of(found).tiles}  # type: ignore[arg-type]


def in_region(region: str, *kinds: str) -> Site:
    return next(
        site for site in network().sites.values() if site.region == region and (not kinds or site.kind in kinds)
    )


def router(site: Site) -> str:
    return network().devices_at[site.key][0].key


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(network().sites)), st.tuples(STATES, st.floats(0, 100))))
def test_given_any_states_and_ages_then_the_counts_add_up_to_the_members(found: dict[str, tuple[str, float]]) -> None:
    known: dict[str, StatusRow] = {}
    for key, (state, age_s) in found.items():
        known |= rows("site", {key: state}, at=NOW - age_s)
    counts = counts_of(scene(sites=known))
    assert counts.total == sum(1 for _ in network().members()) == 149
    assert sum(count for _, count in counts.states) == counts.total
    assert {"up", "down", "unreachable"} <= {state for state, _ in counts.states}


def test_rule_22_given_a_silent_daemon_then_everything_is_unknown_and_nothing_is_fine() -> None:
    silent = scene(mark=replace(MARK, at=NOW - 60))
    assert dict(counts_of(silent).states) == {"up": 0, "down": 0, "unreachable": 0, "unknown": 149}
    for tile in map_of(silent).tiles:
        assert set(tile.states) <= {"unknown"}
        assert tile.mark == ("unknown" if tile.plot.spots else "")


def test_given_the_grid_then_all_26_regions_stand_where_they_are_and_those_without_sites_are_empty() -> None:
    found = map_of(scene()).tiles
    assert len(found) == len(REGIONS) == 26
    assert len({(tile.plot.x, tile.plot.y) for tile in found}) == 26
    assert sum(1 for tile in found if tile.plot.spots) == 20
    assert {tile.mark for tile in found} == {""}


def test_given_regions_that_the_grid_does_not_know_then_they_stand_in_its_gaps() -> None:
    strangers = [f"Region {number}" for number in range(40)]
    found = places(strangers)
    assert len(found) == COLUMNS * ROWS
    assert len({(place.column, place.row) for place in found}) == len(found)


def test_given_a_root_elsewhere_then_a_region_that_is_only_cut_off_stays_calm() -> None:
    behind = {site.key: "unreachable" for site in network().sites.values() if site.region == "Mbeya"}
    cut = incident(1, router(in_region("Iringa", "regional")), Severity.CRITICAL)
    found = tiles(scene([cut], sites={**scene().sites, **rows("site", behind)}))  # type: ignore[dict-item]
    assert found["Iringa"].mark == "critical"
    assert found["Mbeya"].mark == ""
    assert set(found["Mbeya"].states) == {"unreachable"}


def test_given_several_faults_in_a_region_then_it_takes_the_worst_of_those_that_are_bad_and_not_planned() -> None:
    key = router(in_region("Tanga", "lga"))
    minor = incident(1, key, Severity.MINOR)
    better = incident(2, key, Severity.CRITICAL, bad=False)
    planned = incident(3, key, Severity.MAJOR, window=4)
    assert tiles(scene([minor, better, planned]))["Tanga"].mark == "minor"
    link = next(one for one in network().links_of[key])
    assert tiles(scene([minor, incident(5, Subject("link", link.key))]))["Tanga"].mark == "major"
    assert {tile.mark for tile in map_of(scene([incident(6, Subject("own", "disk"))])).tiles} == {""}


def test_given_a_site_that_is_down_before_anybody_was_told_then_its_region_says_so() -> None:
    site = in_region("Kigoma", "lga")
    found = tiles(scene(sites={**scene().sites, **rows("site", {site.key: "down"})}))  # type: ignore[dict-item]
    assert found["Kigoma"].mark == "major"


def test_given_work_on_a_site_then_its_dot_says_so() -> None:
    site = in_region("Kigoma", "lga")
    worked_on = rows("site", {site.key: "down"}, flags=("maintenance",))
    tile = tiles(scene(sites={**scene().sites, **worked_on}))["Kigoma"]  # type: ignore[dict-item]
    assert "maintenance" in tile.states and tile.mark == ""


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([1, 3, 149, 400, 1000]))
def test_given_any_number_of_sites_then_every_dot_is_inside_its_tile_and_none_covers_another(sites: int) -> None:
    for tile in map_of(scene(inventory=network(sites))).tiles:
        plot = tile.plot
        assert 0 <= plot.x <= WIDTH - 96 and 0 <= plot.y <= HEIGHT - 96
        places = {(spot.x, spot.y) for spot in plot.spots}
        assert len(places) == len(plot.spots)
        for spot in plot.spots:
            assert plot.x <= spot.x - spot.r and spot.x + spot.r <= plot.x + 96
            assert plot.y + 33 <= spot.y - spot.r and spot.y + spot.r <= plot.y + 96


def test_given_the_sample_network_then_sizes_follow_what_hangs_on_a_site() -> None:
    found = weights(network())
    assert set(found) == set(network().sites)
    assert set(found.values()) <= {1, 2, 3, 4, 5}
    assert found["core-dar"] == 5
    assert found[in_region("Mbeya", "regional").key] >= 3 > found[in_region("Mbeya", "lga").key]
