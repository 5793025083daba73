"""Rules over measurements: levels, use, peers, round trips, restarts, silence; one sample of use makes nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Alarm, Outcome, Phase, Verdict
from alerts.machine import Machine
from alerts.rules.course import own_level
from alerts.rules.judge import Judge
from alerts.rules.measurements import MEASUREMENTS
from alerts.rules.reading import read_rules
from alerts.subject import Subject
from alerts.view import View
from inventory.batch import Batch
from inventory.model import Circuit, Inventory
from inventory.status import StatusRow
from tests.alerts.field import Field, inventory_of

NOWHERE = Path("/nonexistent")
NAN = float("nan")
GOOD, BAD, UNKNOWN = Outcome.GOOD, Outcome.BAD, Outcome.UNKNOWN


class House:
    """Batches in, alarms out, over a small network."""

    def __init__(self, directory: Path = NOWHERE, inventory: Inventory | None = None) -> None:
        self.inventory = inventory or inventory_of([("core", "pe"), ("pe", "cpe"), ("pe", "external")])
        self.field = Field(self.inventory, "core")
        self.view = View(self.inventory, self.field.topology, self.field.board)
        self.book = read_rules(directory)
        self.machine = Machine(self.book)
        self.judge = Judge(self.book, self.inventory, self.machine.alarms)
        self._rows: dict[str, tuple[str, ...]] = {}
        self.last: list[Verdict] = []

    def batch(self, name: str, scope: str, at: float, rows: Mapping[str, Mapping[str, float]]) -> Batch:
        """Rows as name -> quantity -> value; what is not said is NaN."""
        key = f"{name} {scope} {sorted(rows)}"
        names = self._rows.setdefault(key, tuple(rows))
        quantities = MEASUREMENTS[name].quantities or ("failing",)
        values = np.array([[rows[row].get(each, NAN) for row in names] for each in quantities])
        return Batch(name, scope, int(at), names, quantities, values)

    def feed(self, *batches: Batch) -> list[Alarm]:
        now = float(batches[-1].at)
        self.last = self.judge.judge(batches, self.view)
        return [*self.machine.feed(self.last, now), *self.machine.tick(now)]

    def play(
        self, name: str, scope: str, row: str, figures: Sequence[Mapping[str, float]], *, start: float = 0.0
    ) -> list[str]:
        """One sample an interval; "rule phase" of every change of phase."""
        every_s = MEASUREMENTS[name].every_s
        phases: dict[str, Phase] = {key: alarm.phase for key, alarm in self.machine.alarms.items()}
        found = []
        for number, one in enumerate(figures):
            for alarm in self.feed(self.batch(name, scope, start + number * every_s, {row: one})):
                if phases.get(alarm.key) is not alarm.phase:
                    phases[alarm.key] = alarm.phase
                    found.append(f"{alarm.rule} {alarm.phase}")
        return found


@pytest.fixture
def house() -> House:
    return House()


def use(*ratios: float) -> list[dict[str, float]]:
    quiet = {"in_errors_ps": 0.0, "out_errors_ps": 0.0, "in_discards_ps": 0.0, "out_discards_ps": 0.0}
    quiet |= {"in_pps": 1000.0, "out_pps": 1000.0}
    return [{"in_util_ratio": ratio, "out_util_ratio": 0.1, **quiet} for ratio in ratios]


# use of links


def test_rule_50_given_one_sample_of_full_use_then_nothing_is_said(house: House) -> None:
    assert house.play("link", "", "pe=cpe", use(*[0.3] * 60, 1.0, *[0.3] * 60)) == []


@pytest.mark.parametrize("period", [1, 2, 7, 20, 60, 200])
def test_given_a_link_that_swings_between_79_and_81_then_it_never_toggles(house: House, period: int) -> None:
    ratios = [0.79 if number // period % 2 else 0.81 for number in range(1200)]
    assert house.play("link", "", "pe=cpe", use(*ratios)) in (
        [],
        ["utilisation-high pending", "utilisation-high firing"],
    )


def test_given_a_busy_link_then_it_fires_once_and_is_clear_when_it_is_quiet_for_long(house: House) -> None:
    said = house.play("link", "", "pe=cpe", use(*[0.5] * 40, *[0.9] * 60, *[0.4] * 60))
    assert said == ["utilisation-high pending", "utilisation-high firing", "utilisation-high clear"]


def test_given_a_window_that_fills_then_the_alarm_is_since_the_first_sample_that_was_bad(house: House) -> None:
    house.play("link", "", "pe=cpe", use(*[0.5] * 40, *[0.9] * 40))
    alarm = house.machine.alarms["utilisation-high link pe=cpe"]
    assert alarm.since == alarm.bad_since == 40 * 30.0 and alarm.changed_at > 1800.0
    calm, risen = {"loss_ratio": 0.0, "rtt_ms": 40.0}, {"loss_ratio": 0.0, "rtt_ms": 90.0}
    house.play("ping", "cpe", "ping", [calm] * 20 + [risen] * 5)
    assert house.machine.alarms["rtt-risen device cpe"].since == 1200.0


def test_given_an_exchange_link_at_its_usual_85_then_nothing_and_at_the_ceiling_flat_top() -> None:
    plain = inventory_of([("core", "external")])
    circuit = Circuit("c-core=external", "ttcl", "x", "exchange")
    inventory = Inventory(**{**vars(plain), "circuits": {circuit.key: circuit}})
    assert own_level(inventory, "core=external") == 0.95
    house = House(inventory=inventory)
    assert house.play("link", "", "core=external", use(*[0.85] * 200)) == []
    said = house.play("link", "", "core=external", use(*[0.995] * 40), start=6000.0)
    assert "flat-top firing" in said and "utilisation-high firing" in said


def test_rule_51_given_a_flat_top_without_discards_then_saturation_is_told(house: House) -> None:
    said = house.play("link", "", "pe=cpe", use(*[0.5] * 40, *[0.98, 0.99] * 14))
    assert "flat-top firing" not in said  # 14 minutes of it
    said = house.play("link", "", "pe=cpe", use(*[0.98, 0.99] * 4), start=68 * 30.0)
    assert "flat-top firing" in said
    figures = house.machine.alarms["flat-top link pe=cpe"].evidence.figures
    assert figures["direction"] == "in" and figures["what"] == "pe=cpe"


def test_given_discards_over_five_minutes_then_they_are_told_and_a_burst_in_one_sample_is_not(house: House) -> None:
    quiet = use(*[0.3] * 20)
    burst = [{**quiet[0], "in_discards_ps": 8.0}]
    assert house.play("link", "", "pe=cpe", quiet + burst + quiet) == []
    steady = [{**quiet[0], "out_discards_ps": 20.0}] * 12
    assert "discards firing" in house.play("link", "", "pe=cpe", steady, start=2000.0)


def worn(errors: float, packets: float, times: int = 12) -> list[dict[str, float]]:
    return [{**one, "in_errors_ps": errors, "in_pps": packets} for one in use(*[0.3] * times)]


def test_given_a_fast_line_with_ordinary_wear_then_nothing_and_the_same_of_few_packets_is_told(house: House) -> None:
    assert house.play("link", "", "pe=cpe", worn(5.0, 400_000.0)) == []
    said = house.play("link", "", "pe=cpe", worn(5.0, 1000.0), start=3600.0)
    assert said == ["errors pending", "errors firing"]
    figures = house.machine.alarms["errors link pe=cpe"].evidence.figures
    assert (figures["quantity"], figures["value"]) == ("in_errors_ps", 5.0)
    assert figures["level"] == pytest.approx(1.005)
    assert house.play("link", "", "pe=cpe", worn(0.5, 1000.0, 30), start=7200.0) == [], "between the levels"
    assert house.play("link", "", "pe=cpe", worn(0.1, 1000.0, 40), start=9000.0) == ["errors clear"]


def test_given_one_damaged_packet_on_a_line_that_sleeps_then_nothing_is_said(house: House) -> None:
    assert house.play("link", "", "pe=cpe", worn(0.02, 0.1, 60)) == []


def test_given_a_device_that_counts_no_packets_then_a_share_of_them_is_not_known(house: House) -> None:
    assert house.play("link", "", "pe=cpe", worn(50.0, NAN, 60)) == []


def lag(a_bps: float, b_bps: float = NAN, times: int = 6) -> list[dict[str, float]]:
    return [{"a_speed_bps": a_bps, "b_speed_bps": b_bps}] * times


def test_given_a_lag_that_loses_a_member_at_both_ends_then_one_alarm_until_it_is_back(house: House) -> None:
    assert house.play("link", "", "pe=cpe", lag(20e9, 20e9)) == []
    assert house.play("link", "", "pe=cpe", lag(10e9, 10e9), start=180.0) == ["lag-member pending", "lag-member firing"]
    alarm = house.machine.alarms["lag-member link pe=cpe"]
    assert (alarm.since, alarm.evidence.figures["value"], alarm.evidence.figures["level"]) == (180.0, 10e9, 20e9)
    assert house.play("link", "", "pe=cpe", lag(NAN, NAN, 4), start=360.0) == [], "what is not told is no recovery"
    assert house.play("link", "", "pe=cpe", lag(20e9, 20e9, 10), start=600.0) == ["lag-member clear"]


def test_given_ends_of_different_speed_or_one_that_is_no_lag_then_each_is_held_against_itself(house: House) -> None:
    assert house.play("link", "", "pe=cpe", lag(20e9, 10e9, 20)) == []
    assert house.play("link", "", "core=pe", lag(20e9, NAN, 20)) == []
    assert "lag-member firing" in house.play("link", "", "pe=cpe", lag(20e9, 5e9), start=600.0)


def test_given_one_reading_of_less_then_nothing_is_told(house: House) -> None:
    said = house.play("link", "", "pe=cpe", [*lag(20e9), *lag(10e9, times=1), *lag(20e9)])
    assert "lag-member firing" not in said


def test_given_a_lag_that_was_short_before_anybody_looked_then_its_committed_rate_tells(house: House) -> None:
    promised = house.inventory.links["pe=cpe"].in_bps
    assert "lag-member firing" in house.play("link", "", "pe=cpe", lag(promised / 2))


def test_given_less_for_thirty_days_then_it_is_what_there_is(house: House) -> None:
    house.play("link", "", "pe=cpe", lag(20e9))
    house.play("link", "", "pe=cpe", lag(10e9), start=180.0)
    assert house.play("link", "", "pe=cpe", lag(10e9, times=10), start=31 * 86_400.0) == ["lag-member clear"]


def test_given_a_restart_while_a_member_is_down_then_what_there_was_is_remembered(house: House) -> None:
    house.play("link", "", "pe=cpe", [*lag(20e9), *lag(10e9)])
    again = House()
    again.machine.restore(list(house.machine.alarms.values()), 400.0)
    assert again.play("link", "", "pe=cpe", lag(10e9), start=420.0) == []
    assert again.machine.alarms["lag-member link pe=cpe"].bad
    assert again.play("link", "", "pe=cpe", lag(20e9, times=10), start=900.0) == ["lag-member clear"]


def test_rule_29_given_a_ratio_no_contract_allows_then_it_is_no_use_at_all(house: House) -> None:
    assert house.play("link", "", "pe=cpe", use(*[80.0] * 200)) == []


# what is not known


def test_rule_22_given_no_data_then_what_fires_goes_on_firing(house: House) -> None:
    hot = [{"temperature_c": 95.0, "component_status": 1.0}] * 6
    assert "temperature-high firing" in house.play("temperature", "pe", "CPU", hot)
    unknown = [{}] * 100
    assert house.play("temperature", "pe", "CPU", unknown, start=360.0) == []
    assert house.machine.alarms["temperature-high sensor pe CPU"].stale
    cool = [{"temperature_c": 40.0, "component_status": 1.0}] * 30
    assert house.play("temperature", "pe", "CPU", cool, start=6360.0) == ["temperature-high clear"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from((20.0, 79.0, 84.0, 90.0, NAN)), max_size=40), st.data())
def test_given_nan_anywhere_then_it_is_never_good(values: list[float], data: st.DataObject) -> None:
    house = House()
    for number, value in enumerate(values):
        batch = house.batch(
            "ups", "pe", number * 60.0, {"ups": {"on_battery": NAN if np.isnan(value) else float(value > 80)}}
        )
        house.feed(batch)
        if np.isnan(value):
            assert all(each.outcome is UNKNOWN for each in house.last)


def test_given_a_device_that_is_gone_then_what_is_measured_of_it_says_nothing(house: House) -> None:
    lost = [{"loss_ratio": 1.0}] * 30
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "down", 1.0)], house.view, 2.0)
    assert house.play("ping", "cpe", "ping", lost) == []
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "up", 1700.0)], house.view, 1700.0)
    fine = [{"loss_ratio": 0.0, "rtt_ms": 20.0}] * 30
    assert house.play("ping", "cpe", "ping", fine, start=1800.0) == []


def test_rule_22_given_a_device_that_was_gone_then_what_it_lost_around_that_is_no_loss_of_the_line(
    house: House,
) -> None:
    fine, dying = {"loss_ratio": 0.0, "rtt_ms": 20.0}, {"loss_ratio": 1.0}
    house.play("ping", "cpe", "ping", [fine] * 10)
    house.play("ping", "cpe", "ping", [dying], start=600.0)  # it died at 598, which is proven at 608
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "down", 599.0)], house.view, 608.0)
    house.play("ping", "cpe", "ping", [dying] * 7, start=660.0)
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "up", 1078.0)], house.view, 1078.0)
    said = house.play("ping", "cpe", "ping", [dying], start=1080.0)  # routing finds its way
    said += house.play("ping", "cpe", "ping", [{"loss_ratio": 0.2, "rtt_ms": 20.0}, *[fine] * 12], start=1140.0)
    assert said == []


def test_given_a_minute_of_liveness_with_an_outage_in_it_then_it_says_nothing_of_loss(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "rules:\n  lossy:\n    kind: threshold\n    measurement: liveness\n    quantity: loss_ratio\n"
        "    raise: 30%\n    clear: 10%\n"
    )
    house = House(tmp_path)
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "down", 10.0)], house.view, 20.0)
    house.judge.judge_rows([StatusRow("device", "cpe", {}, "up", 50.0)], house.view, 50.0)
    assert house.play("liveness", "", "cpe", [{"loss_ratio": 0.7}], start=60.0) == []
    assert "lossy firing" in house.play("liveness", "", "cpe", [{"loss_ratio": 0.7}], start=180.0)


def test_rule_41_given_interfaces_that_no_link_was_declared_on_then_no_rule_speaks_of_them(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "rules:\n  port-errors:\n    kind: threshold\n    measurement: interface\n    quantity: in_errors_ps\n"
        "    raise: 5\n    clear: 1\n"
        "  port-down:\n    kind: value\n    measurement: interface\n    quantity: oper_status\n    bad: [down]\n"
    )
    house = House(tmp_path)
    wrong = {"in_errors_ps": 100.0, "oper_status": 2.0, "admin_status": 1.0}
    house.feed(house.batch("interface", "pe", 0.0, {"Gi0/9": wrong, "to-core": wrong, "Vlan1": wrong}))
    assert {each.subject for each in house.last} == {Subject("interface", "pe:to-core", "pe")}
    assert {each.rule for each in house.last} == {"port-errors", "port-down"}


# routing


@pytest.mark.parametrize(
    ("states", "outcomes"),
    [
        ([(6, 2), (1, 2)], [BAD]),
        ([(6, 2), (3, 1)], []),  # an operator stopped it
        ([(1, 2)], [BAD]),
        ([(1, NAN)], []),  # it never was established, and nobody says that it should be
        ([(6, NAN), (3, NAN)], [BAD]),
        ([(6, 2), (3, 2), (NAN, NAN), (6, 2)], [BAD, UNKNOWN, GOOD]),  # gone from the table: not good
    ],
)
def test_rule_53_given_a_session_then_stopped_is_told_from_failed(
    house: House, states: list[tuple[float, float]], outcomes: list[Outcome]
) -> None:
    said = []
    for number, (state, admin) in enumerate(states):
        figures = {"bgp_state": state, "bgp_admin_status": admin}
        house.feed(house.batch("bgp_peer", "pe", number * 30.0, {"10.0.0.1": figures}))
        said += [each.outcome for each in house.last]
    assert said == outcomes


def test_rule_47_given_a_session_lost_for_20_s_then_nothing_fires_and_for_60_s_it_does(house: House) -> None:
    up, down = {"bgp_state": 6.0, "bgp_admin_status": 2.0}, {"bgp_state": 1.0, "bgp_admin_status": 2.0}
    assert house.play("bgp_peer", "pe", "10.0.0.1", [up, down, down]) == ["bgp-down pending", "bgp-down firing"]
    alarm = house.machine.alarms["bgp-down peer pe 10.0.0.1"]
    assert alarm.subject == Subject("peer", "pe 10.0.0.1", "pe")
    assert alarm.evidence.figures == {"device": "pe", "what": "10.0.0.1", "state": "idle"}


@pytest.mark.parametrize(
    ("states", "outcomes"),
    [
        ([8, 8, 4, 8], []),
        ([8, 3, 8], [BAD, GOOD]),
        ([4, 1], [BAD]),
        ([2, 2, 2], []),  # it never was a neighbour
        ([8, NAN], []),
    ],
)
def test_given_a_neighbour_then_only_one_that_fell_below_what_it_reached_is_bad(
    house: House, states: list[float], outcomes: list[Outcome]
) -> None:
    said = []
    for number, state in enumerate(states):
        house.feed(house.batch("ospf_neighbour", "pe", number * 30.0, {"10.0.0.2": {"ospf_state": state}}))
        said += [each.outcome for each in house.last]
    assert said == outcomes


# quality


def test_rule_51_given_round_trips_that_rise_then_it_is_told_against_what_was_usual(house: House) -> None:
    calm, risen = {"loss_ratio": 0.0, "rtt_ms": 40.0}, {"loss_ratio": 0.0, "rtt_ms": 90.0}
    said = house.play("ping", "cpe", "ping", [calm] * 30 + [risen] * 10 + [calm] * 10)
    assert said == ["rtt-risen pending", "rtt-risen firing", "rtt-risen clear"]


def test_given_a_northern_cut_then_circuits_alone_say_that_their_round_trips_rose(house: House) -> None:
    calm, risen = {"loss_ratio": 0.0, "rtt_ms": 120.0}, {"loss_ratio": 0.0, "rtt_ms": 230.0}
    assert house.play("circuit", "", "iru-seacom-1", [calm] * 12) == []
    assert house.play("circuit", "", "iru-seacom-1", [risen] * 6, start=720.0)[-1] == "circuit-rtt-risen firing"
    assert house.machine.alarms["circuit-rtt-risen circuit iru-seacom-1"].subject == Subject("circuit", "iru-seacom-1")


def test_given_short_round_trips_that_double_then_nothing_for_it_is_a_matter_of_milliseconds(house: House) -> None:
    figures = [{"loss_ratio": 0.0, "rtt_ms": 2.0}] * 20 + [{"loss_ratio": 0.0, "rtt_ms": 6.0}] * 20
    assert house.play("ping", "cpe", "ping", figures) == []


def test_given_five_percent_loss_each_way_then_no_loss_is_told(house: House) -> None:
    chance = np.random.default_rng(7)
    figures = [{"loss_ratio": chance.binomial(5, 0.0975) / 5, "rtt_ms": 20.0} for _ in range(3000)]
    assert house.play("ping", "cpe", "ping", figures) == []


def test_given_heavy_loss_then_it_is_told_within_minutes(house: House) -> None:
    figures = [{"loss_ratio": 0.0, "rtt_ms": 20.0}] * 10 + [{"loss_ratio": 0.8, "rtt_ms": 20.0}] * 4
    assert "loss-heavy firing" in house.play("ping", "cpe", "ping", figures)


def test_given_a_cut_circuit_then_its_lost_anchors_are_no_loss_of_their_own_nor_afterwards(house: House) -> None:
    link = house.inventory.links["pe=external"]
    house.judge.judge_rows([StatusRow("link", link.key, {}, "down", 1.0, "no-path")], house.view, 2.0)
    assert house.play("circuit", "", link.circuit, [{"loss_ratio": 1.0}] * 30) == []
    house.judge.judge_rows([StatusRow("link", link.key, {}, "up", 1800.0)], house.view, 1800.0)
    assert house.play("circuit", "", link.circuit, [{"loss_ratio": 0.0, "rtt_ms": 9.0}] * 30, start=1800.0) == []


# restarts and silence


def test_rule_06_given_a_restart_then_one_alarm_that_clears_by_itself(house: House) -> None:
    figures = [{"uptime_s": 9e6, "reboots": 0.0}, {"uptime_s": 20.0, "reboots": 1.0}]
    figures += [{"uptime_s": 50.0 + 30 * number, "reboots": 0.0} for number in range(30)]
    assert house.play("device", "pe", "pe", figures) == ["rebooted firing", "rebooted clear"]


def test_given_polls_without_answers_for_long_then_it_is_told_and_the_next_answer_ends_it(house: House) -> None:
    silent, answered = {"answered": 0.0, "reason": 6.0}, {"answered": 1.0, "reason": 0.0}
    said = house.play("poll", "pe", "health", [answered] + [silent] * 35)
    assert said == ["polls-failing firing"]
    figures = house.machine.alarms["polls-failing sensor pe health"].evidence.figures
    assert (figures["what"], figures["reason"]) == ("health", 6.0) and float(figures["missed"]) > 30
    assert house.play("poll", "pe", "health", [answered] * 5, start=2160.0) == ["polls-failing clear"]


def test_rule_12_given_a_silent_agent_then_its_failing_polls_are_no_alarm_of_their_own(house: House) -> None:
    house.judge.judge_rows([StatusRow("device", "pe", {}, "up", 1.0, "agent-silent")], house.view, 2.0)
    assert house.play("poll", "pe", "health", [{"answered": 0.0, "reason": 2.0}] * 60) == []


def test_given_a_measurement_that_comes_no_more_then_it_is_missed_until_it_comes(tmp_path: Path) -> None:
    text = "rules:\n  no-health: {kind: absence, measurement: cpu, after: 10m, keep_firing_for: 0s}\n"
    (tmp_path / "ours.yaml").write_text(text)
    house = House(tmp_path)
    batch = house.batch("cpu", "pe", 0.0, {"cpu": {"cpu_ratio": 0.1}})
    house.feed(batch)
    assert house.judge.tick(house.view, 590.0) == []
    (missed,) = house.judge.tick(house.view, 620.0)
    assert (missed.outcome, missed.subject, missed.since) == (BAD, Subject("device", "pe", "pe"), 0.0)
    house.machine.feed([missed], 620.0)
    house.feed(house.batch("cpu", "pe", 630.0, {"cpu": {"cpu_ratio": 0.1}}))
    (back,) = house.judge.tick(house.view, 640.0)
    assert back.outcome is GOOD


def test_given_a_device_that_was_gone_then_its_silence_meanwhile_is_excused(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("rules:\n  no-health: {kind: absence, measurement: cpu, after: 10m}\n")
    house = House(tmp_path)
    house.feed(house.batch("cpu", "pe", 0.0, {"cpu": {"cpu_ratio": 0.1}}))
    house.field.run(20.0)
    house.judge.judge_rows(house.view.rows().values(), house.view, 20.0)
    house.field.dead.add("pe")
    house.field.run(60.0)
    house.judge.judge_rows(house.view.rows().values(), house.view, 60.0)
    said = [each for at in range(60, 5000, 10) for each in house.judge.tick(house.view, float(at))]
    house.field.dead.clear()
    house.field.run(120.0)
    house.judge.judge_rows(house.view.rows().values(), house.view, 5000.0)
    said += house.judge.tick(house.view, 5010.0)
    assert "no-health" not in {each.rule for each in said}


# health and the NOC itself


@pytest.mark.parametrize(
    ("measurement", "row", "fine", "wrong", "rule"),
    [
        ("fan", "Fan 1", {"component_status": 1.0}, {"component_status": 3.0}, "fan-failed"),
        ("component", "PSU 2", {"component_status": 1.0}, {"component_status": 3.0}, "component-failed"),
        (
            "ups",
            "ups",
            {"on_battery": 0.0, "charge_ratio": 1.0},
            {"on_battery": 1.0, "charge_ratio": 1.0},
            "on-battery",
        ),
        (
            "ups",
            "ups",
            {"on_battery": 0.0, "charge_ratio": 1.0},
            {"on_battery": 0.0, "charge_ratio": 0.2},
            "battery-low",
        ),
        ("cpu", "cpu", {"cpu_ratio": 0.2}, {"cpu_ratio": 0.97}, "cpu-high"),
        ("memory", "RAM", {"memory_ratio": 0.5}, {"memory_ratio": 0.99}, "memory-high"),
        ("optical", "to-core", {"rx_dbm": -8.0}, {"rx_dbm": -34.0}, "light-low"),
        ("ssh", "ssh", {"host_key_changed": 0.0}, {"host_key_changed": 1.0}, "host-key-changed"),
    ],
)
def test_given_what_is_not_well_then_its_rule_says_so_and_only_that(
    measurement: str, row: str, fine: dict[str, float], wrong: dict[str, float], rule: str
) -> None:
    house = House()
    assert house.play(measurement, "pe", row, [fine] * 20) == []
    said = house.play(measurement, "pe", row, [wrong] * 20, start=20 * MEASUREMENTS[measurement].every_s)
    assert said[-1] == f"{rule} firing" and {each.split()[0] for each in said} == {rule}


def test_given_an_empty_slot_then_it_is_not_broken(house: House) -> None:
    assert house.play("component", "pe", "PSU 2", [{"component_status": 4.0}, {"component_status": 0.0}] * 10) == []


def test_given_something_of_the_nocs_own_fails_then_it_is_told_by_name_even_while_blind(house: House) -> None:
    house.machine.freeze(0.0)
    said = house.play("own", "", "disk", [{"failing": 1.0}] * 3)
    assert said == ["own-failing pending", "own-failing firing"]
    assert house.machine.alarms["own-failing own disk"].family == "own"


# restarts of the daemon, reloads, odd batches


def test_given_a_restart_then_a_level_in_between_stays_on_its_side_and_the_usual_round_trip_is_known(
    house: House,
) -> None:
    house.play("ups", "pe", "ups", [{"charge_ratio": 0.2, "on_battery": 0.0}] * 3)
    calm, risen = {"loss_ratio": 0.0, "rtt_ms": 40.0}, {"loss_ratio": 0.0, "rtt_ms": 90.0}
    house.play("ping", "cpe", "ping", [calm] * 20 + [risen] * 10)
    again = House()
    again.machine.restore(house.machine.alarms.values(), 2000.0)
    assert again.play("ups", "pe", "ups", [{"charge_ratio": 0.4, "on_battery": 0.0}] * 10, start=2000.0) == []
    assert again.play("ping", "cpe", "ping", [risen] * 10, start=2000.0) == []
    assert {"battery-low sensor pe ups", "rtt-risen device cpe"} == set(again.machine.alarms)
    assert again.play("ups", "pe", "ups", [{"charge_ratio": 0.6, "on_battery": 0.0}] * 10, start=3000.0) == [
        "battery-low clear"
    ]


def test_given_a_reload_then_what_was_learnt_stands(house: House) -> None:
    calm, risen = {"loss_ratio": 0.0, "rtt_ms": 40.0}, {"loss_ratio": 0.0, "rtt_ms": 90.0}
    house.play("ping", "cpe", "ping", [calm] * 20)
    before, house.judge = house.judge, Judge(house.book, house.inventory, house.machine.alarms)
    house.judge.take_over(before)
    assert house.play("ping", "cpe", "ping", [risen] * 5, start=1200.0)[-1] == "rtt-risen firing"


def test_given_a_batch_that_comes_twice_then_it_counts_once(house: House) -> None:
    full = use(0.99)[0]
    for _ in range(60):
        house.feed(house.batch("link", "", 0.0, {"pe=cpe": full}))
    assert not house.machine.alarms


def test_given_batches_of_many_devices_at_once_then_each_row_is_its_own(house: House) -> None:
    batches = [
        house.batch("fan", device, at, {"Fan 1": {"component_status": status}, "Fan 2": {"component_status": 1.0}})
        for at in (0.0, 60.0, 120.0, 180.0)
        for device, status in (("core", 1.0), ("pe", 3.0), ("cpe", 1.0))
    ]
    house.feed(*batches)
    assert {each.subject.key for each in house.last} == {"pe Fan 1"}
    assert [each.at for each in house.last] == [0.0, 60.0, 120.0, 180.0]


def test_given_rows_that_move_within_the_batch_then_each_keeps_what_is_known_of_it(house: House) -> None:
    hot, cool = {"temperature_c": 95.0}, {"temperature_c": 30.0}
    for number in range(8):
        rows = {"A": hot, "B": cool} if number % 2 else {"B": cool, "C": cool, "A": hot}
        house.feed(house.batch("temperature", "pe", number * 60.0, rows))
    assert list(house.machine.alarms) == ["temperature-high sensor pe A"]


def test_given_rows_renamed_without_end_then_what_is_kept_is_bounded(house: House) -> None:
    for number in range(300):
        rows = {f"s{number}-{place}": {"temperature_c": 20.0} for place in range(50)}
        house.feed(house.batch("temperature", "pe", number * 60.0, rows))
    assert len(house.judge._fields["temperature"].table.rows) <= 4096


@pytest.mark.parametrize("name", sorted(MEASUREMENTS))
def test_given_a_batch_without_rows_or_of_unknown_quantities_then_nothing_breaks(house: House, name: str) -> None:
    empty = Batch(name, "pe", 0, (), ("x",), np.zeros((1, 0)))
    strange = Batch(name, "pe", 0, ("row",), ("x",), np.zeros((1, 1)))
    assert house.feed(empty, strange) == []


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from((0.2, 0.79, 0.81, 0.93, 0.99, NAN)), min_size=1, max_size=120))
def test_given_any_course_of_use_then_no_rule_speaks_before_its_window_is_known(ratios: list[float]) -> None:
    house = House()
    for number, one in enumerate(use(*ratios)):
        house.feed(house.batch("link", "", number * 30.0, {"pe=cpe": one}))
        known = sum(not np.isnan(ratio) for ratio in ratios[max(0, number - 29) : number + 1])
        assert known >= 24 or not any(each.outcome is not UNKNOWN for each in house.last)
