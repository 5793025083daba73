"""Sensors of switches: Allied Telesis, Extreme VOSS and ERS, Alcatel-Lucent, Eltex, Force10, Brocade SAN, cnMatrix."""

from collectors.sensors.source import Source, Status, amount, gauge, index, interface, own, state, words

_ALLIED = "1.3.6.1.4.1.207.8.4.4.3"
_VOSS = "1.3.6.1.4.1.2272.1"
_ERS = "1.3.6.1.4.1.45.1.6.3"
_SAN = "1.3.6.1.4.1.1588.2.1.1.1.1.22.1"
_ISS = "1.3.6.1.4.1.2076.81.1"
_BOTH = (1916, 2272)  # VOSS runs on switches of both numbers
_ISS_BUILT = (2076, 17713)
# swSensorStatus: 1 unknown, 2 faulty, 3 below-min, 4 nominal, 5 above-max, 6 absent
_SAN_STATE = {2: Status.FAILED, 3: Status.WARNING, 4: Status.OK, 5: Status.WARNING, 6: Status.ABSENT}
_FAILED_GOOD = {1: Status.FAILED, 2: Status.OK}
_UP_DOWN_ABSENT = {1: Status.OK, 2: Status.FAILED, 3: Status.ABSENT}


def _optics(mib: str, entry: str, at: tuple[str, str, str, str], vendor: int) -> Source:
    """Light in 1/1000 dBm, current in microamperes; 0 everywhere where the module cannot measure."""
    rx, tx, temperature, bias = at
    return Source(
        mib,
        "optical",
        entry,
        {
            "rx": gauge(rx, 1e-3, zero=False),
            "tx": gauge(tx, 1e-3, zero=False),
            "temperature": gauge(temperature, 1e-3, zero=False),
            "bias": amount(bias, 1e-6, zero=False),
        },
        (interface(),),
        (vendor,),
    )


CAMPUS: tuple[Source, ...] = (
    Source(
        "AT-SYSINFO-MIB cpuUtilisationStackAvgLastMinute",
        "cpu",
        f"{_ALLIED}.3.8.1",
        {"busy": amount("4")},
        (words("unit"), index()),
        (207,),
    ),
    Source(
        "AT-SYSINFO-MIB cpuUtilisationAvgLastMinute",
        "cpu",
        f"{_ALLIED}.3",
        {"busy": amount("3")},
        (words("cpu"),),
        (207,),
    ),
    Source(
        "AT-SYSINFO-MIB freeMemory",
        "memory",
        f"{_ALLIED}.7",
        {"free_percent": amount("1")},
        (words("memory"),),
        (207,),
    ),
    Source(
        "AT-ENVMONv2-MIB atEnvMonv2TemperatureTable",
        "temperature",
        f"{_ALLIED}.12.3.1",
        {"value": gauge("5", zero=False, unknown=(128, -128)), "status": state("7", {1: Status.WARNING, 2: Status.OK})},
        (own("4"),),
        (207,),
    ),
    Source(
        "AT-ENVMONv2-MIB atEnvMonv2FanTable",
        "fan",
        f"{_ALLIED}.12.1.1",
        {"rpm": amount("5"), "status": state("7", _FAILED_GOOD)},
        (own("4"),),
        (207,),
    ),
    Source(
        "AT-ENVMONv2-MIB atEnvMonv2VoltageTable",
        "voltage",
        f"{_ALLIED}.12.2.1",
        {"value": gauge("5", 1e-3), "status": state("8", {1: Status.WARNING, 2: Status.OK})},
        (own("4"),),
        (207,),
    ),
    Source(
        "AT-ENVMONv2-MIB atEnvMonv2PsbSensorTable",
        "component",
        f"{_ALLIED}.12.4.2.1",
        {"status": state("6", {**_FAILED_GOOD, 3: Status.ABSENT})},
        (own("5"), index(-2)),
        (207,),
    ),
    Source(
        "RAPID-CITY rcKhiSlotCpu5MinAve",
        "cpu",
        f"{_VOSS}.85.10.1.1",
        {"busy": amount("3")},
        (words("slot"), index()),
        _BOTH,
    ),
    Source(
        "RAPID-CITY rcKhiSlotMemUsed",
        "memory",
        f"{_VOSS}.85.10.1.1",
        {"used": amount("6", 1024), "free": amount("7", 1024)},
        (words("slot"), index()),
        _BOTH,
    ),
    Source(
        "RAPID-CITY rcVossSystemTemperatureTable",
        "temperature",
        f"{_VOSS}.101.1.1.2.1",
        {"value": gauge("3", zero=False)},
        (own("2"),),
        _BOTH,
    ),
    Source(
        "S5-CHASSIS-MIB s5ChasUtilCPUUsageLast10Minutes",
        "cpu",
        f"{_ERS}.8.1.1",
        {"busy": amount("6")},
        (words("unit"), index(-2), index()),
        (45,),
    ),
    Source(
        "S5-CHASSIS-MIB s5ChasUtilMemoryTotalMB",
        "memory",
        f"{_ERS}.8.1.1",
        {"total": amount("12", 2**20, zero=False), "free": amount("13", 2**20)},
        (words("unit"), index(-2), index()),
        (45,),
    ),
    Source(
        "S5-CHASSIS-MIB s5ChasTmpSnrTmpValue",
        "temperature",
        f"{_ERS}.7.1.1",
        {"value": gauge("5", 0.5, zero=False)},
        (words("unit"), index(-2), index()),
        (45,),
    ),
    *(
        Source(
            f"ALCATEL-IND1-CHASSIS-MIB {name}",
            "temperature",
            entry,
            {"value": gauge(at, zero=False)},
            (words("chassis"), index()),
            (6486,),
        )
        for name, entry, at in (
            ("chasCPMAHardwareBoardTemp", "1.3.6.1.4.1.6486.801.1.1.1.3.1.1.3.1", "8"),
            ("chasHardwareBoardTemp", "1.3.6.1.4.1.6486.800.1.1.1.3.1.1.3.1", "4"),
        )
    ),
    Source(
        "ALCATEL-IND1-CHASSIS-MIB alaChasEntPhysFanTable",
        "fan",
        "1.3.6.1.4.1.6486.801.1.1.1.3.1.1.11.1",
        {"rpm": amount("4"), "status": state("2", {1: Status.FAILED, 2: Status.OK})},
        (words("fan"), index(0), index(1)),
        (6486,),
    ),
    _optics(
        "ALCATEL-IND1-PORT-MIB ddmPortInfoTable",
        "1.3.6.1.4.1.6486.801.1.2.1.5.1.1.2.6.1",
        ("22", "17", "2", "12"),
        6486,
    ),
    _optics(
        "ALCATEL-IND1-PORT-MIB ddmInfoTable",
        "1.3.6.1.4.1.6486.800.1.2.1.5.1.1.2.5.1",
        ("21", "16", "1", "11"),
        6486,
    ),
    Source(
        "ELTEX-MES memory",
        "memory",
        "1.3.6.1.4.1.35265.41.1.2.1.1",
        {"total": amount("3"), "free": amount("7")},
        (words("memory"),),
        (35265,),
    ),
    Source(
        "RADLAN-Physicaldescription of six fans",
        "temperature",
        "1.3.6.1.4.1.89.53.15.1",
        {"value": gauge("10", zero=False)},
        (words("unit"), index()),
        (35265,),
    ),
    *(
        Source(
            f"F10-{series}-SERIES-CHASSIS-MIB {name}",
            "cpu",
            f"1.3.6.1.4.1.6027.3.{entry}",
            {"busy": amount(at)},
            (words("unit"), index()),
            (6027,),
        )
        for series, name, entry, at in (
            ("S", "chStackUnitCpuUtil5Sec", "10.1.2.9.1", "2"),
            ("M", "chStackUnitCpuUtil5Sec", "19.1.2.8.1", "2"),
            ("C", "chRpmCpuUtil5Sec", "8.1.3.7.1", "3"),
            ("Z", "chSysCpuUtil5Sec", "25.1.2.3.1", "1"),
        )
    ),
    Source(
        "F10-S-SERIES-CHASSIS-MIB chStackUnitMemUsageUtil",
        "memory",
        "1.3.6.1.4.1.6027.3.10.1.2.9.1",
        {"percent": amount("5")},
        (words("unit"), index()),
        (6027,),
    ),
    Source(
        "DELL-NETWORKING-CHASSIS-MIB dellNetCpuUtilMemUsage",
        "memory",
        "1.3.6.1.4.1.6027.3.26.1.4.4.1",
        {"percent": amount("6")},
        (words("unit"), index()),
        (6027,),
    ),
    *(
        Source(
            f"{mib} temperature",
            "temperature",
            entry,
            {"value": gauge(at, zero=False)},
            (words(name), index()),
            (6027,),
        )
        for mib, entry, at, name in (
            ("F10-S-SERIES-CHASSIS-MIB", "1.3.6.1.4.1.6027.3.10.1.2.2.1", "14", "unit"),
            ("F10-C-SERIES-CHASSIS-MIB", "1.3.6.1.4.1.6027.3.8.1.2.1.1", "5", "slot"),
            ("F10-CHASSIS-MIB", "1.3.6.1.4.1.6027.3.1.1.2.3.1", "8", "slot"),
        )
    ),
    *(
        Source(
            f"DELL-NETWORKING-CHASSIS-MIB {table}",
            "component",
            f"1.3.6.1.4.1.6027.3.26.1.4.{at}.1",
            {"status": state("4", _UP_DOWN_ABSENT)},
            (words(name), index(-2), index()),
            (6027,),
            part=name,
        )
        for table, at, name in (("dellNetFanTrayTable", "7", "fan"), ("dellNetPowerSupplyTable", "6", "power supply"))
    ),
    Source(
        "SW-MIB swSensorTable",
        "temperature",
        _SAN,
        {"value": gauge("4", zero=False), "status": state("3", _SAN_STATE)},
        (own("5"),),
        (1588,),
        only={"2": frozenset({1})},
    ),
    Source(
        "SW-MIB swSensorTable",
        "fan",
        _SAN,
        {"rpm": amount("4"), "status": state("3", _SAN_STATE)},
        (own("5"),),
        (1588,),
        only={"2": frozenset({2})},
    ),
    Source(
        "SW-MIB swSensorTable",
        "component",
        _SAN,
        {"status": state("3", _SAN_STATE)},
        (own("5"),),
        (1588,),
        only={"2": frozenset({3})},
    ),
    Source(
        "ARICENT-ISS-MIB issSwitchCurrentCPUThreshold",
        "cpu",
        _ISS,
        {"busy": amount("68")},
        (words("cpu"),),
        _ISS_BUILT,
    ),
    Source(
        "ARICENT-ISS-MIB issSwitchCurrentRAMUsage",
        "memory",
        _ISS,
        {"percent": amount("73")},
        (words("memory"),),
        _ISS_BUILT,
    ),
    Source(
        "ARICENT-ISS-MIB issSwitchCurrentTemperature",
        "temperature",
        _ISS,
        {"value": gauge("66", zero=False)},
        (words("switch"),),
        _ISS_BUILT,
    ),
)
