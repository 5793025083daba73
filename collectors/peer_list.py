"""The routing peers of a device as its tables tell them: one entry a peer, whatever number of tables speak of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from math import isnan, nan
from typing import Any

from collectors.contract import Index, Value
from collectors.inet import Address, address_of
from collectors.peer_index import PeerIndex, peer_index
from collectors.peer_tables import PeerTable, Role
from collectors.text import text

Row = Mapping[Role, Value]
Rows = Mapping[Index, Row]

MOST = 2000  # peers of one protocol; who has more tells them by other means than a poll
STATES = {"bgp": range(1, 7), "ospf": range(1, 9)}


@dataclass(frozen=True, slots=True)
class Peer:
    """`key` is what its samples are kept under; `facts` is JSON-able, without the state."""

    key: str
    table: PeerTable
    index: Index
    number: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PeerList:
    """`values` are state, admin and established of each peer, NaN where not told; `dropped` rows that were no peers."""

    peers: tuple[Peer, ...]
    values: tuple[tuple[float, float, float], ...]
    dropped: int = 0


def build(tables: Sequence[tuple[PeerTable, Rows]], local_as: int | None) -> PeerList:
    """Tables in the order of peer_tables.TABLES, of one protocol."""
    found: dict[str, tuple[Peer, tuple[float, float, float]]] = {}
    known: set[str] = set()  # addresses told by the tables before
    dropped = 0
    for table, rows in tables:
        before = frozenset(known)
        for index, row in rows.items():
            said = _identified(table, index, row)
            if said is None or len(found) >= MOST:
                dropped += 1
                continue
            address, place = said
            if address.full in before:
                continue
            known.add(address.full)
            _put(found, _peer(table, index, place, (address, row), local_as), values_of(table, row))
    return PeerList(tuple(peer for peer, _ in found.values()), tuple(told for _, told in found.values()), dropped)


def _put(
    found: dict[str, tuple[Peer, tuple[float, float, float]]], peer: Peer, told: tuple[float, float, float]
) -> None:
    """The same peer in another address family is the same peer; in another instance it is another."""
    there = found.get(peer.key)
    if there is not None and there[0].facts["instance"] != peer.facts["instance"]:
        peer = replace(peer, key=f"{peer.key} (instance {peer.facts['instance']})")
        there = found.get(peer.key)
    elif there is not None and peer.table.protocol == "ospf":
        peer = replace(peer, key=f"{peer.key} ({'.'.join(map(str, peer.index))})")
        there = found.get(peer.key)
    if there is None or told[0] > there[1][0]:
        found[peer.key] = peer, told


def _identified(table: PeerTable, index: Index, row: Row) -> tuple[Address, PeerIndex] | None:
    place = peer_index(index, table.index) or (peer_index(index, table.also) if table.also else None)
    if row.get("state") is None:
        return None
    found = (place.address if place else None) or address_of(row.get("address"))
    if place is None:
        instance = index[0] if index and table.index[0] == "instance" else None
        place = PeerIndex(found, instance, index)
    return None if found is None else (found, place)


def _peer(table: PeerTable, index: Index, place: PeerIndex, said: tuple[Address, Row], local_as: int | None) -> Peer:
    address, row = said
    vrf = text(row.get("vrf"))
    vrf = "" if vrf in table.global_names else vrf
    number = row.get("number")
    instance = None if place.instance == table.global_instance else place.instance
    facts = _bgp(address, row, local_as) if table.protocol == "bgp" else _ospf(address, place, row)
    facts |= {"vrf": vrf or None, "instance": instance, "table": f"{table.source}: {table.name}", "present": True}
    key = _name(address, place, row)
    return Peer(
        key=f"{key} (vrf {vrf})" if vrf else key,
        table=table,
        index=index,
        number=number if isinstance(number, int) else None,
        facts=facts,
    )


def _name(address: Address, place: PeerIndex, row: Row) -> str:
    """Its address; on an unnumbered line, where there is none, its router id and our ifIndex."""
    if not address.unspecified:
        return address.short
    return f"{_router_id(place, row) or address.short} on {'.'.join(map(str, place.numbers))}"


def _bgp(address: Address, row: Row, local_as: int | None) -> dict[str, Any]:
    remote, ours = _as_number(row.get("remote_as")), _as_number(row.get("local_as")) or local_as
    local = address_of(row.get("local_address"))
    return {
        "peer": address.full,
        "remote_as": remote,
        "local_as": ours,
        "type": None if not remote or not ours else "internal" if remote == ours else "external",
        "description": text(row.get("description")) or None,
        "local_address": None if local is None or local.unspecified else local.short,
    }


def _ospf(address: Address, place: PeerIndex, row: Row) -> dict[str, Any]:
    return {"neighbour": address.full, "router_id": _router_id(place, row)}


def _router_id(place: PeerIndex, row: Row) -> str | None:
    said = address_of(row.get("router_id"))
    if said is not None:
        return said.short
    return str(ip_address(place.numbers[2])) if len(place.numbers) == 3 and place.numbers[2] < 2**32 else None


def _as_number(value: Value) -> int | None:
    """Four octets; an agent that holds them in a signed INTEGER sends the upper half negative."""
    return value % 2**32 if isinstance(value, int) and -(2**31) <= value < 2**32 else None


def values_of(table: PeerTable, row: Row) -> tuple[float, float, float]:
    """State, admin and established; NaN for what is not told, or is no value of the MIB.

    Where no session stands, the MIBs count the time since one stood; that is not told as time established.
    """
    said, since = row.get("state"), row.get("established")
    if table.states and isinstance(said, int):
        said = table.states.get(said)
    state = _among(said, STATES[table.protocol])
    admin = row.get("admin")
    if table.stopped and said is not None:
        admin = 1 if row.get("state") in table.stopped else 2
    told = isinstance(since, int) and 0 <= since < 2**32 and state == STATES["bgp"][-1]
    return state, _among(admin, (1, 2)), float(since) if told and isinstance(since, int) else nan


def _among(value: Value, allowed: Iterable[int]) -> float:
    return float(value) if isinstance(value, int) and value in allowed else nan


def prefixes(peers: Sequence[Peer], rows: Mapping[Index, Sequence[Value]]) -> dict[str, tuple[float, float]]:
    """Peer key -> received and accepted prefixes, its address families together; `rows` are of one table's Prefixes."""
    places: dict[Index, list[str]] = {}
    for peer in peers:
        numbered = peer.table.prefixes is not None and peer.table.prefixes.by_number
        place = peer.index if not numbered else () if peer.number is None else (peer.number,)
        places.setdefault(place, []).append(peer.key)
    counts: dict[str, list[float]] = {}
    for index, values in rows.items():
        keys = places.get(index) or places.get(index[:-2]) or ()
        if len(keys) == 1:  # a number that two peers have names neither
            into = counts.setdefault(keys[0], [nan, nan])
            for column, value in enumerate(values):
                if isinstance(value, int) and value >= 0:
                    into[column] = value + (0 if isnan(into[column]) else into[column])
    return {key: (received, accepted) for key, (received, accepted) in counts.items()}
