"""What was truly wrong: faults worked out from what was done, one for each cause."""

import pytest

from noc.scenario.fault import Deaf, Quiet
from tests.scenarios.little import cut, down, lab, network, truth

ALL = {"c1", "c2", "p1", "p2", "p3", "b1", "b2", "d1", "d2"} | {f"a{n}" for n in range(1, 7)}


def test_given_nothing_done_then_there_is_no_fault() -> None:
    assert truth() == []


def test_given_a_dead_cpe_then_its_link_and_its_site_look_the_same() -> None:
    (fault,) = truth(down(60, "a1", 300))
    assert (fault.kind, fault.from_s, fault.to_s, fault.severity) == ("device", 60, 360, "major")
    assert fault.indistinguishable == {"a1", "p1=a1", "k-p1=a1", "a1-site"}
    assert (set(fault.members), fault.sites, fault.institutions) == ({"a1"}, ("a1-site",), ("a1-site",))
    assert (fault.told, fault.page, fault.due_s) == ("must", "must", 90)


def test_given_its_only_link_is_cut_then_the_device_looks_the_same() -> None:
    (fault,) = truth(cut(60, "p1=a1", 300))
    assert fault.kind == "link"
    assert fault.indistinguishable == {"a1", "p1=a1", "k-p1=a1", "a1-site"}


def test_given_a_regional_router_dies_then_all_behind_it_are_members_of_one_fault() -> None:
    (fault,) = truth(down(60, "p1", 300))
    assert fault.members == {"p1", *(f"a{n}" for n in range(1, 7)), "d1"}
    assert len(fault.institutions) == 6  # site d has another router
    assert (fault.severity, fault.due_s) == ("critical", 75)
    assert fault.indistinguishable == {"p1", "pop-1"}


def test_given_all_ports_towards_it_read_down_then_its_links_look_the_same() -> None:
    (fault,) = truth(down(60, "p1", 300, ports=True))
    assert fault.indistinguishable >= {"p1", "pop-1", "c1=p1", "p1=p2"}
    (alone,) = truth(down(60, "p1", 300))
    assert "c1=p1" not in alone.indistinguishable


def test_given_a_ring_cut_twice_then_both_cuts_make_it_and_the_first_stays_a_fault() -> None:
    first, second = truth(cut(60, "c1=p1", 500), cut(200, "p3=c2", 100))
    assert (first.kind, first.severity, first.page, set(first.members)) == ("redundancy", "minor", "never", set())
    assert (first.from_s, first.to_s) == (60, 560)
    assert (second.kind, second.severity, second.from_s, second.to_s) == ("link", "critical", 200, 300)
    assert second.indistinguishable >= {"c1=p1", "p3=c2"}
    assert second.members == ALL - {"c1", "c2"}


def test_given_a_joint_cut_whose_first_half_is_mended_then_the_rest_is_a_fault_of_its_own() -> None:
    first, second, rest = truth(cut(60, "c1=p1", 240), cut(200, "p3=c2", 300))
    assert (first.to_s, second.to_s) == (300, 300)
    assert (rest.from_s, rest.to_s, rest.kind, rest.residual) == (300, 500, "redundancy", True)


def test_given_a_site_with_two_links_loses_both_then_any_of_them_or_its_router_is_the_root() -> None:
    first, second = truth(cut(60, "p2=b1"), cut(200, "p3=b1"))
    assert (first.severity, set(first.members)) == ("minor", set())
    assert (second.severity, set(second.members)) == ("major", {"b1"})
    assert second.indistinguishable >= {"p2=b1", "p3=b1", "b1", "b1-site"}


def test_given_a_site_with_two_routers_loses_both_then_only_the_last_pages() -> None:
    first, second = truth(down(60, "d1"), down(200, "d2"))
    assert (first.severity, first.page, set(first.members), first.sites) == ("minor", "never", {"d1"}, ())
    assert (second.severity, second.page, second.sites) == ("major", "must", ("d-site",))
    assert second.indistinguishable >= {"d1", "d2", "d-site"}
    assert second.spare >= {"d1"}


def test_given_a_cpe_dead_before_its_router_then_there_are_two_faults() -> None:
    cpe, router = truth(down(60, "a1", 500), down(200, "p1", 100))
    assert (set(cpe.members), cpe.from_s, cpe.to_s) == ({"a1"}, 60, 560)
    assert "a1" not in router.members
    assert "a1" in router.spare
    assert len(router.institutions) == 5


def test_given_a_death_behind_a_cut_then_it_is_a_fault_when_the_cut_is_mended() -> None:
    router, cpe = truth(down(60, "p1", 200), down(100, "a1"))
    assert (router.from_s, router.to_s) == (60, 260)
    assert "a1" in router.members
    assert (cpe.from_s, set(cpe.members), cpe.residual) == (260, {"a1"}, True)
    assert cpe.due_s == 260 + 30 + 45


def test_given_the_parent_comes_back_first_then_late_children_are_no_pages_if_they_follow() -> None:
    events = [down(60, "p1", 200), *(down(60, f"a{n}", 215) for n in range(1, 7))]
    router, *rest = truth(*events)
    assert router.page == "must"
    assert {fault.page for fault in rest} == {"never"}


def test_given_the_children_come_back_first_then_there_is_one_fault() -> None:
    (fault,) = truth(down(60, "p1", 200), *(down(60, f"a{n}", 100) for n in range(1, 7)))
    assert fault.to_s == 260


def test_given_power_lost_in_a_region_then_it_is_one_fault_and_the_region_names_it() -> None:
    (fault, *rest) = truth({"at": 60, "do": "power_cut", "region": "North", "for": 300})
    assert fault.kind == "power"
    assert {"North", "p1", "pop-1"} <= fault.indistinguishable
    assert fault.members == {"p1", *(f"a{n}" for n in range(1, 7)), "d1"}
    assert {one.kind for one in rest} == {"reboot"}


def test_given_power_lost_at_sites_that_hang_apart_then_it_is_one_fault() -> None:
    faults = truth({"at": 60, "do": "power_cut", "site": "d-site"})
    assert [fault.kind for fault in faults] == ["power"]
    assert faults[0].members == {"d1", "d2"}
    assert faults[0].severity == "major"


def test_given_both_cables_then_the_second_is_critical_and_the_first_may_rise() -> None:
    first, second = truth(
        {"at": 60, "do": "circuit_cut", "circuit": "sea1"}, {"at": 90, "do": "circuit_cut", "circuit": "sea2"}
    )
    assert (first.severity, second.severity) == ("major", "critical")
    assert "critical" in first.accepted
    assert (first.due_s, second.due_s) == (90, 105)
    assert second.indistinguishable == {"sea2", "up-sea2"}


@pytest.mark.parametrize(("lasts", "page"), [(20, "never"), (27, "may"), (60, "must")])
def test_rule_15_given_a_short_fault_then_nobody_may_be_woken(lasts: float, page: str) -> None:
    (fault,) = truth(down(60, "a1", lasts))
    assert fault.page == page


def test_rule_14_given_ten_falls_of_twelve_seconds_then_they_must_be_told_though_none_alone_is() -> None:
    (fault,) = truth({"at": 60, "do": "flap", "link": "p1=a1", "times": 10, "period": 24})
    assert (fault.told, fault.page, fault.due_s) == ("must", "must", None)
    (few,) = truth({"at": 60, "do": "flap", "link": "p1=a1", "times": 5, "period": 24})
    assert (few.told, few.page) == ("may", "may")


def test_given_a_link_that_flaps_then_it_is_one_fault() -> None:
    (fault,) = truth({"at": 60, "do": "flap", "link": "p1=a1", "times": 6, "period": 10})
    assert len(fault.stretches) == 6
    assert (fault.from_s, fault.to_s, fault.told, fault.page) == (60, 115, "may", "may")


def test_given_a_core_dies_then_it_is_critical_though_it_isolates_nobody() -> None:
    (fault,) = truth(down(60, "c1"))
    assert (fault.severity, set(fault.members), fault.sites) == ("critical", {"c1"}, ())


def test_given_the_pollers_own_cables_then_it_is_isolated() -> None:
    (fault,) = [one for one in truth(cut(60, "noc=c1"), cut(60, "noc=c2")) if one.kind == "poller"]
    assert "poller" in fault.indistinguishable
    assert fault.severity == "critical"


def test_given_the_poller_cut_off_then_it_is_one_fault_and_what_began_meanwhile_waits() -> None:
    deaf = [Deaf(60, 180, "poller")]
    poller, cpe, brief = truth(down(100, "a1"), down(110, "a2", 60), deaf=deaf)
    assert (poller.kind, poller.page) == ("poller", "must")
    assert (cpe.page, cpe.due_s, cpe.blind) == ("must", 240, True)
    assert brief.page == "may"


def test_given_a_window_then_nobody_is_told_before_its_end() -> None:
    keys = frozenset({"p1", "a1"})
    (inside,) = truth(down(60, "a1", 60), quiet=[Quiet(30, 300, keys)])
    (over,) = truth(down(60, "a1"), quiet=[Quiet(30, 300, keys)])
    (other,) = truth(down(60, "a2"), quiet=[Quiet(30, 300, keys)])
    assert (inside.page, inside.in_window) == ("never", True)
    assert (over.page, over.due_s, over.not_before_s) == ("must", 330, 300)
    assert (other.page, other.in_window) == ("must", False)


def test_given_no_gateway_then_a_page_is_due_after_it_came_back() -> None:
    (fault,) = truth(down(60, "a1"), until=4000, deaf=[Deaf(30, 3000, "gateway")])
    assert fault.due_s == 3330


def test_given_agents_and_credentials_then_they_are_minor_and_page_nobody() -> None:
    faults = truth(
        {"at": 60, "do": "agent_hang", "device": "a1"},
        {"at": 60, "do": "credentials_change", "device": "a2", "for": 200},
    )
    assert {(fault.kind, fault.severity, fault.page, fault.told) for fault in faults} == {
        ("agent", "minor", "never", "must"),
        ("credentials", "minor", "never", "must"),
    }


def test_given_many_devices_that_refuse_one_credential_then_it_is_one_fault() -> None:
    (fault,) = truth(*({"at": 60 + n, "do": "credentials_change", "device": f"a{n}"} for n in range(1, 6)))
    assert {"default", "a1", "a5"} <= fault.indistinguishable


def test_given_a_hung_agent_behind_a_cut_then_it_is_no_fault_meanwhile() -> None:
    faults = truth(cut(50, "p1=a1", 300), {"at": 60, "do": "agent_hang", "device": "a1"})
    assert [(one.kind, one.from_s) for one in faults] == [("link", 50), ("agent", 350)]


def test_given_a_reboot_then_it_may_be_told_as_a_warning() -> None:
    brief, restart = truth({"at": 60, "do": "reboot", "device": "a1", "silence": 10})
    assert (brief.page, restart.kind, restart.severity, restart.page) == ("never", "reboot", "warning", "never")


def test_given_a_session_that_falls_then_it_is_one_but_not_when_shut_by_hand() -> None:
    (fault,) = truth({"at": 60, "do": "bgp_down", "device": "c1"})
    assert {"c1", "up-sea1", "sea1"} <= fault.indistinguishable
    assert truth({"at": 60, "do": "bgp_down", "device": "c1", "admin": True}) == []


def test_given_loss_delay_and_load_then_nobody_is_woken() -> None:
    faults = truth(
        {"at": 60, "do": "loss", "link": "p1=a1", "ratio": 0.2},
        {"at": 60, "do": "latency", "link": "up-sea1", "ms": 120},
        {"at": 60, "do": "traffic", "link": "up-tix", "level": 1.0},
        until=2000,
    )
    assert {(fault.kind, fault.page) for fault in faults} == {("quality", "never"), ("capacity", "never")} or all(
        fault.page != "must" for fault in faults
    )
    assert [fault.told for fault in faults if fault.kind == "capacity"] == ["must"]


@pytest.mark.parametrize(
    ("dead", "full", "told"),
    [
        ((600, 3000), (900, 2400, "up-sea2"), "may"),  # it looks like the dead cable's load
        ((600, 3000), (900, 2400, "up-tix"), "must"),  # an exchange stands in for no cable
        ((600, 3000), (900, 5000, "up-sea2"), "must"),  # full long after the other was back
        ((2500, 3000), (900, 2400, "up-sea2"), "must"),  # full and told before the other went
        ((100, 300), (900, 2400, "up-sea2"), "must"),  # the other was back before
    ],
)
def test_given_a_full_cable_while_another_is_dead_then_only_what_looks_like_its_own_load_must_be_told(
    dead: tuple[int, int], full: tuple[int, int, str], told: str
) -> None:
    cut_at, lasts = dead[0], dead[1] - dead[0]
    faults = truth(
        {"at": cut_at, "do": "circuit_cut", "circuit": "sea1", "for": lasts},
        {"at": full[0], "do": "traffic", "link": full[2], "level": 1.0, "for": full[1]},
        until=7000,
    )
    assert [fault.told for fault in faults if fault.kind == "capacity"] == [told]


def test_given_the_same_acts_then_the_truth_is_the_same_and_the_world_unharmed() -> None:
    world = lab(down(60, "p1", 100), cut(90, "p2=b2"))
    from noc.scenario.truth import faults_of

    first = faults_of(world, world.start + 600)
    assert faults_of(world, world.start + 600) == first
    assert [fault.to_json() for fault in first]
    assert set(world.epochs.at(world.start + 600).ways) == set(network().devices) - {"b2"}


def test_given_a_second_core_dies_while_the_first_is_dead_then_there_are_two_faults() -> None:
    first, second = truth(down(60, "c1", 500), down(240, "c2", 200))
    assert (first.members, first.severity) == ({"c1"}, "critical")
    assert (second.from_s, second.to_s) == (240, 440)
    assert second.members == ALL - {"c1"}
    assert second.indistinguishable >= {"c1", "c2"}


def test_given_the_only_way_in_that_was_left_is_cut_then_the_router_behind_it_looks_the_same() -> None:
    _, second = truth(down(60, "c1", 500), cut(240, "noc=c2", 200))
    assert (second.from_s, second.to_s) == (240, 440)
    assert second.indistinguishable >= {"noc=c2", "c2", "core-2"}
    assert second.members == ALL - {"c1"}


def test_given_one_half_of_a_joint_cut_is_mended_then_who_died_inside_is_a_fault_from_then_on() -> None:
    *_, dead = truth(cut(60, "c1=p1", 500), cut(100, "p3=c2", 100), down(150, "p2", 250))
    assert (dead.from_s, dead.to_s, dead.kind, dead.residual) == (200, 400, "device", True)


def test_given_the_router_dies_before_the_cpes_death_had_to_be_told_then_that_waits_for_the_routers_return() -> None:
    cpe, _ = truth(down(60, "a1", 500), down(70, "p1", 200))
    assert (cpe.page, cpe.due_s, cpe.blind) == ("must", 270 + 30 + 45, True)
    gone_by_then, _ = truth(down(60, "a1", 230), down(70, "p1", 200))
    assert (gone_by_then.told, gone_by_then.page) == ("may", "may")


def test_given_a_child_mended_while_its_parent_is_cut_off_then_nobody_need_count_it_anew() -> None:
    _, router = truth(down(60, "a1", 240), down(200, "p1", 300))
    assert "a1" in router.spare
    assert "a1" not in router.members


def test_given_a_silence_that_begins_before_the_page_was_due_then_it_is_due_at_its_end() -> None:
    (fault,) = truth(down(60, "a1", 400), quiet=[Quiet(70, 190, frozenset({"a1"}))])
    assert (fault.page, fault.not_before_s, fault.due_s) == ("must", 190, 220)


def test_given_all_was_over_before_a_channel_worked_again_then_no_page_is_owed() -> None:
    (fault,) = truth(down(60, "a1", 60), deaf=[Deaf(30, 330, "gateway")])
    assert (fault.told, fault.page, fault.due_s) == ("must", "may", None)


def test_given_a_circuit_that_nobody_asks_across_is_cut_between_two_ports_that_stay_up_then_it_may_stay_unseen() -> (
    None
):
    (unseen,) = truth({"at": 60, "do": "circuit_cut", "circuit": "k-p1=p2", "for": 300})
    assert (unseen.kind, unseen.severity, unseen.told, unseen.page) == ("circuit", "minor", "may", "never")
    (cable,) = truth({"at": 60, "do": "circuit_cut", "circuit": "sea1", "for": 300})
    assert (cable.severity, cable.told) == ("major", "must")
