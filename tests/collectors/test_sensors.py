"""What sensors say becomes a number in the unit of its quantity: scale and precision once, nonsense never."""

import asyncio
import struct
from collections.abc import Iterable, Mapping
from math import isnan, log10, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import Oid, Value
from collectors.sensors.discovery import candidates, find_points
from collectors.sensors.number import dbm_of_watts, number, signed
from collectors.sensors.rows import asked
from collectors.sensors.shape import SHAPES
from collectors.sensors.source import Point, Source, Status
from collectors.sensors.table import SOURCES
from collectors.sensors.typed import Typed, port
from inventory.quantities import QUANTITIES
from tests.collectors.played import Played

ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
SENSOR = "1.3.6.1.2.1.99.1.1.1"
STORAGE = "1.3.6.1.2.1.25.2.3.1"
RAM, OTHER = "1.3.6.1.2.1.25.2.1.2", "1.3.6.1.2.1.25.2.1.1"


def points(objects: Mapping[Oid, Value], *enterprises: int) -> tuple[Point, ...]:
    return asyncio.run(find_points(Played(objects), enterprises or (99999,), {}))


def told(objects: Mapping[Oid, Value], *enterprises: int) -> dict[tuple[str, str], dict[str, float]]:
    """(measurement, name) -> quantity -> value."""
    return {
        (each.measurement, each.name): dict(
            zip(
                SHAPES[each.measurement].quantities,
                each.read(tuple(objects.get(oid) for oid in each.oids)),
                strict=True,
            )
        )
        for each in points(objects, *enterprises)
    }


def sensor(index: int, name: str, kind: int, value: Value, scaled: tuple[int, int] = (9, 0)) -> dict[Oid, Value]:
    cells: Iterable[Value] = (kind, *scaled, value, 1)
    return {f"{SENSOR}.{at}.{index}": cell for at, cell in enumerate(cells, 1)} | {f"{ENTITY}.7.{index}": name.encode()}


@settings(deadline=None, max_examples=60)
@given(st.integers(-200_000, 200_000), st.sampled_from((7, 8, 9, 10)), st.integers(0, 4))
def test_rule_44_scale_and_precision_are_applied_once(raw: int, scale: int, precision: int) -> None:
    true = raw * 10.0 ** (3 * (scale - 9) - precision)
    found = told(sensor(1, "CPU", 8, raw, (scale, precision)))
    if -60 <= true <= 200 and raw:
        assert found["temperature", "CPU"]["temperature_c"] == pytest.approx(true)
    else:
        assert not found


def test_rule_44_every_kind_of_sensor_has_its_unit() -> None:
    objects = (
        sensor(1, "12V rail", 4, 11980, (8, 0))
        | sensor(2, "Inlet", 8, 235, (9, 1))
        | sensor(3, "Fan 1", 10, 8426)
        | sensor(4, "PSU input", 6, 113000, (8, 0))
        | sensor(5, "PSU current", 5, 1524, (8, 0))
        | sensor(6, "Humidity", 9, 40)
    )
    found = told(objects)
    assert found["voltage", "12V rail"]["voltage_v"] == pytest.approx(11.98)
    assert found["temperature", "Inlet"]["temperature_c"] == pytest.approx(23.5)
    assert found["fan", "Fan 1"]["fan_rpm"] == 8426
    assert found["power", "PSU input"]["power_w"] == pytest.approx(113)
    assert found["current", "PSU current"]["current_a"] == pytest.approx(1.524)
    assert len(found) == 5


def test_given_the_sensors_of_a_transceiver_then_they_are_one_row_under_its_port() -> None:
    objects = (
        sensor(1, "Ethernet1/1 Lane 1 Transceiver Receive Power Sensor", 14, -13187, (8, 0))
        | sensor(2, "Ethernet1/1 Lane 1 Transceiver Transmit Power Sensor", 14, -5883, (8, 0))
        | sensor(3, "Ethernet1/1 Lane 1 Transceiver Temperature Sensor", 8, 30855, (8, 0))
        | sensor(4, "Ethernet1/1 Lane 1 Transceiver Bias Current Sensor", 5, 20116, (7, 0))
        | sensor(5, "Chassis Temperature", 8, 40)
    )
    found = told(objects)
    assert set(found) == {("optical", "Ethernet1/1"), ("temperature", "Chassis Temperature")}
    assert list(found["optical", "Ethernet1/1"].values()) == pytest.approx([-13.187, -5.883, 30.855, 0.020116])


def test_given_light_in_watts_then_it_is_told_in_dbm() -> None:
    objects = sensor(1, "power Rx 0/0/0/3", 6, 5847, (8, 4)) | sensor(2, "power Tx 0/0/0/3", 6, 0)
    found = told(objects)["optical", "0/0/0/3"]
    assert found["rx_dbm"] == pytest.approx(10 * log10(0.5847), abs=1e-6)
    assert found["tx_dbm"] == -40  # no light has no logarithm


@pytest.mark.parametrize("status", [2, 3])
def test_given_a_sensor_that_does_not_work_then_its_value_is_unknown(status: int) -> None:
    objects = sensor(1, "CPU", 8, 40)
    (point,) = points(objects)
    value, state = point.read((40, status))
    assert isnan(value)
    assert state != Status.OK


@pytest.mark.parametrize(
    "nothing", [0x7FFFFFFF, -0x80000000, 32767, 0xFFFFFFFF, -273, None, b"", b"N/A", b"nan", "1.3.6", b"1e999"]
)
def test_given_what_agents_send_for_nothing_then_no_temperature_is_made_of_it(nothing: Value) -> None:
    assert not told(sensor(1, "CPU", 8, nothing))


@given(st.one_of(st.binary(max_size=80), st.integers(-(2**64), 2**64), st.none(), st.text(max_size=20)))
@settings(deadline=None, max_examples=200)
def test_given_anything_then_a_number_is_finite_or_unknown(value: Value) -> None:
    for found in (number(value), signed(value)):
        assert isnan(found) or abs(found) < 1e120


def test_given_numbers_written_otherwise_then_they_are_read() -> None:
    assert number(b"-270.19,-301.5") == -270.19
    assert number(b"43.566002 C") == 43.566002
    assert number(b"\x9f\x78\x04" + struct.pack(">f", 2.5)) == 2.5
    assert signed(4294967256) == -40
    assert isnan(dbm_of_watts(-1)) and isnan(dbm_of_watts(nan))


def storage(index: int, kind: str, name: str, size: int, used: int) -> dict[Oid, Value]:
    cells: Iterable[Value] = (kind, name.encode(), 1024, size, used)
    return {f"{STORAGE}.{at}.{index}": cell for at, cell in enumerate(cells, 2)}


def test_given_a_linux_then_buffers_and_caches_are_not_used_memory() -> None:
    objects = (
        storage(1, RAM, "Physical memory", 1000, 900)
        | storage(3, "1.3.6.1.2.1.25.2.1.3", "Virtual memory", 2000, 900)
        | storage(6, OTHER, "Memory buffers", 1000, 100)
        | storage(7, OTHER, "Cached memory", 300, 300)
        | storage(31, "1.3.6.1.2.1.25.2.1.4", "/", 1000, 990)
    )
    found = told(objects)
    assert list(found) == [("memory", "Physical memory")]
    assert list(found["memory", "Physical memory"].values()) == pytest.approx([0.5, 500 * 1024, 1000 * 1024])


def test_given_net_snmp_memory_then_it_is_right_over_the_generic_table() -> None:
    ucd = {f"1.3.6.1.4.1.2021.4.{at}.0": size for at, size in ((5, 1000), (6, 100), (14, 100), (15, 300))}
    found = told(ucd | storage(1, RAM, "Physical memory", 1000, 900))
    assert [(name, next(iter(each.values()))) for (_, name), each in found.items()] == [
        ("physical memory", pytest.approx(0.5))
    ]


def test_given_a_ups_of_three_phases_then_it_is_as_loaded_as_the_most_loaded() -> None:
    ups = "1.3.6.1.2.1.33.1"
    objects: dict[Oid, Value] = {f"{ups}.2.3.0": 137, f"{ups}.2.4.0": 98, f"{ups}.4.1.0": 5}
    objects |= {f"{ups}.4.4.1.5.{phase}": load for phase, load in ((1, 7), (2, 29), (3, 19))}
    assert told(objects)["ups", "ups"] == {
        "charge_ratio": pytest.approx(0.98),
        "runtime_s": 137 * 60,
        "load_ratio": pytest.approx(0.29),
        "on_battery": 1,
    }


def test_given_a_processor_at_101_percent_then_its_load_is_not_known() -> None:
    assert not told({"1.3.6.1.4.1.9.6.1.101.1.8.0": 101}, 9)
    assert told({"1.3.6.1.4.1.9.6.1.101.1.8.0": 100}, 9)["cpu", "cpu"] == {"cpu_ratio": 1.0}


def test_given_two_tables_that_tell_the_same_then_it_is_counted_once() -> None:
    cisco = "1.3.6.1.4.1.9.9.91.1.1.1.1"
    twice = sensor(1001, "Inlet", 8, 30) | {f"{cisco}.{at}.1001": cell for at, cell in enumerate((8, 9, 0, 30, 1), 1)}
    envmon = {f"1.3.6.1.4.1.9.9.13.1.3.1.{at}.1001": cell for at, cell in ((2, b"Inlet, GREEN"), (3, 30), (6, 1))}
    found = [each for each in points(twice | envmon, 9) if each.measurement == "temperature"]
    assert [(each.name, each.mib) for each in found] == [("Inlet", "CISCO-ENTITY-SENSOR-MIB entSensorValueTable")]


def test_given_a_name_with_a_state_in_it_then_the_state_is_no_part_of_the_name() -> None:
    envmon = {
        f"1.3.6.1.4.1.9.9.13.1.3.1.{at}.1008": cell for at, cell in ((2, b"SW#1, Sensor#1, GREEN"), (3, 44), (6, 1))
    }
    assert told(envmon, 9)["temperature", "SW#1, Sensor#1"] == {"temperature_c": 44, "component_status": Status.OK}


def test_given_rows_of_one_name_then_each_has_a_name_of_its_own() -> None:
    objects = sensor(1, "Fan", 10, 100) | sensor(2, "Fan", 10, 200) | sensor(3, "Fan", 10, 300)
    assert [name for _, name in told(objects)] == ["Fan", "Fan #2", "Fan #3"]


def test_given_one_row_for_each_kind_of_value_then_they_are_one_transceiver() -> None:
    entry = "1.3.6.1.4.1.8886.60.18.1.2.2.1.1.2"
    objects: dict[Oid, Value] = {
        f"{entry}.272637955.{kind}": v for kind, v in ((1, 36125), (2, 32494), (3, -3316), (4, -2708))
    }
    objects["1.3.6.1.2.1.31.1.1.1.1.272637955"] = b"te1/1/1"
    assert list(told(objects, 8886)["optical", "te1/1/1"].values()) == pytest.approx([-2.708, -3.316, 36.125, 0.032494])


def test_given_the_power_a_supply_takes_in_then_it_is_no_light() -> None:
    found = told(sensor(1, "Power Supply 1 Input Power", 6, 113))
    assert found["power", "Power Supply 1 Input Power"]["power_w"] == 113


def test_given_boards_without_a_processor_then_they_have_no_load_and_an_idle_one_has_none() -> None:
    entry = "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.5"
    objects: dict[Oid, Value] = {f"{entry}.{board}": busy for board, busy in ((9, 44), (10, 0))}
    (point,) = (each for each in points(objects, 2011) if each.measurement == "cpu")
    assert point.oids == (f"{entry}.9",)
    assert point.read((0,)) == (0.0,)


def test_given_the_names_of_sensors_then_the_port_is_what_is_left() -> None:
    assert port("Gi1/0/52 Module Temperature Sensor") == "Gi1/0/52"
    assert port("DOM RX Power Sensor for Ethernet1") == "Ethernet1"
    assert port("subslot 0/0 transceiver 0 Rx Power Sensor") == "subslot 0/0 0"


def test_given_a_nameless_device_then_every_source_is_asked_and_else_only_its_vendors() -> None:
    assert len(candidates(frozenset())) == len(SOURCES)
    cisco = candidates(frozenset({9}))
    assert all(not each.vendors or 9 in each.vendors for each in cisco)
    assert len(cisco) < len(SOURCES) / 3


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.mib}/{getattr(source, 'measurement', '')}")
def test_given_the_table_then_each_row_is_well_formed(source: object) -> None:
    columns = asked(source) if isinstance(source, Source) else source.columns() if isinstance(source, Typed) else ()
    for oid in columns:
        assert all(part.isdigit() for part in oid.split(".")), oid
        assert oid.startswith("1.3.6.1.")
    if isinstance(source, Source):
        assert all(quantity in QUANTITIES for quantity in SHAPES[source.measurement].quantities)
