"""What a viewer may ask of places: how sites, devices and links stand, what belongs to them, and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dashboards.cases.seen import Heard
from dashboards.places.declared import row_of
from dashboards.places.dependants import Single, dependants
from dashboards.places.listing import Asked, Listing, listing
from dashboards.places.services import Depending, depending
from dashboards.status import Age, StatusView, age_of, view
from dashboards.web.house import House
from dashboards.web.refusal import Missing, Unseen
from dashboards.web.sources.notices import Listening
from dashboards.web.sources.status import Cabled, Inspection
from dashboards.words import Words
from inventory.cabling import Cabling
from inventory.mistakes import nearest
from inventory.model import Device, Inventory, Link, Name, Service, Site
from inventory.sentence import Sentence
from inventory.status import Kind, StatusRow

if TYPE_CHECKING:
    from dashboards.web.sight.sight import Sight

MOST_NOTICES: Final = 8
MOST_POLLS: Final = 100  # of a stretch of time that is asked for; as many notices
Thing = TypeVar("Thing")


class Places:
    """Of one request; everything goes through the viewer's own inventory and picture."""

    def __init__(self, sight: "Sight", house: House) -> None:
        self._sight = sight
        self._house = house

    @property
    def inventory(self) -> Inventory:
        return self._sight.inventory

    @cached_property
    def age(self) -> Age:
        return age_of(self._sight.picture.mark, self._sight.now)

    def listing(self, kind: Kind, asked: Asked, words: Words) -> Listing:
        """`asked` has no problems."""
        mark = self._sight.picture.mark
        return listing(kind, self.rows(kind).values(), mark, self._sight.now, asked=asked, words=words)

    def rows(self, kind: Kind) -> Mapping[str, StatusRow]:
        """All that are declared or known; those that the daemon never wrote of are unknown."""
        rows = self._sight.picture.rows[kind]
        never = [key for key in self._declared(kind) if key not in rows]
        return {**rows, **{key: row_of(self.inventory, kind, key) for key in never}} if never else rows

    def _declared(self, kind: Kind) -> Mapping[str, object]:
        inventory = self.inventory
        tables: Mapping[Kind, Mapping[str, object]] = {
            "site": inventory.sites,
            "device": inventory.devices,
            "link": inventory.links,
        }
        return tables[kind]

    def row(self, kind: Kind, key: str) -> StatusRow:
        """As the daemon last judged it; unknown where it never did."""
        return self._sight.picture.rows[kind].get(key) or row_of(self.inventory, kind, key)

    def view(self, kind: Kind, keys: Iterable[str], words: Words) -> StatusView:
        """Some of them, worst first."""
        rows = [self.row(kind, key) for key in keys]
        return view(kind, rows, self._sight.picture.mark, self._sight.now, words=words)

    def region(self, key: str) -> Name:
        """Unseen where there is none such; a region that only sites name has no other name."""
        named = {site.region: Name(site.region) for site in self.inventory.sites.values()}
        return found({**named, **self.inventory.regions}, key, "region")

    def sites_in(self, region: str) -> Sequence[Site]:
        return [site for site in self.inventory.sites.values() if site.region == region]

    def site(self, key: str) -> Site:
        return found(self.inventory.sites, key, "site")

    def device(self, key: str) -> Device:
        return found(self.inventory.devices, key, "device")

    def service(self, key: str) -> Service:
        return found(self.inventory.services, key, "service")

    def links_at(self, sites: Iterable[str]) -> Sequence[Link]:
        """Every link with an end at one of the sites, once."""
        inventory = self.inventory
        devices = [device.key for key in sites for device in inventory.devices_at[key]]
        return list({link.key: link for device in devices for link in inventory.links_of[device]}.values())

    def services(self) -> Sequence[Depending]:
        return depending(self.inventory, self.rows("site"))

    def services_on(self, site: str) -> Sequence[Service]:
        """Declared to depend on it."""
        return [service for service in self.inventory.services.values() if site in service.sites]

    def dependants(self, site: str) -> Sequence[StatusRow]:
        """Sites that lose their last way when this one is gone, as far as they may be seen; worst first."""
        topology = self._house.status.topology()
        if topology is None:
            return ()
        whole = self._house.status.inventory()
        keys = [key for key in dependants(whole, topology, site) if key in self.inventory.sites]
        return view("site", [self.row("site", key) for key in keys], self._sight.picture.mark, self._sight.now).rows

    def singles(self) -> Sequence[Single]:
        """Of the whole network: only for who sees it."""
        return self._house.status.singles() if self._sight.scope.whole else ()

    def inspection(self) -> Inspection:
        """Only for who sees the whole network."""
        if not self._sight.scope.whole:
            raise Unseen(Sentence("page-unknown", "only who sees the whole network sees its files"))
        return self._house.status.inspection()

    def known(self, device: str) -> Mapping[str, Any]:
        """All that a device told of itself, keys as in `noc device facts --json`; times are UTC seconds."""
        return self._sight.scope.told(self._house.status.known(self.device(device).key))

    def polls(self, device: str) -> Sequence[Mapping[str, Any]]:
        return self._house.status.polls(self.device(device).key)

    def polled(self, device: str, start: int, end: int) -> Sequence[Mapping[str, Any]]:
        """Its polls within [start, end), the newest first: the last MOST_POLLS of them."""
        return self._house.status.polled(self.device(device).key, start, end, MOST_POLLS)

    def notices(self, device: str) -> Sequence[Heard]:
        """The last that it said unasked, newest first; what devices write names others, so only for who sees all."""
        if not self._sight.scope.whole:
            return ()
        return self._house.notices.heard(Listening(devices=[self.device(device).key]), MOST_NOTICES)

    def noticed(self, device: str, start: int, end: int) -> Sequence[Heard]:
        """The same within [start, end)."""
        if not self._sight.scope.whole:
            return ()
        return self._house.notices.heard(Listening([self.device(device).key], start, end), MOST_POLLS)

    def cabled(self) -> Cabled:
        """What was found names what stands at the far ends: only for who sees all."""
        if not self._sight.scope.whole:
            return Cabled(Cabling((), (), (), ()), None)
        return self._house.status.cabling()


def found(things: Mapping[str, Thing], key: str, what: str) -> Thing:
    """The thing of that key; Unseen, with the nearest that the viewer may see, where there is none."""
    if key not in things:
        raise Missing(what, key[:100], nearest(key[:100], things))
    return things[key]
