"""What people call the things of the inventory, long for mail and screens, short for a telephone, in both languages."""

from collections import Counter
from collections.abc import Iterable

from alerts.subject import Subject
from inventory.model import Device, Inventory, Name

SHORT = {  # what the long names begin or end with, and what everybody writes for it
    "en": (
        (" District Council", " DC"),
        (" Municipal Council", " MC"),
        (" City Council", " CC"),
        (" Town Council", " TC"),
        (" regional node", " PE"),
        ("Ministry of ", "Min. "),
        (" cable", ""),
    ),
    "sw": (
        ("Halmashauri ya Wilaya ya ", "H/W "),
        ("Halmashauri ya Manispaa ya ", "H/M "),
        ("Halmashauri ya Jiji la ", "H/Jiji "),
        ("Halmashauri ya Jiji ya ", "H/Jiji "),
        ("Halmashauri ya Mji wa ", "H/Mji "),
        ("Halmashauri ya Mji ya ", "H/Mji "),
        ("Kituo cha mkoa, ", "PE "),
        ("Mkongo wa ", ""),
    ),
}


class Names:
    """Built from one inventory; a key that it does not have (any more) is its own name."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory

    def subject(self, subject: Subject, language: str) -> str:
        """The long name of whatever an incident is about."""
        inventory, key = self.inventory, subject.key
        if subject.kind == "device" and key in inventory.devices:
            return self.device(inventory.devices[key], language)
        found = self._name(subject)
        if found is not None:
            return found.in_language(language)
        if subject.device in inventory.devices and key.startswith(subject.device):
            rest = key.removeprefix(subject.device).strip(" :")
            return f"{self.device(inventory.devices[subject.device], language)} {rest}".strip()
        return key

    def _name(self, subject: Subject) -> Name | None:
        inventory, key = self.inventory, subject.key
        if subject.kind == "region":
            return inventory.regions.get(key)
        if subject.kind == "link":
            return inventory.links[key].name if key in inventory.links else None
        if subject.kind == "circuit":
            return inventory.circuits[key].name if key in inventory.circuits else None
        if subject.kind == "contract":
            return inventory.contracts[key].name if key in inventory.contracts else None
        if subject.kind == "institution":
            return inventory.institutions[key].name if key in inventory.institutions else None
        return inventory.sites[key].name if subject.kind == "site" and key in inventory.sites else None

    def device(self, device: Device, language: str) -> str:
        """Its own name; that of its site where it is alone there; else the site's with its key."""
        if device.name:
            return device.name
        site = self.inventory.sites.get(device.site)
        if site is None:
            return device.key
        name = site.name.in_language(language)
        alone = len(self.inventory.devices_at[site.key]) == 1
        return name if alone else f"{name} ({device.key})"

    def short(self, subject: Subject, language: str) -> str:
        """As people write it where every sign counts."""
        return shortened(self.subject(subject, language), language)

    def sites(self, keys: Iterable[str], language: str) -> list[str]:
        sites = self.inventory.sites
        return [sites[key].name.in_language(language) if key in sites else key for key in keys]

    def institutions(self, keys: Iterable[str], language: str) -> list[str]:
        known = self.inventory.institutions
        return [known[key].name.in_language(language) if key in known else key for key in keys]

    def services(self, keys: Iterable[str], language: str) -> list[str]:
        known = self.inventory.services
        return [known[key].name.in_language(language) if key in known else key for key in keys]

    def circuits(self, keys: Iterable[str], language: str) -> list[str]:
        """By the short name of the provider, as everybody calls a cable."""
        found = []
        for key in keys:
            circuit = self.inventory.circuits.get(key)
            links = [link for link in self.inventory.links.values() if link.circuit == key]
            if circuit is not None and circuit.name is not None:
                found.append(shortened(circuit.name.in_language(language), language))
            elif links and links[0].name is not None:
                found.append(self.short(Subject("link", links[0].key), language))
            else:
                found.append(key)
        return found

    def kinds(self, sites: Iterable[str]) -> Counter[str]:
        """How many of these sites are councils (lga), ministries and agencies (mda), others."""
        known = self.inventory.sites
        return Counter(known[key].kind if key in known else "other" for key in sites)

    def contact(self, key: str) -> str:
        found = self.inventory.contacts.get(key)
        return found.name if found is not None else key


def shortened(name: str, language: str) -> str:
    """A long name with what everybody writes for its usual words."""
    for long, brief in SHORT.get(language, ()):
        name = name.replace(long, brief)
    return name
