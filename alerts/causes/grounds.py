"""The inventory as causes ask for it: prepared once, so that nothing is searched while a storm lasts."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from alerts.sites import links_serving
from inventory.model import Device, Inventory, Link
from inventory.topology import Topology

ROUTERS = frozenset({"cpe", "edge", "regional"})  # what may stand at a core's site and be one
WATCHED_CIRCUITS = frozenset({"iru", "exchange"})
BACKBONE = frozenset({"core", "ring"})  # roles of links


@dataclass(frozen=True)
class Grounds:
    inventory: Inventory
    topology: Topology
    ends: Mapping[str, tuple[str, ...]]  # link -> devices of ours that it ends on
    circuit_on: Mapping[str, str]  # external link -> its circuit, where it is an IRU or an exchange
    links_of_circuit: Mapping[str, tuple[str, ...]]
    cores: frozenset[str]  # devices
    cables: frozenset[str]  # circuits of submarine capacity
    contract_of: Mapping[str, str]  # circuit -> the contract that it delivers, of several the newest
    serving: Mapping[str, tuple[str, ...]]  # link -> sites that hang on it
    site_links: Mapping[str, tuple[str, ...]]  # site -> links that it hangs on
    addresses: Mapping[str, str]  # address -> device
    credentials: Mapping[str, str]  # device -> its SNMP credential
    regions: Mapping[str, tuple[str, ...]]  # region -> sites of members
    devices_in: Mapping[str, tuple[str, ...]]  # region -> all its devices
    depths: Mapping[str, int]  # device -> links between it and the poller's attachment, the shortest way
    services_at: Mapping[str, tuple[str, ...]]  # site -> services declared to depend on it
    backbone_links: frozenset[str]
    backbone_devices: frozenset[str]  # on two of these links and more: packets of others go through them

    @cached_property
    def backbone(self) -> tuple[tuple[str, str], ...]:
        """Kind and key of all of it."""
        devices = [("device", key) for key in sorted(self.backbone_devices)]
        return (*devices, *(("link", key) for key in sorted(self.backbone_links)))

    @classmethod
    def of(cls, inventory: Inventory, topology: Topology) -> Self:
        serving: dict[str, list[str]] = {}
        site_links = links_serving(inventory)
        for site, links in site_links.items():
            for link in links:
                serving.setdefault(link, []).append(site)
        circuits: dict[str, list[str]] = {}
        for each in inventory.links.values():
            circuits.setdefault(each.circuit, []).append(each.key)
        return cls(
            inventory,
            topology,
            ends={key: tuple(dict.fromkeys(end.device for end in one.ends)) for key, one in inventory.links.items()},
            circuit_on={key: one.circuit for key, one in inventory.links.items() if _watched(inventory, one)},
            links_of_circuit={key: tuple(links) for key, links in circuits.items()},
            cores=frozenset(key for key, one in inventory.devices.items() if _is_core(inventory, one)),
            cables=frozenset(key for key, each in inventory.circuits.items() if each.kind == "iru"),
            contract_of={
                circuit: one.key
                for one in sorted(inventory.contracts.values(), key=lambda each: each.start)
                for circuit in one.circuits
            },
            serving={key: tuple(sites) for key, sites in serving.items()},
            site_links={key: tuple(links) for key, links in site_links.items()},
            addresses={at: device.key for device in inventory.devices.values() for at in _addresses(device)},
            credentials={key: device.snmp.credential for key, device in inventory.devices.items()},
            regions=_grouped((site.region, site.key) for site in inventory.members()),
            devices_in=_grouped((inventory.sites[one.site].region, key) for key, one in inventory.devices.items()),
            depths=_depths(topology),
            services_at=_grouped((site, key) for key, one in inventory.services.items() for site in one.sites),
            backbone_links=frozenset(key for key, one in inventory.links.items() if one.role in BACKBONE),
            backbone_devices=_crossed(inventory),
        )


def _depths(topology: Topology) -> dict[str, int]:
    found = {topology.attached_to: 0}
    ahead = deque(found)
    while ahead:
        device = ahead.popleft()
        for far, _ in topology.neighbours(device):
            if far not in found:
                found[far] = found[device] + 1
                ahead.append(far)
    return found


def _watched(inventory: Inventory, link: Link) -> bool:
    circuit = inventory.circuits.get(link.circuit)
    return len(link.ends) == 1 and circuit is not None and circuit.kind in WATCHED_CIRCUITS


def _crossed(inventory: Inventory) -> frozenset[str]:
    ends = Counter(end.device for one in inventory.links.values() if one.role in BACKBONE for end in one.ends)
    return frozenset(device for device, count in ends.items() if count > 1)


def _is_core(inventory: Inventory, device: Device) -> bool:
    return device.role == "core" or (device.role in ROUTERS and inventory.sites[device.site].kind == "core")


def _addresses(device: Device) -> tuple[str, ...]:
    return (device.address, *device.sources)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, member in pairs:
        found.setdefault(key, []).append(member)
    return {key: tuple(members) for key, members in found.items()}
