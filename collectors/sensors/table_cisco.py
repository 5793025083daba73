"""Sensors of Cisco devices: IOS, IOS-XE, IOS-XR, NX-OS, ASA, wireless controllers, small business switches."""

from collectors.sensors.source import Source, Status, amount, entity, gauge, index, own, state, words
from collectors.sensors.table_standard import ENTITY_KINDS
from collectors.sensors.typed import Typed

_CISCO = (9,)
_ENVMON = "1.3.6.1.4.1.9.9.13.1"
_PROCESS = "1.3.6.1.4.1.9.9.109.1.1.1.1"
_POOLS = "1.3.6.1.4.1.9.9.221.1.1.1.1"
# CiscoEnvMonState: normal, warning, critical, shutdown, notPresent, notFunctioning
_ENVMON_STATE = {
    1: Status.OK,
    2: Status.WARNING,
    3: Status.FAILED,
    4: Status.FAILED,
    5: Status.ABSENT,
    6: Status.UNKNOWN,
}
_PART_STATE = {**_ENVMON_STATE, 6: Status.FAILED}
# PowerOperType: 1 offEnvOther, 2 on, 3 offAdmin, 4 offDenied, 5 offEnvPower, 6 offEnvTemp, 7 offEnvFan, 8 failed, 9 onButFanFail
_POWER_STATE = {
    1: Status.FAILED,
    2: Status.OK,
    3: Status.ABSENT,
    4: Status.WARNING,
    5: Status.FAILED,
    6: Status.FAILED,
    7: Status.FAILED,
    8: Status.FAILED,
    9: Status.WARNING,
    10: Status.FAILED,
    11: Status.WARNING,
    12: Status.WARNING,
}
_TRAY_STATE = {2: Status.OK, 3: Status.FAILED, 4: Status.WARNING}
# Pools that are full by design: what they hold is laid down at the start
_ALWAYS_FULL = r"(?i)\b(reserved|image|lsmpi_io|reserve processor)$"
# CISCO-ENTITY-SENSOR numbers its types like RFC 3433

CISCO: tuple[Source | Typed, ...] = (
    Source("CISCO-PROCESS-MIB cpmCPUTotal1minRev", "cpu", _PROCESS, {"busy": amount("7")}, (entity(via="2"),), _CISCO),
    Source("CISCO-PROCESS-MIB cpmCPUTotal1min", "cpu", _PROCESS, {"busy": amount("4")}, (entity(via="2"),), _CISCO),
    *(
        Source(f"CISCO-PROCESS-MIB {name}", "cpu", _PROCESS, {"busy": amount(at)}, (entity(via="2"),), _CISCO)
        for name, at in (("cpmCPUTotal5minRev", "8"), ("cpmCPUTotal5min", "5"))
    ),
    Source("OLD-CISCO-CPU-MIB avgBusy1", "cpu", "1.3.6.1.4.1.9.2.1", {"busy": amount("57")}, (words("cpu"),), _CISCO),
    Source("OLD-CISCO-CPU-MIB avgBusy5", "cpu", "1.3.6.1.4.1.9.2.1", {"busy": amount("58")}, (words("cpu"),), _CISCO),
    Source(
        "AIRESPACE-SWITCHING-MIB", "cpu", "1.3.6.1.4.1.14179.1.1.5", {"busy": amount("1")}, (words("cpu"),), (9, 14179)
    ),
    Source(
        "CISCOSB-rlCpuUtilDuringLastMinute",
        "cpu",
        "1.3.6.1.4.1.9.6.1.101.1",
        {"busy": amount("8")},
        (words("cpu"),),
        _CISCO,
    ),
    Source(
        "CISCO-ENHANCED-MEMPOOL-MIB cempMemPoolHCUsed",
        "memory",
        _POOLS,
        {"used": amount("18"), "free": amount("20")},
        (entity(arc=0), own("3")),
        _CISCO,
        unnamed=_ALWAYS_FULL,
    ),
    Source(
        "CISCO-ENHANCED-MEMPOOL-MIB cempMemPoolUsed",
        "memory",
        _POOLS,
        {"used": amount("7"), "free": amount("8")},
        (entity(arc=0), own("3")),
        _CISCO,
        unnamed=_ALWAYS_FULL,
    ),
    Source(
        "CISCO-MEMORY-POOL-MIB",
        "memory",
        "1.3.6.1.4.1.9.9.48.1.1.1",
        {"used": amount("5"), "free": amount("6")},
        (own("2"),),
        _CISCO,
        unnamed=_ALWAYS_FULL,
    ),
    Source(
        "CISCO-PROCESS-MIB cpmCPUMemory",
        "memory",
        _PROCESS,
        {"used": amount("12", 1024), "free": amount("13", 1024)},
        (entity(via="2"),),
        _CISCO,
    ),
    Source(
        "CISCO-PROCESS-MIB cpmCPUMemoryHC",
        "memory",
        _PROCESS,
        {"used": amount("17", 1024), "free": amount("19", 1024)},
        (entity(via="2"),),
        _CISCO,
    ),
    Source(
        "AIRESPACE-SWITCHING-MIB",
        "memory",
        "1.3.6.1.4.1.14179.1.1.5",
        {"total": amount("2", 1024), "free": amount("3", 1024)},
        (words("memory"),),
        (9, 14179),
    ),
    Typed(
        "CISCO-ENTITY-SENSOR-MIB entSensorValueTable",
        "1.3.6.1.4.1.9.9.91.1.1.1.1",
        ENTITY_KINDS,
        scale="2",
        precision="3",
        status="5",
        vendors=_CISCO,
    ),
    Source(
        "CISCO-ENVMON-MIB temperature",
        "temperature",
        f"{_ENVMON}.3.1",
        {"value": gauge("3", zero=False), "status": state("6", _ENVMON_STATE)},
        (own("2"),),
        _CISCO,
    ),
    Source(
        "CISCO-ENVMON-MIB voltage",
        "voltage",
        f"{_ENVMON}.2.1",
        {"value": gauge("3", 1e-3), "status": state("7", _ENVMON_STATE)},
        (own("2"),),
        _CISCO,
    ),
    Source(
        "CISCO-ENVMON-MIB fan",
        "component",
        f"{_ENVMON}.4.1",
        {"status": state("3", _PART_STATE)},
        (own("2"),),
        _CISCO,
        part="fan",
    ),
    Source(
        "CISCO-ENVMON-MIB supply",
        "component",
        f"{_ENVMON}.5.1",
        {"status": state("3", _PART_STATE)},
        (own("2"),),
        _CISCO,
        part="supply",
    ),
    Source(
        "CISCO-ENTITY-FRU-CONTROL-MIB cefcFRUPowerOperStatus",
        "component",
        "1.3.6.1.4.1.9.9.117.1.1.2.1",
        {"status": state("2", _POWER_STATE)},
        (entity(), words("power")),
        _CISCO,
        part="supply",
    ),
    Source(
        "CISCO-ENTITY-FRU-CONTROL-MIB cefcFanTrayOperStatus",
        "component",
        "1.3.6.1.4.1.9.9.117.1.4.1.1",
        {"status": state("1", _TRAY_STATE)},
        (entity(),),
        _CISCO,
        part="fan",
    ),
    Source(
        "CISCO-WAN-3G-MIB c3gModemTemperature",
        "temperature",
        "1.3.6.1.4.1.9.9.661.1.1.1",
        {"value": gauge("12", zero=False)},
        (words("modem"), entity()),
        _CISCO,
        beside=True,
    ),
    Source(
        "CISCOSB-HWENVIROMENT rlEnvMonFan",
        "component",
        "1.3.6.1.4.1.9.6.1.101.83.1.1.1",
        {"status": state("3", _PART_STATE)},
        (own("2"),),
        _CISCO,
        part="fan",
    ),
    Source(
        "CISCOSB-Physicaldescription rlPhdUnitEnvParamTempSensorValue",
        "temperature",
        "1.3.6.1.4.1.9.6.1.101.53.15.1",
        {"value": gauge("10", zero=False)},
        (words("unit"), index()),
        _CISCO,
    ),
    Source(
        "CISCOSB-HWENVIROMENT rlEnvFanDataTemp",
        "temperature",
        "1.3.6.1.4.1.9.6.1.101.83.5.1.1",
        {"value": gauge("2", zero=False)},
        (words("sensor"), index()),
        _CISCO,
    ),
    Source(
        "CISCOSB-HWENVIROMENT rlEnvFanDataSpeed",
        "fan",
        "1.3.6.1.4.1.9.6.1.101.83.5.1.1",
        {"rpm": amount("3", zero=False)},
        (words("fan"), index()),
        _CISCO,
    ),
)
