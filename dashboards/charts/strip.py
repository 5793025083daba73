"""How a link or a circuit stood over the time of a chart: a strip of states below it, watched or not."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dashboards.reports.spans import UNWATCHED, Event, Span, covered, spans
from inventory.calendar import DAY_S

REACH_S: Final = 400 * DAY_S  # of longer ranges no single outage could be seen
UNKNOWN: Final = "unknown"


class Part(NamedTuple):
    """[start, end) in UTC seconds. `state`: a state of SEMANTICS D, or "unwatched"; `reason`: a key of words, or ""."""

    start: int
    end: int
    state: str
    reason: str = ""


def strip(events: Iterable[Event], gaps: Iterable[Span], start: int, end: int) -> list[Part]:
    """Every second of [start, end) once; `gaps`: when nobody watched."""
    found = spans(events, start, end)
    for gap in gaps:
        found = covered(found, [(gap.start, gap.end)], UNWATCHED, gap.reason)
    return [Part(span.start, span.end, span.state, span.reason) for span in found]


def together(strips: Sequence[Sequence[Part]]) -> Sequence[Part]:
    """Of a circuit over several links: it carries while one of them does."""
    if len(strips) < 2:
        return strips[0] if strips else ()
    edges = sorted({edge for parts in strips for part in parts for edge in (part.start, part.end)})
    found: list[Part] = []
    for begins, ends in pairwise(edges):
        words = {part.state for parts in strips for part in parts if part.start <= begins < part.end}
        state = next((word for word in _BEST_FIRST if word in words), UNKNOWN)
        if found and found[-1].state == state:
            found[-1] = found[-1]._replace(end=ends)
        else:
            found.append(Part(begins, ends, state))
    return found


_BEST_FIRST: Final = ("up", "degraded", UNWATCHED, UNKNOWN, "unreachable", "down")
