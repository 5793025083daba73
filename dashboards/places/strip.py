"""How something stood over a time, as a strip of a picture: states, what nobody watched, and planned work as a band."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.reports.sla import Place, States
from dashboards.reports.spans import UNKNOWN, UNWATCHED, UP, Span, covered, spans, united
from inventory.calendar import DAY_S, EAT_S

WIDTH: Final = 1000  # of the picture, in its own units
LEAST: Final = 1.5  # what is shorter is drawn so wide: a minute in a month must be seen
RANGES: Final[Mapping[str, int]] = {"24h": DAY_S, "7d": 7 * DAY_S, "30d": 30 * DAY_S}
MOST_TOLD: Final = 50
_STEPS: Final = (3600, 4 * 3600, DAY_S, 5 * DAY_S)  # between ticks
_MOST_TICKS: Final = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """`x` and `width` of WIDTH; `span` says what and when."""

    x: float
    width: float
    span: Span


@dataclass(frozen=True, slots=True)
class Strip:
    """`planned`: stretches of work, their reason is the number of the window. `told`: what was not well, newest first."""

    range: str
    start: int
    end: int
    pieces: Sequence[Piece]
    planned: Sequence[Piece]
    ticks: Sequence[tuple[float, int]]
    told: Sequence[Span]
    more: int  # of these that there is no room for


def strip(place: Place, states: States, range_: str, now: float) -> Strip:
    """`states` reach back as far as the range does."""
    end = int(now)
    start = end - RANGES[range_]
    parts = spans(states.events.get(place, ()), start, end)
    for gap in states.unwatched:
        parts = covered(parts, [(gap.start, gap.end)], UNWATCHED, gap.reason)
    work = [Span(max(low, start), min(high, end), "planned", str(number)) for number, (low, high) in _of(states, place)]
    told = [part for part in parts if part.state != UP]
    return Strip(
        range=range_,
        start=start,
        end=end,
        pieces=_drawn(parts, start, end),
        planned=_drawn([part for part in work if part.seconds > 0], start, end),
        ticks=list(_ticks(start, end)),
        told=told[: -MOST_TOLD - 1 : -1],
        more=max(0, len(told) - MOST_TOLD),
    )


def _of(states: States, place: Place) -> Iterable[tuple[int, tuple[int, int]]]:
    """Stretches of one window that touch are one."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, stretch in states.planned.get(place, ()):
        found.setdefault(number, []).append(stretch)
    return ((number, stretch) for number, stretches in found.items() for stretch in united(stretches))


def _drawn(parts: Iterable[Span], start: int, end: int) -> list[Piece]:
    """What is wrong last, so that nothing lies over it."""
    scale = WIDTH / (end - start)
    found = [
        Piece(round((part.start - start) * scale, 2), round(max(part.seconds * scale, LEAST), 2), part)
        for part in parts
    ]
    return sorted(found, key=lambda piece: piece.span.state not in (UP, UNKNOWN, UNWATCHED))


def _ticks(start: int, end: int) -> Iterable[tuple[float, int]]:
    """(x, UTC seconds) at whole local hours or days."""
    step = next(step for step in _STEPS if (end - start) / step <= _MOST_TICKS or step == _STEPS[-1])
    first = -(-(start + EAT_S) // step) * step - EAT_S
    return ((round((at - start) * WIDTH / (end - start), 1), at) for at in range(first, end, step))
