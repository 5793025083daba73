"""Rows for what is declared, but of which the daemon has never written how it stands: unknown, with the names it has."""

from collections.abc import Callable, Mapping
from typing import Final

from inventory.labels import Labels, device_labels, link_labels, site_labels
from inventory.model import Inventory
from inventory.status import Kind, StatusRow


def row_of(inventory: Inventory, kind: Kind, key: str) -> StatusRow:
    """With the labels that the daemon gives it. KeyError where nothing of that key is declared."""
    return StatusRow(kind, key, _LABELS[kind](inventory, key))


_LABELS: Final[Mapping[Kind, Callable[[Inventory, str], Labels]]] = {
    "site": lambda inventory, key: site_labels(inventory, inventory.sites[key]),
    "device": lambda inventory, key: device_labels(inventory, inventory.devices[key]),
    "link": lambda inventory, key: link_labels(inventory, inventory.links[key]),
}
