import random

import pytest

from alerts.alarm import Alarm, Severity
from alerts.cause import Cause, Role
from alerts.causes.grouping import Causes
from alerts.view import View
from inventory.sample_network import ATTACHED_TO, GATEWAY, generate
from tests.alerts.causes.watch import Watch, alarm, roots
from tests.alerts.field import inventory_of

REGION = [("core-1", "core-2"), ("core-1", "pe"), ("core-2", "pe"), ("core-1", "other")]
REGION += [("pe", f"c{number}") for number in range(12)]
RING = [("core-1", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", "core-1"), ("p1", "x"), ("p2", "y"), ("p3", "z")]
DUAL = [("core-1", "p1"), ("core-1", "p2"), ("p1", "x"), ("p2", "x"), ("p1", "q"), ("core-1", "w")]
SAMPLE = generate(149)


def watched(links: list[tuple[str, str]] = REGION, **options: object) -> Watch:
    watch = Watch(inventory_of(links), "core-1", **options)
    watch.run(20.0)
    assert watch.causes() == ()
    return watch


def sample(seed: int = 1) -> Watch:
    watch = Watch(SAMPLE, ATTACHED_TO, gateway=GATEWAY, seed=seed)
    watch.run(20.0)
    assert watch.causes() == ()
    return watch


def only(watch: Watch) -> Cause:
    (cause,) = watch.causes()
    return cause


def covered(watch: Watch) -> bool:
    alarms = [key for cause in watch.causes() for key in cause.alarms]
    return sorted(alarms) == sorted({**watch.alarms, **watch.extra})


def test_rule_18_a_core_with_twelve_sites_behind_is_one_cause_whatever_order_alarms_came_in() -> None:
    watch = watched()
    watch.dead = {"pe"}
    watch.run_for(40.0)
    expected = watch.causes()
    (cause,) = expected
    assert (cause.root.key, len(cause.impact.sites), cause.severity) == ("pe", 13, Severity.CRITICAL)
    assert [key for key, role in cause.alarms.items() if role is Role.ROOT] == ["state device pe"]
    view, items = View(watch.inventory, watch.topology, watch.board), list(watch.alarms.items())
    draw = random.Random(18)
    for _ in range(1000):
        draw.shuffle(items)
        assert watch.grouping.group(dict(items), view) == expected


@pytest.mark.parametrize("seed", range(6))
def test_rule_18_nobody_behind_is_ever_told_in_death_and_recovery(seed: int) -> None:
    watch = watched(seed=seed)
    watch.dead = {"pe"}
    watch.run_for(60.0)
    watch.dead = set()
    watch.run_for(200.0)
    assert set(watch.told()) == {"pe"}
    assert watch.causes() == ()
    assert all(len(causes) <= 1 for at, causes in watch.seen), "not even for a moment"


def test_rule_18_children_that_come_back_late_stay_behind_until_they_were_probed_after_the_recovery() -> None:
    watch = watched()
    watch.dead = {"pe", "c3"}
    watch.run_for(60.0)
    assert only(watch).root.key == "pe"
    watch.dead = {"c3"}
    watch.run_for(15.0)
    assert only(watch).alarms["state device c3"] is Role.BEHIND
    assert not only(watch).bad
    watch.run_for(30.0)
    assert {key: cause.bad for key, cause in roots(watch.causes()).items()} == {"pe": False, "c3": True}
    assert covered(watch)


def test_given_a_parent_that_booted_then_what_is_behind_it_gets_the_hold_to_boot_as_well() -> None:
    watch = watched()
    watch.dead = {"pe", "c3", "c4"}
    watch.run_for(60.0)
    watch.dead = {"c3", "c4"}
    watch.booted["pe"] = watch.now
    watch.run_for(60.0)
    assert only(watch).root.key == "pe", "they stand in one power cut, as far as anybody can tell"
    watch.dead = {"c3"}
    watch.run_for(90.0)
    assert roots(watch.causes())["c3"].bad, "after the hold it is a fault of its own"


def test_given_a_router_dead_for_an_hour_when_its_parent_dies_then_it_stays_a_cause_of_its_own() -> None:
    watch = watched()
    watch.dead = {"c3"}
    watch.run_for(60.0)
    before = only(watch)
    assert (before.root.key, before.severity) == ("c3", Severity.MAJOR)
    watch.dead = {"c3", "pe"}
    watch.run_for(60.0)
    found = roots(watch.causes())
    assert set(found) == {"c3", "pe"}
    assert (found["c3"].since, found["c3"].impact.devices) == (before.since, ("c3",))
    assert "c3" not in found["pe"].impact.devices
    proven = min(at for at, causes in watch.seen if len(causes) == 2 and len(causes[1].impact.devices) == 12)
    assert proven < 20.0 + 60.0 + 14.0, "that something was dead behind it does not delay the proof"
    assert len(found["pe"].impact.sites) == 12
    watch.dead = {"c3"}
    watch.run_for(200.0)
    assert only(watch).root.key == "c3"
    assert set(watch.told()) == {"c3", "pe"}


def test_given_a_router_that_dies_just_after_its_parent_came_back_then_it_is_a_cause_of_its_own() -> None:
    watch = watched()
    watch.dead = {"pe"}
    watch.run_for(40.0)
    watch.dead = set()
    watch.run_for(50.0)
    watch.dead = {"c5"}
    watch.run_for(40.0)
    found = roots(watch.causes())
    assert found["c5"].bad
    assert not found["pe"].bad
    assert found["c5"].impact.devices == ("c5",)


def test_rule_18_independent_deaths_behind_a_live_router_are_as_many_causes() -> None:
    watch = watched()
    watch.dead = {"c1", "c2"}
    watch.run_for(40.0)
    assert {key: cause.severity for key, cause in roots(watch.causes()).items()} == {
        "c1": Severity.MAJOR,
        "c2": Severity.MAJOR,
    }
    assert not any(cause.power for cause in watch.causes())


def test_rule_19_one_of_two_ways_lost_is_degraded_and_minor() -> None:
    watch = watched(DUAL)
    watch.cut = {"p1=x"}
    watch.run_for(30.0)
    cause = only(watch)
    assert (cause.root.key, cause.severity, cause.impact.sites) == ("p1=x", Severity.MINOR, ())
    assert cause.impact.degraded == ("s-x",)
    assert cause.evidence[0].code == "port-down"


def test_rule_19_of_two_parents_the_second_to_die_isolates_and_remembers_the_first() -> None:
    watch = watched(DUAL)
    watch.dead = {"p1"}
    watch.run_for(40.0)
    assert (only(watch).root.key, only(watch).impact.degraded) == ("p1", ("s-x",))
    watch.dead = {"p1", "p2"}
    watch.run_for(40.0)
    found = roots(watch.causes())
    assert set(found["p1"].impact.devices) == {"p1", "q"}
    assert set(found["p2"].impact.devices) == {"p2", "x"}
    assert [each.key for each in found["p2"].earlier] == ["p1"]
    assert found["p1"].earlier == ()
    watch.dead = {"p2"}
    watch.run_for(200.0)
    assert only(watch).impact.devices == ("p2",), "there is a way to x again"


def test_given_a_ring_cut_twice_then_the_second_cut_is_the_cause_and_links_to_the_first() -> None:
    watch = watched(RING)
    watch.cut = {"core-1=p1"}
    watch.run_for(40.0)
    first = only(watch)
    assert (first.root.key, first.severity) == ("core-1=p1", Severity.MINOR)
    watch.cut = {"core-1=p1", "p2=p3"}
    watch.run_for(40.0)
    found = roots(watch.causes())
    second = found["p2=p3"]
    assert set(second.impact.devices) == {"p1", "p2", "x", "y"}
    assert ([each.key for each in second.roots], [each.key for each in second.earlier]) == (["p2=p3"], ["core-1=p1"])
    assert found["core-1=p1"].severity is Severity.MINOR
    watch.cut = {"core-1=p1"}
    watch.run_for(200.0)
    assert only(watch).root.key == "core-1=p1"
    assert covered(watch)


def test_given_a_ring_cut_and_then_a_core_dead_then_what_is_between_hangs_on_the_core_and_is_no_root() -> None:
    links = [("noc", "core-1"), ("noc", "core-2"), ("core-1", "core-2"), ("core-1", "pe"), ("core-2", "pe")]
    watch = Watch(inventory_of([*links, ("pe", "a"), ("pe", "b")]), "noc")
    watch.run(20.0)
    watch.cut = {"core-1=pe"}
    watch.run_for(60.0)
    watch.dead = {"core-2"}
    watch.run_for(40.0)
    cause = roots(watch.causes())["core-2"]
    assert [each.key for each in cause.roots] == ["core-2"]
    assert [each.key for each in cause.earlier] == ["core-1=pe"]
    assert set(cause.impact.devices) == {"core-2", "pe", "a", "b"}


def test_given_two_cuts_at_once_then_both_are_roots_of_one_cause() -> None:
    watch = watched(RING)
    watch.cut = {"core-1=p1", "p2=p3"}
    watch.run_for(40.0)
    assert {each.key for each in only(watch).roots} == watch.cut
    assert only(watch).earlier == ()


def test_given_the_last_way_of_a_router_cut_after_the_other_then_the_cut_is_named_and_not_the_router() -> None:
    watch = watched(RING)
    watch.cut = {"p1=p2"}
    watch.run_for(40.0)
    watch.cut = {"p1=p2", "p2=p3"}
    watch.run_for(40.0)
    found = roots(watch.causes())
    assert set(found) == {"p1=p2", "p2=p3"}
    assert found["p2=p3"].impact.devices == ("p2", "y")


def test_given_sites_of_two_kinds_behind_a_router_then_their_devices_are_counted_once() -> None:
    watch = sample()
    watch.dead = {"mbe-pe-1"}
    watch.run_for(60.0)
    cause = next(cause for cause in watch.causes() if cause.root.key == "mbe-pe-1")
    said = [each.figures for each in cause.evidence if each.code == "silent-behind"]
    behind = [SAMPLE.site_of(device).kind for device in cause.impact.devices if device != "mbe-pe-1"]
    assert {"lga", "mda"} <= set(behind)
    assert said == [{"count": len(behind)}]


def test_given_a_lone_router_behind_a_lone_link_that_reads_down_then_the_router_is_named() -> None:
    watch = watched()
    watch.cut = {"pe=c1"}
    watch.run_for(40.0)
    cause = only(watch)
    assert (cause.root.key, cause.severity, cause.power) == ("c1", Severity.MAJOR, False)
    assert cause.alarms["state link pe=c1"] is Role.BEHIND
    assert "ports-towards-down" in [each.code for each in cause.evidence]


def test_given_a_router_back_while_a_port_towards_it_was_not_yet_read_again_then_no_link_is_told() -> None:
    watch = watched(RING)
    watch.dead = watch.dark = {"p2"}
    watch.run_for(60.0)
    assert only(watch).root.key == "p2"
    watch.dead = set()
    watch.run_for(200.0)
    assert set(watch.told()) == {"p2"}


def test_rule_20_what_is_behind_a_root_has_no_cause_of_its_own_so_that_a_window_on_it_is_enough() -> None:
    watch = watched()
    watch.dead = {"pe"}
    watch.run_for(40.0)
    assert [root.key for root in only(watch).roots] == ["pe"]
    assert len(only(watch).alarms) > 24


def test_rule_21_a_blind_poller_is_one_critical_cause_and_what_was_before_stays() -> None:
    watch = watched()
    watch.dead = {"c1"}
    watch.run_for(60.0)
    before = only(watch)
    watch.isolated = True
    watch.run_for(60.0)
    found = roots(watch.causes())
    assert set(found) == {"c1", "poller"}
    assert found["c1"] == before
    assert (found["poller"].severity, found["poller"].bad) == (Severity.CRITICAL, True)
    watch.add(alarm("device", "c2", watch.now - 5.0), alarm("peer", "pe 10.0.0.1", watch.now - 5.0, family="routing"))
    assert set(roots(watch.causes())) == {"c1", "poller"}, "nothing new is believed"
    watch.extra.clear()
    watch.isolated = False
    watch.run_for(60.0)
    assert only(watch).root.key == "c1"


def test_rule_21_what_died_in_the_dark_is_a_cause_when_sight_is_back() -> None:
    watch = watched()
    watch.isolated = True
    watch.run_for(40.0)
    watch.dead = {"c1"}
    watch.isolated = False
    watch.run_for(40.0)
    assert only(watch).root.key == "c1"


def test_rule_46_a_hung_agent_isolates_nobody() -> None:
    watch = watched()
    watch.mute = {"c1"}
    watch.add(alarm("device", "c1", 22.0, family="agent", code="agent-silent"))
    watch.run_for(40.0)
    cause = only(watch)
    assert (cause.family, cause.severity, cause.impact.devices) == ("agent", Severity.MINOR, ())


def test_given_an_agent_silent_before_its_device_dies_then_one_cause_remains_for_what_began_together() -> None:
    watch = watched()
    watch.dead = {"c1"}
    watch.run_for(40.0)
    watch.add(alarm("device", "c1", only(watch).since + 2.0, family="agent", code="agent-silent"))
    assert only(watch).family == "reachability"
    watch.add(alarm("device", "c1", 1.0, family="agent", code="agent-silent"))
    assert {cause.family for cause in watch.causes()} == {"reachability", "agent"}


@pytest.mark.parametrize(("count", "kinds"), [(2, ["device", "device"]), (3, ["credential"]), (5, ["credential"])])
def test_given_a_credential_that_many_refuse_then_it_is_the_credential(count: int, kinds: list[str]) -> None:
    watch = watched()
    watch.add(
        *(alarm("device", f"c{n}", 20.0 + n, family="agent", code="credentials-refused") for n in range(count)),
        alarm("device", "c9", 25.0, family="agent", code="agent-silent"),
    )
    found = watch.causes()
    assert sorted(each.root.kind for each in found) == sorted([*kinds, "device"])
    assert {each.severity for each in found} == {Severity.MINOR}
    assert covered(watch)


def test_given_a_core_dead_then_critical_and_its_circuits_carry_nothing() -> None:
    watch = sample()
    watch.dead = {"dar-core-1"}
    watch.run_for(40.0)
    cause = only(watch)
    assert (cause.root.key, cause.severity, cause.impact.core) == ("dar-core-1", Severity.CRITICAL, True)
    assert cause.impact.circuits == ("iru-eassy-1", "iru-seacom-1", "tix-1")
    assert cause.impact.datacentre
    assert "gepg" in cause.impact.services


def test_given_a_regional_router_dead_then_its_region_and_the_circuits_that_carry_are_said() -> None:
    watch = sample()
    watch.dead = {"lin-pe-1"}
    watch.run_for(40.0)
    cause = only(watch)
    assert (cause.root.key, cause.impact.regions, cause.power) == ("lin-pe-1", ("Lindi",), False)
    assert cause.severity is Severity.CRITICAL
    assert cause.fine == ("iru-eassy-1", "iru-seacom-1", "tix-1")
    assert [each.code for each in cause.evidence[:2]] == ["device-down", "ports-towards-up"]


def test_given_both_cables_cut_then_the_later_is_critical_and_names_both() -> None:
    watch = sample()
    watch.add(alarm("link", "up-seacom-1", 100.0, code="no-path"))
    first = only(watch)
    assert (first.severity, first.impact.circuits, first.fine) == (
        Severity.MAJOR,
        ("iru-seacom-1",),
        ("iru-eassy-1", "tix-1"),
    )
    watch.add(alarm("link", "up-eassy-1", 900.0, code="no-path"))
    found = roots(watch.causes())
    assert found["up-seacom-1"] == Cause(**{**_fields(first), "fine": ("tix-1",)})
    later = found["up-eassy-1"]
    assert (later.severity, later.impact.circuits) == (Severity.CRITICAL, ("iru-eassy-1", "iru-seacom-1"))
    assert [each.key for each in later.earlier] == ["up-seacom-1"]
    assert later.evidence[0].code == "no-path"


def _fields(cause: Cause) -> dict[str, object]:
    return {name: getattr(cause, name) for name in Cause.__dataclass_fields__}


def test_given_an_exchange_down_then_major_though_nobody_is_isolated() -> None:
    watch = sample()
    watch.add(alarm("circuit", "tix-1", 100.0))
    assert (only(watch).root.key, only(watch).severity) == ("up-tix-1", Severity.MAJOR)


def test_given_a_second_router_of_a_site_dead_then_minor_and_degraded() -> None:
    watch = sample()
    watch.dead = {"mda-bugando-r2"}
    watch.run_for(40.0)
    cause = only(watch)
    assert (cause.severity, cause.impact.sites, cause.impact.degraded) == (Severity.MINOR, (), ("mda-bugando",))


def test_given_five_institutions_isolated_then_critical_and_four_major() -> None:
    links = [("core-1", "pe"), ("core-1", "w"), *(("pe", f"c{number}") for number in range(3))]
    watch = watched(links)
    watch.dead = {"pe"}
    watch.run_for(40.0)
    assert only(watch).severity is Severity.MAJOR
    assert watched([*links, ("pe", "c3")]).causes() == ()
    watch = watched([*links, ("pe", "c3")])
    watch.dead = {"pe"}
    watch.run_for(40.0)
    assert only(watch).severity is Severity.CRITICAL


def test_given_nothing_firing_then_no_cause() -> None:
    watch = watched()
    view = View(watch.inventory, watch.topology, watch.board)
    assert Causes(watch.inventory, watch.topology).group({}, view) == ()


def test_given_an_alarm_on_what_the_inventory_does_not_have_then_it_is_a_cause_all_the_same() -> None:
    watch = watched()
    strange: list[Alarm] = [
        alarm("device", "nobody", 10.0),
        alarm("link", "nowhere", 10.0),
        alarm("circuit", "nothing", 10.0),
        alarm("interface", "pe:ge-0/0/9", 10.0),
        alarm("site", "s-nowhere", 10.0),
        alarm("peer", "ghost 10.0.0.1", 10.0, family="routing"),
        alarm("sensor", "ghost fan", 10.0, family="health"),
        alarm("device", "ghost", 10.0, family="quality"),
    ]
    watch.add(*strange)
    assert covered(watch)
    assert len(watch.causes()) == len(strange)
