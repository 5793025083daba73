"""What traps carry beside their name, in words: variables by their MIB names, states by theirs, one bounded line."""

from collections.abc import Iterable, Mapping

from collectors.contract import Value
from collectors.notices.trap import Binding
from collectors.text import text
from inventory.states import BGP_STATUS, OPER_STATUS, OSPF_STATUS

MOST_SHOWN = 12  # variables in the line for people
MOST_KEPT = 64  # variables in the content
LONGEST = 200  # letters of one value
LINE = 500  # letters of a line for people
DEEPEST = 24  # arcs of an index, at most

_ADMIN = {1: "up", 2: "down", 3: "testing"}

NAMES: Mapping[str, str] = {  # columns and scalars that traps bring along
    "1.3.6.1.2.1.1.3": "sysUpTime",
    "1.3.6.1.2.1.1.5": "sysName",
    "1.3.6.1.2.1.2.2.1.1": "ifIndex",
    "1.3.6.1.2.1.2.2.1.2": "ifDescr",
    "1.3.6.1.2.1.2.2.1.3": "ifType",
    "1.3.6.1.2.1.2.2.1.7": "ifAdminStatus",
    "1.3.6.1.2.1.2.2.1.8": "ifOperStatus",
    "1.3.6.1.2.1.31.1.1.1.1": "ifName",
    "1.3.6.1.2.1.31.1.1.1.18": "ifAlias",
    "1.3.6.1.4.1.9.2.2.1.1.20": "locIfReason",
    "1.3.6.1.2.1.15.3.1.2": "bgpPeerState",
    "1.3.6.1.2.1.15.3.1.7": "bgpPeerRemoteAddr",
    "1.3.6.1.2.1.15.3.1.14": "bgpPeerLastError",
    "1.3.6.1.4.1.9.9.187.1.2.1.1.7": "cbgpPeerLastErrorTxt",
    "1.3.6.1.4.1.9.9.187.1.2.1.1.8": "cbgpPeerPrevState",
    "1.3.6.1.4.1.9.9.187.1.2.5.1.3": "cbgpPeer2State",
    "1.3.6.1.4.1.9.9.187.1.2.5.1.17": "cbgpPeer2LastError",
    "1.3.6.1.4.1.9.9.187.1.2.5.1.28": "cbgpPeer2LastErrorTxt",
    "1.3.6.1.4.1.9.9.187.1.2.5.1.29": "cbgpPeer2PrevState",
    "1.3.6.1.4.1.2636.5.1.1.2.1.1.1.2": "jnxBgpM2PeerState",
    "1.3.6.1.4.1.2011.5.25.177.1.1.2.1.5": "hwBgpPeerState",
    "1.3.6.1.2.1.14.1.1": "ospfRouterId",
    "1.3.6.1.2.1.14.10.1.1": "ospfNbrIpAddr",
    "1.3.6.1.2.1.14.10.1.2": "ospfNbrAddressLessIndex",
    "1.3.6.1.2.1.14.10.1.3": "ospfNbrRtrId",
    "1.3.6.1.2.1.14.10.1.6": "ospfNbrState",
    "1.3.6.1.2.1.14.7.1.12": "ospfIfState",
    "1.3.6.1.2.1.47.1.1.1.1.2": "entPhysicalDescr",
    "1.3.6.1.2.1.47.1.1.1.1.7": "entPhysicalName",
    "1.3.6.1.4.1.9.9.91.1.1.1.1.4": "entSensorValue",
    "1.3.6.1.4.1.9.9.91.1.2.1.1.4": "entSensorThresholdValue",
    "1.3.6.1.4.1.9.9.13.1.3.1.2": "ciscoEnvMonTemperatureStatusDescr",
    "1.3.6.1.4.1.9.9.13.1.3.1.3": "ciscoEnvMonTemperatureStatusValue",
    "1.3.6.1.4.1.9.9.13.1.4.1.2": "ciscoEnvMonFanStatusDescr",
    "1.3.6.1.4.1.9.9.13.1.5.1.2": "ciscoEnvMonSupplyStatusDescr",
    "1.3.6.1.4.1.2636.3.1.8.1.6": "jnxContentsDescr",
    "1.3.6.1.2.1.33.1.2.2": "upsSecondsOnBattery",
    "1.3.6.1.2.1.33.1.2.3": "upsEstimatedMinutesRemaining",
    "1.3.6.1.6.3.1.1.4.3": "snmpTrapEnterprise",
    "1.3.6.1.6.3.18.1.3": "snmpTrapAddress",
    "1.3.6.1.4.1.9.9.41.1.2.3.1.2": "clogHistFacility",
    "1.3.6.1.4.1.9.9.41.1.2.3.1.4": "clogHistMsgName",
    "1.3.6.1.4.1.9.9.41.1.2.3.1.5": "clogHistMsgText",
    "1.3.6.1.4.1.9.9.43.1.1.6.1.3": "ccmHistoryEventCommandSource",
}
STATES: Mapping[str, Mapping[int, str]] = {
    "ifAdminStatus": _ADMIN,
    "ifOperStatus": OPER_STATUS,
    "bgpPeerState": BGP_STATUS,
    "cbgpPeerPrevState": BGP_STATUS,
    "cbgpPeer2State": BGP_STATUS,
    "cbgpPeer2PrevState": BGP_STATUS,
    "jnxBgpM2PeerState": BGP_STATUS,
    "hwBgpPeerState": BGP_STATUS,
    "ospfNbrState": OSPF_STATUS,
}


def named(oid: str) -> str:
    """`ifOperStatus` for its column with any index; the dotted OID where it is not known."""
    head = oid
    for _ in range(DEEPEST):
        head, dot, _ = head.rpartition(".")
        if not dot:
            break
        found = NAMES.get(head)
        if found is not None:
            return found
    return oid


def worded(name: str, value: Value) -> str | int | None:
    """A value as JSON and people can have it: states in words, text in one line, other octets in hexadecimal."""
    if isinstance(value, int):
        states = STATES.get(name)
        return states.get(value, value) if states else value
    if isinstance(value, bytes):
        return _octets(value)
    return None if value is None else text(value)[:LONGEST]


def _octets(value: bytes) -> str:
    body = value[: LONGEST * 2].rstrip(b"\0")
    try:
        decoded = body.decode("utf-8")
    except UnicodeDecodeError:
        return "0x" + value[: LONGEST // 2].hex()
    if decoded and not decoded.isprintable() and not any(map(str.isspace, decoded)):
        return "0x" + value[: LONGEST // 2].hex()
    return text(body)[:LONGEST]


def content_of(bindings: Iterable[Binding]) -> dict[str, str | int | None]:
    """Dotted OID -> value in words."""
    found: dict[str, str | int | None] = {}
    for one in bindings:
        if len(found) == MOST_KEPT:
            break
        found[one.oid] = worded(named(one.oid), one.value)
    return found


def line_of(content: Mapping[str, str | int | None]) -> str:
    """`ifIndex 3, ifOperStatus down`: the variables as people read them."""
    parts = [f"{named(oid)} {value}" for oid, value in list(content.items())[:MOST_SHOWN]]
    return ", ".join(parts)[:LINE]
