"""How long a circuit was up and how often it failed, from the changes of its state and from when it was watched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Diversity = Literal["both", "one", "none", "unknown"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Course:
    """Seconds of a stretch of time. What is behind another fault, blind or not watched is unknown to the provider."""

    up_s: float
    down_s: float
    unknown_s: float
    faults: int  # how often it went down; what was down before the time began and goes on in it counts
    state: str = "unknown"  # at the end

    @property
    def available(self) -> float | None:
        """up / (up + down), SEMANTICS D; None where neither is known."""
        known = self.up_s + self.down_s
        return self.up_s / known if known > 0 else None


def course(changes: Sequence[tuple[float, str]], start: float, end: float, watched: Iterable[Span]) -> Course:
    """`changes`: when which state began, in order, also those before `start`; `watched`: spans, in order, apart."""
    spans = [(max(since, start), min(until, end)) for since, until in watched]
    spans = [(since, until) for since, until in spans if until > since]
    seconds = {"up": 0.0, "down": 0.0}
    faults, state, failed = 0, "unknown", False
    edges = [*changes, (end, "")]
    for (since, word), (until, _) in pairwise(edges):
        if since >= end:
            break
        state, again = word, failed
        failed = word == "down" or (failed and word != "up")
        if until <= start:
            continue
        if word in seconds:
            seconds[word] += sum(max(0.0, min(until, late) - max(since, early)) for early, late in spans)
        faults += word == "down" and (not again or since < start)
    return Course(
        seconds["up"], seconds["down"], max(0.0, end - start - seconds["up"] - seconds["down"]), faults, state
    )


def diversity(states: Iterable[str]) -> Diversity:
    """Of the circuits that stand in for each other (the cables): "both" carry, only "one" of them does, or "none"."""
    every = list(states)
    up = sum(state == "up" for state in every)
    if any(state in ("unknown", "") for state in every) and up < 2:
        return "unknown"
    return "both" if up >= 2 else "one" if up else "none"
