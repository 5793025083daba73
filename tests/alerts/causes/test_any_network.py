"""Whatever the network and whatever fails in it: every alarm has one place, and members are what the roots cut off."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.cause import Impact
from alerts.causes.grouping import Causes
from alerts.causes.severity import isolated, severity_of
from alerts.view import View
from tests.alerts.causes.watch import Watch, alarm
from tests.alerts.field import inventory_of
from tests.alerts.test_order import random_network
from tests.thorough import tried


def faults(seed: int, count: int) -> tuple[list[tuple[str, str]], list[str]]:
    network = random_network(seed)
    names = [*{name for pair in network for name in pair} - {"core-1"}, *(f"{a}={b}" for a, b in network)]
    return network, random.Random(seed).sample(sorted(names), count)


@tried(15, many=120)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 4), st.sampled_from([0.0, 40.0]), st.booleans())
def test_rule_18_on_any_network_each_alarm_has_one_cause_and_members_are_what_roots_cut_off(
    seed: int, order: int, count: int, gap_s: float, dark: bool
) -> None:
    network, broken = faults(seed, count)
    watch = Watch(inventory_of(network), "core-1", seed=order, gateway="core-1")
    watch.run(15.0)
    for key in broken:
        (watch.cut if "=" in key else watch.dead).add(key)
        watch.dark |= {key} if dark else set()
        watch.run_for(gap_s)
    watch.run_for(60.0)
    causes = watch.causes()
    alarms = [key for cause in causes for key in cause.alarms]
    assert sorted(alarms) == sorted(watch.alarms)
    live = watch.topology.reachable(watch.dead, watch.cut)
    members = [device for cause in causes for device in cause.impact.devices]
    assert sorted(members) == sorted(set(watch.inventory.devices) - live)
    for cause in causes:
        taken = [*cause.roots, *cause.earlier]
        left = watch.topology.reachable(
            {each.key for each in taken if each.kind == "device"}, {each.key for each in taken if each.kind == "link"}
        )
        assert not left & set(cause.impact.devices), "its roots, with what was lost before, cut all of them off"


@tried(10, many=80)
@given(st.integers(0, 10**6), st.integers(1, 3), st.randoms(use_true_random=False))
def test_rule_18_on_any_network_nobody_is_told_of_what_only_recovers_late(
    seed: int, count: int, draw: random.Random
) -> None:
    network, broken = faults(seed, count)
    watch = Watch(inventory_of(network), "core-1", seed=seed, gateway="core-1")
    watch.run(15.0)
    for key in broken:
        (watch.cut if "=" in key else watch.dead).add(key)
        watch.run_for(draw.choice([0.0, 3.0, 40.0]))
    watch.run_for(60.0)
    draw.shuffle(broken)
    for key in broken:
        (watch.cut if "=" in key else watch.dead).discard(key)
        watch.run_for(draw.choice([2.0, 10.0, 60.0]))
    watch.run_for(170.0)
    assert watch.causes() == ()
    right = set(broken) | {end for key in broken for end in key.split("=")}
    assert set(watch.told()) <= right
    spared = {key for key in broken if "=" in key and key in watch.told()}  # still cut when its router had another way
    assert len(watch.told()) <= len(broken) + len(spared)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.lists(st.floats(0.0, 300.0), min_size=30, max_size=30), st.randoms())
def test_given_alarms_at_any_times_then_each_has_one_place_whatever_their_order(
    seed: int, times: list[float], draw: random.Random
) -> None:
    """Also where times contradict what can have happened: a child long before its parent, holds that overlap."""
    network = random_network(seed)
    watch = Watch(inventory_of(network), "core-1")
    view = View(watch.inventory, watch.topology, watch.board)
    elements = [("device", key) for key in watch.inventory.devices] + [("link", key) for key in watch.inventory.links]
    chosen = random.Random(seed).sample(elements, 15)
    alarms = [
        alarm(kind, key, at, good_since=at + 50.0 if good > 200.0 else None, bad_since=at + good / 4)  # type: ignore[arg-type]
        for (kind, key), at, good in zip(chosen, times, times[15:], strict=False)
    ]
    causes = Causes(watch.inventory, watch.topology).group({each.key: each for each in alarms}, view)
    assert sorted(key for cause in causes for key in cause.alarms) == sorted(each.key for each in alarms)
    assert len({cause.root for cause in causes}) == len(causes)
    draw.shuffle(alarms)
    assert Causes(watch.inventory, watch.topology).group({each.key: each for each in alarms}, view) == causes


@given(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans(), st.booleans())
def test_given_more_harm_then_never_less_severe(few: int, more: int, core: bool, circuit: bool, cables: bool) -> None:
    def ranked(count: int, *, core: bool, circuit: bool, cables: bool) -> int:
        impact = Impact(institutions=("i",) * count, core=core, circuits=("c",) * circuit)
        assert isolated(impact) == count
        return severity_of("reachability", impact, (), cables=cables).rank

    least = ranked(min(few, more), core=False, circuit=False, cables=False)
    assert ranked(max(few, more), core=core, circuit=circuit, cables=cables) <= least
