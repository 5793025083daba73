"""What people and machines around the network do to the telling: windows, gateways that are down, a daemon that is away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from inventory.model import Inventory
from inventory.selector import Label, parse_selector
from noc.lab.actions import Act
from noc.lab.paths import Plant
from noc.scenario.cutoff import behind
from noc.scenario.fault import Deaf, Quiet

WAKING = ("sms", "modem")
_WINDOWS = ("silence", "maintenance")
_LABELS = ("region", "site", "kind", "role", "device", "link", "circuit", "provider", "name", "name_sw")


def quiet_of(plant: Plant, acts: Iterable[Act]) -> list[Quiet]:
    """Windows and silences, with everything under them; `at` of an act is seconds since the start."""
    return [
        Quiet(act.at, act.at + act.lasts_s, covered(plant, act))
        for act in acts
        if act.do in _WINDOWS and act.lasts_s is not None
    ]


def covered(plant: Plant, act: Act) -> frozenset[str]:
    """What the window names, and for maintenance what can only be reached through it as well (SEMANTICS 20)."""
    named = set(_named(plant.inventory, act))
    devices, links = _elements(plant.inventory, named)
    found = named | devices | links | {plant.inventory.links[link].circuit for link in links}
    if act.do == "maintenance":
        lost = behind(plant, devices, links) if devices or links else frozenset[str]()
        found |= lost | {plant.inventory.devices[device].site for device in lost}
    return frozenset(found) - {""}


def _named(inventory: Inventory, act: Act) -> Iterator[str]:
    yield from act.on.values()
    words = str(act.options.get("selector", "")).split()
    if words:
        selector = parse_selector(words, _LABELS)
        yield from (key for key, labels in _labelled(inventory) if selector.matches(key, labels))


def _labelled(inventory: Inventory) -> Iterator[tuple[str, Mapping[str, Label]]]:
    for site in inventory.sites.values():
        yield site.key, {"site": site.key, "region": site.region, "kind": site.kind}
    for device in inventory.devices.values():
        site = inventory.sites[device.site]
        labels = {"site": site.key, "region": site.region, "kind": site.kind, "role": device.role, "device": device.key}
        yield device.key, dict(labels)
    for link in inventory.links.values():
        regions: Label = [inventory.site_of(end.device).region for end in link.ends]
        of_link: dict[str, Label] = {
            "link": link.key,
            "circuit": link.circuit,
            "provider": link.provider,
            "role": link.role,
        }
        yield link.key, of_link | {"region": regions}
    for circuit in inventory.circuits.values():
        yield circuit.key, {"circuit": circuit.key, "provider": circuit.provider}


def _elements(inventory: Inventory, named: set[str]) -> tuple[set[str], set[str]]:
    """Devices and links that these keys mean: of a region its sites, of a site its devices, of a circuit its links."""
    sites = {key for key, site in inventory.sites.items() if key in named or site.region in named}
    devices = {key for key, device in inventory.devices.items() if key in named or device.site in sites}
    links = {key for key, link in inventory.links.items() if key in named or link.circuit in named}
    return devices, links


def detours_of(acts: Sequence[Act], channels: Iterable[str], until_s: float) -> list[Deaf]:
    """When the first way to wake somebody was down and another one was not."""
    waking = [channel for channel in WAKING if channel in set(channels)]
    return [Deaf(since, to, "detour") for since, to in _mute(acts, waking[:1], until_s) if len(waking) > 1]


def _mute(acts: Iterable[Act], waking: Sequence[str], until_s: float) -> Iterator[tuple[float, float]]:
    """Intervals in which all the channels that wake people were down at once."""
    changes: list[tuple[float, str, bool]] = []
    for act in acts:
        if act.do in ("gateway_down", "gateway_up"):
            of = waking if act["channel"] == "all" else [str(act["channel"])]
            changes += [(act.at, channel, act.do == "gateway_down") for channel in of]
            if act.lasts_s is not None:
                changes += [(act.at + act.lasts_s, channel, False) for channel in of]
    down: set[str] = set()
    since: float | None = None
    for at, channel, falls in sorted(changes):
        (down.add if falls else down.discard)(channel)
        if since is None and waking and down.issuperset(waking):
            since = at
        elif since is not None and not down.issuperset(waking):
            yield since, at
            since = None
    if since is not None:
        yield since, until_s
