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


@dataclass(frozen=True, slots=True)
class Thing:
    """`sought`: all that it is found by, folded, its key first; `note` tells it from others of its name."""

    kind: str
    key: str
    text: str
    note: str
    address: str
    sought: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`exact`: the address of the one thing that was asked for by its whole name, else ""."""

    things: Sequence[Thing]
    total: int
    exact: str = ""
    near: str = ""  # what may be meant, where nothing was found


def folded(text: str) -> str:
    """Without capitals, accents and blanks round it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def found(things: Iterable[Thing], asked: str) -> Found:
    """Best first: its key, a whole name, the beginning of one, the beginning of a word, anywhere; with every word asked."""
    whole = folded(asked[:LONGEST])
    words = whole.split()
    if not words:
        return Found((), 0)
    known = list(things)
    ranked = [(_rank(thing.sought, whole, words), place) for place, thing in enumerate(known)]
    hits: dict[tuple[str, str], Thing] = {}  # a site and the one institution in it have a page and often a name
    for rank, place in sorted(ranked):
        if rank < NOWHERE:
            hits.setdefault((known[place].address, known[place].text), known[place])
    if not hits:
        return Found((), 0, near=nearest(whole, {name for thing in known for name in thing.sought}))
    only = {address for address, _ in hits}
    for rank_of in (1, 0):
        only = {known[place].address for rank, place in ranked if rank == rank_of} or only
    return Found(list(hits.values())[:MOST], len(hits), exact=next(iter(only)) if len(only) == 1 else "")


NOWHERE: Final = 9


def _rank(sought: Sequence[str], whole: str, words: Sequence[str]) -> int:
    if whole in sought:
        return 0 if whole == sought[0] else 1
    text = " ".join(sought)
    if not all(word in text for word in words):
        return NOWHERE
    if any(name.startswith(whole) for name in sought):
        return 2
    return 3 if all(f" {word}" in f" {text}" or f"-{word}" in text for word in words) else 4


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
    sought = tuple(folded(text) for text in (key, name.en, name.sw, *more) if text)
    return Thing(kind, key, name.in_language(language), note, page or PAGES[kind] + quote(key, safe=""), sought)


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
