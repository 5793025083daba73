"""What goes wrong in a network like this over the weeks: cables dug up, power cut, a submarine cable broken."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from inventory.calendar import DAY_S
from inventory.model import Inventory
from noc.lab.actions import Act

HOUR_S: Final = 3600
SITE_LINKS_A_WEEK: Final = 4.0
POWER_A_WEEK: Final = 1.5
CABLES_A_MONTH: Final = 0.7


def drawn(inventory: Inventory, start: float, end: float, seed: int) -> tuple[Act, ...]:
    """Acts between two instants (UTC seconds), each over before the end; the same for the same seed."""
    dice = np.random.default_rng([seed, 7])
    acts = [
        *_cuts(inventory, start, end, dice),
        *_power(inventory, start, end, dice),
        *_cables(inventory, start, end, dice),
    ]
    return tuple(sorted((act for act in acts if act.at + (act.lasts_s or 0.0) < end - HOUR_S), key=lambda act: act.at))


def _times(start: float, end: float, a_week: float, dice: np.random.Generator) -> list[float]:
    number = dice.poisson(a_week * (end - start) / (7 * DAY_S))
    return [float(round(at)) for at in dice.uniform(start + HOUR_S, end, number)]


def _cuts(inventory: Inventory, start: float, end: float, dice: np.random.Generator) -> Iterator[Act]:
    links = [
        key
        for key, link in inventory.links.items()
        if link.role in ("access", "backup", "ring") and len(link.ends) == 2
    ]
    for at in _times(start, end, SITE_LINKS_A_WEEK, dice):
        lasts_s = float(round(dice.lognormal(8.0, 0.9)))
        yield Act(at, "link_down", {"link": str(dice.choice(links))}, {"one_sided": False}, lasts_s=lasts_s)


def _power(inventory: Inventory, start: float, end: float, dice: np.random.Generator) -> Iterator[Act]:
    sites = [site.key for site in inventory.members()]
    for at in _times(start, end, POWER_A_WEEK, dice) if sites else ():
        lasts_s = float(round(dice.uniform(0.3, 6.0) * HOUR_S))
        yield Act(at, "power_cut", {"site": str(dice.choice(sites))}, {"ports": False}, lasts_s=lasts_s)


def _cables(inventory: Inventory, start: float, end: float, dice: np.random.Generator) -> Iterator[Act]:
    cables = [key for key, circuit in inventory.circuits.items() if circuit.kind == "iru"]
    for at in _times(start, end, CABLES_A_MONTH * 7 / 30, dice) if cables else ():
        lasts_s = float(round(dice.uniform(4.0, 60.0) * HOUR_S))
        yield Act(at, "circuit_cut", {"circuit": str(dice.choice(cables))}, lasts_s=lasts_s)
