"""Sensors of storage, load balancers and firewalls, and of carriers: QNAP, NetApp, F5, SRX, Check Point, IPOS, Calix."""

from collectors.sensors.source import Source, Status, amount, gauge, index, own, state, words

_NAS = "1.3.6.1.4.1.24681.1.4.1.1.1.1"
_OLD_NAS = "1.3.6.1.4.1.24681.1.2"
_F5 = "1.3.6.1.4.1.3375.2.1"
_SPU = "1.3.6.1.4.1.2636.3.39.1.12.1.1.1"
_IPOS = "1.3.6.1.4.1.193.218.2"
_BAD_GOOD_ABSENT = {0: Status.FAILED, 1: Status.OK, 2: Status.ABSENT}

SYSTEMS: tuple[Source, ...] = (
    *(
        Source(
            f"NAS-MIB {table}",
            "temperature",
            f"{_NAS}.{entry}",
            {"value": gauge(at, zero=False, unknown=(-1,))},
            name,
            (24681, 55062),
            beside=table != "enclosureSystemTemp",
        )
        for table, entry, at, name in (
            ("enclosureSystemTemp", "1.2.1", "7", (words("enclosure"), index())),
            ("cpuTemp", "4", "2", (words("cpu"),)),
            ("systemPowerTemp", "3.2.1", "6", (words("power supply"), index())),
            ("diskTemperture", "5.2.1", "6", (words("disk"), index())),
        )
    ),
    Source(
        "NAS-MIB SystemTemperature",
        "temperature",
        _OLD_NAS,
        {"value": gauge("6", zero=False)},
        (words("system"),),
        (24681, 55062),
    ),
    Source(
        "NAS-MIB systemFanSpeed",
        "fan",
        f"{_NAS}.2.2.1",
        {"rpm": amount("5")},
        (words("fan"), index()),
        (24681, 55062),
    ),
    Source(
        "NETAPP-MIB cpuBusyTimePerCent",
        "cpu",
        "1.3.6.1.4.1.789.1.2.1",
        {"busy": amount("3")},
        (words("cpu"),),
        (789,),
    ),
    Source(
        "F5-BIGIP-SYSTEM-MIB sysMultiHostCpuUsageRatio1m",
        "cpu",
        f"{_F5}.7.5.2.1",
        {"busy": amount("27")},
        (words("cpu"), index()),
        (3375,),
    ),
    Source(
        "F5-BIGIP-SYSTEM-MIB sysStatMemoryUsed",
        "memory",
        f"{_F5}.1.2.1",
        {"total": amount("44", zero=False), "used": amount("45")},
        (words("TMM"),),
        (3375,),
    ),
    Source(
        "F5-BIGIP-SYSTEM-MIB sysChassisTempTable",
        "temperature",
        f"{_F5}.3.2.3.2.1",
        {"value": gauge("2", zero=False)},
        (words("chassis"), index()),
        (3375,),
    ),
    Source(
        "F5-BIGIP-SYSTEM-MIB sysCpuSensorTemperature",
        "temperature",
        f"{_F5}.3.6.2.1",
        {"value": gauge("2", zero=False)},
        (words("cpu"), index()),
        (3375,),
        beside=True,
    ),
    *(
        Source(
            f"F5-BIGIP-SYSTEM-MIB {table}",
            "component",
            f"{_F5}.{entry}",
            {"status": state("2", _BAD_GOOD_ABSENT)},
            (words(name), index()),
            (3375,),
            part=name,
        )
        for table, entry, name in (
            ("sysChassisPowerSupplyStatus", "3.2.2.2.1", "power supply"),
            ("sysChassisFanStatus", "3.2.1.2.1", "fan"),
        )
    ),
    Source(
        "JUNIPER-SRX5000-SPU-MONITORING-MIB jnxJsSPUMonitoringCPUUsage",
        "cpu",
        _SPU,
        {"busy": amount("4")},
        (own("11"), words("SPU"), index()),
        (2636,),
        beside=True,
    ),
    Source(
        "JUNIPER-SRX5000-SPU-MONITORING-MIB jnxJsSPUMonitoringMemoryUsage",
        "memory",
        _SPU,
        {"percent": amount("5")},
        (own("11"), words("SPU"), index()),
        (2636,),
        beside=True,
    ),
    Source(
        "ERICSSON-ROUTER-CPU-METER-MIB eriRouterCpuMeterFiveMinuteAvg",
        "cpu",
        f"{_IPOS}.6.1",
        {"busy": amount("3")},
        (words("cpu"),),
        (193,),
    ),
    Source(
        "ERICSSON-ROUTER-ENVMON-MIB eriRouterEntityTempSensorTable",
        "temperature",
        f"{_IPOS}.4.1.6.1",
        {"value": gauge("3", zero=False)},
        (own("2"),),
        (193,),
    ),
    Source(
        "ERICSSON-ROUTER-ENVMON-MIB eriRouterFanSpeedTable",
        "fan",
        f"{_IPOS}.4.1.5.1",
        {"rpm": amount("3")},
        (own("2"),),
        (193,),
    ),
    *(
        Source(
            f"E5-{model}-IESCOMMON-MIB iesSysTempCurValue",
            "temperature",
            f"1.3.6.1.4.1.6321.1.2.3.{number}.98.2.3.1",
            {"value": gauge("2", zero=False)},
            (own("6"),),
            (6321,),
        )
        for model, number in (("110", 1), ("111", 2), ("120", 3), ("121", 4))
    ),
    *(
        Source(
            f"CHECKPOINT-MIB {table}",
            measurement,
            f"1.3.6.1.4.1.2620.1.6.7.8.{at}.1",
            {role: amount("3")},
            (own("2"),),
            (2620,),
        )
        for table, measurement, at, role in (
            ("fanSpeedSensorTable", "fan", "2", "rpm"),
            ("voltageSensorTable", "voltage", "3", "value"),
        )
    ),
)
