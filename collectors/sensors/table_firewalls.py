"""Sensors of firewalls: Fortinet, Palo Alto, SonicWall, Check Point."""

from collectors.sensors.source import Source, Status, amount, gauge, own, state, words

_FORTINET = "1.3.6.1.4.1.12356.101.4"

FIREWALLS: tuple[Source, ...] = (
    Source(
        "FORTINET-FORTIGATE-MIB fgSysCpuUsage",
        "cpu",
        f"{_FORTINET}.1",
        {"busy": amount("3")},
        (words("cpu"),),
        (12356,),
    ),
    Source(
        "FORTINET-FORTIGATE-MIB fgSysMemUsage",
        "memory",
        f"{_FORTINET}.1",
        {"percent": amount("4"), "total": amount("5", 1024)},
        (words("memory"),),
        (12356,),
    ),
    Source(
        "FORTINET-FORTIGATE-MIB fgHwSensors",
        "temperature",
        f"{_FORTINET}.3.2.1",
        {"value": gauge("3", zero=False)},
        (own("2"),),
        (12356,),
        named=r"(?i)temp|thermal|°C|LM75|TMP|DTS",
    ),
    Source(
        "FORTINET-FORTIGATE-MIB fgHwSensors",
        "fan",
        f"{_FORTINET}.3.2.1",
        {"rpm": amount("3"), "status": state("4", {0: Status.OK, 1: Status.FAILED})},
        (own("2"),),
        (12356,),
        named=r"(?i)fan",
        unnamed=r"(?i)temp|thermal",
    ),
    Source(
        "FORTINET-FORTIGATE-MIB fgHwSensors",
        "component",
        f"{_FORTINET}.3.2.1",
        {"status": state("4", {0: Status.OK, 1: Status.FAILED})},
        (own("2"),),
        (12356,),
        named=r"(?i)PS\d|power|psu|status",
    ),
    Source(
        "FORTINET-FORTISWITCH-MIB fsSysCpuUsage",
        "cpu",
        "1.3.6.1.4.1.12356.106.4.1",
        {"busy": amount("2")},
        (words("cpu"),),
        (12356,),
    ),
    Source(
        "FORTINET-FORTISWITCH-MIB fsSysMemUsage",
        "memory",
        "1.3.6.1.4.1.12356.106.4.1",
        {"used": amount("3", 1024), "total": amount("4", 1024)},
        (words("memory"),),
        (12356,),
    ),
    Source(
        "SONICWALL-FIREWALL-IP-STATISTICS-MIB",
        "cpu",
        "1.3.6.1.4.1.8741.1.3.1",
        {"busy": amount("3")},
        (words("cpu"),),
        (8741,),
    ),
    Source(
        "SONICWALL-FIREWALL-IP-STATISTICS-MIB",
        "memory",
        "1.3.6.1.4.1.8741.1.3.1",
        {"percent": amount("4")},
        (words("memory"),),
        (8741,),
    ),
    Source(
        "CHECKPOINT-MIB procUsage", "cpu", "1.3.6.1.4.1.2620.1.6.7.2", {"busy": amount("4")}, (words("cpu"),), (2620,)
    ),
    Source(
        "CHECKPOINT-MIB memActiveReal64",
        "memory",
        "1.3.6.1.4.1.2620.1.6.7.4",
        {"total": amount("3"), "used": amount("4")},
        (words("memory"),),
        (2620,),
    ),
    Source(
        "CHECKPOINT-MIB tempertureSensorTable",
        "temperature",
        "1.3.6.1.4.1.2620.1.6.7.8.1.1",
        {"value": gauge("3", zero=False)},
        (own("2"),),
        (2620,),
    ),
)
