"""The on-call plan at one instant, ready to be shown: names beside keys, hand-overs, gaps, chains."""

from collections.abc import Sequence
from dataclasses import replace

from alerts.local_time import DAY_S
from alerts.oncall.plan import Plan, Turn
from alerts.roster import Override
from dashboards.oncall import Held, Roster
from inventory.model import Inventory

GAPS_DAYS = 60
People = tuple[tuple[str, str], ...]


def roster_at(plan: Plan, inventory: Inventory, overrides: Sequence[Override], at: float, *, week: bool) -> Roster:
    """`week`: also turn by turn, for seven days from `at`."""
    coming = [
        _held(plan, inventory, turn)
        for name in plan.schedules
        for turn in (plan.turns(name, at, at + 7 * DAY_S, overrides) if week else ())
    ]
    return Roster(
        at,
        held=tuple(_now(plan, inventory, name, at, overrides) for name in plan.schedules),
        coming=tuple(coming),
        supervisor=_people(inventory, plan.supervisor),
        desk=_people(inventory, plan.desk),
        overrides=tuple(each for each in overrides if each.to_at > at and each.to_at > each.from_at),
        gaps=tuple((gap.schedule, gap.from_at, gap.to_at) for gap in plan.gaps(at, at + GAPS_DAYS * DAY_S, overrides)),
        chains=tuple(
            (name, tuple((step.after_s, step.targets) for step in chain.steps)) for name, chain in plan.chains.items()
        ),
    )


def _people(inventory: Inventory, keys: Sequence[str]) -> People:
    return tuple((key, inventory.contacts[key].name if key in inventory.contacts else key) for key in keys)


def _now(plan: Plan, inventory: Inventory, name: str, at: float, overrides: Sequence[Override]) -> Held:
    turn, handover = plan.turn(name, at, overrides), plan.next_handover(name, at, overrides)
    then = () if handover is None else plan.who(f"schedule:{name}", handover, overrides)
    return replace(_held(plan, inventory, turn), to_at=handover, then=_people(inventory, then))


def _held(plan: Plan, inventory: Inventory, turn: Turn) -> Held:
    crew = _people(inventory, turn.crew)
    return Held(turn.schedule, crew, turn.source, turn.shift, turn.from_at, turn.to_at)
