"""What a viewer may ask of places: how sites, devices and links stand, what belongs to them, and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards.places.listing import Asked, Listing, listing, problems
from dashboards.status import Age, StatusView, age_of, view
from dashboards.web.house import House
from dashboards.web.refusal import Unseen
from dashboards.words import ENGLISH, LANGUAGES, Words
from inventory.mistakes import did_you_mean
from inventory.model import Device, Inventory, Link, Name, Service, Site
from inventory.status import Kind, StatusRow

if TYPE_CHECKING:
    from dashboards.web.sight.sight import Sight


@dataclass(frozen=True, slots=True)
class Region:
    key: str
    name: Name
    sites: Sequence[Site]


@dataclass(frozen=True, slots=True)
class RegionSeen:
    """Its sites, and the links that end there; worst first."""

    sites: StatusView
    links: StatusView


class Places:
    """Of one request; everything goes through the viewer's own inventory and picture."""

    def __init__(self, sight: "Sight", house: House) -> None:
        self._sight = sight
        self._house = house

    @property
    def inventory(self) -> Inventory:
        return self._sight.inventory

    @property
    def words(self) -> Words:
        return LANGUAGES.get(self._sight.viewer.language, ENGLISH)

    @property
    def age(self) -> Age:
        return age_of(self._sight.picture.mark, self._sight.now)

    def problems(self, kind: Kind, asked: Asked) -> Mapping[str, str]:
        return problems(kind, asked)

    def listing(self, kind: Kind, asked: Asked) -> Listing:
        """`asked` has no problems."""
        picture = self._sight.picture
        return listing(kind, picture.rows[kind].values(), picture.mark, self._sight.now, asked=asked, words=self.words)

    def row(self, kind: Kind, key: str) -> StatusRow:
        """As the daemon last judged it; unknown where it never did."""
        return self._sight.picture.rows[kind].get(key) or StatusRow(kind, key)

    def view(self, kind: Kind, keys: Iterable[str]) -> StatusView:
        """Some of them, worst first."""
        mark = self._sight.picture.mark
        return view(kind, [self.row(kind, key) for key in keys], mark, self._sight.now, words=self.words)

    def regions(self) -> Sequence[Region]:
        found: dict[str, list[Site]] = {key: [] for key in self.inventory.regions}
        for site in self.inventory.sites.values():
            found.setdefault(site.region, []).append(site)
        return [Region(key, self.inventory.regions.get(key) or Name(key), tuple(sites)) for key, sites in found.items()]

    def region_page(self, key: str) -> RegionSeen:
        sites = [site.key for site in self.inventory.sites.values() if site.region == key]
        links = dict.fromkeys(link.key for site in sites for link in self.links_at(site))
        return RegionSeen(self.view("site", sites), self.view("link", links))

    def region(self, key: str) -> Name:
        return found(self.inventory.regions, key, "region")

    def site(self, key: str) -> Site:
        return found(self.inventory.sites, key, "site")

    def device(self, key: str) -> Device:
        return found(self.inventory.devices, key, "device")

    def service(self, key: str) -> Service:
        return found(self.inventory.services, key, "service")

    def links_at(self, site: str) -> Sequence[Link]:
        """Every link with an end at the site, once."""
        inventory = self.inventory
        return list(
            {
                link.key: link for device in inventory.devices_at[site] for link in inventory.links_of[device.key]
            }.values()
        )

    def known(self, device: str) -> Mapping[str, Any]:
        """All that a device told of itself, keys as in `noc device facts --json`; times are UTC seconds."""
        return self._house.status.known(found(self.inventory.devices, device, "device").key)


def found(things: Mapping[str, Any], key: str, what: str) -> Any:
    """The thing of that key; Unseen, with the nearest that the viewer may see, where there is none."""
    if key not in things:
        hint = did_you_mean(key, things)
        raise Unseen(f"there is no {what} {key!r}" + (f"; {hint}" if hint else ""), hints=[hint] if hint else [])
    return things[key]
