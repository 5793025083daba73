"""The one vocabulary of states, reasons and flags (SEMANTICS D), for code, tables, pages and messages alike."""

from enum import StrEnum


class State(StrEnum):
    """Reachability of a device, site or link. A root is down, what is behind it unreachable."""

    UP = "up"
    DEGRADED = "degraded"  # sites only: answers, with redundancy or some of its devices lost
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    DOWN = "down"


class Reason(StrEnum):
    """Why the state is what it is, where there is something to say."""

    NONE = ""
    AGENT_SILENT = "agent-silent"
    CREDENTIALS_REFUSED = "credentials-refused"
    DNS = "dns"
    STALE = "stale"
    BLIND = "blind"
    ADMIN_DOWN = "admin-down"
    NO_PATH = "no-path"
    NOT_SEEN = "not-seen"  # a declared interface that the device does not have


REASON_CODES = {  # the quantity `state_reason`; numbers are kept for years: new ones go on at the end
    Reason.NONE: 0,
    Reason.AGENT_SILENT: 1,
    Reason.CREDENTIALS_REFUSED: 2,
    Reason.DNS: 3,
    Reason.STALE: 4,
    Reason.BLIND: 5,
    Reason.ADMIN_DOWN: 6,
    Reason.NO_PATH: 7,
    Reason.NOT_SEEN: 8,
}

WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN, State.UP)

OPER_STATUS = {  # IF-MIB ifOperStatus, RFC 2863; 0 is no value of the MIB but real devices send it (SEMANTICS 41)
    0: "unset",
    1: "up",
    2: "down",
    3: "testing",
    4: "unknown",
    5: "dormant",
    6: "notPresent",
    7: "lowerLayerDown",
}

BGP_STATUS = {  # BGP4-MIB bgpPeerState, RFC 4273
    1: "idle",
    2: "connect",
    3: "active",
    4: "openSent",
    5: "openConfirm",
    6: "established",
}

OSPF_STATUS = {  # OSPF-MIB ospfNbrState, RFC 4750
    1: "down",
    2: "attempt",
    3: "init",
    4: "twoWay",
    5: "exchangeStart",
    6: "exchange",
    7: "loading",
    8: "full",
}
