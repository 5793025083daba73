"""One link as its page shows it: both ends, the circuit and whose it is, and what its ports say."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.subject import Subject
from inventory.model import Circuit, Contract, End, Inventory, Link, Provider
from inventory.states import OPER_STATUS


@dataclass(frozen=True, slots=True)
class EndSeen:
    """One end. What is not known, or not to be known by the viewer, is None; `at`: UTC seconds of the figures."""

    side: str
    end: End
    site: str = ""
    address: str = ""  # of the interface's own page
    oper: str = ""
    speed_bps: float | None = None
    alias: str = ""
    at: int | None = None
    figures: Mapping[str, float] | None = None

    def figure(self, name: str) -> float | None:
        return (self.figures or {}).get(name)


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose it is and whom to call, of whatever the viewer may see of it."""

    circuit: Circuit | None
    provider: Provider | None
    contracts: Sequence[Contract]


def owned(link: Link, inventory: Inventory) -> Owned:
    contracts = [one for one in inventory.contracts.values() if link.circuit in one.circuits]
    circuit = inventory.circuits.get(link.circuit)
    key = link.provider or (circuit.provider if circuit else "")
    return Owned(circuit, inventory.providers.get(key), contracts)


def subjects_of(link: Link) -> tuple[Subject, ...]:
    """What an incident that concerns the link has as its root."""
    ends = [Subject("device", end.device, end.device) for end in link.ends]
    circuit = [Subject("circuit", link.circuit)] if link.circuit else []
    return (Subject("link", link.key), *circuit, *ends)


def title_of(link: Link, language: str) -> str:
    return link.name.in_language(language) if link.name else link.key


def end_seen(
    side: str, end: End, inventory: Inventory, told: Mapping[str, Any], newest: Mapping[str, float]
) -> EndSeen:
    """`told`: what the device says of the port; `newest`: figures of its last counter poll, with "at"."""
    figures = {name: value for name, value in newest.items() if not math.isnan(value)}
    status = figures.get("oper_status", told.get("oper"))
    speed = told.get("speed_bps")
    return EndSeen(
        side=side,
        end=end,
        site=inventory.devices[end.device].site if end.device in inventory.devices else "",
        oper=OPER_STATUS.get(int(status), "unknown") if status is not None else "",
        speed_bps=float(speed) if speed else None,
        alias=str(told.get("ifAlias") or ""),
        at=int(figures["at"]) if "at" in figures else None,
        figures=figures,
    )
