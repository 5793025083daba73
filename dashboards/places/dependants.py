"""What loses its last way to the poller when a site dies, and where a single thing carries many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from inventory.model import Inventory, Link
from inventory.topology import Topology

FEWEST: Final = 2  # sites that hang on something before it is named a single point
MOST_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Single:
    """One thing on which `sites` (keys) hang, all of them only on it."""

    kind: Literal["device", "link"]
    key: str
    sites: Sequence[str]


def dependants(inventory: Inventory, topology: Topology, site: str) -> Sequence[str]:
    """Keys of the sites all of whose devices are cut off when this one is gone; by key."""
    own = {device.key for device in inventory.devices_at[site]}
    if not own:
        return ()
    gone = topology.reachable() - topology.reachable(own) - own
    return _whole(inventory, gone)


def singles(inventory: Inventory, topology: Topology) -> Sequence[Single]:
    """Devices and links that cut off several sites by themselves, those of most first.

    A link that leads to a device which cuts off as many is left out: the device says it already.
    """
    behind = {device: topology.behind(device) for device in inventory.devices}
    sites = {device: _whole(inventory, lost) for device, lost in behind.items()}
    found = [Single("device", device, lost) for device, lost in sites.items()]
    for key in topology.bridges:
        far = _far(inventory.links[key], behind)
        if far is not None and inventory.devices[far].site not in sites[far]:
            lost = _whole(inventory, behind[far] | {far})
            if len(lost) > len(sites[far]) + 1:
                found.append(Single("link", key, lost))
    several = [one for one in found if len(one.sites) >= FEWEST]
    return sorted(several, key=lambda one: (-len(one.sites), one.kind, one.key))[:MOST_POINTS]


def _far(link: Link, behind: Mapping[str, frozenset[str]]) -> str | None:
    """The end of a bridge that is cut off by it."""
    for near, far in ((link.a.device, link.b.device), (link.b.device, link.a.device)):
        if far in behind.get(near, ()):
            return far
    return None


def _whole(inventory: Inventory, lost: Iterable[str]) -> Sequence[str]:
    """Sites of which nothing is left."""
    counts: dict[str, int] = {}
    for device in lost:
        if device in inventory.devices:
            site = inventory.devices[device].site
            counts[site] = counts.get(site, 0) + 1
    return sorted(site for site, count in counts.items() if count == len(inventory.devices_at[site]))
