"""How long a circuit was up and how often it failed, by the states of its link, as the availability report counts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from dashboards.reports.sla import MUTE
from dashboards.reports.spans import (
    BEHIND,
    DOWN,
    PLANNED,
    SHUT,
    UNKNOWN,
    UNWATCHED,
    UP,
    Event,
    Span,
    Stretch,
    covered,
    runs,
    seconds,
    spans,
)
from inventory.states import Reason

Diversity = Literal["both", "one", "none", "unknown"]
_STATES: Final = {"up": UP, "degraded": UP, "unreachable": BEHIND, "down": DOWN}


@dataclass(frozen=True)
class Course:
    """A stretch of time, every second once. What is behind another fault, or not watched, is unknown to the provider."""

    spans: Sequence[Span] = ()

    @property
    def up_s(self) -> int:
        return seconds(self.spans, UP)

    @property
    def down_s(self) -> int:
        return seconds(self.spans, DOWN, SHUT)

    @property
    def planned_s(self) -> int:
        return seconds(self.spans, PLANNED)

    @property
    def unknown_s(self) -> int:
        return sum(span.seconds for span in self.spans) - self.up_s - self.down_s - self.planned_s

    @property
    def faults(self) -> int:
        """How often it was down; a fault that began before and goes on counts."""
        return len(runs(self.spans, DOWN, SHUT))

    @property
    def available(self) -> float | None:
        """up / (up + down), SEMANTICS D; None where neither is known."""
        known = self.up_s + self.down_s
        return self.up_s / known if known > 0 else None

    def down_slots(self, start: int, step_s: int, count: int) -> NDArray[np.bool_]:
        """Slots from `start` in which it was down from end to end: it carried nothing, whoever counts it."""
        down = np.zeros(count, dtype=bool)
        for begins, ends in runs(self.spans, DOWN, SHUT):
            first, last = -(-(begins - start) // step_s), (ends - start) // step_s
            down[max(0, first) : max(0, last)] = True
        return down


def course(
    events: Iterable[Event],
    unwatched: Iterable[Span],
    start: int,
    end: int,
    *,
    planned: Iterable[Stretch] = (),
) -> Course:
    """Of one link over [start, end), UTC seconds; planned work is neither up nor down (SEMANTICS 30)."""
    found = [Span(part.start, part.end, _counted(part)) for part in spans(events, start, end)]
    for gap in unwatched:
        found = covered(found, [(gap.start, gap.end)], UNWATCHED)
    return Course(covered(found, planned, PLANNED))


def _counted(part: Span) -> str:
    if part.state in ("up", "degraded") and part.reason in MUTE:
        return UNKNOWN
    if part.state == "down" and part.reason == Reason.ADMIN_DOWN:
        return SHUT
    return _STATES.get(part.state, UNKNOWN)


def diversity(states: Iterable[str]) -> Diversity:
    """Of circuits that stand in for each other (the cables): "both" carry, only "one" of them does, or "none"."""
    every = list(states)
    up = sum(state == "up" for state in every)
    if up < 2 and any(state in ("unknown", "") for state in every):
        return "unknown"
    return "both" if up >= 2 else "one" if up else "none"
