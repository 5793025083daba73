"""Whether the submarine cables stand in for each other: both carry, only one does, or none; told every minute."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from dashboards.capacity.course import diversity
from inventory.batch import Batch
from inventory.model import Inventory
from inventory.states import State
from noc.carrying import links_of
from noc.wiring import Network

MEASUREMENT: Final = "diversity"
QUANTITIES: Final = ("diversity",)
CABLES: Final = "cables"
_CODES: Final = {"none": 0.0, "one": 1.0, "both": 2.0}
_CARRIES: Final = {State.UP: True, State.DEGRADED: True, State.DOWN: False, State.UNREACHABLE: False}


def carrying(network: Network, circuits: tuple[str, ...]) -> Mapping[str, bool]:
    """Circuit -> whether any of its links carries; those of which nobody knows are left out."""
    found = {}
    for circuit in circuits:
        rows = (network.board.row("link", link) for link in links_of(network.inventory, circuit))
        known = [_CARRIES[State(row.state)] for row in rows if row is not None and State(row.state) in _CARRIES]
        if known:
            found[circuit] = any(known)
    return found


def cables_of(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Provider -> its submarine circuits; two circuits of one provider lie in one cable."""
    found: dict[str, tuple[str, ...]] = {}
    for key, circuit in inventory.circuits.items():
        if circuit.kind == "iru":
            found[circuit.provider] = (*found.get(circuit.provider, ()), key)
    return found


def diversity_batch(network: Network, at: int) -> Batch | None:
    """None where there are no two cables that could stand in for each other."""
    cables = cables_of(network.inventory)
    if len(cables) < 2:
        return None
    carries = carrying(network, tuple(circuit for circuits in cables.values() for circuit in circuits))
    states = [_state([carries.get(circuit) for circuit in circuits]) for circuits in cables.values()]
    code = _CODES.get(diversity(states), np.nan)
    return Batch(MEASUREMENT, "", at, (CABLES,), QUANTITIES, np.array([[code]]))


def _state(carries: list[bool | None]) -> str:
    """Of one cable, by its circuits."""
    if True in carries:
        return "up"
    return "unknown" if None in carries else "down"
