"""What makes of devices have of their own in how they tell their health: small invented boxes, one for each rule."""

import asyncio
from collections.abc import Mapping
from math import isnan

import pytest

from collectors.contract import Oid, Value
from collectors.identity.recognise import Identity, recognise
from collectors.sensors.discovery import find_points
from collectors.sensors.source import Point, Status
from tests.collectors.played import Played

PRIVATE = "1.3.6.1.4.1"
UPS = "1.3.6.1.2.1.33.1"


def points(objects: Mapping[Oid, Value], enterprise: int) -> tuple[Point, ...]:
    return asyncio.run(find_points(Played(objects), (enterprise,), {}))


def told(objects: Mapping[Oid, Value], enterprise: int) -> dict[tuple[str, str], float]:
    """(measurement, name) -> the first quantity."""
    return {
        (each.measurement, each.name): each.read(tuple(objects.get(oid) for oid in each.oids))[0]
        for each in points(objects, enterprise)
    }


def named(object_id: str, described: str, objects: Mapping[Oid, Value]) -> Identity:
    system: dict[Oid, Value] = {"1.3.6.1.2.1.1.1.0": described.encode(), "1.3.6.1.2.1.1.2.0": f"{PRIVATE}.{object_id}"}
    return asyncio.run(recognise(Played(system | dict(objects))))


@pytest.mark.parametrize(
    ("oid", "enterprise"),
    [("31926.1.2.0", 31926), ("43356.2.1.2.1.8.0", 43356), ("161.19.3.3.1.35.0", 161), ("41112.1.3.2.1.8.1", 41112)],
)
def test_given_a_radio_outdoors_then_0_degrees_are_told_once_it_told_others(oid: str, enterprise: int) -> None:
    for now in (7, -7):
        (point,) = points({f"{PRIVATE}.{oid}": now}, enterprise)
        assert point.read((0,))[0] == 0.0
    assert not points({f"{PRIVATE}.{oid}": 0}, enterprise)


def test_given_a_board_indoors_then_0_degrees_are_no_temperature() -> None:
    slot = f"{PRIVATE}.6027.3.26.1.3.4.1.13.1"
    (point,) = points({slot: 40}, 6027)
    assert isnan(point.read((0,))[0])


def test_given_an_airmax_of_either_release_then_its_temperature_is_in_degrees() -> None:
    oid = f"{PRIVATE}.41112.1.4.8.4.0"
    assert told({oid: 41}, 41112) == told({oid: 410_000_000}, 41112) == {("temperature", "radio"): pytest.approx(41)}


def test_given_a_ups_that_tells_tenths_of_volts_then_volts_are_told_and_minus_one_is_unknown() -> None:
    for volts in (229, 2290):
        found = told({f"{UPS}.3.3.1.3.1": volts, f"{UPS}.2.7.0": -1, f"{UPS}.2.4.0": -1, f"{UPS}.2.3.0": 12}, 99999)
        assert found["voltage", "input 1"] == pytest.approx(229)
        assert ("temperature", "battery") not in found
        assert isnan(found["ups", "ups"])


def test_given_switches_of_five_and_of_six_fans_then_the_state_of_a_fan_is_no_temperature() -> None:
    entry = f"{PRIVATE}.89.53.15.1"
    assert told({f"{entry}.9.1": 5, f"{entry}.10.1": 43}, 35265) == {("temperature", "unit 1"): 43}
    assert told({f"{entry}.9.1": 43, f"{entry}.10.1": 1}, 674) == {("temperature", "unit 1"): 43}


def test_given_averages_over_several_times_then_that_of_five_minutes_is_told_once() -> None:
    entry = f"{PRIVATE}.1991.1.1.2.11.1.1"
    objects: dict[Oid, Value] = {}
    for seconds, hundredths in ((1, 9000), (60, 4000), (300, 250)):
        objects |= {f"{entry}.3.1.1.{seconds}": seconds, f"{entry}.6.1.1.{seconds}": hundredths}
    assert told(objects, 1991) == {("cpu", "slot 1 cpu 1"): pytest.approx(0.025)}


def test_given_an_idle_board_with_a_threshold_then_it_has_a_processor() -> None:
    entry = f"{PRIVATE}.2011.5.25.31.1.1.1.1"
    objects: dict[Oid, Value] = {f"{entry}.5.9": 0, f"{entry}.6.9": 95, f"{entry}.5.10": 0, f"{entry}.6.10": 0}
    assert [point.oids for point in points(objects, 2011)] == [(f"{entry}.5.9",)]


def test_given_probes_of_several_kinds_then_each_is_told_by_its_kind() -> None:
    old, san = f"{PRIVATE}.13742.4.3.3.1", f"{PRIVATE}.1588.2.1.1.1.1.22.1"
    probes: dict[Oid, Value] = {
        **{f"{old}.2.2": 11, f"{old}.4.2": b"Humidity", f"{old}.41.2": 39},
        **{f"{old}.2.3": 10, f"{old}.4.3": b"Inlet", f"{old}.41.3": 205},
    }
    assert told(probes, 13742) == {("temperature", "Inlet"): pytest.approx(20.5)}
    sensors: dict[Oid, Value] = {}
    for row, (kind, state, value, name) in enumerate(
        ((1, 4, 32, b"TEMP #1"), (2, 3, 900, b"FAN #1"), (3, 2, 0, b"PS"))
    ):
        sensors |= {f"{san}.{at}.{row}": cell for at, cell in enumerate((kind, state, value, name), 2)}
    assert told(sensors, 1588) == {
        ("temperature", "TEMP #1"): 32,
        ("fan", "FAN #1"): 900,
        ("component", "PS"): Status.FAILED,
    }


@pytest.mark.parametrize(
    "said",
    [
        b"    5 Secs ( 96.4918%)   60 Secs ( 54.2271%)  300 Secs ( 38.2591%)",
        b"5 Sec ( 6.1%),  1 Min (54.2%),  5 Min (9%)",
    ],
)
def test_given_averages_in_words_then_the_minute_is_told(said: bytes) -> None:
    for root in ("674.10895.5000.2.6132.1.1.1.1.4.9.0", "4526.10.1.1.4.9.0", "4413.1.1.1.1.4.9.0"):
        found = told({f"{PRIVATE}.{root}": said}, int(root.split(".")[0]))
        assert found == {("cpu", "cpu"): pytest.approx(0.542, abs=0.001)}


def test_given_gauges_of_a_mikrotik_then_they_are_told_and_the_older_objects_only_where_there_are_none() -> None:
    health = f"{PRIVATE}.14988.1.1.3"
    old: dict[Oid, Value] = {f"{health}.10.0": 380}
    gauge: dict[Oid, Value] = {f"{health}.100.1.{at}.14": cell for at, cell in ((2, b"temperature"), (3, 38), (4, 1))}
    assert told(old, 14988) == {("temperature", "board"): pytest.approx(38)}
    both = old | {f"{health}.11.0": 520}
    assert told(both, 14988) == {("temperature", "board"): pytest.approx(38), ("temperature", "cpu"): pytest.approx(52)}
    assert told(both | gauge, 14988) == {("temperature", "temperature"): 38}


def test_given_a_strip_then_a_phase_that_is_not_measured_is_not_told() -> None:
    strip = f"{PRIVATE}.318.1.1.26"
    objects: dict[Oid, Value] = {f"{strip}.4.3.1.5.1": 121, f"{strip}.6.3.1.5.1": 65, f"{strip}.6.3.1.6.1": -1}
    assert told(objects, 318) == {
        ("power", "strip 1"): pytest.approx(1210),
        ("current", "phase 1"): pytest.approx(6.5),
    }


def test_given_a_device_described_by_its_model_alone_then_an_object_of_its_make_names_the_system() -> None:
    who = named("2011.2.279.3", "S12704", {f"{PRIVATE}.2011.5.25.31.6.5.0": b"S12704"})
    assert (who.vendor, who.os, who.hardware) == ("Huawei", "vrp", "S12704")
    assert named("2011.2.999", "ISM SNMP Agent", {}).os is None


def test_given_a_version_beside_a_model_then_each_is_told() -> None:
    said = {f"{PRIVATE}.12356.106.4.1.1.0": b"FortiSwitch-124E v6.4.6,build0470,210316 (GA)"}
    who = named("12356.106.1.1241", "", said)
    assert (who.os, who.hardware, who.version) == ("fortiswitch", "FortiSwitch-124E", "6.4.6")


def test_given_several_versions_in_a_description_then_that_of_the_software_is_told() -> None:
    words = (
        "DCRS-1 Device, Compiled Mar 27 2015 SoftWare Version 7.0.3.1(B0232) BootRom Version 7.1.4 HardWare Version 2.0"
    )
    who = named("6339.1.1.2.29", words, {})
    assert (who.vendor, who.os, who.version) == ("Digital China", "dcn-software", "7.0.3.1(B0232)")


def test_given_a_radio_whose_first_objects_are_health_then_its_temperature_is_no_version() -> None:
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    objects: dict[Oid, Value] = {f"{PRIVATE}.31926.1.2.0": 25, f"{entity}.5.1": 3, f"{entity}.10.1": b"3.7.6.24444"}
    assert named("31926", "EH-1200TL", objects).version == "3.7.6.24444"


def test_given_memory_in_kilobytes_or_in_octets_then_it_is_told_in_octets() -> None:
    entry = f"{PRIVATE}.4526.10.1.1.4"
    for scale in (1, 1024):
        (point,) = points(objects := {f"{entry}.1.0": 334_332 * scale, f"{entry}.2.0": 524_288 * scale}, 4526)
        ratio, _, total = point.read(tuple(objects.get(oid) for oid in point.oids))
        assert (ratio, total) == (pytest.approx(0.3623, abs=1e-4), 512 * 2**20)


def test_given_a_probe_that_is_not_connected_then_it_is_not_told() -> None:
    entry = f"{PRIVATE}.1718.4.1.9"
    objects: dict[Oid, Value] = {}
    for unit, (tenths, state) in enumerate(((231, 0), (-410, 7), (-410, 0)), 1):
        objects |= {
            f"{entry}.3.1.1.{unit}.1": tenths,
            f"{entry}.3.1.2.{unit}.1": state,
            f"{entry}.2.1.3.{unit}.1": b"T",
        }
    assert told(objects, 1718) == {("temperature", "T 1"): pytest.approx(23.1)}
