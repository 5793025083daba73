"""What changed between two inventories, entry by entry: a reload touches only that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from inventory.model import Inventory

KINDS = tuple(one.name for one in fields(Inventory) if one.name != "notice")


@dataclass(frozen=True, slots=True)
class Change:
    """Keys of one kind that came, went, or read differently now."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def touched(self) -> frozenset[str]:
        return frozenset(self.added + self.removed + self.changed)


@dataclass(frozen=True, slots=True)
class Difference:
    """One Change a kind (`sites`, `devices`, `links` ...); the kinds without any are there, empty."""

    kinds: Mapping[str, Change]

    def __bool__(self) -> bool:
        return any(self.kinds.values())

    def __getitem__(self, kind: str) -> Change:
        return self.kinds[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)


def diff(old: Inventory, new: Inventory) -> Difference:
    """What has to happen to `old` to make it `new`; the order of entries does not count."""
    return Difference({kind: _change(getattr(old, kind), getattr(new, kind)) for kind in KINDS})


def _change(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    return Change(
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        changed=tuple(key for key in new if key in old and new[key] != old[key]),
    )


def changed_fields(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    """Field -> (old, new) of one entry that changed."""
    pairs = ((one.name, getattr(old, one.name), getattr(new, one.name)) for one in fields(old))
    return {name: (before, after) for name, before, after in pairs if before != after}


def touched_devices(old: Inventory, new: Inventory) -> frozenset[str]:
    """Devices that a poller has to look at anew: their own entry, a link or point on them, or their site changed."""
    difference = diff(old, new)
    touched = set(difference["devices"].touched)
    for inventory in (old, new):
        for key in difference["links"].touched & inventory.links.keys():
            touched.update(end.device for end in inventory.links[key].ends)
        for key in difference["sites"].touched & inventory.sites.keys():
            touched.update(device.key for device in inventory.devices_at[key])
        touched.update(inventory.points[key].device for key in difference["points"].touched & inventory.points.keys())
    return frozenset(touched)
