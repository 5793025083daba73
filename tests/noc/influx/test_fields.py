"""Types and tags: what data are out with stays as it is for ever."""

import re
from pathlib import Path

import pytest

from inventory.quantities import QUANTITIES
from noc.influx.fields import TAGS, TYPES, field, layer_of, rollup_names, subject_of, tag_keys, tags_of

HOUSE = Path(__file__).resolve().parents[3]
# Types that data were written with. A name may be added, none moved: a server refuses a field of another type.
INTEGERS = """
in_bps out_bps in_pps out_pps oper_status admin_status flags uptime_s reboots state answered reason pdus octets speed_bps
a_speed_bps b_speed_bps memory_used_octets memory_total_octets fan_rpm component_status runtime_s on_battery bgp_state
bgp_admin_status established_s prefixes_received prefixes_accepted ospf_state routes host_key_changed notices failing
in_p95_bps out_p95_bps commit_in_bps commit_out_bps free_in_bps free_out_bps over_committed over_subscribed circuits_up
diversity state_reason
"""
FLOATS = """
in_errors_ps out_errors_ps in_discards_ps out_discards_ps span_s up_ratio rtt_min_ms rtt_ms rtt_max_ms loss_ratio
duration_ms late_ms in_util_ratio out_util_ratio jitter_ms cpu_ratio memory_ratio temperature_c voltage_v current_a power_w
fan_ratio rx_dbm tx_dbm charge_ratio load_ratio p95_ratio level_ratio days_left headroom_days held_s
"""
FROZEN = {**dict.fromkeys(INTEGERS.split(), "integer"), **dict.fromkeys(FLOATS.split(), "float")}


def test_given_data_that_are_out_then_no_type_ever_changes() -> None:
    assert {name: TYPES.get(name) for name in FROZEN} == FROZEN


def test_given_the_quantities_then_each_has_a_type() -> None:
    assert sorted(set(QUANTITIES) ^ set(TYPES)) == []


@pytest.mark.parametrize("name", sorted(QUANTITIES))
def test_given_a_quantity_then_an_integer_has_no_fraction_to_lose(name: str) -> None:
    assert TYPES[name] == "float" or QUANTITIES[name].resolution >= 1


def test_given_rollups_then_means_are_floats_and_counts_integers() -> None:
    kinds = {name: field(name).type for name in rollup_names(("in_bps", "loss_ratio"))}
    assert {name for name, kind in kinds.items() if kind == "integer"} == {
        *("n_in_bps", "n_loss_ratio", "covered_s_in_bps", "covered_s_loss_ratio")
    }
    assert field("up_s").type == "float"
    assert field("mean_in_bps").suffix == "" and field("p95_loss_ratio").suffix == "e-3"


def test_given_the_measurements_of_the_house_then_each_has_its_tags() -> None:
    made = set()
    for room in ("collectors", "noc", "alerts"):
        for path in (HOUSE / room).rglob("*.py"):
            text = path.read_text()
            made |= set(re.findall(r"\bBatch\(\s*\"(\w+)\"", text))
            made |= set(re.findall(r"^MEASUREMENT\b[^=\n]*= \"(\w+)\"", text, re.M))
    from collectors.peers import KINDS
    from collectors.sensors.shape import SHAPES
    from collectors.ssh.cli import QUANTITIES as PURPOSES

    made |= {*SHAPES, *PURPOSES, *(kind.measurement for kind in KINDS)}
    assert sorted(made - set(TAGS)) == []


def test_given_a_measurement_of_a_layer_then_its_tags_are_those_of_what_it_was_made_from() -> None:
    assert layer_of("interface_5m") == ("interface", "5m")
    assert layer_of("circuit_traffic") == ("circuit_traffic", "")
    assert tag_keys("link_1mo") == tag_keys("link") == ("", "link")
    assert tags_of("unheard_of", "a", "b") == [("row", "b"), ("scope", "a")]


def test_given_rows_that_say_nothing_then_they_have_no_tag_and_no_two_subjects_are_one_series() -> None:
    assert (
        tags_of("ping_5m", "dod-pe-1", "ping") == tags_of("device", "dod-pe-1", "dod-pe-1") == [("device", "dod-pe-1")]
    )
    assert tags_of("ping", "dod-pe-1", "echo") == [("device", "dod-pe-1"), ("row", "echo")]
    assert tags_of("link", "x", "dar-dod") == [("link", "dar-dod"), ("scope", "x")]
    assert tags_of("device_state", "dod-pe-1", "dod-pe-1") == [("device", "dod-pe-1"), ("scope", "dod-pe-1")]
    assert tags_of("device_state", "", "dod-pe-1") == [("device", "dod-pe-1"), ("scope", "*")]


@pytest.mark.parametrize("measurement", [*TAGS, "unheard_of"])
def test_given_the_tags_of_a_subject_then_it_is_known_again(measurement: str) -> None:
    scoped = tag_keys(measurement)[0]
    for scope in ("dod-pe-1", "") if scoped in ("scope", "") else ("dod-pe-1",):
        for row in ("xe-0/0/0", "north"):
            assert subject_of(measurement, dict(tags_of(measurement, scope, row))) == (scope, row)
    with pytest.raises(ValueError, match="has no tag 'alias'"):
        subject_of(measurement, {"alias": "to Dodoma"})


@pytest.mark.parametrize("measurement", [*TAGS, "unheard_of"])
def test_given_a_measurement_then_its_tags_are_always_the_same_ones(measurement: str) -> None:
    scope_key = tag_keys(measurement)[0]
    said = [
        tags_of(measurement, scope, "a")
        for scope in (("x", "") if scope_key == "scope" else ("x",) if scope_key else ("",))
    ]
    assert len({tuple(key for key, _ in pairs) for pairs in said}) == 1


def test_rule_32_given_the_tags_then_none_is_a_text_that_changes() -> None:
    keys = {key for pair in TAGS.values() for key in pair if key}
    assert keys == {
        *("device", "interface", "peer", "collector", "table", "part", "link", "circuit", "site"),
        *("contract", "institution", "point", "scope", "watch"),
    }
