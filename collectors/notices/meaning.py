"""What traps mean: one table from notification OIDs to names, to what they speak of, and to the index that names it.

Adding a trap is a row. `about` is what `noc` acts on; the index inside the OIDs names the subject, never a
variable beside it (SEMANTICS 47).
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

About = Literal["link", "peer", "boot", "health", "configuration", "neighbour", "access", ""]
Arcs = tuple[int, ...]


def number(arcs: Arcs) -> str:
    """The last arc: ifIndex, entPhysicalIndex."""
    return str(arcs[-1])


def four_octets(arcs: Arcs) -> str:
    """The first four arcs as an IPv4 address: bgpPeerRemoteAddr, ospfNbrIpAddr."""
    return str(ipaddress.IPv4Address(bytes(arcs[:4])))


def inet(arcs: Arcs) -> str:
    """InetAddressType and InetAddress (RFC 4001), with or without a length between them."""
    octets = arcs[2:] if len(arcs) > 1 and arcs[1] == len(arcs) - 2 else arcs[1:]
    return str(ipaddress.ip_address(bytes(octets)))


def inet_at_fourth(arcs: Arcs) -> str:
    """Three arcs (instance, AFI, SAFI), then an address as `inet` reads it: hwBgpPeerTable."""
    return inet(arcs[3:])


def far_inet(arcs: Arcs) -> str:
    """Routing instance, local type and address, then the remote ones: jnxBgpM2PeerTable."""
    local = {1: 4, 2: 16}[arcs[1]]
    return inet(arcs[2 + local :])


def router_id(arcs: Arcs) -> str:
    """The last arc as a router id: ospfv3NbrRtrId."""
    return str(ipaddress.IPv4Address(arcs[-1]))


@dataclass(frozen=True, slots=True)
class Subject:
    """Any column of this table entry tells it: `entry`.column.index, and `read` turns the index into text."""

    entry: str
    read: Callable[[Arcs], str]

    def of(self, oids: Iterable[str]) -> str:
        """The subject that the first fitting OID names; "" when none does."""
        prefix = self.entry + "."
        for oid in oids:
            if oid.startswith(prefix):
                arcs = tuple(map(int, oid[len(prefix) :].split(".")))[1:]
                try:
                    return self.read(arcs)
                except (ValueError, LookupError):  # an index of another shape than the MIB's
                    continue
        return ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`state` is what the notice claims of its subject: "down", "up" or nothing."""

    name: str
    about: About = ""
    state: Literal["down", "up", ""] = ""
    subjects: tuple[Subject, ...] = ()


_INTERFACE = (Subject("1.3.6.1.2.1.2.2.1", number), Subject("1.3.6.1.2.1.31.1.1.1", number))
_BGP = (Subject("1.3.6.1.2.1.15.3.1", four_octets),)
_CISCO_BGP = (Subject("1.3.6.1.4.1.9.9.187.1.2.5.1", inet), *_BGP)
_CISCO_BGP_OLD = (*_BGP, Subject("1.3.6.1.4.1.9.9.187.1.2.1.1", four_octets))
_JUNIPER_BGP = (Subject("1.3.6.1.4.1.2636.5.1.1.2.1.1.1", far_inet),)
_HUAWEI_BGP = (Subject("1.3.6.1.4.1.2011.5.25.177.1.1.2.1", inet_at_fourth),)
_OSPF = (Subject("1.3.6.1.2.1.14.10.1", four_octets),)
_OSPF_IF = (Subject("1.3.6.1.2.1.14.7.1", four_octets),)
_OSPF3 = (Subject("1.3.6.1.2.1.191.1.9.1", router_id),)
_COMPONENT = (Subject("1.3.6.1.2.1.47.1.1.1.1", number),)
_CISCO_SENSOR = (Subject("1.3.6.1.4.1.9.9.91.1.2.1.1", lambda arcs: str(arcs[0])),)
_CISCO_MODULE = (Subject("1.3.6.1.4.1.9.9.117.1.2.1.1", number), Subject("1.3.6.1.4.1.9.9.117.1.1.2.1", number))

_SNMP = "1.3.6.1.6.3.1.1.5"
_ENVMON = "1.3.6.1.4.1.9.9.13.3.0"
_FRU = "1.3.6.1.4.1.9.9.117.2.0"
_CBGP = "1.3.6.1.4.1.9.9.187.0"
_JNX_FRU = "1.3.6.1.4.1.2636.4.1"
_JNX_OK = "1.3.6.1.4.1.2636.4.2"
_FORTINET = "1.3.6.1.4.1.12356.100.1.3.0"
_APC = "1.3.6.1.4.1.318.0"

MEANINGS: Mapping[str, Meaning] = {
    # SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863)
    f"{_SNMP}.1": Meaning("coldStart", "boot"),
    f"{_SNMP}.2": Meaning("warmStart", "boot"),
    f"{_SNMP}.3": Meaning("linkDown", "link", "down", _INTERFACE),
    f"{_SNMP}.4": Meaning("linkUp", "link", "up", _INTERFACE),
    f"{_SNMP}.5": Meaning("authenticationFailure", "access"),
    f"{_SNMP}.6": Meaning("egpNeighborLoss"),
    # BGP4-MIB: RFC 4273, and RFC 1657 under bgpTraps
    "1.3.6.1.2.1.15.0.1": Meaning("bgpEstablished", "peer", "up", _BGP),
    "1.3.6.1.2.1.15.0.2": Meaning("bgpBackwardTransition", "peer", "down", _BGP),
    "1.3.6.1.2.1.15.7.1": Meaning("bgpEstablished", "peer", "up", _BGP),
    "1.3.6.1.2.1.15.7.2": Meaning("bgpBackwardTransition", "peer", "down", _BGP),
    # CISCO-BGP4-MIB
    f"{_CBGP}.1": Meaning("cbgpFsmStateChange", "peer", "", _CISCO_BGP_OLD),
    f"{_CBGP}.2": Meaning("cbgpBackwardTransition", "peer", "down", _CISCO_BGP_OLD),
    f"{_CBGP}.3": Meaning("cbgpPrefixThresholdExceeded", "peer", "", _CISCO_BGP_OLD),
    f"{_CBGP}.4": Meaning("cbgpPrefixThresholdClear", "peer", "", _CISCO_BGP_OLD),
    f"{_CBGP}.5": Meaning("cbgpPeer2EstablishedNotification", "peer", "up", _CISCO_BGP),
    f"{_CBGP}.6": Meaning("cbgpPeer2BackwardTransNotification", "peer", "down", _CISCO_BGP),
    f"{_CBGP}.7": Meaning("cbgpPeer2FsmStateChange", "peer", "", _CISCO_BGP),
    f"{_CBGP}.8": Meaning("cbgpPeer2BackwardTransition", "peer", "down", _CISCO_BGP),
    f"{_CBGP}.9": Meaning("cbgpPeer2PrefixThresholdExceeded", "peer", "", _CISCO_BGP),
    f"{_CBGP}.10": Meaning("cbgpPeer2PrefixThresholdClear", "peer", "", _CISCO_BGP),
    # BGP4-V2-MIB-JUNIPER, HUAWEI-BGP-VPN-MIB
    "1.3.6.1.4.1.2636.5.1.1.1.0.1": Meaning("jnxBgpM2Established", "peer", "up", _JUNIPER_BGP),
    "1.3.6.1.4.1.2636.5.1.1.1.0.2": Meaning("jnxBgpM2BackwardTransition", "peer", "down", _JUNIPER_BGP),
    "1.3.6.1.4.1.2011.5.25.177.1.3.9": Meaning("hwBgpPeerEstablished", "peer", "up", _HUAWEI_BGP),
    "1.3.6.1.4.1.2011.5.25.177.1.3.10": Meaning("hwBgpPeerBackwardTransition", "peer", "down", _HUAWEI_BGP),
    # OSPF-TRAP-MIB (RFC 4750), OSPFV3-MIB (RFC 5643); the state they tell is a variable, so none is claimed
    "1.3.6.1.2.1.14.16.2.1": Meaning("ospfVirtIfStateChange", "peer"),
    "1.3.6.1.2.1.14.16.2.2": Meaning("ospfNbrStateChange", "peer", "", _OSPF),
    "1.3.6.1.2.1.14.16.2.3": Meaning("ospfVirtNbrStateChange", "peer"),
    "1.3.6.1.2.1.14.16.2.4": Meaning("ospfIfConfigError", "", "", _OSPF_IF),
    "1.3.6.1.2.1.14.16.2.6": Meaning("ospfIfAuthFailure", "", "", _OSPF_IF),
    "1.3.6.1.2.1.14.16.2.10": Meaning("ospfTxRetransmit"),
    "1.3.6.1.2.1.14.16.2.12": Meaning("ospfOriginateLsa"),
    "1.3.6.1.2.1.14.16.2.13": Meaning("ospfMaxAgeLsa"),
    "1.3.6.1.2.1.14.16.2.16": Meaning("ospfIfStateChange", "peer", "", _OSPF_IF),
    "1.3.6.1.2.1.191.0.2": Meaning("ospfv3NbrStateChange", "peer", "", _OSPF3),
    # BFD-STD-MIB, MPLS-LDP-STD-MIB, VRRP-MIB, BRIDGE-MIB, RMON-MIB, LLDP-MIB
    "1.3.6.1.2.1.222.0.1": Meaning("bfdSessUp", "peer"),
    "1.3.6.1.2.1.222.0.2": Meaning("bfdSessDown", "peer"),
    "1.3.6.1.2.1.10.166.4.0.3": Meaning("mplsLdpSessionUp"),
    "1.3.6.1.2.1.10.166.4.0.4": Meaning("mplsLdpSessionDown"),
    "1.3.6.1.2.1.68.0.1": Meaning("vrrpTrapNewMaster"),
    "1.3.6.1.2.1.68.0.2": Meaning("vrrpTrapAuthFailure", "access"),
    "1.3.6.1.2.1.17.0.1": Meaning("newRoot"),
    "1.3.6.1.2.1.17.0.2": Meaning("topologyChange"),
    "1.3.6.1.2.1.16.0.1": Meaning("risingAlarm"),
    "1.3.6.1.2.1.16.0.2": Meaning("fallingAlarm"),
    "1.0.8802.1.1.2.0.0.1": Meaning("lldpRemTablesChange", "neighbour"),
    # ENTITY-MIB, CISCO-ENTITY-SENSOR-MIB, CISCO-ENVMON-MIB, CISCO-ENTITY-FRU-CONTROL-MIB
    "1.3.6.1.2.1.47.2.0.1": Meaning("entConfigChange", "health"),
    "1.3.6.1.4.1.9.9.91.2.0.1": Meaning("entSensorThreshold", "health", "", _CISCO_SENSOR),
    f"{_ENVMON}.1": Meaning("ciscoEnvMonShutdown", "health"),
    f"{_ENVMON}.2": Meaning("ciscoEnvMonVoltage", "health"),
    f"{_ENVMON}.3": Meaning("ciscoEnvMonTemperature", "health"),
    f"{_ENVMON}.4": Meaning("ciscoEnvMonFan", "health"),
    f"{_ENVMON}.5": Meaning("ciscoEnvMonRedundantSupply", "health"),
    f"{_ENVMON}.6": Meaning("ciscoEnvMonVoltStatusChange", "health"),
    f"{_ENVMON}.7": Meaning("ciscoEnvMonTempStatusChange", "health"),
    f"{_ENVMON}.8": Meaning("ciscoEnvMonFanStatusChange", "health"),
    f"{_ENVMON}.9": Meaning("ciscoEnvMonSuppStatusChange", "health"),
    f"{_FRU}.1": Meaning("cefcModuleStatusChange", "health", "", _CISCO_MODULE),
    f"{_FRU}.2": Meaning("cefcPowerStatusChange", "health", "", _CISCO_MODULE),
    f"{_FRU}.3": Meaning("cefcFRUInserted", "health", "", _COMPONENT),
    f"{_FRU}.4": Meaning("cefcFRURemoved", "health", "", _COMPONENT),
    f"{_FRU}.6": Meaning("cefcFanTrayStatusChange", "health"),
    # JUNIPER-MIB
    f"{_JNX_FRU}.1": Meaning("jnxPowerSupplyFailure", "health"),
    f"{_JNX_FRU}.2": Meaning("jnxFanFailure", "health"),
    f"{_JNX_FRU}.3": Meaning("jnxOverTemperature", "health"),
    f"{_JNX_FRU}.4": Meaning("jnxRedundancySwitchover", "health"),
    f"{_JNX_FRU}.5": Meaning("jnxFruRemoval", "health"),
    f"{_JNX_FRU}.6": Meaning("jnxFruInsertion", "health"),
    f"{_JNX_FRU}.7": Meaning("jnxFruPowerOff", "health"),
    f"{_JNX_FRU}.8": Meaning("jnxFruPowerOn", "health"),
    f"{_JNX_FRU}.9": Meaning("jnxFruFailed", "health"),
    f"{_JNX_OK}.1": Meaning("jnxPowerSupplyOK", "health"),
    f"{_JNX_OK}.2": Meaning("jnxFanOK", "health"),
    f"{_JNX_OK}.3": Meaning("jnxTemperatureOK", "health"),
    # FORTINET-CORE-MIB
    f"{_FORTINET}.101": Meaning("fnTrapCpuThreshold", "health"),
    f"{_FORTINET}.102": Meaning("fnTrapMemThreshold", "health"),
    f"{_FORTINET}.104": Meaning("fnTrapTempHigh", "health"),
    f"{_FORTINET}.105": Meaning("fnTrapVoltageOutOfRange", "health"),
    f"{_FORTINET}.106": Meaning("fnTrapPowerSupplyFailure", "health"),
    f"{_FORTINET}.108": Meaning("fnTrapFanFailure", "health"),
    # UPS-MIB (RFC 1628), PowerNet-MIB
    "1.3.6.1.2.1.33.2.1": Meaning("upsTrapOnBattery", "health"),
    "1.3.6.1.2.1.33.2.2": Meaning("upsTrapTestCompleted", "health"),
    "1.3.6.1.2.1.33.2.3": Meaning("upsTrapAlarmEntryAdded", "health"),
    "1.3.6.1.2.1.33.2.4": Meaning("upsTrapAlarmEntryRemoved", "health"),
    f"{_APC}.5": Meaning("upsOnBattery", "health"),
    f"{_APC}.7": Meaning("lowBattery", "health"),
    f"{_APC}.9": Meaning("powerRestored", "health"),
    # somebody changed the configuration
    "1.3.6.1.4.1.9.9.43.2.0.1": Meaning("ciscoConfigManEvent", "configuration"),
    "1.3.6.1.4.1.9.9.43.2.0.2": Meaning("ccmCLIRunningConfigChanged", "configuration"),
    "1.3.6.1.4.1.2636.4.5.0.1": Meaning("jnxCmCfgChange", "configuration"),
    "1.3.6.1.4.1.2011.6.10.2.1": Meaning("hwCfgManEventlog", "configuration"),
    "1.3.6.1.4.1.25506.2.4.2.1": Meaning("hh3cCfgManEventlog", "configuration"),
    "1.3.6.1.4.1.30065.3.9.3.0.1": Meaning("aristaConfigManEvent", "configuration"),
    # CISCO-SYSLOG-MIB, agents that begin and end
    "1.3.6.1.4.1.9.9.41.2.0.1": Meaning("clogMessageGenerated"),
    "1.3.6.1.4.1.9.0.0": Meaning("reload", "boot"),
    "1.3.6.1.4.1.8072.4.0.1": Meaning("nsNotifyStart"),
    "1.3.6.1.4.1.8072.4.0.2": Meaning("nsNotifyShutdown"),
    "1.3.6.1.4.1.8072.4.0.3": Meaning("nsNotifyRestart"),
}

AREAS: tuple[tuple[str, About], ...] = (  # whole families of which only the subject matters here
    ("1.3.6.1.4.1.2011.5.25.219.2.", "health"),  # HUAWEI-ENTITY-TRAP-MIB
    ("1.3.6.1.4.1.2011.5.25.177.1.3.", "peer"),  # HUAWEI-BGP-VPN-MIB
    ("1.3.6.1.4.1.2011.5.25.155.", "peer"),  # HUAWEI-OSPFV2-MIB
    ("1.3.6.1.2.1.33.2.", "health"),
    ("1.3.6.1.4.1.318.0.", "health"),
    (f"{_ENVMON}.", "health"),
    (f"{_JNX_FRU}.", "health"),
    (f"{_JNX_OK}.", "health"),
)


def meaning_of(oid: str) -> Meaning:
    """What a notification is called and speaks of; its dotted OID where the table does not know it.

    v1 traps arrive with a 0 before their last arc (RFC 3584) that the v2 form may lack, and the other way round.
    """
    found = MEANINGS.get(oid)
    if found is not None:
        return found
    head, _, last = oid.rpartition(".")
    other = f"{head[:-2]}.{last}" if head.endswith(".0") else f"{head}.0.{last}"
    found = MEANINGS.get(other)
    if found is not None:
        return found
    return Meaning(oid, next((about for prefix, about in AREAS if oid.startswith(prefix)), ""))
