"""How long a circuit was up and how often it failed, by the states of its link, as the availability report counts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    joined,
    runs,
    seconds,
    spans,
)
from inventory.states import Reason

Diversity = Literal["both", "one", "none", "unknown"]
_FIRST: Final = (UP, PLANNED, UNWATCHED, UNKNOWN, BEHIND, DOWN, SHUT)  # of several links, whose state is the circuit's
_STATES: Final = {"up": UP, "degraded": UP, "unreachable": BEHIND, "down": DOWN}


@dataclass(frozen=True)
class Course:
    """A stretch of time, every second once. What is behind another fault, or not watched, is unknown to the provider."""

    spans: Sequence[Span] = ()
    down: Sequence[Stretch] = ()  # when it was known to be down, planned work or not: then it carried nothing

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
        return down_slots(self.down, start, step_s, count)


def down_slots(stretches: Iterable[Stretch], start: int, step_s: int, count: int) -> NDArray[np.bool_]:
    """Slots from `start` in which it was down from end to end: it carried nothing, whoever counts it."""
    down = np.zeros(count, dtype=bool)
    for begins, ends in stretches:
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
    return Course(covered(found, planned, PLANNED), runs(found, DOWN, SHUT))


def together(courses: Sequence[Course]) -> Course:
    """Of a circuit over several links, over the same time: it carries while one of them does; down is what all are."""
    if len(courses) == 1:
        return courses[0]
    every = [span for one in courses for span in one.spans]
    edges = sorted({edge for span in every for edge in (span.start, span.end)})
    found = []
    for begins, ends in pairwise(edges):
        states = {span.state for span in every if span.start <= begins < span.end}
        found.append(Span(begins, ends, next(state for state in _FIRST if state in states)))
    return Course(joined(found), _shared_by_all([one.down for one in courses]))


def _shared_by_all(every: Sequence[Sequence[Stretch]]) -> Sequence[Stretch]:
    """What lies in all of them."""
    found = list(every[0]) if every else []
    for other in every[1:]:
        both = ((max(a, c), min(b, d)) for a, b in found for c, d in other)
        found = [(begins, ends) for begins, ends in both if begins < ends]
    return found


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
