"""Who is cut off at a moment, what makes the cut, and what could not be told from it by anybody far away."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from inventory.model import Inventory, Link
from noc.lab.damage import Damage
from noc.lab.paths import Plant
from noc.scenario.rewind import Moment


@dataclass(frozen=True, slots=True)
class Gap:
    """Devices that hang together and cannot be reached; `roots` jointly make it, any of `alike` names it rightly."""

    devices: frozenset[str]
    roots: frozenset[str]
    alike: frozenset[str]
    blind: bool = False  # nothing beyond the poller's own site is left


def gaps(plant: Plant, moment: Moment) -> list[Gap]:
    """In the order of the inventory; empty while everything can be reached."""
    reached = moment.epoch.ways.keys()
    left = [key for key in plant.inventory.devices if key not in reached]
    found, seen = [], set[str]()
    for device in left:
        if device not in seen:
            members = _hanging(plant, device, reached)
            seen |= members
            found.append(_gap(plant, moment.damage, frozenset(members), reached))
    return found


def _hanging(plant: Plant, start: str, reached: Collection[str]) -> set[str]:
    found, ahead = {start}, [start]
    while ahead:
        for far, _ in plant.joined[ahead.pop()]:
            if far not in reached and far not in found:
                found.add(far)
                ahead.append(far)
    return found


def _gap(plant: Plant, damage: Damage, devices: frozenset[str], reached: Collection[str]) -> Gap:
    border = [(out, link, device) for device in devices for out, link in plant.joined[device] if out in reached]
    dead = {device for _, link, device in border if not plant.dead(damage, link)}
    if plant.attached_to in devices:
        dead.add(plant.attached_to)
    cuts = {link for _, link, device in border if plant.dead(damage, link) and device not in dead}
    roots = frozenset(dead | cuts)
    inside = {device for _, _, device in border}
    alike = set(roots)
    for device in dead:
        alike |= _alike_device(plant, devices, device)
    for link in cuts:
        alike.add(plant.inventory.links[link].circuit)
    if len(inside) == 1:
        alike |= _alike_sole(plant, damage, border, devices)
    home = {device.key for device in plant.inventory.devices_at[plant.inventory.devices[plant.attached_to].site]}
    blind = set(reached) <= home
    if blind:
        alike |= {"poller", plant.attached_to}
    return Gap(devices, roots, frozenset(alike | _regions(plant.inventory, devices)) - {""}, blind)


def _alike_device(plant: Plant, devices: frozenset[str], device: str) -> set[str]:
    """The device, and the power of its site where nothing else of it answers."""
    site = plant.inventory.devices[device].site
    whole = all(each.key in devices for each in plant.inventory.devices_at[site])
    return {device, site} if whole else {device}


def _alike_sole(plant: Plant, damage: Damage, border: list[tuple[str, str, str]], devices: frozenset[str]) -> set[str]:
    """One device is the way in: it may be dead itself; so may its only link, or all that read down towards it."""
    inside = border[0][2]
    found = _alike_device(plant, devices, inside)
    links = {link for _, link, _ in border if link}
    down = {link for out, link, _ in border if link and damage.port_down(link, out, inside)}
    if len(links) == 1 or down == links:
        found |= links | {plant.inventory.links[link].circuit for link in links}
    return found


def way_in(plant: Plant, moment: Moment, fresh: Collection[str], gap: Gap) -> frozenset[str]:
    """What looks like the cause of those newly gone, beside what was gone before: their one way in that was left."""
    reached = moment.epoch.ways
    border = [(out, link, device) for device in sorted(fresh) for out, link in plant.joined[device] if out in reached]
    if len({device for _, _, device in border}) != 1:
        return frozenset()
    return frozenset(_alike_sole(plant, moment.damage, border, gap.devices)) - {""}


def _regions(inventory: Inventory, devices: frozenset[str]) -> set[str]:
    """Regions of which exactly this is gone: their power would look the same."""
    regions = {inventory.site_of(device).region for device in devices}
    if len(regions) != 1:
        return set()
    region = next(iter(regions))
    of_region = {key for key in inventory.devices if inventory.site_of(key).region == region}
    return {region} if of_region == devices else set()


def loose_ends(plant: Plant, moment: Moment) -> Iterator[Link]:
    """Links that carry nothing though all their ends on our routers can be reached."""
    for key in sorted(moment.epoch.dead):
        link = plant.inventory.links[key]
        if all(end.device in moment.epoch.ways for end in link.ends):
            yield link


def behind(plant: Plant, devices: Collection[str], links: Collection[str]) -> frozenset[str]:
    """Devices that can only be reached through all of these."""
    damage = Damage()
    for device in devices:
        damage.darken(device, "", ports=False)
    for link in links:
        damage.cut[link] = {""}
    left = plant.ways(damage, (plant.attached_to,))
    return frozenset(plant.inventory.devices.keys() - left.keys())
