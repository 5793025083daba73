"""Sensors of radio links, access points and cellular routers."""

from collectors.contract import Value
from collectors.sensors.number import signed
from collectors.sensors.source import Column, Source, amount, gauge, index, own, words


# Radios hang outdoors, where 0 degrees are a temperature like any other: a sensor that told anything else when the list
# was found may tell 0 later (`nonzero`). Indoors 0 is what is sent for a sensor that is not there.
def _parts(at: str, divisor: float) -> Column:
    """A percentage in finer steps."""
    return amount(at, 1 / divisor)


def _airmax_celsius(value: Value) -> float:
    """Releases 8.7.4 to 8.7.6 tell degrees ten million times too large."""
    found = signed(value)
    return found * 1e-7 if abs(found) >= 1e6 else found


RADIO: tuple[Source, ...] = (
    Source(
        "WLSX-SYSTEMEXT-MIB sysExtProcessorLoad",
        "cpu",
        "1.3.6.1.4.1.14823.2.2.1.2.1.13.1",
        {"busy": amount("3")},
        (own("2"),),
        (14823,),
    ),
    Source(
        "WLSX-SYSTEMEXT-MIB sysExtMemory",
        "memory",
        "1.3.6.1.4.1.14823.2.2.1.2.1.15.1",
        {"total": amount("2", 1024), "used": amount("3", 1024)},
        (words("memory"), index()),
        (14823,),
    ),
    Source(
        "WLSX-SYSTEMEXT-MIB wlsxSysExtInternalTemparature",
        "temperature",
        "1.3.6.1.4.1.14823.2.2.1.2.1",
        {"value": gauge("10", zero=False)},
        (words("cpu"),),
        (14823,),
    ),
    Source(
        "AI-AP-MIB aiAPCPUUtilization",
        "cpu",
        "1.3.6.1.4.1.14823.2.3.3.1.2.1.1",
        {"busy": amount("7")},
        (own("2"),),
        (14823,),
    ),
    Source(
        "AI-AP-MIB aiAPMemoryFree",
        "memory",
        "1.3.6.1.4.1.14823.2.3.3.1.2.1.1",
        {"free": amount("8"), "total": amount("10")},
        (own("2"),),
        (14823,),
    ),
    Source(
        "CAMBIUM-PMP80211-MIB sysCPUUsage",
        "cpu",
        "1.3.6.1.4.1.17713.21.2.1",
        {"busy": _parts("64", 10)},
        (words("cpu"),),
        (17713,),
    ),
    Source(
        "WHISP-BOX-MIBV2-MIB boxTemperatureC",
        "temperature",
        "1.3.6.1.4.1.161.19.3.3.1",
        {"value": gauge("35")},
        (words("box"),),
        (161,),
        nonzero=("35",),
    ),
    Source(
        "SAF-INTEGRA CPU idle",
        "cpu",
        "1.3.6.1.4.1.7571.100.1.1.7.9.4",
        {"idle": _parts("10", 10)},
        (words("cpu"),),
        (7571,),
    ),
    *(
        Source(
            "SAF-INTEGRA system",
            measurement,
            "1.3.6.1.4.1.7571.100.1.1.7.9.4",
            {"value": gauge(at, scale)},
            (words(name),),
            (7571,),
            beside=True,
            nonzero=(at,),
        )
        for measurement, at, scale, name in (
            ("temperature", "2", 0.1, "cpu"),
            ("temperature", "8", 0.1, "board"),
            ("voltage", "5", 1e-3, "supply"),
            ("current", "6", 1e-3, "supply"),
            ("power", "7", 1e-3, "supply"),
        )
    ),
    Source(
        "MIMOSA-NETWORKS-BFIVE-MIB mimosaInternalTemp",
        "temperature",
        "1.3.6.1.4.1.43356.2.1.2.1",
        {"value": gauge("8", 0.1)},
        (words("internal"),),
        (43356,),
        nonzero=("8",),
    ),
    Source(
        "UBNT-AirFIBER-MIB temp0C",
        "temperature",
        "1.3.6.1.4.1.41112.1.3.2.1",
        {"value": gauge("8")},
        (words("radio"),),
        (41112,),
        nonzero=("8",),
    ),
    Source(
        "UBNT-AirMAX-MIB ubntHostCpuLoad",
        "cpu",
        "1.3.6.1.4.1.41112.1.4.8",
        {"busy": _parts("3", 100)},
        (words("cpu"),),
        (41112, 10002),
    ),
    Source(
        "UBNT-AirMAX-MIB ubntHostTemperature",
        "temperature",
        "1.3.6.1.4.1.41112.1.4.8",
        {"value": Column("4", 1.0, _airmax_celsius)},
        (words("radio"),),
        (41112, 10002),
        nonzero=("4",),
    ),
    Source(
        "RADIO-BRIDGE-MIB rbSysTemperature",
        "temperature",
        "1.3.6.1.4.1.31926.1",
        {"value": gauge("2")},
        (words("radio"),),
        (31926,),
        nonzero=("2",),
    ),
    Source(
        "RADIO-BRIDGE-MIB rbSysVoltage",
        "voltage",
        "1.3.6.1.4.1.31926.1",
        {"value": amount("1", zero=False)},
        (words("input"),),
        (31926,),
    ),
    Source(
        "FROGFOOT-RESOURCES-MIB memory",
        "memory",
        "1.3.6.1.4.1.10002.1.1.1.1",
        {
            "total": amount("1", 1024),
            "free": amount("2", 1024),
            "buffers": amount("3", 1024),
            "cached": amount("4", 1024),
        },
        (words("memory"),),
        (41112, 10002),
    ),
    Source(
        "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemCPUUtil",
        "cpu",
        "1.3.6.1.4.1.25053.1.2.1.1.1.15",
        {"busy": amount("13")},
        (words("cpu"),),
        (25053,),
    ),
    Source(
        "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemMemoryUtil",
        "memory",
        "1.3.6.1.4.1.25053.1.2.1.1.1.15",
        {"percent": amount("14")},
        (words("memory"),),
        (25053,),
    ),
    Source(
        "RUCKUS-HWINFO ruckusSystemCPUUtil",
        "cpu",
        "1.3.6.1.4.1.25053.1.1.11.1.1.1",
        {"busy": amount("1")},
        (words("cpu"),),
        (25053,),
    ),
    Source(
        "RUCKUS-HWINFO ruckusSystemMemoryUtil",
        "memory",
        "1.3.6.1.4.1.25053.1.1.11.1.1.1",
        {"percent": amount("2")},
        (words("memory"),),
        (25053,),
    ),
    Source(
        "TELTONIKA-MIB Temperature",
        "temperature",
        "1.3.6.1.4.1.48690.2",
        {"value": gauge("9", 0.1, zero=False)},
        (words("modem"),),
        (48690,),
    ),
    Source(
        "TELTONIKA-MIB mTemperature",
        "temperature",
        "1.3.6.1.4.1.48690.2.2.1",
        {"value": gauge("17", 0.1, zero=False)},
        (words("modem"), index()),
        (48690,),
    ),
    Source(
        "MWRM-UNIT-MIB genEquipUnitIduTemperature",
        "temperature",
        "1.3.6.1.4.1.2281.10.1.1",
        {"value": gauge("9", zero=False)},
        (words("indoor unit"),),
        (2281,),
    ),
    Source(
        "MWRM-RADIO-MIB genEquipRfuStatusPATemp",
        "temperature",
        "1.3.6.1.4.1.2281.10.5.1.1",
        {"value": gauge("24")},
        (
            words("power amplifier"),
            index(),
        ),
        (2281,),
        beside=True,
        nonzero=("24",),
    ),
    Source(
        "MWRM-UNIT-MIB genEquipUnitIduVoltageInput",
        "voltage",
        "1.3.6.1.4.1.2281.10.1.1",
        {"value": amount("10", zero=False)},
        (words("input"),),
        (2281,),
    ),
    Source(
        "UI-AF60-MIB af60CpuUsage",
        "cpu",
        "1.3.6.1.4.1.41112.1.11.1.2",
        {"busy": amount("6")},
        (words("cpu"),),
        (41112,),
    ),
)
