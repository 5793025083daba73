"""What one viewer may know of: the whole network, or what its own sites are made of; everything else is not there.

An institution viewer gets an inventory that holds nothing else, and every query looks its keys up there first: what is
not in the scope's inventory cannot be asked for, listed or found. What comes from elsewhere and names things (rows,
incidents, what devices told) goes through `narrowed` before it is shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

from alerts.alarm import Evidence
from alerts.cause import Impact
from alerts.incident import Incident
from alerts.subject import Subject
from dashboards.web.refusal import Missing
from dashboards.web.viewer import Viewer
from inventory.model import EXTERNAL, End, Inventory, Link, Provider
from inventory.status import StatusRow

Thing = TypeVar("Thing")
HEALTH: Final = ("cpu", "memory", "temperature", "voltage", "current", "power", "fan", "component", "ping")
TOLD: Final = frozenset({"system", "interfaces", "at", "failing", *HEALTH})  # of a device; not its neighbours and peers
OUTSIDE: Final = End(EXTERNAL)


@dataclass(frozen=True)
class Scope:
    """`whole`: nothing is kept back."""

    viewer: Viewer
    inventory: Inventory

    @property
    def whole(self) -> bool:
        return self.viewer.sites is None

    def owns(self, subject: Subject) -> bool:
        """Whether it is of what may be seen, and of nothing else."""
        if self.whole:
            return True
        here = self.inventory
        if subject.device:
            return subject.device in here.devices
        tables: Mapping[str, Mapping[str, object]] = {
            "device": here.devices,
            "site": here.sites,
            "link": here.links,
            "circuit": here.circuits,
            "institution": here.institutions,
        }
        return subject.key in tables.get(subject.kind, {})

    def touches(self, incident: Incident) -> bool:
        """Whether it may be known of at all: it hurts a site that may be seen, or is of such things alone."""
        hurt = (*incident.impact.sites, *incident.impact.degraded)
        return self.whole or any(key in self.inventory.sites for key in hurt) or all(map(self.owns, incident.roots))

    def narrowed(self, incident: Incident) -> Incident:
        """Of what it is made and whom it hurts only what may be seen; of what is elsewhere only that it is.

        A root of somebody else's gives way to the sites that it hurts. Who works on it, what was noted and why it was
        closed is the NOC's.
        """
        if self.whole:
            return incident
        here, impact = self.inventory, incident.impact
        left = Impact(
            sites=_kept(impact.sites, here.sites),
            institutions=_kept(impact.institutions, here.institutions),
            services=_kept(impact.services, here.services),
            devices=_kept(impact.devices, here.devices),
            degraded=_kept(impact.degraded, here.sites),
            circuits=_kept(impact.circuits, here.circuits),
        )
        mine = tuple(filter(self.owns, incident.roots))
        hurt = tuple(Subject("site", key) for key in (*left.sites, *left.degraded))
        return replace(
            incident,
            roots=mine or hurt or tuple(Subject("site", key) for key in here.sites)[:1],
            impact=left,
            members={},
            evidence=tuple(one for one in incident.evidence if mine == incident.roots and _figures_only(one)),
            fine=_kept(incident.fine, here.circuits),
            linked=(),
            previous=None,
            window=None,
            owner="",
            acknowledged_by="",
            ticket="",
            closing="",
        )

    def row(self, row: StatusRow) -> StatusRow:
        """Of a thing that may be seen, without the names of those that may not."""
        if self.whole:
            return row
        labels = {name: _own(value, self._names) if name in NAMING else value for name, value in row.labels.items()}
        figures = {name: value for name, value in row.figures.items() if name != "cause" or value in self._names}
        return replace(row, labels=labels, figures=figures)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Everything by which rows name what may be seen."""
        here = self.inventory
        regions = {site.region for site in here.sites.values()}
        ends = {str(end) for link in here.links.values() for end in link.ends}
        tables = (here.sites, here.devices, here.links, here.circuits, here.institutions)
        return frozenset({EXTERNAL, *regions, *ends}.union(*tables))

    def told(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a device told of itself (`noc device facts --json`), without whom it sees and what is written on ports."""
        if self.whole:
            return known
        left = {name: value for name, value in known.items() if name in TOLD}
        if "interfaces" in left:
            left["interfaces"] = [{**one, "ifAlias": ""} for one in left["interfaces"]]
        return left


NAMING: Final = frozenset({"a", "b", "site", "region", "regions", "circuit", "devices", "institutions"})


def scope_of(viewer: Viewer, inventory: Inventory) -> Scope:
    return Scope(viewer, inventory if viewer.sites is None else only_of(inventory, viewer.sites, viewer.institutions))


def only_of(inventory: Inventory, sites: frozenset[str], institutions: frozenset[str] = frozenset()) -> Inventory:
    """These sites, their devices, the links that serve them, and circuits and providers of those; no telephone numbers.

    A far end that is somebody else's is `external`. Without `institutions` all that are at these sites.
    """
    mine = {key: inventory.sites[key] for key in sorted(sites & inventory.sites.keys())}
    devices = {one.key: one for key in mine for one in inventory.devices_at[key]}
    serving = {one.key: one for key in devices for one in inventory.links_of[key] if one.served.device in devices}
    shared = {one.circuit for one in inventory.links.values() if one.key not in serving}
    links = {key: _seen_from(one, devices, shared) for key, one in serving.items()}
    circuits = {
        key: replace(inventory.circuits[key], anchors=())
        for key in sorted({one.circuit for one in links.values()} & inventory.circuits.keys())
    }
    providers = {one.provider for one in links.values()} | {one.provider for one in circuits.values()}
    return replace(
        inventory,
        regions={
            key: inventory.regions[key] for key in {site.region for site in mine.values()} & inventory.regions.keys()
        },
        institutions={
            key: one
            for key, one in inventory.institutions.items()
            if (key in institutions if institutions else one.site in mine)
        },
        sites={key: replace(one, parent=one.parent if one.parent in mine else None) for key, one in mine.items()},
        devices=devices,
        links=links,
        circuits=circuits,
        providers={
            key: Provider(key, inventory.providers[key].name) for key in sorted(providers & inventory.providers.keys())
        },
        services={key: one for key, one in inventory.services.items() if one.sites and set(one.sites) <= mine.keys()},
        contacts={},
        contracts={},
        points={},
    )


def known(things: Mapping[str, Thing], key: str, what: str) -> Thing:
    """The thing of that key; Unseen where there is none, or none that the viewer may know of."""
    if key not in things:
        raise Missing(what, key[:100])
    return things[key]


def _seen_from(link: Link, devices: Collection[str], shared: Collection[str]) -> Link:
    """A link that serves one of these devices; of a circuit that carries others as well nothing is said."""
    ends = {name: end if end.device in devices else OUTSIDE for name, end in (("a", link.a), ("b", link.b))}
    return replace(link, circuit="" if link.circuit in shared else link.circuit, a=ends["a"], b=ends["b"])


def _kept(keys: Collection[str], things: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in things)


def _figures_only(evidence: Evidence) -> bool:
    """Whether it names nothing."""
    return not any(isinstance(value, str) for value in evidence.figures.values())


def _own(value: Any, known: Collection[str]) -> Any:
    if isinstance(value, list):
        return [one for one in value if one in known]
    return value if value in known else EXTERNAL if ":" in str(value) else ""
