"""Rows for what is declared, but of which the daemon has never written how it stands: unknown, with the names it has."""

from collections.abc import Callable, Mapping
from typing import Final

from inventory.model import Inventory
from inventory.selector import Label
from inventory.status import Kind, StatusRow

Labels = Mapping[str, Label]


def row_of(inventory: Inventory, kind: Kind, key: str) -> StatusRow:
    """KeyError where nothing of that key is declared."""
    return StatusRow(kind, key, _LABELS[kind](inventory, key))


def _site(inventory: Inventory, key: str) -> Labels:
    site = inventory.sites[key]
    return {
        "name": site.name.en,
        "name_sw": site.name.in_language("sw"),
        "kind": site.kind,
        "region": site.region,
        "institutions": [one.key for one in inventory.institutions_at[key]],
        "devices": [one.key for one in inventory.devices_at[key]],
    }


def _device(inventory: Inventory, key: str) -> Labels:
    device, site = inventory.devices[key], inventory.site_of(key)
    return {
        "name": device.name or key,
        "site": site.key,
        "region": site.region,
        "kind": site.kind,
        "role": device.role,
        "address": device.address,
    }


def _link(inventory: Inventory, key: str) -> Labels:
    link = inventory.links[key]
    served = link.served.device
    site = inventory.site_of(served) if served in inventory.devices else None
    return {
        "name": link.name.en if link.name else key,
        "name_sw": link.name.in_language("sw") if link.name else "",
        "region": site.region if site else "",
        "regions": [site.region] if site else [],
        "site": site.key if site else "",
        "kind": link.role,
        "provider": link.provider,
        "circuit": link.circuit,
        "a": str(link.a),
        "b": str(link.b),
        "in_committed_bps": float(link.in_bps),
        "out_committed_bps": float(link.out_bps),
    }


_LABELS: Final[Mapping[Kind, Callable[[Inventory, str], Labels]]] = {"site": _site, "device": _device, "link": _link}
