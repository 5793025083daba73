"""Sensors of switches of Dell, Extreme, and those built on Broadcom's FASTPATH (Dell N, Netgear, EdgeSwitch)."""

import re

from collectors.contract import Value
from collectors.sensors.number import number, unsigned
from collectors.sensors.source import Column, Source, Status, amount, gauge, index, interface, own, state, words

_DELL10 = "1.3.6.1.4.1.674.11000.5000.100.4.1"
_EXTREME = "1.3.6.1.4.1.1916.1"
# boxServicesFanItemState: notpresent, operational, failed, powering, nopower, notpowering, incompatible
_FASTPATH_STATE = {
    1: Status.ABSENT,
    2: Status.OK,
    3: Status.FAILED,
    4: Status.WARNING,
    5: Status.FAILED,
    6: Status.FAILED,
    7: Status.WARNING,
}
# Os10CmnOperStatus: up, down, testing, unknown, dormant, notPresent, lowerLayerDown, failed
_DELL10_STATE = {
    1: Status.OK,
    2: Status.FAILED,
    3: Status.WARNING,
    5: Status.WARNING,
    6: Status.ABSENT,
    7: Status.FAILED,
    8: Status.FAILED,
}
_EXTREME_POWER = {1: Status.ABSENT, 2: Status.OK, 3: Status.FAILED, 4: Status.FAILED}
_TRUTH = {1: Status.OK, 2: Status.FAILED}


_MOST_KILOBYTES = 2**26
_MINUTE = re.compile(rb"(?:60 Secs|1 Min) \(\s*([\d.]+)")


def _minute_percent(value: Value) -> float:
    """agentSwitchCpuProcessTotalUtilization: "5 Secs (18.1%) 60 Secs (16.4%) 300 Secs (15.4%)"; of older ones
    "5 Sec (18.1%), 1 Min (16.4%), 5 Min (15.4%)"."""
    match = _MINUTE.search(value[:120]) if isinstance(value, bytes) else None
    return number(match[1]) if match else float("nan")


def _kilobytes(value: Value) -> float:
    """agentSwitchCpuProcessMem: kilobytes by the MIB, octets by some releases; no switch has 64 gigabytes."""
    found = unsigned(value)
    return found * 1024 if found < _MOST_KILOBYTES else found


DELL: tuple[Source, ...] = (
    Source(
        "DELLEMC-OS10-CHASSIS-MIB os10ChassisTemp",
        "temperature",
        f"{_DELL10}.1.3.1",
        {"value": gauge("11", zero=False)},
        (words("chassis"), index()),
        (674,),
    ),
    Source(
        "DELLEMC-OS10-CHASSIS-MIB os10CardTemp",
        "temperature",
        f"{_DELL10}.1.4.1",
        {"value": gauge("5", zero=False)},
        (own("3"), index()),
        (674,),
        beside=True,
    ),
    Source(
        "DELLEMC-OS10-CHASSIS-MIB os10PowerSupplyTable",
        "component",
        f"{_DELL10}.2.1.1",
        {"status": state("4", _DELL10_STATE)},
        (words("power supply"), index()),
        (674,),
    ),
    Source(
        "DELLEMC-OS10-CHASSIS-MIB os10FanTable",
        "component",
        f"{_DELL10}.2.3.1",
        {"status": state("7", _DELL10_STATE)},
        (words("fan"), index()),
        (674,),
        beside=True,
    ),
    Source(
        "F10 chStackUnitCpuUtil1Min",
        "cpu",
        "1.3.6.1.4.1.6027.3.26.1.4.4.1",
        {"busy": amount("4")},
        (words("unit"), index()),
        (6027,),
    ),
    Source(
        "F10 chStackUnitTemp",
        "temperature",
        "1.3.6.1.4.1.6027.3.26.1.3.4.1",
        {"value": gauge("13", zero=False)},
        (words("unit"), index()),
        (6027,),
    ),
    *(
        source
        for entry, vendors in (
            ("1.3.6.1.4.1.674.10895.5000.2.6132.1.1", (674,)),
            ("1.3.6.1.4.1.4413.1.1", (4413, 890)),
            *((f"1.3.6.1.4.1.4526.{at}", (4526,)) for at in (10, 11)),
        )
        for source in (
            Source(
                "FASTPATH-SWITCHING-MIB agentSwitchCpuProcessTotalUtilization",
                "cpu",
                f"{entry}.1.1.4",
                {"busy": Column("9", 1.0, _minute_percent)},
                (words("cpu"),),
                vendors,
            ),
            Source(
                "FASTPATH-SWITCHING-MIB agentSwitchCpuProcessUtilization of old releases",
                "cpu",
                f"{entry}.1.1.4",
                {"busy": Column("4", 1.0, _minute_percent)},
                (words("cpu"),),
                vendors,
            ),
            Source(
                "FASTPATH-BOXSERVICES-MIB boxServicesFiberPortsOpticsTable",
                "optical",
                f"{entry}.43.1.18.1",
                {
                    "rx": gauge("6", zero=False),
                    "tx": gauge("5", zero=False),
                    "temperature": gauge("2", zero=False),
                    "bias": amount("4", 1e-3, zero=False),
                },
                (interface(),),
                vendors,
            ),
            Source(
                "FASTPATH-SWITCHING-MIB agentSwitchCpuProcessMem",
                "memory",
                f"{entry}.1.1.4",
                {"free": Column("1", 1.0, _kilobytes), "total": Column("2", 1.0, _kilobytes)},
                (words("memory"),),
                vendors,
            ),
            Source(
                "FASTPATH-BOXSERVICES-MIB boxServicesTempSensorsTable",
                "temperature",
                f"{entry}.43.1.8.1",
                {"value": gauge("5", zero=False)},
                (words("sensor"), index(-2), index()),
                vendors,
            ),
            Source(
                "FASTPATH-BOXSERVICES-MIB boxServicesFansTable",
                "fan",
                f"{entry}.43.1.6.1",
                {"rpm": amount("4"), "status": state("3", _FASTPATH_STATE)},
                (words("fan"), index(-2), index()),
                vendors,
            ),
        )
    ),
    Source(
        "EXTREME-SOFTWARE-MONITOR-MIB extremeCpuMonitorTotalUtilization",
        "cpu",
        f"{_EXTREME}.32.1",
        {"busy": amount("2")},
        (words("cpu"),),
        (1916,),
    ),
    Source(
        "EXTREME-SOFTWARE-MONITOR-MIB extremeCpuMonitorSystemUtilization1min",
        "cpu",
        f"{_EXTREME}.32.1.4.1",
        {"busy": amount("8")},
        (words("cpu"), index()),
        (1916,),
    ),
    Source(
        "EXTREME-SOFTWARE-MONITOR-MIB extremeCpuMonitorSystemUtilization5mins",
        "cpu",
        f"{_EXTREME}.32.1.4.1",
        {"busy": amount("9")},
        (words("cpu"), index()),
        (1916,),
    ),
    Source(
        "EXTREME-SOFTWARE-MONITOR-MIB extremeMemoryMonitorSystemTable",
        "memory",
        f"{_EXTREME}.32.2.2.1",
        {"total": amount("2", 1024), "free": amount("3", 1024)},
        (words("slot"), index()),
        (1916,),
    ),
    Source(
        "EXTREME-SYSTEM-MIB extremeCurrentTemperature",
        "temperature",
        f"{_EXTREME}.1.1",
        {"value": gauge("8", zero=False)},
        (words("chassis"),),
        (1916,),
    ),
    Source(
        "EXTREME-SYSTEM-MIB extremeFanStatusTable",
        "fan",
        f"{_EXTREME}.1.1.9.1",
        {"rpm": amount("4"), "status": state("2", _TRUTH)},
        (words("fan"), index()),
        (1916,),
    ),
    Source(
        "EXTREME-SYSTEM-MIB extremePowerSupplyTable",
        "component",
        f"{_EXTREME}.1.1.27.1",
        {"status": state("2", _EXTREME_POWER)},
        (words("power supply"), index()),
        (1916,),
    ),
)
