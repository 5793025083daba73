"""Sensors of switches: HPE, Aruba CX, Dell, D-Link, TP-Link, Extreme, Brocade and Ruckus ICX, Alcatel, Netgear."""

from collectors.contract import Value
from collectors.sensors.number import dbm_of_watts, number
from collectors.sensors.source import Column, Source, Status, amount, gauge, index, interface, own, state, words

_PROCURVE = "1.3.6.1.4.1.11.2.14.11.5.1"
_DLINK = "1.3.6.1.4.1.171.14.5.1"
_FOUNDRY = "1.3.6.1.4.1.1991.1.1"
# hpicfSensorStatus: 1 unknown, 2 bad, 3 warning, 4 good, 5 notPresent
_HPICF = {2: Status.FAILED, 3: Status.WARNING, 4: Status.OK, 5: Status.ABSENT}
# hpicfFanState: 0 failed, 1 removed, 2 off, 3 underspeed, 4 overspeed, 5 ok, 6 maxstate
_HPICF_FAN = {
    0: Status.FAILED,
    1: Status.ABSENT,
    2: Status.WARNING,
    3: Status.WARNING,
    4: Status.WARNING,
    5: Status.OK,
}
_DLINK_FAN = {1: Status.OK, 2: Status.FAILED}
_DLINK_POWER = {1: Status.OK, 2: Status.FAILED, 3: Status.ABSENT}
_FOUNDRY_STATE = {2: Status.OK, 3: Status.FAILED}


def _milliwatts(value: Value) -> float:
    return dbm_of_watts(number(value) * 1e-3)


def _foundry_dbm(value: Value) -> float:
    """snIfOpticalMonitoring: text like "-2.1234 dBm: Normal"; "N/A" says nothing."""
    return number(value) if isinstance(value, bytes) and b"dBm" in value else float("nan")


SWITCHES: tuple[Source, ...] = (
    Source(
        "STATISTICS-MIB hpSwitchCpuStat", "cpu", f"{_PROCURVE}.9.6", {"busy": amount("1")}, (words("cpu"),), (11, 47196)
    ),
    Source(
        "NETSWITCH-MIB hpLocalMemTable",
        "memory",
        "1.3.6.1.4.1.11.2.14.11.5.1.1.2.1.1.1",
        {"total": amount("5"), "free": amount("6"), "used": amount("7")},
        (words("memory"), index()),
        (11,),
    ),
    Source(
        "HP-ICF-CHASSIS-MIB hpicfSensorTable",
        "component",
        "1.3.6.1.4.1.11.2.14.11.1.2.6.1",
        {"status": state("4", _HPICF)},
        (own("7"),),
        (11,),
    ),
    Source(
        "POWERSUPPLY-MIB hpicfPsTemp",
        "temperature",
        f"{_PROCURVE}.55.1.1.1",
        {"value": gauge("4", zero=False)},
        (words("power supply"), index()),
        (11,),
        beside=True,
    ),
    Source(
        "POWERSUPPLY-MIB hpicfPsWattageCur",
        "power",
        f"{_PROCURVE}.55.1.1.1",
        {"value": amount("6", zero=False)},
        (words("power supply"), index()),
        (11,),
    ),
    Source(
        "FAN-MIB hpicfFanState",
        "component",
        f"{_PROCURVE}.54.2.1.1",
        {"status": state("4", _HPICF_FAN)},
        (words("fan"), index()),
        (11,),
        part="fan",
    ),
    Source(
        "HP-ICF-TRANSCEIVER-MIB hpicfXcvrInfoTable",
        "optical",
        f"{_PROCURVE}.82.1.1.1.1",
        {
            "rx": gauge("15", 1e-3),
            "tx": gauge("14", 1e-3),
            "temperature": gauge("11", 1e-3),
            "bias": amount("13", 1e-6),
        },
        (interface(),),
        (11,),
        only={"9": frozenset({1})},
    ),
    Source(
        "DLINKSW-ENTITY-EXT-MIB dEntityExtCpuUtilFiveMinutes",
        "cpu",
        f"{_DLINK}.7.1",
        {"busy": amount("4")},
        (words("cpu"), index()),
        (171,),
    ),
    Source(
        "DLINKSW-ENTITY-EXT-MIB dEntityExtMemUtilTable",
        "memory",
        f"{_DLINK}.4.1",
        {"total": amount("3", 1024), "used": amount("4", 1024)},
        (words("memory"), index()),
        (171,),
    ),
    Source(
        "DLINKSW-ENTITY-EXT-MIB dEntityExtEnvTempTable",
        "temperature",
        f"{_DLINK}.1.1.1",
        {"value": gauge("4", zero=False)},
        (own("3"),),
        (171,),
    ),
    Source(
        "DLINKSW-ENTITY-EXT-MIB dEntityExtEnvFanTable",
        "component",
        f"{_DLINK}.1.2.1",
        {"status": state("4", _DLINK_FAN)},
        (own("3"),),
        (171,),
    ),
    Source(
        "DLINKSW-ENTITY-EXT-MIB dEntityExtEnvPowerTable",
        "component",
        f"{_DLINK}.1.3.1",
        {"status": state("6", _DLINK_POWER)},
        (own("3"),),
        (171,),
        beside=True,
    ),
    Source(
        "AGENT-GENERAL-MIB agentCPUutilizationIn5sec",
        "cpu",
        "1.3.6.1.4.1.171.12.1.1.6",
        {"busy": amount("1")},
        (words("cpu"),),
        (171,),
    ),
    Source(
        "AGENT-GENERAL-MIB agentCPUutilizationIn1min",
        "cpu",
        "1.3.6.1.4.1.171.12.1.1.6",
        {"busy": amount("2")},
        (words("cpu"),),
        (171,),
    ),
    Source(
        "AGENT-GENERAL-MIB agentCPUutilizationIn5min",
        "cpu",
        "1.3.6.1.4.1.171.12.1.1.6",
        {"busy": amount("3")},
        (words("cpu"),),
        (171,),
    ),
    Source(
        "AGENT-GENERAL-MIB agentDRAMutilization",
        "memory",
        "1.3.6.1.4.1.171.12.1.1.9.1",
        {"total": amount("2", 1024), "used": amount("3", 1024)},
        (words("memory"), index()),
        (171,),
    ),
    Source(
        "TPLINK-SYSMONITOR-MIB tpSysMonitorCpu5Seconds",
        "cpu",
        "1.3.6.1.4.1.11863.6.4.1.1.1.1",
        {"busy": amount("2")},
        (words("unit"), index()),
        (11863,),
    ),
    Source(
        "TPLINK-SYSMONITOR-MIB tpSysMonitorCpu1Minute",
        "cpu",
        "1.3.6.1.4.1.11863.6.4.1.1.1.1",
        {"busy": amount("3")},
        (words("unit"), index()),
        (11863,),
    ),
    Source(
        "TPLINK-DDMSTATUS-MIB ddmStatusTable",
        "optical",
        "1.3.6.1.4.1.11863.6.96.1.7.1.1",
        {
            "rx": Column("6", 1.0, _milliwatts),
            "tx": Column("5", 1.0, _milliwatts),
            "temperature": gauge("2", zero=False),
            "bias": amount("4", 1e-3, zero=False),
        },
        (interface(),),
        (11863,),
    ),
    Source(
        "TPLINK-SYSMONITOR-MIB tpSysMonitorMemoryUtilization",
        "memory",
        "1.3.6.1.4.1.11863.6.4.1.2.1.1",
        {"percent": amount("2")},
        (words("unit"), index()),
        (11863,),
    ),
    *(
        Source(
            "FOUNDRY-SN-AGENT-MIB snAgentCpuUtilTable",
            "cpu",
            f"{_FOUNDRY}.2.11.1.1",
            {"busy": column},
            (words("slot"), index(0), words("cpu"), index(1)),
            (1991, 1588),
            only={"3": frozenset({300})},  # seconds it is the average of
        )
        for column in (amount("6", 0.01), amount("5"))
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgGblCpuUtil1MinAvg",
        "cpu",
        f"{_FOUNDRY}.2.1",
        {"busy": amount("52")},
        (words("cpu"),),
        (1991, 1588),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgSystemDRAM",
        "memory",
        f"{_FOUNDRY}.2.12.4",
        {"total": amount("2"), "free": amount("3"), "percent": amount("1")},
        (words("memory"),),
        (1991, 1588),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgentBrdMemoryUtil100thPercent",
        "memory",
        f"{_FOUNDRY}.2.2.1.1",
        {"percent": amount("28", 0.01), "total": amount("24", zero=False)},
        (own("2"), index()),
        (1991, 1588),
        nonzero=("24",),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgGblDynMemUtil",
        "memory",
        f"{_FOUNDRY}.2.1",
        {"total": amount("54"), "free": amount("55")},
        (words("memory"),),
        (1991, 1588),
    ),
    Source(
        "RADLAN-rndMng rlCpuUtilDuringLast5Minutes",
        "cpu",
        "1.3.6.1.4.1.89.1",
        {"busy": amount("9")},
        (words("cpu"),),
        (674, 35265, 6486, 171),
    ),
    Source(
        "RADLAN-rndMng rlCpuUtilDuringLastMinute",
        "cpu",
        "1.3.6.1.4.1.89.1",
        {"busy": amount("8")},
        (words("cpu"),),
        (674, 35265, 6486, 171),
    ),
    Source(
        "RADLAN-Physicaldescription rlPhdUnitEnvParamTempSensorValue",
        "temperature",
        "1.3.6.1.4.1.89.53.15.1",
        {"value": gauge("9", zero=False)},
        (words("unit"), index()),
        (674, 6486, 171),
    ),
    Source(
        "EQUIPMENT-MIB swTemperatureTable",
        "temperature",
        "1.3.6.1.4.1.171.12.11.1.8.1",
        {"value": gauge("2", zero=False)},
        (words("unit"), index()),
        (171,),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgentTemp2Table",
        "temperature",
        f"{_FOUNDRY}.2.13.3.1",
        {"value": gauge("5", 0.5, zero=False)},
        (words("unit"), index(0), own("4")),
        (1991,),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snAgentTempTable",
        "temperature",
        f"{_FOUNDRY}.2.13.1.1",
        {"value": gauge("4", 0.5, zero=False)},
        (own("3"),),
        (1991,),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snChasPwrSupplyTable",
        "component",
        f"{_FOUNDRY}.1.2.1.1",
        {"status": state("3", _FOUNDRY_STATE)},
        (own("2"),),
        (1991,),
    ),
    Source(
        "FOUNDRY-SN-AGENT-MIB snChasFanTable",
        "component",
        f"{_FOUNDRY}.1.3.1.1",
        {"status": state("3", _FOUNDRY_STATE)},
        (own("2"),),
        (1991,),
        beside=True,
    ),
    Source(
        "FOUNDRY-SN-SWITCH-GROUP-MIB snIfOpticalMonitoringInfoTable",
        "optical",
        f"{_FOUNDRY}.3.3.6.1",
        {"rx": Column("3", 1.0, _foundry_dbm), "tx": Column("2", 1.0, _foundry_dbm), "temperature": gauge("1")},
        (interface(),),
        (1991,),
    ),
    Source("SW-MIB swCpuUsage", "cpu", "1.3.6.1.4.1.1588.2.1.1.1.26", {"busy": amount("1")}, (words("cpu"),), (1588,)),
    Source(
        "SW-MIB swMemUsage",
        "memory",
        "1.3.6.1.4.1.1588.2.1.1.1.26",
        {"percent": amount("6")},
        (words("memory"),),
        (1588,),
    ),
    Source(
        "ALCATEL-IND1-HEALTH-MIB healthModuleCpu1MinAvg",
        "cpu",
        "1.3.6.1.4.1.6486.801.1.2.1.16.1.1.1.1.1",
        {"busy": amount("11")},
        (words("cpu"), index()),
        (6486,),
    ),
    Source(
        "ALCATEL-IND1-HEALTH-MIB healthModuleMemory1MinAvg",
        "memory",
        "1.3.6.1.4.1.6486.801.1.2.1.16.1.1.1.1.1",
        {"percent": amount("8")},
        (words("memory"), index()),
        (6486,),
    ),
    Source(
        "ALCATEL-IND1-HEALTH-MIB healthDeviceCpu1MinAvg",
        "cpu",
        "1.3.6.1.4.1.6486.800.1.2.1.16.1.1.1",
        {"busy": amount("14")},
        (words("cpu"),),
        (6486,),
    ),
    Source(
        "ALCATEL-IND1-HEALTH-MIB healthDeviceMemory1MinAvg",
        "memory",
        "1.3.6.1.4.1.6486.800.1.2.1.16.1.1.1",
        {"percent": amount("10")},
        (words("memory"),),
        (6486,),
    ),
)
