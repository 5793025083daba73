"""Whom a selector in a rule picks: the labels of what the rule speaks of, the same words as on every command."""

from collections.abc import Callable, Mapping

from alerts.subject import Subject, SubjectKind
from inventory.labels import (
    Labels,
    contract_labels,
    device_labels,
    institution_labels,
    link_labels,
    site_labels,
)
from inventory.model import Circuit, Inventory, Link

_DEVICE = ("name", "site", "region", "kind", "role", "address")
_LINK = ("name", "name_sw", "region", "regions", "site", "kind", "provider", "circuit", "a", "b")
LABELS: Mapping[SubjectKind, tuple[str, ...]] = {
    "device": _DEVICE,
    "peer": _DEVICE,
    "sensor": _DEVICE,
    "interface": (*_LINK, "in_committed_bps", "out_committed_bps"),
    "link": (*_LINK, "in_committed_bps", "out_committed_bps"),
    "site": ("name", "name_sw", "kind", "region", "institutions", "devices"),
    "circuit": ("name", "name_sw", "provider", "kind", "reference"),
    "contract": ("name", "name_sw", "provider", "kind", "reference"),
    "institution": ("name", "name_sw", "kind", "site"),
    "point": ("institution", "device", "contract"),
    "diversity": (),
    "own": (),
}
KNOWN = frozenset(label for labels in LABELS.values() for label in labels)


class Labelled:
    """Labels of subjects, by the inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._links = {(end.device, end.interface): link for link in inventory.links.values() for end in link.ends}

    def link_of(self, device: str, interface: str) -> Link | None:
        """The declared link that ends on that port; None: nobody declared one (SEMANTICS 41)."""
        return self._links.get((device, interface))

    def of(self, subject: Subject) -> tuple[str, Labels]:
        """The key that bare words and `key=` are looked for in, and the labels; none of what is not in the inventory."""
        inventory = self.inventory
        key = subject.key
        if subject.kind == "interface":
            link = self.link_of(subject.device, key.partition(":")[2])
            return (key, {}) if link is None else (link.key, link_labels(inventory, link))
        if subject.kind == "link":
            return key, link_labels(inventory, inventory.links[key]) if key in inventory.links else {}
        if subject.kind == "site":
            return key, site_labels(inventory, inventory.sites[key]) if key in inventory.sites else {}
        if subject.kind == "circuit":
            return key, _circuit_labels(inventory.circuits[key]) if key in inventory.circuits else {}
        if subject.kind in _PLACED:
            return key, _PLACED[subject.kind](inventory, key)
        device = inventory.devices.get(subject.device)
        return (subject.device or key, device_labels(inventory, device) if device is not None else {})


def _point_labels(inventory: Inventory, key: str) -> Labels:
    point = inventory.points.get(key)
    return {"institution": point.institution, "device": point.device, "contract": point.contract} if point else {}


_PLACED: Mapping[str, Callable[[Inventory, str], Labels]] = {
    "contract": contract_labels,
    "institution": institution_labels,
    "point": _point_labels,
}


def _circuit_labels(circuit: Circuit) -> Labels:
    return {
        "name": circuit.name.en if circuit.name else circuit.key,
        "name_sw": circuit.name.in_language("sw") if circuit.name else circuit.key,
        "provider": circuit.provider,
        "kind": circuit.kind,
        "reference": circuit.reference,
    }
