"""How well a simulated router is: one processor, its memory and the air at its inlet, by the standard MIBs alone."""

from math import pi, sin

from collectors.snmp import ber
from noc.lab.curve import draw
from noc.lab.objects import Arcs, Column, Scalar, Table
from noc.lab.view import View

_HOST: Arcs = (1, 3, 6, 1, 2, 1, 25)
_ENTITY: Arcs = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
_SENSOR: Arcs = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1)
_DEVICE_PROCESSOR: Arcs = (*_HOST, 3, 1, 3)
_STORAGE_RAM: Arcs = (*_HOST, 2, 1, 2)
_UNIT = 1024
_GIB = 1 << 30
_CHASSIS, _SENSOR_CLASS = ber.integer(3), ber.integer(8)  # entPhysicalClass
_CELSIUS, _UNITS, _OK = ber.integer(8), ber.integer(9), ber.integer(1)  # RFC 3433
_MODELS = {"juniper": "MX204", "cisco": "ISR4331/K9", "huawei": "NE8000 M8", "mikrotik": "CCR1009-7G-1C-1S+"}
_DAY_S, _EAT_S, _WARMEST_S = 86_400, 3 * 3600, 14 * 3600


def _text(text: str) -> bytes:
    return ber.tlv(ber.OCTETS, text.encode())


def _oid(arcs: Arcs) -> bytes:
    return ber.tlv(ber.OID, ber.oid_body(arcs))


def _of(view: View, what: str, least: float, most: float) -> float:
    """A figure of the router's own between two bounds, always the same."""
    return least + (most - least) * draw(view.router.device.key, what)


def _day(view: View) -> float:
    """-1 at two in the night, 1 at two in the afternoon, East Africa Time."""
    return sin(2 * pi * ((view.t + _EAT_S - _WARMEST_S) / _DAY_S + 0.25))


def _busy(view: View, _row: int) -> bytes:
    unrest = 8 * draw(view.router.device.key, int(view.t) // 60)  # a new minute, another mean
    return ber.integer(round(_of(view, "cpu", 12, 40) + 8 * _day(view) + unrest))


def _memory(view: View) -> int:
    """In units of 1 KiB."""
    return int(2 ** round(_of(view, "memory", 0, 4))) * _GIB // _UNIT


def _used(view: View, _row: int) -> bytes:
    return ber.integer(int(_memory(view) * (_of(view, "used", 0.25, 0.7) + 0.02 * _day(view))))


def _warmth(view: View, _row: int) -> bytes:
    """Tenths of a degree: entPhySensorPrecision is 1."""
    return ber.integer(round(10 * (_of(view, "inlet", 24, 36) + 3 * _day(view))))


def _serial(view: View, row: int) -> bytes:
    number = int(draw(view.router.device.key, "serial") * 10**8)
    return _text(f"LAB{number:08d}") if row == 0 else b"\x04\x00"


def health_scalars() -> tuple[Scalar, ...]:
    return (Scalar((*_HOST, 2, 2, 0), lambda v, _: ber.integer(_memory(v))),)


def health_tables() -> tuple[Table, ...]:
    """hrProcessorTable, hrStorageTable, entPhysicalTable with a chassis and a sensor in it, entPhySensorTable."""
    storage, device = (*_HOST, 2, 3, 1), (*_HOST, 3, 2, 1)
    return (
        Table(
            (
                Column((*storage, 2), lambda v, row: _oid(_STORAGE_RAM)),
                Column((*storage, 3), lambda v, row: _text("RAM")),
                Column((*storage, 4), lambda v, row: ber.integer(_UNIT)),
                Column((*storage, 5), lambda v, row: ber.integer(_memory(v))),
                Column((*storage, 6), _used),
            ),
            [(1,)],
        ),
        Table(
            (
                Column((*device, 2), lambda v, row: _oid(_DEVICE_PROCESSOR)),
                Column((*device, 3), lambda v, row: _text("Routing processor")),
            ),
            [(1,)],
        ),
        Table((Column((*_HOST, 3, 3, 1, 2), _busy),), [(1,)]),
        Table(_physical(), [(1,), (2,)]),
        Table(_sensors(), [(2,)]),
    )


def _physical() -> tuple[Column, ...]:
    return (
        Column((*_ENTITY, 2), lambda v, row: _text(("Chassis", "Inlet temperature")[row])),
        Column((*_ENTITY, 4), lambda v, row: ber.integer(row)),
        Column((*_ENTITY, 5), lambda v, row: (_CHASSIS, _SENSOR_CLASS)[row]),
        Column((*_ENTITY, 6), lambda v, row: ber.integer(1)),
        Column((*_ENTITY, 7), lambda v, row: _text(("Chassis", "Inlet temperature")[row])),
        Column((*_ENTITY, 11), _serial),
        Column((*_ENTITY, 13), lambda v, row: _text(_MODELS.get(v.router.model.vendor, "") if row == 0 else "")),
        Column((*_ENTITY, 16), lambda v, row: ber.integer(2)),
    )


def _sensors() -> tuple[Column, ...]:
    return (
        Column((*_SENSOR, 1), lambda v, row: _CELSIUS),
        Column((*_SENSOR, 2), lambda v, row: _UNITS),
        Column((*_SENSOR, 3), lambda v, row: _OK),
        Column((*_SENSOR, 4), _warmth),
        Column((*_SENSOR, 5), lambda v, row: _OK),
        Column((*_SENSOR, 6), lambda v, row: _text("degrees C")),
    )
