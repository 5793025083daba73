"""Sensors of routers, switches and firewalls of other makers: Juniper, Huawei, H3C, MikroTik, Nokia, Fortinet and more."""

from collectors.contract import Value
from collectors.sensors.number import dbm_of_watts, number, signed
from collectors.sensors.source import (
    Column,
    Source,
    Status,
    amount,
    entity,
    gauge,
    index,
    interface,
    own,
    state,
    words,
)
from collectors.sensors.typed import Kind, Typed

_JUNIPER = "1.3.6.1.4.1.2636.3.1.13.1"
_HUAWEI = "1.3.6.1.4.1.2011.5.25.31.1.1"
_H3C = "1.3.6.1.4.1.25506.2.6.1.1.1.1"
_OLD_H3C = "1.3.6.1.4.1.2011.10.2.6.1.1.1.1"
_CLASS = "1.3.6.1.2.1.47.1.1.1.1.5"  # entPhysicalClass
_TIMETRA = "1.3.6.1.4.1.6527.3.1.2"
# jnxOperatingState: 1 unknown, 2 running, 3 ready, 4 reset, 5 runningAtFullSpeed, 6 down, 7 standby
_JUNIPER_STATE = {
    2: Status.OK,
    3: Status.OK,
    4: Status.WARNING,
    5: Status.WARNING,
    6: Status.FAILED,
    7: Status.OK,
}
_GOOD_BAD = {1: Status.OK, 2: Status.FAILED}
# hh3cEntityExtErrorStatus: 1 notSupported, 2 normal, 3 postFailure, 4 absent, 11 PoE, 21 to 23 stack, 31 to 33 SFP, 41 fan,
# 51 power supply, 61 redundant supply, 71 module, 81 sensor, 91 hardware
_H3C_FAULTS = (3, 11, 21, 22, 23, 31, 32, 33, 41, 51, 61, 71, 81, 91)
_H3C_STATE = {2: Status.OK, 4: Status.ABSENT, **dict.fromkeys(_H3C_FAULTS, Status.FAILED)}
# tmnxHwOperState: 2 inService, 3 outOfService, 4 diagnosing, 5 failed, 6 booting, 7 empty, 8 provisioned, 9 unprovisioned
_TIMETRA_STATE = {
    2: Status.OK,
    3: Status.FAILED,
    4: Status.WARNING,
    5: Status.FAILED,
    6: Status.WARNING,
    7: Status.ABSENT,
    8: Status.ABSENT,
    9: Status.ABSENT,
}


def _lane(value: Value) -> float:
    """hwEntityOpticalLane...: "-270.19,-301.5" in 1/100 dBm; the first lane."""
    return signed(value) if not (isinstance(value, bytes) and not value.strip()) else float("nan")


def _bias(value: Value) -> float:
    """hwEntityOpticalBiasCurrent: microamperes on switches, milliamperes on routers; a laser takes 1 to 150 mA."""
    found = number(value)
    return found * 1e-3 if found < 500 else found * 1e-6


def _tenth_microwatts(value: Value) -> float:
    """SFF-8472: light in units of 0.1 microwatt."""
    return dbm_of_watts(number(value) * 1e-7)


ROUTERS: tuple[Source | Typed, ...] = (
    Source(
        "JUNIPER-MIB jnxOperatingCPU",
        "cpu",
        _JUNIPER,
        {"busy": amount("8")},
        (own("5"),),
        (2636,),
        named=r"(?i)routing engine|FPC|FEB|SCB|CFEB|SPC|node|CPU|RE\d|^[\d.]+$",
        unnamed=r"(?i)sensor|fan|power|PEM|PSM|PIC",
        nonzero=("8", "11", "15"),
    ),
    Source(
        "JUNIPER-MIB jnxOperatingBuffer",
        "memory",
        _JUNIPER,
        {"percent": amount("11", zero=False), "total": amount("15", 2**20, zero=False)},
        (own("5"),),
        (2636,),
        unnamed=r"(?i)sensor|fan|power supply|PEM|PSM",
    ),
    Source(
        "JUNIPER-MIB jnxOperatingTemp", "temperature", _JUNIPER, {"value": gauge("7", zero=False)}, (own("5"),), (2636,)
    ),
    Source(
        "JUNIPER-MIB jnxOperatingState",
        "component",
        _JUNIPER,
        {"status": state("6", _JUNIPER_STATE)},
        (own("5"),),
        (2636,),
        named=r"(?i)fan|PEM|PSM|power",
        unnamed=r"(?i)sensor",
    ),
    Source(
        "JUNIPER-DOM-MIB jnxDomCurrentTable",
        "optical",
        "1.3.6.1.4.1.2636.3.60.1.1.1.1",
        {
            "rx": gauge("5", 0.01, zero=False),
            "tx": gauge("7", 0.01, zero=False),
            "temperature": gauge("8", zero=False),
            "bias": amount("6", 1e-6, zero=False),
        },
        (interface(),),
        (2636,),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwEntityCpuUsage",
        "cpu",
        f"{_HUAWEI}.1.1",
        {"busy": amount("5")},
        (entity(),),
        (2011,),
        nonzero=("5", "6"),  # a board that has a threshold has a processor, if an idle one
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwEntityMemUsage",
        "memory",
        f"{_HUAWEI}.1.1",
        {"percent": amount("7"), "total": amount("9", zero=False)},
        (entity(),),
        (2011,),
        nonzero=("7",),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwEntityTemperature",
        "temperature",
        f"{_HUAWEI}.1.1",
        {"value": gauge("11", zero=False)},
        (entity(),),
        (2011,),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwEntityTempValue",
        "temperature",
        f"{_HUAWEI}.8.1",
        {"value": gauge("6", zero=False)},
        (words("slot"), index(0), words("sensor"), index(2), index(3)),
        (2011,),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwOpticalModuleInfoTable, lanes",
        "optical",
        f"{_HUAWEI}.3.1",
        {
            "rx": Column("32", 0.01, _lane),
            "tx": Column("33", 0.01, _lane),
            "temperature": gauge("5", zero=False, unknown=(-255,)),
            "bias": Column("7", 1.0, _bias, zero=False),
        },
        (entity(),),
        (2011,),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwOpticalModuleInfoTable",
        "optical",
        f"{_HUAWEI}.3.1",
        {"temperature": gauge("5", zero=False, unknown=(-255,)), "bias": Column("7", 1.0, _bias, zero=False)},
        (entity(),),
        (2011,),
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwFanStatusTable",
        "fan",
        f"{_HUAWEI}.10.1",
        {"percent": amount("5"), "status": state("7", _GOOD_BAD)},
        (words("fan"), index(0), index(1)),
        (2011,),
        only={"6": frozenset({1})},
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwPwrStatusTable",
        "component",
        f"{_HUAWEI}.18.1",
        {"status": state("6", {1: Status.OK, 2: Status.FAILED, 3: Status.OK})},
        (words("power"), index(0), index(1)),
        (2011,),
        only={"5": frozenset({1})},
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwPwrStatusTable",
        "voltage",
        f"{_HUAWEI}.18.1",
        {"value": amount("8", 1e-3, zero=False)},
        (words("power"), index(0), index(1)),
        (2011,),
        only={"5": frozenset({1})},
    ),
    Source(
        "HUAWEI-ENTITY-EXTENT-MIB hwPwrStatusTable",
        "current",
        f"{_HUAWEI}.18.1",
        {"value": amount("7", 1e-3, zero=False)},
        (words("power"), index(0), index(1)),
        (2011,),
        only={"5": frozenset({1})},
    ),
    Source(
        "HUAWEI-ENERGYMNGT-MIB hwBoardPowerMngtTable",
        "power",
        "1.3.6.1.4.1.2011.6.157.2.1.1",
        {"value": amount("4", 1e-3)},
        (own("3"),),
        (2011,),
    ),
    *(
        source
        for entry, vendors in ((_H3C, (25506, 11)), (_OLD_H3C, (2011,)))
        for source in (
            Source(
                "HH3C-ENTITY-EXT-MIB hh3cEntityExtCpuUsage",
                "cpu",
                entry,
                {"busy": amount("6")},
                (entity(),),
                vendors,
                nonzero=("6",),
            ),
            *(
                Source(
                    "HH3C-ENTITY-EXT-MIB hh3cEntityExtMemUsage",
                    "memory",
                    entry,
                    {"percent": amount("8"), "total": amount("10", zero=False)},
                    (entity(),),
                    vendors,
                    nonzero=("8",),
                    only=only,
                )
                for only in ({_CLASS: frozenset({9})}, {})  # boards: sensors and ports repeat what their board has
            ),
            Source(
                "HH3C-ENTITY-EXT-MIB hh3cEntityExtTemperature",
                "temperature",
                entry,
                {"value": gauge("12", zero=False)},
                (entity(),),
                vendors,
                only={_CLASS: frozenset({8, 9, None})},  # sensors and modules: chassis and bays repeat theirs
            ),
            Source(
                "HH3C-ENTITY-EXT-MIB hh3cEntityExtCurrentPower",
                "power",
                f"{entry[:-4]}.3.1.1",
                {"value": amount("3", 1e-3, zero=False)},
                (entity(),),
                vendors,
            ),
            Source(
                "HH3C-ENTITY-EXT-MIB hh3cEntityExtErrorStatus",
                "component",
                entry,
                {"status": state("19", _H3C_STATE)},
                (entity(),),
                vendors,
                only={_CLASS: frozenset({6, 7})},
            ),
        )
    ),
    Source(
        "HH3C-TRANSCEIVER-INFO-MIB",
        "optical",
        "1.3.6.1.4.1.25506.2.70.1.1.1",
        {
            "rx": gauge("12", 0.01),
            "tx": gauge("9", 0.01),
            "temperature": gauge("15", zero=False),
            "bias": amount("17", 1e-5),
        },
        (interface(),),
        (25506, 11),
    ),
    Typed(
        "MIKROTIK-MIB mtxrGaugeTable",
        "1.3.6.1.4.1.14988.1.1.3.100.1",
        {
            1: Kind("temperature"),
            2: Kind("fan", "rpm"),
            3: Kind("voltage", factor=0.1),
            4: Kind("current", factor=0.1),
            5: Kind("power", factor=0.1),
            6: Kind("component", "status"),
        },
        kind="4",
        value="3",
        name="2",
        vendors=(14988,),
    ),
    Source(
        "MIKROTIK-MIB mtxrHlTemperature",
        "temperature",
        "1.3.6.1.4.1.14988.1.1.3",
        {"value": gauge("10", 0.1, zero=False)},
        (words("board"),),
        (14988,),
    ),
    Source(
        "MIKROTIK-MIB mtxrHlProcessorTemperature",
        "temperature",
        "1.3.6.1.4.1.14988.1.1.3",
        {"value": gauge("11", 0.1, zero=False)},
        (words("cpu"),),
        (14988,),
        beside=True,
        unless="MIKROTIK-MIB mtxrGaugeTable",
    ),
    Source(
        "MIKROTIK-MIB mtxrHlVoltage",
        "voltage",
        "1.3.6.1.4.1.14988.1.1.3",
        {"value": amount("8", 0.1, zero=False)},
        (words("input"),),
        (14988,),
    ),
    Source(
        "MIKROTIK-MIB mtxrOpticalTable",
        "optical",
        "1.3.6.1.4.1.14988.1.1.19.1.1",
        {
            "rx": gauge("10", 1e-3, zero=False),
            "tx": gauge("9", 1e-3, zero=False),
            "temperature": gauge("6", zero=False),
            "bias": amount("8", 1e-3, zero=False),
        },
        (own("2"),),
        (14988,),
    ),
    Source("TIMETRA-SYSTEM-MIB sgiCpuUsage", "cpu", f"{_TIMETRA}.1.1", {"busy": amount("1")}, (words("cpu"),), (6527,)),
    Source(
        "TIMETRA-SYSTEM-MIB sgiKbMemoryUsed",
        "memory",
        f"{_TIMETRA}.1.1",
        {"used": amount("11", 1024), "free": amount("10", 1024)},
        (words("memory"),),
        (6527,),
    ),
    Source(
        "TIMETRA-SYSTEM-MIB sgiMemoryUsed",
        "memory",
        f"{_TIMETRA}.1.1",
        {"used": amount("2"), "free": amount("3")},
        (words("memory"),),
        (6527,),
    ),
    Source(
        "TIMETRA-CHASSIS-MIB tmnxHwTemperature",
        "temperature",
        f"{_TIMETRA}.2.1.8.1",
        {"value": gauge("18", zero=False, unknown=(-1, -128))},
        (own("8"),),
        (6527,),
    ),
    Source(
        "TIMETRA-CHASSIS-MIB tmnxHwOperState",
        "component",
        f"{_TIMETRA}.2.1.8.1",
        {"status": state("16", _TIMETRA_STATE)},
        (own("8"),),
        (6527,),
        named=r"(?i)fan|power|slot|MDA|chassis",
    ),
    Source(
        "TIMETRA-PORT-MIB tmnxDigitalDiagMonitorTable",
        "optical",
        f"{_TIMETRA}.2.4.31.1",
        {
            "rx": Column("21", 1.0, _tenth_microwatts),
            "tx": Column("16", 1.0, _tenth_microwatts),
            "temperature": gauge("1", 1 / 256, zero=False),
            "bias": amount("11", 2e-6, zero=False),
        },
        (interface(-1),),
        (6527,),
    ),
    Source(
        "ERICSSON-ROUTER cpuMeter", "cpu", "1.3.6.1.4.1.2352.2.6.1", {"busy": amount("2")}, (words("cpu"),), (2352, 193)
    ),
)
