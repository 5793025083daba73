"""All standings of one inventory, joined as the inventory joins them, and the status rows made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.ports import PortWatch
from alerts.sites import links_serving
from alerts.standing import DeviceStanding, End, LinkStanding, SiteStanding
from inventory.labels import Labels, all_labels
from inventory.model import Inventory, Link
from inventory.states import State
from inventory.status import Kind, StatusRow

Figures = dict[str, float | str]
AnyStanding = DeviceStanding | LinkStanding | SiteStanding


@dataclass(frozen=True)
class Standings:
    devices: Mapping[str, DeviceStanding]
    links: Mapping[str, LinkStanding]
    sites: Mapping[str, SiteStanding]
    labels: Mapping[tuple[str, str], Labels]
    sites_on: Mapping[str, tuple[str, ...]]  # link -> sites that hang on it
    links_on: Mapping[str, tuple[str, ...]]  # device -> links that end on it
    circuits: Mapping[str, tuple[str, ...]]  # circuit -> links that it is the service of

    def of(self, kind: str, key: str) -> AnyStanding | None:
        if kind == "device":
            return self.devices.get(key)
        return self.links.get(key) if kind == "link" else self.sites.get(key)

    def each(self) -> Iterator[tuple[Kind, str, AnyStanding]]:
        yield from (("device", key, each) for key, each in self.devices.items())
        yield from (("link", key, each) for key, each in self.links.items())
        yield from (("site", key, each) for key, each in self.sites.items())

    def row(self, kind: Kind, key: str, standing: AnyStanding) -> StatusRow:
        shown = standing.shown
        return StatusRow(
            kind=kind,
            key=key,
            labels=self.labels[kind, key],
            state=shown.state.value,
            since=shown.since,
            reason=shown.reason.value,
            flags=standing.flags if isinstance(standing, LinkStanding) else (),
            at=standing.at,
            figures=figures(standing),
        )


def figures(standing: AnyStanding) -> Figures:
    if isinstance(standing, DeviceStanding):
        found = _device_figures(standing)
    elif isinstance(standing, LinkStanding):
        found = dict(standing.figures)
        if standing.measured_at is not None:
            found["measured_at"] = standing.measured_at
    else:
        found = _site_figures(standing)
    if standing.shown.cause:
        found["cause"] = standing.shown.cause
    return found


def _device_figures(standing: DeviceStanding) -> Figures:
    watch = standing.watch
    found: Figures = {}
    if watch.loss_ratio is not None:
        found["loss_ratio"] = round(watch.loss_ratio, 3)
    if not watch.silent and watch.rtt_ms is not None:
        found["rtt_ms"] = round(watch.rtt_ms, 2)
    if not watch.silent and watch.uptime_ticks is not None:
        found["uptime_s"] = watch.uptime_ticks / 100
    return found


def _site_figures(standing: SiteStanding) -> Figures:
    return {
        "devices": len(standing.devices),
        "devices_up": sum(each.shown.state is State.UP for each in standing.devices),
        "links": len(standing.links),
        "links_up": sum(each.shown.state is State.UP for each in standing.links),
    }


def build(inventory: Inventory) -> Standings:
    devices = {key: DeviceStanding(device) for key, device in inventory.devices.items()}
    links = {key: _link(link, devices) for key, link in inventory.links.items()}
    serving = links_serving(inventory)
    sites = {
        key: SiteStanding(
            site,
            tuple(devices[device.key] for device in inventory.devices_at[key]),
            tuple(links[link] for link in serving[key]),
        )
        for key, site in inventory.sites.items()
    }
    return Standings(
        devices,
        links,
        sites,
        labels=all_labels(inventory),
        sites_on=_sites_on(inventory, serving),
        links_on={key: tuple(link.key for link in each) for key, each in inventory.links_of.items()},
        circuits=_circuits(inventory),
    )


def _link(link: Link, devices: Mapping[str, DeviceStanding]) -> LinkStanding:
    ends = []
    for end in link.ends:
        standing = devices[end.device]
        standing.links[end.interface] = link.key
        ends.append(End(standing, standing.ports.setdefault(end.interface, PortWatch())))
    return LinkStanding(link, tuple(ends))


def _sites_on(inventory: Inventory, serving: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {key: [] for key in inventory.links}
    for site, links in serving.items():
        for link in links:
            found[link].append(site)
    return {key: tuple(sites) for key, sites in found.items()}


def _circuits(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for link in inventory.links.values():
        found.setdefault(link.circuit, []).append(link.key)
    return {key: tuple(links) for key, links in found.items()}
