"""Every table in which routers tell of their BGP and OSPF peers: adding a vendor is a row here and a recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from collectors.contract import Oid
from collectors.peer_index import Field

Protocol = Literal["bgp", "ospf"]
Role = Literal[
    "state",  # bgpPeerState or ospfNbrState: the column by which a table is found
    "admin",  # bgpPeerAdminStatus: 1 stop, 2 start
    "established",  # seconds in, or since, the established state
    "remote_as",
    "local_as",
    "local_address",
    "description",
    "vrf",
    "router_id",  # the neighbour's
    "address",  # where the index does not carry it, or not in the form declared
    "number",  # the peer's number, by which the prefix table is indexed
]


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefix counts of a table's peers, a row for each address family; counted together."""

    accepted: Oid
    received: Oid | None = None
    by_number: bool = False  # indexed by the peer's number instead of its index


@dataclass(frozen=True, slots=True, eq=False)
class PeerTable:
    """One table of one MIB. Columns may stand in sister tables as long as the index is the same."""

    name: str
    source: str
    protocol: Protocol
    index: tuple[Field, ...]
    columns: Mapping[Role, Oid]
    prefixes: Prefixes | None = None
    also: tuple[Field, ...] = ()  # another form of the index, which other releases of the agent use
    states: Mapping[int, int] = field(default_factory=dict)  # where the MIB numbers states in its own way
    stopped: frozenset[int] = frozenset()  # states, as sent, that mean shut down by an operator
    global_instance: int | None = None  # the instance number that means the global table
    global_names: tuple[str, ...] = field(default=("", "default", "global", "Base", "master", "_public_"))


def _bgp4v2(source: str, root: Oid, also: tuple[Field, ...] = ()) -> PeerTable:
    """The layout of draft-ietf-idr-bgp4-mibv2, which vendors put under roots of their own."""
    peer, times, prefix = f"{root}.1.2.1", f"{root}.1.4.1", f"{root}.1.8.1"
    return PeerTable(
        name="bgp4V2PeerTable",
        source=source,
        protocol="bgp",
        index=("instance", "inet"),
        columns={
            "state": f"{peer}.13",
            "admin": f"{peer}.12",
            "established": f"{times}.1",
            "remote_as": f"{peer}.10",
            "local_as": f"{peer}.7",
            "local_address": f"{peer}.3",
            "description": f"{peer}.14",
        },
        prefixes=Prefixes(accepted=f"{prefix}.4", received=f"{prefix}.3"),
        also=also,
        global_instance=1,
    )


_JNX, _F10, _CISCO = "1.3.6.1.4.1.2636.5.1.1.2", "1.3.6.1.4.1.6027.20.1.2", "1.3.6.1.4.1.9.9.187.1.2"
_HUAWEI, _NOKIA = "1.3.6.1.4.1.2011.5.25.177.1.1", "1.3.6.1.4.1.6527.3.1.2.14.4"
_FIREBRICK, _CUMULUS = "1.3.6.1.4.1.24693.100.179.1.1", "1.3.6.1.4.1.40310.7.3.1.1"
_BGP4, _OSPF, _OSPFV3 = "1.3.6.1.2.1.15.3.1", "1.3.6.1.2.1.14.10.1", "1.3.6.1.2.1.191.1.9.1"

# Those that tell more stand first: what a peer is, is taken from the first table that has it
TABLES: tuple[PeerTable, ...] = (
    PeerTable(
        name="cbgpPeer3Table",
        source="CISCO-BGP4-MIB",
        protocol="bgp",
        index=("instance", "inet"),
        columns={
            "state": f"{_CISCO}.9.1.5",
            "admin": f"{_CISCO}.9.1.6",
            "established": f"{_CISCO}.9.1.21",
            "remote_as": f"{_CISCO}.9.1.13",
            "local_as": f"{_CISCO}.9.1.10",
            "local_address": f"{_CISCO}.9.1.8",
            "vrf": f"{_CISCO}.9.1.4",
        },
    ),
    PeerTable(
        name="cbgpPeer2Table",
        source="CISCO-BGP4-MIB",
        protocol="bgp",
        index=("inet",),
        columns={
            "state": f"{_CISCO}.5.1.3",
            "admin": f"{_CISCO}.5.1.4",
            "established": f"{_CISCO}.5.1.19",
            "remote_as": f"{_CISCO}.5.1.11",
            "local_as": f"{_CISCO}.5.1.8",
            "local_address": f"{_CISCO}.5.1.6",
        },
        prefixes=Prefixes(accepted=f"{_CISCO}.8.1.1"),
    ),
    PeerTable(
        name="jnxBgpM2PeerTable",
        source="BGP4-V2-MIB-JUNIPER",
        protocol="bgp",
        index=("instance", "local", "inet"),
        columns={
            "state": f"{_JNX}.1.1.1.2",
            "admin": f"{_JNX}.1.1.1.3",
            "established": f"{_JNX}.4.1.1.1",
            "remote_as": f"{_JNX}.1.1.1.13",
            "local_as": f"{_JNX}.1.1.1.9",
            "local_address": f"{_JNX}.1.1.1.7",
            "number": f"{_JNX}.1.1.1.14",
        },
        prefixes=Prefixes(accepted=f"{_JNX}.6.2.1.8", received=f"{_JNX}.6.2.1.7", by_number=True),
        global_instance=0,
    ),
    _bgp4v2("ARISTA-BGP4V2-MIB", "1.3.6.1.4.1.30065.4.1"),
    _bgp4v2("DELLEMC-OS10-BGP4V2-MIB", "1.3.6.1.4.1.674.11000.5000.200.1"),
    _bgp4v2("BGP4V2-MIB (Foundry, Brocade)", "1.3.6.1.4.1.1991.3.5.1"),
    _bgp4v2("BGP4V2-MIB (FRR)", "1.3.6.1.3.5.1", also=("inet",)),
    PeerTable(
        name="f10BgpM2PeerTable",
        source="FORCE10-BGP4-V2-MIB",
        protocol="bgp",
        index=("instance", "local", "inet"),
        columns={
            "state": f"{_F10}.1.1.1.3",
            "admin": f"{_F10}.1.1.1.4",
            "established": f"{_F10}.3.1.1.1",
            "remote_as": f"{_F10}.1.1.1.14",
            "local_as": f"{_F10}.1.1.1.10",
            "local_address": f"{_F10}.1.1.1.8",
        },
    ),
    PeerTable(
        name="hwBgpPeerTable",
        source="HUAWEI-BGP-VPN-MIB",
        protocol="bgp",
        index=("instance", "number", "number", "inet"),
        columns={
            "state": f"{_HUAWEI}.2.1.5",
            "admin": f"{_HUAWEI}.2.1.11",
            "established": f"{_HUAWEI}.2.1.7",
            "remote_as": f"{_HUAWEI}.2.1.2",
            "description": f"{_HUAWEI}.2.1.12",
            "vrf": f"{_HUAWEI}.1.1.6",
        },
        prefixes=Prefixes(accepted=f"{_HUAWEI}.3.1.2", received=f"{_HUAWEI}.3.1.1"),
        global_instance=0,
    ),
    PeerTable(
        name="tBgpPeerNgTable",
        source="TIMETRA-BGP-MIB",
        protocol="bgp",
        index=("instance", "inet"),
        columns={
            "state": f"{_NOKIA}.7.1.59",
            "admin": f"{_NOKIA}.7.1.6",
            "remote_as": f"{_NOKIA}.7.1.66",
            "local_as": f"{_NOKIA}.7.1.65",
            "local_address": f"{_NOKIA}.7.1.13",
            "description": f"{_NOKIA}.7.1.7",
        },
        global_instance=1,
    ),
    PeerTable(
        name="fbBgpPeerTable",
        source="FIREBRICK-BGP-MIB",
        protocol="bgp",
        index=("inet",),
        columns={
            "state": f"{_FIREBRICK}.4",
            "established": f"{_FIREBRICK}.7",
            "remote_as": f"{_FIREBRICK}.5",
            "local_as": f"{_FIREBRICK}.12",
            "local_address": f"{_FIREBRICK}.11",
            "description": f"{_FIREBRICK}.3",
        },
        states={0: 1, 1: 3, 2: 3, 3: 4, 4: 5, 5: 6, 6: 1, 7: 1, 8: 1},
        stopped=frozenset((7, 8)),
    ),
    PeerTable(
        name="bgpPeerTable (VRF)",
        source="CUMULUS-BGPVRF-MIB",
        protocol="bgp",
        index=("instance",),  # what follows is no address on every release
        columns={
            "state": f"{_CUMULUS}.2",
            "admin": f"{_CUMULUS}.3",
            "established": f"{_CUMULUS}.16",
            "remote_as": f"{_CUMULUS}.9",
            "local_address": f"{_CUMULUS}.5",
            "description": f"{_CUMULUS}.26",
            "address": f"{_CUMULUS}.7",
        },
        global_instance=254,
    ),
    PeerTable(
        name="bgpPeerTable",
        source="BGP4-MIB, RFC 4273",
        protocol="bgp",
        index=("ipv4",),
        columns={
            "state": f"{_BGP4}.2",
            "admin": f"{_BGP4}.3",
            "established": f"{_BGP4}.16",
            "remote_as": f"{_BGP4}.9",
            "local_address": f"{_BGP4}.5",
            "address": f"{_BGP4}.7",  # FortiOS has indexes of another form
        },
        prefixes=Prefixes(accepted=f"{_CISCO}.4.1.1"),  # cbgpPeerAddrFamilyPrefixTable, whose peers are these
    ),
    PeerTable(
        name="ospfNbrTable",
        source="OSPF-MIB, RFC 4750",
        protocol="ospf",
        index=("ipv4", "number"),
        columns={"state": f"{_OSPF}.6", "router_id": f"{_OSPF}.3"},
    ),
    PeerTable(
        name="ospfv3NbrTable",
        source="OSPFV3-MIB, RFC 5643",
        protocol="ospf",
        index=("number", "number", "number"),  # ifIndex, instance on the link, router id
        columns={"state": f"{_OSPFV3}.8", "address": f"{_OSPFV3}.5"},
    ),
)

LOCAL_AS: Oid = "1.3.6.1.2.1.15.2.0"  # bgpLocalAs, RFC 4273
BGP_ROUTER_ID: Oid = "1.3.6.1.2.1.15.4.0"  # bgpIdentifier
OSPF_ROUTER_ID: Oid = "1.3.6.1.2.1.14.1.1.0"  # ospfRouterId, RFC 4750
