"""The wall's first line: how many member sites stand how, how fresh that is, and who is on call until when."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.oncall.plan import Plan
from dashboards.wall.scene import Scene

SHOWN: Final = ("up", "degraded", "down", "unreachable", "unknown")  # in this order
ALWAYS: Final = frozenset({"up", "down", "unreachable"})
FRESH_S: Final = 5  # how often a wall hears that data is fresh


@dataclass(frozen=True, slots=True)
class Counts:
    """Member sites by state; what is too old to be believed counts as unknown, so that they always add up."""

    total: int
    states: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """`at`: UTC seconds of the newest answer. `silent_since`: since when the daemon writes nothing; None: it writes."""

    at: float | None
    silent_since: float | None


@dataclass(frozen=True, slots=True)
class Duty:
    """Who holds a schedule until when (UTC seconds; None: as far as can be seen)."""

    schedule: str
    names: tuple[str, ...]
    until: float | None
    gap: bool


def counts_of(scene: Scene) -> Counts:
    """Of members; of all sites where there is no member."""
    states = scene.states
    inventory = scene.inventory
    members = scene.memory.recall(
        "members", (inventory,), lambda: [one.key for one in inventory.members()] or list(inventory.sites)
    )
    return scene.memory.recall("counts", (states, members), lambda: _counted(states, members))


def _counted(states: Mapping[str, str], members: Sequence[str]) -> Counts:
    counted = Counter([states[key] for key in members])
    shown = ((state, counted[state]) for state in SHOWN if counted[state] or state in ALWAYS)
    return Counts(len(members), tuple(shown))


def fresh_of(scene: Scene) -> Fresh:
    """Coarse enough that not every second brings a new one."""
    newest = max((row.at for row in (scene.sites or {}).values() if row.at is not None), default=None)
    return Fresh(None if newest is None else newest // FRESH_S * FRESH_S, scene.age.silent_since)


def duties_of(scene: Scene) -> tuple[Duty, ...]:
    """Looked up in the plan when somebody takes over, or when it was changed."""
    plan, now = scene.plan, scene.now
    if plan is None:
        return ()
    of = (plan, scene.inventory, scene.overrides)
    found = scene.memory.recall("duties", of, lambda: [_duty(plan, scene, name) for name in plan.schedules], now=now)
    scene.memory.keep_until("duties", min((until for _, until in found), default=math.inf))
    return tuple(duty for duty, _ in found)


def _duty(plan: Plan, scene: Scene, schedule: str) -> tuple[Duty, float]:
    """And when the turn ends, though the same may go on."""
    turn, contacts = plan.turn(schedule, scene.now, scene.overrides), scene.inventory.contacts
    names = tuple(contacts[key].name if key in contacts else key for key in turn.crew)
    until = plan.next_handover(schedule, scene.now, scene.overrides)
    return Duty(schedule, names, until, turn.source == "gap"), turn.to_at
