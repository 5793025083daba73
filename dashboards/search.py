"""Finding things by whatever somebody has at hand: a name in either language, a key, an address, a circuit's number."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from inventory.mistakes import nearest
from inventory.model import Circuit, Device, Institution, Inventory, Link, Name

LONGEST: Final = 100  # letters of a question
MOST: Final = 200  # things that are named
MANY: Final = 5000  # names that are held against what was asked, where nothing was found


@dataclass(frozen=True, slots=True)
class Thing:
    """`sought`: all that it is found by, as `known_by` has it, its key first; `note` tells it from others of its name."""

    kind: str
    key: str
    text: str
    note: str
    address: str
    sought: str


@dataclass(frozen=True, slots=True)
class Found:
    """`exact`: the address of the one thing that was asked for by its whole name, else ""."""

    things: Sequence[Thing]
    total: int
    exact: str = ""
    near: str = ""  # what may be meant, where nothing was found


def known_by(*texts: str) -> str:
    """Each folded on a line of its own, with a line's end before and behind."""
    return "\n".join(("", *(" ".join(folded(text).split()) for text in texts if text), ""))


def folded(text: str) -> str:
    """Without capitals, accents and blanks round it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def found(things: Iterable[Thing], asked: str) -> Found:
    """Best first: its key, a whole name, the beginning of one, the beginning of a word, anywhere; with every word asked."""
    words = folded(asked[:LONGEST]).split()
    if not words:
        return Found((), 0)
    known, whole = list(things), " ".join(words)
    meant = [(place, thing.sought) for place, thing in enumerate(known) if all(word in thing.sought for word in words)]
    ranked = sorted((_rank(sought, whole, words), place) for place, sought in meant)
    hits: dict[tuple[str, str], Thing] = {}  # a site and the one institution in it have a page and often a name
    for _, place in ranked:
        hits.setdefault((known[place].address, known[place].text), known[place])
    if not hits:
        return Found((), 0, near=_near(whole, known))
    only = {address for address, _ in hits}
    for rank_of in (1, 0):
        only = {known[place].address for rank, place in ranked if rank == rank_of} or only
    return Found(list(hits.values())[:MOST], len(hits), exact=next(iter(only)) if len(only) == 1 else "")


def _rank(sought: str, whole: str, words: Sequence[str]) -> int:
    """Of what has all the words somewhere."""
    if f"\n{whole}\n" in sought:
        return 0 if sought.startswith(f"\n{whole}\n") else 1
    if f"\n{whole}" in sought:
        return 2
    return 3 if all(any(f"{before}{word}" in sought for before in "\n -") for word in words) else 4


def _near(whole: str, known: Iterable[Thing]) -> str:
    """Of very many names only those that begin alike: how alike two words are takes long to tell."""
    names = {name for thing in known for name in thing.sought.split("\n") if name}
    return nearest(whole, names if len(names) <= MANY else [name for name in names if name[0] == whole[0]][:MANY])


def things(inventory: Inventory, language: str) -> Iterator[Thing]:
    """Everything with a page of its own that this inventory holds."""
    yield from _regions(inventory, language)
    for site in inventory.sites.values():
        yield _thing("site", site.key, site.name, language, note=_region(inventory, site.region, language))
    for device in inventory.devices.values():
        yield _device(inventory, device, language)
    for link in inventory.links.values():
        yield _link(link, language)
    for circuit in inventory.circuits.values():
        yield _circuit(inventory, circuit, language)
    for provider in inventory.providers.values():
        yield _thing("provider", provider.key, provider.name, language, more=(provider.telephone, provider.email))
    for service in inventory.services.values():
        yield _thing("service", service.key, service.name, language, more=(service.url,))
    for institution in inventory.institutions.values():
        if institution.site in inventory.sites:
            yield _institution(institution, language)
    for contract in inventory.contracts.values():
        name = contract.name or Name(contract.key)
        yield _thing("contract", contract.key, name, language, note=contract.reference, more=(contract.reference,))


PAGES: Final = {
    "site": "/sites/",
    "device": "/devices/",
    "link": "/links/",
    "circuit": "/circuits/",
    "provider": "/providers/",
    "service": "/services/",
    "region": "/regions/",
    "contract": "/iru/",
}


def _thing(
    kind: str, key: str, name: Name, language: str, *, note: str = "", more: Iterable[str] = (), page: str = ""
) -> Thing:
    address = page or PAGES[kind] + quote(key, safe="")
    return Thing(kind, key, name.in_language(language), note, address, known_by(key, name.en, name.sw, *more))


def _regions(inventory: Inventory, language: str) -> Iterator[Thing]:
    """A region may be named by its sites alone."""
    keys = dict.fromkeys([*inventory.regions, *(site.region for site in inventory.sites.values())])
    for key in keys:
        yield _thing("region", key, inventory.regions.get(key, Name(key)), language)


def _region(inventory: Inventory, key: str, language: str) -> str:
    return inventory.regions.get(key, Name(key)).in_language(language)


def _device(inventory: Inventory, device: Device, language: str) -> Thing:
    site = inventory.sites[device.site].name.in_language(language)
    more = (device.name, device.address, *device.sources)
    return _thing("device", device.key, Name(device.key), language, note=f"{site}, {device.address}", more=more)


def _link(link: Link, language: str) -> Thing:
    more = (link.circuit, str(link.a), str(link.b))
    return _thing("link", link.key, link.name or Name(link.key), language, note=link.circuit, more=more)


def _circuit(inventory: Inventory, circuit: Circuit, language: str) -> Thing:
    provider = inventory.providers.get(circuit.provider)
    note = ", ".join(
        filter(None, (circuit.reference, provider.name.in_language(language) if provider else circuit.provider))
    )
    more = (circuit.reference, *circuit.anchors)
    return _thing("circuit", circuit.key, circuit.name or Name(circuit.key), language, note=note, more=more)


def _institution(institution: Institution, language: str) -> Thing:
    """Who has a site is found there."""
    page = PAGES["site"] + quote(institution.site or "", safe="")
    return _thing("institution", institution.key, institution.name, language, page=page)
