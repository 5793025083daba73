"""Where the subject of an alarm belongs: the device it is a part of, its site, its circuit, its provider, its region."""

from collections.abc import Iterator, Mapping

from alerts.sites import BOTH_WAYS
from alerts.subject import Subject
from inventory.labels import Labels, contract_labels, device_labels, institution_labels, link_labels, site_labels
from inventory.model import Inventory, Link

Place = tuple[str, str]  # kind and key: ("site", "lga-chamwino")
LABELS = (
    *("name", "name_sw", "subject", "site", "region", "kind", "role", "institution"),
    *("device", "link", "circuit", "provider", "address"),
)


class Places:
    """Questions about the inventory, in kinds and keys. One for each inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._carriers: dict[str, list[Link]] = {}
        for link in inventory.links.values():
            self._carriers.setdefault(link.circuit, []).append(link)

    def keys(self, kind: str) -> tuple[str, ...]:
        """All there are of a kind."""
        inventory = self._inventory
        tables: Mapping[str, Mapping[str, object]] = {
            "device": inventory.devices,
            "link": inventory.links,
            "site": inventory.sites,
            "circuit": inventory.circuits,
            "provider": inventory.providers,
            "region": inventory.regions,
        }
        return tuple(tables[kind])

    def around(self, subject: Subject) -> Iterator[Place]:
        """Every place in which work would explain this subject's alarm, itself first.

        Work on a device: it, its parts, the links that end on it. On a link: its circuit. On a site: its devices, and
        the links that serve no other. On a region: its sites. On a provider: its links and circuits.
        """
        yield str(subject.kind), subject.key
        inventory = self._inventory
        if subject.kind == "link" and subject.key in inventory.links:
            yield from self._around_link(inventory.links[subject.key])
        elif subject.kind == "circuit":
            yield from self._around_circuit(subject.key)
        elif subject.kind == "site" and subject.key in inventory.sites:
            yield "region", inventory.sites[subject.key].region
        elif subject.kind == "contract" and subject.key in inventory.contracts:
            yield "provider", inventory.contracts[subject.key].provider
        if subject.device in inventory.devices:
            yield from self._around_device(subject)

    def parts(self, subject: Subject) -> Iterator[Subject]:
        """What it hangs on wholly: a device on its links, a site on its devices, a region on its sites."""
        inventory = self._inventory
        if subject.kind == "device" and subject.key in inventory.devices:
            yield from (Subject("link", link.key) for link in inventory.links_of[subject.key])
        elif subject.kind == "site" and subject.key in inventory.sites:
            devices = inventory.devices_at[subject.key]
            yield from (Subject("device", device.key, device.key) for device in devices)
        elif subject.kind == "region":
            sites = (site for site in inventory.sites.values() if site.region == subject.key)
            yield from (Subject("site", site.key) for site in sites if inventory.devices_at[site.key])

    def own(self, subject: Subject) -> Iterator[tuple[str, Labels]]:
        """(key, labels) of the subject, and those of the device that it is a part of."""
        if subject.device in self._inventory.devices and subject.kind != "device":
            labels = self.labels("device", subject.device)
            yield subject.key, labels | {"subject": str(subject.kind)}
            yield subject.device, labels
        else:
            yield subject.key, self.labels(str(subject.kind), subject.key)

    def labels(self, kind: str, key: str) -> Labels:
        """What may be asked of it, by LABELS; of what the inventory does not know only its name."""
        return {"name": key, **self._labels(kind, key), "subject": kind} | ({kind: key} if kind in LABELS else {})

    def _around_device(self, subject: Subject) -> Iterator[Place]:
        inventory, site = self._inventory, self._inventory.site_of(subject.device)
        yield from (("device", subject.device), ("site", site.key), ("region", site.region))
        if subject.kind == "interface":
            interface = subject.key.removeprefix(f"{subject.device}:")
            for link in inventory.links_of[subject.device]:
                if any(end.device == subject.device and end.interface == interface for end in link.ends):
                    yield from self._around_link(link)

    def _around_link(self, link: Link) -> Iterator[Place]:
        inventory = self._inventory
        yield from (("link", link.key), ("circuit", link.circuit), ("provider", link.provider))
        if link.circuit in inventory.circuits:
            yield "provider", inventory.circuits[link.circuit].provider
        yield from (("device", end.device) for end in link.ends)
        served = link.ends if link.role in BOTH_WAYS else link.ends[-1:]
        sites = {inventory.site_of(end.device).key: inventory.site_of(end.device).region for end in served}
        if len(sites) == 1:
            yield "site", next(iter(sites))
        if len(set(sites.values())) == 1:
            yield "region", next(iter(sites.values()))

    def _around_circuit(self, key: str) -> Iterator[Place]:
        if key in self._inventory.circuits:
            yield "provider", self._inventory.circuits[key].provider
        for link in self._carriers.get(key, ()):
            yield from self._around_link(link)

    def _labels(self, kind: str, key: str) -> Labels:
        inventory = self._inventory
        if kind == "device" and key in inventory.devices:
            device = inventory.devices[key]
            return device_labels(inventory, device) | {"institution": self._institutions(device.site)}
        if kind == "site" and key in inventory.sites:
            return site_labels(inventory, inventory.sites[key]) | {"institution": self._institutions(key)}
        if kind == "link" and key in inventory.links:
            return self._link_labels(inventory.links[key])
        if kind == "circuit" and key in inventory.circuits:
            circuit, links = inventory.circuits[key], self._carriers.get(key, ())
            carried = self._link_labels(links[0]) if links else {}
            kinds, name = carried.get("kind", []), circuit.name.en if circuit.name else key
            every_kind = [circuit.kind, *(kinds if isinstance(kinds, list) else [])]
            return carried | {"name": name, "provider": circuit.provider, "kind": every_kind}
        if kind == "contract":
            return contract_labels(inventory, key)
        if kind == "institution":
            return institution_labels(inventory, key)
        if kind == "provider" and key in inventory.providers:
            return {"name": inventory.providers[key].name.en}
        return {}

    def _link_labels(self, link: Link) -> Labels:
        """As it is asked for elsewhere; `kind` is also that of the site it serves, `device` both."""
        inventory = self._inventory
        site = inventory.site_of(link.ends[-1].device)
        return link_labels(inventory, link) | {
            "kind": [link.role, site.kind],
            "device": [end.device for end in link.ends],
            "institution": self._institutions(site.key),
        }

    def _institutions(self, site: str) -> list[str]:
        return [institution.key for institution in self._inventory.institutions_at[site]]
