import pytest

from alerts.board import Board
from inventory.status import StatusRow
from inventory.topology import Topology
from tests.alerts.field import PING, SNMP, Field, Pulse, inventory_of

TREE = [("core-1", "pe"), ("core-1", "core-2"), ("pe", "a"), ("pe", "b"), ("pe", "c"), ("core-2", "d")]
RING = [("core-1", "p1"), ("p1", "p2"), ("p2", "p3"), ("p3", "core-1"), ("p1", "x"), ("p2", "y"), ("p3", "z")]
DUAL = [("core-1", "p1"), ("core-1", "p2"), ("p1", "x"), ("p2", "x"), ("core-1", "q")]


def settled(links: list[tuple[str, str]] = TREE, **options: object) -> Field:
    field = Field(inventory_of(links), "core-1", **options)  # type: ignore[arg-type]
    field.run(20.0)
    assert set(field.states().values()) == {"up"}
    field.said.clear()
    return field


def not_up(field: Field) -> dict[str, str]:
    return {key: state for key, state in field.states().items() if state != "up"}


@pytest.mark.parametrize("seed", range(8))
def test_rule_11_a_silent_death_is_confirmed_within_thirteen_seconds(seed: int) -> None:
    field = settled(seed=seed)
    died = field.now = 20.0 + seed * 0.7
    field.run(died)
    field.dead = {"pe"}
    field.run(died + 13.1)
    (said,) = field.said_of("device", "pe")
    assert said.after == "down"
    assert 6.5 <= said.at - died <= 13.1
    assert died <= (said.since or 0) <= died + 5.0


@pytest.mark.parametrize("seed", range(8))
def test_rule_11_a_cut_link_is_shown_down_within_eight_seconds(seed: int) -> None:
    field = settled(RING, seed=seed)
    field.cut = {"p2=p3"}
    field.run_for(8.0)
    (said,) = field.said_of("link", "p2=p3")
    assert (said.after, said.before) == ("down", "up")
    assert 20.0 <= (said.since or 0) <= 25.1
    assert not_up(field) == {"link p2=p3": "down", "site s-p3": "degraded"}


def test_rule_11_with_every_neighbours_port_down_four_more_losses_suffice() -> None:
    field = settled()
    field.dark = {"d"}
    field.dead = {"d"}
    field.run_for(9.6)
    (said,) = field.said_of("device", "d")
    assert said.after == "down"
    assert field.row("link", "core-2=d").state == "down"


def test_rule_18_a_dead_router_is_the_root_and_the_sites_behind_it_are_unreachable() -> None:
    field = settled()
    field.dead = {"pe"}
    field.run_for(20.0)
    assert field.states()["device pe"] == "down"
    for child in "abc":
        row = field.row("device", child)
        assert (row.state, row.figures["cause"]) == ("unreachable", "pe")
        assert field.row("site", f"s-{child}").state == "unreachable"
        assert field.row("link", f"pe={child}").state == "unreachable"
    assert field.row("link", "core-1=pe").state == "up", "its port towards the dead router still reads up"


def test_rule_18_after_the_parent_is_back_a_dead_child_is_proven_before_it_is_down() -> None:
    field = settled()
    field.dead = {"pe", "a"}
    field.run_for(30.0)
    field.said.clear()
    field.dead = {"a"}
    field.run_for(30.0)
    back = field.said_of("device", "pe")[0].at
    (child,) = field.said_of("device", "a")
    assert (child.before, child.after) == ("unreachable", "down")
    assert child.at >= back + 5.0
    assert (child.since or 0) < back - 20, "it has been silent since before"
    assert not_up(field) == {"device a": "down", "site s-a": "down"}


def test_rule_19_one_of_two_ways_lost_is_degraded_not_down() -> None:
    field = settled(DUAL)
    field.dead = {"p1"}
    field.run_for(20.0)
    assert field.states()["device x"] == "up"
    assert field.states()["site s-x"] == "degraded"
    field.dead = {"p1", "p2"}
    field.run_for(20.0)
    assert field.states()["device x"] == "unreachable"
    assert {key for key, state in field.states().items() if state == "down" and "device" in key} == {
        "device p1",
        "device p2",
    }


def test_given_a_ring_cut_twice_then_the_links_are_the_roots() -> None:
    field = settled(RING)
    field.cut = {"core-1=p1"}
    field.run_for(20.0)
    assert {key for key in not_up(field) if "device" in key} == set()
    field.cut = {"core-1=p1", "p2=p3"}
    field.run_for(20.0)
    states = field.states()
    assert {states[f"device {key}"] for key in ("p1", "p2", "x", "y")} == {"unreachable"}
    assert states["device p3"] == "up"
    assert field.row("device", "x").figures["cause"] in field.cut


def test_rule_46_a_hung_agent_is_up_and_agent_silent() -> None:
    field = settled()
    field.mute = {"a"}
    field.run_for(15.0)
    row = field.row("device", "a")
    assert (row.state, row.reason) == ("up", "agent-silent")
    assert field.row("link", "pe=a").state == "up"


def test_rule_21_the_pollers_own_cable_out_is_blindness_and_no_site_is_down() -> None:
    field = settled()
    field.isolated = True
    field.run_for(60.0)
    assert set(field.states().values()) == {"up"}
    assert field.board.blind_since is not None
    assert field.row("device", "a").reason == "blind"
    field.isolated = False
    field.run_for(20.0)
    assert field.board.blind_since is None
    assert {row.reason for row in field.board.rows()} == {""}
    assert not field.said, "it is said once, by the board, and not for every device"


def test_rule_46_with_every_agent_silent_the_poller_still_sees_and_a_death_is_found() -> None:
    field = settled()
    field.mute = set(field.inventory.devices)
    field.run_for(30.0)
    field.dead = {"a"}
    field.run_for(30.0)
    assert field.board.blind_since is None
    assert field.row("device", "a").state == "down"


def test_rule_21_a_device_that_died_in_the_dark_is_down_when_sight_is_back() -> None:
    field = settled()
    field.isolated = True
    field.run_for(40.0)
    field.dead = {"a"}
    field.isolated = False
    field.run_for(30.0)
    assert not_up(field) == {"device a": "down", "site s-a": "down"}


def test_rule_21_two_regions_dead_at_once_are_no_blindness() -> None:
    links = [("core-1", "p1"), ("core-1", "p2"), ("core-1", "core-2")]
    links += [(f"p{1 + number % 2}", f"c{number}") for number in range(12)]
    field = settled(links)
    field.dead = {"p1", "p2"}
    field.run_for(30.0)
    assert {key for key, state in field.states().items() if state == "down"} == {
        "device p1",
        "device p2",
        "site s-p1",
        "site s-p2",
    }


def test_rule_22_when_nobody_asks_any_more_the_states_stand() -> None:
    field = settled()
    for moment in range(100):
        assert field.board.sweep(1000.0 + moment) == ()
    assert set(field.states().values()) == {"up"}


def test_rule_29_more_than_the_contract_can_carry_is_refused_and_shown() -> None:
    field = settled()
    figures = {"in_bps": 8e9, "out_bps": 1e6, "in_ratio": 80.0, "out_ratio": 0.02}
    field.board.set_link_figures("pe=a", figures, 21.0)
    row = field.row("link", "pe=a")
    assert "in_ratio" not in row.figures
    assert (row.figures["in_bps"], row.figures["out_ratio"], row.flags) == (8e9, 0.02, ("rate-refused",))


def test_given_an_external_circuit_with_all_anchors_lost_then_down_though_its_port_is_up() -> None:
    inventory = inventory_of([("core-1", "external"), ("core-1", "a")], anchors={"c-core-1=external": ("192.0.2.1",)})
    field = Field(inventory, "core-1")
    field.run(20.0)
    assert field.states()["link core-1=external"] == "up"
    for step in range(11):
        field.board.feed_anchor("c-core-1=external", 20.0 + step / 2, {"192.0.2.1": None, "192.0.2.2": None})
    assert field.states()["link core-1=external"] == "up", "the router before it must answer first"
    field.run(26.0)
    field.board.feed_anchor("c-core-1=external", 30.0, {"192.0.2.1": None, "192.0.2.2": None})
    row = field.row("link", "core-1=external")
    assert (row.state, row.reason, row.since) == ("down", "no-path", 20.0)
    field.board.feed_anchor("c-core-1=external", 40.0, {"192.0.2.1": None, "192.0.2.2": 180.0})
    row = field.row("link", "core-1=external")
    assert (row.state, row.reason, row.since) == ("up", "", 40.0)


def test_given_a_port_shut_at_one_end_then_the_link_is_down_on_purpose() -> None:
    field = settled()
    for at in (21.0, 24.0):
        field.board.feed_ports("a", at, {"to-pe": (2, 2)})
    row = field.row("link", "pe=a")
    assert (row.state, row.reason, row.since) == ("down", "admin-down", 21.0)


@pytest.mark.parametrize("told_at", [24.0, 40.0])
def test_given_the_only_port_towards_a_router_was_shut_then_the_router_is_unreachable_and_not_down(
    told_at: float,
) -> None:
    field = settled()
    field.cut = {"pe=a"}
    field.run(told_at)
    field.board.feed_ports("pe", told_at, {"to-a": (2, 2)}, whole=False)
    field.run(45.0)
    row = field.row("device", "a")
    assert (row.state, row.figures["cause"]) == ("unreachable", "pe=a")
    field.cut = set()
    field.run(70.0)
    assert not not_up(field)


@pytest.mark.parametrize("parent", ["link", "router"])
def test_rule_18_what_is_behind_a_recovery_gets_the_time_that_routing_needs_before_it_is_called_down(
    parent: str,
) -> None:
    field = settled()
    field.cut, field.dead = ({"pe=a"}, set()) if parent == "link" else (set(), {"pe"})
    field.run(24.0)
    if parent == "link":
        field.board.feed_ports("pe", 24.0, {"to-a": (2, 2)}, whole=False)
    field.run(40.0)
    assert field.row("device", "a").state == "unreachable"
    field.said.clear()
    field.cut, field.dead = set(), {"a"}
    field.run(56.0)
    assert not [each for each in field.said_of("device", "a") if each.after == "down"], "routes are still being found"
    field.run(80.0)
    assert field.row("device", "a").state == "down", "it did not come back with the rest"


def test_rule_21_given_a_router_dies_while_the_poller_is_isolated_then_its_downtime_begins_when_it_is_missed() -> None:
    field = Field(inventory_of([("core", "pe"), ("pe", "x"), ("core", "y"), ("core", "z")]), "core")
    field.run(30)
    field.isolated = True
    field.run(80)
    assert field.board.blind_since is not None
    field.dead = {"x"}
    field.run(120)
    field.isolated = False
    field.run(150)
    row = field.row("device", "x")
    assert row.state == "down"
    assert row.since is not None
    assert row.since >= 120, "what the poller itself missed is not charged to the router"


@pytest.mark.parametrize("seed", range(6))
def test_rule_46_given_the_agent_above_a_cut_hangs_then_nobody_below_waits_for_routing(seed: int) -> None:
    field = Field(inventory_of([("core", "pe"), ("pe", "far"), ("far", "x"), ("far", "y")]), "core", seed=seed)
    field.run(30)
    field.mute.add("pe")
    field.run(90)
    field.cut.add("pe=far")
    field.run(105)
    assert [field.row("device", key).state for key in ("far", "x", "y")] == ["down", "unreachable", "unreachable"]


def test_given_a_declared_port_that_the_device_lacks_then_the_other_end_decides() -> None:
    field = settled()
    for at in (21.0, 51.0):
        field.board.feed_ports("a", at, {"lo0": (1, 1)})
    assert field.row("link", "pe=a").state == "up"
    for at in (21.0, 51.0):
        field.board.feed_ports("pe", at, {"to-b": (1, 1), "to-c": (1, 1), "to-core-1": (1, 1)})
    row = field.row("link", "pe=a")
    assert (row.state, row.reason) == ("unknown", "not-seen")


def test_given_a_restart_then_states_and_their_beginnings_survive() -> None:
    field = settled()
    field.dead = {"pe"}
    field.run_for(20.0)
    before = {(row.kind, row.key): (row.state, row.since) for row in field.board.rows()}
    rows = list(field.board.rows())
    field.board = Board(field.inventory, field.topology)
    field.board.restore(rows)
    field.said.clear()
    assert {(row.kind, row.key): (row.state, row.since) for row in field.board.rows()} == before
    field.run_for(40.0)
    assert {(row.kind, row.key): (row.state, row.since) for row in field.board.rows()} == before
    assert not field.said
    field.dead = set()
    field.run_for(20.0)
    assert not not_up(field)


def test_given_a_device_without_declared_links_then_its_silence_is_down() -> None:
    field = Field(inventory_of([("core-1", "a"), ("island", "isle")]), "core-1")
    board = field.board
    for step in range(12):
        at = 10.0 + step / 2
        board.feed_pulse(Pulse("island", at, at + 1, {PING: None, SNMP: None}))
        board.feed_pulse(Pulse("isle", at, at + 1, {PING: None, SNMP: None}))
    board.feed_pulse(Pulse("core-1", 16.0, 16.0, {PING: 1.0, SNMP: 1.0}))
    board.sweep(18.0)
    assert {field.states()["device island"], field.states()["device isle"]} == {"down"}


def test_rule_18_a_first_loss_has_the_neighbours_asked_before_anything_is_decided() -> None:
    board = settled().board
    assert board.hurried() == ()
    board.feed_pulse(Pulse("a", 21.0, 22.0, {PING: None, SNMP: None}))
    assert board.hurried() == ("pe",)
    assert board.hurried() == ()
    assert (board.next_due("a"), board.next_due("b")) == (0.5, 5.0)


def test_given_one_reading_of_a_port_down_then_its_device_is_asked_again_soon() -> None:
    board = settled().board
    board.feed_pulse(Pulse("a", 21.0, 21.1, {PING: 1.0, SNMP: 1.0}, ports={"to-pe": 7}))
    assert board.next_due("a") == 0.5
    board.feed_pulse(Pulse("a", 21.5, 21.6, {PING: 1.0, SNMP: 1.0}, ports={"to-pe": 1}))
    assert board.next_due("a") == 5.0


@pytest.mark.parametrize("seed", range(10))
def test_rule_15_what_nobody_was_told_of_is_asked_again_each_half_second_though_it_is_proven(seed: int) -> None:
    field = settled(seed=seed)
    field.dead, field.cut = {"a"}, {"pe=b"}
    field.run_for(20.0)
    assert (field.row("device", "a").state, field.row("link", "pe=b").state) == ("down", "down")
    field.dead, field.cut = set(), set()
    field.run_for(1.5)
    assert (field.row("device", "a").state, field.row("link", "pe=b").state) == ("up", "up")


def test_rule_09_a_silent_device_is_known_as_such_until_it_answers() -> None:
    field = settled()
    field.dead = {"a"}
    field.run_for(40.0)
    assert field.board.silent("a")
    assert field.board.next_due("a") == 5.0
    field.dead = set()
    field.run_for(6.0)
    assert not field.board.silent("a")


def test_given_nothing_new_then_no_row_changed() -> None:
    field = settled()
    taken = list(field.board.changed_rows())
    assert len(taken) == len(list(field.board.rows()))
    assert list(field.board.changed_rows()) == []
    field.run_for(11.0)
    assert {row.key for row in field.board.changed_rows()} >= set(field.inventory.devices)


def test_given_rows_then_they_carry_labels_and_figures() -> None:
    field = settled()
    link, site, device = field.row("link", "pe=a"), field.row("site", "s-a"), field.row("device", "a")
    assert (link.labels["a"], link.labels["b"], link.labels["in_committed_bps"]) == ("pe:to-a", "a:to-pe", 1e8)
    assert site.figures == {"devices": 1, "devices_up": 1, "links": 1, "links_up": 1}
    assert device.figures["rtt_ms"] == 20.0
    assert isinstance(device, StatusRow)


def test_given_an_unknown_device_or_link_then_the_board_is_not_disturbed() -> None:
    field = settled()
    board = field.board
    assert board.feed_pulse(Pulse("nobody", 21.0, 21.0, {PING: None})) == ()
    assert board.feed_ports("nobody", 21.0, {}) == ()
    assert board.feed_anchor("nobody", 21.0, {"192.0.2.1": None}) == ()
    board.set_link_figures("nobody", {}, 21.0)
    with pytest.raises(KeyError):
        Topology(field.inventory, "nobody")
