"""What a circuit carries, told under its own name: a circuit that moves to another port keeps its history."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from inventory.batch import Batch
from inventory.model import Inventory

MEASUREMENT: Final = "circuit_traffic"
AMOUNTS: Final = ("in_bps", "out_bps", "in_discards_ps", "out_discards_ps")
RATIOS: Final = ("in_util_ratio", "out_util_ratio")
QUANTITIES: Final = (*AMOUNTS[:2], *RATIOS, *AMOUNTS[2:])
MOST_RATIO: Final = 1.1  # beyond it the data is wrong, or the rate that was agreed (SEMANTICS 29)
KINDS: Final = frozenset({"iru", "exchange"})  # those that lead out of the network


def circuits_of(inventory: Inventory) -> tuple[str, ...]:
    """Those whose traffic is kept under their own key: cables, exchanges, and whatever a contract names."""
    named = {circuit for contract in inventory.contracts.values() for circuit in contract.circuits}
    return tuple(key for key, one in inventory.circuits.items() if one.kind in KINDS or key in named)


def links_of(inventory: Inventory, circuit: str) -> tuple[str, ...]:
    """Those that carry it."""
    return tuple(link.key for link in inventory.links.values() if link.circuit == circuit)


class CircuitTraffic:
    """Derived from the batch of all links at the same instant; *in* is what comes into GovNet, as it is of the link.

    A circuit over several links carries what they carry together; where one of them is not known, it is not known.
    """

    def __init__(self, inventory: Inventory) -> None:
        self.rows = circuits_of(inventory)
        self._links = {key: links_of(inventory, key) for key in self.rows}
        self._agreed = np.array([_agreed(inventory, key, self._links[key]) for key in self.rows], np.float64)

    def close(self, links: Batch) -> Batch:
        """(quantities x circuits) at the instant of `links`; utilisation is of the agreed rate, unknown over 110 %."""
        places = {key: place for place, key in enumerate(links.rows)}
        amounts = np.full((len(AMOUNTS), len(self.rows)), np.nan)
        source = np.stack([links.of(name) for name in AMOUNTS])
        for column, key in enumerate(self.rows):
            found = [places[link] for link in self._links[key] if link in places]
            if found:
                amounts[:, column] = source[:, found].sum(axis=1)
        values = np.vstack([amounts[:2], self._ratios(amounts[:2]), amounts[2:]])
        return Batch(MEASUREMENT, "", links.at, self.rows, QUANTITIES, values)

    def _ratios(self, bps: np.ndarray) -> np.ndarray:
        if not self.rows:
            return bps
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = bps / self._agreed.T
        return np.where(ratios <= MOST_RATIO, ratios, np.nan)


def _agreed(inventory: Inventory, key: str, links: Iterable[str]) -> tuple[float, float]:
    """The circuit's own rate, else that of its links; 0 where none is agreed."""
    circuit, carriers = inventory.circuits[key], [inventory.links[link] for link in links]
    return (
        float(circuit.in_bps or sum(link.in_bps for link in carriers)),
        float(circuit.out_bps or sum(link.out_bps for link in carriers)),
    )
