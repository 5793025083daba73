"""What was broken in the lab after each act, worked out anew from the list of what was done."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from inventory.model import Inventory
from noc.lab.actions import ACTIONS
from noc.lab.damage import Damage
from noc.lab.deeds import DEEDS
from noc.lab.flow import Steps
from noc.lab.router import Life, Router
from noc.lab.world import Epoch, World

_WITHOUT_DAMAGE = ("recable", "recable_end")


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds from `at_s` (seconds since the start) on."""

    at_s: float
    damage: Damage
    epoch: Epoch


class _Double:
    """Stands for a router, so that acts can be done again without touching it."""

    def __init__(self, router: Router) -> None:
        self.ports, self.peers, self.number_of = router.ports, router.peers, router.number_of
        self.life: Steps[Life] = Steps(router.start, router.life.values[0])

    def begin_anew(self, number: int, at: float) -> None:
        """Counters are nobody's damage."""


@dataclass
class _Field:
    inventory: Inventory
    damage: Damage
    routers: Mapping[str, Router]


def moments(world: World, until_s: float) -> Iterator[Moment]:
    """The start, and every instant at which something changed paths, ports or loads."""
    doubles = {key: _Double(router) for key, router in world.routers.items()}
    field = _Field(world.inventory, Damage(), cast("Mapping[str, Router]", doubles))
    yield Moment(0.0, deepcopy(field.damage), world.epochs.at(world.start))
    for at, acts in groupby(world.done, key=lambda act: act.at):
        at_s, moved = at - world.start, False
        if at_s > until_s:
            return
        for act in acts:
            if ACTIONS[act.do].moves and act.do not in _WITHOUT_DAMAGE:
                DEEDS[act.do](field, act)
                moved = True
        if moved:
            yield Moment(at_s, deepcopy(field.damage), world.epochs.at(at))
