"""Sensors of OLTs, access switches and nodes, and of servers and storage."""

from collectors.sensors.source import Column, Source, amount, gauge, index, interface, own, words

_ZTE = "1.3.6.1.4.1.3902.1082.10"


def _parts(at: str, divisor: float) -> Column:
    """A percentage in finer steps."""
    return amount(at, 1 / divisor)


ACCESS: tuple[Source, ...] = (
    Source(
        "ZXAN-CARD-MIB zxAnCardCpuLoad", "cpu", f"{_ZTE}.1.2.4.1", {"busy": amount("9")}, (own("4"), index()), (3902,)
    ),
    Source(
        "ZXAN-CARD-MIB zxAnCardMemUsage",
        "memory",
        f"{_ZTE}.1.2.4.1",
        {"percent": amount("11", zero=False), "total": amount("19", 2**20, zero=False)},
        (own("4"), index()),
        (3902,),
    ),
    Source(
        "ZXAN-ENVMON-MIB card temperature",
        "temperature",
        f"{_ZTE}.10.2.1.6.1",
        {"value": gauge("2", zero=False)},
        (own(f"{_ZTE}.1.2.4.1.4"), index()),
        (3902,),
    ),
    Source(
        "ZXAN-ENVMON-MIB card power",
        "power",
        f"{_ZTE}.10.2.1.6.1",
        {"value": amount("3", 1e-3, zero=False)},
        (own(f"{_ZTE}.1.2.4.1.4"), index()),
        (3902,),
    ),
    Source(
        "ZXAN-ENVMON-MIB card voltage",
        "voltage",
        f"{_ZTE}.10.2.1.6.1",
        {"value": amount("4", 1e-3, zero=False)},
        (own(f"{_ZTE}.1.2.4.1.4"), index()),
        (3902,),
    ),
    Source(
        "ZXAN-ENVMON-MIB card current",
        "current",
        f"{_ZTE}.10.2.1.6.1",
        {"value": amount("5", 1e-3, zero=False)},
        (own(f"{_ZTE}.1.2.4.1.4"), index()),
        (3902,),
    ),
    Source(
        "ZXAN-ENVMON-MIB fan speed",
        "fan",
        f"{_ZTE}.10.2.4.11.1",
        {"rpm": amount("7")},
        (words("fan"), index()),
        (3902,),
    ),
    Source(
        "RAISECOM-SYSTEM-MIB raisecomCPUUtilization",
        "cpu",
        "1.3.6.1.4.1.8886.60.1.1.1.2.1.1.1.3",
        {"busy": amount("3")},
        (words("cpu"),),
        (8886,),
    ),
    Source(
        "RAISECOM-SYSTEM-MIB raisecomCPUUtilization1Min",
        "cpu",
        "1.3.6.1.4.1.8886.1.1.1.5.1.1.1.3",
        {"busy": amount("3")},
        (words("cpu"),),
        (8886,),
    ),
    Source(
        "RAISECOM-SYSTEM-MIB raisecomMemory",
        "memory",
        "1.3.6.1.4.1.8886.60.1.3.1.1",
        {"total": amount("1", 1024), "free": amount("2", 1024)},
        (words("memory"),),
        (8886,),
    ),
    Source(
        "RAISECOM-OPTICAL-TRANSCEIVER-MIB",
        "optical",
        "1.3.6.1.4.1.8886.60.18.1.2.2.1.1",
        {
            "temperature": gauge("2", 1e-3, row="*.1"),
            "bias": amount("2", 1e-6, row="*.2"),
            "tx": gauge("2", 1e-3, row="*.3"),
            "rx": gauge("2", 1e-3, row="*.4"),
        },
        (interface(),),
        (8886,),
    ),
    Source(
        "ADTRAN-GENPROCESSES-MIB adGenProcessesCpuStatCurUtilization",
        "cpu",
        "1.3.6.1.4.1.664.5.70.22.2.2.1",
        {"busy": _parts("1", 100)},
        (words("cpu"), index()),
        (664,),
    ),
    Source(
        "ADTRAN-AOSCPU adGenAOS5MinCpuUtil",
        "cpu",
        "1.3.6.1.4.1.664.5.53.1.4",
        {"busy": amount("4")},
        (words("cpu"),),
        (664,),
    ),
    Source(
        "SYNOLOGY-SYSTEM-MIB temperature",
        "temperature",
        "1.3.6.1.4.1.6574.1",
        {"value": gauge("2", zero=False)},
        (words("system"),),
        (6574,),
    ),
    Source(
        "SYNOLOGY-DISK-MIB diskTemperature",
        "temperature",
        "1.3.6.1.4.1.6574.2.1.1",
        {"value": gauge("6", zero=False)},
        (own("2"),),
        (6574,),
        beside=True,
    ),
    Source(
        "IDRAC-MIB-SMIv2 temperatureProbeTable",
        "temperature",
        "1.3.6.1.4.1.674.10892.5.4.700.20.1",
        {"value": gauge("6", 0.1, zero=False)},
        (own("8"),),
        (674,),
    ),
    Source(
        "IDRAC-MIB-SMIv2 coolingDeviceTable",
        "fan",
        "1.3.6.1.4.1.674.10892.5.4.700.12.1",
        {"rpm": amount("6")},
        (own("8"),),
        (674,),
    ),
    Source(
        "ZXR10-MIB zxr10SystemCpuUtility2m",
        "cpu",
        "1.3.6.1.4.1.3902.3.3.1.1",
        {"busy": amount("5")},
        (
            words("cpu"),
            index(),
        ),
        (3902,),
    ),
    Source(
        "ZXR10-MIB zxr10SystemCpuUtility5m",
        "cpu",
        "1.3.6.1.4.1.3902.3.3.1.1",
        {"busy": amount("12")},
        (
            words("cpu"),
            index(),
        ),
        (3902,),
    ),
    Source(
        "ZXR10-MIB zxr10SystemMemUsed",
        "memory",
        "1.3.6.1.4.1.3902.3.3.1.1",
        {"percent": amount("4", zero=False)},
        (
            words("memory"),
            index(),
        ),
        (3902,),
    ),
    Source(
        "NMS-CHASSIS nmscardCPUUtilization",
        "cpu",
        "1.3.6.1.4.1.3320.3.6.10.1",
        {"busy": amount("11")},
        (
            words("card"),
            index(),
        ),
        (3320,),
    ),
    Source(
        "NMS-CHASSIS nmscardMEMUtilization",
        "memory",
        "1.3.6.1.4.1.3320.3.6.10.1",
        {"percent": amount("12")},
        (
            words("card"),
            index(),
        ),
        (3320,),
    ),
    Source(
        "NMS-CHASSIS nmscardTemperature",
        "temperature",
        "1.3.6.1.4.1.3320.3.6.10.1",
        {"value": gauge("13", zero=False)},
        (
            words("card"),
            index(),
        ),
        (3320,),
    ),
    Source(
        "NMS-IF-MIB ifSfpParameterTable",
        "optical",
        "1.3.6.1.4.1.3320.9.63.1.7.1",
        {
            "rx": gauge("3", 0.01, unknown=(-65535,)),
            "tx": gauge("2", 0.01, unknown=(-65535,)),
            "temperature": gauge("4", 1 / 256, unknown=(-65535,)),
            "bias": amount("6", 2e-6),
        },
        (interface(),),
        (3320,),
    ),
    Source(
        "RUIJIE-PROCESS-MIB ruijieCPUUtilization1Min",
        "cpu",
        "1.3.6.1.4.1.4881.1.1.10.2.36.1.1",
        {"busy": amount("2")},
        (words("cpu"),),
        (4881,),
    ),
    Source(
        "RUIJIE-MEMORY-MIB ruijieMemoryPoolCurrentUtilization",
        "memory",
        "1.3.6.1.4.1.4881.1.1.10.2.35.1.1.1",
        {"percent": amount("3")},
        (
            words("memory"),
            index(),
        ),
        (4881,),
    ),
    Source(
        "RUIJIE-SYSTEM-MIB ruijieSystemMultipleTemperatureCurrent",
        "temperature",
        "1.3.6.1.4.1.4881.1.1.10.2.1.1.23.1",
        {"value": gauge("3", zero=False)},
        (
            words("temperature"),
            index(),
        ),
        (4881,),
    ),
)
