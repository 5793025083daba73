"""The words by which devices, links and sites are asked for and read: built once from the inventory."""

from collections.abc import Mapping

from inventory.model import Device, Inventory, Link, Site

Labels = dict[str, str | float | list[str]]


def device_labels(inventory: Inventory, device: Device) -> Labels:
    site = inventory.sites[device.site]
    return {
        "name": device.name or device.key,
        "site": site.key,
        "region": site.region,
        "kind": site.kind,
        "role": device.role,
        "address": device.address,
    }


def site_labels(inventory: Inventory, site: Site) -> Labels:
    return {
        "name": site.name.en,
        "name_sw": site.name.sw or site.name.en,
        "kind": site.kind,
        "region": site.region,
        "institutions": [institution.key for institution in inventory.institutions_at[site.key]],
        "devices": [device.key for device in inventory.devices_at[site.key]],
    }


def link_labels(inventory: Inventory, link: Link) -> Labels:
    """`site` and `region` are those of the b end, where that is ours; `regions` has both ends'."""
    sites = [inventory.site_of(end.device) for end in link.ends]
    served = sites[-1] if sites else None
    return {
        "name": link.name.en if link.name else link.key,
        "name_sw": link.name.in_language("sw") if link.name else link.key,
        "region": served.region if served else "",
        "regions": list(dict.fromkeys(site.region for site in sites)),
        "site": served.key if served else "",
        "kind": link.role,
        "provider": link.provider,
        "circuit": link.circuit,
        "a": str(link.a),
        "b": str(link.b),
        "in_committed_bps": float(link.in_bps),
        "out_committed_bps": float(link.out_bps),
    }


def contract_labels(inventory: Inventory, key: str) -> Labels:
    """`kind` is that of its circuits: iru, exchange."""
    contract = inventory.contracts.get(key)
    if contract is None:
        return {}
    kinds = {inventory.circuits[each].kind for each in contract.circuits if each in inventory.circuits}
    return {
        "name": contract.name.en if contract.name else key,
        "name_sw": contract.name.in_language("sw") if contract.name else key,
        "provider": contract.provider,
        "kind": sorted(kinds),
        "reference": contract.reference,
    }


def institution_labels(inventory: Inventory, key: str) -> Labels:
    institution = inventory.institutions.get(key)
    if institution is None:
        return {}
    return {
        "name": institution.name.en,
        "name_sw": institution.name.in_language("sw"),
        "kind": institution.kind,
        "site": institution.site or "",
    }


def all_labels(inventory: Inventory) -> Mapping[tuple[str, str], Labels]:
    """(kind, key) -> labels."""
    found: dict[tuple[str, str], Labels] = {}
    found.update({("device", key): device_labels(inventory, each) for key, each in inventory.devices.items()})
    found.update({("link", key): link_labels(inventory, each) for key, each in inventory.links.items()})
    found.update({("site", key): site_labels(inventory, each) for key, each in inventory.sites.items()})
    return found
