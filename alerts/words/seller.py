"""Whom to call about a line or a contract, and the number that they know it by."""

from dataclasses import dataclass

from alerts.incident import Incident
from alerts.words.names import Names
from alerts.words.phrases import ambiguous
from inventory.model import Provider


@dataclass(frozen=True, slots=True)
class Seller:
    """`reference`: of the circuit or the contract."""

    provider: Provider
    reference: str


def seller_of(incident: Incident, names: Names) -> Seller | None:
    """Of the link, circuit or contract that it is about; also where it may be the line as well as the router."""
    found = _line(incident, names) or _circuit(incident, names) or _contract(incident, names)
    provider = names.inventory.providers.get(found[0]) if found else None
    return Seller(provider, found[1]) if found and provider is not None else None


def _line(incident: Incident, names: Names) -> tuple[str, str] | None:
    inventory = names.inventory
    links = [inventory.links.get(one.key) for one in incident.roots if one.kind == "link"]
    if ambiguous(incident, names) and incident.root.key in inventory.devices:
        links += inventory.links_of[incident.root.key]
    link = next((link for link in links if link is not None), None)
    if link is None:
        return None
    circuit = inventory.circuits.get(link.circuit)
    return link.provider, circuit.reference if circuit else link.circuit


def _circuit(incident: Incident, names: Names) -> tuple[str, str] | None:
    circuits = [names.inventory.circuits.get(one.key) for one in incident.roots if one.kind == "circuit"]
    circuit = next((one for one in circuits if one is not None), None)
    return (circuit.provider, circuit.reference) if circuit else None


def _contract(incident: Incident, names: Names) -> tuple[str, str] | None:
    contracts = [names.inventory.contracts.get(one.key) for one in incident.roots if one.kind == "contract"]
    contract = next((one for one in contracts if one is not None), None)
    return (contract.provider, contract.reference) if contract else None
