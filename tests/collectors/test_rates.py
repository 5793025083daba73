"""Counters become rates, by the test vectors of SEMANTICS 1 to 6."""

import math

import numpy as np
import pytest

from collectors.contract import Reading
from collectors.joined import QUANTITIES
from collectors.rates import RateMeter
from inventory.quantities import QUANTITIES as MEASURED
from inventory.quantities import Flag
from tests.collectors.readings import device_batches, feed, reading, row

ROW = row()
NARROW_10M = row(speed_bps=10e6, wide=False)


def test_octets_over_time_are_bits_per_second_and_packets_are_packets() -> None:
    before = {"in_octets": 1000, "out_octets": 0, "in_packets": 10, "in_errors": 1, "out_discards": 2}
    after = {"in_octets": 4000, "out_octets": 300, "in_packets": 40, "in_errors": 4, "out_discards": 8}
    batch = feed(RateMeter(), reading(100, [ROW], [before]), reading(130, [ROW], [after]))[1]
    assert batch.quantities == QUANTITIES
    assert [batch.of(name)[0] for name in ("in_bps", "out_bps", "in_pps", "in_errors_ps", "out_discards_ps")] == [
        800,
        80,
        1,
        0.1,
        0.2,
    ]
    assert [batch.of(name)[0] for name in ("span_s", "flags", "oper_status")] == [30, 0, 1]
    assert (batch.measurement, batch.scope, batch.at, batch.rows) == ("interface", "dod-pe-1", 130, ("ge1",))


def test_every_quantity_that_is_made_stands_in_the_table() -> None:
    assert set(QUANTITIES) <= set(MEASURED)


def test_first_sight_knows_states_and_no_rates() -> None:
    (batch,) = feed(RateMeter(), reading(100, [ROW], [{"in_octets": 10**12, "oper_status": 7}]))
    assert np.isnan(batch.values[:8]).all()
    assert math.isnan(batch.of("span_s")[0])
    assert batch.of("oper_status")[0] == 7


def test_the_rows_of_batches_are_the_same_object_while_the_list_stands() -> None:
    rows = (ROW, row("ge2", index=2))
    first, second = feed(RateMeter(), *(reading(at, rows, [{}, {}]) for at in (100, 130)))
    assert second.rows is first.rows


def test_rule_01_narrow_counters_on_a_fast_line_are_marked_unreliable() -> None:
    for speed_bps, marked in ((100e6, True), (10e6, False), (1e9, True)):
        line = row(speed_bps=speed_bps, wide=False)
        batch = feed(RateMeter(), *(reading(at, [line], [{"in_octets": at}]) for at in (100, 130)))[1]
        assert bool(int(batch.of("flags")[0]) & Flag.UNRELIABLE) is marked
        assert batch.of("in_bps")[0] == 8


def test_rule_01_narrow_octets_that_may_have_wrapped_twice_unseen_are_not_known() -> None:
    line = row(speed_bps=50e6, wide=False)
    batch = feed(RateMeter(), *(reading(at, [line], [{"in_octets": at}]) for at in (100, 1000)))[1]
    assert math.isnan(batch.of("in_bps")[0])
    assert int(batch.of("flags")[0]) & Flag.UNRELIABLE


def test_rule_01_narrow_octets_on_a_line_that_wraps_them_between_polls_are_not_known() -> None:
    line = row(speed_bps=10e9, wide=False)
    batch = feed(RateMeter(), *(reading(at, [line], [{"in_octets": at}]) for at in (100, 130)))[1]
    assert math.isnan(batch.of("in_bps")[0])
    assert int(batch.of("flags")[0]) & Flag.UNRELIABLE


@pytest.mark.parametrize("speed_bps", [10e6, 100e6, math.nan])
def test_rule_02_a_narrow_counter_that_wrapped_is_put_right(speed_bps: float) -> None:
    line = row(speed_bps=speed_bps, wide=False)
    batch = feed(
        RateMeter(60), reading(100, [line], [{"in_octets": 4294967000}]), reading(160, [line], [{"in_octets": 200}])
    )[1]
    assert batch.of("in_bps")[0] == pytest.approx(496 * 8 / 60)
    assert int(batch.of("flags")[0]) & Flag.WRAPPED


def test_rule_02_a_wide_counter_that_wrapped_is_put_right() -> None:
    batch = feed(
        RateMeter(), reading(100, [ROW], [{"in_octets": 2**64 - 1000}]), reading(130, [ROW], [{"in_octets": 2000}])
    )[1]
    assert batch.of("in_bps")[0] == pytest.approx(3000 * 8 / 30)


def test_rule_02_a_reboot_between_polls_gives_no_rate_and_a_mark_and_never_a_spike() -> None:
    rows = [ROW, row("ge2", index=2), row("ge3", index=3, speed_bps=10e6, wide=False)]
    before = [{"in_octets": 10**12}, {"in_octets": 50}, {"in_octets": 4 * 10**9}]
    after = [{"in_octets": 10**6}, {"in_octets": 90}, {"in_octets": 100}]
    batch = feed(RateMeter(), reading(1000, rows, before), reading(1030, rows, after, uptime_s=12))[1]
    assert np.isnan(batch.values[:8]).all()
    assert (batch.of("flags").astype(int) & Flag.RESET).all()
    assert (batch.of("oper_status") == 1).all()


def test_rule_02_refined_counters_that_go_on_through_a_restart_of_the_agent_keep_the_sample() -> None:
    meter = RateMeter()
    batch = feed(
        meter,
        reading(1000, [ROW], [{"in_octets": 10**12}]),
        reading(1030, [ROW], [{"in_octets": 10**12 + 30_000}], uptime_s=5),
    )[1]
    assert batch.of("in_bps")[0] == 8000
    assert batch.of("flags")[0] == 0


def test_rule_02_refined_packets_not_yet_counted_after_a_restart_of_the_agent_are_unknown_and_no_reset() -> None:
    meter, other = RateMeter(), row("ge2", index=2)
    steps = [
        (9000.0, {"in_octets": 10_000, "in_packets": 500}, {"in_octets": 7000, "in_packets": 70}),
        (0.5, {"in_octets": 13_000, "in_packets": 0}, {"in_octets": 7000, "in_packets": 0}),
        (30.5, {"in_octets": 16_000, "in_packets": 560}, {"in_octets": 7000, "in_packets": 70}),
        (60.5, {"in_octets": 19_000, "in_packets": 590}, {"in_octets": 7000, "in_packets": 70}),
    ]
    speeds = (1e9, 1e10, 1e10, 1e9)  # nor are speeds of the configuration told at once
    readings = [
        reading(1000 + 30 * place, [row(speed_bps=speeds[place]), other], cells, uptime_s=uptime_s)
        for place, (uptime_s, *cells) in enumerate(steps)
    ]
    batches = [batch for each in readings for batch in meter.feed([each])]
    interfaces = [batch for batch in batches if batch.measurement == "interface"][1:]
    assert [batch.of("in_bps").tolist() for batch in interfaces] == [[800, 0]] * 3
    packets = [batch.of("in_pps")[0] for batch in interfaces]
    assert packets == pytest.approx([math.nan, math.nan, 1.0], nan_ok=True), "no spike when they are counted again"
    assert not any(batch.of("flags").any() for batch in interfaces)
    assert not any(batch.of("reboots").any() for batch in batches if batch.measurement == "device")


def test_rule_02_refined_a_link_made_anew_without_a_restart_gives_no_rate_and_its_neighbours_go_on() -> None:
    rows = [row("ge1", speed_bps=math.nan), row("ge2", index=2)]
    batch = feed(
        RateMeter(),
        reading(1000, rows, [{"in_octets": 10**9, "in_packets": 10**6}, {"in_octets": 0}]),
        reading(1030, rows, [{"in_octets": 100, "in_packets": 2}, {"in_octets": 3000}]),
    )[1]
    assert np.isnan(batch.values[:8, 0]).all()
    assert int(batch.of("flags")[0]) == Flag.RESET
    assert batch.of("in_bps")[1] == 800


def test_rule_02_a_narrow_link_made_anew_is_told_by_its_discontinuity_time() -> None:
    before = {"in_octets": 4294967000}
    batch = feed(
        RateMeter(),
        reading(1000, [NARROW_10M], [before]),
        reading(1030, [NARROW_10M], [{"in_octets": 200}], anew=(0,)),
    )[1]
    assert math.isnan(batch.of("in_bps")[0])
    assert int(batch.of("flags")[0]) == Flag.RESET


def test_rule_02_a_narrow_counter_that_cannot_have_wrapped_on_its_line_was_reset() -> None:
    batch = feed(
        RateMeter(),
        reading(1000, [NARROW_10M], [{"in_octets": 10**9}]),
        reading(1030, [NARROW_10M], [{"in_octets": 5}]),
    )[1]
    assert math.isnan(batch.of("in_bps")[0])
    assert int(batch.of("flags")[0]) == Flag.RESET


def test_rule_02_error_counters_that_were_cleared_alone_leave_the_traffic_as_it_is() -> None:
    line = row(speed_bps=400e9)
    batch = feed(
        RateMeter(),
        reading(1000, [line], [{"in_octets": 0, "in_errors": 5000}]),
        reading(1030, [line], [{"in_octets": 3000, "in_errors": 0}]),
    )[1]
    assert batch.of("in_bps")[0] == 800
    assert math.isnan(batch.of("in_errors_ps")[0])


def test_rule_03_after_lost_polls_the_rate_is_over_the_true_time_and_marked_as_one_long_point() -> None:
    meter = RateMeter(every_s=300)
    batches = feed(
        meter,
        reading(1000, [ROW], [{"in_octets": 0}]),
        reading(2200, [ROW], [{"in_octets": 120_000}]),
        reading(2500, [ROW], [{"in_octets": 150_000}]),
    )
    assert [batch.of("span_s")[0] for batch in batches[1:]] == [1200, 300]
    assert [batch.of("in_bps")[0] for batch in batches[1:]] == [800, 800]
    assert [int(batch.of("flags")[0]) for batch in batches[1:]] == [Flag.LONG, 0]


def test_rule_03_the_time_is_that_of_the_device_where_both_clocks_agree_and_ours_where_not() -> None:
    def span(uptime_s: float) -> float:
        pair = reading(1000, [ROW], [{}], uptime_s=5000), reading(1030, [ROW], [{}], uptime_s=uptime_s)
        return float(feed(RateMeter(), *pair)[1].of("span_s")[0])

    assert span(5031) == 31
    assert span(5000) == 30  # the device's clock stands
    assert span(9999) == 30  # or runs wild


def test_rule_03_a_reading_that_is_no_newer_is_left_out() -> None:
    meter = RateMeter()
    at = [reading(when, [ROW], [{"in_octets": when * 10}]) for when in (1000, 1030, 1060)]
    batches = feed(meter, at[0], at[2], at[1], at[2], at[0])
    assert len(batches) == 2
    assert feed(meter, reading(1090, [ROW], [{"in_octets": 10_900}]))[0].of("in_bps")[0] == 80


@pytest.mark.parametrize("absent_as", ["not in the list", "in the list and unknown"])
def test_rule_04_after_an_interface_was_away_its_next_step_is_not_counted(absent_as: str) -> None:
    two = [ROW, row("ge2", index=2)]
    gone = (
        reading(1030, [ROW], [{}])
        if absent_as == "not in the list"
        else reading(1030, two, [{}, {"unknown": 1, "in_octets": 0}])
    )
    batches = feed(
        RateMeter(),
        reading(1000, two, [{}, {"in_octets": 1000}]),
        gone,
        reading(1060, two, [{}, {"in_octets": 9_000_000}]),
        reading(1090, two, [{}, {"in_octets": 9_003_000}]),
    )
    assert math.isnan(batches[2].of("in_bps")[1])
    assert batches[2].of("oper_status")[1] == 1
    assert batches[3].of("in_bps")[1] == 800
    assert batches[2].of("in_bps")[0] == 0


def test_rule_05_interfaces_that_swap_their_indexes_both_go_on() -> None:
    a, b = {"in_octets": 1000}, {"in_octets": 500_000}
    a2, b2 = {"in_octets": 4000}, {"in_octets": 530_000}
    before = reading(1000, [row("Gi0/1", index=1), row("Gi0/2", index=2)], [a, b])
    after = reading(1030, [row("Gi0/2", index=1), row("Gi0/1", index=2)], [b2, a2])
    batch = feed(RateMeter(), before, after)[1]
    assert dict(zip(batch.rows, batch.of("in_bps").tolist(), strict=True)) == {"Gi0/1": 800, "Gi0/2": 8000}
    assert not batch.of("flags").any()


def test_rule_06_a_wrap_of_uptime_is_no_reboot() -> None:
    meter = RateMeter(60)
    first = reading(1_000_000, [ROW], [{"in_octets": 0}], uptime_s=42949642.96)
    second = reading(1_000_060, [ROW], [{"in_octets": 60_000}], uptime_s=30)
    assert (first.uptime_ticks, second.uptime_ticks) == (4294964296, 3000)
    interface, device = meter.feed([first]) and meter.feed([second])
    assert interface.of("in_bps")[0] == 8000
    assert interface.of("span_s")[0] == 60
    assert device.of("reboots")[0] == 0
    assert device.of("uptime_s")[0] == pytest.approx(42949672.96 + 30)


def test_rule_06_an_uptime_that_fell_with_its_start_moved_is_a_reboot() -> None:
    batches = device_batches(
        RateMeter(),
        reading(1000, [ROW], [{"in_octets": 900}], uptime_s=5000),
        reading(1030, [ROW], [{"in_octets": 10}], uptime_s=20),
        reading(1060, [ROW], [{"in_octets": 20}], uptime_s=50),
    )
    assert [batch.of("reboots")[0] for batch in batches] == [0, 1, 0]
    assert [batch.of("uptime_s")[0] for batch in batches] == [5000, 20, 50]
    assert batches[0].rows == ("dod-pe-1",)


def test_rule_06_a_restart_while_nobody_asked_is_seen_though_uptime_did_not_fall() -> None:
    batches = device_batches(
        RateMeter(),
        reading(1000, [ROW], [{"in_octets": 900}], uptime_s=40),
        reading(2000, [ROW], [{"in_octets": 10}], uptime_s=300),
    )
    assert batches[1].of("reboots")[0] == 1


def test_rule_06_a_clock_that_jitters_is_no_reboot() -> None:
    batches = device_batches(
        RateMeter(),
        reading(1000, [ROW], [{}], uptime_s=100.00),
        reading(1000.5, [ROW], [{}], uptime_s=99.98),
        reading(1030, [ROW], [{}], uptime_s=99.98),
    )
    assert [batch.of("reboots")[0] for batch in batches] == [0, 0, 0]


def test_rule_29_more_than_the_line_carries_is_refused_and_kept_only_when_it_goes_on() -> None:
    line = row(speed_bps=10e6)
    octets = [0, 10**9, 10**9 + 3000, 2 * 10**9, 3 * 10**9, 4 * 10**9, 5 * 10**9]
    batches = feed(
        RateMeter(), *(reading(1000 + 30 * i, [line], [{"in_octets": each}]) for i, each in enumerate(octets))
    )
    rates = [batch.of("in_bps")[0] for batch in batches]
    assert math.isnan(rates[1])
    assert rates[2] == 800
    assert math.isnan(rates[3]) and math.isnan(rates[4])
    assert rates[5] == rates[6] == pytest.approx(10**9 * 8 / 30)
    assert [int(batch.of("flags")[0]) for batch in batches] == [0, 16, 0, 16, 16, 16, 16]


def test_rule_50_counters_that_freeze_are_unknown_and_the_next_step_is_over_the_whole_time() -> None:
    octets = [0, 30_000, 60_000, 60_000, 60_000, 150_000]
    batches = feed(
        RateMeter(), *(reading(1000 + 30 * i, [ROW], [{"in_octets": each}]) for i, each in enumerate(octets))
    )
    rates = [batch.of("in_bps")[0] for batch in batches]
    assert rates[1:3] == [8000, 8000]
    assert np.isnan(rates[3:5]).all()
    assert rates[5] == 8000
    assert [batch.of("span_s")[0] for batch in batches[4:]] == pytest.approx([math.nan, 90], nan_ok=True)
    assert [int(batch.of("flags")[0]) for batch in batches[3:]] == [Flag.FROZEN, Flag.FROZEN, Flag.LONG]


def test_a_device_that_idles_for_long_has_zeros_again() -> None:
    octets = [0, 30_000, *([60_000] * 14)]
    batches = feed(
        RateMeter(), *(reading(1000 + 30 * i, [ROW], [{"in_octets": each}]) for i, each in enumerate(octets))
    )
    assert [batch.of("in_bps")[0] for batch in batches[-3:]] == [0, 0, 0]
    assert feed(RateMeter(), *(reading(1000 + 30 * i, [ROW], [{}]) for i in range(2)))[1].of("in_bps")[0] == 0


def test_rule_05_rows_that_moved_to_other_indexes_and_began_anew_are_unknown_together() -> None:
    before = [row("a", index=1), row("b", index=2), row("c", index=3)]
    after = [row("a", index=1001), row("b", index=1002), row("c", index=3)]
    batch = feed(
        RateMeter(),
        reading(1000, before, [{"in_octets": 10**9}, {"in_octets": 10}, {"in_octets": 0}]),
        reading(1030, after, [{"in_octets": 5}, {"in_octets": 9000}, {"in_octets": 3000}]),
    )[1]
    assert batch.of("in_bps").tolist() == pytest.approx([math.nan, math.nan, 800], nan_ok=True)
    assert batch.of("flags").tolist() == [Flag.RESET, Flag.RESET, 0]


def test_two_readings_of_a_device_in_one_tick_are_two_steps() -> None:
    batches = RateMeter().feed([reading(1000 + 30 * i, [ROW], [{"in_octets": 3000 * i}]) for i in range(3)])
    rates = [batch.of("in_bps")[0] for batch in batches if batch.measurement == "interface"]
    assert rates == pytest.approx([math.nan, 800, 800], nan_ok=True)


def test_devices_of_one_tick_do_not_mix() -> None:
    meter = RateMeter()

    def tick(at: int) -> list[Reading]:
        return [
            reading(
                at,
                [row(f"p{j}", index=j + 1) for j in range(i)],
                [{"in_octets": at * (i + j)} for j in range(i)],
                device=f"d{i}",
            )
            for i in range(6)
        ]

    meter.feed(tick(1000))
    batches = {batch.scope: batch for batch in meter.feed(tick(1030)) if batch.measurement == "interface"}
    for i in range(1, 6):
        assert batches[f"d{i}"].of("in_bps").tolist() == [8.0 * (i + j) for j in range(i)]
    assert "d0" not in batches


def test_a_forgotten_device_starts_anew() -> None:
    meter = RateMeter()
    feed(meter, reading(1000, [ROW], [{}]))
    meter.forget("dod-pe-1")
    assert np.isnan(feed(meter, reading(1030, [ROW], [{}]))[0].of("in_bps")).all()
