"""Every SNMP object the collectors ask for, by its MIB name, in one table: what a device is asked is read here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Object:
    """A scalar ends in ".0"; a column is asked with the row's index behind it."""

    name: str
    oid: str  # dotted, no leading dot
    source: str


_SYSTEM = "SNMPv2-MIB, RFC 3418"
_IF = "IF-MIB, RFC 2863"

TABLE = (
    Object("sysDescr", "1.3.6.1.2.1.1.1.0", _SYSTEM),
    Object("sysObjectID", "1.3.6.1.2.1.1.2.0", _SYSTEM),
    Object("sysUpTime", "1.3.6.1.2.1.1.3.0", _SYSTEM),
    Object("sysContact", "1.3.6.1.2.1.1.4.0", _SYSTEM),
    Object("sysName", "1.3.6.1.2.1.1.5.0", _SYSTEM),
    Object("sysLocation", "1.3.6.1.2.1.1.6.0", _SYSTEM),
    Object("ifNumber", "1.3.6.1.2.1.2.1.0", _IF),
    Object("ifTableLastChange", "1.3.6.1.2.1.31.1.5.0", _IF),
    Object("ifDescr", "1.3.6.1.2.1.2.2.1.2", _IF),
    Object("ifType", "1.3.6.1.2.1.2.2.1.3", _IF),
    Object("ifSpeed", "1.3.6.1.2.1.2.2.1.5", _IF),
    Object("ifAdminStatus", "1.3.6.1.2.1.2.2.1.7", _IF),
    Object("ifOperStatus", "1.3.6.1.2.1.2.2.1.8", _IF),
    Object("ifInOctets", "1.3.6.1.2.1.2.2.1.10", _IF),
    Object("ifInUcastPkts", "1.3.6.1.2.1.2.2.1.11", _IF),
    Object("ifInDiscards", "1.3.6.1.2.1.2.2.1.13", _IF),
    Object("ifInErrors", "1.3.6.1.2.1.2.2.1.14", _IF),
    Object("ifOutOctets", "1.3.6.1.2.1.2.2.1.16", _IF),
    Object("ifOutUcastPkts", "1.3.6.1.2.1.2.2.1.17", _IF),
    Object("ifOutDiscards", "1.3.6.1.2.1.2.2.1.19", _IF),
    Object("ifOutErrors", "1.3.6.1.2.1.2.2.1.20", _IF),
    Object("ifName", "1.3.6.1.2.1.31.1.1.1.1", _IF),
    Object("ifHCInOctets", "1.3.6.1.2.1.31.1.1.1.6", _IF),
    Object("ifHCInUcastPkts", "1.3.6.1.2.1.31.1.1.1.7", _IF),
    Object("ifHCOutOctets", "1.3.6.1.2.1.31.1.1.1.10", _IF),
    Object("ifHCOutUcastPkts", "1.3.6.1.2.1.31.1.1.1.11", _IF),
    Object("ifHighSpeed", "1.3.6.1.2.1.31.1.1.1.15", _IF),
    Object("ifAlias", "1.3.6.1.2.1.31.1.1.1.18", _IF),
    Object("ifCounterDiscontinuityTime", "1.3.6.1.2.1.31.1.1.1.19", _IF),
)

OIDS: Mapping[str, str] = {entry.name: entry.oid for entry in TABLE}


def oids(*names: str) -> tuple[str, ...]:
    """OIDs of MIB objects, in the order named."""
    return tuple(OIDS[name] for name in names)
