"""Tables whose rows say themselves what they measure, in which unit: ENTITY-SENSOR-MIB (RFC 3433) and its relatives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from math import isnan, nan
from typing import NamedTuple

from collectors.contract import Index, Oid, SnmpSession, Value
from collectors.sensors.names import LONGEST, Names
from collectors.sensors.number import dbm_of_watts, signed
from collectors.sensors.shape import SHAPES
from collectors.sensors.source import Point, Status
from collectors.text import text

MOST = 1024
UNITS = 9  # EntitySensorDataScale: each step is a factor of a thousand
SENSOR = {1: Status.OK, 2: Status.UNKNOWN, 3: Status.FAILED}  # EntitySensorStatus: ok, unavailable, nonoperational


class Kind(NamedTuple):
    """What a type of sensor measures, under which role, and its unit in that of the quantity."""

    measurement: str
    role: str = "value"
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Typed:
    """A table of sensors with a column for the type of each. `scale` and `precision` are columns, or absent."""

    mib: str
    entry: Oid
    kinds: Mapping[int, Kind]
    kind: str = "1"
    value: str = "4"
    scale: str = ""
    precision: str = ""
    status: str = ""
    name: str = ""  # column; else the physical entity's name
    vendors: tuple[int, ...] = ()
    beside: bool = False
    part: str = ""
    unknown: frozenset[int] = field(default_factory=frozenset)

    def columns(self) -> tuple[Oid, ...]:
        places = (self.kind, self.value, self.scale, self.precision, self.status, self.name)
        return tuple(f"{self.entry}.{at}" for at in places if at)


class _Sensor(NamedTuple):
    """One row; `factor` turns its number into the unit of its quantity."""

    name: str
    kind: Kind
    factor: float
    oids: tuple[Oid, ...]  # value, and status where there is one
    now: tuple[Value, ...]


_LIGHT = re.compile(
    r"(?i)\b(rx|tx|receive|transmit|optical|laser)\b.*\bpower\b|\bpower\b.*\b(rx|tx|receive|transmit)\b"
)
_RECEIVED = re.compile(r"(?i)\b(rx|receive|input)\b")
_LANE = re.compile(r"(?i)\blane\s*(\d+)\b")
_WORDS = re.compile(
    r"(?i)\b(dom|sensor|for|transceiver|xcvr|module|mau|optical|laser|power|bias|current|supply|voltage|vcc|temperature|temp|"
    r"rx|tx|receive|transmit|input|output|lane\s*\d+)\b"
)
_ROLES = {"temperature": "temperature", "current": "bias"}  # of a port's other sensors


async def typed_points(session: SnmpSession, source: Typed, names: Names) -> list[Point]:
    """Sensors that work; those of a transceiver together, under the name of its interface."""
    rows = await session.table(source.columns())
    known = {index: row for index, row in list(rows.items())[:MOST] if index and index not in names.sensed}
    if not source.name:
        await names.entities([index[0] for index in known])
        names.sensed.update(known)
    sensors = [sensor for index, row in known.items() if (sensor := _sensor(source, index, row, names))]
    ports = {port(sensor.name) for sensor in sensors if _is_light(sensor)} - {""}
    optics = [sensor for sensor in sensors if port(sensor.name) in ports]
    points = [_point(source, sensor) for sensor in sensors if port(sensor.name) not in ports]
    return [*(point for point in points if point), *_optical(source, optics, names)]


def port(name: str) -> str:
    """What is left of a sensor's name without the words for what it measures: the port, of a transceiver's sensors."""
    return " ".join(_WORDS.sub(" ", name).split()).strip(" -:,")


def power_of_ten(scale: Value, precision: Value) -> float:
    """Scale and precision of RFC 3433 as one factor; NaN where they cannot be."""
    exponent = 3 * (scale - UNITS) if isinstance(scale, int) and 1 <= scale <= 17 else 0
    digits = precision if isinstance(precision, int) and -8 <= precision <= 9 else 0
    return float(10.0 ** (exponent - max(digits, 0)))


def _sensor(source: Typed, index: Index, row: object, names: Names) -> _Sensor | None:
    said = dict(zip(source.columns(), row, strict=True))  # type: ignore[call-overload]
    kind = source.kinds.get(said[f"{source.entry}.{source.kind}"])
    if kind is None:
        return None
    arcs = ".".join(map(str, index))
    places = [
        f"{source.entry}.{at}"
        for at in (source.value, source.status)
        if at and said[f"{source.entry}.{at}"] is not None
    ]
    if not places or not places[0].endswith(f".{source.value}"):
        return None
    factor = kind.factor
    if source.scale:
        factor *= power_of_ten(said[f"{source.entry}.{source.scale}"], said.get(f"{source.entry}.{source.precision}"))
    name = text(said.get(f"{source.entry}.{source.name}"))[:LONGEST] if source.name else names.entity(index[0])
    return _Sensor(
        name or f"{kind.measurement} {arcs}",
        kind,
        factor,
        tuple(f"{at}.{arcs}" for at in places),
        tuple(said[at] for at in places),
    )


def _is_light(sensor: _Sensor) -> bool:
    return sensor.kind.role == "dbm" or (sensor.kind.measurement == "power" and bool(_LIGHT.search(sensor.name)))


def _point(source: Typed, sensor: _Sensor) -> Point | None:
    if sensor.kind.role == "dbm":
        return None
    read = partial(read_sensor, sensor.kind, sensor.factor, len(sensor.oids) > 1)
    if isnan(read(sensor.now)[0]):
        return None
    return Point(sensor.kind.measurement, sensor.name, source.mib, sensor.oids, read)


def read_sensor(kind: Kind, factor: float, has_status: bool, values: tuple[Value, ...]) -> tuple[float, ...]:
    """Value (and status) of one sensor as the quantities of its measurement."""
    found = signed(values[0]) * factor
    if kind.measurement == "temperature" and not found:
        found = nan  # no device stands at 0.0 degrees: that is what is said where nothing is measured
    cells = {kind.role: found}
    if kind.role == "status":
        cells = {"status": float({0: Status.OK, 1: Status.FAILED}.get(_whole(values[0]), Status.UNKNOWN))}
    if has_status:
        cells["sensor"] = float(SENSOR.get(_whole(values[1]), Status.UNKNOWN))
    return SHAPES[kind.measurement].values(cells)


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else -1


def _optical(source: Typed, sensors: list[_Sensor], names: Names) -> list[Point]:
    """One point a port; further lanes of one port are points of their own."""
    ports: dict[str, dict[str, _Sensor]] = {}
    for sensor in sensors:
        role = _role(sensor)
        if not role:
            continue
        key = names.port(port(sensor.name))
        lane = _LANE.search(sensor.name)
        if role in ports.get(key, {}):
            key = f"{key} lane {lane[1] if lane else len(ports)}"
        ports.setdefault(key, {}).setdefault(role, sensor)
    return [point for key, roles in ports.items() if (point := _optical_point(source, key, roles))]


def _role(sensor: _Sensor) -> str:
    if _is_light(sensor):
        return "rx" if _RECEIVED.search(sensor.name) else "tx"
    return _ROLES.get(sensor.kind.measurement, "")


def _optical_point(source: Typed, name: str, roles: Mapping[str, _Sensor]) -> Point | None:
    parts = tuple((role, sensor.kind.role == "dbm", sensor.factor, len(sensor.oids)) for role, sensor in roles.items())
    oids = tuple(oid for sensor in roles.values() for oid in sensor.oids)
    read = partial(read_optical, parts)
    now = tuple(value for sensor in roles.values() for value in sensor.now)
    if all(isnan(one) for one in read(now)):
        return None
    return Point("optical", name, source.mib, oids, read)


def read_optical(parts: tuple[tuple[str, bool, float, int], ...], values: tuple[Value, ...]) -> tuple[float, ...]:
    """The sensors of one transceiver: role, whether in dBm (else watts where light), factor, value alone or with status."""
    cells, at = {}, 0
    for role, in_dbm, factor, width in parts:
        found = signed(values[at]) * factor
        if in_dbm and not found:
            found = nan  # 0.000 dBm is what is said where no light is measured
        if width > 1 and SENSOR.get(_whole(values[at + 1])) != Status.OK:
            found = nan
        cells[role] = dbm_of_watts(found) if role in ("rx", "tx") and not in_dbm else found
        at += width
    return SHAPES["optical"].values(cells)
