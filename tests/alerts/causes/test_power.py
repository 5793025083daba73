from dataclasses import replace

from alerts.alarm import Severity
from inventory.model import Device, Inventory
from inventory.sample_network import ATTACHED_TO, GATEWAY, generate
from tests.alerts.causes.watch import Watch, alarm, roots
from tests.alerts.field import inventory_of

SAMPLE = generate(149)
TWICE = [("core-1", "p1"), ("core-1", "p2"), ("p1", "x1"), ("p2", "x2"), ("p1", "y"), ("p2", "z")]


def at_one_site(inventory: Inventory, *keys: str) -> Inventory:
    """The same, with these devices at the first one's site."""
    site = inventory.devices[keys[0]].site
    moved = {key: Device(key, site, "127.0.0.1") for key in keys}
    sites = {key: each for key, each in inventory.sites.items() if key not in {f"s-{key}" for key in keys[1:]}}
    return Inventory(
        regions=inventory.regions,
        sites=sites,
        devices={**inventory.devices, **moved},
        links=inventory.links,
        providers=inventory.providers,
    )


def in_regions(inventory: Inventory, regions: dict[str, str], other: str) -> Inventory:
    """The same, with sites in these regions, and all that are not named in the other one."""
    sites = {key: replace(site, region=regions.get(key, other)) for key, site in inventory.sites.items()}
    return replace(inventory, sites=sites)


def twice() -> Watch:
    watch = Watch(at_one_site(inventory_of(TWICE), "x1", "x2"), "core-1")
    watch.run(20.0)
    return watch


def test_given_a_region_without_power_then_one_cause_says_so_and_keeps_saying_so_while_it_comes_back() -> None:
    watch = Watch(SAMPLE, ATTACHED_TO, gateway=GATEWAY)
    watch.run(20.0)
    watch.dead = {key for key in SAMPLE.devices if SAMPLE.site_of(key).region == "Mwanza"}
    watch.run_for(60.0)
    (cause,) = watch.causes()
    assert (cause.root.key, cause.power, cause.severity) == ("mwz-pe-1", True, Severity.CRITICAL)
    assert set(cause.impact.devices) == watch.dead
    assert cause.impact.regions == ("Mwanza",)
    assert "independent-paths" in [each.code for each in cause.evidence]
    late = {"mda-bugando-r2"}
    watch.booted.update(dict.fromkeys(watch.dead, watch.now))
    watch.dead = late
    watch.run_for(110.0)
    assert set(watch.told()) == {"mwz-pe-1"}


def test_given_a_region_back_but_for_one_router_then_it_is_no_lost_region_while_the_rest_is_held() -> None:
    watch = Watch(SAMPLE, ATTACHED_TO, gateway=GATEWAY)
    watch.run(20.0)
    watch.dead = {key for key in SAMPLE.devices if SAMPLE.site_of(key).region == "Mwanza"}
    watch.run_for(60.0)
    watch.dead = {"lga-kwimba-r1"}
    watch.run_for(60.0)
    (bad,) = [cause for cause in watch.causes() if cause.bad]
    assert (bad.severity, bad.impact.regions, bad.impact.sites) == (Severity.MAJOR, (), ("lga-kwimba",))


def test_given_both_routers_of_a_site_silent_at_once_over_different_ways_then_its_power_is_suspected() -> None:
    watch = twice()
    watch.dead = {"x1", "x2"}
    watch.run_for(40.0)
    (cause,) = watch.causes()
    assert (cause.power, cause.severity, cause.impact.sites) == (True, Severity.MAJOR, ("s-x1",))
    assert {root.key for root in cause.roots} == {"x1", "x2"}


def test_given_the_second_router_of_a_site_dies_later_then_two_causes_and_no_word_of_power() -> None:
    watch = twice()
    watch.dead = {"x1"}
    watch.run_for(60.0)
    assert [cause.severity for cause in watch.causes()] == [Severity.MINOR]
    watch.dead = {"x1", "x2"}
    watch.run_for(40.0)
    found = roots(watch.causes())
    assert (found["x1"].severity, found["x2"].severity) == (Severity.MINOR, Severity.MAJOR)
    assert found["x2"].impact.sites == ("s-x1",)
    assert [each.key for each in found["x2"].earlier] == ["x1"]
    assert not any(cause.power for cause in watch.causes())


def test_given_both_parents_of_a_site_dead_at_once_then_the_site_is_not_said_to_lack_power() -> None:
    watch = twice()
    watch.dead = {"p1", "p2"}
    watch.run_for(40.0)
    assert not any(cause.power for cause in watch.causes())


def test_given_a_router_that_stays_dead_after_its_region_came_back_then_it_is_no_power_cut() -> None:
    links = [("noc", "core-1"), ("core-1", "pe"), *(("pe", f"c{number}") for number in range(4))]
    regions = {"s-noc": "Dodoma", "s-core-1": "Dodoma"}
    watch = Watch(in_regions(inventory_of(links), regions, "Mbeya"), "noc")
    watch.run(20.0)
    watch.dead = {"pe"}
    watch.run_for(100.0)
    watch.dead = {"pe", "c0"}
    watch.run_for(100.0)
    watch.dead = {"c0"}
    watch.run_for(40.0)
    assert {key: cause.bad for key, cause in roots(watch.causes()).items()} == {"pe": False, "c0": True}
    watch.run_for(100.0)
    alone = [cause for _, causes in watch.seen for cause in causes if cause.bad and cause.root.key == "c0"]
    assert {(cause.power, cause.severity, cause.impact.devices) for cause in alone} == {
        (False, Severity.MAJOR, ("c0",))
    }


def test_given_a_lone_router_dead_then_power_is_never_said_unless_its_ups_said_so() -> None:
    watch = twice()
    watch.dead = {"y"}
    watch.run_for(40.0)
    (cause,) = watch.causes()
    assert not cause.power
    ups = alarm("sensor", "y ups", cause.since - 1200.0, family="health", code="on-battery")
    watch.add(ups)
    found = {cause.family: cause for cause in watch.causes()}
    assert found["reachability"].power
    assert "on-battery" in [each.code for each in found["reachability"].evidence]
    watch.extra.clear()
    watch.add(alarm("sensor", "z ups", cause.since - 20.0, family="health", code="on-battery"))
    assert not any(cause.power for cause in watch.causes()), "somebody else's battery"
