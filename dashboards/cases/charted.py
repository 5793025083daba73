"""Which chart stands on the page of an incident: of the thing that it is about, around the time in which it was."""

from collections.abc import Callable, Sequence
from typing import Final

from alerts.incident import Incident
from alerts.subject import Subject
from dashboards.charts.panel import Panel
from dashboards.charts.panel import Subject as Charted
from inventory.model import Inventory

Text = Callable[[str], str]
BEFORE_S: Final = 3600  # of good time that is shown with it
LEAST_S: Final = 2 * 3600
RATES: Final = ("in_bps", "out_bps")


About = Sequence[tuple[str, str]]  # whose states, incidents and planned work stand beside the curves


def charted(incident: Incident, inventory: Inventory, gettext: Text) -> tuple[Sequence[Panel], About]:
    """Traffic of a link or circuit, round trip and loss of a device; none of what is not measured by itself."""
    for root in incident.roots:
        link = _link(root, inventory)
        if link:
            return [Panel(gettext("Traffic"), Charted("link", "", link, RATES))], [("link", link)]
        if root.kind == "circuit" and root.key in inventory.circuits:
            return [Panel(gettext("Traffic"), Charted("circuit_traffic", "", root.key, RATES))], [("circuit", root.key)]
        device = _device(root, inventory)
        if device:
            trips = Panel(gettext("Round trip"), Charted("liveness", "", device, ("rtt_ms",)))
            return [trips, Panel(gettext("Loss"), Charted("liveness", "", device, ("loss_ratio",)))], []
    return [], []


def stretch_of(incident: Incident, now: float) -> tuple[int, int]:
    """[from, to) in UTC seconds: an hour before its first sign until an hour after its end, or now."""
    ended = incident.recovered_at or incident.resolved_at
    end = now if ended is None else min(now, ended + BEFORE_S)
    return int(min(incident.since - BEFORE_S, end - LEAST_S)), int(end)


def _link(root: Subject, inventory: Inventory) -> str:
    if root.kind == "link":
        return root.key if root.key in inventory.links else ""
    contract = inventory.contracts.get(root.key) if root.kind == "contract" else None
    circuits = contract.circuits if contract is not None else ()
    return next((link.key for link in inventory.links.values() if link.circuit in circuits), "") if circuits else ""


def _device(root: Subject, inventory: Inventory) -> str:
    if root.kind == "site" and root.key in inventory.sites:
        return next((device.key for device in inventory.devices_at[root.key]), "")
    key = root.key if root.kind == "device" else root.device
    return key if key in inventory.devices else ""
