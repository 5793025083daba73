"""Whom a true fault hurts and how bad that is: SEMANTICS D read once more, apart from what is tested against it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from inventory.model import Inventory
from noc.scenario.fault import RANKS
from noc.scenario.rewind import Moment

_WHOLE_REGION = 2  # member sites; a region of one site is that site
_MANY = 5  # institutions


@dataclass(frozen=True, slots=True)
class Harm:
    """Keys sorted; `severity` is what they amount to, `accepted` what is as right where the words leave it open."""

    sites: tuple[str, ...]
    institutions: tuple[str, ...]
    severity: str
    accepted: frozenset[str] = frozenset()


def worst(severities: Iterable[str]) -> str:
    return min(severities, key=RANKS.index, default="info")


def harm_of(
    inventory: Inventory,
    moment: Moment,
    gone: Collection[str],
    *,
    owned: Collection[str],
    broken: Collection[str],
    new: bool,
) -> Harm:
    """`gone`: sites that it cut off; `owned`: devices gone because of it; `broken`: links that carry nothing for it.

    `new`: it began at this moment; of several cables the last one cut makes it critical, the others may rise with it.
    """
    reached = moment.epoch.ways
    gone = sorted(gone)
    sites = tuple(site for site in gone if inventory.sites[site].member)
    institutions = tuple(one.key for site in gone for one in inventory.institutions_at[site])
    found = ["minor"]
    if institutions or sites:
        found.append("critical" if max(len(institutions), len(sites)) >= _MANY else "major")
    core = any(inventory.devices[device].role == "core" for device in owned)
    if core or any(inventory.sites[site].kind == "datacentre" for site in gone):
        found.append("critical")
    lost = _lost_circuits(inventory, owned, broken)
    found += ["major"] if lost else []
    accepted: set[str] = set()
    if _last_cable(inventory, moment, lost):
        found += ["critical"] if new else []
        accepted.add("critical")
    for region in sorted({inventory.sites[site].region for site in sites}):
        members = [site.key for site in inventory.members() if site.region == region]
        if len(members) >= _WHOLE_REGION and set(members) <= set(sites):
            found.append("critical")
        elif all(device.key not in reached for site in members for device in inventory.devices_at[site]):
            accepted.add("critical")  # the last of its sites, the others went before; or it has one only
    severity = worst(found)
    return Harm(sites, tuple(sorted(institutions)), severity, frozenset(accepted))


def _lost_circuits(inventory: Inventory, owned: Collection[str], broken: Collection[str]) -> set[str]:
    """Cables and exchanges that carry nothing because of it."""
    lost = set()
    for link in inventory.links.values():
        circuit = inventory.circuits.get(link.circuit)
        known = circuit is not None and circuit.kind in ("iru", "exchange")
        if known and (link.key in broken or any(end.device in owned for end in link.ends)):
            lost.add(link.circuit)
    return lost


def _last_cable(inventory: Inventory, moment: Moment, lost: Collection[str]) -> bool:
    """No cable is left, and one of them is lost because of this."""
    cables = {key for key, circuit in inventory.circuits.items() if circuit.kind == "iru"}
    dead = {key for key in cables if moment.epoch.beyond.get(key) is None}
    return len(cables) > 1 and cables == dead and not cables.isdisjoint(lost)
