"""Whom a device talks to: BGP and OSPF sessions, and neighbours on its cables, each beside what is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.device_health import peer_state
from dashboards.text import one_line
from inventory.cabling import Cabling, Finding
from inventory.model import Inventory

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """`since_s`: how long the session stands; `well`: it does, or somebody of ours shut it."""

    protocol: str
    peer: str
    remote: str  # AS number or router id
    state: str
    well: bool
    since_s: float | None = None
    prefixes: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One box heard on one interface; `finding` of the link that is declared there, None where none is."""

    interface: str
    system: str
    port: str
    protocol: str
    finding: Finding | None


def peers(known: Content) -> list[Peer]:
    """What does not stand first."""
    found = [_bgp(one) for one in known.get("bgp", ())] + [_ospf(one) for one in known.get("ospf", ())]
    return sorted(found, key=lambda one: (one.well, one.protocol, one.peer))


def _bgp(one: Content) -> Peer:
    established = one.get("state") == "established"
    return Peer(
        protocol="BGP",
        peer=one_line(one.get("key") or one["peer"]),
        remote=f"AS {one['remote_as']}" if one.get("remote_as") else "",
        state=peer_state(one),
        well=established or one.get("admin") == "stop" or one.get("present") is False,
        since_s=one.get("established_s") if established else None,
        prefixes=one.get("prefixes_received"),
        description=one_line(one.get("description") or ""),
    )


def _ospf(one: Content) -> Peer:
    state = one.get("state") or "unknown"
    return Peer(
        protocol="OSPF",
        peer=one_line(one.get("key") or one["neighbour"]),
        remote=one_line(one.get("router_id") or ""),
        state=state,
        well=state in ("full", "twoWay") or one.get("present") is False,
    )


def neighbours(inventory: Inventory, device: str, known: Content, cabling: Cabling) -> list[Neighbour]:
    """`known["neighbours"]` is a list of what was heard, or the part of the facts that holds it."""
    findings = declared(inventory, device, cabling)
    return [
        Neighbour(
            interface=one_line(one.get("interface") or ""),
            system=one_line(one.get("system") or one.get("chassis") or one.get("address") or ""),
            port=one_line(one.get("port") or one.get("port_description") or ""),
            protocol=str(one.get("protocol") or ""),
            finding=findings.get(str(one.get("interface"))) or findings.get(str(one.get("bundle"))),
        )
        for one in known.get("neighbours", ())
    ]


def declared(inventory: Inventory, device: str, cabling: Cabling) -> Mapping[str, Finding]:
    """Interface of the device -> what was found of the link that is declared on it."""
    interfaces = {
        link.key: end.interface
        for link in inventory.links_of.get(device, ())
        for end in link.ends
        if end.device == device
    }
    return {interfaces[one.link]: one for one in cabling.links if one.link in interfaces}


def not_heard(found: Sequence[Neighbour], findings: Mapping[str, Finding]) -> Sequence[Finding]:
    """Declared links on whose interface nobody is heard; of those that nobody tells of nothing can be said."""
    heard = {one.finding.link for one in found if one.finding}
    return [one for one in findings.values() if one.link not in heard and one.verdict != "not told"]
