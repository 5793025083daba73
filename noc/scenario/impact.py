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
    inventory: Inventory, moment: Moment, owned: Collection[str], broken: Collection[str], *, new: bool
) -> Harm:
    """`owned`: devices that are gone because of the fault; `broken`: links that carry nothing because of it.

    `new`: it began at this moment; of several cables the last one cut makes it critical, the others may rise with it.
    """
    reached = moment.epoch.ways
    touched = {inventory.devices[device].site for device in owned}
    gone = sorted(site for site in touched if all(d.key not in reached for d in inventory.devices_at[site]))
    sites = tuple(site for site in gone if inventory.sites[site].member)
    institutions = tuple(one.key for site in gone for one in inventory.institutions_at[site])
    found = ["minor"]
    if institutions or sites:
        found.append("critical" if len(institutions) >= _MANY else "major")
    core = any(inventory.devices[device].role == "core" for device in owned)
    if core or any(inventory.sites[site].kind == "datacentre" for site in gone):
        found.append("critical")
    lost = _lost_circuits(inventory, owned, broken)
    found += ["major"] if lost else []
    accepted: set[str] = set()
    if _last_cable(inventory, moment, lost):
        found += ["critical"] if new else []
        accepted.add("critical")
    for region, whole in _regions(inventory, sites).items():
        if whole and len([site for site in inventory.members() if site.region == region]) >= _WHOLE_REGION:
            found.append("critical")
        elif whole:
            accepted.add("critical")
    severity = worst(found)
    return Harm(sites, tuple(sorted(institutions)), severity, frozenset(accepted))


def _regions(inventory: Inventory, sites: Collection[str]) -> dict[str, bool]:
    """Region of these sites -> whether they are all the member sites it has."""
    found = {}
    for region in sorted({inventory.sites[site].region for site in sites}):
        found[region] = all(site.key in sites for site in inventory.members() if site.region == region)
    return found


def _lost_circuits(inventory: Inventory, owned: Collection[str], broken: Collection[str]) -> set[str]:
    """Cables and exchanges that carry nothing because of it."""
    lost = set()
    for link in inventory.links.values():
        circuit = inventory.circuits.get(link.circuit)
        if circuit is not None and circuit.kind in ("iru", "exchange"):
            if link.key in broken or any(end.device in owned for end in link.ends):
                lost.add(circuit.key)
    return lost


def _last_cable(inventory: Inventory, moment: Moment, lost: Collection[str]) -> bool:
    """No cable is left, and one of them is lost because of this."""
    cables = {key for key, circuit in inventory.circuits.items() if circuit.kind == "iru"}
    dead = {key for key in cables if moment.epoch.beyond.get(key) is None}
    return len(cables) > 1 and cables == dead and not cables.isdisjoint(lost)
