"""Sensors in standard tables: processors, memory, ENTITY-SENSOR, net-snmp, UPS-MIB."""

from collectors.contract import Value
from collectors.sensors.number import unsigned
from collectors.sensors.source import Column, Source, amount, flag, gauge, index, own, words
from collectors.sensors.storage import Storage
from collectors.sensors.typed import Kind, Typed

# EntitySensorDataType: 3 voltsAC, 4 voltsDC, 5 amperes, 6 watts, 8 celsius, 10 rpm; 14 dBm is Cisco's, and others'
ENTITY_KINDS = {
    3: Kind("voltage"),
    4: Kind("voltage"),
    5: Kind("current"),
    6: Kind("power"),
    8: Kind("temperature"),
    10: Kind("fan", "rpm"),
    14: Kind("optical", "dbm"),
}
_UPS = "1.3.6.1.2.1.33.1"


def _line_volts(value: Value) -> float:
    """upsInputVoltage, upsOutputVoltage: volts, but tenths from some agents; no UPS has a line of a thousand volts."""
    found = unsigned(value)
    return found / 10 if found > 1000 else found


STANDARD: tuple[Source | Typed | Storage, ...] = (
    Typed(
        "ENTITY-SENSOR-MIB entPhySensorTable",
        "1.3.6.1.2.1.99.1.1.1",
        ENTITY_KINDS,
        scale="2",
        precision="3",
        status="5",
    ),
    Source(
        "HOST-RESOURCES-MIB hrProcessorTable",
        "cpu",
        "1.3.6.1.2.1.25.3.3.1",
        {"busy": amount("2")},
        (own("1.3.6.1.2.1.25.3.2.1.3"),),
    ),
    Source(
        "UCD-SNMP-MIB memory",
        "memory",
        "1.3.6.1.4.1.2021.4",
        {role: amount(at, 1024) for role, at in (("total", "5"), ("free", "6"), ("buffers", "14"), ("cached", "15"))},
        (words("physical memory"),),
    ),
    Storage(),
    Source("UCD-SNMP-MIB systemStats", "cpu", "1.3.6.1.4.1.2021.11", {"idle": amount("11")}, (words("processors"),)),
    Source(
        "LM-SENSORS-MIB lmTempSensorsTable",
        "temperature",
        "1.3.6.1.4.1.2021.13.16.2.1",
        {"value": gauge("3", 1e-3, zero=False)},
        (own("2"),),
    ),
    Source(
        "UPS-MIB upsBattery",
        "ups",
        _UPS,
        {
            "charge": amount("2.4"),
            "runtime": amount("2.3", 60),
            "on_battery": flag("4.1", {1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 0, 7: 0}),
            **{f"load{phase}": amount("4.4.1.5", row=str(phase)) for phase in (1, 2, 3)},
        },
        (words("ups"),),
    ),
    Source(
        "UPS-MIB upsBatteryTemperature",
        "temperature",
        _UPS,
        {"value": gauge("2.7", zero=False, unknown=(-1,))},
        (words("battery"),),
    ),
    Source(
        "UPS-MIB upsBatteryVoltage", "voltage", _UPS, {"value": amount("2.5", 0.1, zero=False)}, (words("battery"),)
    ),
    Source(
        "UPS-MIB upsInputTable",
        "voltage",
        "1.3.6.1.2.1.33.1.3.3.1",
        {"value": Column("3", 1.0, _line_volts)},
        (words("input"), index()),
        beside=True,
    ),
    Source(
        "UPS-MIB upsOutputTable",
        "voltage",
        "1.3.6.1.2.1.33.1.4.4.1",
        {"value": Column("2", 1.0, _line_volts)},
        (words("output"), index()),
        beside=True,
    ),
    Source(
        "UPS-MIB upsOutputTable",
        "current",
        "1.3.6.1.2.1.33.1.4.4.1",
        {"value": amount("3", 0.1)},
        (words("output"), index()),
    ),
    Source(
        "UPS-MIB upsOutputTable", "power", "1.3.6.1.2.1.33.1.4.4.1", {"value": amount("4")}, (words("output"), index())
    ),
)
