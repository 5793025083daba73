"""Counters of the lab are the truth about its traffic: both ends agree, and faults do to them what they do on real routers."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.noc.lab.asker import IF, IFX, UPTIME, act, get, index_of, octets, walk, world
from tests.noc.lab.network import START

BOTH_ENDS = [("c1", "xe-0/0/1", "p1", "ge-0/0/0"), ("p1", "ge-0/0/2", "s1-r1", "Gi0/0"), ("c1", "ae0", "c2", "ae0")]
TROUBLE: list[dict[str, Any]] = [
    {"do": "link_down", "link": "ring-1", "lasts": 200},
    {"do": "link_down", "link": "core", "lasts": 90},
    {"do": "device_down", "device": "p2", "lasts": 300},
    {"do": "traffic", "link": "s1-a", "level": 1.0, "lasts": 100},
    {"do": "lag_member_down", "device": "c1", "interface": "ae0", "lasts": 150},
    {"do": "flap", "link": "ring-3", "times": 3, "period": 20},
    {"do": "circuit_cut", "circuit": "iru-sea", "lasts": 60},
    {"do": "loss", "link": "ring-2", "ratio": 0.1, "lasts": 60},
]
troubles = st.lists(st.tuples(st.integers(1, 600), st.sampled_from(TROUBLE)), max_size=5)
times = st.lists(st.floats(0, 900, allow_nan=False), min_size=2, max_size=8)


@given(events=troubles, asked=times, line=st.sampled_from(BOTH_ENDS))
@settings(deadline=None, max_examples=40)
def test_given_any_trouble_then_what_leaves_one_end_arrives_at_the_other(
    events: list[tuple[int, dict[str, Any]]], asked: list[float], line: tuple[str, str, str, str]
) -> None:
    lab = world(*(act(at, **{**event}) for at, event in events))
    lab.advance(START + 2000)
    a, b = lab.routers[line[0]], lab.routers[line[2]]
    near, far = a.number_of[line[1]], b.number_of[line[3]]

    def seen(t: float) -> tuple[int, ...]:
        one, other = a.counts(near, START + t), b.counts(far, START + t)
        return one.out_octets, one.in_octets, other.in_octets, other.out_octets

    zero = seen(0.0)
    told = {t: seen(t) for t in asked}
    assert told == {t: seen(t) for t in sorted(asked)}
    previous = zero
    for t in sorted(told):
        grown = [now - then for now, then in zip(told[t], zero, strict=True)]
        assert abs(grown[0] - grown[2]) <= 1
        assert abs(grown[1] - grown[3]) <= 1
        assert all(now >= before for now, before in zip(told[t], previous, strict=True))
        speed = a.ports[near].speed_bps
        assert max(grown) * 8 <= speed * t + 16
        previous = told[t]


def test_given_a_level_set_by_hand_then_the_rate_is_that_share_of_the_committed_rate() -> None:
    lab = world(act(10, "traffic", link="s1-a", level=0.5, direction="in"))
    before, after = octets(lab, "s1-r1", "Gi0/0", 20), octets(lab, "s1-r1", "Gi0/0", 80)
    assert after[0] - before[0] == 60 * 5_000_000 // 8
    assert after[1] - before[1] > 0


def test_given_a_full_line_then_packets_are_dropped_and_never_more_passes_than_fits() -> None:
    lab = world(act(10, "traffic", link="s1-a", level=3.0))
    index = index_of(lab, "s1-r1", "Gi0/0")
    assert get(lab, "s1-r1", f"{IF}.19.{index}", 600) > get(lab, "s1-r1", f"{IF}.19.{index}", 20)
    near = index_of(lab, "p1", "ge-0/0/2")
    grown = get(lab, "p1", f"{IFX}.10.{near}", 70) - get(lab, "p1", f"{IFX}.10.{near}", 10)
    assert grown == 60 * 30_000_000 // 8  # three times the committed rate still fits the gigabit port


def test_given_loss_on_a_line_then_its_receivers_count_errors() -> None:
    lab = world(act(10, "loss", link="ring-1", ratio=0.02))
    index = index_of(lab, "p1", "ge-0/0/0")
    assert get(lab, "p1", f"{IF}.14.{index}", 700) > get(lab, "p1", f"{IF}.14.{index}", 10)


def test_given_a_reboot_then_silence_then_uptime_and_counters_from_zero() -> None:
    lab = world(act(100, "reboot", device="p1", silence="10s"))
    assert get(lab, "p1", UPTIME, 99) > 10_000
    assert get(lab, "p1", UPTIME, 105) is None
    assert get(lab, "p1", UPTIME, 112) == 200
    assert 0 < octets(lab, "p1", "ge-0/0/0", 170)[0] < octets(lab, "p1", "ge-0/0/0", 99)[0]
    boots = "1.3.6.1.6.3.10.2.1.2.0"
    assert get(lab, "p1", boots, 120) == get(lab, "p1", boots, 50) + 1
    assert get(lab, "p1", "1.3.6.1.6.3.10.2.1.3.0", 120) == 10


def test_given_a_counter_reset_then_uptime_runs_on_and_the_discontinuity_is_told() -> None:
    lab = world(act(100, "counter_reset", device="p1", interface="ge-0/0/0"))
    index = index_of(lab, "p1", "ge-0/0/0")
    assert octets(lab, "p1", "ge-0/0/0", 101)[0] < octets(lab, "p1", "ge-0/0/0", 99)[0]
    assert get(lab, "p1", UPTIME, 101) - get(lab, "p1", UPTIME, 99) == 200
    assert get(lab, "p1", f"{IFX}.19.{index}", 99) == 0
    assert get(lab, "p1", f"{IFX}.19.{index}", 101) == get(lab, "p1", UPTIME, 100)
    other = index_of(lab, "p1", "ge-0/0/1")
    assert get(lab, "p1", f"{IFX}.19.{other}", 101) == 0


@pytest.mark.parametrize("reboot_at", [None, 50])
def test_given_a_planned_wrap_then_32_bit_counters_pass_zero_at_that_moment_and_64_bit_ones_run_on(
    reboot_at: int | None,
) -> None:
    before = [act(reboot_at, "reboot", device="p1", silence=5)] if reboot_at else []
    lab = world(*before, act(300, "wrap32", device="p1", interface="ge-0/0/0"))
    index = index_of(lab, "p1", "ge-0/0/0")

    def narrow(t: float) -> int:
        return int(get(lab, "p1", f"{IF}.10.{index}", t))

    def wide(t: float) -> int:
        return int(get(lab, "p1", f"{IFX}.6.{index}", t))

    assert narrow(299) > 2**31 > narrow(301)
    assert narrow(300) == 0
    assert wide(300) - wide(290) == (narrow(300) - narrow(290)) % 2**32
    assert 0 < wide(301) - wide(299) < 2 * 10**9 // 8
    if reboot_at is None:
        assert get(lab, "p1", f"{IFX}.19.{index}", 301) == 0


def test_given_a_live_wrap_then_counters_jump_before_it_and_say_so() -> None:
    lab = world()
    lab.add(act(100, "wrap32", "live", device="p1", interface="ge-0/0/0", lead=30))
    index = index_of(lab, "p1", "ge-0/0/0")
    assert get(lab, "p1", f"{IF}.10.{index}", 129) > get(lab, "p1", f"{IF}.10.{index}", 131)
    assert get(lab, "p1", f"{IFX}.19.{index}", 101) == get(lab, "p1", UPTIME, 100)


def test_given_a_reindex_then_names_keep_their_counters_under_other_numbers() -> None:
    lab = world(act(100, "reindex", device="p1"), act(200, "reindex", device="p1", offset=1000, places=0))
    first, second, third = (index_of(lab, "p1", "ge-0/0/0", t) for t in (50, 150, 250))
    assert first != second
    assert third == second + 1000
    assert sorted(walk(lab, "p1", f"{IFX}.1", 50).values()) == sorted(walk(lab, "p1", f"{IFX}.1", 250).values())
    seen = [octets(lab, "p1", "ge-0/0/0", t)[0] for t in (99, 100, 101, 199, 200, 201)]
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] < 110 * 10**9 // 8
    changed = "1.3.6.1.2.1.31.1.5.0"
    assert get(lab, "p1", changed, 50) == 0
    assert get(lab, "p1", changed, 150) == get(lab, "p1", UPTIME, 100)


def test_given_half_a_lag_then_its_rate_halves_and_the_other_member_carries_all() -> None:
    lab = world(act(100, "lag_member_down", device="c1", interface="ae0", lasts=100))
    lag = index_of(lab, "c1", "ae0")
    members = [port.name for port in lab.routers["c1"].ports if port.lag == "ae0"]
    speeds = [get(lab, "c1", f"{IFX}.15.{lag}", t) for t in (50, 150, 250)]
    assert speeds[1] * 2 == speeds[0] == speeds[2]
    first, second = (index_of(lab, "c1", name) for name in members)
    assert [get(lab, "c1", f"{IF}.8.{index}", 150) for index in (lag, first, second)] == [1, 2, 1]
    assert octets(lab, "c1", members[0], 110) == octets(lab, "c1", members[0], 190)
    whole = octets(lab, "c1", "ae0", 190)[1] - octets(lab, "c1", "ae0", 110)[1]
    part = octets(lab, "c1", members[1], 190)[1] - octets(lab, "c1", members[1], 110)[1]
    assert whole > 0
    # two lines ripple each in their own way round the same level
    assert 0.7 < part / whole < 1.4


def test_given_other_seeds_then_traffic_differs_and_the_same_seed_repeats_it() -> None:
    one, again, other = world(seed=1), world(seed=1), world(seed=2)
    assert (
        octets(one, "p1", "ge-0/0/0", 60) == octets(again, "p1", "ge-0/0/0", 60) != octets(other, "p1", "ge-0/0/0", 60)
    )
