"""What one viewer may know of: the whole network, or what its own sites are made of; everything else is not there.

An institution viewer gets an inventory that holds nothing else, and every query looks its keys up there first: what is
not in the scope's inventory cannot be asked for, listed or found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from dashboards.web.refusal import Unseen
from dashboards.web.viewer import Viewer
from inventory.model import Inventory

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Scope:
    """`whole`: nothing is kept back."""

    viewer: Viewer
    inventory: Inventory

    @property
    def whole(self) -> bool:
        return self.viewer.sites is None


def scope_of(viewer: Viewer, inventory: Inventory) -> Scope:
    return Scope(viewer, inventory if viewer.sites is None else only_of(inventory, viewer.sites))


def only_of(inventory: Inventory, sites: frozenset[str]) -> Inventory:
    """These sites, their devices, the links that serve them, and the circuits, providers and institutions of those."""
    mine = {key: inventory.sites[key] for key in sorted(sites & inventory.sites.keys())}
    devices = {one.key: one for key in mine for one in inventory.devices_at[key]}
    links = {one.key: one for key in devices for one in inventory.links_of[key]}
    circuits = {
        one.circuit: inventory.circuits[one.circuit] for one in links.values() if one.circuit in inventory.circuits
    }
    providers = {one.provider for one in links.values()} | {one.provider for one in circuits.values()}
    return replace(
        inventory,
        regions={
            key: inventory.regions[key] for key in {site.region for site in mine.values()} & inventory.regions.keys()
        },
        institutions={key: one for key, one in inventory.institutions.items() if one.site in mine},
        sites=mine,
        devices=devices,
        links=links,
        circuits=circuits,
        providers={key: inventory.providers[key] for key in sorted(providers & inventory.providers.keys())},
        services={key: one for key, one in inventory.services.items() if one.sites and set(one.sites) <= mine.keys()},
        contacts={},
        contracts={},
        points={},
    )


def known(things: Mapping[str, Thing], key: str, what: str) -> Thing:
    """The thing of that key; Unseen where there is none, or none that the viewer may know of."""
    if key not in things:
        raise Unseen(f"there is no {what} {key!r}")
    return things[key]
